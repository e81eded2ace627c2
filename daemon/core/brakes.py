"""When to stop and ask the user before anything is recorded or deleted.

A calendar that suddenly shows nothing, or a cycle that would turn over more than anybody turns over in a minute, is
more likely a fault (a wrong account, a provider's bad day) than news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from connectors.values import Delta, Event
from daemon.core.ledger.classify import Outcome
from daemon.core.model import Kind, OneOnOne, State

EMPTIED_AT = 5
"""From how many 1:1s to come on a calendar shows that is suddenly empty is taken for a fault."""

CLOCK_DRIFT = timedelta(hours=1)
"""How far in the future a recorded look may lie before the clock is taken for wrong."""

_TURNED_OVER = (Kind.RESCHEDULED, Kind.CANCELLED, Kind.REINSTATED, Kind.NO_LONGER, Kind.SERIES_ENDED)


def emptied(delta: Delta, records: Iterable[OneOnOne], now: datetime) -> str | None:
    """Why a calendar is taken for suddenly empty, else None: a full read of it shows nothing, nor does asking by id.

    :param records: the 1:1s on record of this calendar.
    """
    coming = sum(r.state is State.STANDING and r.end > now for r in records)
    if not delta.complete or delta.events_read or coming < EMPTIED_AT:
        return None
    if any(isinstance(item, Event) for item in delta.items):
        return None
    return (
        f"The calendar suddenly shows nothing at all, though {coming} 1:1s to come were on it. Nothing was recorded or "
        f"changed. Look at the calendar: if it really is empty, run `prepd sync --accept` once."
    )


def turned_over(before: Mapping[str, OneOnOne], outcome: Outcome, account: str, most: int) -> str | None:
    """Why one account's batch is too much to be believed, else None: it turns more than `most` 1:1s over.

    :param before: the 1:1s as they were recorded, by id.
    """
    told = {
        c.one_on_one
        for c in outcome.changes
        if c.kind in _TURNED_OVER and c.account == account and not c.backfilled
    }
    silent = {r.id for r in outcome.records if r.account == account and _differs(before.get(r.id), r)}
    count = len(told | silent)
    if count <= most:
        return None
    return (
        f"{count} 1:1s would be recorded as moved, cancelled or gone at once (sync.max_changes is {most}). Nothing was "
        f"recorded or changed. Look at the calendar: if that is right, run `prepd sync --accept` once."
    )


def clock_set_back(looked_at: datetime, now: datetime) -> str:
    """What is said where a calendar was read at a time that is yet to come: one of the two clocks was wrong."""
    return (
        f"This machine's clock says {now:%Y-%m-%d %H:%M} UTC, but the calendars were looked at on "
        f"{looked_at:%Y-%m-%d %H:%M} UTC already. Nothing was recorded or changed. Set the clock; if it is right now, "
        f"run `prepd sync --accept` once."
    )


def _differs(before: OneOnOne | None, after: OneOnOne) -> bool:
    """Occurrences that a series' change moved or ended without an entry of their own."""
    if before is None:
        return False
    ended = after.state is State.ENDED and before.state is not State.ENDED
    return ended or (before.start != after.start and before.state is State.STANDING)
