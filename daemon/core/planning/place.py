"""Where a reflection slot goes: the ten minutes before a 1:1, or the latest free stretch before that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from daemon.core.model import Times


@dataclass(frozen=True, slots=True)
class Placement:
    """A place for a slot. `overlaps` says that no free one was found. `reason` explains it, in words."""

    start: datetime
    end: datetime
    overlaps: bool
    reason: str

    @property
    def times(self) -> Times:
        return Times(self.start, self.end)


def place(
    meeting: datetime, length: timedelta, look_back: timedelta, taken: Iterable[Times], now: datetime
) -> Placement | None:
    """The latest stretch of `length` that ends at or before `meeting` and overlaps nothing that is taken.

    It starts at most `look_back` before the meeting; if nothing is free there, it is directly before all the same.
    None if even that would have begun before `now`.
    """
    if meeting - length < now:
        return None
    earliest = max(meeting - max(look_back, length), now)
    near = sorted(
        (t for t in taken if t.start < meeting and t.end > earliest), key=lambda t: t.end, reverse=True
    )
    end = meeting
    for block in near:
        if block.end <= end - length:
            break
        end = min(end, block.start)
    if end - length >= earliest:
        why = "directly before the 1:1" if end == meeting else "the latest free stretch before the 1:1"
        return Placement(end - length, end, False, why)
    minutes = int(look_back.total_seconds() // 60)
    why = f"directly before the 1:1, over something else: nothing is free in the {minutes} minutes before it"
    return Placement(meeting - length, meeting, True, why)


def is_free(times: Times, taken: Iterable[Times]) -> bool:
    """Whether nothing that is taken overlaps these times. What only touches them does not."""
    return not any(t.start < times.end and t.end > times.start for t in taken)
