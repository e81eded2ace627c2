"""How long a series goes on, and in which rhythm, from its own entry's recurrence.

https://learn.microsoft.com/graph/api/resources/patternedrecurrence
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from connectors.fields import word
from connectors.outlook.parse import is_cancelled, kind_of
from connectors.outlook.zones import zone_named
from connectors.values import Rhythm, Series


def series_of(series_id: str, raw: dict[str, Any]) -> Series:
    """From a series' own entry. One whose rule is gone has become a single event: it ends with that."""
    if is_cancelled(raw):
        return Series(series_id, live=False)
    recurrence = raw.get("recurrence")
    limits = recurrence.get("range") if isinstance(recurrence, dict) else None
    if kind_of(raw) != "seriesmaster" or not isinstance(recurrence, dict) or not isinstance(limits, dict):
        return Series(series_id, live=True, bounded=True)
    rhythm = _rhythm(recurrence, limits, raw)
    match word(limits.get("type")).lower():
        case "numbered":
            return Series(series_id, live=True, bounded=True, rhythm=rhythm)
        case "enddate":
            return Series(series_id, live=True, until=_until(limits, raw), rhythm=rhythm)
    return Series(series_id, live=True, rhythm=rhythm)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _rhythm(recurrence: dict[str, Any], limits: dict[str, Any], raw: dict[str, Any]) -> Rhythm | None:
    """None where the pattern is none of whole weeks, or can't be read."""
    pattern = recurrence.get("pattern")
    if not isinstance(pattern, dict) or word(pattern.get("type")).lower() != "weekly":
        return None
    weeks, days = pattern.get("interval"), pattern.get("daysOfWeek") or []
    zone = _zone(limits, raw)
    if zone is None or not isinstance(weeks, int) or weeks < 1 or not isinstance(days, list):
        return None
    try:
        first = date.fromisoformat(word(limits.get("startDate")))
        weekdays = frozenset(_WEEKDAYS.index(word(day).lower()) for day in days)
        week_starts = _WEEKDAYS.index(word(pattern.get("firstDayOfWeek")).lower() or "sunday")
    except ValueError:
        return None
    return Rhythm(first, zone, weeks, weekdays, week_starts)


def _zone(limits: dict[str, Any], raw: dict[str, Any]) -> tzinfo | None:
    return zone_named(word(limits.get("recurrenceTimeZone")) or word(raw.get("originalStartTimeZone")))


def _until(limits: dict[str, Any], raw: dict[str, Any]) -> datetime | None:
    """The last second of the last day, in the series' zone; Graph writes "never" as year 1 or 4501."""
    try:
        day = date.fromisoformat(word(limits.get("endDate")))
        if not 1900 <= day.year <= 2200:
            return None
        end = datetime.combine(day, time.max, _zone(limits, raw) or UTC)
        return end.replace(microsecond=0).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
