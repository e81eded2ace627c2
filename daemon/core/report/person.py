"""The part of a report that is on one person: counts, streak, strip, what is still open, and advice."""

from __future__ import annotations

from datetime import datetime, timedelta

from daemon.core.model import By, Change, Kind, Person, Role, State
from daemon.core.report.counting import counts, median_notice, streak, strip
from daemon.core.report.frame import Frame, in_utc
from daemon.core.report.model import Counts, Facts, PersonReport
from daemon.core.report.outcomes import act_of
from daemon.core.report.people import History, noticed_ahead

_ENOUGH_FOR_ADVICE = 5


def person_report(person: Person, history: History, frame: Frame) -> PersonReport:
    """Of one person, what `PersonReport` holds. Nothing of it is later than the end of the report's week."""
    past = [t for t in history.ended if t.at < frame.window.end]
    inside = [t for t in past if t.at >= frame.window.start]
    told = [t for t in history.told if frame.holds(t.at)]
    held = [t.at for t in past if t.change.kind is Kind.HELD]
    total = counts(told, inside, frame.window)
    return PersonReport(
        person,
        counts(told, inside, in_utc(frame.week.start, frame.week.end)),
        total,
        held[-1] if held else None,
        _days_since(held[-1], frame) if held else None,
        streak(past),
        strip(history.ended, frame.weeks, _last_read(history, frame.facts), frame.now),
        notice_minutes=median_notice(told),
        own=tuple(t.change for t in inside if _is_own(t.change)),
        open_to_rebooking=_open_to_rebooking(history, frame),
        advice=_advice(person, total),
    )


def _last_read(history: History, facts: Facts) -> datetime | None:
    """Of the accounts that know the person; of all, where nothing tells which these are."""
    accounts = {c.account for c in history.entries} & facts.reads.keys()
    return min((facts.reads[a] for a in accounts or facts.reads), default=None)


def _days_since(held: datetime, frame: Frame) -> int:
    """In days of the calendar: from a Tuesday to that week's Friday it is three, whatever the hours."""
    zone = frame.rules.zone
    until = min(frame.now, frame.week.end - timedelta(seconds=1)).astimezone(zone).date()
    return max((until - held.astimezone(zone).date()).days, 0)


def _is_own(change: Change) -> bool:
    return change.by is By.ME and change.kind in (Kind.CANCELLED, Kind.DECLINED)


def _open_to_rebooking(history: History, frame: Frame) -> tuple[Change, ...]:
    """What was cancelled of these weeks, or noticed in them, and could still be replaced."""
    entries = {c.id: c for c in history.entries}
    found = []
    for told in history.ended:
        change = told.change
        if change.kind is not Kind.CANCELLED or not (frame.holds(told.at) or noticed_ahead(told, frame)):
            continue
        record = frame.facts.records.get(change.one_on_one)
        if record is None or record.state is not State.CANCELLED:
            continue
        closed = record.closed_at or act_of(change, entries).at or change.noticed_at
        if frame.now <= closed + frame.rules.rebook_window:
            found.append(change)
    return tuple(found)


def _advice(person: Person, window: Counts) -> str:
    """For those who are no managers, where half of at least five fell through, by whomever. Nobody is blamed."""
    missed = window.expected - window.held
    if person.role is Role.MANAGER or window.expected < _ENOUGH_FOR_ADVICE or 2 * missed < window.expected:
        return ""
    return (
        f"{window.held} of the {window.expected} 1:1s that were due in twelve weeks took place. "
        "Better to meet less often, but reliably."
    )
