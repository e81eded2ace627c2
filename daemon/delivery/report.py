"""Delivers the weekly report: what is due, where it has been, and what to do when a place can't be reached.

Due is the last moment that `report.on` names, if prepd had begun by then: of several that were missed only that one is
made up for. Each place counts by itself, and is noted as soon as it has the report.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.errors import ConnectorError, Refused, unnamed
from connectors.protocols import Account
from daemon.apply.actions import DeliverOutcome, Result
from daemon.bugs import REPORT_IT, where
from daemon.config import AccountOptions, Config
from daemon.config.options import Deliver as To
from daemon.configured import changes_under_one_address, still_read, under_one_address
from daemon.core.due import moment_of, report_moment, reported_week
from daemon.core.planning.actions import Deliver
from daemon.core.report.making import make_report
from daemon.core.report.model import Report
from daemon.core.weeks import Week
from daemon.cycle import CycleResult, Request
from daemon.delivery import attempts
from daemon.delivery.places import put_in_files, put_on_calendar, send_to_services
from daemon.delivery.topics import Reader, before_report
from daemon.facts import facts, report_rules
from daemon.notify import NotSent
from daemon.paths import Paths
from daemon.store.files import StateError
from daemon.store.heartbeat import Failing, Heartbeat, PendingWork, read_heartbeat, write_heartbeat
from daemon.store.state import Delivery, State
from daemon.store.store import Store

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=1)
"""How long a report waits for an account that can be read, where none can. Then it goes out with the gap in it."""
_KEPT = timedelta(days=91)

Opener = Callable[[AccountOptions], Account]


@dataclass(slots=True)
class Courier:
    """Takes one week's report to where it is wanted. The caller holds the store's lock."""

    config: Config
    store: Store
    open_account: Opener
    week: Week
    now: datetime

    def deliver(
        self, places: Iterable[To], stopping: Callable[[], bool] = lambda: False
    ) -> list[DeliverOutcome]:
        """:raises StateError: what was done can't be noted."""
        report = made(self.config, self.store, self.week, self.now)
        return [self._deliver(to, report) for to in places if not stopping()]

    def _deliver(self, to: To, report: Report) -> DeliverOutcome:
        action = Deliver(to.value, self.week.name)
        try:
            state = self._bring(to, report)
        except NotSent as error:
            return self._failed(action, Result.PENDING, str(error), taken=error.taken)
        except StateError as error:
            return self._failed(action, Result.PENDING, str(error))
        except Refused as error:
            return self._failed(action, Result.REFUSED, str(error), error)
        except ConnectorError as error:
            return self._failed(action, Result.PENDING, str(error), error)
        except Exception as error:  # noqa: BLE001  # a bug of ours: the other places get it all the same
            log.error("a bug in prepd, in the delivery to %s: %s", to.value, where(error))  # noqa: TRY400
            return self._failed(action, Result.PENDING, REPORT_IT)
        before = tuple(d for d in state.deliveries if (d.to, d.week) != (to.value, self.week.name))
        delivered = Delivery(to.value, self.week.name, self.now, due=self._is_due())
        state = replace(state, deliveries=(*before, delivered))
        self.store.commit(attempts.settled(state, attempts.delivery_key(to.value, self.week.name)))
        log.info("the report of week %s went to %s", self.week.name, to.value)
        return DeliverOutcome(action, Result.DONE)

    def _is_due(self) -> bool:
        on = self.config.report.on
        return moment_of(self.week, on.weekday, on.time, self.config.timezone) <= self.now

    def _bring(self, to: To, report: Report) -> State:
        """Takes it there, and gives the state with what is to be remembered of that."""
        state, week = self.store.state(), self.week.name
        paths = Paths(self.store.folder)
        if to is To.FILE:
            put_in_files(paths, report)
        elif to is To.NOTIFY:
            key = attempts.delivery_key(to.value, week)
            got = attempts.taken(state, key)
            self.store.commit(attempts.begun(state, key, self.now))
            send_to_services(self.config, paths.cache, report, got)
        else:
            event = put_on_calendar(self.config, self.open_account, report, state.report_events.get(week))
            events = {w: e for w, e in state.report_events.items() if w != week and e.end > self.now - _KEPT}
            state = replace(state, report_events=events | ({week: event} if event else {}))
        return state

    def _failed(
        self,
        action: Deliver,
        result: Result,
        reason: str,
        trouble: ConnectorError | None = None,
        taken: frozenset[str] = frozenset(),
    ) -> DeliverOutcome:
        log.warning("the report of week %s did not go to %s: %s", action.week, action.to, unnamed(reason))
        key = attempts.delivery_key(action.to, action.week)
        try:
            self.store.commit(attempts.failed(self.store.state(), key, reason, self.now, taken))
        except StateError as error:
            log.error("%s", error)  # noqa: TRY400  # a sentence for people
        return DeliverOutcome(action, result, reason, trouble)


def deliver_due(
    config: Config, store: Store, open_account: Opener, request: Request, cycle: CycleResult
) -> tuple[DeliverOutcome, ...]:
    """Delivers the report that is due to those places that don't have it, or says in a dry run that it would.

    :raises StateError: the state can't be read or written.
    """
    state, now = store.state(), request.now
    on = config.report.on
    moment = report_moment(on.weekday, on.time, config.timezone, now)
    week = reported_week(moment, config.timezone)
    due = state.meta.began_at is not None and state.meta.began_at <= moment
    missing = [to for to in places(config) if due and not _has(state, to, week, moment)]
    if request.dry_run:
        return tuple(DeliverOutcome(Deliver(to.value, week.name), Result.PLANNED) for to in missing)
    _forget_others(store, [attempts.delivery_key(to.value, week.name) for to in missing])
    ready = [
        to for to in missing if not attempts.waits(state, attempts.delivery_key(to.value, week.name), now)
    ]
    if not ready or not _worth_reporting(cycle, read_heartbeat(store.folder), now):
        return ()
    if len(missing) == len(places(config)) and not any(_tried(state, to, week) for to in missing):
        before_report(config, store, Reader(config, open_account), week, now)
    return tuple(Courier(config, store, open_account, week, now).deliver(ready, request.stopping))


def deliver_now(
    config: Config, store: Store, open_account: Opener, week: Week, now: datetime
) -> list[DeliverOutcome]:
    """Delivers a week's report because the user says so. Files are written anew, nothing else is done twice."""
    state = store.state()
    had = {
        to for to in places(config) if any((d.to, d.week) == (to.value, week.name) for d in state.deliveries)
    }
    wanted = [to for to in places(config) if to not in had or to is To.FILE]
    done = {o.action.to: o for o in Courier(config, store, open_account, week, now).deliver(wanted)}
    return [
        replace(done[to.value], already=to in had)
        if to in wanted
        else DeliverOutcome(Deliver(to.value, week.name), Result.SKIPPED, already=True)
        for to in places(config)
    ]


def places(config: Config) -> list[To]:
    """Where reports go, each once. Without a notification service there is nobody to notify."""
    wanted = dict.fromkeys(config.report.deliver)
    return [to for to in wanted if to is not To.NOTIFY or config.notify.urls]


def made(config: Config, store: Store, week: Week, now: datetime) -> Report:
    """The report as it is delivered: what came to light late is told since the delivery of an earlier week."""
    state = still_read(under_one_address(store.state(), config), config)
    changes = changes_under_one_address(store.changes(), config)
    known = facts(state, changes, read_heartbeat(store.folder), config, now, week)
    return make_report(known, report_rules(config), week, now)


def note_undelivered(config: Config, store: Store) -> None:
    """Tells the heartbeat what could not be delivered, for `status` and alerts."""
    beat, state = read_heartbeat(store.folder), store.state()
    failing: dict[str, Failing] = {}
    for to in places(config):
        tries = [
            a for key, a in state.attempts.items() if key.startswith(attempts.delivery_key(to.value, ""))
        ]
        if tries:
            last = max(tries, key=lambda a: a.key)
            failing[to.value] = Failing(last.since, last.error)
    waiting = tuple(PendingWork("deliver", None, f"to {to}: {f.error}") for to, f in failing.items())
    pending = (*(work for work in beat.pending if work.kind != "deliver"), *waiting)
    if (failing, pending) != (beat.undelivered, beat.pending):
        write_heartbeat(store.folder, replace(beat, undelivered=failing, pending=pending))


def _has(state: State, to: To, week: Week, moment: datetime) -> bool:
    """Whether a place has the week's report. One that was delivered before it was due was not the whole of it.

    One that was due when it was delivered is not repeated where `report.on` names another moment since.
    """
    return any(
        (d.to, d.week) == (to.value, week.name) and (d.due or d.at >= moment) for d in state.deliveries
    )


def _tried(state: State, to: To, week: Week) -> bool:
    return attempts.delivery_key(to.value, week.name) in state.attempts


def _forget_others(store: Store, keys: list[str]) -> None:
    """Drops the attempts at deliveries that are no longer due: of an earlier week, or to where none is wanted."""
    state = store.state()
    over = [k for k in state.attempts if k.startswith("deliver ") and k not in keys]
    if over:
        store.commit(attempts.settled(state, *over))


def _worth_reporting(cycle: CycleResult, beat: Heartbeat, now: datetime) -> bool:
    """Whether something could be read just now, or nothing could for so long that the report won't wait."""
    if any(account.read for account in cycle.accounts):
        return True
    since = [p.failing_since for p in beat.accounts.values() if p.failing_since is not None]
    return bool(since) and now - min(since) >= PATIENCE
