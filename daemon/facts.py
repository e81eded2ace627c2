"""What a report is made of: the ledger, what is on record, and how the accounts are. Reads no network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from daemon.config import Config
from daemon.core.model import Change, Gap
from daemon.core.report_model import Facts
from daemon.store.heartbeat import Heartbeat
from daemon.store.state import BUSY_MARGIN, State

_UNREAD = timedelta(hours=1)


def facts(state: State, changes: Iterable[Change], beat: Heartbeat, config: Config, now: datetime) -> Facts:
    """:param state: as the config sees it (`configured.still_read`)."""
    read = [c.read_at for c in state.calendars.values()]
    known = bool(read) and all(at is not None and now - at < timedelta(days=1) for at in read)
    return Facts(
        changes=tuple(changes),
        records=state.records,
        artefacts=state.artefacts,
        busy=tuple(busy for calendar in state.calendars.values() for busy in calendar.busy),
        busy_until=now + config.sync.horizon + BUSY_MARGIN if known else None,
        gaps=all_gaps(state, beat, now),
        troubles=tuple(
            f"{name}: {pulse.error}" for name, pulse in beat.accounts.items() if pulse.error is not None
        ),
        delivered_at=max((d.at for d in state.deliveries), default=None),
    )


def all_gaps(state: State, beat: Heartbeat, now: datetime) -> tuple[Gap, ...]:
    """The times in which an account could not be read, and those that still last."""
    lasting = []
    for name, pulse in beat.accounts.items():
        since = pulse.last_success or pulse.failing_since
        if pulse.failing_since is not None and since is not None and now - since > _UNREAD:
            lasting.append(Gap(name, since, None, pulse.error or "it failed"))
    return (*state.gaps, *lasting)
