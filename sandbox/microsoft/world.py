"""What there is: people, their calendars, and the items on each. Every attendee's copy is an item of its own."""

from __future__ import annotations

import random
import re
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from sandbox.clock import Clock
from sandbox.mailbox import Mailbox
from sandbox.microsoft import recurrence
from sandbox.microsoft.errors import GraphError, not_found
from sandbox.microsoft.items import CONSUMERS, TENANT, CalendarBook, Entry, Fields, Item, Person
from sandbox.microsoft.settings import Settings

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_OCCURRENCE = re.compile(r"(.+)Oc(\d{8})=")


class World:
    """The state that all parts share; `lock` guards it."""

    def __init__(self, clock: Clock, settings: Settings, mailbox: Mailbox) -> None:
        self.clock = clock
        self.settings = settings
        self.mailbox = mailbox
        self.people: dict[str, Person] = {}
        self.calendars: dict[str, CalendarBook] = {}
        self.transactions: dict[tuple[str, str], str] = {}
        self.lock = threading.RLock()
        self.tick = 1000
        self.round = 0
        self.root = ""
        # The same ids in every run, so that a failing test fails the same way twice.
        self._random = random.Random(20261103)

    def random_text(self, length: int) -> str:
        return "".join(self._random.choices(_ALPHABET, k=length))

    def new_id(self) -> str:
        """An id of the immutable kind."""
        return f"AAkALg{self.random_text(36)}AAA="

    def new_key(self) -> str:
        """An id of the other kind, which tells the folder."""
        return f"AAMkAG{self.random_text(70)}AAA="

    def guid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_uid(self) -> str:
        return f"040000008200E00074C5B7101A82E008{self._random.getrandbits(256):064X}"

    def add_person(self, email: str, name: str, time_zone: str, *, personal: bool = False) -> Person:
        email = email.lower()
        if email in self.people:
            raise ValueError(f"{email} has an account already")
        person = Person(email, name, time_zone, self.guid(), CONSUMERS if personal else TENANT)
        self.people[email] = person
        self.add_calendar(email, "Calendar", default=True)
        return person

    def add_calendar(self, owner: str, name: str, *, default: bool = False) -> CalendarBook:
        book = CalendarBook(self.new_key(), name, owner, default)
        self.calendars[book.id] = book
        return book

    def books(self, email: str) -> list[CalendarBook]:
        """Somebody's calendars, the default one first."""
        return sorted(
            (book for book in self.calendars.values() if book.owner == email),
            key=lambda book: not book.default,
        )

    def calendar(self, email: str, calendar_id: str | None = None) -> CalendarBook:
        """One of them by id, or the default one. Raises GraphError (404)."""
        for book in self.books(email):
            if calendar_id in (None, book.id):
                return book
        raise not_found()

    def touch(self, item: Item, *, tell: bool = True) -> None:
        """Mark as changed now; deltas learn of it unless told otherwise."""
        self.tick += 1
        item.tick = self.tick
        item.updated = self.clock.now()
        if tell:
            item.told = self.tick
            item.seen_from = self.round + self.settings.delta_lag

    def new_item(self, book: CalendarBook, uid: str, fields: Fields) -> Item:
        now = self.clock.now()
        item = Item(self.new_id(), self.new_key(), uid, fields, now, now)
        book.items[item.id] = item
        self.touch(item)
        return item

    def find(self, email: str, event_id: str, *, immutable: bool | None = None) -> Entry | None:
        """Somebody's event by id (of one kind, or of either), also when it is in Deleted Items."""
        either = immutable is None or self.settings.ids_of_either_kind
        for book in self.books(email):
            for item in book.items.values():
                for kind, name in ((True, item.id), (False, item.key)):
                    # ids of occurrences open like that of their series
                    if (either or kind == immutable) and (
                        found := self._named(book, item, event_id, name, kind)
                    ):
                        return found
        return None

    def _named(
        self, book: CalendarBook, item: Item, event_id: str, name: str, immutable: bool
    ) -> Entry | None:
        if item.purged:
            return None
        if event_id == name:
            return self.entry(book, item)
        if not item.is_series:
            return None
        for day, exception in item.exceptions.items():
            if event_id == (exception.id if immutable else exception.key):
                return self.occurrence(book, item, day)
        match = _OCCURRENCE.fullmatch(event_id)
        if match and match[1] == name.removesuffix("="):
            day = date.fromisoformat(match[2])
            live = day not in item.exceptions and day not in item.gone
            if live and (start := recurrence.at(item.fields["recurrence"], item.fields["start"], day)):
                return self.occurrence(book, item, day, start)
        return None

    def get(self, email: str, event_id: str, *, immutable: bool | None = None) -> Entry:
        """The same, or GraphError (404, and 400 for what can't be an id)."""
        entry = self.find(email, event_id, immutable=immutable)
        if entry is None:
            if not re.fullmatch(r"[\w=-]{20,}", event_id):
                raise GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")
            raise not_found()
        return entry

    def entry(self, book: CalendarBook, item: Item) -> Entry:
        """A single event or a series."""
        return Entry(
            item.id,
            item.key,
            item.uid,
            "seriesMaster" if item.is_series else "singleInstance",
            item.fields,
            book,
            item,
        )

    def occurrence(self, book: CalendarBook, item: Item, day: date, start: datetime | None = None) -> Entry:
        """An occurrence or exception of a series. Raises KeyError if it has none on that day."""
        start = start or recurrence.at(item.fields["recurrence"], item.fields["start"], day)
        if start is None:
            raise KeyError(day)
        fields = {
            name: value for name, value in item.fields.items() if name not in ("recurrence", "transactionId")
        }
        fields |= {"start": start, "end": start + (item.fields["end"] - item.fields["start"])}
        # extended data belongs to the item that it was given to
        fields |= {"extensions": {}, "properties": {}}
        exception = item.exceptions.get(day)
        ids = (f"{item.id[:-1]}Oc{day:%Y%m%d}=", f"{item.key[:-1]}Oc{day:%Y%m%d}=")
        uid = f"{item.uid}{day:%Y%m%d}"
        if exception is None:
            return Entry(*ids, uid, "occurrence", fields, book, item, None, day, start)
        fields |= exception.fields
        return Entry(exception.id, exception.key, uid, "exception", fields, book, item, exception, day, start)

    def occurrences(
        self, book: CalendarBook, item: Item, start: datetime | None, end: datetime | None
    ) -> Iterator[Entry]:
        """What is left of a series in a window, exceptions where they are now."""
        for day, moment in recurrence.starts(item.fields["recurrence"], item.fields["start"]):
            if end and moment >= end and not any(later >= day for later in item.exceptions):
                return
            if day not in item.gone:
                entry = self.occurrence(book, item, day, moment)
                if entry.overlaps(start, end):
                    yield entry

    def view(self, book: CalendarBook, start: datetime, end: datetime) -> list[Entry]:
        """Everything in a window, series expanded, by start."""
        found: list[Entry] = []
        for item in book.items.values():
            if item.deleted or item.purged:
                continue
            if item.is_series:
                found += self.occurrences(book, item, start, end)
            elif (entry := self.entry(book, item)).overlaps(start, end):
                found.append(entry)
        return sorted(found, key=lambda entry: (entry.start, entry.id))

    def copy(self, email: str, uid: str, *, deleted: bool = False) -> Entry | None:
        """Somebody's item of a meeting, by its uid."""
        for book in self.books(email):
            for item in book.items.values():
                if item.uid == uid and not item.purged and (deleted or not item.deleted):
                    return self.entry(book, item)
        return None

    def refresh(self, entry: Entry) -> Entry:
        """The same event as it stands now."""
        if entry.day is not None and entry.item.is_series:
            return self.occurrence(entry.book, entry.item, entry.day)
        return replace(entry, fields=entry.item.fields, key=entry.item.key)

    def save(self, entry: Entry, fields: Fields, *, tell: bool = True) -> Entry:
        """Write the complete fields of an event; an occurrence becomes an exception."""
        if entry.day is None:
            entry.item.fields = fields
            self.touch(entry.item, tell=tell)
            return self.entry(entry.book, entry.item)
        exception = entry.exception
        if exception is None:
            kept = self.settings.exception_id == "kept"
            ids = (entry.id, entry.key) if kept else (self.new_id(), self.new_key())
            exception = Item(*ids, entry.uid, {}, entry.item.created, entry.item.updated)
            entry.item.exceptions[entry.day] = exception
        exception.fields = {}
        base = self.occurrence(entry.book, entry.item, entry.day).fields
        exception.fields = {name: value for name, value in fields.items() if base.get(name) != value}
        self.touch(exception, tell=tell)
        self.touch(entry.item, tell=tell and self.settings.exception_resends_series)
        return self.occurrence(entry.book, entry.item, entry.day)
