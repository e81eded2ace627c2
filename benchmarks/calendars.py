"""Serves calendars of any length from memory: the sandbox's events, rendered once, so that the server is no bottleneck.

    python benchmarks/calendars.py FOLDER

A process of its own. It prints its address when it is ready, and ends with its input. The first part of a path is the
number of events: {root}/10000/calendar/v3/… and {root}/10000/v1.0/…; everybody gets the same bytes, page by page.
"""

from __future__ import annotations

import functools
import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import certifi

sys.path.insert(0, str(Path(__file__).parents[1]))

from sandbox import Clock, GoogleSandbox, tls
from sandbox.exchange import Request, RequestLog, Response
from sandbox.faults import Faults
from sandbox.microsoft import MicrosoftSandbox
from sandbox.server import Server

ALEX = "alex@example.com"
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
FIRST, LAST = NOW - timedelta(weeks=11), NOW + timedelta(days=56)
"""Within what prepd reads at first: everybody has to read all of it."""
GOOGLE_PAGE, OUTLOOK_PAGE = 500, 200
JSON = {"Content-Type": "application/json; charset=utf-8"}
AGENDA = "Agenda, notes of last time and what was decided. " * 8


def meetings(provider: Any) -> list[Any]:
    """Twenty events as an office has them: two 1:1s, most of the rest with more people, some alone."""
    alex = provider.account(ALEX, name="Alex Kim", time_zone="Europe/London")
    others = [provider.account(f"person{n}@example.com", name=f"Person {n}") for n in range(24)]
    sizes = (1, 5, 0, 9, 3, 5, 0, 2, 14, 4, 1, 6, 0, 3, 24, 4, 2, 0, 7, 3)
    for number, size in enumerate(sizes):
        owner = others[number] if size and number % 3 else alex
        guests = [other for other in others if other is not owner][: size if owner is alex else size - 1]
        guests += [alex] if owner is not alex else []
        title = f"1:1 Alex / Person {number}" if size == 1 else f"Project {number}: weekly planning"
        more = more_of(provider, number)
        owner.schedule(title, NOW + timedelta(hours=number), guests=guests, **more)
    found: list[Any] = alex.events(NOW - timedelta(days=1), NOW + timedelta(days=3))
    return found


def more_of(provider: Any, number: int) -> dict[str, Any]:
    """Half of them have a text."""
    if number % 2:
        return {}
    if isinstance(provider, GoogleSandbox):
        return {"description": AGENDA, "location": "Room 4"}
    return {"body": {"contentType": "html", "content": f"<p>{AGENDA}</p>"}}


class Pages:
    """The application behind the server."""

    def __init__(self, google: list[Any], outlook: list[Any]) -> None:
        self._google, self._outlook = google, outlook
        self.root = ""

    def respond(self, request: Request) -> Response:
        _, count, rest = request.path.split("/", 2)
        if rest.startswith("calendar/"):
            page = request.first("pageToken", "0")
            body = b'{"kind":"calendar#events","items":[],"nextSyncToken":"done"}'
            if not request.first("syncToken"):
                body = self.google(int(count), int(page))
        elif rest == "v1.0/me/calendar":
            body = b'{"id":"calendar","name":"Calendar"}'
        else:
            body = self.outlook(int(count), int(request.first("$skiptoken", "0")))
            if request.first("$deltatoken"):
                body = json.dumps({"value": [], "@odata.deltaLink": self._delta(int(count))}).encode()
        return Response(200, body, JSON)

    def failure(self, fault: Any) -> Response:
        raise NotImplementedError(fault)

    @functools.cache  # noqa: B019 - there is one, for the life of the process
    def google(self, count: int, page: int) -> bytes:
        first, last = page * GOOGLE_PAGE, min(count, (page + 1) * GOOGLE_PAGE)
        items = [self._at_google(number, count) for number in range(first, last)]
        more = {"nextPageToken": str(page + 1)} if last < count else {"nextSyncToken": "done"}
        answer = {"kind": "calendar#events", "etag": '"1"', "summary": ALEX, "timeZone": "Europe/London"}
        answer |= {"updated": _z(NOW), "accessRole": "owner", "defaultReminders": [], **more, "items": items}  # type: ignore[dict-item]
        return json.dumps(answer, ensure_ascii=False, indent=1).encode()

    @functools.cache  # noqa: B019 - as above
    def outlook(self, count: int, page: int) -> bytes:
        first, last = page * OUTLOOK_PAGE, min(count, (page + 1) * OUTLOOK_PAGE)
        rows = [self._at_outlook(number, count) for number in range(first, last)]
        view = f"{self.root}/{count}/v1.0/me/calendarView/delta"
        more = {"@odata.nextLink": f"{view}?$skiptoken={page + 1}"}
        if last >= count:
            more = {"@odata.deltaLink": self._delta(count)}
        context = {"@odata.context": f"{self.root}/{count}/v1.0/$metadata#Collection(event)"}
        return json.dumps({**context, **more, "value": rows}, ensure_ascii=False).encode()

    def _delta(self, count: int) -> str:
        return f"{self.root}/{count}/v1.0/me/calendarView/delta?$deltatoken=done"

    def _at_google(self, number: int, count: int) -> dict[str, Any]:
        event = dict(self._google[number % len(self._google)])
        start = _when(number, count)
        event |= {
            "id": f"{event['id']}{number:06}",
            "iCalUID": f"{number:06}{event['iCalUID']}",
            "etag": f'"{3590636542246008 + number}"',
            "start": {"dateTime": _z(start), "timeZone": "Europe/London"},
            "end": {"dateTime": _z(start + timedelta(minutes=30)), "timeZone": "Europe/London"},
        }
        return event

    def _at_outlook(self, number: int, count: int) -> dict[str, Any]:
        event = dict(self._outlook[number % len(self._outlook)])
        start = _when(number, count)
        event |= {
            "id": f"{event['id']}{number:06}",
            "iCalUId": f"{event['iCalUId']}{number:06}",
            "start": {"dateTime": f"{start:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"},
            "end": {
                "dateTime": f"{start + timedelta(minutes=30):%Y-%m-%dT%H:%M:%S}.0000000",
                "timeZone": "UTC",
            },
        }
        return event


def _when(number: int, count: int) -> datetime:
    moment = FIRST + (LAST - FIRST) * (number / count)
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def _z(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    folder = Path(sys.argv[1])
    with GoogleSandbox(Clock.real()) as google:
        at_google = meetings(google)
    with MicrosoftSandbox(Clock.real()) as microsoft:
        at_outlook = meetings(microsoft)
    pages = Pages(at_google, at_outlook)
    server = Server(pages, Faults(), RequestLog())
    pages.root = server.root
    # prepd trusts the usual authorities as well, as everybody does outside of a benchmark: so do the others here.
    shutil.copy(tls.ca_path(), folder / "ca.pem")
    (folder / "all.pem").write_text(f"{Path(certifi.where()).read_text()}\n{tls.ca_path().read_text()}")
    server.start()
    print(server.root, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
