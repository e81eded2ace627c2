"""Event times: how they come in, how they are kept, and how they are shown.

Kept as `{"date": "2026-11-02"}`, or `{"dateTime": "2026-11-02T09:00:00+00:00", "timeZone": "Europe/London"}`
in UTC. Shown in the offset of the calendar's zone (or the one asked for), with the event's own `timeZone`
beside it: an event in UTC on a calendar in Sao Paulo reads `-03:00` and `timeZone: UTC`, as real ones do.

Source: the discovery document's description of `EventDateTime`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.google.errors import bad_request

Time = dict[str, Any]


def zone(name: str) -> ZoneInfo:
    """An IANA zone. Raises ApiError (400)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise bad_request(f"Invalid time zone: {name}", "invalid", "timeZone") from None


def accept(value: Any, which: str, default_zone: str, *, recurring: bool) -> Time:
    """A time as sent by a client. Raises ApiError (400): neither or both kinds, no zone, malformed."""
    value = value or {}
    day, moment, name = value.get("date"), value.get("dateTime"), value.get("timeZone")
    if bool(day) == bool(moment):
        raise bad_request(f"Invalid {which} time.", "invalid")
    if day:
        try:
            return {"date": date.fromisoformat(day).isoformat()}
        except ValueError:
            raise bad_request(f"Invalid value for: Invalid format: {day!r}", "invalid") from None
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        raise bad_request(f"Invalid value for: Invalid format: {moment!r}", "invalid") from None
    if len(moment) <= 10 or (not name and (parsed.tzinfo is None or recurring)):
        raise bad_request(f"Missing time zone definition for {which} time.", "required")
    name = name or default_zone
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=zone(name))
    zone(name)
    return {"dateTime": parsed.astimezone(UTC).isoformat(), "timeZone": name}


def kept(when: date | datetime, zone_name: str) -> Time:
    """A time to keep, from Python's: a date is all-day."""
    if isinstance(when, datetime):
        return {"dateTime": when.astimezone(UTC).isoformat(), "timeZone": zone_name}
    return {"date": when.isoformat()}


def span(start: date | datetime, minutes: float, zone_name: str | None, own_zone: str) -> dict[str, Time]:
    """Start and end to keep, from Python's start: whole days for a date. Without any zone it is the own one."""
    if not isinstance(start, datetime):
        days = max(round(minutes / 1440), 1)
        return {"start": kept(start, own_zone), "end": kept(start + timedelta(days=days), own_zone)}
    if start.tzinfo is None:
        start = start.replace(tzinfo=ZoneInfo(own_zone))
    name = zone_name or getattr(start.tzinfo, "key", None) or own_zone
    return {"start": kept(start, name), "end": kept(start + timedelta(minutes=minutes), name)}


def python(value: Time) -> date | datetime:
    """The reverse of `kept`."""
    return date.fromisoformat(value["date"]) if "date" in value else datetime.fromisoformat(value["dateTime"])


def whole(value: Time) -> Time:
    """A time that replaces one of either kind."""
    return {"date": None, "dateTime": None, **value}


def shown(value: Time, view_zone: str) -> Time:
    """A kept time as a resource shows it."""
    if "date" in value:
        return dict(value)
    moment = datetime.fromisoformat(value["dateTime"]).astimezone(ZoneInfo(view_zone))
    text = moment.isoformat(timespec="seconds")
    return {
        "dateTime": text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text,
        "timeZone": value["timeZone"],
    }


def instant(value: Time, calendar_zone: str) -> datetime:
    """When it is, in UTC; a date is that day's midnight in the calendar's zone."""
    if "date" in value:
        midnight = datetime.combine(date.fromisoformat(value["date"]), time(), ZoneInfo(calendar_zone))
        return midnight.astimezone(UTC)
    return datetime.fromisoformat(value["dateTime"])


def length(start: Time, end: Time) -> timedelta:
    """How long an event takes; for all-day ones in whole days."""
    if "date" in start:
        return date.fromisoformat(end["date"]) - date.fromisoformat(start["date"])
    return datetime.fromisoformat(end["dateTime"]) - datetime.fromisoformat(start["dateTime"])


def later(start: Time, by: timedelta) -> Time:
    """A kept time, so much later."""
    if "date" in start:
        return {"date": (date.fromisoformat(start["date"]) + by).isoformat()}
    return {**start, "dateTime": (datetime.fromisoformat(start["dateTime"]) + by).isoformat()}


def key(original: Time) -> str:
    """What an instance's id ends in: `20261102T090000Z`, or `20261102` for all-day ones."""
    if "date" in original:
        return str(original["date"]).replace("-", "")
    return datetime.fromisoformat(original["dateTime"]).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def from_key(text: str, zone_name: str) -> Time:
    """The start that an instance's id ends in."""
    if len(text) == 8:
        return {"date": date.fromisoformat(text).isoformat()}
    moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return {"dateTime": moment.isoformat(), "timeZone": zone_name}


def stamp(moment: datetime, *, millis: bool = True) -> str:
    """An RFC 3339 time in UTC with milliseconds, as `created` and `updated` have it."""
    if not millis:
        moment = moment.replace(microsecond=0)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
