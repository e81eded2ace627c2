"""`events.list` and `events.instances`: in which order and pages, and with which tokens. What is in them, `choosing`
and `changes` say.

Source: the discovery document's descriptions of the parameters, and the Calendar guide "Synchronize resources
efficiently".
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.google import times, view
from sandbox.google.changes import changes
from sandbox.google.choosing import expanded, full, in_window, wanted
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.world import CalendarBook, World

_NOT_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
# A list that leaves something out for another reason than its time can't be continued by what changed since.
_NO_TOKEN_AFTER = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "updatedMin",
)
_MUST_MATCH = ("singleEvents", "eventTypes", "showHiddenInvitations", "maxAttendees")
_GONE = {
    "fullSyncRequired": "Sync token is no longer valid, a full sync is required.",
    "updatedMinTooLongAgo": "The requested minimum modification time lies too far in the past.",
}


@dataclass(frozen=True, slots=True)
class _Token:
    calendar: str
    person: str
    tick: int
    query: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Page:
    items: list[dict[str, Any]]
    empty: int
    query: dict[str, Any]
    sync: _Token | None
    calendar: str


class Lists:
    """The lists under way and the sync tokens given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, _Token] = {}
        self._pages: dict[str, _Page] = {}
        self._expired: dict[str, str] = {}

    def expire(self, reason: str) -> None:
        """Every sync token given out so far is 410 from now on, with this reason."""
        self._expired |= dict.fromkeys(self._tokens, reason)

    def events(self, book: CalendarBook, person: str, query: dict[str, Any]) -> dict[str, Any]:
        """A page of events.list. Raises ApiError (400, 410)."""
        _check(query)
        token = query.get("pageToken")
        page = self._page(token, book, query) if token else self._first(book, person, query)
        return self._envelope(book, person, page, query)

    def instances(
        self, book: CalendarBook, person: str, event_id: str, query: dict[str, Any]
    ) -> dict[str, Any]:
        """A page of events.instances."""
        if token := query.get("pageToken"):
            return self._envelope(book, person, self._page(token, book, query), query)
        master = self._world.get(book, event_id).record
        if master is None or not master.fields.get("recurrence"):
            raise bad_request("Not a recurring event.", "invalid")
        found = [
            entry
            for entry in expanded(self._world, book, {**query, "singleEvents": True})
            if entry.fields.get("recurringEventId") == event_id
            and (query.get("showDeleted") or not entry.cancelled)
            and in_window(entry, book, query)
        ]
        if original := query.get("originalStart"):
            moment = datetime.fromisoformat(original)
            found = [
                e for e in found if times.instant(e.fields["originalStartTime"], book.time_zone) == moment
            ]
        found.sort(key=lambda entry: times.instant(entry.fields["start"], book.time_zone))
        items = [view.resource(self._world, book, entry, query.get("timeZone")) for entry in found]
        return self._envelope(book, person, _Page(items, 0, _same(query), None, book.id), query)

    def everything(self, book: CalendarBook, query: dict[str, Any]) -> list[dict[str, Any]]:
        """All of a list at once, outside of any page."""
        return self._chosen(book, query)

    def _first(self, book: CalendarBook, person: str, query: dict[str, Any]) -> _Page:
        world, tick = self._world, self._world.tick
        if text := query.get("syncToken"):
            token = self._token(text, book, person, query)
            items = list(changes(world, book, query, token.query, token.tick))
            renewed = _Token(book.id, person, tick, token.query)
            return _Page(items, world.settings.empty_pages, _same(query), renewed, book.id)
        items = self._chosen(book, query)
        continued = not any(query.get(name) for name in _NO_TOKEN_AFTER)
        sync = _Token(book.id, person, tick, _same(query)) if continued else None
        return _Page(items, world.settings.empty_pages, _same(query), sync, book.id)

    def _chosen(self, book: CalendarBook, query: dict[str, Any]) -> list[dict[str, Any]]:
        world = self._world
        entries = [entry for entry in expanded(world, book, query) if wanted(entry, book, query)]
        if query.get("orderBy") == "startTime":
            entries.sort(key=lambda entry: times.instant(entry.fields["start"], book.time_zone))
        elif query.get("orderBy") == "updated":
            entries.sort(key=lambda entry: (entry.updated, entry.tick))
        return [full(world, book, entry, query) for entry in entries]

    def _token(self, text: str, book: CalendarBook, person: str, query: dict[str, Any]) -> _Token:
        for name in _NOT_WITH_TOKEN:
            if query.get(name) is not None:
                raise bad_request(
                    f"The parameter {name} cannot be combined with syncToken.", "badRequest", name
                )
        if query.get("showDeleted") is False:
            raise bad_request("showDeleted cannot be false with syncToken.", "badRequest", "showDeleted")
        if reason := self._expired.get(text):
            raise ApiError(410, reason, _GONE[reason], domain="calendar", location=("parameter", "syncToken"))
        token = self._tokens.get(text)
        if token is None or token.calendar != book.id or token.person != person:
            raise bad_request("Invalid sync token value.", "invalid", "syncToken")
        for name in _MUST_MATCH:
            if query.get(name) != token.query.get(name):
                raise bad_request(f"{name} differs from that of the initial list.", "badRequest", name)
        return token

    def _page(self, token: str, book: CalendarBook, query: dict[str, Any]) -> _Page:
        page = self._pages.get(token)
        if page is None or page.calendar != book.id:
            raise bad_request("Invalid page token value.", "invalid", "pageToken")
        if page.query != _same(query):
            raise bad_request(
                "The parameters differ from those of the first page.", "badRequest", "pageToken"
            )
        return page

    def _envelope(
        self, book: CalendarBook, person: str, page: _Page, query: dict[str, Any]
    ) -> dict[str, Any]:
        size = min(query.get("maxResults", 250), 2500, self._world.settings.page_size or 2500)
        items, rest = ([], page.items) if page.empty else (page.items[:size], page.items[size:])
        answer: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": f'"p{self._world.tick:x}"',
            "summary": book.summary,
            "description": book.description,
            "updated": times.stamp(
                max([r.updated for r in book.records.values()], default=self._world.clock.now())
            ),
            "timeZone": query.get("timeZone") or book.time_zone,
            "accessRole": book.roles[person],
            "defaultReminders": [{"method": "popup", "minutes": 10}] if book.primary else [],
        }
        if page.empty or rest:
            token = secrets.token_urlsafe(24)
            self._pages[token] = _Page(rest, max(page.empty - 1, 0), page.query, page.sync, page.calendar)
            answer["nextPageToken"] = token
        elif page.sync:
            token = secrets.token_urlsafe(24)
            self._tokens[token] = page.sync
            answer["nextSyncToken"] = token
        return {**answer, "items": items}


def _check(query: dict[str, Any]) -> None:
    if query.get("orderBy") == "startTime" and not query.get("singleEvents"):
        raise bad_request(
            "The requested ordering is not available for the particular query.", "badRequest", "orderBy"
        )
    if "timeMin" in query and "timeMax" in query and query["timeMin"] >= query["timeMax"]:
        raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.", domain="calendar")
    if name := query.get("timeZone"):
        times.zone(name)


def _same(query: dict[str, Any]) -> dict[str, Any]:
    """The parameters that every page of a list has to repeat."""
    loose = ("pageToken", "maxResults", "fields", "alt", "prettyPrint", "quotaUser", "alwaysIncludeEmail")
    return {name: value for name, value in query.items() if name not in loose}
