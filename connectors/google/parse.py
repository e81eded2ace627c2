"""Google's event JSON as values. Never raises: an entry that makes no sense is `Skipped`, with a reason.

Decisions on what Google leaves open or gets wrong:

- An all-day event runs from midnight to midnight UTC, whatever the zone: only its days mean something.
- `endTimeUnspecified`: the end is the start; the `end` that comes with it is made up for old clients. Any
  other event without an end is skipped, an all-day one lasts a day.
- A cancelled event that still tells its times is an Event, else a Tombstone.
- The entry of a series itself (`recurrence`) is no item of a list of occurrences: None, unless it is
  cancelled.
- Of a long guest list the first fifty are kept, and the user. Nobody takes such an event for a meeting of
  two.
- An entry of the guest list that can't be read is kept as somebody without an address: it may be a third
  person.
- On a `privateCopy` the guests are not those of the meeting: they count as hidden.
- `unknownorganizer@calendar.google.com` is what Google writes where there is none.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from connectors.values import (
    Attendee,
    Event,
    EventKind,
    Item,
    Organizer,
    Response,
    Skipped,
    Status,
    Tombstone,
)

Json = dict[str, Any]
Span = tuple[datetime, datetime, bool]

_RESPONSES = {
    "accepted": Response.ACCEPTED,
    "declined": Response.DECLINED,
    "tentative": Response.TENTATIVE,
    "needsAction": Response.NEEDS_ACTION,
}
_STATUSES = {"cancelled": Status.CANCELLED, "tentative": Status.TENTATIVE}
_KINDS = {
    "default": EventKind.MEETING,
    "focusTime": EventKind.FOCUS,
    "outOfOffice": EventKind.OUT_OF_OFFICE,
    "workingLocation": EventKind.WORKING_LOCATION,
    "birthday": EventKind.BIRTHDAY,
    "fromGmail": EventKind.FROM_MAIL,
    "task": EventKind.TASK,
}
_NOBODY = "unknownorganizer@calendar.google.com"
_ROOM = "@resource.calendar.google.com"
_GUESTS_KEPT = 50
_LONGEST_TITLE = 1_000
_LONGEST_NAME = 200
_LONGEST_ID = 1_100  # 1024 for what clients give, and the date of an occurrence

# C0 and C1 controls, and halves of a surrogate pair, which JSON allows and UTF-8 does not.
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def parse_event(raw: object, zone: str = "", *, listed: bool = True) -> Item | Skipped | None:
    """One entry of a calendar.

    `zone` (IANA) is the calendar's own, for times that come without one. `listed` says that the entry comes
    from a list of occurrences: then the entry of a series itself is None.
    """
    if not isinstance(raw, dict):
        return Skipped("", "an entry is no object")
    event_id = _identifier(raw.get("id"))
    if event_id is None or len(event_id) > _LONGEST_ID:
        return Skipped("", "an entry has no usable id")
    try:
        return _entry(event_id, raw, zone, listed=listed)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        return Skipped(event_id, f"it can't be read ({type(error).__name__})")


def _entry(event_id: str, raw: Json, zone: str, *, listed: bool) -> Item | Skipped | None:
    get = raw.get
    status = _STATUSES.get(_word(get("status")), Status.CONFIRMED)
    series_id = _identifier(get("recurringEventId"))
    if listed and series_id is None and get("recurrence"):
        return Tombstone(event_id) if status is Status.CANCELLED else None
    original_start = _original_start(get("originalStartTime"), zone)
    span = _span(raw, zone)
    if isinstance(span, str):
        if status is Status.CANCELLED:
            return Tombstone(event_id, series_id, original_start)
        return Skipped(event_id, span)
    guests = get("attendees")
    if guests is not None and not isinstance(guests, list):
        return Skipped(event_id, "its guest list is no list")
    attendees = _attendees(guests) if guests else ()
    if not _of_their_kinds(raw):
        return Skipped(event_id, "its title, its text or what is attached can't be read")
    organizer = _organizer(get("organizer"))
    start, end, all_day = span
    return Event(
        id=event_id,
        title=_text(get("summary"), _LONGEST_TITLE),
        start=start,
        end=end,
        status=status,
        kind=_kind(get("eventType")),
        all_day=all_day,
        busy=get("transparency") != "transparent",
        series_id=series_id,
        original_start=original_start,
        ical_uid=_identifier(get("iCalUID")),
        etag=_identifier(get("etag")),
        organizer=organizer,
        attendees=attendees,
        guests_hidden=_guests_hidden(raw, organizer, attendees),
        guests_can_modify=_true(get("guestsCanModify")),
        created=_stamp(get("created")),
        updated=_stamp(get("updated")),
        links=links_of(raw),
        body_digest=body_digest(get("description")),
        mark=mark_of(raw),
        url=_identifier(get("htmlLink")) or "",
    )


def _of_their_kinds(raw: Json) -> bool:
    """Whether what tells the user's hand can be read: else a slot would seem edited, or a link taken off."""
    attached = raw.get("attachments")
    return (
        isinstance(raw.get("summary"), _TEXT)
        and isinstance(raw.get("description"), _TEXT)
        and (attached is None or (isinstance(attached, list) and all(isinstance(a, dict) for a in attached)))
    )


_TEXT = (str, type(None))


# --- people ---------------------------------------------------------------------------------------------


def _attendees(guests: list[object]) -> tuple[Attendee, ...]:
    kept = guests[:_GUESTS_KEPT]
    kept += [g for g in guests[_GUESTS_KEPT:] if isinstance(g, dict) and _true(g.get("self"))]
    return tuple(map(_attendee, kept))


def _attendee(raw: object) -> Attendee:
    if not isinstance(raw, dict):
        return Attendee("")
    get = raw.get
    told = (
        get("email"), get("displayName"), get("responseStatus"), get("self"), get("organizer"), get("resource"),
        get("additionalGuests"),
    )  # fmt: skip
    try:
        return _attendee_told(*told)
    except TypeError:
        # Lists or objects where texts belong can't be looked up.
        return _attendee_told.__wrapped__(*told)


@lru_cache(maxsize=4096, typed=True)
def _attendee_told(
    email: object,
    name: object,
    response: object,
    me: object,
    organizer: object,
    resource: object,
    more: object,
) -> Attendee:
    """The same few hundred people, with few answers, stand on the guest lists of thousands of events."""
    address = _address(email)
    return Attendee(
        address=address,
        name=_text(name, _LONGEST_NAME),
        response=_RESPONSES.get(_word(response), Response.NEEDS_ACTION),
        is_self=_true(me),
        is_organizer=_true(organizer),
        is_resource=_true(resource) or address.endswith(_ROOM),
        additional_guests=more if isinstance(more, int) and more > 0 else 0,
    )


def _organizer(raw: object) -> Organizer | None:
    """Also one known by a profile id only: then the address is empty."""
    if not isinstance(raw, dict) or not raw:
        return None
    told = (raw.get("email"), raw.get("displayName"), raw.get("self"))
    try:
        return _organizer_told(*told)
    except TypeError:
        return _organizer_told.__wrapped__(*told)


@lru_cache(maxsize=1024, typed=True)
def _organizer_told(email: object, name: object, me: object) -> Organizer | None:
    address = _address(email)
    return None if address == _NOBODY else Organizer(address, _text(name, _LONGEST_NAME), _true(me))


def _guests_hidden(raw: Json, organizer: Organizer | None, attendees: tuple[Attendee, ...]) -> bool:
    if _true(raw.get("attendeesOmitted")) or _true(raw.get("privateCopy")):
        return True
    if raw.get("guestsCanSeeOtherGuests") not in (False, "false"):
        return False
    # Who organizes sees them all.
    organizes = (organizer is not None and organizer.is_self) or any(
        a.is_self and a.is_organizer for a in attendees
    )
    return not organizes


# --- times ----------------------------------------------------------------------------------------------


def _span(raw: Json, zone: str) -> Span | str:
    """Start, end, and whether it is all-day; or why there is none."""
    first = _point(raw.get("start"), zone)
    if isinstance(first, str):
        return f"its start {first}"
    start, all_day = first
    if _true(raw.get("endTimeUnspecified")):
        return start, start, all_day
    last = _point(raw.get("end"), zone)
    if isinstance(last, str):
        if all_day and raw.get("end") is None:
            return start, start + timedelta(days=1), True
        return f"its end {last}"
    end = last[0]
    return (start, end, all_day) if end >= start else "it ends before it starts"


def _point(raw: object, zone: str) -> tuple[datetime, bool] | str:
    """A `start` or `end` in UTC, and whether it is a day; or what is wrong with it."""
    if not isinstance(raw, dict):
        return "is missing"
    text = raw.get("dateTime")
    all_day = text is None
    moment = _day(raw.get("date")) if all_day else _moment(text, raw.get("timeZone"), zone)
    return moment if isinstance(moment, str) else (moment, all_day)


def _day(text: object) -> datetime | str:
    """The midnight, in UTC, with which a day begins."""
    if not isinstance(text, str):
        return "is missing"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "is no time"
    return _in_this_world(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _moment(text: object, named: object, zone: str) -> datetime | str:
    """In UTC. One without an offset is of the zone `named` with it, else of `zone`."""
    if not isinstance(text, str):
        return "is missing"
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            its_zone = _zone(_word(named)) or _zone(zone)
            if its_zone is None:
                return "has no time zone"
            moment = moment.replace(tzinfo=its_zone)
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return "is no time"
    return _in_this_world(moment)


def _in_this_world(moment: datetime) -> datetime | str:
    return moment if 1900 <= moment.year <= 2200 else "is out of this world"


def _original_start(raw: object, zone: str) -> datetime | None:
    if raw is None:
        return None
    point = _point(raw, zone)
    return None if isinstance(point, str) else point[0]


def _stamp(raw: object) -> datetime | None:
    """A moment of `created` and `updated`; Google writes year 0 for some old events."""
    return _stamped(raw) if isinstance(raw, str) else None


@lru_cache(maxsize=1024)
def _stamped(text: str) -> datetime | None:
    """All occurrences of a series were made at once, and most were last changed together."""
    moment = _moment(text, "", "UTC")
    return None if isinstance(moment, str) else moment


@lru_cache(maxsize=1024)
def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


# --- the rest -------------------------------------------------------------------------------------------


def links_of(raw: Json) -> tuple[str, ...]:
    """The URLs attached to an event."""
    attachments = raw.get("attachments")
    if not isinstance(attachments, list):
        return ()
    urls = [entry.get("fileUrl") for entry in attachments if isinstance(entry, dict)]
    return tuple(url for url in urls if isinstance(url, str) and url)


def mark_of(raw: Json) -> str | None:
    """prepd's private mark."""
    extended = raw.get("extendedProperties")
    private = extended.get("private") if isinstance(extended, dict) else None
    mark = private.get("prepd") if isinstance(private, dict) else None
    return mark if isinstance(mark, str) else None


def body_digest(description: object) -> str:
    """Sixteen hex digits that change with the description; '' for none."""
    if not isinstance(description, str) or not description:
        return ""
    return hashlib.blake2b(description.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _kind(raw: object) -> EventKind:
    return EventKind.MEETING if raw is None else _KINDS.get(_word(raw), EventKind.OTHER)


def _text(raw: object, longest: int) -> str:
    """Bounded, on one line, without control characters. What reads from right to left is left to whoever
    shows it.
    """
    if not isinstance(raw, str):
        return ""
    text = raw[: 4 * longest]
    if not text.isprintable():
        text = _UNWANTED.sub(" ", text)
    return text.strip()[:longest]


def _address(raw: object) -> str:
    """Lower-case; '' for what is none: Google passes on whatever an importing client called it."""
    address = _identifier(raw)
    return address.strip().lower() if address is not None and "@" in address else ""


def _identifier(raw: object) -> str | None:
    if not isinstance(raw, str) or not raw:
        return None
    # What is printable holds nothing unwanted, and is told much faster.
    return raw if raw.isprintable() or not _UNWANTED.search(raw) else None


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _true(raw: object) -> bool:
    """Old payloads hold "true" as a text."""
    return raw is True or raw == "true"
