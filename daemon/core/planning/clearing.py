"""What is to be taken off the calendars when prepd has to go: its slots, links and reports to come.

Not what the user wrote in, and no link whose going would mail somebody. Events with prepd's mark that are on no record
are taken too, unless they were changed since they were made: nothing tells whose hand that was.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from connectors.frozen import dataclass
from connectors.values import Event
from daemon.core.artefacts import Artefacts, InviteLink, LinkState, SlotState
from daemon.core.detect import Verdict
from daemon.core.ledger.observe import Look
from daemon.core.mark import is_report, read_mark
from daemon.core.model import ON_THE_CALENDAR, OneOnOne, Owner, Times
from daemon.core.planning.actions import DeleteSlot, RemoveLink
from daemon.core.planning.hands import marked_slot, maybe_edited

_THERE = (SlotState.LIVE, SlotState.GOING)


@dataclass(frozen=True, slots=True)
class Stray:
    """An event with prepd's mark that is no slot on record: one that was lost, or a weekly report."""

    account: str
    calendar: str
    event_id: str
    times: Times
    etag: str | None
    report: bool


@dataclass(frozen=True, slots=True)
class Clearing:
    """What is to be done, and the artefacts as they are to be recorded before it is.

    `edited` slots stay, with what the user wrote; `mailing` links too, since taking them off would mail somebody;
    `changed` are events of prepd's that somebody changed, and that nothing is known of. `unnamed` are accounts that the
    config no longer names, and that something still stands on.
    """

    actions: tuple[DeleteSlot | RemoveLink, ...]
    strays: tuple[Stray, ...]
    ahead: Artefacts
    edited: int = 0
    mailing: int = 0
    changed: int = 0
    unnamed: frozenset[str] = frozenset()


def clearing(
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    looks: Iterable[Look],
    invite_links: Mapping[str, frozenset[Owner]],
    in_reach: Container[str],
    now: datetime,
    reports: Mapping[str, str | None] | None = None,
) -> Clearing:
    """:param artefacts: as these looks show them.
    :param invite_links: for each account of the config, on whose events a link may be changed.
    :param in_reach: the accounts that can be written to now: only theirs is put down as going before it goes.
    :param reports: the etags that events with weekly reports had when prepd left them.
    """
    looks = tuple(looks)
    ahead = artefacts.copy()
    strays, changed = _strays(ahead, looks, reports or {}, now)
    slots, edited = _slots(ahead, in_reach, invite_links, now)
    links, mailing = _links(ahead, records, looks, invite_links, in_reach, now)
    unnamed = {s.account for s in ahead.slots.values() if s.state in _THERE and s.end > now}
    unnamed |= {link.account for link in ahead.links.values() if _comes(link, records, now)}
    return Clearing(
        (*slots, *links), strays, ahead, edited, mailing, changed, frozenset(unnamed - invite_links.keys())
    )


def _slots(
    ahead: Artefacts, in_reach: Container[str], named: Container[str], now: datetime
) -> tuple[list[DeleteSlot], int]:
    """Slots to come. Each is put down as going first: should we be cut off, its absence is no act of the user's."""
    actions, edited = [], 0
    for slot in sorted(ahead.slots.values(), key=lambda s: (s.start, s.one_on_one)):
        if slot.end <= now or slot.account not in named:
            continue
        if slot.state is SlotState.LIVE and slot.edited:
            ahead.slots[slot.one_on_one] = replace(slot, state=SlotState.RELEASED)
        edited += ahead.slots[slot.one_on_one].state is SlotState.RELEASED
        if ahead.slots[slot.one_on_one].state not in _THERE:
            continue
        actions.append(DeleteSlot(slot.one_on_one, slot.times))
        if slot.account in in_reach:
            ahead.slots[slot.one_on_one] = replace(slot, state=SlotState.GOING, pending=True)
    return actions, edited


def _links(
    ahead: Artefacts,
    records: Mapping[str, OneOnOne],
    looks: tuple[Look, ...],
    invite_links: Mapping[str, frozenset[Owner]],
    in_reach: Container[str],
    now: datetime,
) -> tuple[list[RemoveLink], int]:
    """Links on invites to come. One that is put down as off may still be there, if we were cut off before."""
    actions, mailing = [], 0
    shown = {
        (look.account, look.calendar, i): seen.event.links
        for look in looks
        for i, seen in look.sights.items()
    }
    for link in sorted(ahead.links.values(), key=lambda link: link.one_on_one):
        there = link.url in shown.get((link.account, link.calendar, link.event_id), ())
        if not (_comes(link, records, now) or (link.state is LinkState.OFF and there)):
            continue
        record = records.get(link.one_on_one)
        if record is None or record.end <= now or link.account not in invite_links:
            continue
        if record.owner not in invite_links[link.account]:
            mailing += 1
            continue
        actions.append(RemoveLink(link.one_on_one, link.url))
        if link.account in in_reach:
            ahead.links[link.one_on_one] = replace(link, state=LinkState.OFF)
    return actions, mailing


def _comes(link: InviteLink, records: Mapping[str, OneOnOne], now: datetime) -> bool:
    """Whether a link stands on an invite that is yet to come."""
    record = records.get(link.one_on_one)
    return (
        link.state is LinkState.ON
        and record is not None
        and record.state in ON_THE_CALENDAR
        and record.end > now
    )


def _strays(
    ahead: Artefacts, looks: tuple[Look, ...], reports: Mapping[str, str | None], now: datetime
) -> tuple[tuple[Stray, ...], int]:
    """Events of prepd's own that are no slot on record; those of a 1:1 that is not on record become slots.

    How many of them somebody changed is told beside: nothing says whose they are now.
    """
    known = {s.event_id for s in ahead.slots.values() if s.state is not SlotState.GONE}
    strays, changed = [], 0
    for look, event in _ours(looks):
        if event.id in known or event.end <= now:
            continue
        as_left = event.etag is not None and event.etag == reports.get(event.id)
        mark = read_mark(event.mark)
        if maybe_edited(event) and not as_left:
            changed += 1
        elif mark is not None and mark.one_on_one not in ahead.slots:
            # On record again, so that the next one is of another generation.
            ahead.slots[mark.one_on_one] = marked_slot(mark, event, look)
        else:
            strays.append(_stray(look, event))
    return tuple(strays), changed


def _ours(looks: Iterable[Look]) -> Iterator[tuple[Look, Event]]:
    """Events that stand with prepd's mark."""
    for look in looks:
        for seen in look.sights.values():
            if seen.label.verdict is Verdict.OURS and seen.live:
                yield look, seen.event


def _stray(look: Look, event: Event) -> Stray:
    times = Times(event.start, event.end)
    return Stray(look.account, look.calendar, event.id, times, event.etag, is_report(event.mark))
