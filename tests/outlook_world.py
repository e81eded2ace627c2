"""The world of the scenarios on an emulated Outlook, and on both at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.outlook.account import OutlookAccount
from connectors.outlook.body import LABEL
from connectors.outlook.parse import mark_of
from daemon.accounts import outlook_settings
from daemon.config.options import GoogleAccount as GoogleOptions
from daemon.paths import Paths, ready
from tests.outlook_account import HASTE, signed_in
from tests.world import LONDON, Prepd, World, in_config


class OutlookWorld(Prepd):
    """Alex uses prepd; Dana is their manager. It is Monday 2 November 2026, 08:00 in London."""

    def __init__(self, microsoft, folder, config=""):
        self.microsoft = microsoft
        self.alex, self.dana = people(microsoft)
        self.accounts_in_config = in_outlooks_config(microsoft)
        super().__init__(microsoft.clock, folder, microsoft.ca_path, config)

    def configure(self, more=""):
        super().configure(more)
        self.settings = sign_in(self, self.microsoft, self.alex)

    def open_account(self, options):
        self.settings = outlook_settings(self.config, options, self.paths)
        return OutlookAccount(self.settings, HASTE)

    @property
    def paths(self) -> Paths:
        return ready(self.state_folder)

    # --- what is on Alex's calendar --------------------------------------------------------------------------

    def slots(self) -> list[dict]:
        return outlook_slots(self.alex)

    def slot_times(self) -> list[str]:
        return [f"{shown(e['start'])}-{shown(e['end'])[-5:]}" for e in self.slots()]

    def meetings(self, title="1:1") -> list[dict]:
        found = self.alex.events(self.now, self.now + timedelta(days=90))
        return [e for e in found if title in (e["subject"] or "") and not e["subject"].startswith("Reflect")]

    def linked(self, title="1:1") -> list[str]:
        """The starts of the meetings that bear prepd's link."""
        return [shown(e["start"]) for e in self.meetings(title) if LABEL in e["body"]["content"]]

    def files(self) -> list[str]:
        return [paper.title for paper in self.microsoft.documents()]


class BothWorld(Prepd):
    """Alex has a Google account, listed first, and an Outlook account."""

    def __init__(self, google, microsoft, folder, config="", *, outlook_first=False):
        self.google, self.microsoft = google, microsoft
        self.alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        self.dana = google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        self.outlook_alex, self.outlook_dana = people(microsoft)
        self.work = World(google, folder)
        both = [in_config(google), in_outlooks_config(microsoft)]
        self.accounts_in_config = "".join(reversed(both) if outlook_first else both)
        super().__init__(google.clock, folder, google.ca_path, config)
        self.settings = sign_in(self, microsoft, self.outlook_alex)

    def open_account(self, options):
        if isinstance(options, GoogleOptions):
            return self.work.open_account(options)
        return OutlookAccount(outlook_settings(self.config, options, ready(self.state_folder)), HASTE)

    def everywhere(self, title, start, **more) -> tuple[str, str]:
        """Dana invites Alex to one meeting, which both calendars show: its ids there."""
        there = self.dana.schedule(title, start, guests=[self.alex], **more)
        return there, self.outlook_dana.schedule(title, start, guests=[self.outlook_alex], **more)

    def slot_times(self) -> list[str]:
        """With the account that each is in."""
        theirs = [f"{shown(e['start'])}-{shown(e['end'])[-5:]}" for e in outlook_slots(self.outlook_alex)]
        return sorted(
            [f"{time} work" for time in self.work.slot_times()] + [f"{time} client" for time in theirs]
        )

    def linked(self) -> list[str]:
        theirs = self.outlook_alex.events(self.now, self.now + timedelta(days=90))
        bearing = [shown(e["start"]) for e in theirs if LABEL in e["body"]["content"] and not is_slot(e)]
        return sorted(
            [f"{time} work" for time in self.work.linked()] + [f"{time} client" for time in bearing]
        )


def people(microsoft):
    return (
        microsoft.account("alex@example.com", name="Alex Kim", time_zone="Europe/London"),
        microsoft.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London"),
    )


def sign_in(world, microsoft, person):
    """Signs in with all that the config asks for."""
    (options,) = [a for a in world.config.account if not isinstance(a, GoogleOptions)]
    wanted = outlook_settings(world.config, options, ready(world.state_folder))
    more = {name: getattr(wanted, name) for name in ("documents", "sharing", "calendars", "token_file")}
    return signed_in(microsoft, person, world.folder, **more)


def in_outlooks_config(microsoft) -> str:
    """The account as the config names it."""
    return f"""
[[account]]
name = "client"
provider = "outlook"
client_id = "{microsoft.client_id}"
graph_root = "{microsoft.graph_root}"
authority = "{microsoft.authority}"
"""


def outlook_slots(person) -> list[dict]:
    return [e for e in person.events() if is_slot(person.event(e["id"]))]


def is_slot(event: dict) -> bool:
    return mark_of(event) is not None or (event["subject"] or "").startswith("Reflect")


def shown(value: dict) -> str:
    moment = datetime.fromisoformat(value["dateTime"][:19] + "+00:00")
    return moment.astimezone(LONDON).strftime("%d.%m. %H:%M")
