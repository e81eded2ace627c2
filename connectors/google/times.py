"""When an event of Google's is, in UTC; an all-day one from midnight to midnight UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from connectors.fields import Json, word
from connectors.google.fields import true

Span = tuple[datetime, datetime, bool]


def span_of(raw: Json, zone: str) -> Span | str:
    """Start, end, and whether it is all-day; or why there is none."""
    first = _point(raw.get("start"), zone)
    if isinstance(first, str):
        return f"its start {first}"
    start, all_day = first
    if true(raw.get("endTimeUnspecified")):
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
            its_zone = _zone(word(named)) or _zone(zone)
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


def original_start_of(raw: object, zone: str) -> datetime | None:
    if raw is None:
        return None
    point = _point(raw, zone)
    return None if isinstance(point, str) else point[0]


def stamp(raw: object) -> datetime | None:
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
