"""Which events of a day stand beside each other, because they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

MOST = 3
"""What overlaps more often shares the last lane."""


def lanes(times: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    """For each start and end, given by start: its lane, from 1, and how many lanes there are where it stands."""
    placed: list[tuple[int, int]] = []
    group: list[int] = []
    ends: list[datetime] = []
    for start, end in times:
        if ends and start >= max(ends):
            placed += _shared(group, len(ends))
            group, ends = [], []
        free = next((lane for lane, taken in enumerate(ends) if taken <= start), len(ends))
        if free == MOST:
            free = MOST - 1
        ends[free : free + 1] = [max(end, *ends[free : free + 1])] if free < len(ends) else [end]
        group.append(free + 1)
    return placed + _shared(group, len(ends))


def _shared(group: list[int], number: int) -> list[tuple[int, int]]:
    return [(lane, number) for lane in group]
