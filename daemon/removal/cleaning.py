"""Takes back what prepd put on the calendars, from now on, and pauses; resuming lifts the pause.

The pause is recorded first, so that nothing is put back meanwhile, and what is about to be taken before it is: whoever
is cut off can begin again, and nothing that prepd took passes for an act of the user's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from connectors.frozen import dataclass
from connectors.protocols import Account
from daemon.apply.actions import Result, attempt
from daemon.apply.desk import Desk
from daemon.apply.links import detach
from daemon.apply.slots import delete
from daemon.config import AccountOptions, Config
from daemon.config.options import Deliver
from daemon.configured import under_one_address
from daemon.core.artefacts import Artefacts, SlotState
from daemon.core.model import OneOnOne, Times
from daemon.core.planning.actions import DeleteSlot, RemoveLink
from daemon.core.planning.clearing import Clearing, Stray, clearing
from daemon.core.planning.hands import observe_artefacts
from daemon.cycle import Request, account_outcomes, observe
from daemon.fetch import AccountReading, Task, fetch
from daemon.store.state import State
from daemon.store.store import Store
from daemon.troubles import AccountOutcome
from daemon.wishes import wishes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one thing that was to be taken back: `kind` is delete_slot, remove_link or delete_report."""

    kind: str
    account: str
    one_on_one: str | None
    record: OneOnOne | None
    times: Times | None
    result: Result
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    accounts: tuple[AccountOutcome, ...]
    taken: tuple[Taken, ...]
    clearing: Clearing
    paused: bool

    @property
    def left(self) -> int:
        """How much is still there that should be gone."""
        return sum(t.result is Result.PENDING for t in self.taken)


def clean(
    config: Config, store: Store, open_account: Callable[[AccountOptions], Account], request: Request
) -> Cleaned:
    """The caller holds the store's lock, but for a dry run, which changes nothing.

    :raises StateError: the state can't be read or written. Providers' failures are part of the result.
    """
    if not request.dry_run:
        pause(store, paused=True)
    stored = store.state()
    state = under_one_address(stored, config)
    task = Task(config, _unread(state), request.now, progress=request.progress)
    readings = fetch(task, config.account, open_account)
    found = _found(config, state, readings, request.now)
    if request.dry_run:
        shown = [_taken(a, state, found.ahead, Result.PLANNED, "") for a in (*found.actions, *found.strays)]
        return Cleaned(account_outcomes(readings, {}, {}), tuple(shown), found, stored.meta.paused)
    if (ahead := _ahead(stored, found)) != stored:
        store.commit(ahead)
    desk = _desk(config, readings, found.ahead, state.records, request)
    taken = [_take(action, desk, state) for action in (*found.actions, *found.strays)]
    if desk.artefacts != found.ahead:
        store.commit(replace(store.state(), artefacts=desk.artefacts))
    return Cleaned(account_outcomes(readings, {}, desk.errors), tuple(taken), found, paused=True)


def pause(store: Store, *, paused: bool) -> bool:
    """Pauses or goes on. Whether that is a change. The caller holds the store's lock."""
    state = store.state()
    if state.meta.paused is paused:
        return False
    store.commit(replace(state, meta=replace(state.meta, paused=paused)))
    return True


def _unread(state: State) -> State:
    """The same without tokens, so that the calendars are read in full: only that shows what is on no record."""
    return replace(state, calendars={key: replace(c, token=None) for key, c in state.calendars.items()})


def _found(config: Config, state: State, readings: list[AccountReading], now: datetime) -> Clearing:
    looks = observe(readings, state, now)
    artefacts = observe_artefacts(state.artefacts, state.records, looks)
    in_reach = {r.name for r in readings if r.error is None}
    reports = {e.event_id: e.etag for e in state.report_events.values()}
    return clearing(state.records, artefacts, looks, wishes(config).invite_links, in_reach, now, reports)


def _ahead(stored: State, found: Clearing) -> State:
    """The state to be recorded before anything is taken. A report that is yet to be due is delivered when it is."""
    taken = {(stray.account, stray.event_id) for stray in found.strays if stray.report}
    events = {
        week: replace(e, gone=e.gone or (e.account, e.event_id) in taken)
        for week, e in stored.report_events.items()
    }
    again = {week for week, e in events.items() if e.gone}
    deliveries = tuple(
        d for d in stored.deliveries if d.due or d.to != Deliver.CALENDAR.value or d.week not in again
    )
    return replace(stored, artefacts=found.ahead, report_events=events, deliveries=deliveries)


def _desk(
    config: Config,
    readings: Iterable[AccountReading],
    artefacts: Artefacts,
    records: Mapping[str, OneOnOne],
    request: Request,
) -> Desk:
    return Desk(
        config=config,
        wishes=wishes(config),
        accounts={r.name: r.account for r in readings if r.account is not None and r.error is None},
        records=records,
        artefacts=artefacts.copy(),
        intents={},
        journal=lambda _: None,
        now=request.now,
        stopping=request.stopping,
    )


def _take(action: DeleteSlot | RemoveLink | Stray, desk: Desk, state: State) -> Taken:
    account = _account(action, desk.artefacts)

    def act() -> None:
        match action:
            case DeleteSlot():
                delete(action, desk)
            case RemoveLink():
                detach(action, desk)
            case Stray():
                desk.calendar(account, action.calendar).delete(action.event_id, action.etag)

    result, reason = attempt(_kind(action), account, act, desk)
    if result is Result.REFUSED and isinstance(action, DeleteSlot):
        # Somebody took its mark off: it is no longer prepd's.
        slot = desk.artefacts.slots[action.one_on_one]
        desk.artefacts.slots[action.one_on_one] = replace(slot, state=SlotState.RELEASED, pending=False)
    return _taken(action, state, desk.artefacts, result, reason)


def _taken(
    action: DeleteSlot | RemoveLink | Stray, state: State, made: Artefacts, result: Result, reason: str
) -> Taken:
    one = None if isinstance(action, Stray) else action.one_on_one
    times = None
    if isinstance(action, Stray):
        times = action.times
    elif isinstance(action, DeleteSlot):
        times = action.was
    record = state.records.get(one) if one else None
    return Taken(_kind(action), _account(action, made), one, record, times, result, reason)


def _kind(action: DeleteSlot | RemoveLink | Stray) -> str:
    if isinstance(action, Stray):
        return "delete_report" if action.report else DeleteSlot.kind
    return action.kind


def _account(action: DeleteSlot | RemoveLink | Stray, made: Artefacts) -> str:
    match action:
        case Stray():
            return action.account
        case DeleteSlot():
            return made.slots[action.one_on_one].account
        case RemoveLink():
            return made.links[action.one_on_one].account
