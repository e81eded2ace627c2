"""`prepd run`: the service, as systemd starts it."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from queue import SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.logs import OURS
from daemon.exits import Exit, Stopped

if TYPE_CHECKING:
    from daemon.config import Config
    from daemon.service import Order, Service

log = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_run)


def _run(context: Context) -> Exit:
    code = _serve(context, _listen())
    # A cycle that waits for an answer may still hold its thread: it is not waited for.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _serve(context: Context, orders: SimpleQueue[Order]) -> Exit:
    from daemon.store.lock import Locked, locked
    from daemon.store.store import Store

    config, state = _config(context), context.paths.state
    try:
        with locked(state / "run.lock", "prepd run", patience=0.5):
            Store(state).state()
            # The log is all that a service shows, at a terminal too.
            for name in OURS:
                logging.getLogger(name).setLevel(min(log.getEffectiveLevel(), logging.INFO))
            log.info("running: every %d seconds", config.sync.every.total_seconds())
            return Exit.OK if _service(context, config, orders).run() else Exit.ERROR
    except Locked as error:
        raise Stopped(f"{error}. Only one can run.") from error


def _service(context: Context, config: Config, orders: SimpleQueue[Order]) -> Service:
    from daemon.service import Service, Work
    from daemon.systemd.sd_notify import Notifier

    notifier = Notifier(context.environment)
    work = Work(
        config, context.paths, threading.Event(), notifier=notifier, read_config=lambda: _config(context)
    )
    return Service(work, orders)


def _config(context: Context) -> Config:
    """As it stands in the file now.

    :raises ConfigError, TemplateError: it, or the template that it names, is wrong.
    """
    from daemon.apply.template import load_template
    from daemon.config import load

    config = load(context.config_file)
    load_template(config.prep_doc.template)
    return config


def _listen() -> SimpleQueue[Order]:
    """SIGTERM and SIGINT end the service, SIGHUP has it read the config again."""
    from daemon.service import Order

    orders: SimpleQueue[Order] = SimpleQueue()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        orders.put(Order.RELOAD if number == signal.SIGHUP else Order.STOP)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, on_signal)
    return orders
