"""What became of each 1:1: joins what was recorded with what is observed, and gives changes.

The straight line: pair the occurrences of series that were moved or ended as a whole (series), apply the
decision table to each 1:1 and what was seen of it (`_decide`), let later events replace cancelled ones (rebook),
and call held what went past. A batch is read whole before anything is called cancelled. Absence counts as gone
only where the reader has asked for it by id (connectors.reading).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.values import Status, Tombstone
from daemon.core.detect import Verdict
from daemon.core.ledger.draft import Ledger, happened, new_record, owner_as_by
from daemon.core.ledger.evidence import certain, declined_by, presumed, who_acted, who_asked_others
from daemon.core.ledger.observe import Look, Sight
from daemon.core.ledger.rebook import replace_cancelled
from daemon.core.ledger.series import follow_renamed, has_date, settle_series
from daemon.core.model import (
    By,
    Change,
    How,
    Kind,
    OneOnOne,
    State,
    Times,
)
from daemon.core.remembered import Candidate

OPEN = (State.STANDING, State.DECLINED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch of looks amounts to.

    `records` are the 1:1s that are new or differ from what was recorded, `candidates` the two-person events
    that may yet replace a cancelled 1:1.
    """

    records: tuple[OneOnOne, ...]
    changes: tuple[Change, ...]
    candidates: tuple[Candidate, ...]


def classify(
    recorded: Mapping[str, OneOnOne],
    looks: Iterable[Look],
    candidates: Iterable[Candidate],
    now: datetime,
    rebook_window: timedelta,
) -> Outcome:
    """Reads all looks of a cycle as one batch. Total: any record and any sight of it have an answer."""
    looks = tuple(looks)
    ledger = Ledger(recorded, now)
    for look in looks:
        follow_renamed(ledger, look)
        settle_series(ledger, look)
    for look in looks:
        for record in ledger.of_calendar(look.account, look.calendar):
            _decide(ledger, look, record)
        _admit_new(ledger, look)
    left = replace_cancelled(ledger, looks, candidates, rebook_window)
    for look in looks:
        _call_held(ledger, look)
    return Outcome(ledger.changed(), ledger.finished(), left)


def _decide(ledger: Ledger, look: Look, record: OneOnOne) -> None:
    """The decision table: what stands on record × what is seen of its event."""
    seen = look.seen(record)
    if record.event_id in look.unresolved or record.id in ledger.waiting:
        ledger.put(replace(record, pending=True))
        return
    if seen is None:
        return
    if isinstance(seen, Tombstone) or seen.event.status is Status.CANCELLED:
        _gone(ledger, look, record, seen)
    elif seen.label.person != record.person:
        _not_with_them(ledger, look, record, seen)
    elif seen.label.verdict in (Verdict.ONE_ON_ONE, Verdict.TWO_PEOPLE):
        # A recorded one-off stays a 1:1 under whatever title it is given later.
        _stands(ledger, look, record, seen)
    else:
        _not_with_them(ledger, look, record, seen)
    ledger.put(replace(ledger.current(record.id), pending=False))


def _news_to_this_look(look: Look, record: OneOnOne) -> bool:
    """Whether the last look can't have settled it: it was not over then, or its fate could not be asked for."""
    return look.since is None or record.end > look.since or record.pending


def _gone(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight | Tombstone) -> None:
    match record.state:
        case State.STANDING | State.DECLINED if not _removed_after_the_fact(look, record):
            _cancel(ledger, look, record, seen)
        case State.NOT_ONE_ON_ONE:
            ledger.put(replace(record, state=State.ENDED))
        case _:
            return  # what was cancelled stays so, and removing what is over changes nothing about it


def _removed_after_the_fact(look: Look, record: OneOnOne) -> bool:
    """Whether the event was taken off the calendar when its time was over: that is no cancellation."""
    if not _news_to_this_look(look, record):
        return True
    return look.removed_when_over(record)


def _cancel(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight | Tombstone) -> None:
    by, why = who_acted(record, seen)
    ledger.draft(
        record,
        Kind.CANCELLED,
        by=by,
        was=record.times,
        happened=happened(look, seen),
        evidence=why,
        corrects=record.closing_change if record.state is State.DECLINED else None,
        state=State.CANCELLED,
    )


def _not_with_them(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight) -> None:
    """It is live, but no longer between these two alone."""
    if record.state not in OPEN:
        return
    if not _news_to_this_look(look, record):
        return
    by, why = who_asked_others(record, seen)
    ledger.draft(
        record,
        Kind.NO_LONGER,
        by=by,
        now_at=seen.times,
        happened=happened(look, seen),
        evidence=why,
        state=State.NOT_ONE_ON_ONE,
    )


def _stands(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight) -> None:
    """It is live, and still between these two: moved, answered, or back again."""
    if record.state in (State.CANCELLED, State.REPLACED, State.ENDED, State.NOT_ONE_ON_ONE):
        if seen.times.end <= look.at and not _back_in_time(look, record, seen):
            return
        if record.state is State.REPLACED and declined_by(seen.label) is not None:
            return  # declined and booked anew: the declined event may stay on the calendar for ever
        ledger.draft(
            record,
            Kind.REINSTATED,
            now_at=seen.times,
            by=owner_as_by(seen.label.owner),
            happened=happened(look, seen),
            evidence=presumed("the event is back on the calendar, as a meeting of you two"),
            corrects=record.closing_change,
            state=State.STANDING,
            seen=seen,
        )
    elif seen.times.start != record.start and not _history_rewritten(look, record, seen):
        _moved(ledger, look, record, seen)
    _answered(ledger, look, ledger.put(_refreshed(ledger.current(record.id), seen)), seen)


def _back_in_time(look: Look, record: OneOnOne, seen: Sight) -> bool:
    """Whether what is over by now was back before its end: nothing changed about its event since."""
    updated = seen.event.updated
    return updated is not None and updated < seen.times.end and _news_to_this_look(look, record)


def _history_rewritten(look: Look, record: OneOnOne, seen: Sight) -> bool:
    """A past 1:1 whose event now claims another past time: what happened, happened."""
    return record.state is State.OVER and seen.times.start <= look.at


def _moved(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight) -> None:
    by, why = who_acted(record, seen, moved=True)
    declined = record.state is State.DECLINED
    back = declined and declined_by(seen.label) is None
    ledger.draft(
        record,
        Kind.RESCHEDULED,
        how=How.MOVED,
        by=by,
        was=record.times,
        now_at=seen.times,
        happened=happened(look, seen),
        evidence=why,
        corrects=record.closing_change if back or record.state is State.OVER else None,
        state=None if declined and not back else State.STANDING,  # who declined, and when, stays on record
        seen=seen,
    )


def _refreshed(record: OneOnOne, seen: Sight) -> OneOnOne:
    """The record with what may change without being a change: title, length, names, answers."""
    event, found = seen.event, seen.label
    past = record.state is State.OVER
    return replace(
        record,
        title=event.title,
        name=found.name,
        start=record.start if past else event.start,
        end=record.end if past else event.end,
        owner=found.owner,
        attendance=found.attendance,
        guests_can_modify=event.guests_can_modify,
        ical_uid=event.ical_uid,
        url=event.url,
    )


def _answered(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight, *, backfilled: bool = False) -> None:
    """A decline, or a decline taken back. What is over keeps the answer that it had."""
    decliner = declined_by(seen.label)
    declined = record.state is State.STANDING or (
        record.state is State.DECLINED and decliner is not record.closed_by
    )
    if declined and decliner is not None:
        who = "you" if decliner is By.ME else "they"
        ledger.draft(
            record,
            Kind.DECLINED,
            by=decliner,
            was=record.times,
            happened=happened(look, seen),
            evidence=certain(f"{who} answered the invitation with no"),
            corrects=record.closing_change,
            state=State.DECLINED,
            backfilled=backfilled,
        )
    elif record.state is State.DECLINED and decliner is None and record.end > look.at:
        ledger.draft(
            record,
            Kind.REINSTATED,
            by=record.closed_by,
            now_at=seen.times,
            happened=happened(look, seen),
            evidence=certain("the decline was taken back"),
            corrects=record.closing_change,
            state=State.STANDING,
        )


def _admit_new(ledger: Ledger, look: Look) -> None:
    """1:1s that were not on record."""
    for seen in look.sights.values():
        if seen.label.verdict is not Verdict.ONE_ON_ONE or ledger.follows(look, seen):
            continue
        if ledger.has_copy(look, seen):
            continue
        if seen.event.status is Status.CANCELLED and ledger.knows(look, seen):
            continue  # what is left of an event that was on record, under this id or with somebody else
        if look.since is not None and seen.times.end <= look.since:
            continue  # it was not there when that time was looked at: history was rewritten
        past = look.since is None and seen.times.end <= look.at
        if seen.event.status is Status.CANCELLED:
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
    _answered(ledger, look, ledger.current(record.id), seen, backfilled=backfilled)


def _found_moved(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight) -> None:
    original = seen.event.original_start
    assert original is not None
    length = seen.times.end - seen.times.start
    by, why = who_acted(record, seen, moved=True)
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
    if seen.event.series_id is not None and not has_date(ledger, look, seen):
        return  # what is left of a series that ended or was moved as a whole
    record = ledger.put(new_record(look, seen))
    by, why = who_acted(record, seen)
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


def _call_held(ledger: Ledger, look: Look) -> None:
    """What went past while it stood is presumed held, once a read that came after its end has shown it so."""
    for record in ledger.of_calendar(look.account, look.calendar):
        if record.state is State.STANDING and record.end <= look.at and not record.pending:
            ledger.draft(
                record,
                Kind.HELD,
                now_at=record.times,
                happened=look.at,
                evidence=presumed("it stood on the calendar until it was over"),
                state=State.OVER,
                backfilled=look.since is None,
            )
