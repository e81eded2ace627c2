"""The user's word on a 1:1: a new entry of the ledger that refers to the one it overrules.

That is the entry that says now how the 1:1 ended, also where that is an earlier word of the user's: so the last word
stands alone. A move that the calendar told of before that end stays true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from connectors.frozen import dataclass
from daemon.core.model import By, Change, How, Kind, OneOnOne, State, Times

_STATES = {
    Kind.HELD: State.OVER,
    Kind.NO_SHOW: State.OVER,
    Kind.EXCUSED: State.OVER,
    Kind.CANCELLED: State.CANCELLED,
    Kind.RESCHEDULED: State.REPLACED,
}
_OUTCOMES = (
    Kind.HELD,
    Kind.NO_SHOW,
    Kind.EXCUSED,
    Kind.CANCELLED,
    Kind.DECLINED,
    Kind.SERIES_ENDED,
    Kind.NO_LONGER,
)

_SAID = "you said so (prepd mark)"

_OF_ITS_TIME = (Kind.HELD, Kind.NO_SHOW)
"""What can't be said before the time of a 1:1."""


class Unmarkable(Exception):
    """Nothing can be marked. `usage`: the ID given means nothing, or too much."""

    def __init__(self, message: str, *, usage: bool = False) -> None:
        super().__init__(message)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class UserMark:
    """What the user says of a 1:1: how it ended, by whom, and when it takes place instead (`to`, a start).

    `at` is when they say so. It is no mark on an event: that is `daemon.core.mark`.
    """

    kind: Kind
    by: By | None
    to: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Marked:
    """A 1:1 as the ledger knows it: its record, if it is still at hand, and its entries, oldest first.

    `named` is the entry that was asked for by its own id.
    """

    id: str
    record: OneOnOne | None
    entries: tuple[Change, ...]
    named: Change | None = None

    @property
    def times(self) -> Times:
        """When it was to take place: by its record, or by the last entry that says. No word of the user's moves it."""
        if self.record is not None:
            return self.record.times
        found = next((_left_at(e) for e in reversed(self.entries) if not _is_said(e)), None)
        if found is None:
            raise Unmarkable("Nothing says when that 1:1 was.")
        return found


def find_one_on_one(given: str, records: Mapping[str, OneOnOne], ledger: Iterable[Change]) -> Marked:
    """The one 1:1 whose id, or the id of an entry of which, is or begins with `given`.

    :raises Unmarkable: there is none, or more than one.
    """
    entries: dict[str, list[Change]] = {}
    for change in ledger:
        entries.setdefault(change.one_on_one, []).append(change)
    wanted = given.strip().lower()
    one, _, number = wanted.partition(".")
    known = records.keys() | entries.keys()
    found = [one] if one in known else sorted(i for i in known if wanted and not number and i.startswith(one))
    named = next((c for c in entries.get(one, ()) if number and c.id == wanted), None)
    if not found or (number and named is None):
        raise Unmarkable(f"There is no 1:1 or change with the id {given}. `prepd history` shows them.")
    if len(found) > 1:
        raise Unmarkable(f"{given} begins the ids of {len(found)} 1:1s: {', '.join(found[:4])} …", usage=True)
    return Marked(found[0], records.get(found[0]), tuple(entries.get(found[0], ())), named)


def marked(one: Marked, mark: UserMark) -> tuple[OneOnOne | None, Change]:
    """The record and the new entry.

    :raises Unmarkable: it is still to come, as far as anybody knows; or what was named is a move, which stays true.
    """
    record = one.record
    too_early = mark.kind in _OF_ITS_TIME or (record is not None and record.state is State.STANDING)
    if record is not None and too_early and record.start > mark.at:
        raise Unmarkable("That 1:1 is still to come. Mark it when its time is over.")
    change = _entry(one, mark)
    if record is not None:
        record = replace(
            record,
            state=_STATES[mark.kind],
            changes=_number(change),
            closed_at=mark.at,
            closed_by=change.by,
            closing_change=change.id,
            pending=False,
        )
    return record, change


def _entry(one: Marked, mark: UserMark) -> Change:
    was, outcome = one.times, _overruled(one)
    known = one.record or one.entries[-1]
    number = max([one.record.changes if one.record else 0, *map(_number, one.entries)]) + 1
    return Change(
        id=f"{one.id}.{number}",
        one_on_one=one.id,
        account=known.account,
        person=known.person,
        name=known.name,
        kind=mark.kind,
        noticed_at=mark.at,
        evidence=_SAID,
        how=How.MOVED if mark.kind is Kind.RESCHEDULED else None,
        by=_by(mark, outcome),
        was=was if mark.kind in (Kind.CANCELLED, Kind.RESCHEDULED) else None,
        now_at=_now_at(mark, was),
        corrects=outcome.id if outcome else None,
    )


def _number(entry: Change) -> int:
    """Which entry of its 1:1 it is, as its id says."""
    return int(entry.id.rpartition(".")[2])


def _overruled(one: Marked) -> Change | None:
    """The entry that says now how the 1:1 ended: the last such one, or what stands for the one that was named."""
    later = {c.corrects: c for c in one.entries if c.corrects}
    named = one.named
    while named is not None and named.id in later:
        named = later[named.id]
    if named is not None and _says_how_it_ended(named):
        return named
    if named is not None and named.kind is Kind.RESCHEDULED:
        raise Unmarkable(
            f"{named.id} says that it was moved, which stays true. To say how it ended, mark {one.id}."
        )
    return next((c for c in reversed(one.entries) if c.id not in later and _says_how_it_ended(c)), None)


def _says_how_it_ended(entry: Change) -> bool:
    """A move ends a 1:1 where the user says so; at its new time, the calendar's goes on."""
    moved = entry.kind is Kind.RESCHEDULED
    return entry.kind in _OUTCOMES or (moved and (entry.how is How.REBOOKED or _is_said(entry)))


def _left_at(entry: Change) -> Times | None:
    """The time that an entry leaves a 1:1 at. The one booked in its place is another 1:1."""
    return entry.was if entry.how is How.REBOOKED else entry.now_at or entry.was


def _is_said(entry: Change) -> bool:
    return entry.evidence == _SAID


def _by(mark: UserMark, before: Change | None) -> By | None:
    if mark.kind not in (Kind.CANCELLED, Kind.RESCHEDULED):
        return None
    return mark.by or (before.by if before and before.by else By.UNKNOWN)


def _now_at(mark: UserMark, was: Times) -> Times | None:
    if mark.kind is Kind.RESCHEDULED:
        return Times(mark.to, mark.to + (was.end - was.start)) if mark.to else None
    return was if mark.kind in (Kind.HELD, Kind.NO_SHOW, Kind.EXCUSED) else None
