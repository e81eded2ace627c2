"""The cycle: fetch → detect → classify → plan → apply → record.

Reading and writing happen at its two ends; what is in between is pure (daemon.core), and the same for a dry run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime

from connectors.errors import ConnectorError
from connectors.frozen import dataclass
from connectors.protocols import Account
from connectors.values import Event, Status, Tombstone
from daemon.apply.actions import ActionOutcome, DeliverOutcome, Result, apply
from daemon.apply.desk import Desk
from daemon.config import AccountOptions, Config
from daemon.configured import still_read, under_one_address, with_set_aside
from daemon.core import brakes
from daemon.core.artefacts import Artefacts
from daemon.core.detect import by_known_titles
from daemon.core.ledger.classify import Outcome, classify
from daemon.core.ledger.observe import Look, Sight
from daemon.core.ledger.same import fold_copies
from daemon.core.model import Change, OneOnOne, Times
from daemon.core.planning.hands import observe_artefacts
from daemon.core.planning.plan import plan
from daemon.fetch import AccountReading, Reading, Task, fetch
from daemon.gaps import closed_gaps
from daemon.record import recorded, worth_a_commit
from daemon.store.heartbeat import Heartbeat, PendingWork, read_heartbeat, write_heartbeat
from daemon.store.state import Meta, State, calendar_key
from daemon.store.store import Store
from daemon.troubles import AccountOutcome, Braked, beat_after
from daemon.wishes import wishes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """One cycle's orders. `accept` lets it past the brakes, `only` names accounts (none: all).

    `others_wait`: the others are left out by the service, because they failed just now, and by nobody's wish.
    """

    now: datetime
    dry_run: bool = False
    accept: bool = False
    only: frozenset[str] = frozenset()
    others_wait: bool = False
    progress: Callable[[str, int], None] = lambda account, count: None
    stopping: Callable[[], bool] = lambda: False

    def served(self, config: Config) -> list[AccountOptions]:
        """The accounts that the cycle is for."""
        return [a for a in config.account if not self.only or a.name in self.only]


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What a cycle did. `records` are the 1:1s afterwards, for those who show changes and actions.

    `deliveries` are those of reports, by the round that the cycle belongs to.
    """

    accounts: tuple[AccountOutcome, ...] = ()
    changes: tuple[Change, ...] = ()
    actions: tuple[ActionOutcome, ...] = ()
    records: Mapping[str, OneOnOne] = field(default_factory=dict)
    paused: bool = False
    deliveries: tuple[DeliverOutcome, ...] = ()


def run_cycle(
    config: Config, store: Store, open_account: Callable[[AccountOptions], Account], request: Request
) -> CycleResult:
    """One cycle. The caller holds the store's lock, but for a dry run.

    :raises StateError: the state can't be read or written. Providers' failures are part of the result.
    """
    stored = store.state()
    if stored.meta.paused:
        return CycleResult(paused=True)
    state = under_one_address(stored, config)
    beat = read_heartbeat(store.folder)
    served = request.served(config)
    readings = fetch(Task(config, state, request.now, progress=request.progress), served, open_account)

    looks = observe(readings, state, request.now)
    folded = fold_copies(looks, state.records, state.shadows, [a.name for a in config.account])
    state = replace(state, records=folded.records)
    outcome, looks, braked = _classified(config, state, readings, list(folded.looks), request)
    records = {**state.records, **{r.id: r for r in outcome.records}}
    artefacts = observe_artefacts(state.artefacts, records, looks)
    after = recorded(state, readings, looks, records, artefacts, outcome, folded.shadows, request.now, config)
    in_reach = {r.name for r in readings if r.error is None} - braked.keys()
    after = replace(after, gaps=(*after.gaps, *closed_gaps(beat, in_reach, stored, request.now)))
    wanted = still_read(replace(after, records=records, artefacts=artefacts), config)
    planned = plan(wanted.records, wanted.artefacts, _taken(after), wishes(config), request.now)
    awaited = {a.name for a in served} - braked.keys()
    actions = [a for a in planned.actions if records[a.one_on_one].account in awaited]

    if request.dry_run:
        shown = tuple(ActionOutcome(a, Result.PLANNED) for a in actions)
        return CycleResult(account_outcomes(readings, braked, {}), outcome.changes, shown, records)

    desk = _desk(config, store, readings, wanted.records, planned.artefacts, state, in_reach, request)
    applied = apply(actions, desk)
    made = with_set_aside(desk.artefacts, artefacts, wanted.artefacts)
    after = replace(after, artefacts=made, intents=_unfulfilled(desk), meta=_begun(after, request.now))
    dear = any(r.dear for r in readings if r.name in in_reach)
    if dear or worth_a_commit(stored, after, outcome.changes, request.now):
        store.commit(after, outcome.changes)
    else:
        store.keep(after)
    accounts = account_outcomes(readings, braked, desk.errors)
    _beat(store, beat, accounts, applied, request)
    return CycleResult(accounts, outcome.changes, tuple(applied), records)


def observe(readings: Iterable[AccountReading], state: State, now: datetime) -> list[Look]:
    """The deltas as labelled looks. Titles of series on record let one-offs count that are called the same."""
    known = [(r.person, r.title) for r in state.records.values() if r.series_id is not None]
    return [
        _look(account, reading, known, state, now) for account in readings for reading in account.readings
    ]


def _look(
    account: AccountReading, reading: Reading, known: Iterable[tuple[str, str]], state: State, now: datetime
) -> Look:
    before = state.calendars.get(calendar_key(account.name, reading.calendar))
    events = {
        item.id: (item, reading.labels[item.id]) for item in reading.delta.items if isinstance(item, Event)
    }
    labelled = by_known_titles(events, known, account.rules)
    # An event that was asked for by id and repeats by now is no date of its series: those are there themselves.
    repeating = {event.series_id for event, _ in events.values() if event.status is not Status.CANCELLED}
    return Look(
        account=account.name,
        calendar=reading.calendar,
        at=now,
        since=before.read_at if before else None,
        sights={i: Sight(event, found) for i, (event, found) in labelled.items() if i not in repeating},
        tombstones={item.id: item for item in reading.delta.items if isinstance(item, Tombstone)},
        series={s.id: s for s in reading.delta.series},
        unresolved=reading.delta.unresolved,
    )


def _classified(
    config: Config, state: State, readings: list[AccountReading], looks: list[Look], request: Request
) -> tuple[Outcome, list[Look], dict[str, Braked]]:
    """What became of the 1:1s, without the accounts that a brake stops."""
    braked: dict[str, Braked] = {}
    if not request.accept:
        braked = _emptied(state, readings, request.now) | _set_back(state, readings, request.now)
    while True:
        looks = [look for look in looks if look.account not in braked]
        outcome = classify(state.records, looks, state.candidates, request.now, config.ledger.rebook_window)
        first = {look.account for look in looks if look.since is None}
        more = {
            look.account: Braked(why)
            for look in looks
            if look.account not in first
            and (why := brakes.turned_over(state.records, outcome, look.account, config.sync.max_changes))
        }
        if request.accept or not more:
            return outcome, looks, braked
        braked |= more


def _emptied(state: State, readings: list[AccountReading], now: datetime) -> dict[str, Braked]:
    found = {}
    for account in readings:
        for reading in account.readings:
            mine = [
                r
                for r in state.records.values()
                if (r.account, r.calendar) == (account.name, reading.calendar)
            ]
            if why := brakes.emptied(reading.delta, mine, now):
                found[account.name] = Braked(why)
    return found


def _set_back(state: State, readings: list[AccountReading], now: datetime) -> dict[str, Braked]:
    """Accounts that were read at a time that is yet to come: then one of the two clocks was wrong."""
    late = {
        c.account: brakes.clock_set_back(c.read_at, now)
        for c in state.calendars.values()
        if c.read_at is not None and c.read_at - now > brakes.CLOCK_DRIFT
    }
    return {r.name: Braked(late[r.name]) for r in readings if r.name in late}


def _taken(state: State) -> list[Times]:
    """The user's taken times over all calendars, without prepd's own slots."""
    ours = {slot.event_id for slot in state.artefacts.slots.values()}
    return [
        Times(busy.start, busy.end)
        for calendar in state.calendars.values()
        for busy in calendar.busy
        if busy.event_id not in ours
    ]


def _desk(
    config: Config,
    store: Store,
    readings: list[AccountReading],
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    state: State,
    in_reach: Container[str],
    request: Request,
) -> Desk:
    def journal(intents: dict[str, datetime]) -> None:
        store.commit(replace(store.state(), intents=dict(intents)))

    return Desk(
        config=config,
        wishes=wishes(config),
        accounts={r.name: r.account for r in readings if r.account is not None and r.name in in_reach},
        records=records,
        artefacts=artefacts,
        intents=dict(state.intents),
        journal=journal,
        now=request.now,
        stopping=request.stopping,
    )


def _begun(state: State, now: datetime) -> Meta:
    """From the first calendar that was read on, reports are due."""
    if state.meta.began_at is not None or not state.calendars:
        return state.meta
    return replace(state.meta, began_at=now)


def _unfulfilled(desk: Desk) -> dict[str, datetime]:
    return {person: at for person, at in desk.intents.items() if person not in desk.artefacts.docs}


def account_outcomes(
    readings: Iterable[AccountReading], braked: Mapping[str, Braked], errors: Mapping[str, ConnectorError]
) -> tuple[AccountOutcome, ...]:
    """How it went for each account. :param errors: what went wrong in writing."""
    return tuple(
        AccountOutcome(
            name=r.name,
            error=r.error or braked.get(r.name) or errors.get(r.name),
            read=r.error is None and r.name not in braked,
            requests=r.account.requests - r.requests_before if r.account else 0,
            events_read=r.events_read,
            full=r.full,
        )
        for r in readings
    )


def _beat(
    store: Store,
    before: Heartbeat,
    accounts: Iterable[AccountOutcome],
    applied: Iterable[ActionOutcome],
    request: Request,
) -> None:
    pending = tuple(
        PendingWork(a.action.kind, a.action.one_on_one, a.reason)
        for a in applied
        if a.result is Result.PENDING
    )
    write_heartbeat(store.folder, beat_after(before, accounts, pending, request.now))
