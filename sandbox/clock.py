"""The time that the emulated providers go by, which a test sets and moves.

`Clock(now)` stands still until it is told otherwise, so that what a test sees doesn't depend on how long it
took; `Clock.real()` runs with the machine's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock in UTC that can be set. Times without a zone are refused with ValueError."""

    def __init__(self, now: datetime) -> None:
        self._offset = timedelta()
        self._source: Callable[[], datetime] | None = None
        self._now = _aware(now)

    @classmethod
    def real(cls) -> Clock:
        """A clock that runs with the machine's; `set` and `advance` then shift it."""
        clock = cls(datetime.now(UTC))
        clock._source = lambda: datetime.now(UTC)
        return clock

    def now(self) -> datetime:
        """The present, in UTC."""
        return (self._source() + self._offset) if self._source else self._now

    def set(self, now: datetime) -> None:
        """Jump to a time, forwards or backwards."""
        if self._source:
            self._offset = _aware(now) - self._source()
        else:
            self._now = _aware(now)

    def advance(self, delta: timedelta | None = None, **parts: float) -> datetime:
        """Move on by a timedelta, or by its parts (`days=3, hours=1`); answers the new time."""
        self.set(self.now() + (delta or timedelta()) + timedelta(**parts))
        return self.now()


def _aware(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError(f"{time} has no time zone")
    return time.astimezone(UTC)
