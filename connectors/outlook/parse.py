"""Graph's event JSON as values. Never raises: an entry that makes no sense is `Skipped`, with a reason.

Fields: https://learn.microsoft.com/graph/api/resources/event

Decisions on what Graph leaves open or gets wrong:

- Times without a zone are UTC, as was asked for. An all-day event runs from midnight to midnight UTC.
- The organizer takes part: where the list of attendees leaves them out (the organizer's own copy does), they are added,
  unless the event has no attendees and is the user's own. A group that organizes takes part as no person.
- The user's own answer is the event's `responseStatus`: on an attendee's copy the list is not kept up to date.
- `isOrganizer` is said of whoever owns the calendar, a delegate included: it counts on the user's own calendar only.
- `isCancelled` counts, the subject's prefix doesn't (it is localized). `iCalUId` differs from one occurrence to the
  next and is left out for them.
- Shown as free or as working elsewhere takes no time. Out of office is one only where nobody else is invited: a meeting
  may be shown so too.
- The entry of a series itself is no item of a list of occurrences: None.
- Of a long list of attendees the first fifty are kept, and the user. An entry of it that can't be read is kept as
  somebody without an address: it may be a third person.
- "Never" is written as year 1, and as 4501.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from connectors.fields import Json, identifier, line, word
from connectors.outlook import body
from connectors.outlook.people import Viewer, attendees_of, organizer_of
from connectors.outlook.readable import readable
from connectors.outlook.zones import zone_named
from connectors.values import (
    Attendee,
    Event,
    EventKind,
    Item,
    Skipped,
    Status,
    Tombstone,
)

MARK = "String {5f1c1a0e-6d0b-4c55-9f0a-2b1f6f8e7d31} Name prepd"
"""The extended property that holds prepd's private mark."""

_LONGEST_TITLE = 1_000


def parse_event(raw: object, viewer: Viewer, *, listed: bool = True) -> Item | Skipped | None:
    """One entry of a calendar. `listed` says that it comes from a list of occurrences."""
    if not isinstance(raw, dict):
        return Skipped("", "an entry is no object")
    event_id = identifier(raw.get("id"))
    if event_id is None:
        return Skipped("", "an entry has no usable id")
    try:
        return _entry(event_id, raw, viewer, listed=listed)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        return Skipped(event_id, f"it can't be read ({type(error).__name__})")


def kind_of(raw: Json) -> str:
    """`type`: singleInstance, occurrence, exception or seriesMaster; '' where it is not told. Case varies."""
    return word(raw.get("type")).lower()


def etag_of(raw: Json) -> str | None:
    key = identifier(raw.get("changeKey"))
    return identifier(raw.get("@odata.etag")) or (f'W/"{key}"' if key else None)


def is_cancelled(raw: Json) -> bool:
    return raw.get("isCancelled") is True


def _entry(event_id: str, raw: Json, viewer: Viewer, *, listed: bool) -> Item | Skipped | None:
    get = raw.get
    if "@removed" in raw:
        return Tombstone(event_id)
    if listed and kind_of(raw) == "seriesmaster":
        return None
    start, end = point(get("start")), point(get("end"))
    if isinstance(start, str) or isinstance(end, str):
        return Skipped(event_id, f"its start {start}" if isinstance(start, str) else f"its end {end}")
    if end < start:
        return Skipped(event_id, "it ends before it starts")
    guests = get("attendees")
    if guests is not None and not isinstance(guests, list):
        return Skipped(event_id, "its guest list is no list")
    if not readable(raw):
        return Skipped(event_id, "its subject or body can't be read")
    organizer = organizer_of(raw, viewer)
    attendees = attendees_of(raw, guests or [], organizer, viewer)
    shown = word(get("showAs")).lower()
    links, words = _body(raw)
    series_id = identifier(get("seriesMasterId"))
    return Event(
        id=event_id,
        title=line(get("subject"), _LONGEST_TITLE),
        start=start,
        end=end,
        status=Status.CANCELLED if is_cancelled(raw) else Status.CONFIRMED,
        kind=_kind(shown, attendees),
        all_day=get("isAllDay") is True,
        busy=shown not in ("free", "workingelsewhere"),
        series_id=series_id,
        original_start=_original_start(raw, start, series_id),
        ical_uid=None if series_id else identifier(get("iCalUId")),
        etag=etag_of(raw),
        organizer=organizer,
        attendees=attendees,
        guests_hidden=get("hideAttendees") is True and not (organizer is not None and organizer.is_self),
        created=_stamp(get("createdDateTime")),
        updated=_stamp(get("lastModifiedDateTime")),
        links=links,
        body_digest=_with_place(raw, words),
        mark=mark_of(raw),
        url=identifier(get("webLink")) or "",
    )


# --- times ----------------------------------------------------------------------------------------------


def point(raw: object) -> datetime | str:
    """A `start` or `end` in UTC, or what is wrong with it."""
    return _moment(raw.get("dateTime"), raw.get("timeZone")) if isinstance(raw, dict) else "is missing"


def _moment(text: object, zone_name: object) -> datetime | str:
    if not isinstance(text, str):
        return "is missing"
    zone = zone_named(word(zone_name))
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            if zone is None:
                return "is in a time zone that nobody knows"
            moment = moment.replace(tzinfo=zone)
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return "is no time"
    return moment if 1900 <= moment.year <= 2200 else "is out of this world"


def _original_start(raw: Json, start: datetime, series_id: str | None) -> datetime | None:
    if series_id is None:
        return None
    told = _stamp(raw.get("originalStart"))
    # One that was never changed stands where it was, and a delta's does not say so.
    return told or (start if kind_of(raw) == "occurrence" else None)


def _stamp(raw: object) -> datetime | None:
    return _stamped(raw) if isinstance(raw, str) else None


@lru_cache(maxsize=1024)
def _stamped(text: str) -> datetime | None:
    """All occurrences of a series were made at once, and most were last changed together."""
    moment = _moment(text, "")
    return None if isinstance(moment, str) else moment


# --- the rest -------------------------------------------------------------------------------------------


def mark_of(raw: Json, name: str = MARK) -> str | None:
    """prepd's private mark, where it was asked for."""
    properties = raw.get("singleValueExtendedProperties")
    for entry in properties if isinstance(properties, list) else ():
        if isinstance(entry, dict) and word(entry.get("id")).lower() == name.lower():
            value = entry.get("value")
            return value if isinstance(value, str) else None
    return None


def _body(raw: Json) -> tuple[tuple[str, ...], str]:
    """The links in it, and a hash of its words."""
    entry = raw.get("body")
    content, form = (entry.get("content"), entry.get("contentType")) if isinstance(entry, dict) else ("", "")
    return body.told(content, word(form).lower() or "html") if isinstance(content, str) else ((), "")


def _with_place(raw: Json, words: str) -> str:
    """A hash of body and place. An organizer's update replaces the body, and our link in it, whatever it changes."""
    place = raw.get("location")
    name = line(place.get("displayName"), _LONGEST_TITLE) if isinstance(place, dict) else ""
    return body.digest(f"{words} {name}", "text") if name else words


def _kind(shown: str, attendees: tuple[Attendee, ...]) -> EventKind:
    if shown == "oof" and not _anybody_else(attendees):
        return EventKind.OUT_OF_OFFICE
    if shown == "workingelsewhere" and not _anybody_else(attendees):
        return EventKind.WORKING_LOCATION
    return EventKind.MEETING


def _anybody_else(attendees: tuple[Attendee, ...]) -> bool:
    return any(not a.is_self for a in attendees)
