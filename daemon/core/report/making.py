"""The model of the weekly report, made of the ledger and of what is on record.

Each 1:1 counts once, by how it ended; a later entry that corrects an earlier one stands in for it. Held, no-show and
excused count in the week where the 1:1 stood; cancelled, declined and rescheduled in the week of the start that was
lost. Who is listed, and what is new since the last report, is decided here; flags, free times and names beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from daemon.core.model import By, Change, Gap, Kind, OneOnOne, Owner, Person, Role, State, Times
from daemon.core.names import distinct
from daemon.core.report.counting import counts, median_notice, seen, streak, strip
from daemon.core.report.flags import almost, evidence, red_flag
from daemon.core.report.free_times import Hours, free_times
from daemon.core.report.model import (
    AlmostFlag,
    Counts,
    Facts,
    PersonReport,
    RedFlag,
    Report,
    ReportRules,
    TrendWeek,
    Upcoming,
)
from daemon.core.report.outcomes import Told, act_of, endings, told_of
from daemon.core.weeks import Week, week_after, week_named, week_of, weeks_to

_ROLES = list(Role)
_USUAL = timedelta(minutes=30)
_ENOUGH_FOR_ADVICE = 5


@dataclass(frozen=True, slots=True)
class _History:
    """What the ledger tells of one person: all entries, those that count, and how each 1:1 ended, by start."""

    entries: tuple[Change, ...]
    told: tuple[Told, ...]
    ended: tuple[Told, ...]


_NOTHING = _History((), (), ())


def make_report(facts: Facts, rules: ReportRules, week: Week, now: datetime) -> Report:
    """Everyone with something in the twelve weeks, or a 1:1 to come; by role, then name."""
    weeks = weeks_to(week, rules.zone)
    window = _utc(weeks[0].start, week.end)
    histories = _histories(facts.changes)
    coming = _coming(facts, now)
    people = _people(histories, coming, facts, rules)
    listed = [
        p
        for p in people.values()
        if p.email in coming or _is_active(histories.get(p.email, _NOTHING), window, week)
    ]
    listed.sort(key=_order)
    told = [t for h in histories.values() for t in h.told if window.start <= t.at < window.end]
    ended = [t for h in histories.values() for t in h.ended if window.start <= t.at < window.end]
    managers = sorted((p for p in people.values() if p.role is Role.MANAGER), key=_order)
    raised, nearly = _flags(managers, histories, coming, facts, rules, week, now)
    read = min(facts.reads.values(), default=None)
    return Report(
        week,
        rules.zone,
        now,
        people=tuple(
            _person_report(p, histories.get(p.email, _NOTHING), weeks, facts, rules, now) for p in listed
        ),
        red_flags=raised,
        almost=nearly,
        trend=tuple(
            TrendWeek(w, counts(told, ended, _utc(w.start, w.end)), seen(w, read, now)) for w in weeks
        ),
        since_last=_since_last(histories, people, facts, rules, week),
        gaps=tuple(g for g in facts.gaps if _concerns(g, window)),
        troubles=facts.troubles,
        upcoming=_upcoming(facts, people, rules, week, now),
        reads=facts.reads,
        begins=min((t.at for h in histories.values() for t in h.told), default=None),
    )


def _order(person: Person) -> tuple[int, str, str]:
    return _ROLES.index(person.role), person.name.casefold(), person.email


def _utc(start: datetime, end: datetime) -> Times:
    return Times(start.astimezone(UTC), end.astimezone(UTC))


def _histories(changes: Iterable[Change]) -> dict[str, _History]:
    by_person: dict[str, list[Change]] = {}
    for change in changes:
        by_person.setdefault(change.person, []).append(change)
    found = {}
    for address, entries in by_person.items():
        told = told_of(entries)
        found[address] = _History(tuple(entries), tuple(told), tuple(endings(told)))
    return found


def _coming(facts: Facts, now: datetime) -> dict[str, OneOnOne]:
    """The next 1:1 with each person that stands."""
    standing = (r for r in facts.records.values() if r.state is State.STANDING and r.end > now)
    return {r.person: r for r in sorted(standing, key=lambda r: (r.start, r.id), reverse=True)}


def _people(
    histories: dict[str, _History], coming: dict[str, OneOnOne], facts: Facts, rules: ReportRules
) -> dict[str, Person]:
    """Everybody who is known, under a name of their own."""
    names = {address: history.entries[-1].name for address, history in histories.items()}
    names |= {r.person: r.name for r in facts.records.values()}
    names |= {address: record.name for address, record in coming.items()}
    known = {a: rules.people.get(a) for a in names}
    names = {a: (k.name if k else "") or names[a] or a for a, k in known.items()}
    roles = {a: k.role if k else Role.OTHER for a, k in known.items()}
    return {a: Person(a, name, roles[a]) for a, name in distinct(names).items()}


def _is_active(history: _History, window: Times, week: Week) -> bool:
    """Whether anything counts or shows in the twelve weeks, or fell through in them that was still to come."""
    if any(window.start <= t.at < window.end for t in history.told):
        return True
    return any(
        window.start <= t.shown_at < window.end
        or (t.change.kind in (Kind.CANCELLED, Kind.DECLINED) and _noticed_ahead(t, window, week))
        for t in history.ended
    )


def _noticed_ahead(told: Told, window: Times, week: Week) -> bool:
    return told.at >= week.end and window.start <= told.change.noticed_at < window.end


def _person_report(
    person: Person,
    history: _History,
    weeks: Sequence[Week],
    facts: Facts,
    rules: ReportRules,
    now: datetime,
) -> PersonReport:
    week = weeks[-1]
    window = _utc(weeks[0].start, week.end)
    past = [t for t in history.ended if t.at < window.end]
    inside = [t for t in past if t.at >= window.start]
    told = [t for t in history.told if window.start <= t.at < window.end]
    held = [t.at for t in past if t.change.kind is Kind.HELD]
    total = counts(told, inside, window)
    return PersonReport(
        person,
        counts(told, inside, _utc(week.start, week.end)),
        total,
        held[-1] if held else None,
        _days_since(held[-1], week, rules, now) if held else None,
        streak(past),
        strip(history.ended, weeks, _last_read(history, facts), now),
        notice_minutes=median_notice(told),
        own=tuple(t.change for t in inside if _is_own(t.change)),
        open_to_rebooking=_open_to_rebooking(history, window, facts, rules, week, now),
        advice=_advice(person, total),
    )


def _last_read(history: _History, facts: Facts) -> datetime | None:
    """Of the accounts that know the person; of all, where nothing tells which these are."""
    accounts = {c.account for c in history.entries} & facts.reads.keys()
    return min((facts.reads[a] for a in accounts or facts.reads), default=None)


def _days_since(held: datetime, week: Week, rules: ReportRules, now: datetime) -> int:
    """In days of the calendar: from a Tuesday to that week's Friday it is three, whatever the hours."""
    until = min(now, week.end - timedelta(seconds=1)).astimezone(rules.zone).date()
    return max((until - held.astimezone(rules.zone).date()).days, 0)


def _is_own(change: Change) -> bool:
    return change.by is By.ME and change.kind in (Kind.CANCELLED, Kind.DECLINED)


def _open_to_rebooking(
    history: _History, window: Times, facts: Facts, rules: ReportRules, week: Week, now: datetime
) -> tuple[Change, ...]:
    """What was cancelled of these weeks, or noticed in them, and could still be replaced."""
    entries = {c.id: c for c in history.entries}
    found = []
    for told in history.ended:
        change, record = told.change, facts.records.get(told.change.one_on_one)
        here = window.start <= told.at < window.end or _noticed_ahead(told, window, week)
        if (
            not here
            or change.kind is not Kind.CANCELLED
            or record is None
            or record.state is not State.CANCELLED
        ):
            continue
        closed = record.closed_at or act_of(change, entries).at or change.noticed_at
        if now <= closed + rules.rebook_window:
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


def _flags(
    managers: Iterable[Person],
    histories: dict[str, _History],
    coming: dict[str, OneOnOne],
    facts: Facts,
    rules: ReportRules,
    week: Week,
    now: datetime,
) -> tuple[tuple[RedFlag, ...], tuple[AlmostFlag, ...]]:
    """Also of those whom the twelve weeks don't list: the rule may look further back. No time is offered twice."""
    hours = Hours(rules.zone, rules.opens, rules.closes)
    taken = [Times(b.start, b.end) for b in facts.busy]
    raised, nearly = [], []
    for person in managers:
        history = histories.get(person.email, _NOTHING)
        if not history.ended:
            continue
        entries = {c.id: c for c in history.entries}
        found = evidence(
            person, history.ended, entries, lambda i: _user_organizes(facts, i), rules.flag, week
        )
        if found.acts > rules.flag.cancellations:
            length = _usual_length(history, coming.get(person.email))
            free = free_times(taken, facts.busy_until, hours, length, now)
            taken += free
            if flag := red_flag(found, rules.flag, week, rules.zone, free):
                raised.append(flag)
        elif near := almost(found, rules.flag, week, rules.zone):
            nearly.append(near)
    return tuple(raised), tuple(nearly)


def _user_organizes(facts: Facts, one_on_one: str) -> bool:
    """False also where it is no longer on record: then a decline counts against nobody."""
    record = facts.records.get(one_on_one)
    return record is not None and record.owner is Owner.ME


def _usual_length(history: _History, coming: OneOnOne | None) -> timedelta:
    """As long as the next one is to be, or the last one was."""
    if coming is not None:
        return coming.end - coming.start
    last = max(history.told, key=lambda t: t.at).change
    times = last.now_at or last.was
    length = times.end - times.start if times else _USUAL
    return length if length > timedelta(0) else _USUAL


def _since_last(
    histories: dict[str, _History], people: dict[str, Person], facts: Facts, rules: ReportRules, week: Week
) -> tuple[Change, ...]:
    """What was noticed since the last delivery of weeks that were reported by then, as it stands now."""
    since = facts.delivered_at
    if since is None:
        return ()
    if facts.delivered_week is not None:
        reported = week_named(facts.delivered_week, rules.zone)
    else:
        reported = week_of(since.astimezone(rules.zone).date(), rules.zone)
    until = min(week.start.astimezone(UTC), reported.end.astimezone(UTC))
    found = [
        replace(t.change, name=people[t.change.person].name)
        for history in histories.values()
        for t in history.told
        if t.at < until and t.change.noticed_at > since and t.change.kind is not Kind.SCHEDULED
    ]
    return tuple(sorted(found, key=lambda c: (c.noticed_at, c.id)))


def _concerns(gap: Gap, window: Times) -> bool:
    """Whether a gap touches the twelve weeks, or still lasts."""
    return gap.end is None or (gap.end > window.start and gap.start < window.end)


def _upcoming(
    facts: Facts, people: dict[str, Person], rules: ReportRules, week: Week, now: datetime
) -> tuple[Upcoming, ...]:
    """The 1:1s to come up to the end of the next week: those that stand, and those that somebody declined."""
    until = week_after(week, rules.zone).end
    coming = [
        r
        for r in facts.records.values()
        if r.state in (State.STANDING, State.DECLINED) and r.end > now and r.start < until
    ]
    coming.sort(key=lambda r: (r.start, r.id))
    return tuple(_one_to_come(r, people[r.person], facts, rules) for r in coming)


def _one_to_come(record: OneOnOne, person: Person, facts: Facts, rules: ReportRules) -> Upcoming:
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
