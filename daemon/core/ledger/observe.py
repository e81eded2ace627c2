"""What one look at a calendar showed, labelled: the observed half of `classify`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from connectors.frozen import dataclass
from connectors.values import Event, Series, Status, Tombstone
from daemon.core.detect import Label
from daemon.core.model import OneOnOne, Times


@dataclass(frozen=True, slots=True)
class Sight:
    """An event that was seen, live or cancelled, and what it is."""

    event: Event
    label: Label

    @property
    def times(self) -> Times:
        return Times(self.event.start, self.event.end)

    @property
    def live(self) -> bool:
        """Whether the calendar shows it as taking place. What was cancelled may be shown too."""
        return self.event.status is not Status.CANCELLED

    @property
    def planned(self) -> datetime:
        """The start at which its series has it, wherever it was moved to."""
        return self.event.original_start or self.event.start


@dataclass(frozen=True, slots=True)
class Look:
    """One completed read of one calendar.

    `at` is when it began, `since` when the read before it did, or None for the first one. `sights` and
    `tombstones` are keyed by event id; a tombstone's id may be a series'. `series` are the series' own entries,
    where they were asked for. `unresolved` are ids whose fate could not be asked for.
    """

    account: str
    calendar: str
    at: datetime
    since: datetime | None
    sights: Mapping[str, Sight] = field(default_factory=dict)
    tombstones: Mapping[str, Tombstone] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    unresolved: frozenset[str] = frozenset()

    def removed_when_over(self, record: OneOnOne) -> bool:
        """Whether the calendar tells that a 1:1 was taken off it when its time was over."""
        seen = self.seen(record)
        updated = seen.event.updated if isinstance(seen, Sight) else None
        return updated is not None and record.end <= min(updated, self.at)

    def seen(self, record: OneOnOne) -> Sight | Tombstone | None:
        """What this look says of a 1:1; None where it says nothing, so that all is as it was."""
        if sight := self.sights.get(record.event_id):
            return sight
        if tombstone := self.tombstones.get(record.event_id):
            return tombstone
        return self.tombstones.get(record.series_id) if record.series_id else None

    def says_gone(self, record: OneOnOne) -> bool:
        """Whether a 1:1's event was cancelled or taken off. What could not be asked for may still be there."""
        if record.event_id in self.unresolved:
            return False
        seen = self.seen(record)
        return isinstance(seen, Tombstone) or (seen is not None and not seen.live)
