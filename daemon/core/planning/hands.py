"""Whose hand was it? Brings what prepd made up to date with what the calendar shows of it.

A slot that is gone while its 1:1 stands was deleted by the user; one whose text differs from what prepd wrote was
edited; a link that is gone from an otherwise unchanged invite was taken off by the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from connectors.values import Event
from daemon.core.artefacts import Artefacts, InviteLink, LinkState, Slot, SlotState
from daemon.core.detect import Verdict
from daemon.core.ledger.observe import Look
from daemon.core.mark import Mark, read_mark
from daemon.core.model import Attendance, OneOnOne, State, short_hash

_NEAR = timedelta(hours=12)
"""A slot this long before a 1:1, at the most, may be its slot."""
_MAKING = timedelta(minutes=1)
"""How much later than made an event may seem changed that nobody touched: providers go on working on it."""
ADOPTED = "found on the calendar, as prepd had put it there"
"""The reason for where a slot is that is on no record, until `plan` knows a better one."""


def observe_artefacts(
    artefacts: Artefacts, records: Mapping[str, OneOnOne], looks: Iterable[Look]
) -> Artefacts:
    """The artefacts as these looks show them. What no look speaks of stays as it was."""
    now = artefacts.copy()
    for look in looks:
        for slot in artefacts.slots.values():
            if (slot.account, slot.calendar) == (look.account, look.calendar):
                now.slots[slot.one_on_one] = _slot(slot, records.get(slot.one_on_one), look)
        _adopt(now, records, look)
        for link in artefacts.links.values():
            if (link.account, link.calendar) == (look.account, look.calendar):
                now.links[link.one_on_one] = _link(link, records.get(link.one_on_one), look)
    return now


def wants_slot(record: OneOnOne) -> bool:
    """Whether a 1:1 is one to prepare for: it stands, or only the counterpart declined."""
    if record.state is State.STANDING:
        return True
    return record.state is State.DECLINED and record.attendance is not Attendance.DECLINED


def fingerprint(event: Event) -> str:
    """Title, times, guests and body: what an organizer's update changes, and taking a link off does not."""
    guests = " ".join(sorted(a.address for a in event.attendees))
    return short_hash(event.title, event.start.isoformat(), event.end.isoformat(), event.body_digest, guests)


def _slot(slot: Slot, record: OneOnOne | None, look: Look) -> Slot:
    if slot.state is SlotState.GONE:
        return _still_there(slot, look)
    if slot.state is SlotState.DELETED:
        return slot
    gone = look.tombstones.get(slot.event_id)
    seen = look.sights.get(slot.event_id)
    if gone is None and seen is None:
        return replace(slot, pending=slot.pending or slot.event_id in look.unresolved)
    slot = replace(slot, pending=False)
    if gone is not None or (seen is not None and not seen.live):
        wanted = record is not None and wants_slot(record) and slot.state is not SlotState.GOING
        if slot.state is SlotState.RELEASED or wanted:
            return replace(slot, state=SlotState.DELETED)
        # Its 1:1 fell through in the same batch: taken away by us before a crash, or by the user; no matter.
        return replace(slot, state=SlotState.GONE, generation=slot.generation + 1)
    assert seen is not None
    if slot.state is SlotState.GOING:
        slot = replace(slot, state=SlotState.LIVE)
    return _as_seen(slot, seen.event)


def _still_there(slot: Slot, look: Look) -> Slot:
    """A slot that prepd took away, by what it was answered. One that stands there unchanged never went: the answer was
    wrong. One that was changed since was put back by the user, and is theirs.
    """
    seen = look.sights.get(slot.event_id)
    mark = read_mark(seen.event.mark) if seen is not None else None
    if seen is None or mark is None or not seen.live:
        return slot
    if slot.etag is None or seen.event.etag != slot.etag:
        return slot
    return _as_seen(replace(slot, state=SlotState.LIVE, generation=mark.generation), seen.event)


def _as_seen(slot: Slot, event: Event) -> Slot:
    """The slot as it stands. Where its mark tells of a write of ours that was not recorded, that one counts."""
    mark = read_mark(event.mark)
    if mark is not None and mark.text_hash != slot.text_hash:
        slot = replace(
            slot, text_hash=mark.text_hash, body_digest=event.body_digest, title=event.title, edited=False
        )
    if mark is not None:
        slot = replace(slot, placed_start=mark.placed_start)
    edited = slot.edited or event.body_digest != slot.body_digest or event.title != slot.title
    return replace(slot, start=event.start, end=event.end, etag=event.etag, edited=edited)


def _adopt(now: Artefacts, records: Mapping[str, OneOnOne], look: Look) -> None:
    """Slots of ours that are not on record: an answer was lost, or the state file was."""
    known = {slot.event_id for slot in now.slots.values()}
    for event_id, seen in look.sights.items():
        mark = read_mark(seen.event.mark)
        if mark is None or seen.label.verdict is not Verdict.OURS or event_id in known or not seen.live:
            continue
        record = _marked_for(mark, seen.event, records, look)
        if record is not None and _may_adopt(now.slots.get(record.id), mark):
            found = replace(marked_slot(mark, seen.event, look), one_on_one=record.id, reason=ADOPTED)
            edited = maybe_edited(seen.event)
            now.slots[record.id] = replace(found, meeting_start=record.start, edited=edited)


def marked_slot(mark: Mark, event: Event, look: Look) -> Slot:
    """A slot of which nothing is on record, as its event and the mark on it tell of it."""
    return Slot(
        one_on_one=mark.one_on_one,
        account=look.account,
        calendar=look.calendar,
        event_id=event.id,
        generation=mark.generation,
        start=event.start,
        end=event.end,
        placed_start=mark.placed_start,
        meeting_start=event.end,
        text_hash=mark.text_hash,
        body_digest=event.body_digest,
        title=event.title,
        reason="found on the calendar by its mark",
        etag=event.etag,
    )


def _may_adopt(slot: Slot | None, mark: Mark) -> bool:
    """Whether a 1:1 has no slot on record, or one that prepd took away before it made this one."""
    return slot is None or (slot.state is SlotState.GONE and mark.generation >= slot.generation)


def _marked_for(mark: Mark, event: Event, records: Mapping[str, OneOnOne], look: Look) -> OneOnOne | None:
    """The 1:1 of a slot that is not on record. One that has another id since is known by its person and time."""
    if record := records.get(mark.one_on_one):
        return record
    after = (
        r
        for r in records.values()
        if r.account == look.account
        and r.name in event.title
        and wants_slot(r)
        and timedelta(0) <= r.start - event.end <= _NEAR
    )
    return min(after, key=lambda r: (r.start, r.id), default=None)


def maybe_edited(event: Event) -> bool:
    """Whether anybody changed an event of which nothing is on record, since it was made: then it may be theirs."""
    if event.created is None or event.updated is None:
        return False
    return event.updated - event.created > _MAKING


def _link(link: InviteLink, record: OneOnOne | None, look: Look) -> InviteLink:
    if record is not None and record.event_id != link.event_id:
        # Its event has another id: the series was edited, or some calendars give one to a changed occurrence.
        link = _under_new_id(link, record, look)
    seen = look.sights.get(link.event_id)
    if link.state is not LinkState.ON:
        return link
    if link.event_id in look.tombstones or (seen is not None and not seen.live):
        # Should the event come back, whoever brought it back changed all of it: no link that is missing was taken off.
        return replace(link, fingerprint="")
    if seen is None:
        return link
    event = seen.event
    stale = link.left_at is not None and event.updated is not None and event.updated < link.left_at
    if stale:
        return link
    if link.url in event.links:
        # What the organizer changed while it stood there has no part in its going later.
        return replace(link, fingerprint=fingerprint(event))
    if fingerprint(event) == link.fingerprint:
        return replace(link, state=LinkState.REMOVED)
    return replace(link, state=LinkState.OFF)


def _under_new_id(link: InviteLink, record: OneOnOne, look: Look) -> InviteLink:
    """The link of a 1:1 whose event has another id now; the new event has the link only if it shows it."""
    seen = look.sights.get(record.event_id)
    lost = link.state is LinkState.ON and (seen is None or link.url not in seen.event.links)
    state = LinkState.OFF if lost else link.state
    return replace(link, event_id=record.event_id, series_id=record.series_id, state=state)
