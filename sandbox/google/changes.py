"""What an incremental list tells: events that changed, and of those that are gone or left the window, what is left.

Source: the Calendar guide "Synchronize resources efficiently". What it leaves open has a switch in `Settings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.google import view
from sandbox.google.choosing import full, in_window, matches, overlaps, retired
from sandbox.google.world import CalendarBook, Entry, World


def changes(
    world: World, book: CalendarBook, query: dict[str, Any], first: dict[str, Any], since: int
) -> Iterator[dict[str, Any]]:
    """What changed since a tick: touched events, all instances of a touched series, and tombstones.

    `first` is the query of the list that the token began with.
    """
    window = first if world.settings.token_window == "persists" else {}
    single = query.get("singleEvents")
    touched = [record for record in book.records.values() if record.tick > since]
    if not single:
        # The series comes along with its exceptions, as real lists show it.
        series = {record.fields.get("recurringEventId") for record in touched}
        touched = [r for r in book.records.values() if r in touched or (r.id in series and not r.cancelled)]
    for record in touched:
        entries: list[Entry] = [world.entry(book, record)]
        if single and record.fields.get("recurrence"):
            entries = list(world.instances(book, record, window.get("timeMax")))
            entries += retired(world, record, since)
        for entry in entries:
            if matches(entry, {"eventTypes": query.get("eventTypes")}):
                yield from _change(world, book, entry, query, window, since)


def _change(
    world: World, book: CalendarBook, entry: Entry, query: dict[str, Any], window: dict[str, Any], since: int
) -> Iterator[dict[str, Any]]:
    inside = in_window(entry, book, window)
    if entry.cancelled:
        if inside or _was_inside(entry, book, window, since):
            bare = world.settings.incremental_cancelled == "bare"
            yield (
                view.tombstone(book, entry, query.get("timeZone"))
                if bare
                else full(world, book, entry, query)
            )
    elif inside:
        yield full(world, book, entry, query)
    elif _was_inside(entry, book, window, since):
        match world.settings.moved_out_of_window:
            case "shown":
                yield full(world, book, entry, query)
            case "tombstone":
                yield view.tombstone(book, entry, query.get("timeZone"))
            case "silent":
                pass


def _was_inside(entry: Entry, book: CalendarBook, window: dict[str, Any], since: int) -> bool:
    """Whether it stood in the window when the token was given out."""
    if entry.record is None:
        return False
    low, high, zone = window.get("timeMin"), window.get("timeMax"), book.time_zone
    before = [(start, end) for tick, start, end in entry.record.spans if tick <= since]
    if before:
        return overlaps(*before[-1], zone, low, high)
    if "originalStartTime" in entry.fields:  # It became an exception since.
        original = entry.fields["originalStartTime"]
        return overlaps(original, original, zone, low, high)
    return False
