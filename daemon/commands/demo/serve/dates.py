"""Days and times as the pages say them, in Alex's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from daemon.commands.demo.world import ZONE
from daemon.core.weeks import DAYS, MONTHS, Week
from daemon.render import words


def day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def next_workday(moment: datetime) -> datetime:
    """The same time of day on the next day that is none of a weekend."""
    local = moment.astimezone(ZONE) + timedelta(days=1)
    return local + timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)


def long_day(moment: datetime) -> str:
    """ "Tue 3 November 2026" """
    local = moment.astimezone(ZONE)
    return f"{DAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1]} {local.year}"


def span(start: datetime, end: datetime) -> str:
    """ "10:00–10:30" """
    return f"{words.clock(start, ZONE)}–{words.clock(end, ZONE)}"


def moment(when: datetime) -> str:
    """ "Tue 3 Nov 10:00" """
    return words.in_text(when, ZONE)


def of_week(week: Week) -> str:
    """ "2 to 8 November 2026" """
    first, last = day(week.start), day(week.end - timedelta(hours=1))
    begins = str(first.day)
    if first.month != last.month:
        begins += f" {MONTHS[first.month - 1]}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begins} to {last.day} {MONTHS[last.month - 1]} {last.year}"
