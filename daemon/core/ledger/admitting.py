"""1:1s that were not on record: what is told of one that comes into view, alive or cancelled.

Of the past, only what became of it is told. Calendars keep remains of series that ended, were split or were moved as
a whole: nobody cancelled those.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from math import gcd

from daemon.core.detect import Verdict
from daemon.core.ledger.answers import answered
from daemon.core.ledger.draft import Ledger, happened
from daemon.core.ledger.evidence import who_cancelled, who_moved
from daemon.core.ledger.first_sight import new_record
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import How, Kind, OneOnOne, State, Times

_GONE = (State.CANCELLED, State.REPLACED, State.ENDED)
_WEEK = timedelta(weeks=1)
_FEW = 2
"""So few dates tell no rhythm: one between them may have been cancelled."""


def admit_new(ledger: Ledger, look: Look) -> None:
    """1:1s that were not on record."""
    for seen in look.sights.values():
        if seen.label.verdict is not Verdict.ONE_ON_ONE or ledger.follows(look, seen):
            continue
        if ledger.has_copy(look, seen):
            continue
        if not seen.live and ledger.knows(look, seen):
            continue  # what is left of an event that was on record, under this id or with somebody else
        if look.since is not None and seen.times.end <= look.since:
            continue  # it was not there when that time was looked at: history was rewritten
        past = look.since is None and seen.times.end <= look.at
        if not seen.live:
            _admit_cancelled(ledger, look, seen, past)
        else:
            _admit(ledger, look, seen, backfilled=past)


def _admit(ledger: Ledger, look: Look, seen: Sight, *, backfilled: bool) -> None:
    """Puts a 1:1 on record that was not there before. Of the past, only what became of it is told."""
    record = ledger.add(new_record(look, seen))
    if backfilled:
        if seen.event.original_start not in (None, seen.times.start):
            _found_moved(ledger, look, record, seen)
    else:
        ledger.draft(
            record,
            Kind.SCHEDULED,
            now_at=seen.times,
            happened=happened(look, seen),
            evidence=f"found on the calendar: {seen.label.reason}",
        )
    answered(ledger, look, ledger.current(record.id), seen, backfilled=backfilled)


def _found_moved(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight) -> None:
    original = seen.event.original_start
    assert original is not None
    length = seen.times.end - seen.times.start
    by, why = who_moved(record, seen)
    ledger.draft(
        record,
        Kind.RESCHEDULED,
        how=How.MOVED,
        by=by,
        was=Times(original, original + length),
        now_at=seen.times,
        happened=happened(look, seen, on_record=False),
        evidence=f"{why}; found in the calendar's history, not at its series' time",
        backfilled=True,
    )


def _admit_cancelled(ledger: Ledger, look: Look, seen: Sight, past: bool) -> None:
    """An event never seen alive that still tells its people and times, and that it is cancelled."""
    updated = seen.event.updated
    if updated is not None and updated >= seen.times.end:
        return  # removed after the fact
    if seen.event.series_id is not None and not _has_date(ledger, look, seen):
        return  # what is left of a series that ended or was moved as a whole
    record = ledger.put(new_record(look, seen))
    by, why = who_cancelled(record, seen)
    ledger.draft(
        record,
        Kind.CANCELLED,
        by=by,
        was=seen.times,
        happened=happened(look, seen, on_record=False),
        evidence=f"{why}; it was found cancelled",
        state=State.CANCELLED,
        backfilled=past,
    )


def _has_date(ledger: Ledger, look: Look, seen: Sight) -> bool:
    """Whether a series would have had this cancelled date, which nobody saw alive.

    The series stands on a later date, and in the same rhythm of weeks on one at least; where it stands on three or
    more to come, it is their rhythm.
    """
    series_id = seen.event.series_id
    dates = {s.planned for s in look.sights.values() if s.event.series_id == series_id and s.live}
    dates |= {
        record.planned
        for record in ledger.of_calendar(look.account, look.calendar)
        if record.series_id == series_id and record.state not in _GONE
    }
    date = seen.planned
    in_step = sorted(d for d in dates if (d - date) % _WEEK == timedelta())
    if not in_step or all(d < date for d in dates):
        return False
    coming = [d for d in in_step if d > min(date, look.at)]
    weeks = gcd(*((b - a) // _WEEK for a, b in pairwise(coming))) if len(coming) > _FEW else 1
    return (in_step[-1] - date) // _WEEK % weeks == 0
