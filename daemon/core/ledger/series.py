"""Series that are moved, split or ended as a whole: one change, and not one for each date.

Occurrences that vanish and occurrences that appear with the same person in the same batch are paired in the order of
their dates before anything is called cancelled. What vanished, what appeared, and whether a series goes on: `tails`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from daemon.core.ledger.draft import Ledger, happened
from daemon.core.ledger.evidence import who_cancelled, who_moved
from daemon.core.ledger.observe import Look, Sight
from daemon.core.ledger.tails import Tail, appeared, dates_by_person, has_ended, next_date, tails
from daemon.core.model import How, Kind, OneOnOne, Scope, State


def settle_series(ledger: Ledger, look: Look) -> None:
    """Pairs, or ends, each series that lost its occurrences; what is left over goes through the decision table."""
    dates = dates_by_person(look)
    for tail in tails(ledger, look):
        found = appeared(ledger, look, tail, dates.get(tail.person, ()))
        if found and tail.to_the_end:
            _continue_as(ledger, look, tail, found)
        elif tail.to_the_end and has_ended(look, tail):
            _end(ledger, look, tail.gone)
        else:
            _thin_out(ledger, look, tail)


def _continue_as(ledger: Ledger, look: Look, tail: Tail, appeared: list[Sight]) -> None:
    """Old occurrences live on under the new ids; the first that stands at another time is the one change.

    Where the new series is shorter, that change tells of what is left over too; without one, the series has ended.
    """
    told = False
    for record, seen in zip(tail.gone, appeared, strict=False):
        renewed = replace(
            record,
            event_id=seen.event.id,
            series_id=seen.event.series_id,
            original_start=seen.event.original_start,
            ical_uid=seen.event.ical_uid,
        )
        if not seen.live or seen.times.start == record.start:
            ledger.put(renewed)  # the decision table tells of what was cancelled
        elif told:
            ledger.put(replace(renewed, start=seen.times.start, end=seen.times.end))
        else:
            told = True
            _tell_series_moved(ledger, look, record, renewed, seen)
    left = tail.gone[len(appeared) :]
    if left and not told:
        _end(ledger, look, left)
    elif left:
        _close(ledger, look, left)


def _tell_series_moved(ledger: Ledger, look: Look, record: OneOnOne, renewed: OneOnOne, seen: Sight) -> None:
    by, why = who_moved(record, seen, "the series has a new time")
    ledger.draft(
        renewed,
        Kind.RESCHEDULED,
        how=How.MOVED,
        scope=Scope.SERIES,
        by=by,
        was=record.times,
        now_at=seen.times,
        happened=happened(look, seen),
        evidence=f"{why} from this date on",
        seen=seen,
    )


def _end(ledger: Ledger, look: Look, dates: Sequence[OneOnOne]) -> None:
    first = dates[0]
    seen = look.seen(first)
    assert seen is not None
    by, why = who_cancelled(first, seen)
    told = ledger.draft(
        first,
        Kind.SERIES_ENDED,
        scope=Scope.SERIES,
        by=by,
        was=first.times,
        happened=happened(look, seen),
        evidence=f"{why}; the series has no dates any more from this one on",
        state=State.ENDED,
    )
    _close(ledger, look, dates[1:], told.id)


def _close(ledger: Ledger, look: Look, dates: Iterable[OneOnOne], change: str | None = None) -> None:
    """Ends dates that have no entry of their own: another one's tells of them, the one of the id `change`."""
    for record in dates:
        closing = change or record.closing_change
        ledger.put(replace(record, state=State.ENDED, closed_at=look.at, closing_change=closing))


def _thin_out(ledger: Ledger, look: Look, tail: Tail) -> None:
    """A series that goes on with fewer dates by its own rule: those that it lost are one change, and not cancelled."""
    series = look.series.get(tail.series_id)
    if series is None or not series.live or series.rhythm is None:
        return
    lost = [record for record in tail.gone if not series.rhythm.has(record.planned)]
    first = next((record for record in lost if record.state is State.STANDING), None)
    follows = next_date(ledger, look, tail, first) if first is not None else None
    if first is None or follows is None:
        return
    seen = look.seen(first)
    assert seen is not None
    by, why = who_moved(first, seen, "the series has fewer dates")
    told = ledger.draft(
        first,
        Kind.RESCHEDULED,
        how=How.MOVED,
        scope=Scope.SERIES,
        by=by,
        was=first.times,
        now_at=follows,
        happened=happened(look, seen),
        evidence=f"{why} from this one on; the next one is what it stands for",
        state=State.ENDED,
    )
    # What was declined before stays so.
    declined = [record for record in lost if record.state is State.DECLINED]
    _close(ledger, look, declined)
    _close(ledger, look, [r for r in lost if r is not first and r.state is not State.DECLINED], told.id)
