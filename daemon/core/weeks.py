"""ISO weeks in the user's time zone: what the report counts by; and what days and months are called."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

from connectors.frozen import dataclass

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Their first three letters are their short names."""
WEEKS = 12
"""How many weeks the strip and the window hold; they end with the report's own."""
_NAME = re.compile(r"(\d{4})-W(\d{1,2})", re.ASCII)
_YEARS = range(1900, 9000)
"""Beyond them, twelve weeks earlier or a week later may be no date any more."""


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week in the user's time zone, from its Monday up to the next one's."""

    name: str
    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def week_of(day: date, zone: tzinfo) -> Week:
    """The ISO week that a day of the calendar is in."""
    monday = day - timedelta(days=day.weekday())
    year, number, _ = monday.isocalendar()
    start = datetime.combine(monday, time(), zone)
    return Week(f"{year}-W{number:02}", start, datetime.combine(monday + timedelta(days=7), time(), zone))


def week_named(name: str, zone: tzinfo) -> Week:
    """:raises ValueError: not an ISO week like 2026-W47."""
    named = _NAME.fullmatch(name)
    if named is None or int(named[1]) not in _YEARS:
        raise ValueError(name)
    return week_of(date.fromisocalendar(int(named[1]), int(named[2]), 1), zone)


def weeks_to(last: Week, zone: tzinfo) -> tuple[Week, ...]:
    """The twelve weeks that end with this one."""
    monday = last.start.astimezone(zone).date()
    return tuple(week_of(monday - timedelta(weeks=back), zone) for back in range(WEEKS - 1, -1, -1))


def week_after(week: Week, zone: tzinfo) -> Week:
    """The week after this one."""
    return week_of(week.start.astimezone(zone).date() + timedelta(days=7), zone)
