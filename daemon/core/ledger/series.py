"""Series that are moved, split or ended as a whole: one change, and not one for each date.

Providers give the occurrences new ids when a series' time is edited, and a new series when it is edited from one
date on ("this and following"; nothing documented links the halves). So occurrences that vanish and occurrences that
appear with the same person in the same batch are paired in the order of their dates before anything is called
cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest
from math import gcd

from connectors.values import Status, Tombstone
from daemon.core.detect import Verdict
from daemon.core.ledger.draft import Ledger, happened
from daemon.core.ledger.evidence import who_acted
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import How, Kind, OneOnOne, Scope, State, Times

_OPEN = (State.STANDING, State.DECLINED)
_GONE = (State.CANCELLED, State.REPLACED, State.ENDED)
_WEEK = timedelta(weeks=1)
_FEW = 2
"""So few dates tell no rhythm: one between them may have been cancelled."""
_COMING_INTO_VIEW = timedelta(days=6)
"""Dates of the same series this long after the last that vanished were only too far ahead to be seen before."""


@dataclass(frozen=True, slots=True)
class _Tail:
    """The occurrences of one series with one person that vanished, and whether all later ones did."""

    series_id: str
    person: str
    gone: tuple[OneOnOne, ...]
    to_the_end: bool
    whole: bool


def settle_series(ledger: Ledger, look: Look) -> None:
    """Pairs, or ends, each series that lost its occurrences; what is left over goes through the decision table."""
    for tail in _tails(ledger, look):
        appeared = _appeared(ledger, look, tail)
        if appeared and tail.to_the_end:
            _continue_as(ledger, look, tail, appeared)
        elif tail.to_the_end and _has_ended(look, tail):
            _end(ledger, look, tail)
        else:
            _thin_out(ledger, look, tail)


def follow_renamed(ledger: Ledger, look: Look) -> None:
    """Keeps hold of occurrences that have another id since they were changed, as some calendars give them.

    The series and the original start say which one it is; that start never changes. Google gives its occurrences ids
    when a single event becomes a series, and takes them away when a series becomes a single event.
    """
    _follow_into_series(ledger, look)
    _follow_out_of_series(ledger, look)
    _follow_revived(ledger, look)
    first: dict[tuple[str, datetime], OneOnOne] = {}
    for record in ledger.of_calendar(look.account, look.calendar):
        if record.series_id and record.event_id not in look.sights:
            key = (record.series_id, record.original_start or record.start)
            if key not in first or record.state in _OPEN:
                first[key] = record
    for event_id, seen in look.sights.items():
        event = seen.event
        if event.series_id is None or event.original_start is None or ledger.knows(look, seen):
            continue
        renamed = first.get((event.series_id, event.original_start))
        if renamed is not None:
            ledger.put(replace(renamed, event_id=event_id, original_start=event.original_start))


def _follow_into_series(ledger: Ledger, look: Look) -> None:
    """A single event that repeats from now on goes on as the first date of its series."""
    dates: dict[str, list[Sight]] = {}
    for seen in look.sights.values():
        if seen.event.series_id is not None and seen.event.status is not Status.CANCELLED:
            dates.setdefault(seen.event.series_id, []).append(seen)
    for record in ledger.of_calendar(look.account, look.calendar):
        same = [s for s in dates.get(record.event_id, ()) if s.label.person == record.person]
        if record.series_id is not None or not same:
            continue
        first = min(same, key=lambda s: (s.times.start != record.start, s.times.start))
        stays = first.times.start == record.start or record.state in _OPEN
        if stays and not ledger.follows(look, first):
            ledger.put(_under(record, first))


def _follow_out_of_series(ledger: Ledger, look: Look) -> None:
    """A series that no longer repeats goes on as the single event that is left of it."""
    records = list(ledger.of_calendar(look.account, look.calendar))
    for seen in look.sights.values():
        live = seen.event.status is not Status.CANCELLED
        if seen.event.series_id is not None or not live or ledger.follows(look, seen):
            continue
        dates = [r for r in records if r.series_id == seen.event.id and r.person == seen.label.person]
        dates = [r for r in dates if r.start == seen.times.start] or [r for r in dates if _is_lost(look, r)]
        if dates:
            ledger.put(_under(dates[0], seen))


def _follow_revived(ledger: Ledger, look: Look) -> None:
    """A single event that comes back as another item goes on as itself: its iCal UID says so.

    The item that was deleted may still be answered by its id; the one made later is what the calendar shows.
    """
    before = {
        (record.ical_uid, record.person): record
        for record in ledger.of_calendar(look.account, look.calendar)
        if record.series_id is None
        and record.ical_uid
        and record.state in (*_OPEN, *_GONE, State.NOT_ONE_ON_ONE)
    }
    for seen in look.sights.values():
        record = before.get((seen.event.ical_uid or "", seen.label.person))
        live = seen.event.status is not Status.CANCELLED
        if record is None or seen.event.series_id is not None or not live or ledger.follows(look, seen):
            continue
        if not _stands(look, record) or _is_newer(seen, record):
            ledger.put(_under(record, seen))


def _stands(look: Look, record: OneOnOne) -> bool:
    if record.state in _OPEN:
        return not _is_gone(look, record)
    seen = look.seen(record)
    return isinstance(seen, Sight) and seen.event.status is not Status.CANCELLED


def _is_newer(seen: Sight, record: OneOnOne) -> bool:
    made = seen.event.created
    return made is not None and record.created is not None and made > record.created


def _is_lost(look: Look, record: OneOnOne) -> bool:
    return record.state in _OPEN and _is_gone(look, record)


def _under(record: OneOnOne, seen: Sight) -> OneOnOne:
    event = seen.event
    return replace(
        record,
        event_id=event.id,
        series_id=event.series_id,
        original_start=event.original_start,
        created=event.created if event.series_id is None else record.created,
    )


def _tails(ledger: Ledger, look: Look) -> list[_Tail]:
    coming: dict[tuple[str, str], list[OneOnOne]] = {}
    for record in ledger.of_calendar(look.account, look.calendar):
        news = record.end > _floor(look) or record.pending
        if record.series_id and record.state in _OPEN and news and not look.removed_when_over(record):
            coming.setdefault((record.series_id, record.person), []).append(record)
    tails = []
    for (series_id, person), records in coming.items():
        gone = [r for r in records if _is_gone(look, r)]
        if gone:
            after = [r for r in records if r.start >= gone[0].start]
            if len(gone) < len(after) and all(r in gone or r.event_id in look.unresolved for r in after):
                # Perhaps the series ended, perhaps not: nothing is told before all of its dates were asked for.
                ledger.waiting |= {r.id for r in gone}
                continue
            tails.append(
                _Tail(series_id, person, tuple(gone), len(gone) == len(after), len(gone) == len(records))
            )
    return tails


def _floor(look: Look) -> datetime:
    """From when on this look is news: dates that went past unwatched belong to the same edit."""
    return look.since or look.at


def _is_gone(look: Look, record: OneOnOne) -> bool:
    if record.event_id in look.unresolved:
        return False
    seen = look.seen(record)
    return isinstance(seen, Tombstone) or (seen is not None and seen.event.status is Status.CANCELLED)


def _appeared(ledger: Ledger, look: Look, tail: _Tail) -> list[Sight]:
    """New occurrences with the same person: of the same series under new ids, or of one that was not there before."""
    known_series = {r.series_id for r in ledger.of_calendar(look.account, look.calendar)} - {tail.series_id}
    found = [
        seen
        for seen in look.sights.values()
        if seen.label.verdict is Verdict.ONE_ON_ONE
        and seen.label.person == tail.person
        and seen.event.status is not Status.CANCELLED
        and seen.event.series_id is not None
        and seen.event.series_id not in known_series
        and seen.times.end > _floor(look)
        and not ledger.follows(look, seen)
    ]
    found.sort(key=lambda s: s.times.start)
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
        if seen.event.status is Status.CANCELLED
        and group
        and seen.event.series_id == group[0].event.series_id
        and (seen.label.verdict, seen.label.person) == (Verdict.ONE_ON_ONE, group[0].label.person)
        and seen.times.end > _floor(look)
        and (_planned(seen) - _planned(group[0])) % timedelta(weeks=1) == timedelta()
        and not ledger.follows(look, seen)
    ]
    return sorted((*group, *gone), key=_planned)


def _planned(seen: Sight) -> datetime:
    """Where its series has it."""
    return seen.event.original_start or seen.event.start


def _likeness(seen: Sight, tail: _Tail) -> tuple[bool, bool, float]:
    """Which of several new series continues this one: by its id, by its title, by how near it starts."""
    base = (seen.event.series_id or "").split("_R")[0] == tail.series_id.split("_R")[0]
    distance = abs((seen.times.start - tail.gone[0].start).total_seconds())
    return base, seen.event.title == tail.gone[0].title, -distance


def has_date(ledger: Ledger, look: Look, seen: Sight) -> bool:
    """Whether a series would have had this cancelled date, which nobody saw alive.

    Calendars keep cancelled dates of a series that ended, was split or was moved as a whole: nobody cancelled those.
    The series stands on a later date, and in the same rhythm of weeks on one at least; where it stands on three or
    more to come, it is their rhythm.
    """
    series_id = seen.event.series_id
    dates = {
        s.event.original_start or s.event.start
        for s in look.sights.values()
        if s.event.series_id == series_id and s.event.status is not Status.CANCELLED
    }
    dates |= {
        _date_of(record)
        for record in ledger.of_calendar(look.account, look.calendar)
        if record.series_id == series_id and record.state not in _GONE
    }
    date = _planned(seen)
    in_step = sorted(d for d in dates if (d - date) % _WEEK == timedelta())
    if not in_step or all(d < date for d in dates):
        return False
    coming = [d for d in in_step if d > min(date, look.at)]
    weeks = gcd(*((b - a) // _WEEK for a, b in pairwise(coming))) if len(coming) > _FEW else 1
    return (in_step[-1] - date) // _WEEK % weeks == 0


def _goes_on(look: Look, tail: _Tail) -> bool:
    """Whether the series is known to reach as far as ever: then its dates were cancelled, and no other continues it."""
    series = look.series.get(tail.series_id)
    if series is None or not series.live:
        return False
    return series.until >= _date_of(tail.gone[0]) if series.until is not None else not series.bounded


def _date_of(record: OneOnOne) -> datetime:
    """Where its series has it, wherever it was moved to."""
    return record.original_start or record.start


def _has_ended(look: Look, tail: _Tail) -> bool:
    if tail.series_id in look.tombstones:
        return True
    series = look.series.get(tail.series_id)
    if series is None:
        return tail.whole and len(tail.gone) > 1
    if not series.live:
        return True
    if series.until is not None and series.until < _date_of(tail.gone[0]):
        return True
    return series.bounded and tail.whole and len(tail.gone) > 1


def _continue_as(ledger: Ledger, look: Look, tail: _Tail, appeared: list[Sight]) -> None:
    """Old occurrences live on under the new ids; the first that stands at another time is the one change."""
    told = False
    for record, seen in zip_longest(tail.gone, appeared[: len(tail.gone)]):
        if seen is None:
            ledger.put(replace(record, state=State.ENDED, closed_at=look.at))
            continue
        renewed = replace(
            record,
            event_id=seen.event.id,
            series_id=seen.event.series_id,
            original_start=seen.event.original_start,
            ical_uid=seen.event.ical_uid,
        )
        if seen.event.status is Status.CANCELLED or seen.times.start == record.start:
            ledger.put(renewed)  # the decision table tells of what was cancelled
        elif told:
            ledger.put(replace(renewed, start=seen.times.start, end=seen.times.end))
        else:
            told = True
            _tell_series_moved(ledger, look, record, renewed, seen)


def _tell_series_moved(ledger: Ledger, look: Look, record: OneOnOne, renewed: OneOnOne, seen: Sight) -> None:
    by, why = who_acted(record, seen, moved=True)
    ledger.draft(
        renewed,
        Kind.RESCHEDULED,
        how=How.MOVED,
        scope=Scope.SERIES,
        by=by,
        was=record.times,
        now_at=seen.times,
        happened=happened(look, seen),
        evidence=f"{why.replace('the same event', 'the series')} from this date on",
        seen=seen,
    )


def _end(ledger: Ledger, look: Look, tail: _Tail) -> None:
    first = tail.gone[0]
    seen = look.seen(first)
    assert seen is not None
    by, why = who_acted(first, seen)
    ledger.draft(
        first,
        Kind.SERIES_ENDED,
        scope=Scope.SERIES,
        by=by,
        was=first.times,
        happened=happened(look, seen),
        evidence=f"{why}; the series has no dates any more from this one on",
        state=State.ENDED,
    )
    for record in tail.gone[1:]:
        ledger.put(
            replace(
                record, state=State.ENDED, closed_at=look.at, closing_change=f"{first.id}.{first.changes + 1}"
            )
        )


def _thin_out(ledger: Ledger, look: Look, tail: _Tail) -> None:
    """A series that goes on with fewer dates by its own rule: those that it lost are one change, and not cancelled."""
    series = look.series.get(tail.series_id)
    if series is None or not series.live or series.rhythm is None:
        return
    lost = [record for record in tail.gone if not series.rhythm.has(_date_of(record))]
    first = next((record for record in lost if record.state is State.STANDING), None)
    follows = _next_date(ledger, look, tail, first) if first is not None else None
    if first is None or follows is None:
        return
    seen = look.seen(first)
    assert seen is not None
    by, why = who_acted(first, seen, moved=True)
    told = ledger.draft(
        first,
        Kind.RESCHEDULED,
        how=How.MOVED,
        scope=Scope.SERIES,
        by=by,
        was=first.times,
        now_at=follows,
        happened=happened(look, seen),
        evidence=f"{why.replace('the same event has a new time', 'the series has fewer dates')} from this one on; "
        "the next one is what it stands for",
        state=State.ENDED,
    )
    for record in lost:
        if record is not first:  # what was declined before stays so
            closing = record.closing_change if record.state is State.DECLINED else told.id
            ledger.put(replace(record, state=State.ENDED, closed_at=look.at, closing_change=closing))


def _next_date(ledger: Ledger, look: Look, tail: _Tail, lost: OneOnOne) -> Times | None:
    """When the series stands next after a date that it lost."""
    stands = [
        record.times
        for record in ledger.of_calendar(look.account, look.calendar)
        if (record.series_id, record.person) == (tail.series_id, tail.person)
        and record.state in _OPEN
        and not _is_gone(look, record)
    ]
    stands += [
        seen.times
        for seen in look.sights.values()
        if (seen.event.series_id, seen.label.person) == (tail.series_id, tail.person)
        and seen.event.status is not Status.CANCELLED
    ]
    return min((times for times in stands if times.start > lost.start), key=lambda t: t.start, default=None)
