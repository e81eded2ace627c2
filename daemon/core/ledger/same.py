"""The same meeting, seen through two calendars, is one 1:1: that of the account listed first.

Two sights are the same meeting if they are with the same person and have the same iCal UID (for an occurrence of a
series: and the same original start), or the same title and times. The other copy is remembered as a *shadow*: it is
nobody's 1:1, but it takes over when the first copy goes while it stands. What is left of a copy that was cancelled
is no 1:1 that was cancelled.

The two calendars never change in the same moment: a series that is moved has new ids in one of them first. Then its
copies stay what they were: shadows of the same 1:1s, or 1:1s that `series` pairs with what they became.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from daemon.core.detect import Verdict
from daemon.core.ledger.first_sight import new_record
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import OPEN, OneOnOne, State
from daemon.core.remembered import Shadow, place_of
from daemon.core.titles import normalized

_STAND = (*OPEN, State.OVER)
_MEETINGS = (Verdict.ONE_ON_ONE, Verdict.TWO_PEOPLE)
_COMING_INTO_VIEW = timedelta(days=6)
_Key = tuple[str | datetime | None, ...]


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
        self._on_record = {place_of(r): r.id for r in records.values()}
        self._owners: dict[_Key, OneOnOne] = {}
        self._held_at: dict[_Key, OneOnOne] = {}
        for record in records.values():
            self._held_at.setdefault((record.person, record.start, record.end), record)
            if record.state in _STAND:
                self._own(record)

    def _own(self, record: OneOnOne) -> None:
        self._held_at.setdefault((record.person, record.start, record.end), record)
        for key in _keys(record):
            self._owners.setdefault(key, record)

    def look_for_copies(self) -> None:
        """Takes second copies out of the looks. A meeting on record keeps its copy; a new one is the first listed's."""
        for look in self.looks.values():
            for event_id, seen in look.sights.items():
                known = self._on_record.get((look.account, look.calendar, event_id))
                if known is not None and _is_meeting(seen):
                    self._own(replace(new_record(look, seen), id=known))
        for look in self.looks.values():
            self._follow_shadows(look)
        self._take_out(self._is_copy)
        self._take_out(self._is_cancelled_copy)
        for place, look in self.looks.items():
            for event_id in look.tombstones:
                self.shadows.pop((*place, event_id), None)

    def _take_out(self, is_copy: Callable[[Look, Sight], bool]) -> None:
        for place, look in self.looks.items():
            sights = {i: s for i, s in look.sights.items() if not is_copy(look, s)}
            if len(sights) != len(look.sights):
                self.looks[place] = replace(look, sights=sights)

    def _follow_shadows(self, look: Look) -> None:
        """Keeps shadows of series with their dates, which may have other ids or times since."""
        mine = [
            s
            for s in self.shadows.values()
            if s.copy.series_id and s.copy.state is not State.CANCELLED and self._is_in(s.copy, look)
        ]
        new = self._follow_renamed(mine, look)
        gone: dict[str, list[Shadow]] = {}
        for shadow in mine:
            if shadow.place in self.shadows and self._is_gone(shadow.copy):
                gone.setdefault(shadow.copy.person, []).append(shadow)
        for person, shadows in gone.items():
            shadows.sort(key=lambda s: s.copy.start)
            found = _one_series([c for c in new if c.person == person], shadows[0].copy)
            for shadow, copy in zip(shadows, found, strict=False):
                self._renew(shadow, copy)

    def _follow_renamed(self, shadows: Iterable[Shadow], look: Look) -> list[OneOnOne]:
        """Shadows whose occurrence has another id since it was changed. Gives the dates that are none of these."""
        renamed = {(s.copy.series_id, s.copy.planned): s for s in shadows}
        left = []
        for copy in self._unknown_dates(look):
            shadow = renamed.get((copy.series_id, copy.planned))
            if shadow is None or shadow.place not in self.shadows or shadow.copy.event_id in look.sights:
                left.append(copy)  # another date; or a second entry of one that was found again just now
            else:
                self._renew(shadow, copy)
        return left

    def _renew(self, shadow: Shadow, copy: OneOnOne) -> None:
        del self.shadows[shadow.place]
        self._leave_cancelled(shadow.of, shadow.copy)
        self.shadows[place_of(copy)] = Shadow(shadow.of, copy)

    def _leave_cancelled(self, of: str, copy: OneOnOne) -> None:
        """Keeps in mind what a cancelled event was a copy of, where its calendar still shows it."""
        look = self.looks.get((copy.account, copy.calendar))
        if look is not None and copy.event_id in look.sights:
            self.shadows[place_of(copy)] = Shadow(of, replace(copy, state=State.CANCELLED))

    def _unknown_dates(self, look: Look) -> list[OneOnOne]:
        """Dates of series that are neither on record nor known as copies, as 1:1s, by start."""
        found = [
            new_record(look, seen)
            for seen in look.sights.values()
            if seen.event.series_id and seen.label.verdict is Verdict.ONE_ON_ONE and _is_meeting(seen)
        ]
        unknown = [c for c in found if place_of(c) not in self._on_record and place_of(c) not in self.shadows]
        return sorted(unknown, key=lambda c: c.start)

    @staticmethod
    def _is_in(record: OneOnOne, look: Look) -> bool:
        return (record.account, record.calendar) == (look.account, look.calendar)

    def _is_copy(self, look: Look, seen: Sight) -> bool:
        place = (look.account, look.calendar, seen.event.id)
        before = self.shadows.get(place)
        if not seen.live:
            return False
        if place in self._on_record or not _is_meeting(seen):
            return self.shadows.pop(place, None) is not None
        copy = new_record(look, seen)
        owner = self.records.get(before.of) if before else self._owner_elsewhere(copy)
        if owner is None:
            self._own(copy)
            return False
        self.shadows[place] = Shadow(owner.id, copy)
        return True

    def _is_cancelled_copy(self, look: Look, seen: Sight) -> bool:
        """Whether what is left of a cancelled event is a copy of a 1:1 that another calendar holds."""
        place = (look.account, look.calendar, seen.event.id)
        if seen.live or place in self._on_record:
            return False
        copy = replace(new_record(look, seen), state=State.CANCELLED)
        before = self.shadows.get(place)
        # Its title may say that it was cancelled, in any language.
        at = (copy.person, copy.start, copy.end)
        owner = self.records.get(before.of) if before else self._held_at.setdefault(at, copy)
        if owner is None or (owner.account, owner.calendar) == (copy.account, copy.calendar):
            return before is not None
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
            if record is None or record.state not in OPEN or not self._is_gone(record):
                continue
            if self._goes_on(record):
                continue  # its own calendar shows what became of it
            copy = shadow.copy
            if copy.state is State.CANCELLED:
                continue
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
            self._leave_cancelled(record.id, record)

    def _goes_on(self, record: OneOnOne) -> bool:
        """Whether a date of a series stands in its own calendar under another id, or its series at other times."""
        look = self.looks.get((record.account, record.calendar))
        if look is None or record.series_id is None:
            return False
        near = record.start + _COMING_INTO_VIEW
        return any(
            copy.series_id != record.series_id or copy.original_start == record.planned or copy.start < near
            for copy in self._unknown_dates(look)
            if copy.person == record.person
        )

    def _is_gone(self, record: OneOnOne) -> bool:
        look = self.looks.get((record.account, record.calendar))
        return look is not None and look.says_gone(record)


def _is_meeting(seen: Sight) -> bool:
    return seen.label.verdict in _MEETINGS and seen.live


def _one_series(dates: list[OneOnOne], before: OneOnOne) -> list[OneOnOne]:
    """The dates of the series that continues the one of `before`: the same one, else the first that begins."""
    same = [d for d in dates if d.series_id == before.series_id]
    return same or [d for d in dates if d.series_id == dates[0].series_id]


def _keys(record: OneOnOne) -> list[_Key]:
    alike: _Key = (record.person, normalized(record.title), record.start, record.end)
    if not record.ical_uid:
        return [alike]
    # Google's occurrences share their series' UID, Microsoft's have one each: the original start tells them apart.
    first = record.original_start if record.series_id else None
    return [(record.person, record.ical_uid, first), alike]
