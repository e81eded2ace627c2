"""A person with prepd, an emulated Google, and a clock that a test sets: what the scenarios are told with.

Everything is the real thing but the network, which is on loopback, and time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httplib2

from connectors.google.account import GoogleAccount
from connectors.google.wire import HttpOnce
from daemon.config import load
from daemon.core.artefacts import SlotState
from daemon.cycle import CycleResult, Request
from daemon.round import run_round
from daemon.store.store import Store
from tests.google_account import HASTE, signed_in

LONDON = ZoneInfo("Europe/London")


class Killed(BaseException):
    """The process ended here."""


class Prepd:
    """prepd on somebody's machine: a config, a state, and a process of its own for each cycle."""

    accounts_in_config = ""
    keeps_open = False
    """Whether one process runs all cycles, as the service does."""

    def __init__(self, clock, folder, ca_path, config=""):
        self.clock, self.folder, self.ca_path = clock, folder, ca_path
        self.state_folder = folder / "state"
        self.state_folder.mkdir(exist_ok=True)
        self.configure(config)
        self.results: list[CycleResult] = []
        self._kept = {}

    def configure(self, more=""):
        file = self.folder / "config.toml"
        network = f'[network]\nca_bundle = "{self.ca_path}"\n'
        person = '[[person]]\nemail = "dana@example.com"\nname = "Dana"\nrole = "manager"\n'
        file.write_text(f'timezone = "Europe/London"\n{self.accounts_in_config}{network}{person}{more}')
        self.config = load(file)

    def open_account(self, options):
        raise NotImplementedError

    def cycle(self, *, accept=False, dry_run=False, only=()) -> CycleResult:
        """One cycle, as a process of its own would run it, unless this one keeps its accounts open."""
        store = Store(self.state_folder)
        opened = []

        def open_account(options):
            if options.name in self._kept:
                return self._kept[options.name]
            account = self.open_account(options)
            if self.keeps_open:
                self._kept[options.name] = account
            else:
                opened.append(account)
            return account

        try:
            request = Request(now=self.now, accept=accept, dry_run=dry_run, only=frozenset(only))
            result = run_round(self.config, store, open_account, request)
        finally:
            for account in opened:
                account.close()
        self.results.append(result)
        return result

    def close(self) -> None:
        """Ends the process that kept its accounts open."""
        while self._kept:
            self._kept.popitem()[1].close()

    def wait(self, *, cycle=True, **parts) -> CycleResult | None:
        """Lets time go by, then runs a cycle."""
        self.clock.advance(**parts)
        return self.cycle() if cycle else None

    # --- what is on record -----------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def state(self):
        return Store(self.state_folder).state()

    @property
    def ledger(self):
        return Store(self.state_folder).changes()

    def told(self, kind="") -> list[str]:
        """The ledger in short: what, by whom, from and to which day."""
        return [_short(c) for c in self.ledger if kind in c.kind.value]

    def record_at(self, start):
        return next(r for r in self.state.records.values() if r.start == start)

    def live_slots(self):
        return [s for s in self.state.artefacts.slots.values() if s.state is SlotState.LIVE]


class World(Prepd):
    """Alex uses prepd; Dana is their manager. It is Monday 2 November 2026, 08:00 in London."""

    def __init__(self, google, folder, config=""):
        self.google = google
        self.alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        self.dana = google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        self.settings = signed_in(google, self.alex, folder)
        self.accounts_in_config = in_config(google)
        super().__init__(google.clock, folder, google.ca_path, config)

    def open_account(self, options):  # noqa: ARG002
        return GoogleAccount(self.settings, HASTE)

    def killed_at(self, request: int, when: str, act: Callable[[], object]) -> bool:
        """Kills what `act` does at a request, before or after it is carried out. Whether it came that far."""
        left = [request]
        real = HttpOnce.request

        def deadly(http: httplib2.Http, *args, **kwargs):
            left[0] -= 1
            if left[0] == 0 and when == "before":
                raise Killed
            answer = real(http, *args, **kwargs)
            if left[0] == 0:
                raise Killed
            return answer

        HttpOnce.request = deadly
        try:
            act()
        except Killed:
            return True
        finally:
            HttpOnce.request = real
        return False

    # --- what is on Alex's calendar --------------------------------------------------------------------------

    def slots(self) -> list[dict]:
        return [e for e in self.alex.events() if is_ours(e)]

    def slot_times(self) -> list[str]:
        return [f"{_local(e['start'])}-{_local(e['end'])[-5:]}" for e in self.slots()]

    def meetings(self, title="1:1") -> list[dict]:
        return [
            e
            for e in self.alex.events(self.now, self.now + timedelta(days=90))
            if title in e.get("summary", "") and not is_ours(e)
        ]

    def linked(self, title="1:1") -> list[str]:
        """The starts of the meetings that bear prepd's link."""
        return [
            _local(e["start"])
            for e in self.meetings(title)
            if any("heading=" in a["fileUrl"] for a in e.get("attachments", []))
        ]

    @property
    def doc(self):
        (doc,) = self.google.documents()
        return doc

    def headings(self) -> list[str]:
        return [line.text for line in self.doc.lines() if line.style == "HEADING_1"]


def in_config(google) -> str:
    """The account as the config names it."""
    return f"""
[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"
api_root = "{google.root}"
"""


def at(day: int, hour: int = 10, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def is_ours(event: dict) -> bool:
    return "prepd" in event.get("extendedProperties", {}).get("private", {})


def _local(value: dict) -> str:
    if "date" in value:
        return value["date"]
    return datetime.fromisoformat(value["dateTime"]).astimezone(LONDON).strftime("%d.%m. %H:%M")


def _short(change) -> str:
    kind = change.how.value if change.how else change.kind.value
    series = "series " if change.scope.value == "series" and change.how else ""
    by = f" by {change.by.value}" if change.by else ""
    days = " -> ".join(
        t.start.astimezone(LONDON).strftime("%d.%m. %H:%M")
        for t in (change.was, change.now_at)
        if t is not None
    )
    return f"{series}{kind}{by} {days}"


__all__ = ["LONDON", "UTC", "Killed", "World", "at", "is_ours"]
