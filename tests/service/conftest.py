"""The service at work on both emulated providers, by a clock that a test sets: no thread, no waiting."""

from __future__ import annotations

import logging
import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.config import load
from daemon.paths import ready
from daemon.service import Clock, Work
from daemon.service.work import run_round as real_round
from daemon.store.heartbeat import read_heartbeat
from daemon.systemd.sd_notify import Notifier
from sandbox.microsoft import MicrosoftSandbox
from tests.outlook_world import BothWorld


class Manager:
    """What systemd is told: a datagram for each message."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self._socket.setblocking(False)
        self.address = address
        self._taken: list[str] = []

    def take(self) -> None:
        """As systemd does all the time: its socket holds no more than ten."""
        while True:
            try:
                self._taken.append(self._socket.recv(65536).decode())
            except BlockingIOError:
                return

    def told(self) -> list[str]:
        """Everything since it was last asked."""
        self.take()
        found, self._taken = self._taken, []
        return found

    def status(self) -> str:
        return [m.partition("=")[2] for m in self.told() if m.startswith("STATUS=")][-1]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(autouse=True)
def _logs_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that ran in this process has turned our loggers to its own stderr."""
    logger = logging.getLogger("daemon")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    found = Manager(str(tmp_path / "notify"))
    yield found
    found.close()


@pytest.fixture
def microsoft(google) -> Iterator[MicrosoftSandbox]:
    with MicrosoftSandbox(google.clock) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


@pytest.fixture
def both(google, microsoft, tmp_path) -> BothWorld:
    return BothWorld(google, microsoft, tmp_path)


class Running:
    """The service on both accounts, and every cycle that it ran: the seconds since the start, and for whom.

    `steady` is the other clock, which no test but one of sleep sets apart from the wall's.
    """

    def __init__(self, world: BothWorld, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.began, self.manager = world, world.now, manager
        self.steady = 0.0
        self.cycles: list[tuple[float, set[str]]] = []
        self.draws: list[tuple[float, float]] = []
        self.paths = ready(world.state_folder)
        self.config_file = world.folder / "config.toml"
        monkeypatch.setattr("connectors.retry.Retry._pause", lambda self, seconds: True)
        monkeypatch.setattr("daemon.service.work.run_round", self._round)
        monkeypatch.setattr("certifi.where", lambda: str(world.ca_path))
        self.sign_in()
        self.work = Work(
            world.config,
            self.paths,
            threading.Event(),
            Clock(lambda: world.now, lambda: self.steady),
            Notifier({"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "1000000"}),
            read_config=lambda: load(self.config_file),
            draw=self._draw,
        )

    def sign_in(self) -> None:
        """Puts the sign-in of the account at Google where `prepd auth login` does."""
        self.paths.token("work").parent.mkdir(mode=0o700, exist_ok=True)
        fresh = self.paths.token("work").with_name("new")
        shutil.copy(self.world.folder / "work.json", fresh)
        fresh.replace(self.paths.token("work"))

    def _draw(self, low: float, high: float) -> float:
        self.draws.append((low, high))
        return high

    def _round(self, config, store, open_account, request):
        names = {a.name for a in config.account}
        self.cycles.append(((self.world.now - self.began).total_seconds(), set(request.only) or names))
        return real_round(config, store, open_account, request)

    def live(self, seconds: float, step: float = 1.0) -> None:
        """Lets time go by, and ticks."""
        end = self.world.now + timedelta(seconds=seconds)
        while self.world.now < end:
            self.world.clock.advance(seconds=step)
            self.steady += step
            self.tick()

    def tick(self) -> None:
        self.manager.take()
        self.work.step()
        self.manager.take()
        self.work.look_around()

    def jump(self, **parts: float) -> None:
        """The wall's clock is set, or the machine sleeps: the other one stands still."""
        self.world.clock.set(self.world.now + timedelta(**parts))
        self.tick()

    def served(self, account: str) -> list[float]:
        """When an account was served, in whole seconds since the start."""
        return [at for at, names in self.cycles if account in names]

    @property
    def beat(self):
        return read_heartbeat(self.paths.state)


@pytest.fixture
def running(both: BothWorld, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> Running:
    return Running(both, manager, monkeypatch)
