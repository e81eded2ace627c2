"""From a request's body to an event's fields: merging, defaults, what Google refuses, drops or cuts.

Sources: the Calendar reference of `events`, and the guides "Extended properties" and "Handle API errors".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.google import recurrence, times
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.world import CalendarBook, Fields
from sandbox.mailbox import Cause

# Sent back by everybody who reads, changes and writes; Google takes no notice of them.
_READ_ONLY = frozenset(
    [
        "kind",
        "etag",
        "created",
        "updated",
        "htmlLink",
        "creator",
        "organizer",
        "hangoutLink",
        "iCalUID",
        "recurringEventId",
        "originalStartTime",
        "id",
        "sequence",
        "locked",
        "privateCopy",
        "attendeesOmitted",
        "endTimeUnspecified",
        "gadget",
        "extendedProperties",
        "status",
        "eventType",
        "eventLabelId",
    ]
)
_EVENT_TYPES = frozenset(["default", "birthday", "focusTime", "fromGmail", "outOfOffice", "workingLocation"])
_VALUES = {
    "status": {"confirmed", "tentative", "cancelled"},
    "transparency": {"opaque", "transparent"},
    "visibility": {"default", "public", "private", "confidential"},
}
_RESPONSES = {"needsAction", "declined", "tentative", "accepted"}


@dataclass(frozen=True, slots=True)
class Write:
    """How a write is made: by whom, and with which of the method's options.

    `send` is sendUpdates; `supports` are the fields that the client said it understands.
    """

    actor: str
    cause: Cause
    send: str = "all"
    supports: frozenset[str] = frozenset()
    if_match: str | None = None


def fresh(book: CalendarBook, body: dict[str, Any], write: Write) -> Fields:
    """The fields of a new event. Raises ApiError (400)."""
    for which in ("start", "end"):
        if not body.get(which):
            raise bad_request(f"Missing {which} time.", "required")
    kind = body.get("eventType") or "default"
    if kind not in _EVENT_TYPES:
        raise bad_request("Invalid event type.", "invalid")
    if kind in ("focusTime", "outOfOffice", "workingLocation") and not book.primary:
        raise bad_request("This event type can only be created on primary calendars.", "eventTypeRestriction")
    if kind in ("focusTime", "outOfOffice") and "date" in body["start"]:
        raise bad_request("An event of this type cannot be an all-day event.", "malformedEvent")
    fields: Fields = {
        "status": body.get("status") or "confirmed",
        "reminders": {"useDefault": True},
        "eventType": kind,
    }
    if kind in ("focusTime", "outOfOffice"):
        fields["transparency"] = "opaque"
        fields[f"{kind}Properties"] = {}
    return merged(book, fields, body, write)


def merged(book: CalendarBook, fields: Fields, body: dict[str, Any], write: Write) -> Fields:
    """What a patch makes of an event: objects are merged, arrays replaced, null takes away. Or 400."""
    for name, allowed in _VALUES.items():
        if body.get(name) is not None and body[name] not in allowed:
            raise bad_request(f"Invalid value for {name}", "invalid")
    if body.get("eventType") not in (None, fields.get("eventType")):
        raise bad_request("Event type cannot be changed.", "eventTypeRestriction")
    new = dict(fields)
    if body.get("status"):
        new["status"] = body["status"]
    for name, given in body.items():
        ignored = name in _READ_ONLY or name in ("start", "end")
        if ignored or (name in ("attachments", "conferenceData") and name not in write.supports):
            continue
        value = _joined(new.get(name), given)
        if value is None or value == []:
            new.pop(name, None)
        else:
            new[name] = value
    _times(book, new, body)
    _attendees(new, body)
    _attachments(new, body, write)
    _extended(new, body)
    if "description" in new and len(new["description"]) > 8192 * 4:
        raise bad_request("Description is too long.", "invalid")
    return new


def emptied(before: Fields, body: dict[str, Any], write: Write) -> Fields:
    """What a PUT starts from: leaving a field out sets its default."""
    always = (
        "creator",
        "organizer",
        "iCalUID",
        "sequence",
        "eventType",
        "recurringEventId",
        "originalStartTime",
    )
    kept = {name: before[name] for name in always if name in before}
    for name in ("attachments", "conferenceData", "hangoutLink"):
        if name in before and name not in write.supports:
            kept[name] = before[name]
    for which in ("start", "end"):
        if not body.get(which):
            raise bad_request(f"Missing {which} time.", "required")
    return {**kept, "status": "confirmed", "reminders": {"useDefault": True}}


def _joined(before: Any, given: Any) -> Any:
    if isinstance(given, dict) and isinstance(before, dict):
        return {name: value for name, value in (before | given).items() if value is not None}
    return given


def _times(book: CalendarBook, new: Fields, body: dict[str, Any]) -> None:
    recurring = bool(new.get("recurrence"))
    for which in ("start", "end"):
        if not body.get(which):
            continue
        sent = {name: value for name, value in body[which].items() if value is not None}
        before = new.get(which, {})
        gone = {name for name, value in body[which].items() if value is None}
        # A patch that gives a dateTime to an all-day event has to take its date away.
        if "dateTime" in sent and "date" in before and "date" not in gone:
            raise bad_request(f"Invalid {which} time.", "invalid")
        if "date" in sent and "dateTime" in before and "dateTime" not in gone:
            raise bad_request(f"Invalid {which} time.", "invalid")
        if "dateTime" in sent and "timeZone" in before and "timeZone" not in sent:
            sent["timeZone"] = before["timeZone"]
        elif set(sent) == {"timeZone"} and "dateTime" in before:
            sent["dateTime"] = before["dateTime"]
        new[which] = times.accept(sent, which, book.time_zone, recurring=recurring)
    start, end = new["start"], new["end"]
    if ("date" in start) != ("date" in end):
        raise bad_request("Start and end times must either both be date or both be dateTime.", "invalid")
    if times.instant(end, "UTC") < times.instant(start, "UTC"):
        raise bad_request("The specified time range is empty.", "timeRangeEmpty")
    if recurring and ("recurrence" in body or "start" in body):
        recurrence.validate(new["recurrence"], start)


def _attendees(new: Fields, body: dict[str, Any]) -> None:
    if not body.get("attendees"):
        return
    kept: dict[str, dict[str, Any]] = {}
    for attendee in body["attendees"]:
        email = str(attendee.get("email") or "").strip().lower()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            raise bad_request("Invalid attendee email.", "invalid")
        status = attendee.get("responseStatus") or "needsAction"
        if status not in _RESPONSES:
            raise bad_request("Invalid attendee response status.", "invalid")
        rest = {name: attendee[name] for name in attendee if name not in ("self", "organizer", "id", "email")}
        kept[email] = {"email": email, **rest, "responseStatus": status}
    new["attendees"] = list(kept.values())


def _attachments(new: Fields, body: dict[str, Any], write: Write) -> None:
    if "attachments" not in write.supports or not body.get("attachments"):
        return
    if len(body["attachments"]) > 25:
        raise bad_request("Too many attachments.", "invalid")
    kept = []
    for attachment in body["attachments"]:
        url = attachment.get("fileUrl")
        if not url:
            raise bad_request("Required: fileUrl", "required")
        shown = {name: attachment[name] for name in ("title", "mimeType", "iconLink") if attachment.get(name)}
        shown = {"fileUrl": url, **shown}
        if file_id := _file_id(url):
            shown["fileId"] = file_id
        kept.append(shown)
    new["attachments"] = kept


def _file_id(url: str) -> str | None:
    parts = urlsplit(url)
    if match := re.search(r"/d/([\w-]+)", parts.path):
        return match[1]
    return parse_qs(parts.query).get("id", [None])[0]


def _extended(new: Fields, body: dict[str, Any]) -> None:
    for scope, name in (("private", "extendedPrivate"), ("shared", "extendedShared")):
        sent = (body.get("extendedProperties") or {}).get(scope)
        if sent is None:
            continue
        properties = dict(new.get(name, {}))
        for key, value in sent.items():
            if value is None:
                properties.pop(key, None)
            elif len(key) <= 44:  # A longer one is dropped without a word, and a longer value cut.
                properties[key] = value[:1024]
        if len(properties) > 300:
            raise ApiError(400, "invalid", "Too many extended properties.")
        new.pop(name, None)
        if properties:
            new[name] = properties
