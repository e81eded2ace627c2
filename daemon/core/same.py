"""The same meeting, seen through two calendars, is one 1:1: that of the account listed first.

Two sights are the same meeting if they are with the same person and have the same iCal UID (for an occurrence of a
series: and the same original start), or the same title and times. The other copy is remembered as a *shadow*: it is
nobody's 1:1, but it takes over when the first copy goes while it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.values import Status
from daemon.core.detect import Verdict
from daemon.core.ledger import new_record
from daemon.core.model import OneOnOne, State
from daemon.core.observe import Look, Sight
from daemon.core.titles import normalized

_OPEN = (State.STANDING, State.DECLINED)
_STAND = (*_OPEN, State.OVER)
_MEETINGS = (Verdict.ONE_ON_ONE, Verdict.TWO_PEOPLE)
_Place = tuple[str, str, str]
_Key = tuple[str | datetime | None, ...]


@dataclass(frozen=True, slots=True)
class Shadow:
    """Another copy of a 1:1: `of` is its id, `copy` what the 1:1 would be if this were the only copy."""

    of: str
    copy: OneOnOne

    @property
    def place(self) -> _Place:
        return _place(self.copy)


@dataclass(frozen=True, slots=True)
class Folded:
    """Looks without second copies, the records with those that moved to another copy, and the shadows now known."""

    looks: tuple[Look, ...]
    records: dict[str, OneOnOne]
    shadows: tuple[Shadow, ...]


def fold_copies(
    looks: Iterable[Look],
    records: Mapping[str, OneOnOne],
    shadows: Iterable[Shadow],
    accounts: Sequence[str],
) -> Folded:
    """:param accounts: the names of the accounts, in the order of the config."""
    folding = _Folding(looks, records, shadows, accounts)
    folding.look_for_copies()
    folding.take_over()
    return Folded(tuple(folding.looks.values()), folding.records, tuple(folding.shadows.values()))


class _Folding:
    def __init__(
        self,
        looks: Iterable[Look],
        records: Mapping[str, OneOnOne],
        shadows: Iterable[Shadow],
        accounts: Sequence[str],
    ) -> None:
        order = {name: number for number, name in enumerate(accounts)}
        ordered = sorted(looks, key=lambda look: order.get(look.account, len(order)))
        self.looks = {(look.account, look.calendar): look for look in ordered}
        self.records = dict(records)
        self.shadows = {s.place: s for s in shadows if s.of in records}
        self._on_record = {_place(r) for r in records.values()}
        self._owners: dict[_Key, OneOnOne] = {}
        for record in records.values():
            if record.state in _STAND:
                self._own(record)

    def _own(self, record: OneOnOne) -> None:
        for key in _keys(record):
            self._owners.setdefault(key, record)

    def look_for_copies(self) -> None:
        """Takes second copies out of the looks. A meeting on record keeps its copy; a new one is the first listed's."""
        for look in self.looks.values():
            for event_id, seen in look.sights.items():
                if (look.account, look.calendar, event_id) in self._on_record and _is_meeting(seen):
                    self._own(new_record(look, seen))
        for place, look in self.looks.items():
            sights = {i: s for i, s in look.sights.items() if not self._is_copy(look, s)}
            if len(sights) != len(look.sights):
                self.looks[place] = replace(look, sights=sights)
            for event_id in look.tombstones:
                self.shadows.pop((*place, event_id), None)

    def _is_copy(self, look: Look, seen: Sight) -> bool:
        place = (look.account, look.calendar, seen.event.id)
        before = self.shadows.get(place)
        if place in self._on_record or not _is_meeting(seen):
            return self.shadows.pop(place, None) is not None
        copy = new_record(look, seen)
        owner = self.records.get(before.of) if before else self._owner_elsewhere(copy)
        if owner is None:
            self._own(copy)
            return False
        self.shadows[place] = Shadow(owner.id, copy)
        return True

    def _owner_elsewhere(self, copy: OneOnOne) -> OneOnOne | None:
        for key in _keys(copy):
            owner = self._owners.get(key)
            if owner is not None and (owner.account, owner.calendar) != (copy.account, copy.calendar):
                return owner
        return None

    def take_over(self) -> None:
        """Where a 1:1's own copy is gone and another stands, the 1:1 goes on as that one."""
        for shadow in list(self.shadows.values()):
            record = self.records.get(shadow.of)
            if record is None or record.state not in _OPEN or not self._is_gone(record):
                continue
            copy = shadow.copy
            self.records[record.id] = replace(
                record,
                account=copy.account,
                calendar=copy.calendar,
                event_id=copy.event_id,
                series_id=copy.series_id,
                original_start=copy.original_start,
                ical_uid=copy.ical_uid,
                attendance=copy.attendance,
                owner=copy.owner,
                url=copy.url,
            )
            del self.shadows[shadow.place]

    def _is_gone(self, record: OneOnOne) -> bool:
        look = self.looks.get((record.account, record.calendar))
        seen = look.seen(record) if look else None
        if seen is None:
            return False
        return not isinstance(seen, Sight) or seen.event.status is Status.CANCELLED


def _is_meeting(seen: Sight) -> bool:
    return seen.label.verdict in _MEETINGS and seen.event.status is not Status.CANCELLED


def _place(record: OneOnOne) -> _Place:
    return record.account, record.calendar, record.event_id


def _keys(record: OneOnOne) -> list[_Key]:
    alike: _Key = (record.person, normalized(record.title), record.start, record.end)
    if not record.ical_uid:
        return [alike]
    # Google's occurrences share their series' UID, Microsoft's have one each: the original start tells them apart.
    first = record.original_start if record.series_id else None
    return [(record.person, record.ical_uid, first), alike]
