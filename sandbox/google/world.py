"""What there is: people, their calendars, and the events on each, every copy a record of its own."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.google import recurrence, times
from sandbox.google.errors import ApiError, not_found
from sandbox.google.settings import Settings
from sandbox.google.times import Time
from sandbox.mailbox import Mailbox

_ALPHABET = "0123456789abcdefghijklmnopqrstuv"

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Google account. `subject` is the account's stable number, `sub` of the id token."""

    email: str
    name: str
    time_zone: str
    subject: str


@dataclass(slots=True)
class Record:
    """One copy of an event, a series or an exception.

    An exception whose series is on the same calendar holds only what differs from it (None: taken away).
    `tick` is the world's change number of its last change; `retired` has the instances that a series had and
    has no more.
    """

    id: str
    fields: Fields
    created: datetime
    updated: datetime
    tick: int
    removed_by_guest: bool = False
    orphaned: bool = False
    retired: dict[str, tuple[int, Time]] = field(default_factory=dict)
    spans: list[tuple[int, Time, Time]] = field(default_factory=list)

    @property
    def cancelled(self) -> bool:
        return self.fields.get("status") == "cancelled"


@dataclass(slots=True)
class CalendarBook:
    """A calendar. `roles` are by address, from owner to freeBusyReader; `taken` never shrinks."""

    id: str
    summary: str
    time_zone: str
    primary: bool
    roles: dict[str, str]
    records: dict[str, Record] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands on a calendar, whether kept or derived from its series.

    `fields` are complete; `record` is None for an instance that nobody touched.
    """

    id: str
    fields: Fields
    record: Record | None
    master: Record | None
    created: datetime
    updated: datetime
    tick: int

    @property
    def cancelled(self) -> bool:
        return self.fields.get("status") == "cancelled"


class World:
    """The state that all parts share; `lock` guards it."""

    def __init__(self, clock: Clock, settings: Settings, mailbox: Mailbox) -> None:
        self.clock = clock
        self.settings = settings
        self.mailbox = mailbox
        self.people: dict[str, Person] = {}
        self.calendars: dict[str, CalendarBook] = {}
        self.lock = threading.RLock()
        self.tick = 1000
        self.root = ""
        # The same ids in every run, so that a failing test fails the same way twice.
        self._random = random.Random(20261102)

    def new_id(self, length: int = 26) -> str:
        return "".join(self._random.choices(_ALPHABET, k=length))

    def add_person(self, email: str, name: str, time_zone: str) -> Person:
        email = email.lower()
        if email in self.people:
            raise ValueError(f"{email} has an account already")
        person = Person(email, name, time_zone, str(100000000000000000000 + len(self.people)))
        self.people[email] = person
        self.calendars[email] = CalendarBook(email, email, time_zone, True, {email: "owner"})
        return person

    def calendar(self, person: str, calendar_id: str, *, write: bool = False) -> CalendarBook:
        """A calendar as somebody may see it. Raises ApiError (404, 403)."""
        book = self.calendars.get(person if calendar_id == "primary" else calendar_id.lower())
        role = book.roles.get(person) if book else None
        if book is None or role is None:
            raise not_found()
        if write and role not in ("owner", "writer"):
            raise ApiError(
                403,
                "requiredAccessLevel",
                "You need to have writer access to this calendar.",
                domain="calendar",
            )
        return book

    def touch(self, record: Record) -> None:
        """Mark a record as changed now."""
        self.tick += 1
        record.tick = self.tick
        record.updated = self.clock.now()
        if "start" in record.fields and "end" in record.fields:
            record.spans.append((self.tick, record.fields["start"], record.fields["end"]))

    def find(self, book: CalendarBook, event_id: str) -> Entry | None:
        """The event of this id, also when it is cancelled; None if there is none."""
        record = book.records.get(event_id)
        if record:
            return self.entry(book, record)
        master_id, _, ending = event_id.rpartition("_")
        master = book.records.get(master_id)
        if master is None or not master.fields.get("recurrence"):
            return None
        if ending in master.retired:
            instance = self.instance(master, master.retired[ending][1])
            gone = {**instance.fields, "status": "cancelled"}
            return Entry(
                event_id, gone, None, None, instance.created, instance.updated, master.retired[ending][0]
            )
        for start in recurrence.starts(master.fields):
            if times.key(start) == ending:
                return self.instance(master, start)
        return None

    def get(self, book: CalendarBook, event_id: str) -> Entry:
        """The same, or ApiError (404)."""
        entry = self.find(book, event_id)
        if entry is None:
            raise not_found()
        return entry

    def entry(self, book: CalendarBook, record: Record) -> Entry:
        """A record with what it takes from its series."""
        master = book.records.get(record.fields.get("recurringEventId", ""))
        fields = dict(record.fields)
        if master and master.fields.get("recurrence"):
            base = self.instance(master, record.fields["originalStartTime"]).fields
            fields = {name: value for name, value in (base | fields).items() if value is not None}
        return Entry(record.id, fields, record, master, record.created, record.updated, record.tick)

    def instance(self, master: Record, start: Time) -> Entry:
        """An instance as the series alone makes it."""
        fields = {name: value for name, value in master.fields.items() if name != "recurrence"}
        fields["start"] = start
        fields["end"] = times.later(start, times.length(master.fields["start"], master.fields["end"]))
        if "timeZone" in master.fields["end"]:
            fields["end"]["timeZone"] = master.fields["end"]["timeZone"]
        fields["recurringEventId"] = master.id
        fields["originalStartTime"] = start
        event_id = f"{master.id}_{times.key(start)}"
        return Entry(event_id, fields, None, master, master.created, master.updated, master.tick)

    def instances(self, book: CalendarBook, master: Record, until: datetime | None) -> Iterator[Entry]:
        """The untouched instances of a series, in order; its exceptions are records of their own."""
        if master.cancelled:
            return
        for start in recurrence.starts(master.fields, until):
            if f"{master.id}_{times.key(start)}" not in book.records:
                yield self.instance(master, start)
