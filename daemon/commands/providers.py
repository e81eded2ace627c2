"""What every command needs that calls providers: accounts that are closed again, a way to stop, and signs of life."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

from daemon.commands.context import Context

if TYPE_CHECKING:
    from connectors.protocols import Account
    from daemon.config import AccountOptions


@contextlib.contextmanager
def opening(
    context: Context, stop: threading.Event | None = None
) -> Iterator[Callable[[AccountOptions], Account]]:
    """Opens accounts as they are asked for, each once, and closes them in the end. `stop` cuts their waits short."""
    from daemon import accounts

    opened: dict[str, Account] = {}

    def open_account(options: AccountOptions) -> Account:
        if options.name not in opened:
            opened[options.name] = accounts.open_account(context.config, options, context.paths, stop)
        return opened[options.name]

    try:
        yield open_account
    finally:
        for account in opened.values():
            account.close()


@contextlib.contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """SIGTERM ends the work between two actions; what was done is recorded."""

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
