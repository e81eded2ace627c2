"""What a person does to a series from one occurrence on: let it go on as another series, or end it.

Graph has no act for that: the series is ended (a patternedRecurrence with another range), and a new one is made.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.microsoft import events, recurrence, schema, times, view
from sandbox.microsoft.bodies import Write
from sandbox.microsoft.errors import not_found
from sandbox.microsoft.items import Entry
from sandbox.microsoft.prefer import Prefer
from sandbox.microsoft.world import World

_COPIED = ("subject", "body", "attendees", "location", "locations", "importance", "sensitivity", "showAs")


def minutes(entry: Entry) -> float:
    """How long an event lasts."""
    return (entry.end - entry.start) / timedelta(minutes=1)


def go_on(world: World, entry: Entry, changes: dict[str, Any], write: Write, *, turned: bool) -> Entry:
    """Ends a series before an occurrence; another one goes on from there, with `changes`.

    `turned`: its weekday is that of its new start. Raises GraphError (404): the entry is no occurrence.
    """
    master = world.entry(entry.book, entry.item)
    shown = view.resource(world, master, Prefer(immutable=True))
    body = {name: shown[name] for name in _COPIED} | changes
    pattern = dict(entry.item.fields["recurrence"]["pattern"])
    if pattern.get("daysOfWeek") and turned:
        first, _ = times.accept(body["start"])
        weekly = recurrence.weekly(first, entry.fields["startZone"])["pattern"]
        pattern = weekly | {"interval": pattern["interval"]}
    body["recurrence"] = {"pattern": pattern, "range": _rest(entry)}
    end(world, entry, write)
    made = events.insert(world, entry.book, schema.check("event", body), write)
    for each in master.fields["attendees"]:
        # a new series is answered anew; here the guests answer as before
        if each["response"] in ("accepted", "tentativelyAccepted", "declined"):
            copy = world.copy(each["address"], made.uid)
            if copy:
                events.respond(world, copy, each["response"], Write(each["address"], "person"))
    return made


def end(world: World, entry: Entry, write: Write) -> None:
    """Takes away an occurrence and all that follow. Raises GraphError (404): the entry is none."""
    if entry.day is None:
        raise not_found()
    body = {"recurrence": recurrence.ended(entry.item.fields["recurrence"], entry.day)}
    events.change(world, world.entry(entry.book, entry.item), schema.check("event", body), write)


def _rest(entry: Entry) -> dict[str, Any]:
    """The range of what follows an occurrence."""
    limits = dict(entry.item.fields["recurrence"]["range"])
    limits.pop("startDate")
    if limits["type"] == "numbered" and entry.day is not None:
        past = sum(1 for day in recurrence.days(entry.item.fields["recurrence"]) if day < entry.day)
        limits["numberOfOccurrences"] -= past
    return limits
