"""How each 1:1 ended, as the ledger tells it.

An entry that a later one of the same 1:1 corrects counts no more. Each 1:1 ends once: by the last entry that is told of
it, but that a move leaves a decline standing which nobody took back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from daemon.core.model import Change, How, Kind

DUE = (Kind.HELD, Kind.NO_SHOW, Kind.CANCELLED, Kind.DECLINED)
"""How a 1:1 that was due can have ended. What the user excused was not due."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry that counts, and the start by which it does: the one that was lost, or else the one it took place at."""

    change: Change
    at: datetime

    @property
    def shown_at(self) -> datetime:
        """Where a calendar would show it: a move at its new start."""
        change = self.change
        if change.how is How.MOVED and change.now_at is not None:
            return change.now_at.start
        return self.at


@dataclass(frozen=True, slots=True)
class Act:
    """When somebody acted, None where nothing tells. `in_history`: the first read found it in the calendar's past."""

    at: datetime | None
    in_history: bool


def told_of(changes: Iterable[Change]) -> list[Told]:
    """The entries that no later one corrects, in their order."""
    changes = tuple(changes)
    # The dates of a series that ended share one entry: it stands when one of the others comes back.
    corrected = {c.corrects for c in changes if c.corrects and c.corrects.startswith(f"{c.one_on_one}.")}
    told = []
    for change in changes:
        times = change.was or change.now_at
        if times is not None and change.id not in corrected:
            told.append(Told(change, times.start))
    return told


def endings(told: Iterable[Told]) -> list[Told]:
    """How each 1:1 stands, by start."""
    last: dict[str, Told] = {}
    for one in told:
        before = last.get(one.change.one_on_one)
        declined = before is not None and before.change.kind is Kind.DECLINED
        if not (declined and one.change.how is How.MOVED):
            last[one.change.one_on_one] = one
    return sorted(last.values(), key=lambda t: (t.at, t.change.id))


def act_of(change: Change, entries: Mapping[str, Change]) -> Act:
    """When the act that an entry tells of took place; of a correction, that of what it corrects.

    :param entries: the ledger of the person, by id.
    """
    seen: Change = change
    while seen.notice_minutes is None and (before := entries.get(seen.corrects or "")) is not None:
        seen = before
    starts = [t.start for t in (seen.was, seen.now_at) if t is not None]
    if seen.notice_minutes is None or not starts:
        return Act(None, seen.backfilled)
    return Act(min(starts) - timedelta(minutes=seen.notice_minutes), seen.backfilled)
