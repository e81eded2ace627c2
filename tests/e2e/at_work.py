"""prepd as its user has it, for the end-to-end tests: a config, a state directory, and the commands.

It is Monday 2 November 2026, 08:00 in London, unless a test moves the sandbox's clock; prepd goes by the same one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.commands.main import main
from sandbox import GoogleSandbox
from sandbox.google.account import Account

CONFIG = """\
timezone = "Europe/London"
{before}

[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"
api_root = "{root}"
{more}

[[person]]
email = "dana@example.com"
name = "Dana"
role = "manager"

[network]
ca_bundle = "{ca}"
timeout = "5s"
"""


def at(text: str) -> datetime:
    """A moment in UTC, "11-03 10:00" of 2026 or "2027-01-05 10:00"; London's time is the same in winter."""
    return datetime.fromisoformat(text if text[4:5] == "-" else f"2026-{text}").replace(tzinfo=UTC)


@dataclass
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass
class Prepd:
    """Calls commands in this process, or with `start` in another one."""

    google: GoogleSandbox
    alex: Account
    folder: Path
    capsys: pytest.CaptureFixture[str]
    config: Path = field(init=False)
    state: Path = field(init=False)

    def __post_init__(self) -> None:
        self.config, self.state = self.folder / "config.toml", self.folder / "state"
        self.google.write_client_secrets(self.folder / "client.json")
        self.configure()

    def configure(self, more: str = "", before: str = "") -> None:
        """Writes the config anew; `more` goes behind the account, `before` in front of it."""
        text = CONFIG.format(root=self.google.root, ca=self.google.ca_path, more=more, before=before)
        self.config.write_text(text, "utf-8")

    def __call__(self, *words: str) -> Said:
        self.capsys.readouterr()
        code = main([*words, *self.where])
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)

    @property
    def where(self) -> list[str]:
        return ["--config", str(self.config), "--state-dir", str(self.state)]

    def ask(self, *words: str, code: int = 0):
        """The JSON document of a command that ends with this exit code."""
        said = self(*words, "--json")
        assert said.code == code, said
        return said.json

    def sync(self, *words: str, code: int = 0):
        """One cycle, some minutes after the last."""
        self.google.clock.advance(minutes=5)
        return self.ask("sync", *words, code=code)

    def settle(self) -> None:
        """Cycles until nothing is left to do, and what prepd did itself was read too."""
        quiet = 0
        for _ in range(6):
            done = self.sync()
            quiet = 0 if done["actions"] or done["changes"] else quiet + 1
            if quiet == 2:
                return
        raise AssertionError(f"prepd does not come to rest: {done}")

    def history(self, *words: str):
        """The ledger without what the first read found to come."""
        return [c for c in self.ask("history", *words)["changes"] if c["kind"] != "scheduled"]

    def agenda(self):
        return self.ask("agenda")["one_on_ones"]

    def events(self) -> list[dict[str, Any]]:
        """What is on Alex's calendar, from ten weeks ago to eight weeks from now."""
        now = self.google.clock.now()
        return self.alex.events(now - timedelta(weeks=10), now + timedelta(weeks=8))

    def slots(self) -> list[str]:
        """When reflection slots begin on the calendar, as "11-03 09:50"."""
        return [started(event) for event in self.events() if is_slot(event)]

    def links(self) -> list[str]:
        """When the events begin that have a link to a prep page."""
        return [started(event) for event in self.events() if event.get("attachments")]

    def meeting(self, when: str) -> str:
        """The id of the event that begins then on Alex's calendar."""
        return next(e["id"] for e in self.events() if started(e) == when and not is_slot(e))

    def slot(self, when: str) -> str:
        return next(e["id"] for e in self.events() if started(e) == when and is_slot(e))

    def start(self, *words: str, **more) -> subprocess.Popen[str]:
        """The command in a process of its own, by the machine's clock."""
        command = [sys.executable, "-m", "daemon.commands.main", *words, *self.where]
        root = Path(__file__).parents[2]
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more
        )

    def files(self) -> dict[str, bytes]:
        """Everything in the state directory."""
        return {str(p.relative_to(self.state)): p.read_bytes() for p in self.state.rglob("*") if p.is_file()}


def is_slot(event) -> bool:
    return event.get("summary", "").startswith("Reflect")


def started(event) -> str:
    moment = datetime.fromisoformat(event["start"].get("dateTime", "2026-01-01T00:00:00+00:00"))
    return moment.astimezone(UTC).strftime("%m-%d %H:%M")
