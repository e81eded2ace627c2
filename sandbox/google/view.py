"""An event as a resource: what the API shows of it on one calendar.

The order and presence of fields follow real payloads: empty ones are absent, `self` and `organizer` appear
only where they are true, and attendees that were all removed take the key with them.
"""

from __future__ import annotations

import base64
from typing import Any

from sandbox.google import times
from sandbox.google.world import CalendarBook, Entry, World

_PLAIN = ("summary", "description", "location", "colorId")
_TAIL = (
    "guestsCanInviteOthers",
    "guestsCanModify",
    "guestsCanSeeOtherGuests",
    "anyoneCanAddSelf",
    "hangoutLink",
    "conferenceData",
    "source",
    "reminders",
    "focusTimeProperties",
    "outOfOfficeProperties",
    "workingLocationProperties",
    "birthdayProperties",
    "attachments",
    "eventType",
)


def etag(entry: Entry) -> str:
    """A new one for every change, even if the clock stands still."""
    return f'"{int(entry.updated.timestamp() * 1000) * 2000 + entry.tick * 2}"'


def resource(
    world: World, book: CalendarBook, entry: Entry, zone: str | None = None, most_attendees: int | None = None
) -> dict[str, Any]:
    """The event in full; times in a zone's offset (default: the calendar's)."""
    fields, zone = entry.fields, zone or book.time_zone
    eid = base64.urlsafe_b64encode(f"{entry.id} {book.id}".encode()).decode().rstrip("=")
    shown: dict[str, Any] = {
        "kind": "calendar#event",
        "etag": etag(entry),
        "id": entry.id,
        "status": fields.get("status", "confirmed"),
        "htmlLink": f"{world.root}/calendar/event?eid={eid}",
        "created": times.stamp(entry.created, millis=False),
        "updated": times.stamp(entry.updated),
    }
    shown |= {name: fields[name] for name in _PLAIN if fields.get(name)}
    for role in ("creator", "organizer"):
        if who := fields.get(role):
            shown[role] = {**who, "self": True} if who.get("email") == book.id else dict(who)
    for name in ("start", "end"):
        shown[name] = times.shown(fields[name], zone)
    if fields.get("endTimeUnspecified"):
        shown["endTimeUnspecified"] = True
    if fields.get("recurrence"):
        shown["recurrence"] = list(fields["recurrence"])
    if "recurringEventId" in fields and not (entry.record and entry.record.orphaned):
        shown["recurringEventId"] = fields["recurringEventId"]
        shown["originalStartTime"] = times.shown(fields["originalStartTime"], zone)
    if fields.get("transparency", "opaque") != "opaque":
        shown["transparency"] = fields["transparency"]
    if fields.get("visibility", "default") != "default":
        shown["visibility"] = fields["visibility"]
    shown["iCalUID"] = fields["iCalUID"]
    shown["sequence"] = fields.get("sequence", 0)
    _attendees(book, entry, shown, most_attendees)
    extended = {"private": fields.get("extendedPrivate"), "shared": fields.get("extendedShared")}
    if any(extended.values()):
        shown["extendedProperties"] = {name: dict(value) for name, value in extended.items() if value}
    shown |= {name: fields[name] for name in _TAIL if name in fields}
    return shown


def tombstone(book: CalendarBook, entry: Entry, zone: str | None = None) -> dict[str, Any]:
    """What is guaranteed of a cancelled event: its id; of a live series' instance also which one."""
    shown: dict[str, Any] = {
        "kind": "calendar#event",
        "etag": etag(entry),
        "id": entry.id,
        "status": "cancelled",
    }
    live = entry.master is not None and not entry.master.cancelled
    if live and not (entry.record and entry.record.orphaned):
        shown["recurringEventId"] = entry.fields["recurringEventId"]
        shown["originalStartTime"] = times.shown(entry.fields["originalStartTime"], zone or book.time_zone)
    return shown


def _attendees(book: CalendarBook, entry: Entry, shown: dict[str, Any], most: int | None) -> None:
    attendees = entry.fields.get("attendees")
    if not attendees:
        return
    organizer = entry.fields.get("organizer", {}).get("email")
    marked = []
    for attendee in attendees:
        entry_shown = {name: value for name, value in attendee.items() if value not in (None, False, 0)}
        if attendee["email"] == organizer:
            entry_shown["organizer"] = True
        if attendee["email"] == book.id:
            entry_shown["self"] = True
        marked.append(entry_shown)
    hidden = entry.fields.get("guestsCanSeeOtherGuests") is False and organizer != book.id
    if hidden or (most is not None and len(marked) > most):
        marked = [attendee for attendee in marked if attendee.get("self")]
        shown["attendeesOmitted"] = True
    shown["attendees"] = marked
