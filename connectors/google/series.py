"""How long a series goes on, and in which rhythm, from its own entry's recurrence rules (RFC 5545, 3.3.10).

https://developers.google.com/workspace/calendar/api/guides/recurringevents
"""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from connectors.values import Rhythm, Series


def series_of(series_id: str, raw: dict[str, Any]) -> Series:
    """From a series' own entry. One whose rule is gone has become a single event: it ends with that."""
    if raw.get("status") == "cancelled":
        return Series(series_id, live=False)
    rules = [_parts(line) for line in _lines(raw.get("recurrence"))]
    if not rules:
        return Series(series_id, live=True, bounded=True)
    zone = _zone(raw.get("start"))
    ends = [_until(rule.get("UNTIL", ""), zone) for rule in rules]
    known = [end for end in ends if end is not None]
    return Series(
        series_id,
        live=True,
        until=max(known) if len(known) == len(rules) else None,
        bounded=any("COUNT" in rule for rule in rules),
        rhythm=_rhythm(raw, rules, zone),
    )


_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TELLING = {"FREQ", "INTERVAL", "BYDAY", "WKST", "UNTIL", "COUNT"}


def _rhythm(raw: dict[str, Any], rules: list[dict[str, str]], zone: tzinfo) -> Rhythm | None:
    """None where the rule is none of whole weeks, or other dates are added to it."""
    (rule, *others) = rules
    added = any(line.upper().startswith("RDATE") for line in raw["recurrence"] if isinstance(line, str))
    if others or added or rule.get("FREQ") != "WEEKLY" or not rule.keys() <= _TELLING:
        return None
    try:
        weeks = int(rule.get("INTERVAL", "1"))
        days = frozenset(_WEEKDAYS.index(day) for day in rule.get("BYDAY", "").split(",") if day)
        first = datetime.fromisoformat(raw["start"]["dateTime"]).astimezone(zone).date()
        week_starts = _WEEKDAYS.index(rule.get("WKST", "MO"))
    except (ValueError, LookupError, TypeError, OverflowError):
        return None
    return Rhythm(first, zone, weeks, days, week_starts) if weeks > 0 else None


def _lines(recurrence: object) -> list[str]:
    lines = recurrence if isinstance(recurrence, list) else []
    return [line for line in lines if isinstance(line, str) and line.upper().startswith("RRULE")]


def _parts(rule: str) -> dict[str, str]:
    """'RRULE:FREQ=WEEKLY;UNTIL=…' as a mapping."""
    pairs = (part.partition("=") for part in rule.partition(":")[2].upper().split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _until(text: str, zone: tzinfo) -> datetime | None:
    """The last moment at which an occurrence may start; a date counts to its end, in the series' zone."""
    try:
        if len(text) == 8:
            day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
            return datetime.combine(day, time.max, zone).replace(microsecond=0).astimezone(UTC)
        if text.endswith("Z"):
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(start: object) -> tzinfo:
    name = start.get("timeZone") if isinstance(start, dict) else None
    try:
        return ZoneInfo(name) if isinstance(name, str) else UTC
    except (ValueError, OSError, LookupError):
        return UTC
