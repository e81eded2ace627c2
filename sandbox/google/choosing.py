"""Which events a list has: series expanded or not, by their time, and by what else was asked for.

Source: the discovery document's descriptions of the parameters of events.list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sandbox.google import recurrence, times, view
from sandbox.google.times import Time
from sandbox.google.world import CalendarBook, Entry, Record, World


def expanded(world: World, book: CalendarBook, query: dict[str, Any]) -> Iterator[Entry]:
    """All events of a calendar, series as their instances where that was asked for (`singleEvents`)."""
    for record in list(book.records.values()):
        if not (record.fields.get("recurrence") and query.get("singleEvents")):
            yield world.entry(book, record)
            continue
        yield from world.instances(book, record, query.get("timeMax"))
        if query.get("showDeleted"):
            yield from retired(world, record, 0)


def retired(world: World, master: Record, since: int) -> Iterator[Entry]:
    """Instances that a series lost after a tick."""
    for key, (tick, start) in master.retired.items():
        if tick > since:
            gone = world.instance(master, start)
            fields = {**gone.fields, "status": "cancelled"}
            # The series itself answers for it no longer: nothing but the id is left.
            yield Entry(f"{master.id}_{key}", fields, None, None, gone.created, master.updated, tick)


def wanted(entry: Entry, book: CalendarBook, query: dict[str, Any]) -> bool:
    """Whether a list outside of any sync token has it."""
    updated_min: datetime | None = query.get("updatedMin")
    if updated_min and entry.updated < updated_min:
        return False
    if entry.cancelled and not query.get("showDeleted") and not updated_min:
        exception = (
            "recurringEventId" in entry.fields and entry.master is not None and not entry.master.cancelled
        )
        if query.get("singleEvents") or not exception:
            return False
    return in_window(entry, book, query) and matches(entry, query)


def in_window(entry: Entry, book: CalendarBook, query: dict[str, Any]) -> bool:
    """Whether some of it lies between timeMin and timeMax."""
    low, high = query.get("timeMin"), query.get("timeMax")
    fields = entry.fields
    spans = [(fields["start"], fields["end"])]
    if fields.get("recurrence"):
        spans = _spans_of_series(entry, high)
    return any(overlaps(start, end, book.time_zone, low, high) for start, end in spans)


def _spans_of_series(entry: Entry, high: datetime | None) -> list[tuple[Time, Time]]:
    length = times.length(entry.fields["start"], entry.fields["end"])
    return [(start, times.later(start, length)) for start in recurrence.starts(entry.fields, high)]


def overlaps(start: Time, end: Time, zone: str, low: datetime | None, high: datetime | None) -> bool:
    """The same for two times."""
    return (low is None or times.instant(end, zone) > low) and (
        high is None or times.instant(start, zone) < high
    )


def matches(entry: Entry, query: dict[str, Any]) -> bool:
    """Whether it is as the conditions of a query say."""
    fields = entry.fields
    if (uid := query.get("iCalUID")) and fields["iCalUID"] != uid:
        return False
    if (kinds := query.get("eventTypes")) and fields.get("eventType", "default") not in kinds:
        return False
    for parameter, name in (
        ("privateExtendedProperty", "extendedPrivate"),
        ("sharedExtendedProperty", "extendedShared"),
    ):
        for condition in query.get(parameter, []):
            key, _, value = condition.partition("=")
            if fields.get(name, {}).get(key) != value:
                return False
    if text := query.get("q"):
        people = [fields.get("organizer", {}), *fields.get("attendees", [])]
        parts = [fields.get(name) for name in ("summary", "description", "location")]
        parts += [person.get(name) for person in people for name in ("email", "displayName")]
        everything = " ".join(part for part in parts if part).lower()
        return all(word in everything for word in text.lower().split())
    return True


def full(world: World, book: CalendarBook, entry: Entry, query: dict[str, Any]) -> dict[str, Any]:
    """An event as a list shows it."""
    zone = query.get("timeZone")
    if entry.cancelled and world.settings.cancelled_details == "bare":
        return view.tombstone(book, entry, zone)
    return view.resource(world, book, entry, zone, query.get("maxAttendees"))
