"""One manager for all tests here, and prepd with a config of its own in its home for each."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.systemd.unit_files import filled, template
from sandbox import Clock, GoogleSandbox
from tests.google_account import signed_in
from tests.systemd.manager import Manager, wait_for, why_not

COMMAND = [sys.executable, "-m", "daemon.commands.main"]
CONFIG = """\
timezone = "Europe/London"

[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"
api_root = "{root}"

[[person]]
email = "dana@example.com"
name = "Dana"

[network]
ca_bundle = "{ca}"
timeout = "60s"
"""


@pytest.fixture(scope="session")
def manager() -> Iterator[Manager]:
    if reason := why_not():
        pytest.skip(f"no systemd to test under: {reason}")
    running = Manager()
    yield running
    running.stop()


@pytest.fixture
def google() -> Iterator[GoogleSandbox]:
    """By the machine's clock: the service goes by no other."""
    with GoogleSandbox(Clock.real()) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


class Unit:
    """prepd.service of the manager, as the file of systemd/ has it, but for the command."""

    name = "prepd.service"

    def __init__(self, manager: Manager, google: GoogleSandbox) -> None:
        self.manager, self.google = manager, google
        self.folder = manager.home / ".config/prepd"
        self.state = manager.home / ".local/state/prepd"
        for old in (self.folder, self.state, manager.units):
            shutil.rmtree(old, ignore_errors=True)
        self.folder.mkdir(parents=True)
        manager.units.mkdir(parents=True)
        self.alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        self.dana = google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        shutil.copy(google.ca_path, self.folder / "ca.pem")
        self.configure()
        settings = signed_in(google, self.alex, self.folder)
        self.token = self.state / "tokens/work.json"
        self.token.parent.mkdir(parents=True, mode=0o700)
        settings.token_file.replace(self.token)
        self.install("prepd.service", "run")

    def configure(self, more: str = "") -> None:
        text = CONFIG.format(root=self.google.root, ca=self.folder / "ca.pem")
        (self.folder / "config.toml").write_text(text + more)

    def install(self, name: str, verb: str, *changes: tuple[str, str]) -> None:
        text = filled(template(name), [*COMMAND, verb])
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (self.manager.units / name).write_text(text)
        root = Path(__file__).parents[2]
        self.drop_in(name)
        assert root.is_dir()

    def drop_in(self, name: str = "prepd.service", more: str = "") -> None:
        root = Path(__file__).parents[2]
        self.manager.drop_in(name, f"[Service]\nEnvironment=PYTHONPATH={root}\n{more}")

    def meeting(self) -> None:
        """A 1:1 with Dana tomorrow."""
        tomorrow = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.dana.schedule("1:1 Alex / Dana", tomorrow, guests=[self.alex])

    def start(self) -> None:
        self.manager.ctl("start", self.name)

    def show(self, name: str) -> str:
        return self.manager.show(self.name, name)

    def status(self) -> str:
        return self.show("StatusText")

    def until(self, what, seconds: float = 20.0) -> None:
        wait_for(what, seconds)


@pytest.fixture
def unit(manager: Manager, google: GoogleSandbox) -> Iterator[Unit]:
    made = Unit(manager, google)
    yield made
    manager.run("systemctl", "--user", "stop", "prepd.service", "prepd-sync.timer", "prepd-sync.service")
    manager.run("systemctl", "--user", "reset-failed")
