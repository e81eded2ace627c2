"""Which reflection slots should be where. The user's hand wins: what they deleted, dragged or wrote in stays so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from daemon.core.artefacts import Artefacts, OpenPage, Slot, SlotState
from daemon.core.model import OneOnOne, State, Times
from daemon.core.planning.actions import Action, CreateSlot, DeleteSlot, MoveSlot, UpdateSlot
from daemon.core.planning.hands import ADOPTED, wants_slot
from daemon.core.planning.place import is_free, place
from daemon.core.texts import slot_text

if TYPE_CHECKING:
    from daemon.core.planning.plan import Wishes


def plan_slots(
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    page_of: Mapping[str, OpenPage | None],
    taken: Iterable[Times],
    wishes: Wishes,
    now: datetime,
) -> tuple[list[Action], dict[str, Slot]]:
    """Actions on slots, by the start of their 1:1s, and the slots as they are by mere decision."""
    slots = dict(artefacts.slots)
    actions: list[Action] = []
    wanted = [
        r for r in sorted(records.values(), key=lambda r: (r.start, r.id)) if _wanted(r, slots, wishes, now)
    ]
    wanted_ids = {r.id for r in wanted}
    for slot in artefacts.slots.values():
        if slot.one_on_one not in wanted_ids:
            _let_go(slot, records.get(slot.one_on_one), slots, actions, now)
    busy = list(taken)
    staying = {r.id for r in wanted if (s := slots.get(r.id)) and not _must_move(s, r, busy, wishes)}
    # What the user wrote in and kept is an event of theirs like any other.
    kept = [
        s.times for s in slots.values() if s.state is SlotState.RELEASED and s.one_on_one not in wanted_ids
    ]
    occupied = busy + kept + [slots[i].times for i in staying]
    for record in wanted:
        with_link = wishes.link_slots and record.id in page_of
        page = page_of.get(record.id)
        if record.id in staying:
            if slots[record.id].reason == ADOPTED:
                slots[record.id] = _explained(slots[record.id], record, occupied, wishes, now)
            _keep(slots, record, page, with_link, wishes, actions)
        else:
            occupied += _put(slots, record, page, with_link, occupied, wishes, now, actions)
    return actions, slots


def _wanted(record: OneOnOne, slots: Mapping[str, Slot], wishes: Wishes, now: datetime) -> bool:
    if not wishes.slots or not wants_slot(record) or record.start <= now:
        return False
    slot = slots.get(record.id)
    if slot is not None and slot.state in (SlotState.DELETED, SlotState.GOING):
        return False
    # A slot that exists follows its 1:1 also beyond the horizon.
    has_one = slot is not None and slot.state in (SlotState.LIVE, SlotState.RELEASED)
    return has_one or record.start <= now + wishes.horizon


def _let_go(
    slot: Slot, record: OneOnOne | None, slots: dict[str, Slot], actions: list[Action], now: datetime
) -> None:
    """Its 1:1 fell through: an untouched slot goes, one that the user wrote in is theirs from now on."""
    if record is None or slot.state is not SlotState.LIVE or slot.end <= now:
        return
    took_place = record.state is State.OVER or (wants_slot(record) and record.start <= now)
    if took_place and slot.start < record.end:
        return
    if slot.edited:
        slots[slot.one_on_one] = replace(slot, state=SlotState.RELEASED)
    else:
        actions.append(DeleteSlot(slot.one_on_one, slot.times))


def _must_move(slot: Slot, record: OneOnOne, busy: list[Times], wishes: Wishes) -> bool:
    if slot.state is SlotState.GONE:
        return True
    if slot.dragged:
        same_day = slot.start.astimezone(wishes.zone).date() == record.start.astimezone(wishes.zone).date()
        return slot.end > record.start or not same_day
    if slot.meeting_start != record.start:
        return True
    if slot.edited or slot.overlaps:
        return slot.end > record.start
    return not is_free(slot.times, busy)


def _explained(
    slot: Slot, record: OneOnOne, occupied: Iterable[Times], wishes: Wishes, now: datetime
) -> Slot:
    """A slot that was found on the calendar, with the reason for where it is, if it is where it would be put."""
    others = (t for t in occupied if t != slot.times)
    found = place(record.start, wishes.length, wishes.look_back, others, now)
    return replace(slot, reason=found.reason) if found and found.times == slot.times else slot


def _keep(
    slots: dict[str, Slot],
    record: OneOnOne,
    page: OpenPage | None,
    with_link: bool,
    wishes: Wishes,
    actions: list[Action],
) -> None:
    slot = replace(slots[record.id], state=SlotState.LIVE, meeting_start=record.start)
    slots[record.id] = slot
    _reword(slot, record, page, with_link, wishes, actions)


def _reword(
    slot: Slot,
    record: OneOnOne,
    page: OpenPage | None,
    with_link: bool,
    wishes: Wishes,
    actions: list[Action],
) -> None:
    if slot.edited:
        return
    text = slot_text(record, wishes.words, page.ref.url if page and with_link else None)
    if text.hash != slot.text_hash or (with_link and page is None):
        actions.append(UpdateSlot(record.id, with_link))


def _put(
    slots: dict[str, Slot],
    record: OneOnOne,
    page: OpenPage | None,
    with_link: bool,
    occupied: list[Times],
    wishes: Wishes,
    now: datetime,
    actions: list[Action],
) -> list[Times]:
    """Places a slot that is missing or must move; gives the time that it takes."""
    slot = slots.get(record.id)
    found = place(record.start, wishes.length, wishes.look_back, occupied, now)
    if found is None:
        if slot is not None and slot.state is SlotState.LIVE and not slot.edited and slot.end > record.start:
            actions.append(DeleteSlot(record.id, slot.times))
        return []
    if slot is None or slot.state is SlotState.GONE:
        generation = slot.generation if slot else 0
        actions.append(CreateSlot(record.id, found, generation, with_link))
    elif slot.times == found.times:
        slots[record.id] = replace(
            slot,
            state=SlotState.LIVE,
            placed_start=found.start,
            meeting_start=record.start,
            overlaps=found.overlaps,
            reason=found.reason,
        )
        _reword(slots[record.id], record, page, with_link, wishes, actions)
    else:
        slots[record.id] = replace(slot, state=SlotState.LIVE)
        actions.append(MoveSlot(record.id, slot.times, found, not slot.edited, with_link))
    return [found.times]
