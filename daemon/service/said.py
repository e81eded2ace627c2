"""Logs what is wrong with something when it begins, when it changes and when it is over; not at every try."""

from __future__ import annotations

import logging

from connectors.errors import unnamed

log = logging.getLogger(__name__)


class Said:
    """What was said last of each thing. Names stay out of the log: `status` tells the whole of it."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def wrong(self, what: str, said: str, level: int = logging.WARNING) -> None:
        if self._said.get(what, "") != said:
            self._said[what] = said
            log.log(level, "%s: %s", what, unnamed(said))

    def well(self, what: str) -> None:
        if self._said.pop(what, ""):
            log.info("%s: well again", what)
