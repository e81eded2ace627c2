"""Which 1:1s are to come: for the agenda, the report and the metrics alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from daemon.core.model import OPEN, OneOnOne


def upcoming(records: Iterable[OneOnOne], now: datetime, until: datetime) -> list[OneOnOne]:
    """Those that end after `now` and start before `until`, by start: what stands, and what somebody declined."""
    coming = (r for r in records if r.state in OPEN and r.end > now and r.start < until)
    return sorted(coming, key=lambda r: (r.start, r.id))
