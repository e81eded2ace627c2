"""`prepd explain`: every decision about an event, in words. Reads the calendars, and changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from connectors.errors import BadAnswer, NotFound, Refused
from connectors.values import Event, Status
from daemon import accounts
from daemon.commands.context import Context
from daemon.commands.stored import changes_of, stored
from daemon.core.artefacts import LinkState, SlotState
from daemon.core.detect import Label, Verdict, by_known_titles, label
from daemon.core.ledger.marking import Unmarkable, find_one_on_one
from daemon.core.model import Change, OneOnOne, Owner, State
from daemon.core.planning.hands import wants_slot
from daemon.exits import Exit, Stopped
from daemon.fetch import AccountReading, Task, fetch
from daemon.render import documents, words
from daemon.render.corrections import Corrections, kind_and_who
from daemon.render.lines import Style, Styled
from daemon.store.state import State as Stored
from daemon.troubles import exit_code, trouble_of
from daemon.wishes import wishes


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "event", metavar="EVENT", help="an event's id, or part of its title or of a guest's name"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_explain)


def _explain(context: Context) -> Exit:
    state, now = stored(context), context.now
    ledger = _Ledger(context)
    readings = fetch(
        Task(context.config, state, now, everything=True),
        context.config.account,
        lambda options: accounts.open_account(context.config, options, context.paths),
    )
    try:
        found = [
            _document(context, reading.name, event, what, state, now)
            for reading in readings
            for event, what in _matching(reading, context.args.event, state, now)
        ]
        found += list(_skipped(readings, context.args.event))
        if not found:
            found += ledger.without_event(context.args.event, state)
    finally:
        for reading in readings:
            if reading.account is not None:
                reading.account.close()
    if context.json:
        events = [entry | {"history": ledger.documents(entry.get("id"))} for entry in found]
        context.terminal.json({"version": documents.VERSION, "events": events})
    else:
        _show(context, found, ledger)
    failed = [r.error for r in readings if r.error is not None]
    if failed and not found:
        raise failed[0]
    if not found:
        if context.json:
            return Exit.ERROR
        raise Stopped(
            f"No event matches “{context.args.event}”: it is looked for by id, or as part of a title "
            f"or of a guest’s name, within sync.watch ({context.config.sync.watch.days} days)."
        )
    return exit_code(trouble_of(e) for e in failed)


def _matching(
    reading: AccountReading, wanted: str, state: Stored, now: datetime
) -> Iterator[tuple[Event, Label]]:
    """The events meant: one with that id, or those with that title; of a series the next occurrence."""
    folded = wanted.casefold()
    series_shown: set[str] = set()
    for one in reading.readings:
        events = {i.id: i for i in one.delta.items if isinstance(i, Event)}
        known = [(r.person, r.title) for r in state.records.values() if r.series_id is not None]
        labelled = by_known_titles({i: (e, one.labels[i]) for i, e in events.items()}, known, reading.rules)
        ids = {r.event_id for r in state.records.values() if r.id == folded}
        exact = [labelled[i] for i in labelled if i == wanted or i in ids]
        if not exact and reading.account is not None:
            exact = _asked(reading, one.calendar, wanted)
        if exact:
            yield from exact
            continue
        for event, what in sorted(labelled.values(), key=lambda pair: pair[0].start):
            live = event.status is not Status.CANCELLED and event.end > now
            if _is_meant(event, what, folded) and live and event.series_id not in series_shown:
                series_shown |= {event.series_id} if event.series_id else set()
                yield event, what


def _is_meant(event: Event, what: Label, wanted: str) -> bool:
    """By part of its title, or of a guest's name or address. prepd's own slots bear the names of others' 1:1s."""
    if what.verdict is Verdict.OURS:
        return wanted == event.title.casefold()
    told = (event.title, what.name, *what.people)
    return any(wanted in text.casefold() for text in told)


def _asked(reading: AccountReading, calendar: str, wanted: str) -> list[tuple[Event, Label]]:
    """An event beyond what was read, by id. Titles are no ids: those with a space are not asked for."""
    if reading.account is None or " " in wanted or len(wanted) < 10:
        return []
    try:
        event = reading.account.calendar(calendar).get(wanted)
    except (NotFound, Refused, BadAnswer):
        return []
    return [(event, label(event, reading.rules))] if isinstance(event, Event) else []


def _document(
    context: Context, account: str, event: Event, what: Label, state: Stored, now: datetime
) -> dict[str, Any]:
    record = _record_of(account, event, state)
    one_on_one = what.verdict is Verdict.ONE_ON_ONE or (
        what.verdict is Verdict.TWO_PEOPLE
        and record is not None
        and record.state in (State.STANDING, State.DECLINED)
    )
    reason = what.reason
    if one_on_one and what.verdict is Verdict.TWO_PEOPLE:
        reason = "two people, and it takes the place of a 1:1 that fell through"
    if record is not None and record.account != account:
        reason += f", the same as the one in {record.account}, which counts"
    if event.status is Status.CANCELLED:
        reason = f"it is cancelled; before that: {reason}"
    return {
        "event_id": event.id,
        "account": account,
        "title": event.title,
        "start": documents.stamp(event.start),
        "end": documents.stamp(event.end),
        "one_on_one": one_on_one,
        "reason": reason,
        "people": list(what.people),
        "id": record.id if record else None,
        "slot_reason": _slot_reason(record, state, context, now) if one_on_one else None,
        "doc_reason": _doc_reason(record, state, context, now) if one_on_one else None,
    }


def _record_of(account: str, event: Event, state: Stored) -> OneOnOne | None:
    """The 1:1 that an event is, or is another account's copy of."""
    for record in state.records.values():
        if (record.account, record.event_id) == (account, event.id):
            return record
    for shadow in state.shadows:
        if (shadow.copy.account, shadow.copy.event_id) == (account, event.id):
            return state.records.get(shadow.of)
    return None


def _slot_reason(record: OneOnOne | None, state: Stored, context: Context, now: datetime) -> str:
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


def _doc_reason(record: OneOnOne | None, state: Stored, context: Context, now: datetime) -> str:
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


def _skipped(readings: list[AccountReading], wanted: str) -> Iterator[dict[str, Any]]:
    """Events that can't be read have no title that could match: they are found by id."""
    for reading in readings:
        for one in reading.readings:
            for skipped in one.delta.skipped:
                if skipped.id == wanted:
                    yield {
                        "event_id": skipped.id,
                        "account": reading.name,
                        "title": "",
                        "one_on_one": False,
                        "reason": f"it can't be read: {skipped.reason}",
                        "people": [],
                        "slot_reason": None,
                        "doc_reason": None,
                    }


class _Ledger:
    """What the ledger tells of a 1:1; read once, and only where one of those found is on record."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def _entries(self) -> list[Change]:
        return changes_of(self._context)

    def of(self, one_on_one: str | None) -> list[Change]:
        return [e for e in self._entries if e.one_on_one == one_on_one] if one_on_one else []

    def without_event(self, wanted: str, state: Stored) -> list[dict[str, Any]]:
        """A 1:1 by its id, or that of an entry, whose event the calendars no longer show."""
        try:
            one = find_one_on_one(wanted, state.records, self._entries)
        except Unmarkable:
            return []
        record, last = one.record, one.entries[-1] if one.entries else None
        person = record.person if record else last.person if last else ""
        return [
            {
                "event_id": record.event_id if record else None,
                "account": record.account if record else last.account if last else None,
                "title": record.title if record else f"1:1 with {last.name if last else person}",
                "start": documents.stamp(one.times.start),
                "end": documents.stamp(one.times.end),
                "one_on_one": True,
                "reason": "it is on record; the calendar does not show it now",
                "people": [person],
                "id": one.id,
                "slot_reason": None,
                "doc_reason": None,
            }
        ]

    def documents(self, one_on_one: str | None) -> list[dict[str, Any]]:
        return [documents.change(e, self._context.config) for e in self.of(one_on_one)]

    def lines(self, one_on_one: str | None) -> Iterator[tuple[str, Styled, str]]:
        """When it was noticed, what, and why."""
        entries, zone = self.of(one_on_one), self._context.config.timezone
        corrections = Corrections(entries, zone)
        for e in entries:
            what = Styled(kind_and_who(e), words.kind_of(e).style)
            why = "; ".join(filter(None, (words.when(e, zone), e.evidence, corrections.said(e))))
            yield words.moment(e.noticed_at, zone), what, why


def _show(context: Context, found: list[dict[str, Any]], ledger: _Ledger) -> None:
    terminal, zone = context.terminal, context.config.timezone
    for number, entry in enumerate(found):
        if number:
            terminal.line()
        start = entry.get("start")
        when = words.moment(datetime.fromisoformat(start), zone) if start else ""
        terminal.line(
            Styled(entry["title"] or entry["event_id"], Style.STRONG), Styled(f"  {when}", Style.QUIET)
        )
        verdict = Styled("a 1:1", Style.GOOD) if entry["one_on_one"] else Styled("not a 1:1", Style.NOTICE)
        terminal.line("  ", verdict, f": {entry['reason']}")
        if entry["people"]:
            terminal.line(Styled(f"  with {', '.join(entry['people'])}", Style.QUIET))
        for name, key in (("slot", "slot_reason"), ("page", "doc_reason")):
            if entry[key]:
                terminal.line(Styled(f"  {name}: ", Style.QUIET), entry[key])
        for line, (noticed, what, why) in enumerate(ledger.lines(entry.get("id"))):
            terminal.line(
                Styled(f"  {'' if line else 'ledger:':8}{noticed}  ", Style.QUIET), what, f": {why}"
            )
