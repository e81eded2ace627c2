"""What actions are carried out with, and on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.errors import ConnectorError
from connectors.protocols import Account, Calendar
from daemon.config import Config
from daemon.core.artefacts import Artefacts
from daemon.core.model import OneOnOne
from daemon.core.names import ambiguous, in_full
from daemon.core.planning.wishes import Wishes


class Waiting(Exception):
    """An action has to wait for another one, that was not done. No account is to blame."""


@dataclass(slots=True)
class Desk:
    """The accounts at hand, and what is on record. `artefacts` grows with each action that succeeds."""

    config: Config
    wishes: Wishes
    accounts: Mapping[str, Account]
    records: Mapping[str, OneOnOne]
    artefacts: Artefacts
    intents: dict[str, datetime]
    journal: Callable[[dict[str, datetime]], None]
    now: datetime
    stopping: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = time.sleep
    failures: dict[str, int] = field(default_factory=dict)
    errors: dict[str, ConnectorError] = field(default_factory=dict)
    _shared: frozenset[str] | None = None

    def calendar(self, account: str, name: str) -> Calendar:
        return self.accounts[account].calendar(name)

    def called(self, record: OneOnOne) -> str:
        """The name that tells the person of a 1:1 from all others on record."""
        if self._shared is None:
            self._shared = ambiguous({r.person: r.name for r in self.records.values()})
        return in_full(record.name, record.person) if record.person in self._shared else record.name
