"""What a person does to a series from one instance on ("this and following"): let it go on otherwise, or end it.

Source: the Calendar guide "Recurring events". That a new series' id ends in `_R` and its first date is how real ones
look, and documented nowhere.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.google import events, recurrence, times
from sandbox.google.bodies import Write
from sandbox.google.world import CalendarBook, Entry, World


def of(event_id: str) -> str:
    """The id of the series that an instance's id belongs to; any other id is its own."""
    return re.sub(r"_\d{8}(T\d{6}Z)?$", "", event_id)


def minutes(entry: Entry) -> float:
    """How long an event lasts."""
    return times.length(entry.fields["start"], entry.fields["end"]).total_seconds() / 60


def go_on(world: World, book: CalendarBook, entry: Entry, changes: dict[str, Any], write: Write) -> str:
    """Ends a series before an instance; another one goes on from there, with `changes`. Answers its id."""
    master = world.get(book, of(entry.id))
    original = entry.fields["originalStartTime"]
    lines = list(master.fields["recurrence"])
    moment = times.instant(original, book.time_zone).astimezone(ZoneInfo(book.time_zone))
    new_id = f"{master.id.split('_R')[0]}_R{moment:%Y%m%dT%H%M%S}"
    body = _body(master) | {"iCalUID": f"{new_id}@google.com", "recurrence": lines} | changes
    events.change(world, book, master.id, {"recurrence": recurrence.cut(lines, original)}, write)
    return events.place(world, book, new_id, body, write).id


def end(world: World, book: CalendarBook, entry: Entry, write: Write) -> None:
    """Takes away an instance and all that follow."""
    master = world.get(book, of(entry.id))
    lines = recurrence.cut(list(master.fields["recurrence"]), entry.fields["originalStartTime"])
    events.change(world, book, master.id, {"recurrence": lines}, write)


def _body(master: Entry) -> dict[str, Any]:
    """What a copy of a series is made from."""
    body = {
        name: value
        for name, value in master.fields.items()
        if name not in ("creator", "organizer", "sequence")
    }
    extended = {scope: body.pop(f"extended{scope.title()}", None) for scope in ("private", "shared")}
    body["extendedProperties"] = {scope: value for scope, value in extended.items() if value}
    return body
