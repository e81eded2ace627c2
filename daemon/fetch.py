"""Reads every calendar of the config: the first step of a cycle, and the only one that waits for a network to read.

The accounts are read at the same time, each in a thread of its own; one that fails keeps no other from its cycle.
"""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import datetime, timedelta

from connectors.errors import BadAnswer, ConnectorError
from connectors.frozen import dataclass
from connectors.protocols import Account
from connectors.reading import Request, read
from connectors.values import Delta, Event, Known, Window
from daemon.bugs import REPORT_IT, where
from daemon.config import AccountOptions, Config
from daemon.core.artefacts import SlotState
from daemon.core.detect import Label, Rules, Verdict, label
from daemon.core.model import OPEN, OneOnOne
from daemon.store.state import BUSY_MARGIN, CalendarState, calendar_key
from daemon.store.state import State as Stored
from daemon.wishes import rules

log = logging.getLogger(__name__)

FULL_EVERY = timedelta(days=1)
"""A full read this often, whatever the tokens say: they are known to lie (time passing is no change to them)."""
LOOK_BACK = timedelta(days=14)
"""How far a full read looks back, at the least."""

_OBJECTS = 50_000
"""So many new ones before Python looks for rings among them; a page of events is less."""

_NOTED = (Verdict.ONE_ON_ONE, Verdict.TWO_PEOPLE, Verdict.OURS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One calendar's delta, and what each of its events is."""

    calendar: str
    delta: Delta
    labels: Mapping[str, Label]


@dataclass(slots=True)
class AccountReading:
    """What reading one account gave. `account` is None where it could not even be opened.

    `addresses` are the user's own there.
    """

    name: str
    account: Account | None = None
    readings: list[Reading] = field(default_factory=list)
    error: ConnectorError | None = None
    requests_before: int = 0
    requests_to_read: int = 0
    rules: Rules = field(default_factory=Rules)
    addresses: frozenset[str] = frozenset()

    @property
    def events_read(self) -> int:
        return sum(r.delta.events_read for r in self.readings)

    @property
    def dear(self) -> bool:
        """Whether reading the same again would take more than the one request for each calendar."""
        return self.events_read > 0 and self.requests_to_read > len(self.readings)

    @property
    def full(self) -> bool:
        return any(r.delta.complete for r in self.readings)


@dataclass(frozen=True, slots=True)
class Task:
    """What to read: `everything` keeps each event of the window, and ignores tokens (`prepd explain`)."""

    config: Config
    stored: Stored
    now: datetime
    everything: bool = False
    progress: Callable[[str, int], None] = lambda account, count: None


def fetch(
    task: Task, accounts: Iterable[AccountOptions], open_account: Callable[[AccountOptions], Account]
) -> list[AccountReading]:
    """Reads the calendars of these accounts. What goes wrong is part of the answer."""
    wanted = tuple(accounts)
    opened = [_opened(options, open_account) for options in wanted]
    # Also those of an account that can't be read now: it must not look as if somebody else took part.
    known = {address for calendar in task.stored.calendars.values() for address in calendar.addresses}
    by = rules(task.config, known.union(*(result.addresses for result in opened)))
    with _seldom_collected():
        if len(wanted) == 1:
            return [_read_account(task, wanted[0], opened[0], by)]
        with ThreadPoolExecutor(max_workers=min(8, len(wanted) or 1), thread_name_prefix="read") as pool:
            return list(
                pool.map(lambda options, result: _read_account(task, options, result, by), wanted, opened)
            )


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """What is parsed holds no rings: it goes when it is let go of, and looking for rings is a tenth of the work."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _opened(options: AccountOptions, open_account: Callable[[AccountOptions], Account]) -> AccountReading:
    result = AccountReading(options.name)
    try:
        account = open_account(options)
        result.account, result.requests_before = account, account.requests
        result.addresses = account.addresses
    except ConnectorError as error:
        result.error = error
    return result


def _read_account(task: Task, options: AccountOptions, result: AccountReading, by: Rules) -> AccountReading:
    result.rules = by
    if result.account is None or result.error is not None:
        return result
    try:
        for calendar in options.calendars:
            result.readings.append(_read_calendar(task, options.name, result.account, calendar, by))
    except ConnectorError as error:
        result.error = error
    except Exception as error:  # noqa: BLE001  # a bug of ours: the other accounts are served all the same
        log.error("a bug in prepd, in reading an account: %s", where(error))  # noqa: TRY400  # see where
        result.error = BadAnswer(f"Account {options.name}: {REPORT_IT}")
    result.requests_to_read = result.account.requests - result.requests_before
    return result


def _read_calendar(task: Task, name: str, account: Account, calendar: str, by: Rules) -> Reading:
    labels: dict[str, Label] = {}

    def keep(event: Event) -> bool:
        found = label(event, by)
        wanted = task.everything or found.verdict in _NOTED
        if wanted:
            labels[event.id] = found
        else:
            labels.pop(event.id, None)
        return wanted

    request = _request(task, name, calendar)
    delta = read(account.calendar(calendar), request, keep, lambda count: task.progress(name, count))
    kept = {item.id: item for item in delta.items if isinstance(item, Event)}
    return Reading(calendar, delta, {i: labels.get(i) or label(event, by) for i, event in kept.items()})


def _request(task: Task, account: str, calendar: str) -> Request:
    before = task.stored.calendars.get(calendar_key(account, calendar))
    records = [r for r in task.stored.records.values() if (r.account, r.calendar) == (account, calendar)]
    full = (
        task.everything or before is None or before.full_at is None or task.now - before.full_at >= FULL_EVERY
    )
    window = _window(task, before, records)
    return Request(
        window=window,
        token=None if full or before is None else before.token,
        known={}
        if task.everything
        else {k.id: k for k in _known(task.stored, account, calendar, records, task.now)},
        ask=_unanswered(task.stored, records),
        busy=Window(task.now, task.now + task.config.sync.horizon + BUSY_MARGIN),
    )


def _unanswered(stored: Stored, records: list[OneOnOne]) -> frozenset[str]:
    """Events that were missing, and could not be asked for yet."""
    slots = {slot.event_id for slot in stored.artefacts.slots.values() if slot.pending}
    return frozenset(slots.union(r.event_id for r in records if r.pending))


def _window(task: Task, before: CalendarState | None, records: list[OneOnOne]) -> Window:
    """From what was not settled yet to as far ahead as the ledger watches."""
    sync = task.config.sync
    end = task.now + max(sync.watch, sync.horizon + BUSY_MARGIN)
    if task.everything:
        return Window(task.now - timedelta(days=1), end)
    if before is None or before.read_at is None:
        return Window(task.now - max(task.config.ledger.backfill, timedelta(days=1)), end)
    unsettled = [r.start for r in records if r.state in OPEN]
    start = min([task.now - LOOK_BACK, before.read_at - timedelta(days=1), *unsettled])
    return Window(start, end)


def _known(
    stored: Stored, account: str, calendar: str, records: list[OneOnOne], now: datetime
) -> Iterable[Known]:
    for record in records:
        if record.state in OPEN:
            yield Known(record.event_id, record.start, record.end, record.series_id)
    for shadow in stored.shadows:
        copy = shadow.copy
        if (copy.account, copy.calendar) == (account, calendar) and copy.end > now:
            yield Known(copy.event_id, copy.start, copy.end, copy.series_id)
    for slot in stored.artefacts.slots.values():
        mine = (slot.account, slot.calendar) == (account, calendar)
        if mine and slot.state not in (SlotState.DELETED, SlotState.GONE) and slot.end > now:
            yield Known(slot.event_id, slot.start, slot.end)
