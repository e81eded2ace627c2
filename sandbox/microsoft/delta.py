"""calendarView/delta: rounds of pages with a fixed window, and what each tells of changes.

Its oddities are kept, since clients must live with them: occurrences are stubs, a series is sent again whole, deleted
occurrences may never be told, and events outside the window are reported as removed. Sources: Graph's "Get incremental
changes to events in a calendar view", and the issues named in `Settings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from sandbox.exchange import Request
from sandbox.microsoft import times, view
from sandbox.microsoft.errors import GraphError, bad_query, no_window
from sandbox.microsoft.items import CalendarBook, Entry, Item
from sandbox.microsoft.prefer import Prefer
from sandbox.microsoft.world import World

PAGE = 10
"""Rows on a page, unless odata.maxpagesize says otherwise."""


@dataclass(frozen=True, slots=True)
class _Removed:
    """An id of each kind of what is gone from the view."""

    id: str
    key: str


Row = Entry | _Removed


@dataclass(frozen=True, slots=True)
class _Round:
    """What a token stands for: the window, how far it has told, and the rows that are still to come."""

    owner: str
    book: CalendarBook
    start: datetime
    end: datetime
    tick: int
    known: dict[str, str]
    rows: tuple[Row, ...] = ()
    offset: int = 0
    empties: int = 0


@dataclass(frozen=True, slots=True)
class _Expired:
    status: int
    code: str
    location: bool


class Deltas:
    """The tokens given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rounds: dict[str, _Round] = {}
        self._expired: dict[str, _Expired] = {}

    def expire(self, status: int, code: str, *, location: bool) -> None:
        """Every token so far is refused from now on."""
        self._expired |= {token: _Expired(status, code, location) for token in self._rounds}

    def answer(self, book: CalendarBook, owner: str, request: Request, prefer: Prefer) -> dict[str, Any]:
        """One page. Raises GraphError (400, 410)."""
        token = request.first("$deltatoken") or request.first("$skiptoken")
        refused = [name for name in request.query if name.lower() in _REFUSED]
        if refused:
            listed = "$orderby, $filter, $select, $expand, $search"
            what = "change tracking over the 'CalendarView' resource"
            raise bad_query(f"The following parameters are not supported with {what}: '{listed}'.")
        if not token:
            names = {name.lower(): name for name in request.query}
            window = []
            for name in ("startDateTime", "endDateTime"):
                if name.lower() not in names:
                    raise no_window()
                window.append(times.query(request.first(names[name.lower()]), name))
            begun = _Round(owner, book, window[0], window[1], -1, {})
            return self._page(request.path, self._begin(begun), prefer)
        known = self._rounds.get(token)
        if known is None or known.owner != owner:
            raise GraphError(
                400, "ErrorInvalidUrlQuery", "The sync token is malformed.", inner=("syncStateInvalid",)
            )
        if (expired := self._expired.get(token)) is not None:
            raise self._gone(request.path, known, expired)
        if request.first("$deltatoken"):
            known = self._begin(known)
        return self._page(request.path, known, prefer)

    def _begin(self, state: _Round) -> _Round:
        """Collect what a round has to tell."""
        world = self._world
        world.round += 1
        hidden = [
            item
            for item in state.book.items.values()
            if item.seen_from >= world.round and item.told > state.tick
        ]
        seen = [item for item in state.book.items.values() if item not in hidden]
        rows: list[Row] = []
        for item in seen:
            rows += self._first(item, state) if state.tick < 0 else self._changes(item, state)
        known: dict[str, str] = {}
        for item in seen:
            if not item.deleted:
                known |= {each.id: each.key for each in self._inside(item, state)}
        for item in hidden:
            known |= {name: key for name, key in state.known.items() if name.startswith(item.id[:-1])}
        tick = min([world.tick, *(item.told - 1 for item in hidden)])
        if world.settings.delta_repeats and rows:
            rows.append(rows[0])
        return replace(
            state, tick=tick, known=known, rows=tuple(rows), offset=0, empties=world.settings.empty_pages
        )

    def _page(self, path: str, state: _Round, prefer: Prefer) -> dict[str, Any]:
        size = min(prefer.page_size or PAGE, self._world.settings.page_size or 1000)
        page: dict[str, Any] = {"@odata.context": f"{self._world.root}/v1.0/$metadata#Collection(event)"}
        if state.empties:
            later = replace(state, empties=state.empties - 1)
            return {**page, "value": [], "@odata.nextLink": self._link(path, "$skiptoken", later)}
        first = state.offset - (1 if self._world.settings.delta_repeats and state.offset else 0)
        last = state.offset + size
        page["value"] = [self._row(row, prefer) for row in state.rows[first:last]]
        if last < len(state.rows):
            page["@odata.nextLink"] = self._link(path, "$skiptoken", replace(state, offset=last))
        else:
            page["@odata.deltaLink"] = self._link(path, "$deltatoken", replace(state, rows=(), offset=0))
        return page

    def _row(self, row: Row, prefer: Prefer) -> dict[str, Any]:
        if isinstance(row, _Removed):
            return view.removed(row.id if prefer.immutable else row.key)
        if row.kind == "occurrence":
            return view.stub(row, prefer)
        shown = view.resource(self._world, row, prefer)
        return {"@odata.type": "#microsoft.graph.event", **shown}

    def _link(self, path: str, name: str, state: _Round) -> str:
        token = self._world.random_text(60)
        self._rounds[token] = state
        return f"{self._world.root}{path}?{name}={token}"

    def _gone(self, path: str, state: _Round, expired: _Expired) -> GraphError:
        headers = {}
        if expired.location:
            window = {"startDateTime": times.stamp(state.start), "endDateTime": times.stamp(state.end)}
            headers["Location"] = f"{self._world.root}{path}?{urlencode(window)}"
        message = "The sync state generation is not found; generation=149;[highest=157][157][155][156]."
        if expired.code.lower() == "resyncrequired":
            message = "Resync required. Replace any local items with the server's version."
        return GraphError(expired.status, expired.code, message, headers=headers)

    def _first(self, item: Item, state: _Round) -> list[Row]:
        if item.deleted or item.purged:
            return []
        inside = list(self._inside(item, state))
        return [*self._master(item, state, bool(inside)), *inside]

    def _changes(self, item: Item, state: _Round) -> Iterator[Row]:
        settings = self._world.settings
        changed = item.told > state.tick
        was = {name: key for name, key in state.known.items() if _belongs(name, item)}
        if item.deleted or item.purged:
            if changed:
                yield from self._removed_item(item, was)
            return
        if not item.is_series:
            if changed:
                entry = self._world.entry(state.book, item)
                if entry.overlaps(state.start, state.end):
                    yield entry
                elif settings.false_removed or was:
                    yield _Removed(item.id, item.key)
            return
        inside = {entry.id: entry for entry in self._inside(item, state)}
        if changed:
            yield from self._master(item, state, bool(inside))
            yield from inside.values()
            if not inside and settings.false_removed and settings.masters_in_delta:
                yield _Removed(item.id, item.key)
        else:
            fresh = {each.id for each in item.exceptions.values() if each.told > state.tick}
            yield from (entry for name, entry in inside.items() if name in fresh)
        yield from self._left(item, was, set(inside))

    def _left(self, item: Item, was: dict[str, str], inside: set[str]) -> Iterator[Row]:
        """Occurrences that were in the view: those moved out are told; those deleted, as `Settings` has it."""
        moved = {each.id for each in item.exceptions.values()}
        # an occurrence that got another id as it became an exception
        moved |= {f"{item.id[:-1]}Oc{day:%Y%m%d}=" for day in item.exceptions}
        for name, key in was.items():
            if name in inside or name == item.id:
                continue
            if name in moved or self._world.settings.deleted_occurrence == "removed":
                yield _Removed(name, key)

    def _removed_item(self, item: Item, was: dict[str, str]) -> Iterator[Row]:
        told = self._world.settings.deleted_series
        if not item.is_series:
            if was or self._world.settings.false_removed:
                # the id that the client knows, and not the one in Deleted Items
                yield _Removed(item.id, was.get(item.id, item.key))
            return
        if told != "occurrences":
            yield _Removed(item.id, next((_master_key(key) for key in was.values()), item.key))
        if told != "master":
            yield from (_Removed(name, key) for name, key in was.items())

    def _master(self, item: Item, state: _Round, inside: bool) -> list[Row]:
        shown = item.is_series and inside and self._world.settings.masters_in_delta
        return [self._world.entry(state.book, item)] if shown else []

    def _inside(self, item: Item, state: _Round) -> list[Entry]:
        if item.is_series:
            return list(self._world.occurrences(state.book, item, state.start, state.end))
        entry = self._world.entry(state.book, item)
        return [entry] if entry.overlaps(state.start, state.end) else []


_REFUSED = frozenset(["$select", "$expand", "$filter", "$orderby", "$search"])

Reason = Literal["syncStateNotFound", "SyncStateNotFound", "resyncRequired"]


def _belongs(name: str, item: Item) -> bool:
    own = {each.id for each in item.exceptions.values()}
    return name == item.id or name in own or name.startswith(f"{item.id[:-1]}Oc")


def _master_key(key: str) -> str:
    return re.sub(r"Oc\d{8}=$", "=", key)
