"""What is on record, but for the ledger's history: the part of the document that every cycle works with."""

# No `from __future__ import annotations`: msgspec would compile every annotation anew in each process.

from dataclasses import field
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from connectors.kept import Busy
from daemon.core.artefacts import Artefacts
from daemon.core.model import Gap, OneOnOne
from daemon.core.remembered import Candidate, Shadow

VERSION = 1
BUSY_MARGIN = timedelta(days=2)
"""Taken times are kept this much longer than the horizon, so that the next full read finds no hole."""


@dataclass(frozen=True, slots=True)
class Meta:
    """`generation` counts the commits, `entries` those of the ledger. `paused` since `prepd clean`.

    `began_at` is when the first cycle was recorded: no report is made up for that was due before.
    """

    version: int = VERSION
    generation: int = 0
    entries: int = 0
    paused: bool = False
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CalendarState:
    """Where reading one calendar stands.

    `read_at` is when the last completed read began, `full_at` the last full one.
    `skipped` are events that can't be read: id and reason. `addresses` are the user's own on the account, as last
    known.
    """

    account: str
    calendar: str
    token: str | None = None
    read_at: datetime | None = None
    full_at: datetime | None = None
    skipped: dict[str, str] = field(default_factory=dict)
    busy: tuple[Busy, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """That the report of a week went somewhere: `to` is file, calendar or notify, `week` an ISO week (2026-W47).

    `due`: it was due by then. One that the user had delivered before is brought up to date when it is.
    """

    to: str
    week: str
    at: datetime
    due: bool = False


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """The event that holds a week's report, as prepd left it.

    `gone`: prepd set out to take it away before the report was due. The next one is of another `generation`: providers
    keep ids taken.
    """

    week: str
    account: str
    calendar: str
    event_id: str
    start: datetime
    end: datetime
    etag: str | None = None
    generation: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something outside the calendars that failed for now, and is tried again from `next_at` on.

    `key` says what (daemon.delivery.attempts); `since` is when it first failed, `error` a sentence. `taken` are the
    notification services that have their message (`notify.url_key`), so that none gets it twice.
    """

    key: str
    tries: int
    since: datetime
    next_at: datetime
    error: str
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Everything but the ledger's history. Dicts are keyed by what their values call themselves."""

    meta: Meta = field(default_factory=Meta)
    calendars: dict[str, CalendarState] = field(default_factory=dict)
    records: dict[str, OneOnOne] = field(default_factory=dict)
    artefacts: Artefacts = field(default_factory=Artefacts)
    candidates: tuple[Candidate, ...] = ()
    gaps: tuple[Gap, ...] = ()
    intents: dict[str, datetime] = field(default_factory=dict)
    shadows: tuple[Shadow, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    report_events: dict[str, ReportEvent] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)


def calendar_key(account: str, calendar: str) -> str:
    return f"{account}/{calendar}"
