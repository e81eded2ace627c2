"""When each account is to be read next: from the time, and from how the last cycle went for it. Pure.

Accounts that are well keep one pace. One that failed waits by itself, longer each time, and keeps no other waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from connectors.errors import Throttled
from connectors.frozen import dataclass
from daemon.troubles import AccountOutcome

FIRST_RETRY = timedelta(seconds=5)
"""How soon a first failure is tried again: at the start of a machine, the network comes late."""
LONGEST_RETRY = timedelta(minutes=30)
LONGEST_UNWRITTEN = timedelta(minutes=5)
"""The same for an account that could be read, where only some writing failed: its ledger goes on."""
LONGEST_ORDERED = timedelta(days=1)
"""However long a provider says to wait: a header that is wrong must not silence an account for years."""
JITTER = 0.05
"""Of `sync.every`, to either side, so that many installations don't ask a provider in step."""
_RETRY_JITTER = 0.2

Draw = Callable[[float, float], float]
"""Draws a number between two, as random.uniform does."""


@dataclass(frozen=True, slots=True)
class Wait:
    """An account in trouble: how often in a row it failed, and when last; when it is tried again, and before when
    its provider asked not to be.
    """

    failures: int
    failed_at: datetime
    until: datetime
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """`next_at` is when the accounts that are well are read; None: at once. `waits` are those in trouble."""

    next_at: datetime | None = None
    waits: Mapping[str, Wait] = field(default_factory=dict)

    def due(self, accounts: Collection[str], now: datetime) -> frozenset[str]:
        """Which of the accounts are to be read now."""
        over = frozenset(name for name in accounts if name in self.waits and self.waits[name].until <= now)
        if self.next_at is not None and now < self.next_at:
            return over
        return over.union(name for name in accounts if name not in self.waits)

    def next_due(self) -> datetime | None:
        """When something is next to be read, as far as is known."""
        times = [wait.until for wait in self.waits.values()]
        return min([*times, self.next_at]) if self.next_at is not None else min(times, default=None)

    def after(self, outcomes: Iterable[AccountOutcome], every: timedelta, now: datetime, draw: Draw) -> Pace:
        """The pace after a cycle that ended `now`."""
        waits = dict(self.waits)
        for outcome in outcomes:
            if outcome.error is None:
                waits.pop(outcome.name, None)
            else:
                longest = LONGEST_UNWRITTEN if outcome.read else LONGEST_RETRY
                waits[outcome.name] = _longer(waits.get(outcome.name), now, longest, draw, _ordered(outcome))
        return replace(self._onwards(every, now, draw), waits=waits)

    def after_failure(self, accounts: Iterable[str], every: timedelta, now: datetime, draw: Draw) -> Pace:
        """The pace after a cycle that came to no end: its accounts wait as if each had failed."""
        waits = dict(self.waits)
        for name in accounts:
            waits[name] = _longer(waits.get(name), now, LONGEST_RETRY, draw)
        return replace(self._onwards(every, now, draw), waits=waits)

    def _onwards(self, every: timedelta, now: datetime, draw: Draw) -> Pace:
        """Counted from the end of a cycle, so that one that takes long is not followed by the next at once."""
        if self.next_at is not None and now < self.next_at:
            return self
        return replace(self, next_at=now + every * draw(1 - JITTER, 1 + JITTER))

    def at_once(self, accounts: Iterable[str], now: datetime) -> Pace:
        """These wait no longer, but stay in trouble until a cycle shows otherwise."""
        known = set(accounts)
        waits = {name: replace(w, until=now) if name in known else w for name, w in self.waits.items()}
        return replace(self, waits=waits)

    def well(self, accounts: Iterable[str]) -> Pace:
        """These are served again, by whatever process."""
        known = set(accounts)
        return replace(self, waits={name: w for name, w in self.waits.items() if name not in known})

    def among(self, accounts: Iterable[str]) -> Pace:
        """All of these at once, as with another config; only what a provider asked for is still waited."""
        known = set(accounts)
        waits = {n: replace(w, failures=0, until=w.not_before) for n, w in self.waits.items() if n in known}
        return Pace(None, waits)

    def renewed(self) -> Pace:
        """After the machine slept: a cycle at once, once, and what failed is tried as if for the first time."""
        return self.among(self.waits)

    def shifted(self, by: timedelta) -> Pace:
        """After the clock was set back: nothing comes earlier or later than it would have."""
        waits = {
            name: Wait(w.failures, w.failed_at + by, w.until + by, w.not_before + by)
            for name, w in self.waits.items()
        }
        return Pace(self.next_at + by if self.next_at is not None else None, waits)


def _longer(
    before: Wait | None, now: datetime, longest: timedelta, draw: Draw, ordered: timedelta = timedelta()
) -> Wait:
    """The wait after one more failure: twice as long as the last, up to `longest`, and at least as long as ordered."""
    failures = before.failures + 1 if before is not None else 1
    # Beyond twenty failures the power would be all that grows.
    wait = min(longest, FIRST_RETRY * 2.0 ** min(failures - 1, 20)) * draw(1 - _RETRY_JITTER, 1)
    return Wait(failures, now, now + max(wait, ordered), now + ordered)


def _ordered(outcome: AccountOutcome) -> timedelta:
    if isinstance(outcome.error, Throttled) and outcome.error.retry_after is not None:
        return timedelta(seconds=min(outcome.error.retry_after, LONGEST_ORDERED.total_seconds()))
    return timedelta()
