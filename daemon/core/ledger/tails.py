"""What a series lost in a look, what appeared in its place, and whether it goes on: what `series` decides by.

Providers give the occurrences new ids when a series' time is edited, and a new series when it is edited from one
date on ("this and following"; nothing documented links the halves).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from daemon.core.detect import Verdict
from daemon.core.ledger.draft import Ledger
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import OPEN, OneOnOne, Times

_WEEK = timedelta(weeks=1)
_COMING_INTO_VIEW = timedelta(days=6)
"""Dates of the same series this long after the last that vanished were only too far ahead to be seen before."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The occurrences of one series with one person that vanished, by start.

    `to_the_end`: no later one is left. `whole`: no earlier one either.
    """

    series_id: str
    person: str
    gone: tuple[OneOnOne, ...]
    to_the_end: bool
    whole: bool


def tails(ledger: Ledger, look: Look) -> list[Tail]:
    """What each series lost. Dates whose siblings could not be asked for are left waiting."""
    coming: dict[tuple[str, str], list[OneOnOne]] = {}
    for record in ledger.of_calendar(look.account, look.calendar):
        news = record.end > _floor(look) or record.pending
        if record.series_id and record.state in OPEN and news and not look.removed_when_over(record):
            coming.setdefault((record.series_id, record.person), []).append(record)
    lost = []
    for (series_id, person), records in coming.items():
        gone = [r for r in records if look.says_gone(r)]
        if gone:
            after = [r for r in records if r.start >= gone[0].start]
            if len(gone) < len(after) and all(r in gone or r.event_id in look.unresolved for r in after):
                # Perhaps the series ended, perhaps not: nothing is told before all of its dates were asked for.
                ledger.waiting |= {r.id for r in gone}
                continue
            to_the_end, whole = len(gone) == len(after), len(gone) == len(records)
            lost.append(Tail(series_id, person, tuple(gone), to_the_end, whole))
    return lost


def _floor(look: Look) -> datetime:
    """From when on this look is news: dates that went past unwatched belong to the same edit."""
    return look.since or look.at


def dates_by_person(look: Look) -> dict[str, list[Sight]]:
    """The dates of series that a look shows standing, and that are news to it, by start."""
    found: dict[str, list[Sight]] = {}
    for seen in sorted(look.sights.values(), key=lambda s: s.times.start):
        stands = seen.live and seen.label.verdict is Verdict.ONE_ON_ONE
        if stands and seen.event.series_id is not None and seen.times.end > _floor(look):
            found.setdefault(seen.label.person, []).append(seen)
    return found


def appeared(ledger: Ledger, look: Look, tail: Tail, dates: Iterable[Sight]) -> list[Sight]:
    """New occurrences with the same person: of the same series under new ids, or of one that was not there before.

    :param dates: all that stand with the person, by start.
    """
    unknown = [seen for seen in dates if not ledger.follows(look, seen)]
    if not unknown:
        return []
    known_series = {r.series_id for r in ledger.of_calendar(look.account, look.calendar)} - {tail.series_id}
    found = [seen for seen in unknown if seen.event.series_id not in known_series]
    same = [s for s in found if s.event.series_id == tail.series_id]
    if same and same[0].times.start < tail.gone[-1].start + _COMING_INTO_VIEW:
        same = _with_cancelled(ledger, look, same)
        return same if tail.whole or len(same) >= len(tail.gone) else []
    if _goes_on(look, tail):
        return []
    by_series: dict[str, list[Sight]] = {}
    for seen in found:
        # An edit of a series leaves it to its organizer.
        if seen not in same and seen.label.owner is tail.gone[0].owner:
            by_series.setdefault(seen.event.series_id or "", []).append(seen)
    best = max(by_series.values(), key=lambda group: _likeness(group[0], tail), default=[])
    return _with_cancelled(ledger, look, best)


def _with_cancelled(ledger: Ledger, look: Look, group: list[Sight]) -> list[Sight]:
    """The dates of a new series that were cancelled since keep their places in it, for the old ones to pair with."""
    gone = [
        seen
        for seen in look.sights.values()
        if not seen.live
        and group
        and seen.event.series_id == group[0].event.series_id
        and (seen.label.verdict, seen.label.person) == (Verdict.ONE_ON_ONE, group[0].label.person)
        and seen.times.end > _floor(look)
        and (seen.planned - group[0].planned) % _WEEK == timedelta()
        and not ledger.follows(look, seen)
    ]
    return sorted((*group, *gone), key=lambda s: s.planned)


def _likeness(seen: Sight, tail: Tail) -> tuple[bool, bool, float]:
    """Which of several new series continues this one: by its id, by its title, by how near it starts."""
    base = (seen.event.series_id or "").split("_R")[0] == tail.series_id.split("_R")[0]
    distance = abs((seen.times.start - tail.gone[0].start).total_seconds())
    return base, seen.event.title == tail.gone[0].title, -distance


def _goes_on(look: Look, tail: Tail) -> bool:
    """Whether the series is known to reach as far as ever: then its dates were cancelled, and no other continues it."""
    series = look.series.get(tail.series_id)
    if series is None or not series.live:
        return False
    return series.until >= tail.gone[0].planned if series.until is not None else not series.bounded


def has_ended(look: Look, tail: Tail) -> bool:
    """Whether the series is gone, or was cut before its first lost date; where nothing tells, if all of it went."""
    if tail.series_id in look.tombstones:
        return True
    series = look.series.get(tail.series_id)
    if series is None:
        return tail.whole and len(tail.gone) > 1
    if not series.live:
        return True
    if series.until is not None and series.until < tail.gone[0].planned:
        return True
    return series.bounded and tail.whole and len(tail.gone) > 1


def next_date(ledger: Ledger, look: Look, tail: Tail, lost: OneOnOne) -> Times | None:
    """When the series stands next after a date that it lost."""
    stands = [
        record.times
        for record in ledger.of_calendar(look.account, look.calendar)
        if (record.series_id, record.person) == (tail.series_id, tail.person)
        and record.state in OPEN
        and not look.says_gone(record)
    ]
    stands += [
        seen.times
        for seen in look.sights.values()
        if (seen.event.series_id, seen.label.person) == (tail.series_id, tail.person) and seen.live
    ]
    return min((times for times in stands if times.start > lost.start), key=lambda t: t.start, default=None)
