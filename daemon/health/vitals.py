"""Never quiet: what is told of prepd's own health after each round, to people, to a dead man's switch, to Prometheus.

By then all is done and recorded. Nothing here may fail a round, or hold it up for long.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connectors.errors import ConnectorError, unnamed
from daemon.bugs import REPORT_IT, where
from daemon.config import Config
from daemon.cycle import CycleResult, Request
from daemon.health import alerts
from daemon.health.ping import NoAnswer, ping
from daemon.paths import Paths
from daemon.store.files import StateError
from daemon.store.heartbeat import Failing, Heartbeat, PingPulse, Tally, read_heartbeat, write_heartbeat
from daemon.store.store import Store
from daemon.troubles import AccountOutcome, beat_after

log = logging.getLogger(__name__)


def tell_vitals(config: Config, store: Store, request: Request, result: CycleResult, seconds: float) -> None:
    """Alerts, metrics and ping after a round that took `seconds`; nothing after a dry run.

    A service that is told to stop does so at once: what is to be told is told by the next one.
    """
    if request.dry_run or request.stopping():
        return
    try:
        _tell(config, store, request, result, seconds)
    except Exception as error:  # noqa: BLE001  # a bug here must not look like one of the round
        log.error("a bug in prepd: alerts, metrics or ping were left out. %s", where(error))  # noqa: TRY400


def tell_failure(config: Config, store: Store, request: Request, error: Exception) -> None:
    """That a cycle came to no end: each of its accounts is in trouble for it, until a cycle shows otherwise.

    Whoever can't write that down tells nobody, as on a full disk.
    """
    if request.dry_run:
        return
    why = ConnectorError(str(error) if isinstance(error, StateError) else REPORT_IT)
    failed = [
        AccountOutcome(a.name, why, read=False, requests=0, events_read=0, full=False)
        for a in request.served(config)
    ]
    beat = read_heartbeat(store.folder)
    try:
        if write_heartbeat(store.folder, beat_after(beat, failed, beat.pending, request.now)):
            alerts.alert(config, store.folder, request.now, request.stopping)
    except Exception as bug:  # noqa: BLE001  # the first error is the one that counts
        log.error("a bug in prepd: an alert was left out. %s", where(bug))  # noqa: TRY400


def tell_between(config: Config, store: Store, now: datetime, stopping: Callable[[], bool]) -> None:
    """Alerts between two rounds of the service, every few minutes, while something is in trouble.

    :raises Locked: another process is at work on the state. :raises StateError: it can't be read or locked.
    """
    if alerts.is_time(config, read_heartbeat(store.folder), now) and not _paused(store):
        with store.lock("prepd run"):
            alerts.alert(config, store.folder, now, stopping)


def _paused(store: Store) -> bool:
    """As far as can be told: a state that is damaged is trouble to tell of."""
    try:
        return store.state().meta.paused
    except StateError:
        return False


def _tell(config: Config, store: Store, request: Request, result: CycleResult, seconds: float) -> None:
    folder = store.folder
    beat = read_heartbeat(folder)
    if not result.paused:
        write_heartbeat(folder, replace(beat, tally=_tallied(beat.tally, result, seconds)))
        alerts.alert(config, folder, request.now, request.stopping)
    if config.metrics.textfile is not None:
        from daemon.health.metrics import write_metrics

        write_metrics(config.metrics.textfile, config, store.state(), read_heartbeat(folder), request.now)
    if config.notify.ping and (result.paused or _all_well(config, read_heartbeat(folder), result)):
        _ping(config, folder, request.now)


def _tallied(before: Tally, result: CycleResult, seconds: float) -> Tally:
    requests, changes = dict(before.requests), dict(before.changes)
    for account in result.accounts:
        requests[account.name] = requests.get(account.name, 0) + account.requests
    for change in result.changes:
        changes[change.kind.value] = changes.get(change.kind.value, 0) + 1
    return Tally(before.cycles + 1, round(seconds, 3), requests, changes)


def _all_well(config: Config, beat: Heartbeat, result: CycleResult) -> bool:
    """Whether every account of the config is, also those that this cycle did not serve."""
    pulses = [beat.accounts.get(options.name) for options in config.account]
    served = bool(result.accounts) and all(a.ok for a in result.accounts)
    return served and all(p is not None and p.trouble is None for p in pulses)


def _ping(config: Config, folder: Path, now: datetime) -> None:
    beat = read_heartbeat(folder)
    before = beat.ping
    try:
        ping(config.notify.ping, config.network.ca_bundle, Paths(folder).cache)
    except NoAnswer as wrong:
        if before.failing is None:
            log.warning("%s It is tried again after each good cycle", unnamed(str(wrong)))
        since = before.failing.since if before.failing else now
        after = PingPulse(before.last_success, Failing(since, str(wrong)))
    else:
        if before.failing is not None:
            log.info("the ping is answered again")
        after = PingPulse(now)
    write_heartbeat(folder, replace(beat, ping=after))
