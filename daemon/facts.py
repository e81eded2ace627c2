"""What a report is made of: the ledger, what is on record, how the accounts are, and the config's rules.

Reads no network.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from daemon.config import AccountOptions, Config
from daemon.core.model import Acquaintance, Change
from daemon.core.report.model import Facts, FlagRule, ReportRules
from daemon.core.weeks import Week
from daemon.gaps import all_gaps
from daemon.store.heartbeat import Heartbeat
from daemon.store.state import BUSY_MARGIN, CalendarState, State, calendar_key

_FRESH = timedelta(days=1)


def facts(
    state: State, changes: Iterable[Change], beat: Heartbeat, config: Config, now: datetime, week: Week
) -> Facts:
    """:param state: as the config sees it (`configured.still_read`).
    :param week: the report's own; the last delivery is that of an earlier one.
    """
    delivered = [d for d in state.deliveries if d.week < week.name]
    last = max((d.week for d in delivered), default=None)
    calendars = [c for a in config.account for c in _calendars_of(a, state)]
    return Facts(
        changes=tuple(changes),
        records=state.records,
        artefacts=state.artefacts,
        busy=tuple(busy for calendar in calendars for busy in calendar.busy),
        busy_until=_known_until(calendars, beat, config, now),
        gaps=all_gaps(state, beat, config, now),
        troubles=tuple(
            pulse.error if pulse.error.startswith(f"Account {name}") else f"{name}: {pulse.error}"
            for name, pulse in beat.accounts.items()
            if pulse.error is not None and config.account_named(name) is not None
        ),
        delivered_at=min((d.at for d in delivered if d.week == last), default=None),
        delivered_week=last,
        reads={a.name: at for a in config.account if (at := _last_read(a, state, beat)) is not None},
    )


def _calendars_of(account: AccountOptions, state: State) -> list[CalendarState]:
    """Those that the config names, also where they were never read."""
    return [
        state.calendars.get(calendar_key(account.name, calendar), CalendarState(account.name, calendar))
        for calendar in account.calendars
    ]


def _last_read(account: AccountOptions, state: State, beat: Heartbeat) -> datetime | None:
    """When all of its calendars were: a read that brought nothing new is told by the heartbeat only."""
    looks = [c.read_at for c in _calendars_of(account, state)]
    known = min((at for at in looks if at is not None), default=None) if None not in looks else None
    pulse = beat.accounts.get(account.name)
    return max((at for at in (known, pulse.last_success if pulse else None) if at is not None), default=None)


def _known_until(
    calendars: Iterable[CalendarState], beat: Heartbeat, config: Config, now: datetime
) -> datetime | None:
    """Up to when all taken times are known; None where a calendar was not read for a day.

    A read that brought nothing new is not committed: the heartbeat tells of it. What comes into view as time passes is
    seen by the next full read only.
    """
    ends = []
    for calendar in calendars:
        pulse = beat.accounts.get(calendar.account)
        looks = [at for at in (calendar.read_at, pulse.last_success if pulse else None) if at is not None]
        seen = calendar.full_at or calendar.read_at
        if seen is None or now - max(looks) >= _FRESH:
            return None
        ends.append(seen + config.sync.horizon + BUSY_MARGIN)
    return min(ends, default=None)


def report_rules(config: Config) -> ReportRules:
    options = config.report
    flag = FlagRule(options.red_flag.cancellations, options.red_flag.within)
    return ReportRules(
        zone=config.timezone,
        flag=flag,
        opens=options.working_hours.start,
        closes=options.working_hours.end,
        rebook_window=config.ledger.rebook_window,
        topics_due=config.prep_doc.topics_due,
        people={p.email: Acquaintance(p.email, p.name, p.role, p.one_on_one) for p in config.person},
    )
