"""Every option of the config: its kind, its default, what it means.

The one place where an option is made: the reader, the JSON Schema and the tests of config.example.toml go by
these classes. Lengths of time are timedeltas, addresses are lower-case, paths are absolute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from connectors.frozen import dataclass
from daemon.config import kinds
from daemon.config.kinds import Hours, Kind, Moment
from daemon.core.model import OneOff, Role

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
YEAR = 365 * DAY


class Provider(StrEnum):
    GOOGLE = "google"
    OUTLOOK = "outlook"


class Cloud(StrEnum):
    """Microsoft's clouds, each with hosts of its own."""

    GLOBAL = "global"
    US_GOV = "us-gov"
    US_DOD = "us-dod"
    CHINA = "china"


class AttachTo(StrEnum):
    AUTO = "auto"
    SLOT = "slot"
    NONE = "none"


class Share(StrEnum):
    NONE = "none"
    COMMENT = "comment"
    EDIT = "edit"


class Deliver(StrEnum):
    FILE = "file"
    CALENDAR = "calendar"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an option beside its type: `many` for a list of the kind."""

    kind: Kind[object]
    about: str
    example: object = None
    many: bool = False
    least: int = 0


def option(about: str, kind: Kind[object], default: Any = MISSING, *, example: Any = None) -> Any:
    """A field that holds one value of a kind; without a default it is required."""
    return field(default=default, metadata={"option": Meta(kind, about, example)})


def options(about: str, kind: Kind[object], default: Any = (), *, example: Any = None, least: int = 0) -> Any:
    """A field that holds a list of a kind, with at least `least` in it."""
    return field(default=default, metadata={"option": Meta(kind, about, example, many=True, least=least)})


def section(about: str, of: type) -> Any:
    """A field that is a table of its own."""
    return field(default_factory=of, metadata={"section": of, "about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """How often the calendars are read, and how far ahead."""

    every: timedelta = option("How often the calendars are read.", kinds.Duration(10 * SECOND, DAY), MINUTE)
    watch: timedelta = option(
        "The ledger is kept of 1:1s that start within this.", kinds.Duration(DAY, 2 * YEAR), 60 * DAY
    )
    horizon: timedelta = option(
        "1:1s that start within this are prepared: a slot for all, a page and link for each person's next.",
        kinds.Duration(HOUR, YEAR),
        14 * DAY,
    )
    max_changes: int = option(
        "A cycle that would record or undo more moves and cancellations than this stops, and asks.",
        kinds.Count(1, 100_000),
        40,
    )


_NAME = kinds.Text(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "a short name of letters, digits, dots and dashes")
_FULL = kinds.Text(r"(?s).*\S.*", "text that is not empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleAccount:
    """A Google account."""

    name: str = option("What you call this account, on the command line too.", _NAME, example="work")
    provider: Literal[Provider.GOOGLE] = option("Whose it is.", kinds.Choice(Provider), example="google")
    client_secrets: Path = option(
        "The desktop OAuth client from the Google Cloud console; relative to this file.",
        kinds.Credential(),
        example="google-client.json",
    )
    calendars: tuple[str, ...] = options("Calendars to read, by id or name.", _FULL, ("primary",), least=1)
    api_root: str | None = option(
        "Another server that speaks the APIs, instead of Google's own hosts.",
        kinds.Url(),
        None,
        example="https://localhost:8443",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookAccount:
    """A Microsoft 365 or Outlook.com account."""

    name: str = option("What you call this account, on the command line too.", _NAME, example="client")
    provider: Literal[Provider.OUTLOOK] = option("Whose it is.", kinds.Choice(Provider), example="outlook")
    client_id: str = option(
        "The id of an application registered with Microsoft Entra.",
        kinds.Text(r"[A-Za-z0-9._-]+", "the id of an application"),
        example="11111111-2222-3333-4444-555555555555",
    )
    tenant: str = option(
        "The directory that accounts may come from: an id, a domain, organizations, consumers or common.",
        kinds.Text(r"[A-Za-z0-9._-]+", "the name of a tenant"),
        "organizations",
    )
    cloud: Cloud = option("Which of Microsoft's clouds.", kinds.Choice(Cloud), Cloud.GLOBAL)
    calendars: tuple[str, ...] = options("Calendars to read, by id or name.", _FULL, ("default",), least=1)
    graph_root: str | None = option(
        "Another server that speaks Graph, instead of the cloud's own.",
        kinds.Url(),
        None,
        example="https://graph.microsoft.com/v1.0",
    )
    authority: str | None = option(
        "Where to sign in, instead of the cloud's own.",
        kinds.Url(),
        None,
        example="https://login.microsoftonline.com/organizations",
    )


AccountOptions: TypeAlias = GoogleAccount | OutlookAccount
ACCOUNTS: Mapping[Provider, type[AccountOptions]] = {
    Provider.GOOGLE: GoogleAccount,
    Provider.OUTLOOK: OutlookAccount,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detect:
    """Which meetings are 1:1s."""

    one_off: OneOff = option(
        "Which two-person meetings outside a series count: those whose title says so, all, or none.",
        kinds.Choice(OneOff),
        OneOff.TITLED,
    )
    max_duration: timedelta = option(
        "Longer meetings are no 1:1s.", kinds.Duration(5 * MINUTE, DAY), 3 * HOUR
    )
    titles: tuple[re.Pattern[str], ...] = options(
        "More regular expressions that make a title a 1:1's, whatever the case.",
        kinds.Expression(),
        example=["^coffee with "],
    )
    ignore: tuple[str, ...] = options(
        "Addresses that are no people (notetakers); common ones are built in.",
        kinds.Address(globs=True),
        example=["*@bots.example.com"],
    )
    me: tuple[str, ...] = options("Your other addresses.", kinds.Address(), example=["me@example.org"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOptions:
    """Somebody you meet."""

    email: str = option("The address that they are shown by.", kinds.Address(), example="dana@example.com")
    aliases: tuple[str, ...] = options("Their other addresses.", kinds.Address(), example=["d@example.com"])
    name: str = option("Their name; without one, as the calendar says.", kinds.Text(), "", example="Dana")
    role: Role = option("What they are to you.", kinds.Choice(Role), Role.OTHER, example="manager")
    one_on_one: bool | None = option(
        "true: every two-person meeting with them is a 1:1; false: none is; unset: by the rules.",
        kinds.Flag(),
        None,
        example=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepDoc:
    """The document in which 1:1s with a person are prepared."""

    enabled: bool = option("Whether prep docs are made.", kinds.Flag(), default=True)
    attach_to: AttachTo = option(
        "Where the link goes: on the invite where that mails nobody, on the slot alone, or nowhere.",
        kinds.Choice(AttachTo),
        AttachTo.AUTO,
    )
    share: Share = option("What the other may do with the doc.", kinds.Choice(Share), Share.NONE)
    folder: str = option("The folder that docs are kept in.", _FULL, "1:1s")
    topics_due: timedelta = option(
        "Topics are due this long before the 1:1.", kinds.Duration(0 * SECOND, 14 * DAY), DAY
    )
    template: Path | None = option(
        "An agenda of your own, in Markdown; relative to this file.", kinds.File(), None, example="agenda.md"
    )
    outlook_update_own_invites: bool = option(
        "Also link on invites that you organize in Outlook. THE ATTENDEES GET A MAIL for each.",
        kinds.Flag(),
        default=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """The slot before a 1:1."""

    enabled: bool = option("Whether slots are made.", kinds.Flag(), default=True)
    minutes: int = option("How long a slot is.", kinds.Count(1, 120), 10)
    look_back: timedelta = option(
        "If the time just before is taken, how much earlier the slot may lie.",
        kinds.Duration(0 * SECOND, DAY),
        2 * HOUR,
    )
    title: str = option(
        "A slot's title; only you see it.", kinds.Pattern(("person",)), "Reflect: 1:1 with {person}"
    )
    prompts: tuple[str, ...] = options(
        "Prompts of your own for the slot's text; empty: the built-in ones.",
        _FULL,
        example=["What did I promise last time?"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What became of each 1:1."""

    rebook_window: timedelta = option(
        "A new 1:1 this soon after a cancellation makes it a rescheduling.",
        kinds.Duration(0 * SECOND, 90 * DAY),
        7 * DAY,
    )
    backfill: timedelta = option(
        "How far the first read looks back.", kinds.Duration(0 * SECOND, 5 * YEAR), 84 * DAY
    )
    retention: timedelta | None = option(
        "Entries older than this are dropped; unset: kept for ever.",
        kinds.Duration(90 * DAY, 100 * YEAR),
        None,
        example="5y",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """When cancellations by a manager raise a flag."""

    cancellations: int = option("More cancellations than this …", kinds.Count(1, 1000), 2)
    within: timedelta = option("… within this raise the flag.", kinds.Duration(DAY, 2 * YEAR), 90 * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The weekly report."""

    on: Moment = option(
        "When it is delivered.", kinds.WeekTime(), Moment(4, time(16)), example="friday 16:00"
    )
    red_flag: RedFlag = section("When cancellations by a manager raise a flag.", RedFlag)
    deliver: tuple[Deliver, ...] = options(
        "Where it goes: a file, a private event on your calendar, notification services.",
        kinds.Choice(Deliver),
        (Deliver.FILE,),
    )
    working_hours: Hours = option(
        "When you can meet, Monday to Friday; for the free times it offers.",
        kinds.WorkingHours(),
        Hours(time(9), time(17, 30)),
        example="09:00-17:30",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Whom to tell when prepd needs you."""

    urls: tuple[str, ...] = options(
        "Notification services, as Apprise URLs.",
        kinds.Text(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", "an Apprise URL", secret=True),
        example=["ntfy://my-topic"],
    )
    ping: str = option(
        "A URL that is called after each good cycle (a dead man's switch).",
        kinds.Url(("https", "http"), optional=True),
        "",
        example="https://ping.example.com/my-check",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What other programs may know of how prepd is."""

    textfile: Path | None = option(
        "A file for node_exporter's textfile collector, written after each cycle; relative to this file.",
        kinds.File(),
        None,
        example="/var/lib/node_exporter/prepd.prom",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How prepd connects."""

    ca_bundle: Path | None = option(
        "Authorities trusted as well as the usual ones, in PEM, for every connection; relative to this file.",
        kinds.File(),
        None,
        example="corp-ca.pem",
    )
    timeout: timedelta = option(
        "How long to wait for an answer.", kinds.Duration(SECOND, 10 * MINUTE), 30 * SECOND
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole config, read and checked. `folder` is where the file lies."""

    timezone: ZoneInfo = option("Your time zone; unset: the system's.", kinds.Zone(), example="Europe/London")
    sync: Sync = section("How often the calendars are read, and how far ahead.", Sync)
    account: tuple[AccountOptions, ...] = field(metadata={"accounts": True, "about": "One for each account."})
    detect: Detect = section("Which meetings are 1:1s.", Detect)
    person: tuple[PersonOptions, ...] = field(
        default=(),
        metadata={"sections": PersonOptions, "about": "One for each person you want to say more of."},
    )
    prep_doc: PrepDoc = section("The document in which 1:1s with a person are prepared.", PrepDoc)
    reflection: Reflection = section("The slot before a 1:1.", Reflection)
    ledger: Ledger = section("What became of each 1:1.", Ledger)
    report: Report = section("The weekly report.", Report)
    notify: Notify = section("Whom to tell when prepd needs you.", Notify)
    metrics: Metrics = section("What other programs may know of how prepd is.", Metrics)
    network: Network = section("How prepd connects.", Network)
    folder: Path = field(default=Path(), metadata={})

    def account_named(self, name: str) -> AccountOptions | None:
        return next((account for account in self.account if account.name == name), None)

    def person_of(self, address: str) -> PersonOptions | None:
        """Who has this address, as theirs or as an alias of theirs."""
        wanted = address.lower()
        return next((who for who in self.person if wanted in addresses_of(who)), None)


def addresses_of(person: PersonOptions) -> Iterator[str]:
    yield person.email
    yield from person.aliases
