"""Carries planned actions out on nothing but values, as a provider that never fails would."""

from __future__ import annotations

from dataclasses import replace

from connectors.kept import Notebook, PageRef
from daemon.core.artefacts import InviteLink, LinkState, OpenPage, PrepDoc, Slot, SlotState
from daemon.core.planning.actions import (
    AttachLink,
    CreatePage,
    CreateSlot,
    DeleteSlot,
    MoveSlot,
    RemoveLink,
    UpdatePage,
    UpdateSlot,
)
from daemon.core.planning.plan import career_month
from daemon.core.texts import slot_text


def carried_out(planned, records, wishes, now):
    """The artefacts after these actions."""
    made = planned.artefacts.copy()
    for action in planned.actions:
        _carry_out(action, records[action.one_on_one], made, wishes, now)
    return made


def _words(record, made, wishes, with_link):
    page = made.pages.get(record.person)
    linked = with_link and page is not None and page.one_on_one == record.id
    return slot_text(record, wishes.words, page.ref.url if linked else None)


def _carry_out(action, record, made, wishes, now):
    match action:
        case CreatePage():
            doc = made.docs.get(record.person) or PrepDoc(record.person, "work", Notebook("n", "https://n"))
            month = career_month(record.start, wishes.zone) if action.career_check else doc.career_month
            made.docs[record.person] = replace(doc, pages=doc.pages + 1, career_month=month)
            name = f"{record.id}-{doc.pages}"
            ref = PageRef(name, name, f"https://n#{name}")
            page = OpenPage(record.person, "work", doc.notebook, ref, record.id, action.heading, now)
            made.pages[record.person] = page
        case UpdatePage():
            page = made.pages[record.person]
            made.pages[record.person] = replace(page, one_on_one=record.id, heading=action.heading)
        case AttachLink():
            page = made.pages[record.person]
            assert page.one_on_one == record.id, "a page comes before the links to it"
            made.links[record.id] = InviteLink(
                record.id,
                record.account,
                record.calendar,
                record.event_id,
                page.ref.url,
                LinkState.ON,
                record.series_id,
                "f",
                page=page.ref.key,
            )
        case RemoveLink():
            made.links[record.id] = replace(made.links[record.id], state=LinkState.OFF)
        case CreateSlot():
            words, placed = _words(record, made, wishes, action.with_link), action.placement
            before = made.slots.get(record.id)
            assert before is None or before.state is SlotState.GONE
            made.slots[record.id] = Slot(
                record.id,
                record.account,
                record.calendar,
                f"slot-{record.id}-{action.generation}",
                action.generation,
                placed.start,
                placed.end,
                placed.start,
                record.start,
                words.hash,
                words.hash,
                words.title,
                placed.reason,
                placed.overlaps,
            )
        case MoveSlot():
            slot, placed = made.slots[record.id], action.placement
            words = _words(record, made, wishes, action.with_link)
            moved = replace(
                slot,
                start=placed.start,
                end=placed.end,
                placed_start=placed.start,
                meeting_start=record.start,
                reason=placed.reason,
                overlaps=placed.overlaps,
            )
            if action.rewrite:
                moved = replace(moved, text_hash=words.hash, body_digest=words.hash, title=words.title)
            made.slots[record.id] = moved
        case UpdateSlot():
            words = _words(record, made, wishes, action.with_link)
            slot = made.slots[record.id]
            assert not slot.edited, "what the user wrote is never rewritten"
            made.slots[record.id] = replace(
                slot, text_hash=words.hash, body_digest=words.hash, title=words.title
            )
        case DeleteSlot():
            slot = made.slots[record.id]
            assert not slot.edited, "what the user wrote is never thrown away"
            made.slots[record.id] = replace(slot, state=SlotState.GONE, generation=slot.generation + 1)
