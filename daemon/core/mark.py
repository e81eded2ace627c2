"""prepd's private mark on its events: which 1:1 a slot is for, and how prepd last left it; which week a report is on.

It is written together with what it speaks of, so that after a crash the event itself tells our own last write from
the user's hand.
"""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.frozen import dataclass

_VERSION = "1"
_REPORT = "report"


@dataclass(frozen=True, slots=True)
class Mark:
    """`one_on_one` is an id, `placed_start` where prepd put the slot, `text_hash` that of the text it wrote."""

    one_on_one: str
    generation: int
    placed_start: datetime
    text_hash: str

    def __str__(self) -> str:
        stamp = self.placed_start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return " ".join((_VERSION, self.one_on_one, str(self.generation), stamp, self.text_hash))


def report_mark(week: str) -> str:
    """The mark on the event that holds a week's report. No slot's mark reads like it."""
    return f"{_REPORT} {week}"


def is_report(value: str | None) -> bool:
    """Whether a mark says that its event holds a report."""
    return (value or "").startswith(f"{_REPORT} ")


def read_mark(value: str | None) -> Mark | None:
    """The mark on a slot, or None where there is none that this version can read."""
    parts = (value or "").split(" ")
    if len(parts) != 5 or parts[0] != _VERSION:
        return None
    try:
        placed = datetime.strptime(parts[3], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return Mark(parts[1], int(parts[2]), placed, parts[4])
    except ValueError:
        return None
