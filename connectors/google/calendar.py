"""One calendar at Google: what it holds, and the few things that prepd does to it.

Two rules hold for every write: `sendUpdates=none`, so that nobody is mailed, and PATCH, never PUT: a PUT sets
what it leaves out to defaults (https://developers.google.com/workspace/calendar/api/guides/errors). Every
write may be repeated: an insert brings its own id, the others say at which etag they hold.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.errors import (
    AlreadyDeleted,
    BadAnswer,
    Conflict,
    Misconfigured,
    NotFound,
    Refused,
    TokenExpired,
    named,
)
from connectors.google import attachments, bodies
from connectors.google.failures import BadRequest
from connectors.google.parse import mark_of, parse_event
from connectors.google.series import series_of
from connectors.google.transport import Services
from connectors.values import Draft, Edit, Event, Item, Link, Page, Series, Skipped, Tombstone, Window

_PAGE = 500
_MOST_PAGES = 1_000
_TRIES = 3


class GoogleCalendar:
    """`name` is the calendar as the config names it, `calendar_id` as Google does."""

    def __init__(self, services: Services, name: str, calendar_id: str) -> None:
        self._services = services
        self._name = name
        self._calendar_id = calendar_id

    @property
    def id(self) -> str:
        return self._name

    # --- reading ----------------------------------------------------------------------------------------

    def pages(self, window: Window, token: str | None) -> Iterator[Page]:
        parameters = self._reading(window, token)
        seen: set[str] = set()
        while True:
            answer = self._page(parameters, incremental=token is not None)
            following = answer.get("nextPageToken")
            yield _page(answer, last=not following)
            if not following:
                return
            # A page may well be empty and still have a next one; the same one twice would never end.
            if not isinstance(following, str) or following in seen or len(seen) >= _MOST_PAGES:
                raise BadAnswer(f"{self._where}: the pages of the list never end")
            seen.add(following)
            parameters["pageToken"] = following

    def get(self, event_id: str) -> Item:
        return self._item(self._read(event_id))

    def series(self, series_id: str) -> Series:
        try:
            return series_of(series_id, self._read(series_id))
        except NotFound:
            return Series(series_id, live=False)

    # --- what prepd made --------------------------------------------------------------------------------

    def insert(self, draft: Draft, key: str) -> Event:
        event_id = event_id_for(key)
        request = self._events.insert(
            calendarId=self._calendar_id, body=bodies.new_event(event_id, draft), sendUpdates="none"
        )
        try:
            return self._event(self._services.execute(request, safe=True))
        except NotFound:
            raise self._no_such_calendar() from None
        except Conflict:
            return self._made_before(event_id)

    def edit(self, event_id: str, edit: Edit, etag: str | None) -> Event:
        try:
            raw = self._patch(event_id, bodies.changes(edit), etag or self._etag_of_ours(event_id))
        except Conflict:
            # The first answer may have been lost, and the repeat met our own change.
            raw = self._read(event_id)
            if not bodies.holds(raw, edit):
                raise
        return self._live(raw)

    def delete(self, event_id: str, etag: str | None) -> None:
        try:
            request = self._events.delete(calendarId=self._calendar_id, eventId=event_id, sendUpdates="none")
            request.headers["If-Match"] = etag or self._etag_of_ours(event_id)
            self._services.execute(request, safe=True)
        except NotFound:
            return
        except Conflict:
            if not self._is_gone(event_id):
                raise

    # --- what others made: only links are added and taken off -------------------------------------------

    def attach(self, event_id: str, link: Link) -> Event:
        for _ in range(_TRIES):
            raw = self._read(event_id)
            event = self._live(raw)
            if attachments.present(raw, link.url):
                return event
            wanted = attachments.with_link(raw, link)
            if wanted is None:
                raise Refused(f"{self._where}: the event has as many attachments as Google allows (25)")
            try:
                raw = self._patch(event_id, {"attachments": wanted}, event.etag)
            except Conflict:
                continue
            if not attachments.present(raw, link.url):
                raise Refused(f"{self._where}: Google took the link and did not keep it")
            return self._live(raw)
        raise self._kept_changing()

    def detach(self, event_id: str, url: str) -> Event:
        for _ in range(_TRIES):
            raw = self._read(event_id)
            event = self._live(raw)
            wanted = attachments.without_link(raw, url)
            if wanted is None:
                return event
            try:
                raw = self._patch(event_id, {"attachments": wanted}, event.etag)
            except Conflict:
                continue
            if url in self._live(raw).links:
                raise Refused(f"{self._where}: Google did not take the link off")
            return self._live(raw)
        raise self._kept_changing()

    # --- requests ---------------------------------------------------------------------------------------

    @property
    def _events(self) -> Any:
        return self._services.calendar.events()

    @property
    def _where(self) -> str:
        return f"Account {self._services.settings.name}, calendar {named(self._name)}"

    def _reading(self, window: Window, token: str | None) -> dict[str, Any]:
        """Google refuses a sync token together with a window, and wants all else as it was at first."""
        parameters: dict[str, Any] = {
            "calendarId": self._calendar_id,
            "singleEvents": True,
            "showDeleted": True,
            "maxResults": _PAGE,
        }
        if token is not None:
            return parameters | {"syncToken": token}
        return parameters | {"timeMin": _rfc3339(window.start), "timeMax": _rfc3339(window.end)}

    def _page(self, parameters: dict[str, Any], *, incremental: bool) -> dict[str, Any]:
        try:
            return self._services.execute(self._events.list(**parameters), safe=True)
        except BadRequest:
            # Google says 410 to a token that aged, and 400 to one that it does not know.
            if incremental:
                raise TokenExpired(f"{self._where}: it has to be read in full") from None
            raise
        except NotFound:
            raise self._no_such_calendar() from None

    def _read(self, event_id: str) -> dict[str, Any]:
        request = self._events.get(calendarId=self._calendar_id, eventId=event_id)
        return self._services.execute(request, safe=True)

    def _patch(self, event_id: str, body: dict[str, Any], etag: str | None) -> dict[str, Any]:
        request = self._events.patch(
            calendarId=self._calendar_id,
            eventId=event_id,
            body=body,
            sendUpdates="none",
            supportsAttachments=True,
        )
        if etag is not None:
            request.headers["If-Match"] = etag
        return self._services.execute(request, safe=True)

    # --- what an answer means ---------------------------------------------------------------------------

    def _item(self, raw: dict[str, Any]) -> Item:
        parsed = parse_event(raw, listed=False)
        if parsed is None or isinstance(parsed, Skipped):
            reason = parsed.reason if parsed else "it is no event"
            raise BadAnswer(f"{self._where}: an event can't be read: {reason}")
        return parsed

    def _event(self, raw: dict[str, Any]) -> Event:
        item = self._item(raw)
        if isinstance(item, Tombstone):
            raise NotFound(f"{self._where}: the event is gone")
        return item

    def _live(self, raw: dict[str, Any]) -> Event:
        if raw.get("status") == "cancelled":
            raise NotFound(f"{self._where}: the event is cancelled")
        return self._event(raw)

    def _is_gone(self, event_id: str) -> bool:
        try:
            return self._read(event_id).get("status") == "cancelled"
        except NotFound:
            return True

    def _made_before(self, event_id: str) -> Event:
        """The event that has our id already."""
        try:
            raw = self._read(event_id)
        except NotFound:
            raw = {"status": "cancelled"}
        if raw.get("status") == "cancelled":
            raise AlreadyDeleted(f"{self._where}: the event was made once, and deleted since")
        if mark_of(raw) is None:
            raise Refused(f"{self._where}: the event that was made once no longer bears prepd's mark")
        return self._event(raw)

    def _etag_of_ours(self, event_id: str) -> str:
        """For a caller without an etag: looked up, and not without a look at whose event it is."""
        raw = self._read(event_id)
        event = self._live(raw)
        if event.mark is None:
            raise Refused(f"{self._where}: the event was not made by prepd")
        return event.etag or "*"

    def _no_such_calendar(self) -> Misconfigured:
        return Misconfigured(
            f"{self._where}: there is no such calendar, or it is not shared with this account. "
            "Check the account's calendars in the config"
        )

    def _kept_changing(self) -> Conflict:
        return Conflict(f"{self._where}: the event kept changing while its links were")


def event_id_for(key: str) -> str:
    """Google's ids are 5 to 1024 of a-v and 0-9; a deleted one stays taken, so the key counts generations."""
    digest = hashlib.sha256(key.encode("utf-8")).digest()
    return base64.b32hexencode(digest).decode("ascii").rstrip("=").lower()


def _page(answer: dict[str, Any], *, last: bool) -> Page:
    entries = answer.get("items")
    if entries is not None and not isinstance(entries, list):
        raise BadAnswer("Google's list of events is no list")
    zone = answer.get("timeZone")
    zone = zone if isinstance(zone, str) else ""
    items: list[Item] = []
    skipped: list[Skipped] = []
    for entry in entries or ():
        parsed = parse_event(entry, zone)
        if isinstance(parsed, Skipped):
            skipped.append(parsed)
        elif parsed is not None:
            items.append(parsed)
    token = answer.get("nextSyncToken") if last else None
    return Page(tuple(items), tuple(skipped), token if isinstance(token, str) and token else None)


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
