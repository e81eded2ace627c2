"""From the checked JSON of a request to the fields that an item keeps.

Sources: the Graph reference pages "Create event" and "Update event".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.mailbox import Cause
from sandbox.microsoft import html, recurrence, times
from sandbox.microsoft.errors import GraphError, bad_body
from sandbox.microsoft.items import Fields
from sandbox.microsoft.schema import EVENT_COMPUTED
from sandbox.microsoft.world import World

OWN = frozenset([
    "categories", "isReminderOn", "reminderMinutesBeforeStart", "showAs", "extensions", "properties",
    "response", "responded",
])  # fmt: skip
"""What belongs to each copy; everything else is the organizer's."""

_PLAIN = [
    "subject", "importance", "sensitivity", "showAs", "isReminderOn", "reminderMinutesBeforeStart",
    "responseRequested", "hideAttendees", "allowNewTimeProposals", "categories", "isOnlineMeeting",
    "onlineMeetingProvider", "transactionId",
]  # fmt: skip

DEFAULTS: Fields = {
    "subject": "",
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "hideAttendees": False,
    "allowNewTimeProposals": True,
    "categories": [],
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "onlineMeeting": None,
    "isAllDay": False,
    "isCancelled": False,
    "locations": [],
    "attendees": [],
    "extensions": {},
    "properties": {},
    "response": "none",
    "responded": times.NEVER,
}


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes, and whether by hand."""

    actor: str
    cause: Cause = "client"


def fresh(world: World, person: str, body: dict[str, Any]) -> Fields:
    """The fields of a new event. Raises GraphError (400)."""
    for name in ("start", "end"):
        if not body.get(name):
            raise GraphError(
                400, "ErrorPropertyValidationFailure", f"At least one property failed validation: {name}."
            )
    start, zone = times.accept(body["start"])
    end, end_zone = times.accept(body["end"])
    who = world.people[person]
    base = {
        **DEFAULTS,
        "body": html.accepted("", "html", "kept"),
        "organizer": {"address": who.email, "name": who.name},
        "response": "organizer",
    }
    return merged(world, {**base, "start": start, "end": end, "startZone": zone, "endZone": end_zone}, body)


def merged(world: World, fields: Fields, body: dict[str, Any]) -> Fields:
    """The fields after a PATCH of a body. Raises GraphError (400)."""
    new = dict(fields)
    for name in _PLAIN:
        if name in body and name not in EVENT_COMPUTED:
            new[name] = DEFAULTS.get(name) if body[name] is None else body[name]
    _times(new, body)
    if "body" in body:
        given = body["body"] or {}
        kind = given.get("contentType") or "text"
        new["body"] = html.accepted(given.get("content") or "", kind, world.settings.html)
    if body.get("locations") is not None or "location" in body:
        given_locations = body.get("locations") or [body.get("location")]
        new["locations"] = [_location(each) for each in given_locations if each and each.get("displayName")]
    if "attendees" in body:
        new["attendees"] = [_attendee(world, each, fields) for each in body["attendees"] or []]
    if "recurrence" in body:
        value = body["recurrence"]
        new["recurrence"] = recurrence.accept(value, new["start"], new["startZone"]) if value else None
    elif new.get("recurrence") and new["start"] != fields.get("start"):
        limits = {name: value for name, value in new["recurrence"]["range"].items() if name != "startDate"}
        moved = _turned(new["recurrence"]["pattern"], fields, new)
        new["recurrence"] = recurrence.accept(
            {"pattern": moved, "range": limits}, new["start"], new["startZone"]
        )
    extended(new, body)
    return new


def extended(new: Fields, body: dict[str, Any]) -> None:
    """Open extensions and extended properties, which replace those of the same name."""
    if body.get("extensions"):
        new["extensions"] = dict(new["extensions"])
        for each in body["extensions"]:
            name = each.get("extensionName")
            if not name:
                raise bad_body("The extension needs an extensionName.")
            new["extensions"][name] = extension(each)
    if body.get("singleValueExtendedProperties"):
        new["properties"] = dict(new["properties"])
        for each in body["singleValueExtendedProperties"]:
            new["properties"][property_id(each.get("id") or "")] = each.get("value")


def extension(body: dict[str, Any]) -> dict[str, Any]:
    """What an open extension holds beside its name."""
    return {
        name: value for name, value in body.items() if "@" not in name and name not in ("extensionName", "id")
    }


def property_id(text: str) -> str:
    """An extended property's id in one spelling: `String {guid} Name x`. Raises GraphError (400)."""
    match = re.fullmatch(r"(\w+) \{([0-9a-fA-F-]{36})\} (Name|Id) (.+)", text)
    if not match and not re.fullmatch(r"\w+ 0x[0-9a-fA-F]+", text):
        raise GraphError(400, "ErrorInvalidPropertyId", "The extended property's id is malformed.")
    return f"{match[1]} {{{match[2].lower()}}} {match[3]} {match[4]}" if match else text


def _times(new: Fields, body: dict[str, Any]) -> None:
    length: timedelta = new["end"] - new["start"]
    if body.get("start"):
        new["start"], new["startZone"] = times.accept(body["start"])
        if not body.get("end"):
            new["end"] = new["start"] + length
    if body.get("end"):
        new["end"], new["endZone"] = times.accept(body["end"])
    if body.get("isAllDay") is not None:
        new["isAllDay"] = body["isAllDay"]
    if new["end"] < new["start"]:
        message = "The event's end is earlier than its start."
        raise GraphError(400, "ErrorCalendarEndDateIsEarlierThanStartDate", message)
    if new["isAllDay"]:
        for which in ("start", "end"):
            local = new[which].astimezone(times.zone(new[f"{which}Zone"]))
            if (local.hour, local.minute) != (0, 0):
                message = (
                    f"The Event.{which.title()} property for an all-day event needs to be set to midnight."
                )
                raise GraphError(400, "ErrorInvalidRequest", message)
        if new["end"] == new["start"]:
            message = "The duration of an event marked as All day must be at least 24 hours."
            raise GraphError(400, "ErrorInvalidRequest", message)


def _turned(pattern: dict[str, Any], old: Fields, new: Fields) -> dict[str, Any]:
    """A pattern that follows its series to another day."""
    was, now = times.day(old["start"], old["startZone"]), times.day(new["start"], new["startZone"])
    if was == now:
        return pattern
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    turned = dict(pattern)
    if turned.get("daysOfWeek"):
        by = now.weekday() - was.weekday()
        turned["daysOfWeek"] = [names[(names.index(day) + by) % 7] for day in turned["daysOfWeek"]]
    if turned.get("dayOfMonth"):
        turned["dayOfMonth"] = now.day
    return turned


def _location(given: dict[str, Any]) -> dict[str, Any]:
    unique = {"uniqueId": given["displayName"], "uniqueIdType": "private"}
    return {"displayName": given["displayName"], "locationType": "default", **unique, **given}


def _attendee(world: World, given: dict[str, Any], fields: Fields) -> dict[str, Any]:
    address = ((given.get("emailAddress") or {}).get("address") or "").lower() or None
    known = next((each for each in fields["attendees"] if each["address"] == address), None)
    person = world.people.get(address or "")
    name = (given.get("emailAddress") or {}).get("name") or (person.name if person else address)
    kept = known or {"response": "none", "time": times.NEVER}
    return {**kept, "address": address, "name": name, "type": given.get("type") or "required"}
