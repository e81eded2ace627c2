"""What is kept of people, calendars and events, and an event as it stands on a calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of personal accounts."""
TENANT = "5d1f7c2e-8a43-4f0b-9c6e-2b7a9d4e1f30"
"""The one of everybody else here."""

Fields = dict[str, Any]
Kind = Literal["singleInstance", "occurrence", "exception", "seriesMaster"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Microsoft account; `oid` and `tid` as in their id token."""

    email: str
    name: str
    time_zone: str
    oid: str
    tid: str

    @property
    def personal(self) -> bool:
        return self.tid == CONSUMERS


@dataclass(slots=True)
class Item:
    """An event, a series, or an exception (which holds only what differs from its series).

    `id` is the immutable kind, `key` the other, which changes with the folder. `tick` counts for the etag, `told` for
    deltas; `gone` are the deleted occurrences, by day.
    """

    id: str
    key: str
    uid: str
    fields: Fields
    created: datetime
    updated: datetime
    tick: int = 0
    told: int = 0
    seen_from: int = 0
    deleted: bool = False
    purged: bool = False
    exceptions: dict[date, Item] = field(default_factory=dict)
    gone: dict[date, int] = field(default_factory=dict)

    @property
    def is_series(self) -> bool:
        return bool(self.fields.get("recurrence"))


@dataclass(slots=True)
class CalendarBook:
    """A calendar in somebody's mailbox."""

    id: str
    name: str
    owner: str
    default: bool
    items: dict[str, Item] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands on a calendar, kept or derived from its series; `fields` are complete."""

    id: str
    key: str
    uid: str
    kind: Kind
    fields: Fields
    book: CalendarBook
    item: Item
    """What holds it: the event itself, or its series."""
    exception: Item | None = None
    day: date | None = None
    original: datetime | None = None

    @property
    def record(self) -> Item:
        """What its own changes are written to, as far as there is one."""
        return self.exception or self.item

    @property
    def start(self) -> datetime:
        start: datetime = self.fields["start"]
        return start

    @property
    def end(self) -> datetime:
        end: datetime = self.fields["end"]
        return end

    def overlaps(self, start: datetime | None, end: datetime | None) -> bool:
        """Whether some of it lies in a window."""
        return (end is None or self.start < end) and (
            start is None or self.end > start or self.start == self.end == start
        )
