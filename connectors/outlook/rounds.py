"""One round of calendarView/delta: its pages read to the end, its stubs filled in, its gaps made good.

What Graph leaves to its callers (https://learn.microsoft.com/graph/delta-query-events): occurrences come as stubs of id
and times, to be filled in from their series; a deleted occurrence is never told, so that every series that a later
round mentions is listed afresh; the window is fixed inside the token, which therefore is kept together with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Protocol

from connectors.errors import BadAnswer, NotFound, TokenExpired
from connectors.fields import identifier
from connectors.frozen import dataclass
from connectors.outlook.listing import Listing
from connectors.outlook.parse import kind_of, parse_event
from connectors.outlook.payloads import may_be_ours
from connectors.outlook.people import viewer_of
from connectors.outlook.transport import AT_ONCE
from connectors.values import Event, Item, Page, Skipped, Tombstone, Window

Json = dict[str, Any]

_SLACK = timedelta(days=1)
_MOST_PAGES = 1_000
# What a series' own entry says of itself and not of its occurrences.
_OWN = (
    "@odata.etag", "changeKey", "id", "type", "start", "end", "originalStart", "seriesMasterId", "recurrence",
    "iCalUId", "transactionId", "cancelledOccurrences", "exceptionOccurrences", "singleValueExtendedProperties",
)  # fmt: skip


class Source(Protocol):
    """The requests that a round is made of. `where` is the calendar, for messages."""

    @property
    def where(self) -> str: ...

    def page(self, link: str | None, window: Window) -> Listing: ...

    def master(self, series_id: str) -> Json: ...

    def instances(self, series_id: str, window: Window) -> list[Json]: ...

    def marked(self, raw: Json) -> Json:
        """The entry with prepd's mark, where it bears one."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a round ended: the link to go on from, and the window that is fixed inside it."""

    window: Window
    link: str

    def __str__(self) -> str:
        return json.dumps(
            {
                "start": self.window.start.isoformat(),
                "end": self.window.end.isoformat(),
                "link": self.link,
            }
        )


def bookmark(token: str, wanted: Window) -> Bookmark:
    """The bookmark that a token spells.

    :raises TokenExpired: it is none, or its window no longer holds what is wanted now.
    """
    try:
        content = json.loads(token)
        window = Window(datetime.fromisoformat(content["start"]), datetime.fromisoformat(content["end"]))
        link = str(content["link"])
        far = wanted.start < window.start - _SLACK or wanted.end > window.end + _SLACK
    except (ValueError, TypeError, KeyError, RecursionError):
        raise TokenExpired("the sync token is none of prepd's") from None
    if far:
        raise TokenExpired("the window has moved on since the calendar was read in full")
    return Bookmark(window, link)


@dataclass(slots=True)
class Round:
    """One pass over the pages."""

    source: Source
    addresses: frozenset[str]
    own: bool
    window: Window
    link: str | None
    _context: object = None
    _masters: dict[str, Json] = field(default_factory=dict)
    _stubs: dict[str, Json] = field(default_factory=dict)
    _mentioned: dict[str, None] = field(default_factory=dict)

    def pages(self) -> Iterator[Page]:
        """As they arrive; what belongs to series comes with the last one."""
        link, seen = self.link, set[str]()
        while True:
            page, following = self._page(link)
            yield page
            if following is None:
                return
            del page  # nobody needs it while the next one is on its way
            # A page may well be empty and still have a next one; the same one twice would never end.
            if following in seen or len(seen) >= _MOST_PAGES:
                raise BadAnswer(f"{self.source.where}: the pages of the list never end")
            seen.add(following)
            link = following

    def _page(self, link: str | None) -> tuple[Page, str | None]:
        """One page, and the link to the next: single events and tombstones; on the last one what belongs to series."""
        answer = self.source.page(link, self.window)
        self._context = answer.context
        page = self._parsed(row for row in answer.entries if not self._belongs_to_series(row))
        return (page, answer.following) if answer.following else (self._last(page, answer.last), None)

    def _belongs_to_series(self, row: object) -> bool:
        if not isinstance(row, dict) or (event_id := identifier(row.get("id"))) is None:
            return False
        if "@removed" in row:
            self._stubs.pop(event_id, None)
            return False
        series_id = identifier(row.get("seriesMasterId"))
        if kind_of(row) == "seriesmaster":
            self._masters[event_id] = row
            self._mentioned[event_id] = None
            return True
        if series_id is None:
            return False
        self._mentioned[series_id] = None
        # Exceptions come in full: they can be read at once, unless their whole series is to be listed anyway.
        if self.link is None and "attendees" in row:
            return False
        self._stubs[event_id] = row
        return True

    def _last(self, page: Page, link: str | None) -> Page:
        more = self._parsed(self._filled() if self.link is None else self._afresh())
        return Page(
            items=(*page.items, *more.items),
            skipped=(*page.skipped, *more.skipped),
            token=str(Bookmark(self.window, link)) if link else None,
            replaced=frozenset(self._mentioned) if self.link is not None else frozenset(),
        )

    def _filled(self) -> Iterator[Json]:
        """A first round: stubs from their series, which is asked for where the round did not have it."""
        wanted = {str(stub["seriesMasterId"]): None for stub in self._stubs.values()}
        missing = [series_id for series_id in wanted if series_id not in self._masters]
        masters = {**self._masters, **_at_once(self.source.master, missing)}
        for stub in self._stubs.values():
            yield filled(stub, masters.get(stub["seriesMasterId"]))

    def _afresh(self) -> Iterator[Json]:
        """A later round: every series that it mentions, as it is now."""
        found = _at_once(lambda i: {"value": self.source.instances(i, self.window)}, list(self._mentioned))
        for answer in found.values():
            yield from answer["value"]

    def _parsed(self, rows: Iterable[object]) -> Page:
        """Each row as it comes; those that prepd may have made when their marks are known, in their places."""
        viewer = viewer_of(self.addresses, self._context, own=self.own)
        found: list[Item | Skipped | None] = []
        ours: dict[int, Json] = {}
        for n, row in enumerate(rows):
            if isinstance(row, dict) and may_be_ours(row):
                ours[n] = row
                found.append(None)
            else:
                found.append(parse_event(row, viewer))
        for n, row in self._marked(ours):
            found[n] = parse_event(row, viewer)
        items = tuple(each for each in found if isinstance(each, (Event, Tombstone)))
        return Page(items, tuple(each for each in found if isinstance(each, Skipped)))

    def _marked(self, rows: Mapping[int, Json]) -> Iterable[tuple[int, Json]]:
        """The rows with their marks."""
        if not rows:
            return ()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(zip(rows, pool.map(self.source.marked, rows.values()), strict=True))


def filled(stub: Json, master: Json | None) -> Json:
    """An occurrence in full. Without its series there is nothing but its times: then it can't be read."""
    if master is None:
        return {"id": stub["id"]}
    shared = {name: value for name, value in master.items() if name not in _OWN}
    return shared | stub


def _at_once(ask: Any, ids: list[str]) -> Mapping[str, Json]:
    """The answers for these ids; what is gone meanwhile is left out."""

    def one(series_id: str) -> Json | None:
        try:
            answer: Json = ask(series_id)
        except NotFound:
            return None
        return answer

    if not ids:
        return {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = zip(ids, pool.map(one, ids), strict=True)
        return {series_id: answer for series_id, answer in answers if answer is not None}
