"""When the occurrences of a series are: Outlook's pattern and range, counted in the series' own time zone.

A weekly meeting at nine stays at nine when the clocks change. Exchange knows an occurrence by its day, and so does
this: a series has one a day at most. Source: Graph's `recurrencePattern` and `recurrenceRange`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

from dateutil import rrule

from sandbox.microsoft import times
from sandbox.microsoft.errors import GraphError

MOST = 999
"""So many occurrences Exchange keeps of a series."""

Recurrence = dict[str, Any]

_DAYS = {
    "monday": rrule.MO, "tuesday": rrule.TU, "wednesday": rrule.WE, "thursday": rrule.TH, "friday": rrule.FR,
    "saturday": rrule.SA, "sunday": rrule.SU,
}  # fmt: skip
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_ICAL_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), _DAYS, strict=True))


def accept(value: Recurrence, start: datetime, zone_name: str) -> Recurrence:
    """A patternedRecurrence with its defaults. Raises GraphError (400)."""
    pattern, limits = dict(value.get("pattern") or {}), dict(value.get("range") or {})
    kind = pattern.get("type")
    zone_name = limits.get("recurrenceTimeZone") or zone_name
    first = times.day(start, zone_name)
    if kind is None or limits.get("type") is None or pattern.get("interval", 0) < 1:
        raise _invalid("The recurrence needs the type of its pattern and range, and an interval.")
    if kind in ("weekly", "relativeMonthly", "relativeYearly") and not pattern.get("daysOfWeek"):
        raise _invalid("The pattern needs daysOfWeek.")
    if limits.get("startDate", first.isoformat()) != first.isoformat():
        raise _invalid("The recurrence's startDate isn't the day of the event's start.")
    if limits["type"] == "endDate" and date.fromisoformat(limits.get("endDate") or "0001-01-01") < first:
        raise _invalid("The recurrence ends before it starts.")
    if limits["type"] == "numbered" and limits.get("numberOfOccurrences", 0) < 1:
        raise _invalid("The range needs numberOfOccurrences.")
    pattern = {"month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday", "index": "first", **pattern}
    bounds = {"endDate": "0001-01-01", "numberOfOccurrences": 0, **limits}
    bounds |= {"startDate": first.isoformat(), "recurrenceTimeZone": zone_name}
    accepted = {"pattern": pattern, "range": bounds}
    if next(days(accepted), None) is None:
        raise _invalid("The recurrence has no occurrence.")
    return accepted


def days(recurrence: Recurrence) -> Iterator[date]:
    """The days of the occurrences, in order."""
    return iter(_days(json.dumps(recurrence, sort_keys=True)))


def at(recurrence: Recurrence, start: datetime, day: date) -> datetime | None:
    """When the occurrence of a day is (UTC); None if the series has none then."""
    if day not in _days(json.dumps(recurrence, sort_keys=True)):
        return None
    zone = times.zone(recurrence["range"]["recurrenceTimeZone"])
    return datetime.combine(day, start.astimezone(zone).time(), zone).astimezone(UTC)


@functools.lru_cache(maxsize=256)
def _days(text: str) -> tuple[date, ...]:
    return tuple(_expanded(json.loads(text)))


def _expanded(recurrence: Recurrence) -> Iterator[date]:
    pattern, limits = recurrence["pattern"], recurrence["range"]
    first = datetime.combine(date.fromisoformat(limits["startDate"]), time())
    options: dict[str, Any] = {"dtstart": first, "interval": pattern["interval"]}
    weekdays = [_DAYS[name] for name in pattern.get("daysOfWeek") or []]
    match pattern["type"]:
        case "daily":
            options["freq"] = rrule.DAILY
        case "weekly":
            options |= {"freq": rrule.WEEKLY, "byweekday": weekdays, "wkst": _DAYS[pattern["firstDayOfWeek"]]}
        case "absoluteMonthly" | "absoluteYearly" as kind:
            options |= {"freq": rrule.MONTHLY, "bymonthday": pattern["dayOfMonth"] or first.day}
            if kind == "absoluteYearly":
                options |= {"freq": rrule.YEARLY, "bymonth": pattern["month"] or first.month}
        case _ as kind:
            options |= {"freq": rrule.MONTHLY, "byweekday": weekdays, "bysetpos": _NTH[pattern["index"]]}
            if kind == "relativeYearly":
                options |= {"freq": rrule.YEARLY, "bymonth": pattern["month"] or first.month}
    found = (moment.date() for moment in islice(iter(rrule.rrule(**options)), MOST))
    if limits["type"] == "endDate":
        last = date.fromisoformat(limits["endDate"])
        return takewhile(lambda day: day <= last, found)
    if limits["type"] == "numbered":
        return islice(found, limits["numberOfOccurrences"])
    return found


def starts(recurrence: Recurrence, start: datetime) -> Iterator[tuple[date, datetime]]:
    """Day and instant (UTC) of each occurrence; `start` gives the time of day."""
    zone = times.zone(recurrence["range"]["recurrenceTimeZone"])
    clock = start.astimezone(zone).time()
    for day in days(recurrence):
        yield day, datetime.combine(day, clock, zone).astimezone(UTC)


def ended(recurrence: Recurrence, before: date) -> Recurrence:
    """The same, ending before a day."""
    last = (before - timedelta(days=1)).isoformat()
    limits = {**recurrence["range"], "type": "endDate", "endDate": last, "numberOfOccurrences": 0}
    return {**recurrence, "range": limits}


def weekly(start: datetime, zone_name: str) -> Recurrence:
    """Every week on that day, without an end."""
    return from_rule("FREQ=WEEKLY", start, zone_name)


def from_rule(rule: str, start: datetime, zone_name: str) -> Recurrence:
    """A patternedRecurrence from the iCalendar rule that says the same (FREQ, INTERVAL, BYDAY, COUNT, UNTIL)."""
    parts = dict(part.split("=", 1) for part in rule.removeprefix("RRULE:").split(";"))
    first = times.day(start, zone_name)
    found = re.fullmatch(r"(-?\d)?(.*)", parts.get("BYDAY", ""))
    named = [_ICAL_DAYS[day] for day in (found[2] if found else "").split(",") if day]
    own = list(_ICAL_DAYS.values())[first.weekday()]
    pattern: dict[str, Any] = {"interval": int(parts.get("INTERVAL", 1))}
    match parts["FREQ"]:
        case "DAILY":
            pattern["type"] = "daily"
        case "WEEKLY":
            pattern |= {"type": "weekly", "daysOfWeek": named or [own]}
        case "MONTHLY" if named:
            nth = int(found[1]) if found and found[1] else 1
            index = next(name for name, number in _NTH.items() if number == nth)
            pattern |= {"type": "relativeMonthly", "daysOfWeek": named, "index": index}
        case "MONTHLY":
            pattern |= {"type": "absoluteMonthly", "dayOfMonth": first.day}
        case other:
            raise ValueError(f"no FREQ={other} here")
    limits: dict[str, Any] = {
        "type": "noEnd",
        "recurrenceTimeZone": zone_name,
        "startDate": first.isoformat(),
    }
    if "COUNT" in parts:
        limits |= {"type": "numbered", "numberOfOccurrences": int(parts["COUNT"])}
    elif "UNTIL" in parts:
        until = date.fromisoformat(parts["UNTIL"][:8])
        limits |= {"type": "endDate", "endDate": until.isoformat()}
    return {"pattern": pattern, "range": limits}


def _invalid(message: str) -> GraphError:
    return GraphError(400, "ErrorInvalidRecurrencePattern", message)
