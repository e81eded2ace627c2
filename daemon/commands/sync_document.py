"""The JSON document of `prepd sync`: apart from the others, so that they load nothing of a cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daemon.apply.actions import ActionOutcome, DeliverOutcome
from daemon.config import Config
from daemon.core.model import OneOnOne
from daemon.core.planning.actions import CreateSlot, MoveSlot
from daemon.cycle import CycleResult
from daemon.render.documents import VERSION, change, stamp
from daemon.troubles import AccountOutcome


def account(outcome: AccountOutcome) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "ok": outcome.ok,
        "error": str(outcome.error) if outcome.error else None,
        "requests": outcome.requests,
        "events_read": outcome.events_read,
        "full": outcome.full,
    }


def action(outcome: ActionOutcome, records: Mapping[str, OneOnOne]) -> dict[str, Any]:
    act = outcome.action
    record = records.get(act.one_on_one)
    document: dict[str, Any] = {
        "kind": act.kind,
        "one_on_one": act.one_on_one,
        "person": record.person if record else None,
        "meeting_start": stamp(record.start) if record else None,
        "outcome": outcome.result.value,
        "reason": outcome.reason or None,
    }
    if isinstance(act, CreateSlot | MoveSlot):
        placed = act.placement
        document |= {"start": stamp(placed.start), "end": stamp(placed.end), "overlaps": placed.overlaps}
        document["reason"] = outcome.reason or placed.reason
    return document


def delivery(outcome: DeliverOutcome) -> dict[str, Any]:
    """A delivery among the actions: it is of no 1:1."""
    act = outcome.action
    return {
        "kind": act.kind,
        "one_on_one": None,
        "person": None,
        "meeting_start": None,
        "to": act.to,
        "week": act.week,
        "outcome": outcome.result.value,
        "reason": outcome.reason or None,
    }


def sync(result: CycleResult, config: Config) -> dict[str, Any]:
    return {
        "version": VERSION,
        "accounts": [account(a) for a in result.accounts],
        "changes": [change(c, config) for c in result.changes],
        "actions": [*(action(a, result.records) for a in result.actions), *map(delivery, result.deliveries)],
        "paused": result.paused,
    }
