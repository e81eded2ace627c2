"""Cancelled, and booked again: which later event stands in for a cancelled 1:1.

A timed two-person event with the same person, outside any series, declined by neither, and not there before: one
titled like a 1:1 or like the cancelled one and made from a day before the cancellation to the end of the rebooking
window, or one with whatever title made within a day of it. The nearest start wins, and each replaces one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.core.detect import Verdict
from daemon.core.ledger.draft import Draft, Ledger
from daemon.core.ledger.evidence import declined_by, presumed, without_sureness
from daemon.core.ledger.first_sight import new_record
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import How, Kind, OneOnOne, Owner, State
from daemon.core.remembered import Candidate, place_of
from daemon.core.titles import normalized

_DAY = timedelta(hours=24)
_BOOKED_BY = {Owner.ME: ", by you", Owner.THEM: ", by them", Owner.OTHER: ""}


def replace_cancelled(
    ledger: Ledger, looks: Iterable[Look], remembered: Iterable[Candidate], window: timedelta
) -> tuple[Candidate, ...]:
    """Pairs cancelled 1:1s with what replaces them. Gives the two-person events that are to be remembered."""
    looks = tuple(looks)
    candidates = _candidates(looks, remembered)
    stands = {r.id: r for r in ledger.all() if _can_replace(r)}
    stands |= {c.would_be.id: c.would_be for c in candidates if not ledger.has(c.would_be.id)}
    closed = [r for r in ledger.all() if r.state in (State.CANCELLED, State.DECLINED)]
    pairs = [(was, stand) for was in closed for stand in stands.values() if _fits(was, stand, window)]
    pairs.sort(key=lambda p: (abs(p[1].start - p[0].start), p[0].start, p[0].id, p[1].id))
    taken: set[str] = set()
    for was, stand in pairs:
        if not taken & {was.id, stand.id}:
            taken |= {was.id, stand.id}
            _replace(ledger, ledger.current(was.id), stand)
    now = max((look.at for look in looks), default=None)
    return tuple(c for c in candidates if not ledger.has(c.would_be.id) and _is_recent(c, now, window))


def _is_recent(candidate: Candidate, now: datetime | None, window: timedelta) -> bool:
    return now is None or candidate.would_be.made >= now - max(window, _DAY)


def _can_replace(record: OneOnOne) -> bool:
    return (
        record.series_id is None and record.state in (State.STANDING, State.OVER) and record.replaces is None
    )


def _candidates(looks: tuple[Look, ...], remembered: Iterable[Candidate]) -> list[Candidate]:
    """Those remembered, as they are now, and those that this batch shows for the first time."""
    found = {c.place: c for c in remembered}
    for look in looks:
        for event_id in look.tombstones:
            found.pop((look.account, look.calendar, event_id), None)
        for event_id, seen in look.sights.items():
            before = found.pop((look.account, look.calendar, event_id), None)
            if _is_candidate(seen):
                would_be = new_record(look, seen)
                first_seen = before.would_be.first_seen if before else look.at
                found[place_of(would_be)] = Candidate(replace(would_be, first_seen=first_seen))
    return list(found.values())


def _is_candidate(seen: Sight) -> bool:
    return (
        seen.label.verdict is Verdict.TWO_PEOPLE
        and seen.event.series_id is None
        and seen.live
        and declined_by(seen.label) is None
    )


def _fits(was: OneOnOne, stand: OneOnOne, window: timedelta) -> bool:
    if was.person != stand.person or was.event_id == stand.event_id or was.closed_at is None:
        return False
    since = stand.made - was.closed_at
    alike = stand.titled or normalized(stand.title) == normalized(was.title)
    return -_DAY <= since <= (window if alike else _DAY)


def _replace(ledger: Ledger, was: OneOnOne, stand: OneOnOne) -> None:
    """Tells of a closed 1:1 that another took its place; the other one is a 1:1 from now on."""
    if not ledger.has(stand.id):
        _become(ledger, stand)
    ledger.put(replace(ledger.current(stand.id), replaces=was.id))
    why = f"another event with the same person was booked in its place{_BOOKED_BY[stand.owner]}"
    fresh = _drafted_now(ledger, was)
    if fresh is not None:
        fresh.kind, fresh.how, fresh.now_at = Kind.RESCHEDULED, How.REBOOKED, stand.times
        fresh.evidence = presumed(f"{without_sureness(fresh.evidence)}; {why}")
        ledger.put(replace(was, state=State.REPLACED))
        return
    act = "cancelled" if was.state is State.CANCELLED else "declined"
    ledger.draft(
        was,
        Kind.RESCHEDULED,
        how=How.REBOOKED,
        by=was.closed_by,
        was=was.times,
        now_at=stand.times,
        happened=was.closed_at or stand.first_seen,
        evidence=presumed(f"it had been {act}; {why}"),
        corrects=was.closing_change,
        state=State.REPLACED,
    )


def _become(ledger: Ledger, stand: OneOnOne) -> None:
    """Puts on record what was no 1:1 by itself."""
    ledger.put(stand)
    ledger.draft(
        stand,
        Kind.SCHEDULED,
        now_at=stand.times,
        happened=stand.first_seen,
        evidence="found on the calendar: it takes the place of a 1:1 that fell through",
    )


def _drafted_now(ledger: Ledger, was: OneOnOne) -> Draft | None:
    """The entry that closed it, where this batch is the one that tells of it: nobody has read it yet."""
    return next((d for d in reversed(ledger.drafts) if d.id == was.closing_change), None)
