"""What must hold of any ledger of a story, told by what really happened in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from daemon.core.model import By, Change, How, Kind, Scope
from daemon.core.report.making import make_report
from daemon.core.report.model import Facts, ReportRules
from daemon.core.weeks import Week, week_of
from tests.properties.meetings import Meeting, Stands
from tests.properties.reference import Reference

_ENDS = (Kind.HELD, Kind.NO_SHOW, Kind.EXCUSED, Kind.CANCELLED, Kind.DECLINED)


def check_blame(reference: Reference, changes: Iterable[Change]) -> None:
    """Whoever is named did it: an act of that kind, by that person, on that meeting."""
    for change in changes:
        if change.by in (By.ME, By.THEM):
            meeting = _meeting(reference, change)
            assert any((kind, change.by) in meeting.acted for kind in _acts_of(change)), (
                f"{change.kind} by {change.by}: {change.evidence}"
            )


def _acts_of(change: Change) -> tuple[Kind | How, ...]:
    """The acts that an entry may tell of.

    Dates that are cancelled while a series is made may look like a series that goes on at other times.
    """
    if change.how is How.REBOOKED:
        return (Kind.CANCELLED,)
    if change.kind is Kind.SERIES_ENDED:
        return (Kind.SERIES_ENDED, Kind.CANCELLED)
    if change.how is How.MOVED and change.scope is Scope.SERIES:
        return (How.MOVED, Kind.SERIES_ENDED, Kind.CANCELLED)
    return (change.how or change.kind,)


def check_counts(changes: list[Change], records, reference: Reference) -> int:
    """How many 1:1s the reports of all weeks count; each meeting once."""
    ids = [c.id for c in changes]
    assert len(ids) == len(set(ids)), "a change told twice"
    counted = _final(changes)
    meetings = [_meeting(reference, c).number for c in counted.values() if c.kind in _ENDS]
    assert len(meetings) == len(set(meetings)), "a meeting counted twice"
    starts = [t.start for c in changes for t in (c.was, c.now_at) if t is not None]
    weeks = {week_of(start.date(), UTC) for start in starts}
    total = sum(_of_week(week, changes, records, reference) for week in weeks)
    assert total == len(meetings)
    return total


def _of_week(week: Week, changes, records, reference: Reference) -> int:
    report = make_report(Facts(tuple(changes), records), ReportRules(UTC), week, reference.now)
    counts = [p.week for p in report.people]
    assert sum(c.expected for c in counts) == report.trend[-1].counts.expected
    return sum(c.expected + c.excused for c in counts)


def check_finals(reference: Reference, changes: list[Change]) -> None:
    """What the ledger says in the end is what became of it, or less."""
    finals: dict[int, list[Change]] = {}
    for change in _final(changes).values():
        finals.setdefault(_meeting(reference, change).number, []).append(change)
    for number, told in finals.items():
        meeting = reference.meetings[number]
        traceless = meeting.buried and not reference.manner.cancelled_kept
        allowed = _ALLOWED[meeting.stands] | (_TRACELESS if traceless else set())
        moved = (How.MOVED, meeting.organizer) in meeting.acted
        if not meeting.shown and meeting.series and (moved or meeting.series in reference.gone_series):
            # Its series ended later, or came out of a move with a date less: which one is not asked.
            allowed |= _UNTOUCHED
        for change in told:
            kind = change.how or change.kind
            if (kind, change.scope) == (How.MOVED, Scope.SERIES) and not meeting.live:
                continue  # a series that was made while this date was cancelled looks like one that goes on
            assert kind in allowed, f"it is {meeting.stands}, and the ledger says {kind}"


_UNTOUCHED = {Kind.SCHEDULED, How.MOVED, Kind.REINSTATED}
_TRACELESS = {Kind.CANCELLED, Kind.SERIES_ENDED, How.REBOOKED}
"""What may be said of a meeting that was over when it was taken off, if nobody looked in between."""
_ALLOWED: dict[Stands, set[Kind | How]] = {
    Stands.STANDING: _UNTOUCHED,
    Stands.OVER: {Kind.HELD},
    Stands.DECLINED: {Kind.DECLINED, How.REBOOKED},
    Stands.CANCELLED: {Kind.CANCELLED, Kind.SERIES_ENDED, How.REBOOKED},
    Stands.REPLACED: {Kind.CANCELLED, Kind.DECLINED, Kind.SERIES_ENDED, How.REBOOKED},
    Stands.ENDED: {
        Kind.SERIES_ENDED,
        How.REBOOKED,
        Kind.CANCELLED,
        Kind.DECLINED,
        Kind.NO_LONGER,
        *_UNTOUCHED,
    },
    Stands.NOT: {Kind.NO_LONGER},
}


def _meeting(reference: Reference, change: Change) -> Meeting:
    """The meeting that an entry is about: the one that began, or begins, at its times."""
    about = change.was or change.now_at
    assert about is not None
    return reference.at(about.start)


def _final(changes: Iterable[Change]) -> dict[str, Change]:
    """The last that is told of each 1:1, without what was corrected since."""
    changes = tuple(changes)
    corrected = {c.corrects for c in changes}
    last: dict[str, Change] = {}
    for change in changes:
        before = last.get(change.one_on_one)
        stays_declined = before is not None and before.kind is Kind.DECLINED and change.how is How.MOVED
        if change.id not in corrected and not stays_declined:
            last[change.one_on_one] = change
    return last
