"""When accounts could not be read: what a cycle ends, what is on record, what lasts."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta

from daemon.config import Config
from daemon.core.model import Gap
from daemon.store.heartbeat import AccountPulse, Heartbeat
from daemon.store.state import State

_UNREAD = timedelta(hours=1)
_NOT_RUNNING = timedelta(days=1)
_NO_REASON = "it could not be read"


def closed_gaps(beat: Heartbeat, served: Container[str], stored: State, now: datetime) -> list[Gap]:
    """The gaps that this cycle ends: an account read again after over an hour, prepd back after over a day.

    One that is known ended before: only the heartbeat, which is written after the state, does not tell yet. Neither
    does one that was written while the clock was wrong.

    :param beat: as the last cycle left it. :param served: the accounts whose calendars this one read and records: not
        those that a brake stops.
    """
    known = {(gap.account, gap.start) for gap in stored.gaps}
    ran = [c.read_at for c in stored.calendars.values() if c.read_at is not None and c.read_at <= now]
    last = max([*ran, beat.at]) if beat.at is not None else None
    gaps = []
    if last is not None and now - last > _NOT_RUNNING:
        gaps.append(Gap(None, last, now, "not running"))
    for name, pulse in beat.accounts.items():
        since = _unread_since(pulse, now)
        if since is not None and name in served:
            gaps.append(Gap(name, since, now, pulse.error or _NO_REASON))
    return [gap for gap in gaps if (gap.account, gap.start) not in known]


def all_gaps(state: State, beat: Heartbeat, config: Config, now: datetime) -> tuple[Gap, ...]:
    """The times in which an account could not be read, and those that still last: not of accounts that the config
    no longer has.
    """
    lasting = [
        Gap(name, since, None, pulse.error or _NO_REASON)
        for name, pulse in beat.accounts.items()
        if config.account_named(name) is not None and (since := _unread_since(pulse, now)) is not None
    ]
    return (*state.gaps, *lasting)


def _unread_since(pulse: AccountPulse, now: datetime) -> datetime | None:
    """When an account in trouble was read last, if that is long ago by now."""
    since = pulse.last_success or pulse.failing_since
    return since if pulse.failing_since and since and now - since > _UNREAD else None
