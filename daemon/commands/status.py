"""`prepd status`: how each account is and since when, who was told, what waits, and what was missed."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.frozen import dataclass
from daemon.commands.context import Context
from daemon.commands.stored import stored
from daemon.exits import Exit
from daemon.render import documents
from daemon.store.heartbeat import AccountPulse, Alert, Heartbeat, Trouble, account_key, read_heartbeat

if TYPE_CHECKING:
    from daemon.config import AccountOptions
    from daemon.core.model import Gap
    from daemon.store.state import State

_LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """How one account is. `alert` is None where nobody was to be told yet; `skipped` are events that can't be read."""

    name: str
    provider: str
    signed_in: bool
    error: str | None
    trouble: Trouble | None
    last_success: datetime | None
    failing_since: datetime | None
    alert: Alert | None
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """All that `prepd status` shows. `service` is who runs as one; `next_cycle` is known only then."""

    accounts: tuple[AccountStatus, ...]
    beat: Heartbeat
    state: State
    gaps: tuple[Gap, ...]
    service: str | None
    next_cycle: datetime | None
    overdue: bool


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_status)


def _status(context: Context) -> Exit:
    from daemon.troubles import exit_code

    found = _found(context)
    if context.json:
        context.terminal.json(_document(context, found))
    else:
        from daemon.commands.status_text import show

        show(context, found)
    return exit_code(account.trouble for account in found.accounts)


def _found(context: Context) -> Status:
    from daemon.gaps import all_gaps
    from daemon.store.lock import holder

    state, now, beat = stored(context), context.now, read_heartbeat(context.paths.state)
    service = holder(context.paths.state / "run.lock")
    next_cycle = beat.next_cycle if service and not state.meta.paused else None
    return Status(
        accounts=tuple(_account(context, options, beat, state) for options in context.config.account),
        beat=beat,
        state=state,
        gaps=all_gaps(state, beat, context.config, now),
        service=service,
        next_cycle=next_cycle,
        overdue=next_cycle is not None and now - next_cycle > _LATE,
    )


def _account(context: Context, options: AccountOptions, beat: Heartbeat, state: State) -> AccountStatus:
    pulse = beat.accounts.get(options.name, AccountPulse())
    signed_in, error, trouble = _signed_in(context, options.name)
    heard = not _signed_in_since(context, options.name, pulse)
    if heard:
        error, trouble = error or pulse.error, trouble or pulse.trouble
    alert = beat.alerts.get(account_key(options.name))
    return AccountStatus(
        name=options.name,
        provider=options.provider.value,
        signed_in=signed_in,
        error=error,
        trouble=trouble,
        last_success=pulse.last_success,
        failing_since=pulse.failing_since if heard else None,
        alert=alert if alert is not None and alert.ended_at is None else None,
        skipped=tuple(
            skipped
            for calendar in state.calendars.values()
            if calendar.account == options.name
            for skipped in calendar.skipped.items()
        ),
    )


def _signed_in(context: Context, name: str) -> tuple[bool, str | None, Trouble | None]:
    from connectors.errors import ConnectorError
    from daemon import accounts
    from daemon.troubles import trouble_of

    try:
        found = accounts.sign_in_state(context.config, context.account(name), context.paths)
    except ConnectorError as error:
        return False, str(error), trouble_of(error)
    trouble = Trouble.SET_UP if found.misconfigured else Trouble.SIGN_IN if found.error else None
    return found.signed_in, found.error, trouble


def _signed_in_since(context: Context, name: str, pulse: AccountPulse) -> bool:
    """Whether what was wrong in the last cycle was the sign-in, and there is a newer one."""
    if pulse.trouble is not Trouble.SIGN_IN:
        return False
    try:
        written = context.paths.token(name).stat().st_mtime_ns
        return written > (context.paths.state / "heartbeat.json").stat().st_mtime_ns
    except OSError:
        return False


# --- as JSON --------------------------------------------------------------------------------------------


def _document(context: Context, found: Status) -> dict[str, Any]:
    beat, stamp = found.beat, documents.stamp
    ping = beat.ping
    return {
        "version": documents.VERSION,
        "accounts": [_account_document(account) for account in found.accounts],
        "pending": [{"kind": p.kind, "one_on_one": p.one_on_one, "reason": p.reason} for p in beat.pending],
        "gaps": [documents.gap(g) for g in found.gaps],
        "service": {"running": found.service is not None, "by": found.service},
        "last_cycle": stamp(beat.at),
        "next_cycle": stamp(found.next_cycle),
        "overdue": found.overdue,
        "undelivered": [
            {"to": to, "since": stamp(failing.since), "error": failing.error}
            for to, failing in beat.undelivered.items()
        ],
        "ping": {
            "configured": bool(context.config.notify.ping),
            "last_success": stamp(ping.last_success),
            "failing_since": stamp(ping.failing.since) if ping.failing else None,
            "error": ping.failing.error if ping.failing else None,
        },
        "paused": found.state.meta.paused,
    }


def _account_document(account: AccountStatus) -> dict[str, Any]:
    alert, stamp = account.alert, documents.stamp
    return {
        "name": account.name,
        "provider": account.provider,
        "ok": account.error is None,
        "last_success": stamp(account.last_success),
        "signed_in": account.signed_in,
        "error": account.error,
        "trouble": account.trouble.value if account.trouble else None,
        "failing_since": stamp(account.failing_since),
        "alert": {"sent_at": stamp(alert.told_at), "error": alert.error} if alert else None,
        "skipped": [{"event_id": event_id, "reason": reason} for event_id, reason in account.skipped],
    }
