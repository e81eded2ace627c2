"""A calendar without a provider: what tests of the layers above a provider read from and write to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from connectors.errors import Conflict, NotFound, TokenExpired
from connectors.values import Event, Item, Page, Series, Skipped, Tombstone, Window


@dataclass
class FakeCalendar:
    """Holds events and a log of what became of each; a token is a place in that log.

    `remembers` are ids that it still knows after they were deleted, and answers with a bare tombstone.
    `failing` maps an id to what asking for it raises. `calls` tells what was asked.
    """

    id: str = "primary"
    events: dict[str, Event] = field(default_factory=dict)
    masters: dict[str, Series] = field(default_factory=dict)
    log: list[Item | Skipped] = field(default_factory=list)
    remembers: set[str] = field(default_factory=set)
    failing: dict[str, Exception] = field(default_factory=dict)
    expired: bool = False
    gives_tokens: bool = True
    page_size: int = 2
    calls: list[tuple[str, str | None]] = field(default_factory=list)

    # --- what people do ---------------------------------------------------------------------------------

    def put(self, *events: Event) -> None:
        for event in events:
            self.events[event.id] = event
            self.log.append(event)

    def remove(self, event_id: str, *, bare: bool = True, silently: bool = False) -> None:
        """Deletes an event: with a bare tombstone, or with no word at all."""
        del self.events[event_id]
        if bare:
            self.remembers.add(event_id)
        if not silently:
            self.log.append(Tombstone(event_id))

    # --- what a Calendar does ---------------------------------------------------------------------------

    def pages(self, window: Window, token: str | None):
        self.calls.append(("pages", token))
        if token is not None and (self.expired or not token.isdigit()):
            raise TokenExpired("too old")
        if token is None:
            items = [e for e in self.events.values() if window.touches(e.start, e.end)]
        else:
            items = self.log[int(token) :]
        chunks = [items[i : i + self.page_size] for i in range(0, len(items), self.page_size)] or [[]]
        for number, chunk in enumerate(chunks, 1):
            last = number == len(chunks)
            yield Page(
                tuple(i for i in chunk if not isinstance(i, Skipped)),
                tuple(i for i in chunk if isinstance(i, Skipped)),
                str(len(self.log)) if last and self.gives_tokens else None,
            )

    def get(self, event_id: str) -> Item:
        self.calls.append(("get", event_id))
        if event_id in self.failing:
            raise self.failing[event_id]
        if event_id in self.events:
            return self.events[event_id]
        if event_id in self.remembers:
            return Tombstone(event_id)
        raise NotFound("no such event")

    def series(self, series_id: str) -> Series:
        self.calls.append(("series", series_id))
        if series_id in self.failing:
            raise self.failing[series_id]
        return self.masters.get(series_id, Series(series_id, live=False))

    def insert(self, draft, key):
        if key not in self.events:
            made = Event(
                key, draft.title, draft.start, draft.end, etag="1", mark=draft.mark, body_digest=draft.text
            )
            self.put(made)
        return self.events[key]

    def edit(self, event_id, edit, etag):
        before = self._unchanged(event_id, etag)
        after = replace(
            before,
            mark=edit.mark,
            start=edit.start or before.start,
            end=edit.end or before.end,
            title=before.title if edit.title is None else edit.title,
            body_digest=before.body_digest if edit.text is None else edit.text,
            etag=str(int(before.etag or 0) + 1),
        )
        self.put(after)
        return after

    def delete(self, event_id, etag):
        if event_id in self.events:
            self._unchanged(event_id, etag)
            self.remove(event_id)

    def attach(self, event_id, link):
        before = self._unchanged(event_id, None)
        if link.url not in before.links:
            self.put(replace(before, links=(*before.links, link.url)))
        return self.events[event_id]

    def detach(self, event_id, url):
        before = self._unchanged(event_id, None)
        if url in before.links:
            self.put(replace(before, links=tuple(u for u in before.links if u != url)))
        return self.events[event_id]

    def _unchanged(self, event_id, etag):
        if event_id not in self.events:
            raise NotFound("it is gone")
        if etag is not None and self.events[event_id].etag != etag:
            raise Conflict("it changed")
        return self.events[event_id]
