"""Red flags: managers who cancel too often, with the evidence, the rule in words, and what the user could say.

Counted is what they cancelled and, where the user organizes, declined: by the start that was lost, up to the end of
the report's week, and of starts still to come what was noticed by then. What was rebooked, taken back or marked
otherwise is corrected, and counts no more. Nobody knows whom `unknown` is by, so it raises nothing: where it would
complete a flag, it is listed, so that the user can tell.

What was done in one act counts once: acts of one person less than an hour apart are one. Where nothing tells when it
was done, the user's word on a 1:1 is an act of its own, and all that the first read found is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from connectors.frozen import dataclass
from daemon.core.model import By, Change, Kind, Person, Times
from daemon.core.report.model import AlmostFlag, FlagRule, RedFlag
from daemon.core.report.outcomes import DUE, Told, act_of
from daemon.core.weeks import DAYS, MONTHS, Week

ONE_ACT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What counts against one manager, and what might, by start.

    `due` is how many 1:1s were due in the same time; `acts` as how many `theirs` count, `acts_with_unknown` both.
    """

    person: Person
    theirs: tuple[Told, ...]
    unknown: tuple[Told, ...]
    due: int
    acts: int
    acts_with_unknown: int


def evidence(
    person: Person,
    ended: Iterable[Told],
    entries: Mapping[str, Change],
    organizes: Callable[[str], bool],
    rule: FlagRule,
    week: Week,
) -> Evidence:
    """:param ended: how each 1:1 with them stands, by start.
    :param entries: the ledger of the person, by id.
    :param organizes: whether the user organizes the 1:1 of that id, as far as it is on record.
    """
    inside = [t for t in ended if _counts_by(t, rule, week)]
    theirs = [t for t in inside if _is_theirs(t.change, organizes)]
    unknown = [t for t in inside if t.change.kind is Kind.CANCELLED and t.change.by in (By.UNKNOWN, None)]
    known = _acts(theirs, entries)
    both = _acts([*theirs, *unknown], entries)
    # What was done together with something of theirs adds nothing to it.
    adds = {t.change.id for act in both if not any(t in theirs for t in act) for t in act}
    return Evidence(
        person,
        tuple(theirs),
        tuple(t for t in unknown if t.change.id in adds),
        sum(t.change.kind in DUE for t in inside),
        len(known),
        len(both),
    )


def _counts_by(told: Told, rule: FlagRule, week: Week) -> bool:
    known_by_then = told.at < week.end or told.change.noticed_at < week.end
    return told.at >= week.end - rule.within and known_by_then


def _is_theirs(change: Change, organizes: Callable[[str], bool]) -> bool:
    if change.by is not By.THEM:
        return False
    return change.kind is Kind.CANCELLED or (change.kind is Kind.DECLINED and organizes(change.one_on_one))


def _acts(told: Sequence[Told], entries: Mapping[str, Change]) -> list[list[Told]]:
    """What was done at once, put together."""
    timed: list[tuple[datetime, Told]] = []
    acts: list[list[Told]] = []
    found: list[Told] = []
    for one in told:
        act = act_of(one.change, entries)
        if act.at is not None:
            timed.append((act.at, one))
        elif act.in_history:
            found.append(one)
        else:
            acts.append([one])
    if found:
        acts.append(found)
    timed.sort(key=lambda pair: (pair[0], pair[1].change.id))
    before: datetime | None = None
    for at, one in timed:
        if before is not None and at - before < ONE_ACT:
            acts[-1].append(one)
        else:
            acts.append([one])
        before = at
    return acts


def red_flag(found: Evidence, rule: FlagRule, week: Week, zone: tzinfo, free: tuple[Times, ...]) -> RedFlag:
    """The flag that this evidence raises, with words that offer the `free` times."""
    cancellations = tuple(t.change for t in found.theirs)
    count = f"{_counted(found.theirs)} by a manager {_span(found.theirs, rule, week, zone)}"
    count += f", of {found.due} 1:1s that were due"
    if found.acts < len(cancellations):
        count += f"; what was cancelled at once counts once, which makes {found.acts}"
    said = words(free, zone)
    return RedFlag(found.person, cancellations, found.acts, f"{count}. {_limit(rule)}", said, free)


def almost(found: Evidence, rule: FlagRule, week: Week, zone: tzinfo) -> AlmostFlag | None:
    """What only lacks the word by whom, of evidence that raises no flag; None where it would not with it either."""
    if found.acts_with_unknown <= rule.cancellations:
        return None
    unknown = len(found.unknown)
    both = (*found.theirs, *found.unknown)
    count = f"{_counted(found.theirs)} by a manager {_span(both, rule, week, zone)}"
    count += f", and {unknown} more of which nobody knows by whom"
    return AlmostFlag(found.person, tuple(t.change for t in found.unknown), f"{count}. {_limit(rule)}")


def words(free: Sequence[Times], zone: tzinfo) -> str:
    """What the user could say. Never sent by prepd."""
    said = "I can see that you have a lot on, and these meetings are important to me; when can we reschedule?"
    if not free:
        return said
    offered = [_moment(t.start, zone) for t in free]
    some = f"{', '.join(offered[:-1])} or {offered[-1]}" if len(offered) > 1 else offered[0]
    return f"{said} I could do {some}."


def _counted(theirs: Sequence[Told]) -> str:
    declined = sum(t.change.kind is Kind.DECLINED for t in theirs)
    cancelled = len(theirs) - declined
    parts = [_number(cancelled, "cancellation")] if cancelled or not declined else []
    parts += [_number(declined, "decline")] if declined else []
    return " and ".join(parts)


def _span(told: Sequence[Told], rule: FlagRule, week: Week, zone: tzinfo) -> str:
    """ "in the 90 days to 22 November", and what is still to come where that is part of it."""
    last = (week.end - timedelta(seconds=1)).astimezone(zone)
    span = f"in the {_days(rule)} to {last.day} {MONTHS[last.month - 1]}"
    return f"{span} and after" if any(t.at >= week.end for t in told) else span


def _limit(rule: FlagRule) -> str:
    return f"More than {_number(rule.cancellations, 'cancellation')} within {_days(rule)} are a red flag."


def _days(rule: FlagRule) -> str:
    return _number(rule.within.days, "day")


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _moment(when: datetime, zone: tzinfo) -> str:
    """ "Tuesday 24 November at 10:00" """
    local = when.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} at {local:%H:%M}"
