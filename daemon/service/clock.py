"""The machine's clock, watched: it is set, it runs while the machine sleeps, and jobs are due by it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SLEPT = timedelta(seconds=30)
"""A jump ahead of at least this much counts as a sleep of the machine."""


def _present() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Clock:
    """`steady` runs at the same speed whatever is done to `now`, and stands still while the machine sleeps."""

    now: Callable[[], datetime] = _present
    steady: Callable[[], float] = time.monotonic
    _seen: tuple[datetime, float] | None = None

    def jump(self) -> timedelta:
        """How far the clock was set ahead (or back: negative) since this was last asked."""
        now, steady = self.now(), self.steady()
        before, self._seen = self._seen, (now, steady)
        if before is None:
            return timedelta()
        return (now - before[0]) - timedelta(seconds=steady - before[1])
