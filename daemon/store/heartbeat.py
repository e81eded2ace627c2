"""The small file beside the state that tells when prepd last looked, and how each account is.

Written after every cycle, also one that changed nothing, and without fsync: it is no loss. Another process
reads it for `status`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

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
    """Something that is wanted, and could not be done yet."""

    kind: str
    one_on_one: str
    reason: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    at: datetime | None = None
    accounts: dict[str, AccountPulse] = field(default_factory=dict)
    pending: tuple[PendingWork, ...] = ()
    next_cycle: datetime | None = None


def read_heartbeat(folder: Path) -> Heartbeat:
    """The last one written; an empty one where there is none that can be read."""
    try:
        content = read_bytes(folder / "heartbeat.json")
        return codec.decode(content, Heartbeat) if content else Heartbeat()
    except (StateError, codec.CodecError):
        return Heartbeat()


def write_heartbeat(folder: Path, beat: Heartbeat) -> None:
    write_quickly(folder / "heartbeat.json", codec.encode(beat))
