"""What keeps an account from being served, and whom it calls: the user, time, or their word.

The one place where a provider's failure becomes a state of the account, and a cycle's outcome an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from connectors.errors import ConnectorError, Misconfigured, SignInNeeded, Unavailable
from connectors.frozen import dataclass
from daemon.exits import Exit, worst
from daemon.store.heartbeat import AccountPulse, Heartbeat, PendingWork, Trouble


class Braked(ConnectorError):
    """A brake holds: nothing was recorded or changed, and the user must have a look."""


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """How a cycle went for one account. `read` says that its calendars were read and recorded."""

    name: str
    error: ConnectorError | None
    read: bool
    requests: int
    events_read: int
    full: bool

    @property
    def ok(self) -> bool:
        return self.error is None


def trouble_of(error: ConnectorError | None) -> Trouble | None:
    match error:
        case None:
            return None
        case SignInNeeded():
            return Trouble.SIGN_IN
        case Braked():
            return Trouble.BRAKE
        case Unavailable():
            return Trouble.LATER
        case Misconfigured():
            return Trouble.SET_UP
        case _:
            return Trouble.BROKEN


def exit_code(troubles: Iterable[Trouble | None]) -> Exit:
    """77 if any account needs signing in, else 75 if any failed for now; 78 or 1 if a setting or a look helps."""
    return worst([_EXITS[trouble] for trouble in troubles if trouble is not None])


_EXITS = {
    Trouble.SIGN_IN: Exit.SIGN_IN,
    Trouble.LATER: Exit.LATER,
    Trouble.SET_UP: Exit.CONFIG,
    Trouble.BRAKE: Exit.ERROR,
    Trouble.BROKEN: Exit.ERROR,
}


def beat_after(
    before: Heartbeat, accounts: Iterable[AccountOutcome], pending: tuple[PendingWork, ...], now: datetime
) -> Heartbeat:
    """The heartbeat after a cycle; accounts that it did not serve stay as they were."""
    pulses = dict(before.accounts)
    for outcome in accounts:
        old = pulses.get(outcome.name, AccountPulse())
        pulses[outcome.name] = AccountPulse(
            last_success=now if outcome.read else old.last_success,
            error=str(outcome.error) if outcome.error else None,
            trouble=trouble_of(outcome.error),
            failing_since=None if outcome.ok else (old.failing_since or now),
        )
    return replace(before, at=now, accounts=pulses, pending=pending)
