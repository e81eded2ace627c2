"""Which managers raise a red flag, or would with a word from the user; and the times that are offered to each.

Also those whom the twelve weeks don't list: the rule may look further back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from daemon.core.model import OneOnOne, Owner, Person, Role, Times
from daemon.core.report.flags import almost, evidence, red_flag
from daemon.core.report.frame import Frame
from daemon.core.report.free_times import Hours, free_times
from daemon.core.report.model import AlmostFlag, Facts, RedFlag
from daemon.core.report.people import NOTHING, History, order

_USUAL = timedelta(minutes=30)


def flags(
    people: Iterable[Person],
    histories: Mapping[str, History],
    coming: Mapping[str, OneOnOne],
    frame: Frame,
) -> tuple[tuple[RedFlag, ...], tuple[AlmostFlag, ...]]:
    """Those raised, and those that only lack the word by whom, by name. No time is offered twice."""
    facts, rules, week = frame.facts, frame.rules, frame.week
    hours = Hours(rules.zone, rules.opens, rules.closes)
    taken = [Times(b.start, b.end) for b in facts.busy]
    raised, nearly = [], []
    for person in sorted((p for p in people if p.role is Role.MANAGER), key=order):
        history = histories.get(person.email, NOTHING)
        entries = {c.id: c for c in history.entries}
        found = evidence(
            person, history.ended, entries, lambda i: _user_organizes(facts, i), rules.flag, week
        )
        if found.acts > rules.flag.cancellations:
            length = _usual_length(history, coming.get(person.email))
            free = free_times(taken, facts.busy_until, hours, length, frame.now)
            taken += free
            raised.append(red_flag(found, rules.flag, week, rules.zone, free))
        elif near := almost(found, rules.flag, week, rules.zone):
            nearly.append(near)
    return tuple(raised), tuple(nearly)


def _user_organizes(facts: Facts, one_on_one: str) -> bool:
    """False also where it is no longer on record: then a decline counts against nobody."""
    record = facts.records.get(one_on_one)
    return record is not None and record.owner is Owner.ME


def _usual_length(history: History, coming: OneOnOne | None) -> timedelta:
    """As long as the next one is to be, or the last one was."""
    if coming is not None:
        return coming.end - coming.start
    last = max(history.told, key=lambda t: t.at).change
    times = last.now_at or last.was
    length = times.end - times.start if times else _USUAL
    return length if length > timedelta(0) else _USUAL
