"""Why a 1:1 has its slot and its page where they are, or has none: in words."""

from __future__ import annotations

from datetime import datetime

from daemon.commands.context import Context
from daemon.core.artefacts import LinkState, SlotState
from daemon.core.model import OneOnOne, Owner
from daemon.core.planning.hands import wants_slot
from daemon.render import documents, words
from daemon.store.state import State
from daemon.wishes import wishes


def slot_reason(record: OneOnOne | None, state: State, context: Context, now: datetime) -> str:
    if not context.config.reflection.enabled:
        return "no slot: reflection.enabled is off"
    if record is None:
        return "not on record yet: the next sync takes it up"
    slot = state.artefacts.slots.get(record.id)
    if slot is None or slot.state in (SlotState.GONE, SlotState.GOING):
        if not wants_slot(record):
            return f"no slot: the 1:1 is {record.state.value}"
        if record.start > now + context.config.sync.horizon:
            return "no slot yet: it starts beyond sync.horizon"
        return "no slot: none was placed yet, or the 1:1 was too near when it was found"
    zone = context.config.timezone
    where = f"{words.moment(slot.start, zone)}–{words.clock(slot.end, zone)}"
    match slot.state:
        case SlotState.DELETED:
            return "no slot: you deleted it, so it stays away"
        case SlotState.RELEASED:
            return f"{where}: you wrote in it before the 1:1 fell through, so it is yours"
        case _ if slot.dragged:
            return f"{where}: you moved it there"
        case _:
            return f"{where}: {slot.reason}"


def doc_reason(record: OneOnOne | None, state: State, context: Context, now: datetime) -> str:
    if not context.config.prep_doc.enabled:
        return "no page: prep_doc.enabled is off"
    if record is None:
        return "not on record yet: the next sync takes it up"
    page = documents.page_of(record, state)
    if page is None:
        if record.start > now + context.config.sync.horizon:
            return "no page yet: it starts beyond sync.horizon"
        return "no page: only the next 1:1 with a person has one"
    link = state.artefacts.links.get(record.id)
    match link.state if link else None:
        case LinkState.ON:
            said = "linked on the invite"
        case LinkState.REMOVED:
            said = "you took the link off the invite, so it stays off"
        case LinkState.REFUSED:
            said = "the calendar does not let you put a link on this invite, so it is on the slot only"
        case _ if _would_mail(record, context):
            said = "on the slot only, since Outlook mails the guests of an invite of yours whatever changes there"
        case _:
            said = "not linked on the invite"
    return f"its page is open, {said}: {page.ref.url}"


def _would_mail(record: OneOnOne, context: Context) -> bool:
    """Whether it is for the sake of its guests that an invite has no link."""
    asked = wishes(context.config)
    return asked.link_invites and record.owner not in asked.invite_links.get(record.account, frozenset(Owner))
