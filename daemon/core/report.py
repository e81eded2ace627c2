"""What became of the 1:1s with each person, counted: the model of the weekly report.

Counts from the ledger alone. Each 1:1 counts once, by how it ended; a later entry that corrects an earlier one stands
in for it. Held, no-show and excused count in the week where the 1:1 stood; cancelled, declined and rescheduled in
the week of the start that was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from daemon.core.model import By, Change, How, Kind, OneOnOne, Person, Role, State, Times
from daemon.core.report_model import (
    Counts,
    Facts,
    PersonReport,
    Report,
    ReportRules,
    StripWeek,
    TrendWeek,
    Upcoming,
)
from daemon.core.weeks import Week, week_after, weeks_to

_ENDS = (Kind.HELD, Kind.NO_SHOW, Kind.EXCUSED, Kind.CANCELLED, Kind.DECLINED)
_BREAKS_A_STREAK = (Kind.NO_SHOW, Kind.CANCELLED, Kind.DECLINED)


@dataclass(frozen=True, slots=True)
class _Told:
    """One thing that counts: a change that nothing later corrects, and where it counts."""

    change: Change
    at: datetime


def make_report(facts: Facts, rules: ReportRules, week: Week, now: datetime) -> Report:
    """Everyone with something in the twelve weeks, or a 1:1 to come; by role, then name."""
    weeks = weeks_to(week, rules.zone)
    by_person: dict[str, list[Change]] = {}
    for change in facts.changes:
        by_person.setdefault(change.person, []).append(change)
    coming = {r.person: r.name for r in facts.records.values() if r.state is State.STANDING and r.end > now}
    window = Times(weeks[0].start, week.end)
    people, told_of_all = [], []
    for address in by_person.keys() | coming.keys():
        told = _told(by_person.get(address, ()))
        told_of_all += told
        if address in coming or any(window.start <= t.at < window.end for t in told):
            name = coming.get(address) or by_person[address][-1].name
            people.append(_person_report(_person(address, name, rules), told, week, weeks, now))
    people.sort(key=lambda p: (list(Role).index(p.person.role), p.person.name.casefold(), p.person.email))
    last = _last_of_each(told_of_all)
    trend = tuple(TrendWeek(w, _counts(told_of_all, last, Times(w.start, w.end))) for w in weeks)
    return Report(
        week,
        rules.zone,
        now,
        people=tuple(people),
        trend=trend,
        gaps=facts.gaps,
        troubles=facts.troubles,
        upcoming=_upcoming(facts, rules, week, now),
    )


def _upcoming(facts: Facts, rules: ReportRules, week: Week, now: datetime) -> tuple[Upcoming, ...]:
    """The 1:1s to come up to the end of the next week: those that stand, and those that somebody declined."""
    until = week_after(week, rules.zone).end
    coming = [
        r
        for r in facts.records.values()
        if r.state in (State.STANDING, State.DECLINED) and r.end > now and r.start < until
    ]
    coming.sort(key=lambda r: (r.start, r.id))
    return tuple(_one_to_come(r, facts, rules) for r in coming)


def _one_to_come(record: OneOnOne, facts: Facts, rules: ReportRules) -> Upcoming:
    person = _person(record.person, record.name, rules)
    page = facts.artefacts.pages.get(record.person)
    if page is None or page.one_on_one != record.id:
        return Upcoming(record, person)
    return Upcoming(
        record,
        person,
        page_url=page.ref.url,
        untouched=page.untouched,
        topics_due=record.start - rules.topics_due,
        open_items=page.open_items,
        career_check=page.career_check,
    )


def _person(address: str, name: str, rules: ReportRules) -> Person:
    known = rules.people.get(address)
    return Person(
        address, (known.name if known else "") or name or address, known.role if known else Role.OTHER
    )


def _told(changes: Iterable[Change]) -> list[_Told]:
    changes = tuple(changes)
    corrected = {c.corrects for c in changes if c.corrects}
    told = []
    for change in changes:
        times = change.was or change.now_at
        if change.id not in corrected and times is not None:
            told.append(_Told(change, times.start))
    return told


def _person_report(
    person: Person, told: list[_Told], week: Week, weeks: tuple[Week, ...], now: datetime
) -> PersonReport:
    last = _last_of_each(told)
    ended = sorted((t for t in last if t.change.kind in _ENDS and t.at < week.end), key=lambda t: t.at)
    held = [t.at for t in ended if t.change.kind is Kind.HELD]
    strip = tuple(StripWeek(w, _outcomes(last, w)) for w in weeks)
    return PersonReport(
        person,
        _counts(told, last, Times(week.start, week.end)),
        _counts(told, last, Times(weeks[0].start, week.end)),
        held[-1] if held else None,
        (min(now, week.end) - held[-1]).days if held else None,
        _streak(ended),
        strip,
    )


def _last_of_each(told: Iterable[_Told]) -> list[_Told]:
    """How each 1:1 stands: the last that was told of it."""
    last: dict[str, _Told] = {}
    for one in told:
        last[one.change.one_on_one] = one
    return list(last.values())


def _outcomes(last: Iterable[_Told], week: Week) -> tuple[Kind, ...]:
    def shown_at(told: _Told) -> datetime:
        change = told.change
        moved = change.how is How.MOVED and change.now_at is not None
        return change.now_at.start if moved and change.now_at else told.at

    inside = sorted((t for t in last if week.holds(shown_at(t))), key=shown_at)
    return tuple(t.change.kind for t in inside)


def _counts(told: Iterable[_Told], last: Iterable[_Told], span: Times) -> Counts:
    ended = [t.change for t in last if span.start <= t.at < span.end]
    kinds = Counter(c.kind for c in ended)
    shifted = Counter(
        t.change.how for t in told if t.change.kind is Kind.RESCHEDULED and span.start <= t.at < span.end
    )
    return Counts(
        held=kinds[Kind.HELD],
        moved=shifted[How.MOVED],
        rebooked=shifted[How.REBOOKED],
        cancelled=_by_whom(ended, Kind.CANCELLED, (By.THEM, By.ME, By.UNKNOWN)),
        declined=_by_whom(ended, Kind.DECLINED, (By.THEM, By.ME)),
        no_show=kinds[Kind.NO_SHOW],
        excused=kinds[Kind.EXCUSED],
    )


def _by_whom(changes: Iterable[Change], kind: Kind, whom: tuple[By, ...]) -> dict[str, int]:
    found = Counter(c.by or By.UNKNOWN for c in changes if c.kind is kind)
    return {by.value: found[by] for by in whom}


def _streak(ended: list[_Told]) -> int:
    count = 0
    for told in reversed(ended):
        if told.change.kind in _BREAKS_A_STREAK:
            break
        count += told.change.kind is Kind.HELD
    return count
