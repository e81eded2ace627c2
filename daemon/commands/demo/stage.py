"""The real prepd at work in the emulated world, for Alex: signs in, runs cycles as `prepd run` does, and calls prepd's
other commands. It knows the story's clock, and no scene.
"""

from __future__ import annotations

import io
import json
import shutil
import threading
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from daemon import accounts, paths
from daemon.commands.context import Context
from daemon.commands.demo.world import ZONE, World
from daemon.commands.terminal import Terminal
from daemon.config import Config, load
from daemon.core.model import Change, Kind
from daemon.cycle import CycleResult
from daemon.exits import Exit
from daemon.service import Clock as ServiceClock
from daemon.service import Work
from daemon.store.store import Store
from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox

BEFORE = datetime(2026, 8, 31, 9, tzinfo=ZONE)
START = datetime(2026, 10, 12, 8, tzinfo=ZONE)

_CONFIG = """\
timezone = "{zone}"

[[account]]
name = "work"
provider = "google"
client_secrets = "google-client.json"
api_root = "{root}"

[[account]]
name = "client"
provider = "outlook"
client_id = "{client_id}"
graph_root = "{graph_root}"
authority = "{authority}"

[[person]]
email = "dana@example.com"
name = "Dana"
role = "manager"

[[person]]
email = "noor@client.example"
name = "Noor"
role = "manager"

[[person]]
email = "sam@example.com"
name = "Sam"
role = "report"

[[person]]
email = "priya@example.com"
name = "Priya"
role = "peer"

[network]
ca_bundle = "ca.pem"
"""


class Stage:
    """An emulated Google and an emulated Microsoft, and prepd for Alex on both. A context manager: they serve until it
    is left.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.google = GoogleSandbox(Clock(BEFORE))
        self.microsoft = MicrosoftSandbox(self.google.clock)
        self._between: list[Change] = []
        self._service: Work | None = None

    def __enter__(self) -> Self:
        self.google.start()
        self.microsoft.start()
        self.world = World(self.google, self.microsoft)
        self.google.clock.set(START)
        self.google.write_client_secrets(self.folder / "google-client.json").chmod(0o600)
        shutil.copy(self.google.ca_path, self.folder / "ca.pem")
        there = self.microsoft
        text = _CONFIG.format(
            zone=ZONE.key,
            root=self.google.root,
            client_id=there.client_id,
            graph_root=there.graph_root,
            authority=there.authority,
        )
        self._config_file.write_text(text, "utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.google.stop()
        self.microsoft.stop()

    @property
    def now(self) -> datetime:
        return self.google.clock.now()

    @property
    def _config_file(self) -> Path:
        return self.folder / "config.toml"

    @cached_property
    def config(self) -> Config:
        return load(self._config_file)

    @cached_property
    def _paths(self) -> paths.Paths:
        return paths.ready(self.folder / "state")

    @cached_property
    def store(self) -> Store:
        return Store(self._paths.state)

    def sign_in(self, name: str) -> str | None:
        """As `prepd auth login` does; in place of a browser, the sandbox says yes at once."""
        (options,) = (account for account in self.config.account if account.name == name)
        self.google.approve(as_=self.world.alex)
        self.microsoft.approve(as_=self.world.client_alex)
        browse = self.google.browse if name == "work" else self.microsoft.browse

        def browser(url: str) -> None:
            threading.Thread(target=browse, args=(url,), daemon=True).start()

        return accounts.login(self.config, options, self._paths, _Silent(), browser)

    def cycle(self) -> CycleResult:
        """One, as `prepd run` has them."""
        if self._service is None:
            clock = ServiceClock(lambda: self.now)
            self._service = Work(self.config, self._paths, threading.Event(), clock)
        return self._service.cycle(frozenset())

    def idle_cycle(self) -> tuple[list[int], bool]:
        """How many requests an idle cycle sends to each provider, and whether it leaves the ledger file alone."""
        self.cycle()
        before, ledger = self._sent(), self._paths.ledger.read_bytes()
        self.cycle()
        requests = [now - then for now, then in zip(self._sent(), before, strict=True)]
        return requests, ledger == self._paths.ledger.read_bytes()

    def _sent(self) -> list[int]:
        return [len(self.google.requests), len(self.microsoft.requests)]

    def live_until(self, moment: datetime) -> list[CycleResult]:
        """Lets time pass, with a cycle in the morning, at noon and in the evening of each day: what came of each."""
        results = []
        day = self.now.astimezone(ZONE).date()
        while day <= moment.date():
            for hour in (8, 13, 19):
                here = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
                if self.now < here < moment:
                    self.google.clock.set(here)
                    results.append(self.cycle())
            day += timedelta(days=1)
        if self.now < moment:
            self.google.clock.set(moment)
        self._between += [change for result in results for change in result.changes]
        return results

    def held(self) -> list[Change]:
        """The 1:1s that took place between the scenes, since this was last asked."""
        found = [c for c in self._between if c.kind is Kind.HELD]
        self._between = []
        return found

    def run(self, *words: str, terminal: Terminal) -> Exit:
        """One of prepd's commands, by the story's clock."""
        context = self.context(*words)
        context.terminal = terminal
        code: Exit = context.args.run(context)
        return code

    def context(self, *words: str) -> Context:
        """What one of prepd's commands would be given."""
        from daemon.commands.main import parser_for

        given = ["--config", str(self._config_file), "--state-dir", str(self._paths.state)]
        return Context(parser_for(words).parse_args([*words, *given]), clock=lambda: self.now)

    def ask(self, *words: str) -> Any:
        """What a command says with --json."""
        stream = io.StringIO()
        self.run(*words, "--json", terminal=Terminal(stream))
        return json.loads(stream.getvalue())


class _Silent:
    """Nobody has to be told where to sign in."""

    def show_url(self, url: str, port: int) -> None:
        """The browser opens by itself."""

    def show_code(self, url: str, code: str) -> None:
        """None is shown where there is a browser."""
