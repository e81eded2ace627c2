"""`prepd sync`: one cycle, or with --dry-run a look at what one would do."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
import threading
from typing import TYPE_CHECKING

from connectors.errors import unnamed
from daemon.commands.context import Context
from daemon.commands.providers import Progress, opening, stoppable
from daemon.exits import Exit

if TYPE_CHECKING:
    from daemon.cycle import CycleResult

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
    result = _round(context)
    for account in result.accounts:
        if account.error is not None:
            # The result says it at a terminal; to the journal of a timer goes only the log.
            log.info("account %s: %s", account.name, unnamed(str(account.error)))
    if context.json:
        from daemon.commands.sync_document import sync

        context.terminal.json(sync(result, context.config))
    else:
        from daemon.commands.sync_text import show

        show(context, result, dry_run=context.args.dry_run)
    return _exit_of(result)


def _round(context: Context) -> CycleResult:
    """One cycle and what follows it, under the state's lock unless it is a dry run."""
    from daemon.apply.template import load_template
    from daemon.cycle import Request
    from daemon.round import run_round
    from daemon.store.store import Store

    args, config, store = context.args, context.config, Store(context.paths.state)
    only = frozenset({context.account(args.account).name}) if args.account else frozenset()
    load_template(config.prep_doc.template)
    stop = threading.Event()
    progress = Progress(enabled=sys.stderr.isatty() and not context.json)
    request = Request(
        now=context.now,
        dry_run=args.dry_run,
        accept=args.accept,
        only=only,
        progress=progress.show,
        stopping=stop.is_set,
    )
    try:
        with (
            stoppable(stop),
            opening(context, stop) as open_account,
            contextlib.nullcontext() if args.dry_run else store.lock("prepd sync"),
        ):
            return run_round(config, store, open_account, request)
    finally:
        progress.clear()


def _exit_of(result: CycleResult) -> Exit:
    from daemon.apply.actions import Result
    from daemon.store.heartbeat import Trouble
    from daemon.troubles import exit_code, trouble_of

    late = [Trouble.LATER for d in result.deliveries if d.result is Result.PENDING]
    return exit_code([*(trouble_of(a.error) for a in result.accounts), *late])
