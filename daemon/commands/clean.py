"""`prepd clean` takes back what stands on the calendars and pauses; `prepd resume` goes on."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.providers import Progress, opening, stoppable
from daemon.exits import Exit
from daemon.store.store import Store

if TYPE_CHECKING:
    from daemon.removal.cleaning import Cleaned


def configure(parser: argparse.ArgumentParser, verb: str, _common: argparse.ArgumentParser) -> None:
    if verb == "resume":
        parser.set_defaults(run=_resume)
        return
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be taken back, and change nothing"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_clean)


def _resume(context: Context) -> Exit:
    from daemon.removal.cleaning import pause

    store = Store(context.paths.state)
    with store.lock("prepd resume"):
        changed = pause(store, paused=False)
    if changed:
        context.terminal.paragraph(
            "prepd goes on: the next cycle puts slots and links back, but for what you took away."
        )
        context.terminal.paragraph("`prepd sync` runs it now; `prepd run` does within the minute.")
    else:
        context.terminal.paragraph("prepd was not paused.")
    return Exit.OK


def _clean(context: Context) -> Exit:
    from daemon.commands import clean_text
    from daemon.troubles import exit_code, trouble_of

    cleaned = _cleaned(context)
    if context.json:
        context.terminal.json(clean_text.document(cleaned))
    else:
        clean_text.show(context, cleaned)
    code = exit_code(trouble_of(a.error) for a in cleaned.accounts)
    return Exit.LATER if code is Exit.OK and cleaned.left else code


def _cleaned(context: Context) -> Cleaned:
    from daemon.cycle import Request
    from daemon.removal.cleaning import clean

    store, stop, dry_run = Store(context.paths.state), threading.Event(), context.args.dry_run
    progress = Progress(enabled=sys.stderr.isatty() and not context.json)
    request = Request(now=context.now, dry_run=dry_run, progress=progress.show, stopping=stop.is_set)
    try:
        with (
            stoppable(stop),
            opening(context, stop) as open_account,
            contextlib.nullcontext() if dry_run else store.lock("prepd clean"),
        ):
            return clean(context.config, store, open_account, request)
    finally:
        progress.clear()
