"""Copies: one event on several calendars, kept in line, and the mails about it.

An organizer's record and its guests' copies have the same id. What is shared travels from the organizer to
the guests; what is private stays where it is. Source: the Calendar guide "Inviting attendees to events".
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.google import recurrence, times
from sandbox.google.bodies import Write
from sandbox.google.world import CalendarBook, Entry, Fields, Record, World
from sandbox.mailbox import Kind, Notification

PRIVATE = frozenset(
    [
        "reminders",
        "colorId",
        "transparency",
        "extendedPrivate",
        "focusTimeProperties",
        "outOfOfficeProperties",
        "workingLocationProperties",
    ]
)
"""What belongs to each copy; everything else is the organizer's."""


def save(world: World, book: CalendarBook, entry: Entry, fields: Fields) -> Record:
    """Write the complete fields of an event on one calendar; an instance becomes an exception."""
    record = entry.record
    if record is None:
        record = Record(entry.id, {}, entry.created, entry.updated, 0)
        book.records[entry.id] = record
        book.taken.add(entry.id)
    if entry.master and entry.master.fields.get("recurrence"):
        base = world.instance(entry.master, entry.fields["originalStartTime"]).fields
        own = {
            name: fields.get(name)
            for name in base.keys() | fields.keys()
            if base.get(name) != fields.get(name)
        }
        record.fields = own | {
            name: fields[name] for name in ("recurringEventId", "originalStartTime", "start", "end")
        }
    else:
        lost: set[str] = set()
        if any(record.fields.get(name) != fields.get(name) for name in ("start", "recurrence", "status")):
            lost = _instances(record.fields) - _instances(fields)
        series = "recurrence" in record.fields
        record.fields = fields
        _retire(world, book, record, lost)
        for exception in book.records.values() if series else ():
            # What an exception takes from its series has changed with it.
            if exception.fields.get("recurringEventId") == record.id and not exception.cancelled:
                world.touch(exception)
    world.touch(record)
    return record


def propagate(
    world: World, book: CalendarBook, entry: Entry, before: Entry | None, only: set[str] | None = None
) -> None:
    """Bring the guests' copies in line with the organizer's event."""
    guests = guests_of(entry.fields)
    dropped = [email for email in guests_of(before.fields) if email not in guests] if before else []
    if world.settings.organizer_update_resets_guest_copy and only != {"attendees"}:
        only = None
    for email in guests:
        copy_book = world.calendars.get(email)
        if copy_book and copy_book is not book:
            _copy(world, copy_book, entry, only)
    for email in dropped:
        copy_book = world.calendars.get(email)
        copy = world.find(copy_book, entry.id) if copy_book else None
        if copy_book and copy and not copy.cancelled:
            save(world, copy_book, copy, {**copy.fields, "status": "cancelled"})


def _copy(world: World, book: CalendarBook, entry: Entry, only: set[str] | None) -> None:
    shared = {name: value for name, value in entry.fields.items() if name not in PRIVATE}
    copy = world.find(book, entry.id)
    if copy is None:
        if "recurringEventId" in shared and entry.cancelled:
            return
        record = Record(
            entry.id, {**shared, "reminders": {"useDefault": True}}, entry.created, entry.updated, 0
        )
        book.records[entry.id] = record
        book.taken.add(entry.id)
        world.touch(record)
        return
    removed = copy.record is not None and copy.record.removed_by_guest
    names = (only or entry.fields.keys() | copy.fields.keys()) - PRIVATE | (
        {"status"} if not removed else set()
    )
    fields = dict(copy.fields)
    for name in names - ({"status"} if removed else set()):
        fields.pop(name, None)
        if name in shared:
            fields[name] = shared[name]
    if removed and copy.record:
        copy.record.fields |= {name: fields[name] for name in ("attendees",) if name in fields}
    elif fields != copy.fields:
        save(world, book, copy, fields)


def _instances(fields: Fields) -> set[str]:
    if not fields.get("recurrence") or fields.get("status") == "cancelled":
        return set()
    return {times.key(start) for start in recurrence.starts(fields)}


def _retire(world: World, book: CalendarBook, record: Record, lost: set[str]) -> None:
    """Instances that a series no longer has: ids alone remain, of its exceptions too."""
    zone = record.fields["start"].get("timeZone", "UTC")
    for key in sorted(lost):
        exception = book.records.get(f"{record.id}_{key}")
        if exception is None:
            record.retired[key] = (world.tick + 1, times.from_key(key, zone))
        elif not exception.cancelled:
            exception.fields = {**world.entry(book, exception).fields, "status": "cancelled"}
            exception.orphaned = True
            world.touch(exception)
    if record.retired:
        kept = _instances(record.fields)
        record.retired = {key: value for key, value in record.retired.items() if key not in kept}


def mail(world: World, kind: Kind, entry: Entry, to: Iterable[str], write: Write) -> None:
    if write.send == "none":
        return
    for email in to:
        outside = email not in world.people
        if email != write.actor and (write.send == "all" or outside):
            world.mailbox.send(
                Notification(email, kind, entry.id, write.cause, write.actor, world.clock.now())
            )


def guests_of(fields: Fields) -> list[str]:
    organizer = fields["organizer"]["email"]
    return [
        attendee["email"]
        for attendee in fields.get("attendees", [])
        if attendee["email"] != organizer and not attendee.get("resource")
    ]
