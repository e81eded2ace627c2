"""Makes, moves and takes away reflection slots: the part of `apply` that works on prepd's own events."""

from __future__ import annotations

from dataclasses import replace

from connectors.errors import AlreadyDeleted, NotFound
from connectors.values import Draft, Edit, Event
from daemon.apply.desk import Desk
from daemon.core.artefacts import Slot, SlotState
from daemon.core.mark import Mark
from daemon.core.model import OneOnOne, short_hash
from daemon.core.planning.actions import CreateSlot, DeleteSlot, MoveSlot, UpdateSlot
from daemon.core.planning.place import Placement
from daemon.core.texts import SlotText, slot_text


def _words(record: OneOnOne, desk: Desk, with_link: bool) -> SlotText:
    page = desk.artefacts.pages.get(record.person)
    url = page.ref.url if with_link and page is not None and page.one_on_one == record.id else None
    return slot_text(replace(record, name=desk.called(record)), desk.wishes.words, url)


def create(action: CreateSlot, record: OneOnOne, desk: Desk) -> None:
    options = desk.config.account_named(record.account)
    home = options.calendars[0] if options else record.calendar
    words = _words(record, desk, action.with_link)
    placed = action.placement
    mark = Mark(record.id, action.generation, placed.start, words.hash)
    draft = Draft(words.title, placed.start, placed.end, words.text, str(mark))
    key = short_hash("slot", record.id, str(action.generation))
    try:
        event = desk.calendar(record.account, home).insert(draft, key)
    except AlreadyDeleted:
        gone = Event(id=f"deleted-{key}", title="", start=placed.start, end=placed.end)
        slot = _slot(record, home, gone, action.generation, placed, words)
        desk.artefacts.slots[record.id] = replace(slot, state=SlotState.DELETED)
        raise
    desk.artefacts.slots[record.id] = _slot(record, home, event, action.generation, placed, words)


def _slot(
    record: OneOnOne, calendar: str, event: Event, generation: int, placed: Placement, words: SlotText
) -> Slot:
    return Slot(
        one_on_one=record.id,
        account=record.account,
        calendar=calendar,
        event_id=event.id,
        generation=generation,
        start=event.start,
        end=event.end,
        placed_start=placed.start,
        meeting_start=record.start,
        text_hash=words.hash,
        body_digest=event.body_digest,
        title=event.title,
        reason=placed.reason,
        overlaps=placed.overlaps,
        etag=event.etag,
    )


def move(action: MoveSlot, record: OneOnOne, desk: Desk) -> None:
    slot = desk.artefacts.slots[record.id]
    placed = action.placement
    words = _words(record, desk, action.with_link)
    text_hash = words.hash if action.rewrite else slot.text_hash
    mark = Mark(record.id, slot.generation, placed.start, text_hash)
    edit = Edit(str(mark), placed.start, placed.end)
    if action.rewrite:
        edit = replace(edit, title=words.title, text=words.text)
    event = _edited(desk, slot, edit)
    moved = replace(
        slot,
        start=event.start,
        end=event.end,
        placed_start=placed.start,
        meeting_start=record.start,
        reason=placed.reason,
        overlaps=placed.overlaps,
        etag=event.etag,
    )
    if action.rewrite:
        moved = replace(moved, text_hash=words.hash, body_digest=event.body_digest, title=event.title)
    desk.artefacts.slots[record.id] = moved


def update(action: UpdateSlot, record: OneOnOne, desk: Desk) -> None:
    slot = desk.artefacts.slots[record.id]
    words = _words(record, desk, action.with_link)
    if words.hash == slot.text_hash:
        return  # the page that was to be linked could not be made: nothing to write yet
    mark = Mark(record.id, slot.generation, slot.placed_start, words.hash)
    event = _edited(desk, slot, Edit(str(mark), title=words.title, text=words.text))
    desk.artefacts.slots[record.id] = replace(
        slot, text_hash=words.hash, body_digest=event.body_digest, title=event.title, etag=event.etag
    )


def _edited(desk: Desk, slot: Slot, edit: Edit) -> Event:
    try:
        return desk.calendar(slot.account, slot.calendar).edit(slot.event_id, edit, slot.etag)
    except NotFound:
        # The user deleted it after we looked: their hand wins.
        desk.artefacts.slots[slot.one_on_one] = replace(slot, state=SlotState.DELETED)
        raise


def delete(action: DeleteSlot, desk: Desk) -> None:
    """Takes a slot away. Providers keep its id taken, so that the next one is of another generation."""
    slot = desk.artefacts.slots[action.one_on_one]
    desk.calendar(slot.account, slot.calendar).delete(slot.event_id, slot.etag)
    desk.artefacts.slots[action.one_on_one] = replace(
        slot, state=SlotState.GONE, generation=slot.generation + 1, pending=False
    )
