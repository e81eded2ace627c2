"""Google's event JSON as values. Never raises: an entry that makes no sense is `Skipped`, with a reason.

Fields: https://developers.google.com/workspace/calendar/api/v3/reference/events#resource

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

from connectors.fields import Json, identifier, line, word
from connectors.google.fields import true
from connectors.google.people import attendees_of, guests_hidden, organizer_of
from connectors.google.times import original_start_of, span_of, stamp
from connectors.values import Event, EventKind, Item, Skipped, Status, Tombstone

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
_LONGEST_TITLE = 1_000
_LONGEST_ID = 1_100  # 1024 for what clients give, and the date of an occurrence


def parse_event(raw: object, zone: str = "", *, listed: bool = True) -> Item | Skipped | None:
    """One entry of a calendar.

    `zone` (IANA) is the calendar's own, for times that come without one. `listed` says that the entry comes
    from a list of occurrences: then the entry of a series itself is None.
    """
    if not isinstance(raw, dict):
        return Skipped("", "an entry is no object")
    event_id = identifier(raw.get("id"))
    if event_id is None or len(event_id) > _LONGEST_ID:
        return Skipped("", "an entry has no usable id")
    try:
        return _entry(event_id, raw, zone, listed=listed)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        return Skipped(event_id, f"it can't be read ({type(error).__name__})")


def _entry(event_id: str, raw: Json, zone: str, *, listed: bool) -> Item | Skipped | None:
    get = raw.get
    status = _STATUSES.get(word(get("status")), Status.CONFIRMED)
    series_id = identifier(get("recurringEventId"))
    if listed and series_id is None and get("recurrence"):
        return Tombstone(event_id) if status is Status.CANCELLED else None
    original_start = original_start_of(get("originalStartTime"), zone)
    span = span_of(raw, zone)
    if isinstance(span, str):
        if status is Status.CANCELLED:
            return Tombstone(event_id, series_id, original_start)
        return Skipped(event_id, span)
    guests = get("attendees")
    if guests is not None and not isinstance(guests, list):
        return Skipped(event_id, "its guest list is no list")
    attendees = attendees_of(guests) if guests else ()
    if not _of_their_kinds(raw):
        return Skipped(event_id, "its title, its text or what is attached can't be read")
    organizer = organizer_of(get("organizer"))
    start, end, all_day = span
    return Event(
        id=event_id,
        title=line(get("summary"), _LONGEST_TITLE),
        start=start,
        end=end,
        status=status,
        kind=_kind(get("eventType")),
        all_day=all_day,
        busy=get("transparency") != "transparent",
        series_id=series_id,
        original_start=original_start,
        ical_uid=identifier(get("iCalUID")),
        etag=identifier(get("etag")),
        organizer=organizer,
        attendees=attendees,
        guests_hidden=guests_hidden(raw, organizer, attendees),
        guests_can_modify=true(get("guestsCanModify")),
        created=stamp(get("created")),
        updated=stamp(get("updated")),
        links=links_of(raw),
        body_digest=body_digest(get("description")),
        mark=mark_of(raw),
        url=identifier(get("htmlLink")) or "",
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
    return EventKind.MEETING if raw is None else _KINDS.get(word(raw), EventKind.OTHER)
