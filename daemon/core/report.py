"""What became of the 1:1s with each person, counted: the model of the weekly report.

Counts from the ledger alone. Each 1:1 counts once, by how it ended; a later entry that corrects an earlier one stands
in for it. Held, no-show and excused count in the week where the 1:1 stood; cancelled, declined and rescheduled in
the week of the start that was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from daemon.core.detect import Acquaintance
from daemon.core.model import By, Change, How, Kind, OneOnOne, Person, Role, State, Times

WEEKS = 12
"""How many weeks the strip and the window hold; they end with the report's own."""

_ENDS = (Kind.HELD, Kind.NO_SHOW, Kind.EXCUSED, Kind.CANCELLED, Kind.DECLINED)
_BREAKS_A_STREAK = (Kind.NO_SHOW, Kind.CANCELLED, Kind.DECLINED)


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week in the user's time zone, from its Monday up to the next one's."""

    name: str
    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def week_of(day: date, zone: tzinfo) -> Week:
    monday = day - timedelta(days=day.weekday())
    year, number, _ = monday.isocalendar()
    start = datetime.combine(monday, time(), zone)
    return Week(f"{year}-W{number:02}", start, datetime.combine(monday + timedelta(days=7), time(), zone))


def week_named(name: str, zone: tzinfo) -> Week:
    """:raises ValueError: not an ISO week like 2026-W47."""
    year, _, number = name.partition("-W")
    return week_of(date.fromisocalendar(int(year), int(number), 1), zone)


def weeks_to(last: Week, zone: tzinfo) -> tuple[Week, ...]:
    """The twelve weeks that end with this one."""
    monday = last.start.date()
    return tuple(week_of(monday - timedelta(weeks=back), zone) for back in range(WEEKS - 1, -1, -1))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many 1:1s ended how. `expected` is what was due: held, no-show, cancelled and declined."""

    held: int = 0
    moved: int = 0
    rebooked: int = 0
    cancelled: Mapping[str, int] = field(default_factory=dict)
    declined: Mapping[str, int] = field(default_factory=dict)
    no_show: int = 0
    excused: int = 0

    @property
    def expected(self) -> int:
        return self.held + self.no_show + sum(self.cancelled.values()) + sum(self.declined.values())


@dataclass(frozen=True, slots=True)
class PersonReport:
    person: Person
    week: Counts
    window: Counts
    last_held: datetime | None
    streak: int
    strip: tuple[tuple[str, tuple[Kind, ...]], ...]


@dataclass(frozen=True, slots=True)
class Report:
    week: Week
    people: tuple[PersonReport, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """One thing that counts: a change that nothing later corrects, and where it counts."""

    change: Change
    at: datetime


def make_report(
    changes: Iterable[Change],
    records: Iterable[OneOnOne],
    people: Mapping[str, Acquaintance],
    week: Week,
    zone: tzinfo,
    now: datetime,
) -> Report:
    """Everyone with something in the twelve weeks, or a 1:1 to come; by role, then name."""
    weeks = weeks_to(week, zone)
    by_person: dict[str, list[Change]] = {}
    for change in changes:
        by_person.setdefault(change.person, []).append(change)
    coming = {r.person: r.name for r in records if r.state is State.STANDING and r.end > now}
    window = Times(weeks[0].start, week.end)
    found = []
    for address in by_person.keys() | coming.keys():
        told = _told(by_person.get(address, ()))
        if address in coming or any(window.start <= t.at < window.end for t in told):
            name = coming.get(address) or by_person[address][-1].name
            found.append(_person_report(_person(address, name, people), told, week, weeks))
    found.sort(key=lambda p: (list(Role).index(p.person.role), p.person.name.casefold(), p.person.email))
    return Report(week, tuple(found))


def _person(address: str, name: str, people: Mapping[str, Acquaintance]) -> Person:
    known = people.get(address)
    return Person(address, (known.name if known else "") or name, known.role if known else Role.OTHER)


def _told(changes: Iterable[Change]) -> list[_Told]:
    changes = tuple(changes)
    corrected = {c.corrects for c in changes if c.corrects}
    told = []
    for change in changes:
        times = change.was or change.now_at
        if change.id not in corrected and times is not None:
            told.append(_Told(change, times.start))
    return told


def _person_report(person: Person, told: list[_Told], week: Week, weeks: tuple[Week, ...]) -> PersonReport:
    last = _last_of_each(told)
    ended = sorted((t for t in last if t.change.kind in _ENDS and t.at < week.end), key=lambda t: t.at)
    held = [t.at for t in ended if t.change.kind is Kind.HELD]
    strip = tuple((w.name, _outcomes(last, w)) for w in weeks)
    return PersonReport(
        person,
        _counts(told, last, Times(week.start, week.end)),
        _counts(told, last, Times(weeks[0].start, week.end)),
        held[-1] if held else None,
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
