"""What is to be recorded after a cycle, and whether it is worth a commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.values import Delta
from daemon.config import Config
from daemon.core.artefacts import Artefacts
from daemon.core.ledger.classify import Outcome
from daemon.core.ledger.first_sight import KEPT
from daemon.core.ledger.observe import Look
from daemon.core.model import Change, OneOnOne
from daemon.core.remembered import Shadow
from daemon.fetch import AccountReading
from daemon.store.state import BUSY_MARGIN, CalendarState, State, calendar_key

_MOST_SKIPPED = 200
_TOKEN_AGE = timedelta(days=1)


def recorded(
    state: State,
    readings: Iterable[AccountReading],
    looks: Iterable[Look],
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    outcome: Outcome,
    shadows: Iterable[Shadow],
    now: datetime,
    config: Config,
) -> State:
    """The state after what was read, before anything is done about it. Calendars without a look stay as they were."""
    looked = {(look.account, look.calendar) for look in looks}
    calendars = dict(state.calendars)
    for account in readings:
        for reading in account.readings:
            if (account.name, reading.calendar) in looked:
                key = calendar_key(account.name, reading.calendar)
                before = calendars.get(key, CalendarState(account.name, reading.calendar))
                read = _read(before, reading.delta, now, now + config.sync.horizon + BUSY_MARGIN)
                calendars[key] = replace(read, addresses=tuple(sorted(account.addresses)))
    kept = _at_hand(records, now)
    return replace(
        state,
        calendars=calendars,
        records=kept,
        artefacts=_of(kept, artefacts),
        candidates=outcome.candidates if looked else state.candidates,
        shadows=tuple(s for s in shadows if s.of in kept),
    )


def worth_a_commit(before: State, after: State, changes: tuple[Change, ...], now: datetime) -> bool:
    """Whether anything changed but the token of an empty delta; that one is kept for later, a day at most."""
    if changes or _what_counts(before, now) != _what_counts(after, now):
        return True
    return any(
        c.full_at != (old := before.calendars[key]).full_at or now - (old.read_at or now) >= _TOKEN_AGE
        for key, c in after.calendars.items()
    )


def _what_counts(state: State, now: datetime) -> State:
    """A state without tokens, and without what merely went past: time is no change."""
    calendars = {
        key: replace(c, token=None, read_at=None, full_at=None, busy=tuple(b for b in c.busy if b.end > now))
        for key, c in state.calendars.items()
    }
    records = _at_hand(state.records, now)
    return replace(state, calendars=calendars, records=records, artefacts=_of(records, state.artefacts))


def _at_hand(records: Mapping[str, OneOnOne], now: datetime) -> dict[str, OneOnOne]:
    return {i: r for i, r in records.items() if r.end > now - KEPT}


def _read(before: CalendarState, delta: Delta, now: datetime, until: datetime) -> CalendarState:
    read = {b.event_id: b for b in delta.busy}
    if not delta.complete:
        gone = set(delta.freed)
        read = {b.event_id: b for b in before.busy if b.event_id not in gone} | read
    taken = (b for b in read.values() if b.end > now and b.start < until)
    skipped = {} if delta.complete else {i: r for i, r in before.skipped.items() if i not in _ids(delta)}
    skipped |= {s.id: s.reason for s in delta.skipped}
    return replace(
        before,
        token=delta.token,
        read_at=now,
        full_at=now if delta.complete else before.full_at,
        skipped=dict(list(skipped.items())[-_MOST_SKIPPED:]),
        busy=tuple(sorted(taken, key=lambda b: (b.start, b.end, b.event_id))),
    )


def _ids(delta: Delta) -> set[str]:
    return {item.id for item in delta.items} | {b.event_id for b in delta.busy} | set(delta.freed)


def _of(records: Mapping[str, OneOnOne], artefacts: Artefacts) -> Artefacts:
    """Artefacts whose 1:1 is still at hand; docs and pages are a person's, and stay."""
    slots = {i: s for i, s in artefacts.slots.items() if i in records}
    links = {i: link for i, link in artefacts.links.items() if i in records}
    return replace(artefacts.copy(), slots=slots, links=links)
