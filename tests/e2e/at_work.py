"""prepd as its user has it, for the end-to-end tests: a config, a state directory, and the commands.

It is Monday 2 November 2026, 08:00 in London, unless a test moves the sandbox's clock; prepd goes by the same one.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.outlook.body import LABEL
from daemon.commands.main import main
from sandbox import Clock, GoogleSandbox
from sandbox.google.account import Account
from sandbox.microsoft import Account as OutlookAccount
from sandbox.microsoft import MicrosoftSandbox

CONFIG = """\
timezone = "Europe/London"
{before}

{accounts}
{more}

[[person]]
email = "dana@example.com"
name = "Dana"
role = "manager"

[network]
ca_bundle = "{ca}"
timeout = "5s"
"""

GOOGLE = """
[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"
api_root = "{root}"
"""

OUTLOOK = """
[[account]]
name = "client"
provider = "outlook"
client_id = "{client_id}"
graph_root = "{graph_root}"
authority = "{authority}"
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


class Tty(io.StringIO):
    """A terminal, as far as a program can tell."""

    def isatty(self) -> bool:
        return True


class Commands:
    """Calls commands in this process, or with `start` in another one. `accounts` are the tables of the config."""

    def __init__(self, clock: Clock, folder: Path, capsys: pytest.CaptureFixture[str], ca: Path) -> None:
        self.clock, self.folder, self.capsys, self.ca = clock, folder, capsys, ca
        self.config, self.state = folder / "config.toml", folder / "state"
        self.accounts = ""

    def configure(self, more: str = "", before: str = "") -> None:
        """Writes the config anew; `more` goes behind the accounts, `before` in front of them."""
        text = CONFIG.format(accounts=self.accounts, ca=self.ca, more=more, before=before)
        self.config.write_text(text, "utf-8")

    def __call__(self, *words: str) -> Said:
        self.capsys.readouterr()
        code = main([*words, *self.where])
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)

    def at_terminal(self, *words: str, columns: int = 80) -> list[str]:
        """The lines that a terminal shows, without their colours."""
        screen = Tty()
        with contextlib.redirect_stdout(screen), pytest.MonkeyPatch.context() as patch:
            patch.setenv("TERM", "xterm-256color")
            patch.setenv("COLUMNS", str(columns))
            main([*words, *self.where])
        return re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()

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
        self.clock.advance(minutes=5)
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

    def told(self):
        """The same in short: kind, how, scope and by whom."""
        return [(c["kind"], c["how"], c["scope"], c["by"]) for c in self.history()]

    def agenda(self):
        return self.ask("agenda")["one_on_ones"]

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


class Seen(ABC):
    """What is on Alex's calendar, from ten weeks ago to eight weeks from now."""

    @abstractmethod
    def events(self) -> list[dict[str, Any]]:
        """As the provider gives them."""

    @abstractmethod
    def links(self) -> list[str]:
        """When the events begin that have a link to a prep page."""

    def slots(self) -> list[str]:
        """When reflection slots begin on the calendar, as "11-03 09:50"."""
        return [started(event) for event in self.events() if is_slot(event)]

    def meeting(self, when: str) -> str:
        """The id of the event that begins then on Alex's calendar."""
        return next(e["id"] for e in self.events() if started(e) == when and not is_slot(e))

    def slot(self, when: str) -> str:
        return next(e["id"] for e in self.events() if started(e) == when and is_slot(e))


class OnGoogle(Seen):
    def __init__(self, google: GoogleSandbox, alex: Account) -> None:
        self.google, self.alex = google, alex

    def events(self) -> list[dict[str, Any]]:
        now = self.google.clock.now()
        return self.alex.events(now - timedelta(weeks=10), now + timedelta(weeks=8))

    def links(self) -> list[str]:
        return [started(event) for event in self.events() if event.get("attachments")]


class OnOutlook(Seen):
    """Cancelled copies, which stay until somebody removes them, are left out."""

    def __init__(self, microsoft: MicrosoftSandbox, alex: OutlookAccount) -> None:
        self.microsoft, self.alex = microsoft, alex

    def events(self) -> list[dict[str, Any]]:
        now = self.microsoft.clock.now()
        found = self.alex.events(now - timedelta(weeks=10), now + timedelta(weeks=8))
        return [event for event in found if not event["isCancelled"]]

    def links(self) -> list[str]:
        return [started(event) for event in self.events() if LABEL in event["body"]["content"]]

    def body(self, when: str) -> str:
        """The HTML of the meeting that begins then."""
        return self.alex.event(self.meeting(when))["body"]["content"]

    def account(self) -> str:
        """Its table in the config."""
        there = self.microsoft
        return OUTLOOK.format(
            client_id=there.client_id, graph_root=there.graph_root, authority=there.authority
        )


class Prepd(Commands, OnGoogle):
    """With one account, at Google."""

    def __init__(
        self, google: GoogleSandbox, alex: Account, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Commands.__init__(self, google.clock, folder, capsys, google.ca_path)
        OnGoogle.__init__(self, google, alex)
        self.accounts = GOOGLE.format(root=google.root)
        google.write_client_secrets(folder / "client.json")
        self.configure()


class OutlookPrepd(Commands, OnOutlook):
    """With one account, at Microsoft."""

    def __init__(
        self,
        microsoft: MicrosoftSandbox,
        alex: OutlookAccount,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        Commands.__init__(self, microsoft.clock, folder, capsys, microsoft.ca_path)
        OnOutlook.__init__(self, microsoft, alex)
        self.accounts = self.account()
        self.configure()


class BothPrepd(Commands):
    """With an account at each, the one at Google first."""

    def __init__(
        self, work: OnGoogle, client: OnOutlook, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        super().__init__(work.google.clock, folder, capsys, work.google.ca_path)
        self.work, self.client = work, client
        self.accounts = GOOGLE.format(root=work.google.root) + client.account()
        work.google.write_client_secrets(folder / "client.json")
        self.configure()


def is_slot(event) -> bool:
    return event.get("summary", event.get("subject", "")).startswith("Reflect")


def started(event) -> str:
    """Outlook leaves out that it is UTC."""
    moment = datetime.fromisoformat(event["start"].get("dateTime", "2026-01-01T00:00:00+00:00"))
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return moment.astimezone(UTC).strftime("%m-%d %H:%M")
