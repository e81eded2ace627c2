"""`prepd sync`: one cycle, or with --dry-run a look at what one would do."""

from __future__ import annotations

import argparse
import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

from connectors.errors import unnamed
from daemon.commands.context import Context
from daemon.exits import Exit, Stopped

if TYPE_CHECKING:
    from datetime import tzinfo

    from connectors.protocols import Account
    from daemon.apply.actions import ActionOutcome, Result
    from daemon.commands.waiting import Told
    from daemon.config import AccountOptions
    from daemon.core.model import OneOnOne
    from daemon.cycle import CycleResult, Request
    from daemon.render.lines import Styled

log = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be done, and write nothing anywhere"
    )
    parser.add_argument("--accept", action="store_true", help="where prepd stopped to ask: do it, this once")
    parser.add_argument("--account", metavar="NAME", help="serve this account only")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_sync)


def _sync(context: Context) -> Exit:
    from daemon.apply.actions import Result
    from daemon.cycle import Request
    from daemon.store.heartbeat import Trouble
    from daemon.troubles import exit_code, trouble_of

    args = context.args
    only = frozenset({context.account(args.account).name}) if args.account else frozenset()
    stop = threading.Event()
    progress = Progress(enabled=sys.stderr.isatty() and not context.json)
    with stoppable(stop):
        request = Request(
            now=context.now,
            dry_run=args.dry_run,
            accept=args.accept,
            only=only,
            progress=progress.show,
            stopping=stop.is_set,
        )
        result = run_once(context, request, stop)
    progress.clear()
    for account in result.accounts:
        if account.error is not None:
            # The result says it at a terminal; to the journal of a timer goes only the log.
            log.info("account %s: %s", account.name, unnamed(str(account.error)))
    if context.json:
        from daemon.commands.sync_document import sync

        context.terminal.json(sync(result, context.config))
    else:
        _show(context, result, dry_run=args.dry_run)
    late = [Trouble.LATER for d in result.deliveries if d.result is Result.PENDING]
    return exit_code([*(trouble_of(a.error) for a in result.accounts), *late])


def run_once(context: Context, request: Request, stop: threading.Event) -> CycleResult:
    """One cycle on the state of this context, under its lock unless it is a dry run.

    :raises Stopped: the state can't be used, or another process is at work on it.
    """
    from daemon import accounts
    from daemon.apply.template import TemplateError, load_template
    from daemon.round import run_round
    from daemon.store.files import StateError
    from daemon.store.lock import Locked
    from daemon.store.store import Store

    config, paths = context.config, context.paths
    store = Store(paths.state)
    opened: list[Account] = []

    def open_account(options: AccountOptions) -> Account:
        account = accounts.open_account(config, options, paths, stop)
        opened.append(account)
        return account

    try:
        load_template(config.prep_doc.template)
        with contextlib.nullcontext() if request.dry_run else store.lock("prepd sync"):
            return run_round(config, store, open_account, request)
    except StateError as error:
        raise Stopped(str(error)) from error
    except TemplateError as error:
        raise Stopped(str(error), Exit.CONFIG) from error
    except Locked as error:
        raise Stopped(f"{error}. Try again when it is done.", Exit.LATER) from error
    finally:
        for account in opened:
            account.close()


@contextlib.contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """SIGTERM ends a cycle between two actions; what was done is recorded."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGTERM, on_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Progress:
    """One line on stderr that counts a long first read, and is gone when it is over."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._shown = False

    def show(self, account: str, count: int) -> None:
        if self._enabled and count >= 500:
            print(f"\r\x1b[K{account}: {count:,} events read …", end="", file=sys.stderr, flush=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _show(context: Context, result: CycleResult, *, dry_run: bool) -> None:
    from daemon.commands.failures import told
    from daemon.render import words
    from daemon.render.lines import Style, Styled

    terminal = context.terminal
    if result.paused:
        terminal.line("Paused since `prepd clean`: nothing was read or done. `prepd resume` goes on.")
        return
    for account in result.accounts:
        if account.error is not None:
            terminal.line(*words.failed(account.name, told(account.error)))
    show_cycle(context, result, dry_run=dry_run)
    if (result.changes or result.actions or result.deliveries) and any(a.ok for a in result.accounts):
        terminal.line()
    for account in result.accounts:
        if account.ok:
            how = "read in full" if account.full else "up to date"
            read = words.count(account.events_read, "event")
            asked = words.count(account.requests, "request")
            terminal.line(Styled(f"{account.name}: {how}, {read} in {asked}.", Style.QUIET))
    if dry_run:
        terminal.line("A dry run: nothing was written anywhere. Without --dry-run it will be.")


def show_cycle(context: Context, result: CycleResult, *, dry_run: bool = False) -> None:
    """What was noticed, and what was done about it."""
    from daemon.commands.terminal import Column
    from daemon.render import words
    from daemon.render.lines import Style, Styled

    terminal, zone = context.terminal, context.config.timezone
    if result.changes:
        terminal.line(Styled("Noticed", Style.STRONG))
        terminal.table(
            (Column(""), Column("person"), Column("when"), Column("by"), Column("why", flexible=True)),
            [
                [
                    words.kind_of(c),
                    c.name,
                    words.when(c, zone),
                    words.by_whom(c),
                    Styled(c.evidence, Style.QUIET),
                ]
                for c in result.changes
            ],
        )
    _show_outcomes(context, result, dry_run=dry_run)


def _show_outcomes(context: Context, result: CycleResult, *, dry_run: bool) -> None:
    """Under a heading each: what was done, what won't be, and what waits."""
    from daemon.apply.actions import Result
    from daemon.commands.terminal import Column
    from daemon.commands.waiting import lines
    from daemon.render.lines import Style, Styled

    terminal = context.terminal
    outcomes = _outcomes(result, context.config.timezone)
    waiting = [told for told, became in outcomes if became is Result.PENDING]
    fine = [told for told, became in outcomes if became in (Result.DONE, Result.PLANNED)]
    left = [told for told, became in outcomes if became in (Result.REFUSED, Result.SKIPPED)]
    apart = bool(result.changes)
    for heading, style, rows in (
        ("To do" if dry_run else "Done", Style.PLAIN, fine),
        ("Not done", Style.NOTICE, left),
        ("Waiting", Style.NOTICE, waiting),
    ):
        if not rows:
            continue
        if apart:
            terminal.line()
        apart = True
        terminal.line(Styled(heading, Style.STRONG))
        if rows is waiting:
            for what, reason in lines(waiting):
                terminal.line(Styled(what, style), f": {reason}")
            continue
        terminal.table(
            (Column(""), Column("for"), Column("", flexible=True)),
            [[Styled(told.what, style), told.whom, Styled(told.reason, Style.QUIET)] for told in rows],
        )


def _outcomes(result: CycleResult, zone: tzinfo) -> list[tuple[Told, Result]]:
    from daemon.commands.waiting import Told

    found = []
    for action in result.actions:
        what, whom = done(action, result.records[action.action.one_on_one], zone)
        found.append((Told(what.text, whom, action.reason), action.result))
    for delivery in result.deliveries:
        week = f"week {delivery.action.week}"
        found.append((Told(_PLACES[delivery.action.to], week, delivery.reason), delivery.result))
    return found


_PLACES = {
    "file": "report put into a file",
    "calendar": "report put on the calendar",
    "notify": "report sent to your notification services",
}


DONE = {
    "create_page": "prep page opened",
    "update_page": "prep page follows",
    "attach_link": "link put on the invite",
    "remove_link": "link taken off the invite",
    "create_slot": "reflection slot",
    "move_slot": "reflection slot moved",
    "update_slot": "reflection slot's text renewed",
    "delete_slot": "reflection slot taken away",
}


def done(outcome: ActionOutcome, record: OneOnOne, zone: tzinfo) -> tuple[Styled, str]:
    """What was (to be) done, and for what."""
    from daemon.apply.actions import Result
    from daemon.core.planning.actions import CreateSlot, MoveSlot
    from daemon.render import words
    from daemon.render.lines import Style, Styled

    act = outcome.action
    text = DONE[act.kind]
    if isinstance(act, CreateSlot | MoveSlot):
        text += f" {words.clock(act.placement.start, zone)}–{words.clock(act.placement.end, zone)}"
        if act.placement.overlaps:
            text += " (overlaps)"
    looks = {Result.DONE: Style.PLAIN, Result.PLANNED: Style.PLAIN, Result.REFUSED: Style.NOTICE}
    return Styled(
        text, looks.get(outcome.result, Style.NOTICE)
    ), f"{record.name}, {words.moment(record.start, zone)}"
