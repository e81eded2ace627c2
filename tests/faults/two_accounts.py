"""Alex has an account at each provider; what people do there, and prepd at work on both in this process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from connectors.google.account import GoogleAccount
from connectors.outlook.account import OutlookAccount
from daemon import cycle
from daemon.accounts import google_settings, outlook_settings
from daemon.apply.desk import Desk
from daemon.config import load
from daemon.config.options import GoogleAccount as GoogleOptions
from daemon.cycle import Request
from daemon.paths import ready
from daemon.round import run_round
from daemon.store.store import Store
from tests.faults.snapshot import Snapshot
from tests.faults.stages import PEOPLE, OnGoogle, OnOutlook
from tests.google_account import HASTE
from tests.world import at


class Heard(logging.Handler):
    """What prepd logs about bugs of its own."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.bugs = []

    def emit(self, record):
        if "bug" in record.getMessage():
            self.bugs.append(record.getMessage())


class OnBoth:
    """1:1s with Dana (weekly) and Sam on Google, with Noor (weekly) and Kim on Outlook. Monday 2 November 2026."""

    def __init__(self, google, microsoft, folder, *, keeps_open=False):
        self.google = OnGoogle(google, folder, None)
        accounts = self.google._account()
        self.outlook = OnOutlook(microsoft, folder, None)
        self.parts = {"google": self.google, "outlook": self.outlook}
        for name in ("Noor", "Kim"):
            person = microsoft.account(f"{name.lower()}@example.com", name=name, time_zone="Europe/London")
            setattr(self.outlook, name.lower(), person)
        self.clock, self.state = google.clock, self.google.state
        file = folder / "config.toml"
        text = file.read_text().replace("[[account]]", accounts.strip() + "\n\n[[account]]", 1)
        file.write_text(text.replace(PEOPLE, PEOPLE_OF_BOTH))
        self.config = load(file)
        self.keeps_open = keeps_open
        self._kept = {}
        self.heard = Heard()
        names = {name: part._names for name, part in self.parts.items()}
        for part in self.parts.values():
            part.random, part.random_of_meetings = OnOutlook.random, OnOutlook.random_of_meetings
            part._names = lambda: names["google"]() | names["outlook"]()

    # --- acting ----------------------------------------------------------------------------------------------

    def cycle(self):
        """One cycle. What it raises is a bug."""
        opened = []

        def open_account(options):
            if options.name in self._kept:
                return self._kept[options.name]
            places = ready(self.state)
            if isinstance(options, GoogleOptions):
                account = GoogleAccount(google_settings(self.config, options, places), HASTE)
            else:
                account = OutlookAccount(outlook_settings(self.config, options, places), HASTE)
            if self.keeps_open:
                self._kept[options.name] = account
            else:
                opened.append(account)
            return account

        logger = logging.getLogger("daemon")
        logger.addHandler(self.heard)
        real, cycle.Desk = cycle.Desk, partial(Desk, sleep=lambda seconds: None)
        try:
            return run_round(self.config, Store(self.state), open_account, Request(now=self.clock.now()))
        finally:
            cycle.Desk = real
            logger.removeHandler(self.heard)
            for account in opened:
                account.close()

    def close(self):
        while self._kept:
            self._kept.popitem()[1].close()

    def save(self):
        back, there = self.google.save(), Snapshot(self.outlook.provider)

        def restore():
            self.close()
            back()
            there.restore()
            self.heard.bugs.clear()

        return restore

    # --- looking ---------------------------------------------------------------------------------------------

    def theirs(self):
        """What is on calendars that prepd did not make: what it is, where, and when."""
        return {
            (name, person, *_place(event))
            for name, part in self.parts.items()
            for person in ("alex", "dana")
            for event in getattr(part, person).events()
            if not part.is_ours(event)
        }

    def seen(self):
        return self.google.seen() | {"outlook": self.outlook.seen_there()}


def _place(event):
    return event["id"], event.get("summary", event.get("subject")), str(event["start"]), str(event["end"])


PEOPLE_OF_BOTH = PEOPLE + ('\n[[person]]\nemail = "noor@example.com"\nname = "Noor"\nrole = "report"\n')


# --- the story -----------------------------------------------------------------------------------------------


def _invited(stage):
    google, outlook = stage.google, stage.outlook
    minutes = [{"fileUrl": "https://example.com/minutes", "title": "Minutes"}]
    google.dana.schedule(
        "1:1 Alex / Dana",
        at(3),
        guests=[google.alex],
        weekly=True,
        attachments=minutes,
        description="Bring it",
    )
    google.sam.schedule("1:1 Sam / Alex", at(5, 14), guests=[google.alex])
    google.alex.schedule("Focus", at(5, 13, 45), minutes=15)
    body = {"body": {"contentType": "html", "content": "<p>Agenda: <b>plans</b></p>"}}
    outlook.noor.schedule("1:1 Noor / Alex", at(3, 15), guests=[outlook.alex], weekly=True, **body)
    outlook.kim.schedule("1:1 Kim, Alex", at(6, 11), guests=[outlook.alex], **body)
    outlook.alex.schedule("Lunch", at(6, 10, 30), minutes=30)


def _changed(stage):
    google, outlook = stage.google, stage.outlook
    stage.clock.advance(minutes=30)
    google.dana.move(google.at("11-03 10:00"), at(3, 11, 30))
    google.sam.move(google.at("11-05 14:00"), at(5, 16))
    google.dana.cancel(google.at("11-10 10:00"))
    outlook.noor.move(outlook.at("11-03 15:00"), at(4, 9))
    outlook.kim.cancel(outlook.at("11-06 11:00"))
    outlook.alex.respond(outlook.at("11-10 15:00"), "declined")
    outlook.kim.schedule("1:1 Kim, Alex", at(9, 11), guests=[outlook.alex])


def _held(stage):
    stage.google.note("Send the budget to Dana")
    stage.clock.set(at(4, 13))


def _nothing(stage):
    stage.clock.advance(minutes=30)


STEPS = {"first": _invited, "changes": _changed, "held": _held, "at rest": _nothing}
AFTER = (1, 6, 20, 24 * 60, 1)
"""Minutes between the cycles that run on; the full read of the next day is among them."""


@dataclass(frozen=True)
class Played:
    """A step, up to its cycle: what brings it back, how many requests the cycle sends, and how it all ends."""

    restore: Callable[[], None]
    requests: dict[str, int]
    ends: list[dict]


def play(stage) -> dict[str, Played]:
    """Plays the whole story undisturbed."""
    played = {}
    for name, act in STEPS.items():
        act(stage)
        restore = stage.save()
        for part in stage.parts.values():
            part.provider.requests.clear()
        assert all(account.ok for account in stage.cycle().accounts)
        requests = {name: len(part.provider.requests) for name, part in stage.parts.items()}
        go_on = stage.save()
        played[name] = Played(restore, requests, run_on(stage))
        go_on()
    return played


def run_on(stage, wanted=None) -> list[dict]:
    """What is to be seen after each further cycle, until it is what is wanted. The first one does what was left, and
    only the next one looks at it.
    """
    found = []
    for number, minutes in enumerate(AFTER):
        stage.clock.advance(minutes=minutes)
        errors = [str(account.error) for account in stage.cycle().accounts if account.error]
        found.append(stage.seen() | {"errors": errors})
        if wanted is not None and number and found[-1] == wanted[number]:
            break
    return found
