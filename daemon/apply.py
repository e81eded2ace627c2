"""Carries actions out, one after the other, and says what became of each.

Everything here may be repeated: events and pages have keys, links are looked for before they are added. What fails
for now stays wanted, and is planned again in the next cycle.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from connectors.errors import (
    AlreadyDeleted,
    BadAnswer,
    Conflict,
    ConnectorError,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    Throttled,
    Unavailable,
)
from connectors.protocols import Account, Calendar
from connectors.values import Draft, Edit, Event, Link
from daemon.config import Config
from daemon.core.actions import (
    Action,
    AttachLink,
    CreatePage,
    CreateSlot,
    DeleteSlot,
    MoveSlot,
    RemoveLink,
    UpdatePage,
    UpdateSlot,
)
from daemon.core.artefacts import Artefacts, InviteLink, LinkState, Slot, SlotState
from daemon.core.hands import fingerprint
from daemon.core.mark import Mark
from daemon.core.model import OneOnOne, short_hash
from daemon.core.place import Placement
from daemon.core.plan import Wishes
from daemon.core.texts import SlotText, slot_text
from daemon.pages import PageMaker

log = logging.getLogger(__name__)

_TRIES = 2
"""Failures of an account after which the rest of its actions wait for the next cycle."""


class Result(StrEnum):
    """What became of an action. SKIPPED: there is nothing (left) to do it to."""

    PLANNED = "planned"
    DONE = "done"
    PENDING = "pending"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    action: Action
    result: Result
    reason: str = ""


@dataclass(slots=True)
class Desk:
    """What actions are carried out with, and on. `artefacts` grows with each that succeeds."""

    config: Config
    wishes: Wishes
    accounts: Mapping[str, Account]
    records: Mapping[str, OneOnOne]
    artefacts: Artefacts
    intents: dict[str, datetime]
    journal: Callable[[dict[str, datetime]], None]
    now: datetime
    stopping: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = time.sleep
    failures: dict[str, int] = field(default_factory=dict)
    errors: dict[str, ConnectorError] = field(default_factory=dict)


def apply(actions: Iterable[Action], desk: Desk) -> list[ActionOutcome]:
    """Gives an outcome for each action, in order. Raises nothing that a provider can cause."""
    return [_outcome(action, desk) for action in actions]


def _outcome(action: Action, desk: Desk) -> ActionOutcome:
    record = desk.records[action.one_on_one]
    if desk.stopping():
        return ActionOutcome(action, Result.PENDING, "prepd was stopped before it got to this")
    account = _account_of(action, record, desk)
    if account not in desk.accounts:
        return ActionOutcome(action, Result.PENDING, f"the account {account} can't be reached now")
    if desk.failures.get(account, 0) >= _TRIES:
        return ActionOutcome(action, Result.PENDING, f"the account {account} failed on other work just now")
    try:
        _carry_out(action, record, desk)
    except (Refused, AlreadyDeleted) as error:
        return ActionOutcome(action, Result.REFUSED, str(error))
    except NotFound as error:
        return ActionOutcome(action, Result.SKIPPED, str(error))
    except Conflict as error:
        return ActionOutcome(action, Result.PENDING, str(error))
    except (SignInNeeded, Throttled, Misconfigured) as error:
        _count(desk, account, error, _TRIES)
        return ActionOutcome(action, Result.PENDING, str(error))
    except (Unavailable, BadAnswer) as error:
        _count(desk, account, error, 1)
        return ActionOutcome(action, Result.PENDING, str(error))
    log.info("%s done for 1:1 %s", action.kind, action.one_on_one)
    return ActionOutcome(action, Result.DONE)


def _count(desk: Desk, account: str, error: ConnectorError, weight: int) -> None:
    desk.failures[account] = desk.failures.get(account, 0) + weight
    desk.errors.setdefault(account, error)


def _account_of(action: Action, record: OneOnOne, desk: Desk) -> str:
    if isinstance(action, CreatePage | UpdatePage):
        doc = desk.artefacts.docs.get(record.person)
        return doc.account if doc else record.account
    slot = desk.artefacts.slots.get(record.id)
    if isinstance(action, MoveSlot | UpdateSlot | DeleteSlot) and slot is not None:
        return slot.account
    return record.account


def _carry_out(action: Action, record: OneOnOne, desk: Desk) -> None:
    match action:
        case CreatePage():
            _pages(desk, record).create(action, record)
        case UpdatePage():
            _pages(desk, record).update(action, record)
        case AttachLink():
            _attach(record, desk)
        case RemoveLink():
            _detach(action, record, desk)
        case CreateSlot():
            _create_slot(action, record, desk)
        case MoveSlot():
            _move_slot(action, record, desk)
        case UpdateSlot():
            _update_slot(action, record, desk)
        case DeleteSlot():
            _delete_slot(record, desk)
        case _:
            assert_never(action)


def _pages(desk: Desk, record: OneOnOne) -> PageMaker:
    doc = desk.artefacts.docs.get(record.person)
    account = desk.accounts[doc.account if doc else record.account]
    return PageMaker(
        account, desk.config, desk.wishes, desk.artefacts, desk.intents, desk.journal, desk.now, desk.sleep
    )


def _attach(record: OneOnOne, desk: Desk) -> None:
    page = desk.artefacts.pages.get(record.person)
    if page is None or page.one_on_one != record.id:
        raise Unavailable("the page that the link leads to is not there yet")
    calendar = desk.accounts[record.account].calendar(record.calendar)
    link = InviteLink(
        record.id, record.account, record.calendar, record.event_id, page.ref.url, LinkState.ON, record.series_id
    )
    old = desk.artefacts.links.get(record.id)
    try:
        if old is not None and old.state is LinkState.ON and old.url != page.ref.url:
            calendar.detach(record.event_id, old.url)
        event = calendar.attach(record.event_id, Link(page.ref.url, page_title(desk, record)))
    except Refused:
        desk.artefacts.links[record.id] = replace(link, state=LinkState.REFUSED)
        raise
    # A provider may spell the link in its own way: that is how it is known again.
    url = page.ref.url if page.ref.url in event.links or not event.links else event.links[-1]
    desk.artefacts.links[record.id] = replace(
        link, url=url, fingerprint=fingerprint(event), left_at=event.updated
    )


def page_title(desk: Desk, record: OneOnOne) -> str:
    """What a link is called. Guests see it where the user organizes, so that it says nothing but who meets."""
    return f"1:1 {record.name}: prep"


def _detach(action: RemoveLink, record: OneOnOne, desk: Desk) -> None:
    link = desk.artefacts.links[record.id]
    try:
        desk.accounts[link.account].calendar(link.calendar).detach(link.event_id, action.url)
    finally:
        desk.artefacts.links[record.id] = replace(link, state=LinkState.OFF)


def _slot_calendar(desk: Desk, account: str, name: str) -> Calendar:
    return desk.accounts[account].calendar(name)


def _words(record: OneOnOne, desk: Desk, with_link: bool) -> SlotText:
    page = desk.artefacts.pages.get(record.person)
    url = page.ref.url if with_link and page is not None and page.one_on_one == record.id else None
    return slot_text(record, desk.wishes.words, url)


def _create_slot(action: CreateSlot, record: OneOnOne, desk: Desk) -> None:
    options = desk.config.account_named(record.account)
    home = options.calendars[0] if options else record.calendar
    words = _words(record, desk, action.with_link)
    placed = action.placement
    mark = Mark(record.id, action.generation, placed.start, words.hash)
    draft = Draft(words.title, placed.start, placed.end, words.text, str(mark))
    key = short_hash("slot", record.id, str(action.generation))
    try:
        event = _slot_calendar(desk, record.account, home).insert(draft, key)
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


def _move_slot(action: MoveSlot, record: OneOnOne, desk: Desk) -> None:
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


def _update_slot(action: UpdateSlot, record: OneOnOne, desk: Desk) -> None:
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
        return _slot_calendar(desk, slot.account, slot.calendar).edit(slot.event_id, edit, slot.etag)
    except NotFound:
        # The user deleted it after we looked: their hand wins.
        desk.artefacts.slots[slot.one_on_one] = replace(slot, state=SlotState.DELETED)
        raise


def _delete_slot(record: OneOnOne, desk: Desk) -> None:
    slot = desk.artefacts.slots[record.id]
    _slot_calendar(desk, slot.account, slot.calendar).delete(slot.event_id, slot.etag)
    desk.artefacts.slots[record.id] = replace(slot, state=SlotState.GONE, generation=slot.generation + 1)
