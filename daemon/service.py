"""`prepd run`: cycles again and again, until told to stop. The one door to schedule, which is only the tick.

What is due follows from the clock and the state; a job that raises neither stops nor floods the loop. The loop
waits on an event, and the work is done in a thread of its own, so that SIGTERM ends the service at once: the commits
are atomic, and what was cut off is planned again.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import schedule

from connectors.errors import ConnectorError
from connectors.protocols import Account
from daemon import accounts
from daemon.bugs import where
from daemon.config import AccountOptions, Config
from daemon.cycle import CycleResult, Request
from daemon.paths import Paths
from daemon.round import run_round
from daemon.store.files import StateError
from daemon.store.heartbeat import Trouble, read_heartbeat, write_heartbeat
from daemon.store.lock import Locked
from daemon.store.store import Store
from daemon.troubles import trouble_of

log = logging.getLogger(__name__)

GRACE = 1.5
"""Seconds that a cycle is given to end between two actions once the service is told to stop."""
_TICK = 1.0
_LOGIN_LOOK = 5
"""Seconds between looks at whether somebody signed in."""


@dataclass(slots=True)
class Service:
    """The loop. `now` is the clock, for tests."""

    config: Config
    paths: Paths
    stop: threading.Event
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _opened: dict[str, Account] = field(default_factory=dict)
    _tokens: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _next: datetime | None = None
    _kept: Store | None = None

    def run(self) -> None:
        """Cycles until `stop` is set. The first begins at once."""
        worker = threading.Thread(target=self._work, name="cycles", daemon=True)
        worker.start()
        self.stop.wait()
        worker.join(GRACE)
        log.info("stopped")

    def _work(self) -> None:
        tick = schedule.Scheduler()
        tick.every(_LOGIN_LOOK).seconds.do(self._guarded, self._take_up_logins)
        tick.every(1).seconds.do(self._guarded, self._cycle_if_due)
        while not self.stop.is_set():
            tick.run_pending()
            self.stop.wait(_TICK)

    def _guarded(self, job: Callable[[], None]) -> None:
        """Runs a job. schedule would run one that raises again at once, and for ever."""
        try:
            job()
        except (StateError, Locked) as error:
            log.error("%s", error)  # noqa: TRY400  # a sentence for people: where it was raised says nothing
        except Exception as error:  # noqa: BLE001  # a bug, which the next cycle may not meet
            log.error("a bug in prepd: the next cycle tries again. %s", where(error))  # noqa: TRY400

    def _cycle_if_due(self) -> None:
        now = self.now()
        # A clock that was set back would else stop the cycles until it catches up.
        far = self._next is not None and self._next - now > 2 * self.config.sync.every
        if self._next is None or now >= self._next or far:
            self._next = self.now() + self.config.sync.every * random.uniform(0.95, 1.05)
            self.cycle(frozenset())

    def cycle(self, only: frozenset[str]) -> CycleResult:
        """One cycle under the lock; for some accounts, or all."""
        store = self._store()
        with store.lock("prepd run"):
            request = Request(now=self.now(), only=only, stopping=self.stop.is_set)
            result = run_round(self.config, store, self._open, request)
        self._note(result)
        write_heartbeat(self.paths.state, replace(read_heartbeat(self.paths.state), next_cycle=self._next))
        return result

    def _store(self) -> Store:
        if self._kept is None:
            self._kept = Store(self.paths.state)
        return self._kept

    def _open(self, options: AccountOptions) -> Account:
        """Accounts stay open from one cycle to the next, with their connections."""
        self._tokens[options.name] = _identity(self.paths.token(options.name))
        if options.name not in self._opened:
            self._opened[options.name] = accounts.open_account(self.config, options, self.paths, self.stop)
        return self._opened[options.name]

    def _note(self, result: CycleResult) -> None:
        if result.paused:
            log.info("paused since `prepd clean`")
        for outcome in result.accounts:
            trouble = trouble_of(outcome.error)
            if trouble is Trouble.SIGN_IN:
                self._waiting.add(outcome.name)
                self._close(outcome.name)
            else:
                self._waiting.discard(outcome.name)
            if outcome.error is not None:
                log.warning("account %s: %s", outcome.name, outcome.error)
            elif result.changes or result.actions:
                log.info(
                    "account %s: %d events read, %d changes, %d actions",
                    outcome.name,
                    outcome.events_read,
                    sum(c.account == outcome.name for c in result.changes),
                    len(result.actions),
                )

    def _take_up_logins(self) -> None:
        """Serves an account as soon as somebody signed in to it."""
        for name in sorted(self._waiting):
            if _identity(self.paths.token(name)) != self._tokens.get(name):
                self._close(name)
                self.cycle(frozenset({name}))

    def _close(self, name: str) -> None:
        account = self._opened.pop(name, None)
        if account is not None:
            try:
                account.close()
            except ConnectorError:
                log.debug("account %s did not close in order", name)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
