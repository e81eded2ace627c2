"""The small file beside the state that tells when prepd last looked, and how each account is.

Written after every cycle, also one that changed nothing, and without fsync: it is no loss. Another process
reads it for `status`.
"""

# No `from __future__ import annotations`: msgspec would compile every annotation anew in each process.

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from connectors.frozen import dataclass
from daemon import codec
from daemon.store.files import StateError, read_bytes, write_quickly


class Trouble(StrEnum):
    """What keeps an account from being served, by what helps: signing in, time, another setting,
    the user's word, a repair.
    """

    SIGN_IN = "sign_in"
    LATER = "later"
    SET_UP = "set_up"
    BRAKE = "brake"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class AccountPulse:
    """How an account is. `error` is one sentence; `failing_since` is when its troubles began."""

    last_success: datetime | None = None
    error: str | None = None
    trouble: Trouble | None = None
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingWork:
    """Something that is wanted, and could not be done yet; a delivery is no 1:1's."""

    kind: str
    one_on_one: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Failing:
    """Something beside the accounts that fails for now: since when, and why, in a sentence without private text."""

    since: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What the user's notification services were told of one trouble: that it began, and its end.

    `urgent` is what only the user can heal, by the last look; `lasted` is how long it was seen to be so, or not to be
    so, in seconds. `told` are the kinds of trouble that everybody was told of;
    `told_at` is when anybody was first. `over_at` is when it was over, `ended_at` when everybody knew. `calm_since` is
    when the end of the same trouble was told before, where it came back soon.

    Of a message that did not reach everybody: what it is about (`telling`), which services took it (`taken`), how often
    it was tried and why it failed, and when it is tried again.
    """

    since: datetime
    urgent: bool = False
    lasted: float = 0.0
    told: tuple[Trouble, ...] = ()
    told_at: datetime | None = None
    over_at: datetime | None = None
    ended_at: datetime | None = None
    calm_since: datetime | None = None
    telling: Trouble | None = None
    taken: tuple[str, ...] = ()
    tries: int = 0
    retry_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class PingPulse:
    """How the dead man's switch was last called."""

    last_success: datetime | None = None
    failing: Failing | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted since the first heartbeat, for metrics: cycles, requests by account, changes by kind.

    `seconds` is how long the last cycle took.
    """

    cycles: int = 0
    seconds: float = 0.0
    requests: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`undelivered` is keyed by where the report could not be delivered to (file, calendar, notify), `alerts` by what
    is in trouble (daemon.health.alerts), which was looked into at `alerts_at`. `tidied_at` is when it was looked for
    what is older than the ledger's retention.
    """

    at: datetime | None = None
    accounts: dict[str, AccountPulse] = field(default_factory=dict)
    pending: tuple[PendingWork, ...] = ()
    next_cycle: datetime | None = None
    undelivered: dict[str, Failing] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    alerts_at: datetime | None = None
    ping: PingPulse = field(default_factory=PingPulse)
    tally: Tally = field(default_factory=Tally)
    tidied_at: datetime | None = None


def account_key(name: str) -> str:
    """What an account's alert is kept under."""
    return f"account {name}"


def read_heartbeat(folder: Path) -> Heartbeat:
    """The last one written; an empty one where there is none that can be read."""
    try:
        content = read_bytes(folder / "heartbeat.json")
        return codec.decode(content, Heartbeat) if content else Heartbeat()
    except (StateError, codec.CodecError):
        return Heartbeat()


def write_heartbeat(folder: Path, beat: Heartbeat) -> bool:
    """:returns: whether it could be written."""
    return write_quickly(folder / "heartbeat.json", codec.encode(beat))
