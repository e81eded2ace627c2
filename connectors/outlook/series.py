"""How long a series goes on, from its own entry's recurrence range."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from connectors.outlook.fields import word
from connectors.outlook.parse import is_cancelled, kind_of
from connectors.outlook.zones import zone_named
from connectors.values import Series


def series_of(series_id: str, raw: dict[str, Any]) -> Series:
    """From a series' own entry. One whose rule is gone has become a single event: it ends with that."""
    if is_cancelled(raw):
        return Series(series_id, live=False)
    recurrence = raw.get("recurrence")
    limits = recurrence.get("range") if isinstance(recurrence, dict) else None
    if kind_of(raw) != "seriesmaster" or not isinstance(limits, dict):
        return Series(series_id, live=True, bounded=True)
    match word(limits.get("type")).lower():
        case "numbered":
            return Series(series_id, live=True, bounded=True)
        case "enddate":
            return Series(series_id, live=True, until=_until(limits, raw))
    return Series(series_id, live=True)


def _until(limits: dict[str, Any], raw: dict[str, Any]) -> datetime | None:
    """The last second of the last day, in the series' zone; Graph writes "never" as year 1 or 4501."""
    name = word(limits.get("recurrenceTimeZone")) or word(raw.get("originalStartTimeZone"))
    try:
        day = date.fromisoformat(word(limits.get("endDate")))
        if not 1900 <= day.year <= 2200:
            return None
        end = datetime.combine(day, time.max, zone_named(name) or UTC)
        return end.replace(microsecond=0).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
