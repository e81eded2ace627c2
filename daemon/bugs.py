"""How a bug of ours is told without telling anything private."""

from __future__ import annotations

import traceback


def where(error: BaseException) -> str:
    """The frames of a traceback, without the error's message: it may hold somebody's title or address."""
    lines = traceback.format_list(traceback.extract_tb(error.__traceback__))
    return "".join([*lines, f"{type(error).__name__} (its message may be private, and is left out)"])
