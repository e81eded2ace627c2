"""Which reflection slots should be where. The user's hand wins: what they deleted, dragged or wrote in stays so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from daemon.core.artefacts import Artefacts, OpenPage, Slot, SlotState
from daemon.core.model import OneOnOne, State, Times
from daemon.core.planning.actions import Action, CreateSlot, DeleteSlot, MoveSlot, UpdateSlot
from daemon.core.planning.hands import ADOPTED, wants_slot
from daemon.core.planning.place import Placement, is_free, place
from daemon.core.planning.wishes import Wishes
from daemon.core.texts import slot_text


def plan_slots(
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    page_of: Mapping[str, OpenPage | None],
    taken: Iterable[Times],
    wishes: Wishes,
    now: datetime,
) -> tuple[list[Action], dict[str, Slot]]:
    """Actions on slots, by the start of their 1:1s, and the slots as they are by mere decision.

    :param page_of: as `plan` knows it: None where the page of a 1:1 is yet to be made.
    """
    at_work = _Planning(artefacts.slots, page_of, wishes, now)
    by_start = sorted(records.values(), key=lambda r: (r.start, r.id))
    wanted = {r.id: r for r in by_start if at_work.wants(r)}
    for slot in artefacts.slots.values():
        if slot.one_on_one not in wanted:
            at_work.let_go(slot, records.get(slot.one_on_one))
    busy = list(taken)
    staying = {i for i, r in wanted.items() if at_work.may_stay(r, busy)}
    occupied = busy + at_work.left_to_the_user(wanted) + [at_work.slots[i].times for i in staying]
    for record in wanted.values():
        if record.id in staying:
            at_work.keep(record, occupied)
        else:
            occupied += at_work.put(record, occupied)
    return at_work.actions, at_work.slots


class _Planning:
    """The slots as they are by what was decided so far, and the actions that it takes."""

    def __init__(
        self,
        slots: Mapping[str, Slot],
        page_of: Mapping[str, OpenPage | None],
        wishes: Wishes,
        now: datetime,
    ) -> None:
        self.slots = dict(slots)
        self.actions: list[Action] = []
        self._page_of, self._wishes, self._now = page_of, wishes, now

    def wants(self, record: OneOnOne) -> bool:
        """Whether a 1:1 is to have a slot."""
        if not self._wishes.slots or not wants_slot(record) or record.start <= self._now:
            return False
        slot = self.slots.get(record.id)
        if slot is not None and slot.state in (SlotState.DELETED, SlotState.GOING):
            return False
        # A slot that exists follows its 1:1 also beyond the horizon.
        has_one = slot is not None and slot.state in (SlotState.LIVE, SlotState.RELEASED)
        return has_one or record.start <= self._now + self._wishes.horizon

    def let_go(self, slot: Slot, record: OneOnOne | None) -> None:
        """Its 1:1 fell through: an untouched slot goes, one that the user wrote in is theirs from now on."""
        if record is None or slot.state is not SlotState.LIVE or slot.end <= self._now:
            return
        took_place = record.state is State.OVER or (wants_slot(record) and record.start <= self._now)
        if took_place and slot.start < record.end:
            return
        if slot.edited:
            self.slots[slot.one_on_one] = replace(slot, state=SlotState.RELEASED)
        else:
            self.actions.append(DeleteSlot(slot.one_on_one, slot.times))

    def may_stay(self, record: OneOnOne, busy: Sequence[Times]) -> bool:
        """Whether a 1:1 has a slot that need not move."""
        slot = self.slots.get(record.id)
        return slot is not None and not _must_move(slot, record, busy, self._wishes.zone)

    def left_to_the_user(self, wanted: Container[str]) -> list[Times]:
        """What the user wrote in and kept is an event of theirs like any other."""
        return [
            s.times
            for s in self.slots.values()
            if s.state is SlotState.RELEASED and s.one_on_one not in wanted
        ]

    def keep(self, record: OneOnOne, occupied: Iterable[Times]) -> None:
        """Leaves a slot where it is, under the text that it should have."""
        slot = self.slots[record.id]
        if slot.reason == ADOPTED:
            slot = self._explained(slot, record, occupied)
        slot = replace(slot, state=SlotState.LIVE, meeting_start=record.start)
        self.slots[record.id] = slot
        self._reword(slot, record)

    def _explained(self, slot: Slot, record: OneOnOne, occupied: Iterable[Times]) -> Slot:
        """A slot that was found on the calendar, with the reason for where it is, if it is where it would be put."""
        found = self._place(record, (t for t in occupied if t != slot.times))
        return replace(slot, reason=found.reason) if found and found.times == slot.times else slot

    def put(self, record: OneOnOne, occupied: Iterable[Times]) -> list[Times]:
        """Places a slot that is missing or must move; gives the time that it takes."""
        slot = self.slots.get(record.id)
        found = self._place(record, occupied)
        if found is None:
            self._give_up(slot, record)
            return []
        if slot is None or slot.state is SlotState.GONE:
            generation = slot.generation if slot else 0
            self.actions.append(CreateSlot(record.id, found, generation, self._is_linked(record)))
        elif slot.times == found.times:
            self._confirm(slot, record, found)
        else:
            self.slots[record.id] = replace(slot, state=SlotState.LIVE)
            self.actions.append(
                MoveSlot(record.id, slot.times, found, not slot.edited, self._is_linked(record))
            )
        return [found.times]

    def _give_up(self, slot: Slot | None, record: OneOnOne) -> None:
        """It is too late for any place: a slot that no longer lies before its 1:1 goes, but not what the user wrote."""
        if slot is not None and slot.state is SlotState.LIVE and not slot.edited and slot.end > record.start:
            self.actions.append(DeleteSlot(record.id, slot.times))

    def _confirm(self, slot: Slot, record: OneOnOne, found: Placement) -> None:
        """It must move to where it is: that is prepd's place from now on, whoever put it there."""
        self.slots[record.id] = replace(
            slot,
            state=SlotState.LIVE,
            placed_start=found.start,
            meeting_start=record.start,
            overlaps=found.overlaps,
            reason=found.reason,
        )
        self._reword(self.slots[record.id], record)

    def _place(self, record: OneOnOne, occupied: Iterable[Times]) -> Placement | None:
        return place(record.start, self._wishes.length, self._wishes.look_back, occupied, self._now)

    def _reword(self, slot: Slot, record: OneOnOne) -> None:
        """Has the text written anew where it should be another one; never one that the user wrote in."""
        if slot.edited:
            return
        linked, page = self._is_linked(record), self._page_of.get(record.id)
        text = slot_text(record, self._wishes.words, page.ref.url if page and linked else None)
        if text.hash != slot.text_hash or (linked and page is None):
            self.actions.append(UpdateSlot(record.id, linked))

    def _is_linked(self, record: OneOnOne) -> bool:
        return self._wishes.link_slots and record.id in self._page_of


def _must_move(slot: Slot, record: OneOnOne, busy: Sequence[Times], zone: tzinfo) -> bool:
    """Whether it can't stay. One that was edited, or found no free place, only gives way to its own 1:1."""
    if slot.state is SlotState.GONE:
        return True
    if slot.dragged:
        same_day = slot.start.astimezone(zone).date() == record.start.astimezone(zone).date()
        return slot.end > record.start or not same_day
    if slot.meeting_start != record.start:
        return True
    if slot.edited or slot.overlaps:
        return slot.end > record.start
    return not is_free(slot.times, busy)
