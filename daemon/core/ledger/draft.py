"""The working copy of the ledger while a batch is classified.

Collects drafts of changes, so that a cancellation can still become a rebooking before anything is final, and gives
ids to what remains. A change's id is its 1:1's, a dot, and its number there: retries give the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Required, TypedDict, Unpack

from daemon.core.ledger.first_sight import first_id, plain_id
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import By, Change, How, Kind, OneOnOne, Owner, Scope, State, Times, short_hash
from daemon.core.remembered import Place, place_of


class Particulars(TypedDict, total=False):
    """What is told of a change, beside what became of which 1:1."""

    happened: Required[datetime]
    evidence: Required[str]
    how: How | None
    scope: Scope
    by: By | None
    was: Times | None
    now_at: Times | None
    corrects: str | None
    backfilled: bool


@dataclass(slots=True)
class Draft:
    """A change that is not final yet. `happened` is when somebody acted, as far as that is known."""

    one_on_one: str
    number: int
    kind: Kind
    happened: datetime
    evidence: str
    how: How | None = None
    scope: Scope = Scope.OCCURRENCE
    by: By | None = None
    was: Times | None = None
    now_at: Times | None = None
    corrects: str | None = None
    backfilled: bool = False

    @property
    def id(self) -> str:
        return f"{self.one_on_one}.{self.number}"


def happened(look: Look, seen: object, *, on_record: bool = True) -> datetime:
    """When the act took place: the provider's time for it, held between the last look and this one.

    Clocks differ, and a later edit moves that time too: so it is only believed inside those bounds. What was not on
    record may have happened long before it came into view.
    """
    updated = seen.event.updated if isinstance(seen, Sight) else None
    if updated is None or updated > look.at:
        return look.at
    return max(updated, look.since) if on_record and look.since is not None else updated


def _in_state(record: OneOnOne, state: State, why: Draft) -> OneOnOne:
    """The record where a change leaves it; what is open again was closed by nobody."""
    closed = state is not State.STANDING
    return replace(
        record,
        state=state,
        closed_at=why.happened if closed else None,
        closing_change=why.id if closed else None,
        closed_by=why.by if closed else None,
    )


class Ledger:
    """1:1s as they stand, and the drafts of what happened to them in this batch.

    `waiting` are 1:1s that nothing is to be said of before others of their series could be asked for.
    """

    def __init__(self, recorded: Mapping[str, OneOnOne], now: datetime) -> None:
        self._recorded = recorded
        self._now = now
        self._records = dict(recorded)
        self._by_event: dict[Place, list[str]] = {}
        self._by_uid: dict[str, list[str]] = {}
        for record in recorded.values():
            self._index(record)
        self.drafts: list[Draft] = []
        self.waiting: set[str] = set()

    def _index(self, record: OneOnOne) -> None:
        ids = self._by_event.setdefault(place_of(record), [])
        if record.id not in ids:
            ids.append(record.id)
        if record.ical_uid and record.id not in (same := self._by_uid.setdefault(record.ical_uid, [])):
            same.append(record.id)

    def of_calendar(self, account: str, calendar: str) -> Iterator[OneOnOne]:
        """The 1:1s of one calendar, by start. Safe to change the ledger while going through them."""
        mine = [r for r in self._records.values() if (r.account, r.calendar) == (account, calendar)]
        return iter(sorted(mine, key=lambda r: (r.start, r.id)))

    def all(self) -> Iterator[OneOnOne]:
        """The 1:1s of all calendars. Safe to change the ledger while going through them."""
        return iter(tuple(self._records.values()))

    def current(self, record_id: str) -> OneOnOne:
        """The 1:1 as this batch has left it so far. :raises KeyError: none has this id."""
        return self._records[record_id]

    def has(self, record_id: str) -> bool:
        return record_id in self._records

    def put(self, record: OneOnOne) -> OneOnOne:
        """Leaves a 1:1 as this, without an entry."""
        self._records[record.id] = record
        self._index(record)
        return record

    def knows(self, look: Look, seen: Sight) -> bool:
        """Whether a 1:1 is on record for the event, whoever it was with, or began with this person under its id."""
        place = (look.account, look.calendar, seen.event.id)
        ids = {plain_id(look, seen), first_id(look, seen)}
        return place in self._by_event or not self._records.keys().isdisjoint(ids)

    def follows(self, look: Look, seen: Sight) -> bool:
        """Whether a 1:1 with this person is at this event now."""
        ids = self._by_event.get((look.account, look.calendar, seen.event.id), ())
        return any(
            self._records[i].person == seen.label.person and self._records[i].event_id == seen.event.id
            for i in ids
        )

    def has_copy(self, look: Look, seen: Sight) -> bool:
        """Whether a single event is another item of one that a 1:1 is at: the same meeting in the same calendar."""
        uid = seen.event.ical_uid
        if uid is None or seen.event.series_id is not None:
            return False
        calendar = (look.account, look.calendar)
        return any(
            (r.account, r.calendar) == calendar
            and (r.ical_uid, r.series_id, r.person) == (uid, None, seen.label.person)
            for r in (self._records[i] for i in self._by_uid.get(uid, ()))
        )

    def add(self, record: OneOnOne) -> OneOnOne:
        """Puts a new 1:1 on record. Where one that moved on to another event has its id, it gets one of its own."""
        while self.has(record.id):
            record = replace(record, id=short_hash("1:1", record.id))
        return self.put(record)

    def draft(
        self,
        record: OneOnOne,
        kind: Kind,
        *,
        state: State | None = None,
        seen: Sight | None = None,
        **particulars: Unpack[Particulars],
    ) -> Draft:
        """Notes a change, and brings the record to where it leaves it: to `state`, at the times that are `seen`."""
        made = Draft(record.id, record.changes + 1, kind, **particulars)
        self.drafts.append(made)
        record = replace(record, changes=made.number)
        if state is not None:
            record = _in_state(record, state, made)
        if seen is not None:
            record = replace(record, start=seen.event.start, end=seen.event.end)
        self.put(record)
        return made

    def changed(self) -> tuple[OneOnOne, ...]:
        """The 1:1s that are new or not as they were recorded."""
        return tuple(r for r in self._records.values() if self._recorded.get(r.id) != r)

    def finished(self) -> tuple[Change, ...]:
        """The entries that are left of the drafts, in the order of those."""
        return tuple(self._final(d) for d in self.drafts)

    def _final(self, draft: Draft) -> Change:
        record = self._records[draft.one_on_one]
        return Change(
            id=draft.id,
            one_on_one=record.id,
            account=record.account,
            person=record.person,
            name=record.name,
            kind=draft.kind,
            noticed_at=self._now,
            evidence=draft.evidence,
            how=draft.how,
            scope=draft.scope,
            by=draft.by,
            was=draft.was,
            now_at=draft.now_at,
            notice_minutes=_notice(draft),
            corrects=draft.corrects,
            backfilled=draft.backfilled,
        )


_WITH_NOTICE = (Kind.RESCHEDULED, Kind.CANCELLED, Kind.DECLINED, Kind.SERIES_ENDED)


def _notice(draft: Draft) -> int | None:
    """Minutes from the act to the earlier of the old and the new start; None where that makes no sense."""
    if draft.kind not in _WITH_NOTICE:
        return None
    starts = [t.start for t in (draft.was, draft.now_at) if t is not None]
    if not starts:
        return None
    minutes = int((min(starts) - draft.happened).total_seconds() // 60)
    return None if draft.backfilled and minutes < 0 else minutes


def owner_as_by(owner: Owner) -> By:
    """Who acts when an event's organizer does."""
    return {Owner.ME: By.ME, Owner.THEM: By.THEM}.get(owner, By.UNKNOWN)
