"""What prepd did in a cycle, put together for each 1:1: for a terminal and for the pages."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.frozen import dataclass
from daemon.apply.actions import ActionOutcome
from daemon.commands.demo.world import ZONE
from daemon.commands.sync_text import done
from daemon.core.model import OneOnOne
from daemon.core.planning.actions import CreateSlot, MoveSlot
from daemon.cycle import CycleResult


@dataclass(frozen=True, slots=True)
class Done:
    """`what` as "prep page opened, reflection slot 09:20–09:30"; `why` its slot is not right before it, if so."""

    record: OneOnOne
    what: str
    why: tuple[str, ...]


def by_one_on_one(result: CycleResult) -> Iterator[Done]:
    """In the order in which prepd came to them."""
    found: dict[str, list[ActionOutcome]] = {}
    for outcome in result.actions:
        found.setdefault(outcome.action.one_on_one, []).append(outcome)
    for one_on_one, outcomes in found.items():
        record = result.records[one_on_one]
        what = ", ".join(done(outcome, ZONE) for outcome in outcomes)
        acts = (outcome.action for outcome in outcomes)
        placed = (act.placement for act in acts if isinstance(act, CreateSlot | MoveSlot))
        yield Done(record, what, tuple(p.reason for p in placed if p.end != record.start))
