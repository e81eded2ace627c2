"""How a bug of ours is told: to people in a sentence, to the log without anything private."""

from __future__ import annotations

import traceback

REPORT_IT = "prepd ran into a bug of its own: please report it, with what the log says of it"
"""What people are told where it kept something from being done."""


def where(error: BaseException) -> str:
    """The frames of a traceback, without the error's message: it may hold somebody's title or address."""
    lines = traceback.format_list(traceback.extract_tb(error.__traceback__))
    return "".join([*lines, f"{type(error).__name__} (its message may be private, and is left out)"])
