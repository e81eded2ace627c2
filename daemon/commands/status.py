"""`prepd status`: how each account is, what waits, and what was missed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from daemon.commands.context import Context
from daemon.commands.stored import stored
from daemon.commands.terminal import Cell, Column
from daemon.exits import Exit
from daemon.render import documents, words
from daemon.render.lines import Style, Styled
from daemon.store.heartbeat import AccountPulse, Heartbeat, Trouble, read_heartbeat

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
        if pulse and not _signed_in_since(context, options.name, pulse):
            error, trouble = error or pulse.error, trouble or pulse.trouble
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
    from daemon.facts import all_gaps

    gaps = [documents.gap(g) for g in all_gaps(state, beat, now)]
    if context.json:
        _status_json(context, entries, gaps, beat, state)
    else:
        _status_text(context, entries, troubles, gaps, beat, state)
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


def _signed_in_since(context: Context, name: str, pulse: AccountPulse) -> bool:
    """Whether what was wrong in the last cycle was the sign-in, and there is a newer one."""
    if pulse.trouble is not Trouble.SIGN_IN:
        return False
    try:
        written = context.paths.token(name).stat().st_mtime_ns
        return written > (context.paths.state / "heartbeat.json").stat().st_mtime_ns
    except OSError:
        return False


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
    troubles: list[Trouble | None],
    gaps: list[dict[str, Any]],
    beat: Heartbeat,
    state: State,
) -> None:
    terminal, zone = context.terminal, context.config.timezone
    rows: list[list[Cell]] = []
    for entry, trouble in zip(accounts, troubles, strict=True):
        pulse = beat.accounts.get(str(entry["name"]))
        last = words.moment(pulse.last_success, zone) if pulse and pulse.last_success else "never"
        rows.append(
            [Styled(str(entry["name"]), Style.STRONG), str(entry["provider"]), _how(entry, trouble), last]
        )
    terminal.table((Column("account"), Column("provider"), Column("state"), Column("last success")), rows)
    for entry in accounts:
        if entry["error"]:
            terminal.line()
            terminal.line(*words.failed(str(entry["name"]), str(entry["error"])))
    notes = list(_notes(context, accounts, gaps, beat, state))
    if notes:
        terminal.line()
    for note in notes:
        terminal.line(*note)


def _notes(
    context: Context,
    accounts: list[dict[str, Any]],
    gaps: list[dict[str, Any]],
    beat: Heartbeat,
    state: State,
) -> Iterator[tuple[str | Styled, ...]]:
    """What else there is to say, a line for each."""
    zone, now = context.config.timezone, context.now
    if state.meta.paused:
        yield (Styled("Paused since `prepd clean`; `prepd resume` goes on.", Style.NOTICE),)
    if not state.calendars and all(entry["ok"] for entry in accounts):
        yield ("Nothing is read yet: `prepd sync` reads your calendars.",)
    if coming := documents.upcoming(state, now, now + timedelta(days=60)):
        first = coming[0]
        yield (f"Next 1:1: {words.moment(first.start, zone)} with {first.name}",)
    if beat.next_cycle and beat.next_cycle > now:
        yield (f"Next cycle: {words.moment(beat.next_cycle, zone)}",)
    for work in beat.pending:
        yield Styled("Waiting: ", Style.NOTICE), f"{work.kind} ({work.reason})"
    for gap in gaps:
        since = words.moment(datetime.fromisoformat(gap["from"]), zone)
        until = f" to {words.moment(datetime.fromisoformat(gap['to']), zone)}" if gap["to"] else ""
        yield (
            Styled("Gap: ", Style.NOTICE),
            f"{gap['account'] or 'prepd'} from {since}{until} ({gap['reason']})",
        )
    skipped = [s for entry in accounts for s in _skipped(state, str(entry["name"]))]
    for event in skipped[:5]:
        yield Styled("Skipped: ", Style.NOTICE), f"event {event['event_id']}: {event['reason']}"
    if len(skipped) > 5:
        more = words.count(len(skipped) - 5, "more event")
        yield (f"… and {more} that can't be read (--json lists them)",)


def _how(entry: dict[str, Any], trouble: Trouble | None) -> Styled:
    """The same words as those of `prepd auth status`, where the sign-in is what is wrong."""
    if trouble is Trouble.SET_UP:
        return Styled("set-up needed", Style.BAD)
    if trouble is Trouble.SIGN_IN or not entry["signed_in"]:
        return Styled("sign-in needed", Style.BAD)
    if not entry["ok"]:
        return Styled("trouble", Style.BAD)
    return Styled("ok" if entry["last_success"] else "signed in", Style.GOOD)
