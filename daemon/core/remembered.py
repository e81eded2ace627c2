"""What a batch leaves for those after it to know, beside the 1:1s themselves.

Apart from what is decided by it: it is read with the state, by commands that decide nothing and should start fast.
"""

# No `from __future__ import annotations`: msgspec would compile every annotation anew in each process.

from connectors.frozen import dataclass
from daemon.core.model import OneOnOne

Place = tuple[str, str, str]
"""Account, calendar and id of an event."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A timed one-off of two people that is no 1:1 by itself, as the 1:1 that it would be.

    Remembered, because the cancellation that it answers may come after it.
    """

    would_be: OneOnOne

    @property
    def place(self) -> Place:
        return place_of(self.would_be)


@dataclass(frozen=True, slots=True)
class Shadow:
    """Another copy of a 1:1: `of` is its id, `copy` what the 1:1 would be if this were the only copy."""

    of: str
    copy: OneOnOne

    @property
    def place(self) -> Place:
        return place_of(self.copy)


def place_of(record: OneOnOne) -> Place:
    """Where its event is now."""
    return record.account, record.calendar, record.event_id
