"""What the service does at each tick: cycles for the accounts that are due, the config when it is to be read again, and
a look at what other processes did meanwhile. Reports, alerts and daily housekeeping are part of a round.

A cycle that fails, for whatever reason, has its accounts wait; it neither ends the service nor floods it.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from connectors.bounds import WITHIN
from daemon.apply.template import TemplateError
from daemon.bugs import where
from daemon.config import Config, ConfigError
from daemon.cycle import CycleResult, Request
from daemon.health.vitals import tell_between
from daemon.paths import Paths
from daemon.round import run_round
from daemon.service.clock import SLEPT, Clock
from daemon.service.open_accounts import OpenAccounts, identity
from daemon.service.pace import Draw, Pace
from daemon.service.said import Said
from daemon.service.status_line import status_line
from daemon.store.files import StateError
from daemon.store.heartbeat import Trouble, read_heartbeat, write_heartbeat
from daemon.store.lock import Locked
from daemon.store.store import Store
from daemon.systemd.sd_notify import Notifier
from daemon.troubles import AccountOutcome, trouble_of

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """The work of the service. `reload` is set to have `read_config` called, and its config used from then on.

    :param read_config: raises ConfigError or TemplateError where it is wrong.
    """

    config: Config
    paths: Paths
    stop: threading.Event
    clock: Clock = field(default_factory=Clock)
    notifier: Notifier = field(default_factory=lambda: Notifier({}))
    reload: threading.Event = field(default_factory=threading.Event)
    read_config: Callable[[], Config] | None = None
    draw: Draw = random.uniform
    _pace: Pace = field(default_factory=Pace)
    _open: OpenAccounts = field(init=False)
    _store: Store = field(init=False)
    _said: Said = field(default_factory=Said)
    _wrong: str = ""
    _wrong_config: str = ""
    _told: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        self._store = Store(self.paths.state)
        self._open = OpenAccounts(self.config, self.paths, self.stop)
        self._mind_watchdog()

    # --- what is due -------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Does what is due now."""
        if self.reload.is_set():
            self.reload.clear()
            self._read_config_again()
        self._follow_clock()
        if due := self._pace.due([options.name for options in self.config.account], self.clock.now()):
            self._serve(due)
            self._tell()

    def rest(self) -> float:
        """Seconds until something is due, as far as is known; 0 or less: now."""
        if self.reload.is_set():
            return 0.0
        due = self._pace.next_due()
        return (due - self.clock.now()).total_seconds() if due is not None else 0.0

    def _follow_clock(self) -> None:
        jump = self.clock.jump()
        if jump < timedelta():
            self._pace = self._pace.shifted(jump)
        elif jump >= SLEPT:
            # The machine slept, or its clock was wrong until now: what failed before deserves a new start.
            self._pace = self._pace.renewed()

    def _serve(self, due: frozenset[str]) -> None:
        """A cycle, and the pace after it, whatever comes of it."""
        every, everyone = self.config.sync.every, {options.name for options in self.config.account}
        try:
            self.cycle(frozenset() if due == everyone else due)
        except Exception as error:  # noqa: BLE001  # its accounts wait, and the status line says why
            known = isinstance(error, StateError | Locked)
            self._wrong = str(error) if known else "a bug in prepd, see the log"
            self._said.wrong("prepd", sentence(error), logging.ERROR)
            self._pace = self._pace.after_failure(due, every, self.clock.now(), self.draw)
            return
        self._wrong = ""
        self._said.well("prepd")

    def cycle(self, only: frozenset[str]) -> CycleResult:
        """One cycle under the lock, and the pace after it; for some accounts, or all.

        :raises StateError: the state can't be used. :raises Locked: another process is at work on it.
        """
        with self._store.lock("prepd run"):
            request = Request(
                now=self.clock.now(),
                only=only,
                others_wait=True,
                progress=self._progress,
                stopping=self._stopping,
            )
            result = run_round(self.config, self._store, self._open.open, request)
            self._pace = self._pace.after(
                result.accounts, self.config.sync.every, self.clock.now(), self.draw
            )
            if result.paused:
                self._pace = self._pace.well(only or self._pace.waits)
            # Still under the lock: another process may write the heartbeat right after.
            beat = replace(read_heartbeat(self.paths.state), next_cycle=self._pace.next_due())
            write_heartbeat(self.paths.state, beat)
        self._note(result)
        return result

    def _progress(self, _account: str, _count: int) -> None:
        """A long first read is no hung one."""
        self.notifier.alive()

    def _stopping(self) -> bool:
        """Asked before each action: a sign of life too."""
        self.notifier.alive()
        return self.stop.is_set()

    def _note(self, result: CycleResult) -> None:
        if result.paused:
            self._said.wrong("cycles", "paused since `prepd clean`", logging.INFO)
        else:
            self._said.well("cycles")
        for outcome in result.accounts:
            if trouble_of(outcome.error) is Trouble.SIGN_IN:
                self._open.close(outcome.name)
            else:
                self._open.served(outcome.name)
            self._log(outcome, result)

    def _log(self, outcome: AccountOutcome, result: CycleResult) -> None:
        if outcome.error is not None:
            self._said.wrong(f"account {outcome.name}", str(outcome.error))
            return
        self._said.well(f"account {outcome.name}")
        if result.changes or result.actions:
            log.info(
                "account %s: %d events read, %d changes, %d actions",
                outcome.name,
                outcome.events_read,
                sum(c.account == outcome.name for c in result.changes),
                len(result.actions),
            )

    # --- what others did ---------------------------------------------------------------------------------------

    def look_around(self) -> None:
        """Takes up accounts that somebody signed in to, or served with `prepd sync`; renews the status line, and tells
        of those that wait.
        """
        if waits := self._pace.waits:
            signed_in = [name for name in waits if self._open.signed_in_since(name)]
            for name in signed_in:
                self._open.close(name)
                self._open.served(name)
            beat = read_heartbeat(self.paths.state)
            served = [
                name
                for name, wait in waits.items()
                if (pulse := beat.accounts.get(name)) is not None
                and pulse.trouble is None
                and pulse.last_success is not None
                and pulse.last_success > wait.failed_at
            ]
            self._pace = self._pace.well(served).at_once(signed_in, self.clock.now())
        self._tell()
        tell_between(self.config, self._store, self.clock.now(), self._stopping)

    def _tell(self) -> None:
        """Renews the status line where something that it is made of may have changed: the files, or the minute."""
        now = self.clock.now()
        wrong = " · ".join(filter(None, (self._wrong_config, self._wrong)))
        files = [identity(self.paths.state / name) for name in ("heartbeat.json", "prepd.json")]
        made_of = (now.replace(second=0, microsecond=0), wrong, *files)
        if made_of == self._told:
            return
        self._told = made_of
        try:
            state, beat = self._store.state(), read_heartbeat(self.paths.state)
        except StateError as error:
            self.notifier.status(str(error))
            return
        names = not self.notifier.by_system
        self.notifier.status(status_line(self.config, state, beat, now, wrong=wrong, names=names))

    # --- the config --------------------------------------------------------------------------------------------

    def _read_config_again(self) -> None:
        """Goes by the config as it is now; where it is wrong, by the old one."""
        if self.read_config is None:
            return
        self.notifier.reloading()
        try:
            config = self.read_config()
        except (ConfigError, TemplateError) as error:
            self._keep_config(error.logged if isinstance(error, ConfigError) else str(error))
        except Exception as error:  # noqa: BLE001  # systemd waits for the end of the reload, whatever it is
            self._keep_config(sentence(error))
        else:
            self.config, self._wrong_config = config, ""
            self._open.reconfigure(config)
            self._mind_watchdog()
            self._pace = self._pace.among([options.name for options in config.account])
            log.info("the config was read again: accounts %s", ", ".join(a.name for a in config.account))
        self.notifier.ready()
        self._tell()

    def _mind_watchdog(self) -> None:
        if (
            self.notifier.watchdog is not None
            and self.notifier.watchdog <= WITHIN * self.config.network.timeout
        ):
            log.warning(
                "Twice network.timeout is longer than the unit's WatchdogSec: one slow answer would have the "
                "service killed. Raise WatchdogSec above it."
            )

    def _keep_config(self, why: str) -> None:
        log.error("the config is wrong, and the old one goes on: %s", why)
        self._wrong_config = "the config is wrong and the old one goes on, see the log"


def sentence(error: Exception) -> str:
    """What happened, for people; of a bug only where, since its message may be private."""
    if isinstance(error, StateError | Locked):
        return str(error)
    return f"a bug in prepd, which tries again later. {where(error)}"
