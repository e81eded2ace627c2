"""Counts of 1:1s: of a week, of twelve, in a row; and the strip that shows each by its start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from daemon.core.model import By, Change, How, Kind, Times
from daemon.core.outcomes import Told
from daemon.core.report_model import Counts, StripWeek
from daemon.core.weeks import Week

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


def strip(ended: Iterable[Told], weeks: Sequence[Week]) -> tuple[StripWeek, ...]:
    """How each 1:1 stands, in the week that shows it."""
    first, last = weeks[0].start, weeks[-1].end
    shown = sorted((t for t in ended if first <= t.shown_at < last), key=lambda t: t.shown_at)
    return tuple(StripWeek(w, tuple(t.change.kind for t in shown if w.holds(t.shown_at))) for w in weeks)


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
