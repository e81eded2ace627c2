"""What became of each 1:1: joins what was recorded with what is observed, and gives changes.

The straight line: keep hold of events that have new ids (new_ids), pair the occurrences of series that were moved or
ended as a whole (series), apply the decision table to each 1:1 and what was seen of it (`_decide`), put new ones on
record (admitting), let later events replace cancelled ones (rebook), and call held what went past. A batch is read
whole before anything is called cancelled. Absence counts as gone only where the reader has asked for it by id
(connectors.reading).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from connectors.values import Tombstone
from daemon.core.detect import Verdict
from daemon.core.ledger.admitting import admit_new
from daemon.core.ledger.answers import answered
from daemon.core.ledger.draft import Ledger, happened, owner_as_by
from daemon.core.ledger.evidence import declined_by, presumed, who_asked_others, who_cancelled, who_moved
from daemon.core.ledger.new_ids import follow_new_ids
from daemon.core.ledger.observe import Look, Sight
from daemon.core.ledger.rebook import replace_cancelled
from daemon.core.ledger.series import settle_series
from daemon.core.model import OPEN, Change, How, Kind, OneOnOne, State
from daemon.core.remembered import Candidate


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
    looks = tuple(_in_order(look) for look in looks)
    ledger = Ledger(dict(sorted(recorded.items(), key=lambda item: (item[1].start, item[0]))), now)
    for look in looks:
        follow_new_ids(ledger, look)
        settle_series(ledger, look)
    for look in looks:
        for record in ledger.of_calendar(look.account, look.calendar):
            _decide(ledger, look, record)
        admit_new(ledger, look)
    left = replace_cancelled(ledger, looks, candidates, rebook_window)
    for look in looks:
        _call_held(ledger, look)
    return Outcome(ledger.changed(), ledger.finished(), left)


def _in_order(look: Look) -> Look:
    """By start: in which order a provider lists events decides nothing, also where two are planned for one time."""
    return replace(
        look, sights=dict(sorted(look.sights.items(), key=lambda item: (item[1].times.start, item[0])))
    )


def _decide(ledger: Ledger, look: Look, record: OneOnOne) -> None:
    """The decision table: what stands on record × what is seen of its event."""
    seen = look.seen(record)
    if record.event_id in look.unresolved or record.id in ledger.waiting:
        ledger.put(replace(record, pending=True))
        return
    if seen is None:
        return
    if isinstance(seen, Tombstone) or not seen.live:
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
    by, why = who_cancelled(record, seen)
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
    answered(ledger, look, ledger.put(_refreshed(ledger.current(record.id), seen)), seen)


def _back_in_time(look: Look, record: OneOnOne, seen: Sight) -> bool:
    """Whether what is over by now was back before its end: nothing changed about its event since."""
    updated = seen.event.updated
    return updated is not None and updated < seen.times.end and _news_to_this_look(look, record)


def _history_rewritten(look: Look, record: OneOnOne, seen: Sight) -> bool:
    """A past 1:1 whose event now claims another past time: what happened, happened."""
    return record.state is State.OVER and seen.times.start <= look.at


def _moved(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight) -> None:
    by, why = who_moved(record, seen)
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
