"""`prepd run`: the service, as systemd starts it."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from types import FrameType

from daemon.commands.context import Context
from daemon.commands.logs import OURS
from daemon.exits import Exit, Stopped

log = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_run)


def _run(context: Context) -> Exit:
    from daemon.service import Service
    from daemon.store.files import StateError
    from daemon.store.lock import Locked, locked
    from daemon.store.store import Store
    from daemon.template import TemplateError, load_template

    config, paths = context.config, context.paths
    stop = threading.Event()
    try:
        load_template(config.prep_doc.template)
        with locked(paths.state / "run.lock", "prepd run", patience=0):
            Store(paths.state).state()
            _stop_on_signals(stop)
            # The log is all that a service shows, at a terminal too.
            for name in OURS:
                logging.getLogger(name).setLevel(min(log.getEffectiveLevel(), logging.INFO))
            log.info("running: every %d seconds", config.sync.every.total_seconds())
            Service(config, paths, stop).run()
    except StateError as error:
        raise Stopped(str(error)) from error
    except TemplateError as error:
        raise Stopped(str(error), Exit.CONFIG) from error
    except Locked as error:
        raise Stopped(f"{error}. Only one can run.") from error
    # A cycle that waits for an answer may still hold its thread: it is not waited for.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(Exit.OK)


def _stop_on_signals(stop: threading.Event) -> None:
    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
