"""Whom a report knows, what the ledger tells of each, and who is listed: by role, then name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from connectors.frozen import dataclass
from daemon.core.model import Change, Kind, OneOnOne, Person, Role, State
from daemon.core.names import distinct
from daemon.core.report.frame import Frame
from daemon.core.report.model import Facts, ReportRules
from daemon.core.report.outcomes import Told, endings, told_of

_ROLES = list(Role)


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger tells of one person: all entries, those that count, and how each 1:1 ended, by start."""

    entries: tuple[Change, ...]
    told: tuple[Told, ...]
    ended: tuple[Told, ...]


NOTHING = History((), (), ())


def histories(changes: Iterable[Change]) -> dict[str, History]:
    """By person."""
    by_person: dict[str, list[Change]] = {}
    for change in changes:
        by_person.setdefault(change.person, []).append(change)
    found = {}
    for address, entries in by_person.items():
        told = told_of(entries)
        found[address] = History(tuple(entries), tuple(told), tuple(endings(told)))
    return found


def coming(facts: Facts, now: datetime) -> dict[str, OneOnOne]:
    """The next 1:1 with each person that stands."""
    standing = (r for r in facts.records.values() if r.state is State.STANDING and r.end > now)
    return {r.person: r for r in sorted(standing, key=lambda r: (r.start, r.id), reverse=True)}


def people(
    known: Mapping[str, History], coming: Mapping[str, OneOnOne], facts: Facts, rules: ReportRules
) -> dict[str, Person]:
    """Everybody who is known, under a name of their own."""
    names = {address: history.entries[-1].name for address, history in known.items()}
    names |= {r.person: r.name for r in facts.records.values()}
    names |= {address: record.name for address, record in coming.items()}
    told = {a: rules.people.get(a) for a in names}
    names = {a: (k.name if k else "") or names[a] or a for a, k in told.items()}
    roles = {a: k.role if k else Role.OTHER for a, k in told.items()}
    return {a: Person(a, name, roles[a]) for a, name in distinct(names).items()}


def order(person: Person) -> tuple[int, str, str]:
    """What people are sorted by."""
    return _ROLES.index(person.role), person.name.casefold(), person.email


def is_active(history: History, frame: Frame) -> bool:
    """Whether anything counts or shows in the twelve weeks, or fell through in them that was still to come."""
    if any(frame.holds(t.at) for t in history.told):
        return True
    return any(
        frame.holds(t.shown_at)
        or (t.change.kind in (Kind.CANCELLED, Kind.DECLINED) and noticed_ahead(t, frame))
        for t in history.ended
    )


def noticed_ahead(told: Told, frame: Frame) -> bool:
    """Whether it was noticed in the twelve weeks of a start after them."""
    return told.at >= frame.week.end and frame.holds(told.change.noticed_at)
