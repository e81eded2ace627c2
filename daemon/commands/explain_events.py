"""Which events `prepd explain` is asked about, and what was decided about each: the JSON of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from connectors.errors import BadAnswer, NotFound, Refused
from connectors.values import Event, Status
from daemon.commands.context import Context
from daemon.commands.explain_reasons import doc_reason, slot_reason
from daemon.core.detect import Label, Verdict, by_known_titles, label
from daemon.core.model import OneOnOne, State
from daemon.fetch import AccountReading
from daemon.render import documents
from daemon.store.state import State as Stored


def matching(context: Context, readings: list[AccountReading], state: Stored) -> Iterator[dict[str, Any]]:
    """Those that the calendars show, then those that can't be read."""
    wanted, now = context.args.event, context.now
    for reading in readings:
        for event, what in _meant(reading, wanted, state, now):
            yield _document(context, reading.name, event, what, state, now)
    yield from _skipped(readings, wanted)


def _meant(
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
        "slot_reason": slot_reason(record, state, context, now) if one_on_one else None,
        "doc_reason": doc_reason(record, state, context, now) if one_on_one else None,
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
