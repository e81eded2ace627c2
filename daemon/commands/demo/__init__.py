"""`prepd demo`: three weeks of two emulated calendars, with the real thing at work on them.

The same commands, cycle and connectors as for accounts of one's own, over HTTPS; only Google, Microsoft and the clock
are emulated. What happens is in `story` and its `scenes`, where in `world`; prepd is at work there in `stage`; how it
looks is in `telling` and `ending`. The demo holds prepd to its story: whatever comes out otherwise is said, and the
exit code is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from daemon.commands.context import Context
from daemon.commands.logs import OURS
from daemon.exits import Exit, Stopped


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="leave the config and the ledger there (default: in a temporary folder, gone at the end)",
    )
    parser.add_argument(
        "--serve",
        action="store_true",
        help="then show the calendars, docs, ledger and report as web pages on this machine, to look around and play",
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="with --serve: listen on this port (any that is free)"
    )
    parser.add_argument("--open", action="store_true", help="with --serve: open the pages in the browser")
    parser.set_defaults(run=_demo)


def _demo(context: Context) -> Exit:
    from daemon.commands.demo.ending import ending, next_steps
    from daemon.commands.demo.layout import Layout
    from daemon.commands.demo.stage import Stage
    from daemon.commands.demo.story import AFTER, END, WEEKS, play
    from daemon.commands.demo.telling import Teller

    args = context.args
    if (args.port is not None or args.open) and not args.serve:
        raise Stopped("--port and --open go with --serve.", Exit.USAGE)
    _quieten(verbose=context.verbose)
    layout = Layout(context.terminal)
    teller = Teller(layout)
    with _folder(context.args.keep) as folder, Stage(folder) as stage:
        signed_in = [stage.sign_in(account.name) for account in stage.config.account]
        teller.opening(stage, signed_in, kept=context.args.keep is not None)
        for week in WEEKS:
            teller.week(week)
            for scene in week.scenes:
                teller.scene(stage, scene, play(scene, stage))
        stage.live_until(END)
        teller.held(stage.held())
        ending(layout, stage)
        if args.serve:
            from daemon.commands.demo.serve import serve

            stage.live_until(AFTER)
            serve(stage, args.port or 0, context.terminal, opens=args.open)
    next_steps(layout, context.args.keep)
    return Exit.ERROR if layout.wrong else Exit.OK


def _quieten(*, verbose: bool) -> None:
    """The story has troubles that prepd warns of: the demo itself tells them."""
    if not verbose:
        for name in OURS:
            logging.getLogger(name).setLevel(logging.ERROR)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="prepd-demo-") as name:
            yield Path(name)
        return
    folder = keep.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise Stopped(f"--keep: {folder} can't be used ({error.strerror}).") from error
    if occupied:
        raise Stopped(f"--keep: {folder} is not empty. Name a new folder.", Exit.USAGE)
    yield folder
