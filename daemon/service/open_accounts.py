"""The accounts that the service keeps open, with their connections, and the sign-ins that they were opened with."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path

from connectors.errors import ConnectorError
from connectors.protocols import Account
from daemon import accounts
from daemon.config import AccountOptions, Config
from daemon.paths import Paths

log = logging.getLogger(__name__)

_Identity = tuple[int, int] | None


@dataclass(slots=True)
class OpenAccounts:
    """`config` is the one that they are opened by. Only the thread that does the work uses this."""

    config: Config
    paths: Paths
    stop: threading.Event
    _opened: dict[str, Account] = field(default_factory=dict)
    _signed_in: dict[str, _Identity] = field(default_factory=dict)

    def open(self, options: AccountOptions) -> Account:
        """The account, as it is open already or anew. :raises Misconfigured: its settings are no good."""
        self._signed_in[options.name] = identity(self.paths.token(options.name))
        if options.name not in self._opened:
            self._opened[options.name] = accounts.open_account(self.config, options, self.paths, self.stop)
        return self._opened[options.name]

    def served(self, name: str) -> None:
        """Takes the sign-in as it is now for known: a provider's refresh may have rewritten it in the cycle."""
        self._signed_in[name] = identity(self.paths.token(name))

    def signed_in_since(self, name: str) -> bool:
        """Whether somebody signed in to it, or out of it, since it was opened or served."""
        return identity(self.paths.token(name)) != self._signed_in.get(name)

    def close(self, name: str) -> None:
        account = self._opened.pop(name, None)
        if account is not None:
            try:
                account.close()
            except ConnectorError:
                log.debug("account %s did not close in order", name)

    def reconfigure(self, config: Config) -> None:
        """Goes by another config from now on: what was open is opened anew when it is next needed."""
        for name in list(self._opened):
            self.close(name)
        names = {options.name for options in config.account}
        self._signed_in = {name: token for name, token in self._signed_in.items() if name in names}
        self.config = config


def identity(path: Path) -> _Identity:
    """Which file stands there, as long as nobody wrote it anew; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
