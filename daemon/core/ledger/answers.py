"""Answers to an invitation: a decline, or a decline taken back."""

from __future__ import annotations

from daemon.core.ledger.draft import Ledger, happened
from daemon.core.ledger.evidence import certain, declined_by
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import By, Kind, OneOnOne, State


def answered(ledger: Ledger, look: Look, record: OneOnOne, seen: Sight, *, backfilled: bool = False) -> None:
    """A decline, or a decline taken back. What is over keeps the answer that it had."""
    decliner = declined_by(seen.label)
    declined = record.state is State.STANDING or (
        record.state is State.DECLINED and decliner is not record.closed_by
    )
    if declined and decliner is not None:
        who = "you" if decliner is By.ME else "they"
        ledger.draft(
            record,
            Kind.DECLINED,
            by=decliner,
            was=record.times,
            happened=happened(look, seen),
            evidence=certain(f"{who} answered the invitation with no"),
            corrects=record.closing_change,
            state=State.DECLINED,
            backfilled=backfilled,
        )
    elif record.state is State.DECLINED and decliner is None and record.end > look.at:
        ledger.draft(
            record,
            Kind.REINSTATED,
            by=record.closed_by,
            now_at=seen.times,
            happened=happened(look, seen),
            evidence=certain("the decline was taken back"),
            corrects=record.closing_change,
            state=State.STANDING,
        )
