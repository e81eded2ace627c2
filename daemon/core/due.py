"""When the weekly report is due, and on which week it is; when topics are due; when to try again what failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo

from daemon.core.artefacts import OpenPage
from daemon.core.model import OneOnOne, State, short_hash
from daemon.core.weeks import Week, week_of

_WEEK = timedelta(days=7)
_MONDAY = 0
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=2)
_TOO_FRESH = timedelta(minutes=15)


def report_moment(weekday: int, at: time, zone: tzinfo, now: datetime) -> datetime:
    """The last moment, in UTC, at which a report was due: the latest such weekday and local time that has come."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    return moment if moment <= now else datetime.combine(day - _WEEK, at, zone).astimezone(UTC)


def reported_week(moment: datetime, zone: tzinfo) -> Week:
    """The week that a report due at `moment` is on. On a Monday, that is the one that has just ended."""
    day = moment.astimezone(zone).date()
    return week_of(day - _WEEK if day.weekday() == _MONDAY else day, zone)


def moment_of(week: Week, weekday: int, at: time, zone: tzinfo) -> datetime:
    """When the report on a week is due, in UTC."""
    monday = week.start.astimezone(zone).date()
    days = 7 if weekday == _MONDAY else weekday
    return datetime.combine(monday + timedelta(days=days), at, zone).astimezone(UTC)


def next_try(tries: int, now: datetime) -> datetime:
    """When something that failed `tries` times in a row is tried again: in minutes at first, then in hours."""
    wait: timedelta = _FIRST_WAIT * 2 ** min(tries - 1, 10)
    return now + min(wait, _LONGEST_WAIT)


def topics_key(record: OneOnOne) -> str:
    """Stands for a 1:1 at its time: when it moves, its topics fall due anew."""
    return short_hash("topics", record.id, record.start.isoformat())


def topics_fallen_due(
    pages: Iterable[OpenPage], records: Mapping[str, OneOnOne], before: timedelta, now: datetime
) -> Iterator[tuple[OpenPage, OneOnOne]]:
    """The open pages of 1:1s to come whose topics are due by now.

    Not where the page was opened only minutes before the 1:1: nobody can prepare then.
    """
    for page in pages:
        record = records.get(page.one_on_one)
        if record is None or record.state is not State.STANDING or record.start <= now:
            continue
        if record.start - before <= now and record.start - page.opened_at >= _TOO_FRESH:
            yield page, record
