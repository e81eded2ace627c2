"""An event as Graph shows it: the order and presence of properties follow real payloads."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.microsoft import html, times
from sandbox.microsoft.items import Entry
from sandbox.microsoft.prefer import Prefer
from sandbox.microsoft.world import World

EXTENSION_PREFIX = "Microsoft.OutlookServices.OpenTypeExtension."


@dataclass(frozen=True, slots=True)
class Shape:
    """What of an event is asked for."""

    select: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


def change_key(entry: Entry) -> str:
    """Another one after every change, even if the clock stands still."""
    tick = max(entry.item.tick, entry.exception.tick if entry.exception else 0)
    return base64.b64encode(b"\x0f\x00\x00\x00\x16\x00\x00\x00" + tick.to_bytes(14, "big")).decode()


def etag(entry: Entry) -> str:
    return f'W/"{change_key(entry)}"'


def shown_id(entry: Entry, prefer: Prefer) -> str:
    return entry.id if prefer.immutable else entry.key


def series_id(entry: Entry, prefer: Prefer) -> str | None:
    if entry.day is None:
        return None
    return entry.item.id if prefer.immutable else entry.item.key


def stub(entry: Entry, prefer: Prefer) -> dict[str, Any]:
    """All that a delta tells of an occurrence."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": etag(entry),
        "id": shown_id(entry, prefer),
        "seriesMasterId": series_id(entry, prefer),
        "type": entry.kind,
        "start": times.shown(entry.start, prefer.zone),
        "end": times.shown(entry.end, prefer.zone),
    }


def resource(world: World, entry: Entry, prefer: Prefer, shape: Shape | None = None) -> dict[str, Any]:
    """The event in full, or what was selected of it."""
    shape = shape or Shape()
    fields = entry.fields
    shown: dict[str, Any] = {
        "@odata.etag": etag(entry),
        "id": shown_id(entry, prefer),
        "createdDateTime": times.stamp(entry.record.created),
        "lastModifiedDateTime": times.stamp(entry.record.updated),
        "changeKey": change_key(entry),
        "categories": list(fields["categories"]),
        "transactionId": fields.get("transactionId"),
        "originalStartTimeZone": fields["startZone"],
        "originalEndTimeZone": fields["endZone"],
        "iCalUId": _ical_uid(world, entry),
        "reminderMinutesBeforeStart": fields["reminderMinutesBeforeStart"],
        "isReminderOn": fields["isReminderOn"],
        "hasAttachments": False,
        "subject": fields["subject"],
        "bodyPreview": html.text(fields["body"])[:255],
        "importance": fields["importance"],
        "sensitivity": fields["sensitivity"],
        "isAllDay": fields["isAllDay"],
        "isCancelled": fields["isCancelled"],
        "isOrganizer": fields["organizer"]["address"] == entry.book.owner,
        "responseRequested": fields["responseRequested"],
        "seriesMasterId": series_id(entry, prefer),
        "showAs": fields["showAs"],
        "type": entry.kind,
        "webLink": f"https://outlook.office365.com/owa/?itemid={quote(entry.key)}&exvsurl=1&path=/calendar/item",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": fields["isOnlineMeeting"],
        "onlineMeetingProvider": fields["onlineMeetingProvider"],
        "allowNewTimeProposals": fields["allowNewTimeProposals"],
        "isDraft": False,
        "hideAttendees": fields["hideAttendees"],
    }
    if entry.original is not None:
        shown["originalStart"] = times.seconds(entry.original)
    shown |= _composed(entry, prefer)
    if "cancelledOccurrences" in shape.select and entry.kind == "seriesMaster":
        shown["cancelledOccurrences"] = [
            f"OID.{shown_id(entry, prefer)}.{day}" for day in sorted(entry.item.gone)
        ]
    if shape.select:
        kept = {"@odata.etag", "id", *shape.select}
        shown = {name: value for name, value in shown.items() if name in kept}
    return shown | _expanded(entry, shape)


def removed(entry_id: str) -> dict[str, Any]:
    return {"@odata.type": "#microsoft.graph.event", "id": entry_id, "@removed": {"reason": "deleted"}}


def extension(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """An open extension as a resource."""
    return {
        "@odata.type": "#microsoft.graph.openTypeExtension",
        "id": EXTENSION_PREFIX + name,
        "extensionName": name,
        **value,
    }


def _composed(entry: Entry, prefer: Prefer) -> dict[str, Any]:
    fields = entry.fields
    locations = list(fields["locations"])
    plain = prefer.body == "text"
    meeting = fields.get("onlineMeeting")
    return {
        "responseStatus": {"response": fields["response"], "time": fields["responded"]},
        "body": {
            "contentType": prefer.body,
            "content": html.text(fields["body"]) if plain else fields["body"],
        },
        "start": times.shown(entry.start, prefer.zone),
        "end": times.shown(entry.end, prefer.zone),
        "location": locations[0]
        if locations
        else {
            "displayName": "",
            "locationType": "default",
            "uniqueIdType": "unknown",
            "address": {},
            "coordinates": {},
        },
        "locations": locations,
        "recurrence": fields.get("recurrence"),
        "attendees": [_attendee(each) for each in fields["attendees"]],
        "organizer": {
            "emailAddress": {"name": fields["organizer"]["name"], "address": fields["organizer"]["address"]}
        },
        "onlineMeeting": dict(meeting) if meeting else None,
    }


def _attendee(each: dict[str, Any]) -> dict[str, Any]:
    address = {"name": each["name"], **({"address": each["address"]} if each["address"] else {})}
    shown: dict[str, Any] = {
        "type": each["type"],
        "status": {"response": each["response"], "time": each["time"]},
        "emailAddress": address,
    }
    if each.get("proposed"):
        shown["proposedNewTime"] = each["proposed"]
    return shown


def _expanded(entry: Entry, shape: Shape) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    wanted = {name.removeprefix(EXTENSION_PREFIX) for name in shape.extensions}
    found = [extension(name, value) for name, value in entry.fields["extensions"].items() if name in wanted]
    if found:
        shown["extensions"] = found
    kept = entry.fields["properties"]
    values = [{"id": name, "value": kept[name]} for name in shape.properties if kept.get(name) is not None]
    if values:
        shown["singleValueExtendedProperties"] = values
    return shown


def _ical_uid(world: World, entry: Entry) -> str:
    same = entry.day is not None and world.settings.occurrence_ical_uid == "same"
    return (entry.item.uid if same else entry.uid).replace("/", "").replace("-", "")
