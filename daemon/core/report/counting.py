"""Counts of 1:1s: of a week, of twelve, in a row; and the strip that shows each by its start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from daemon.core.model import By, Change, How, Kind, Times
from daemon.core.report.model import Counts, Seen, StripWeek
from daemon.core.report.outcomes import Told
from daemon.core.weeks import Week

_LATE = timedelta(days=1)
_BREAKS_A_STREAK = (Kind.NO_SHOW, Kind.CANCELLED, Kind.DECLINED)


def counts(told: Iterable[Told], ended: Iterable[Told], span: Times) -> Counts:
    """:param told: the entries that count: each move does. :param ended: how each 1:1 stands: it counts once."""
    shifted = Counter(t.change.how for t in told if t.change.kind is Kind.RESCHEDULED and _in(t, span))
    final = [t.change for t in ended if _in(t, span)]
    kinds = Counter(c.kind for c in final)
    return Counts(
        held=kinds[Kind.HELD],
        moved=shifted[How.MOVED],
        rebooked=shifted[How.REBOOKED],
        cancelled=_by_whom(final, Kind.CANCELLED, (By.THEM, By.ME, By.UNKNOWN)),
        declined=_by_whom(final, Kind.DECLINED, (By.THEM, By.ME)),
        no_show=kinds[Kind.NO_SHOW],
        excused=kinds[Kind.EXCUSED],
    )


def _in(told: Told, span: Times) -> bool:
    return span.start <= told.at < span.end


def _by_whom(changes: Iterable[Change], kind: Kind, whom: tuple[By, ...]) -> dict[str, int]:
    found = Counter(c.by or By.UNKNOWN for c in changes if c.kind is kind)
    return {by.value: found[by] for by in whom}


def streak(ended: Sequence[Told]) -> int:
    """The latest run of held, by start. What was moved or excused neither counts nor breaks it."""
    run = 0
    for told in reversed(ended):
        if told.change.kind in _BREAKS_A_STREAK:
            break
        run += told.change.kind is Kind.HELD
    return run


def seen(week: Week, read: datetime | None, now: datetime) -> Seen:
    """:param read: when the calendars were last read; None where nobody asks."""
    if week.start > now:
        return Seen.TO_COME
    unread = read is not None and read <= week.start and is_late(week, read, now)
    return Seen.UNREAD if unread else Seen.READ


def is_late(week: Week, read: datetime, now: datetime) -> bool:
    """Whether more than a day of a week went by since the last read."""
    return min(now, week.end) - read > _LATE


def strip(
    ended: Iterable[Told], weeks: Sequence[Week], read: datetime | None, now: datetime
) -> tuple[StripWeek, ...]:
    """How each 1:1 stands, in the week that shows it."""
    first, last = weeks[0].start, weeks[-1].end
    shown = sorted((t for t in ended if first <= t.shown_at < last), key=lambda t: t.shown_at)
    found = []
    for week in weeks:
        here = [t for t in shown if week.holds(t.shown_at)]
        unread = tuple(n for n, t in enumerate(here) if _is_unread(t, read, now))
        found.append(StripWeek(week, tuple(t.change.kind for t in here), seen(week, read, now), unread))
    return tuple(found)


def _is_unread(told: Told, read: datetime | None, now: datetime) -> bool:
    """Whether it stood when it was last read, and is over."""
    change, times = told.change, told.change.now_at or told.change.was
    stood = change.kind in (Kind.SCHEDULED, Kind.REINSTATED) or change.how is How.MOVED
    if read is None or times is None or not stood:
        return False
    return read < told.shown_at + (times.end - times.start) <= now


def median_notice(told: Iterable[Told]) -> int | None:
    """Of what they cancelled or moved, in minutes; None where nothing tells."""
    minutes = sorted(
        t.change.notice_minutes
        for t in told
        if t.change.by is By.THEM
        and t.change.kind in (Kind.CANCELLED, Kind.RESCHEDULED)
        and t.change.notice_minutes is not None
    )
    if not minutes:
        return None
    middle = len(minutes) // 2
    return minutes[middle] if len(minutes) % 2 else (minutes[middle - 1] + minutes[middle]) // 2
