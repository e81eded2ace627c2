"""How the people on record are called in what is shown: each so that nobody else can be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from daemon.config import Config
from daemon.core.names import ambiguous, in_full
from daemon.render.documents import person_of

if TYPE_CHECKING:
    from daemon.core.model import Change, OneOnOne


class People:
    """Those of whom something is shown, by address. The config's name for somebody goes before the calendar's."""

    def __init__(self, config: Config, names: Mapping[str, str]) -> None:
        self._config = config
        self._names = {address: person_of(config, address, name).name for address, name in names.items()}
        self._shared = ambiguous(self._names)

    @classmethod
    def of(cls, config: Config, records: Iterable[OneOnOne], changes: Iterable[Change] = ()) -> People:
        return cls(config, {c.person: c.name for c in changes} | {r.person: r.name for r in records})

    def name(self, address: str) -> str:
        """As a sentence says it: "Dana Reyes", or "Dana Reyes (dana@b.example)" where there are two."""
        shared = address in self._shared
        return in_full(self._names[address], address) if shared else self.short(address)

    def short(self, address: str) -> str:
        """The name alone, for where `distinction` stands beneath it."""
        return self._names.get(address) or address

    def distinction(self, address: str) -> str:
        """The address where the name does not tell whom it means, else nothing."""
        return address if address in self._shared else ""
