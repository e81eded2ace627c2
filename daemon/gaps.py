"""When accounts could not be read: on record, or lasting."""

from __future__ import annotations

from datetime import datetime, timedelta

from daemon.config import Config
from daemon.core.model import Gap
from daemon.store.heartbeat import Heartbeat
from daemon.store.state import State

_UNREAD = timedelta(hours=1)


def all_gaps(state: State, beat: Heartbeat, config: Config, now: datetime) -> tuple[Gap, ...]:
    """The times in which an account could not be read, and those that still last: not of accounts that the config
    no longer has.
    """
    lasting = []
    for name, pulse in beat.accounts.items():
        if config.account_named(name) is None:
            continue
        since = pulse.last_success or pulse.failing_since
        if pulse.failing_since is not None and since is not None and now - since > _UNREAD:
            lasting.append(Gap(name, since, None, pulse.error or "it failed"))
    return (*state.gaps, *lasting)
