"""What every command is given: its arguments, the config, the state directory, the terminal; on first use."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from daemon import paths
from daemon.exits import Exit, Stopped

if TYPE_CHECKING:
    from daemon.commands.terminal import Terminal
    from daemon.config import AccountOptions, Config


def _present() -> datetime:
    return datetime.now(UTC)


class Context:
    """One call of the command line. `clock` is another than the machine's in the demo."""

    def __init__(
        self,
        args: argparse.Namespace,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], datetime] = _present,
    ) -> None:
        self.args = args
        self.environment = environment
        self.clock = clock

    @cached_property
    def now(self) -> datetime:
        """The time that this call goes by, in UTC: the same for all that it shows."""
        return self.clock()

    @property
    def json(self) -> bool:
        """Whether the result is to be JSON: then nothing else may go to stdout."""
        return bool(getattr(self.args, "json", False))

    @property
    def verbose(self) -> bool:
        return bool(getattr(self.args, "verbose", False))

    @cached_property
    def config_file(self) -> Path:
        return paths.config_file(getattr(self.args, "config", None), self.environment)

    @cached_property
    def config(self) -> Config:
        """:raises ConfigError: it is missing or wrong."""
        from daemon.config import load

        return load(self.config_file)

    @cached_property
    def paths(self) -> paths.Paths:
        """The state directory, made if need be.

        :raises Stopped: it can't be used.
        """
        return paths.ready(paths.state_dir(getattr(self.args, "state_dir", None), self.environment))

    @cached_property
    def terminal(self) -> Terminal:
        from daemon.commands.terminal import Terminal

        return Terminal(environment=self.environment)

    def account(self, name: str) -> AccountOptions:
        """The account of the config that has this name.

        :raises Stopped: there is none; usage, since the name came from the command line.
        """
        if found := self.config.account_named(name):
            return found
        names = ", ".join(account.name for account in self.config.account)
        raise Stopped(f'There is no account "{name}" in {self.config_file}; there is: {names}.', Exit.USAGE)
