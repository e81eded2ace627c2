"""Times that are free for the user: what they can offer for a 1:1 that fell through.

Really free, over all calendars, within working hours, on the next five working days; none where nobody knows what is
taken. One on each day as long as there are days, by turns in the earlier and in the later half of the hours, on a
full or half hour rather than on a quarter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from connectors.frozen import dataclass
from daemon.core.model import Times

_WORKING_DAYS = 5
_MOST = 3
LEAD = timedelta(hours=2)
"""Nobody is offered a time sooner than this."""
_STEP = timedelta(minutes=15)
_HALF_HOUR = 30


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours, Monday to Friday, by the clocks of a zone."""

    zone: tzinfo
    opens: time
    closes: time


def free_times(
    taken: Iterable[Times], known_until: datetime | None, hours: Hours, length: timedelta, now: datetime
) -> tuple[Times, ...]:
    """At most three, by start, in UTC.

    :param known_until: up to when `taken` tells everything; None: it tells nothing.
    """
    if known_until is None or length <= timedelta(0):
        return ()
    days = _days(hours, length, now)
    if not days:
        return ()
    blocks = _merged(taken, now, days[-1][-1].end)
    free = [[t for t in day if t.end <= known_until and _is_free(t, blocks)] for day in days]
    chosen: list[Times] = []
    late: dict[int, bool] = {}
    while len(chosen) < _MOST and any(free):
        for number, day in enumerate(free):
            if day and len(chosen) < _MOST:
                late[number] = not late[number] if number in late else len(chosen) % 2 == 1
                chosen.append(_pick(day, late=late[number], hours=hours))
        free = [[t for t in day if not any(_overlap(t, c) for c in chosen)] for day in free]
    return tuple(sorted(chosen, key=lambda t: t.start))


def _days(hours: Hours, length: timedelta, now: datetime) -> list[list[Times]]:
    """What could be offered on each of the next five working days; today is one if there is enough left of it."""
    days: list[list[Times]] = []
    day = now.astimezone(hours.zone).date()
    for _ in range(2 * _WORKING_DAYS):  # five working days are within ten
        if day.weekday() < 5 and (possible := _of_day(day, hours, length, now + LEAD)):
            days.append(possible)
        if len(days) == _WORKING_DAYS:
            break
        day += timedelta(days=1)
    return days


def _of_day(day: date, hours: Hours, length: timedelta, earliest: datetime) -> list[Times]:
    """The quarters of an hour at which it can begin, by the local clock."""
    closes = datetime.combine(day, hours.closes, hours.zone).astimezone(UTC)
    found = []
    for minutes in range(0, 24 * 60, int(_STEP.total_seconds() // 60)):
        clock = time(minutes // 60, minutes % 60)
        start = datetime.combine(day, clock, hours.zone).astimezone(UTC)
        if clock >= hours.opens and start >= earliest and start + length <= closes:
            found.append(Times(start, start + length))
    return found


def _merged(taken: Iterable[Times], since: datetime, until: datetime) -> list[Times]:
    """Taken times as stretches that don't touch, by start."""
    merged: list[Times] = []
    near = (t for t in taken if t.start < until and t.end > since)
    for block in sorted(near, key=lambda t: t.start):
        if merged and block.start <= merged[-1].end:
            merged[-1] = Times(merged[-1].start, max(merged[-1].end, block.end))
        else:
            merged.append(Times(block.start, block.end))
    return merged


def _is_free(times: Times, blocks: Sequence[Times]) -> bool:
    at = bisect_left(blocks, times.end, key=lambda b: b.start)
    return at == 0 or blocks[at - 1].end <= times.start


def _overlap(one: Times, other: Times) -> bool:
    return one.start < other.end and other.start < one.end


def _pick(day: Sequence[Times], *, late: bool, hours: Hours) -> Times:
    """The first of the wanted half of the day that begins on a full or half hour, else the next best."""
    opens = hours.opens.hour * 60 + hours.opens.minute
    noon = (opens + hours.closes.hour * 60 + hours.closes.minute) // 2

    def rank(times: Times) -> tuple[bool, bool, datetime]:
        local = times.start.astimezone(hours.zone)
        is_late = local.hour * 60 + local.minute >= noon
        return is_late is not late, local.minute % _HALF_HOUR != 0, times.start

    return min(day, key=rank)
