"""The words of the ledger: 1:1s, the changes to them, the people they are with.

A `OneOnOne` is what is on record of one meeting as it stands; a `Change` is one entry of the append-only ledger,
and never rewritten. All times are aware and in UTC.
"""

# No `from __future__ import annotations`: msgspec would compile every annotation anew in each process.

from base64 import b32encode
from datetime import datetime
from enum import StrEnum

from connectors.frozen import dataclass


class Role(StrEnum):
    """What a counterpart is to the user, in the order in which people are listed."""

    MANAGER = "manager"
    REPORT = "report"
    PEER = "peer"
    OTHER = "other"


class OneOff(StrEnum):
    """Which two-person meetings outside any series count as 1:1s."""

    TITLED = "titled"
    ALL = "all"
    NEVER = "never"


class By(StrEnum):
    """Who acted. UNKNOWN is an honest answer, and never counted against anybody."""

    ME = "me"
    THEM = "them"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What can become of a 1:1."""

    SCHEDULED = "scheduled"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    REINSTATED = "reinstated"
    HELD = "held"
    NO_SHOW = "no_show"
    EXCUSED = "excused"
    SERIES_ENDED = "series_ended"
    NO_LONGER = "no_longer_one_on_one"


class How(StrEnum):
    """MOVED: the same event has a new time. REBOOKED: another event takes the place of one that was cancelled."""

    MOVED = "moved"
    REBOOKED = "rebooked"


class Scope(StrEnum):
    """Whether an entry tells of one date, or of its series from that date on."""

    OCCURRENCE = "occurrence"
    SERIES = "series"


class State(StrEnum):
    """Where a 1:1 stands now.

    STANDING: it takes place, as far as anybody knows. DECLINED: it is on the calendar, but one of the two will
    not come. REPLACED: cancelled, and another event took its place. ENDED: its series ended or goes on without it, or
    its record is closed without a word. NOT_ONE_ON_ONE: it is on the calendar, but not between these two alone.
    OVER: it went past while it stood.
    """

    STANDING = "standing"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    ENDED = "ended"
    NOT_ONE_ON_ONE = "not_one_on_one"
    OVER = "over"


OPEN = (State.STANDING, State.DECLINED)
"""What is on the calendar as a meeting of these two, and may yet take place."""
ON_THE_CALENDAR = (*OPEN, State.NOT_ONE_ON_ONE)
"""What has an event that prepd's links can stand on."""


class Owner(StrEnum):
    """Who organizes an event: one of the two, or somebody who only schedules."""

    ME = "me"
    THEM = "them"
    OTHER = "other"


class Attendance(StrEnum):
    """The user's part in a 1:1, as the agenda shows it."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    NEEDS_ACTION = "needs_action"
    ORGANIZER = "organizer"


@dataclass(frozen=True, slots=True)
class Times:
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A counterpart, under the one address that they are shown by."""

    email: str
    name: str
    role: Role = Role.OTHER


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What the config says of one person. `one_on_one` None leaves it to the rules."""

    email: str
    name: str
    role: Role = Role.OTHER
    one_on_one: bool | None = None


@dataclass(frozen=True, slots=True)
class OneOnOne:
    """One 1:1 as it stands. `id` stays for its life, also when the provider gives its event another one.

    `closed_at` is when it was cancelled or declined, `closed_by` by whom, `closing_change` the entry that says so.
    `changes` counts its ledger entries. `pending`: its event was missing, and could not be asked for yet.
    `titled`: its title says that it is a 1:1. `replaces` is the 1:1 that this one was booked in place of.
    """

    id: str
    account: str
    calendar: str
    event_id: str
    person: str
    name: str
    title: str
    start: datetime
    end: datetime
    state: State
    owner: Owner
    attendance: Attendance
    first_seen: datetime
    series_id: str | None = None
    original_start: datetime | None = None
    ical_uid: str | None = None
    created: datetime | None = None
    guests_can_modify: bool = False
    titled: bool = False
    closed_by: By | None = None
    closed_at: datetime | None = None
    closing_change: str | None = None
    changes: int = 0
    pending: bool = False
    replaces: str | None = None
    url: str = ""

    @property
    def times(self) -> Times:
        """Where it stands, or stood last."""
        return Times(self.start, self.end)

    @property
    def made(self) -> datetime:
        """When its event was made, or first seen where the calendar does not tell."""
        return self.created or self.first_seen

    @property
    def planned(self) -> datetime:
        """The start at which its series has it, wherever it was moved to."""
        return self.original_start or self.start


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the ledger. `was` and `now_at` are the old and new times (`from` and `to` in JSON).

    `notice_minutes` runs from the act, as far as it is known, to the earlier of the old and the new start.
    `corrects` is the id of an earlier entry that this one overrules. `evidence` says why, in words.
    """

    id: str
    one_on_one: str
    account: str
    person: str
    name: str
    kind: Kind
    noticed_at: datetime
    evidence: str
    how: How | None = None
    scope: Scope = Scope.OCCURRENCE
    by: By | None = None
    was: Times | None = None
    now_at: Times | None = None
    notice_minutes: int | None = None
    corrects: str | None = None
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which an account could not be read; `account` is None where prepd itself was not running.

    `end` is None while it lasts.
    """

    account: str | None
    start: datetime
    end: datetime | None
    reason: str


def one_on_one_id(account: str, calendar: str, event_id: str, person: str) -> str:
    """The id of a 1:1: 12 characters, the same whenever and wherever it is computed.

    The person is part of it, because an occurrence can be turned into somebody else's.
    """
    return short_hash("1:1", account, calendar, event_id, person)


def short_hash(*parts: str) -> str:
    """Twelve lower-case base32 characters (60 bits) that stand for `parts`."""
    from hashlib import sha256  # loads OpenSSL, and most commands only read ids

    digest = sha256("\x1f".join(parts).encode()).digest()
    return b32encode(digest)[:12].decode().lower()
