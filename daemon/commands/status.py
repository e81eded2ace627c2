"""`prepd status`: how each account is, what waits, and what was missed."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from daemon.commands import documents, words
from daemon.commands.context import Context
from daemon.commands.stored import stored
from daemon.commands.terminal import Cell, Column, Style, Styled
from daemon.exits import Exit
from daemon.store.heartbeat import Heartbeat, Trouble, read_heartbeat

if TYPE_CHECKING:
    from daemon.store.state import State


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_status)


def _status(context: Context) -> Exit:
    from daemon.troubles import exit_code

    state, now = stored(context), context.now
    beat = read_heartbeat(context.paths.state)
    entries: list[dict[str, Any]] = []
    troubles = []
    for options in context.config.account:
        pulse = beat.accounts.get(options.name)
        signed_in, error, trouble = _signed_in(context, options.name)
        error = error or (pulse.error if pulse else None)
        trouble = trouble or (pulse.trouble if pulse else None)
        troubles.append(trouble)
        last = pulse.last_success if pulse else None
        entries.append(
            {
                "name": options.name,
                "provider": options.provider.value,
                "ok": error is None,
                "last_success": documents.stamp(last),
                "signed_in": signed_in,
                "error": error,
                "skipped": _skipped(state, options.name),
            }
        )
    gaps = documents.gaps(state, beat, now)
    if context.json:
        _status_json(context, entries, gaps, beat, state)
    else:
        _status_text(context, entries, gaps, beat, state, now)
    return exit_code(troubles)


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


def _skipped(state: State, account: str) -> list[dict[str, str]]:
    return [
        {"event_id": event_id, "reason": reason}
        for calendar in state.calendars.values()
        if calendar.account == account
        for event_id, reason in calendar.skipped.items()
    ]


def _status_json(
    context: Context,
    accounts: list[dict[str, Any]],
    gaps: list[dict[str, Any]],
    beat: Heartbeat,
    state: State,
) -> None:
    context.terminal.json(
        {
            "version": documents.VERSION,
            "accounts": accounts,
            "pending": [
                {"kind": p.kind, "one_on_one": p.one_on_one, "reason": p.reason} for p in beat.pending
            ],
            "gaps": gaps,
            "next_cycle": documents.stamp(beat.next_cycle),
            "paused": state.meta.paused,
        }
    )


def _status_text(
    context: Context,
    accounts: list[dict[str, Any]],
    gaps: list[dict[str, Any]],
    beat: Heartbeat,
    state: State,
    now: datetime,
) -> None:
    terminal, zone = context.terminal, context.config.timezone
    rows: list[list[Cell]] = []
    for entry in accounts:
        pulse = beat.accounts.get(str(entry["name"]))
        last = words.moment(pulse.last_success, zone) if pulse and pulse.last_success else "never"
        good = entry["ok"] and entry["signed_in"]
        said = "ok" if good else "sign-in needed" if not entry["signed_in"] else "trouble"
        rows.append(
            [Styled(str(entry["name"]), Style.STRONG), str(entry["provider"]), _good(said, bool(good)), last]
        )
    terminal.table((Column("account"), Column("provider"), Column("state"), Column("last success")), rows)
    for entry in accounts:
        if entry["error"]:
            terminal.line()
            terminal.line(Styled(f"{entry['name']}: ", Style.STRONG), str(entry["error"]))
    terminal.line()
    if state.meta.paused:
        terminal.line(Styled("Paused since `prepd clean`; `prepd resume` goes on.", Style.NOTICE))
    if coming := documents.upcoming(state, now, now + timedelta(days=60)):
        first = coming[0]
        terminal.line(f"Next 1:1: {words.moment(first.start, zone)} with {first.name}")
    if beat.next_cycle and beat.next_cycle > now:
        terminal.line(f"Next cycle: {words.moment(beat.next_cycle, zone)}")
    for work in beat.pending:
        terminal.line(Styled("Waiting: ", Style.NOTICE), f"{work.kind} ({work.reason})")
    for gap in gaps:
        terminal.line(
            Styled("Gap: ", Style.NOTICE), f"{gap['account'] or 'prepd'} from {gap['from']} ({gap['reason']})"
        )
    skipped = [s for entry in accounts for s in _skipped(state, str(entry["name"]))]
    for event in skipped[:5]:
        terminal.line(Styled("Skipped: ", Style.NOTICE), f"event {event['event_id']}: {event['reason']}")
    if len(skipped) > 5:
        terminal.line(f"… and {len(skipped) - 5} more events that can't be read (--json lists them)")


def _good(text: str, good: bool) -> Styled:
    return Styled(text, Style.GOOD if good else Style.BAD)
