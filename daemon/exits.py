"""Exit codes, in one place, and the error that carries one.

The numbers are those of sysexits.h where it has one, so that systemd and scripts can tell what to do.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended. LATER: try again, no more. SIGN_IN, CONFIG: the user must act."""

    OK = 0
    ERROR = 1
    USAGE = 2
    LATER = 75
    SIGN_IN = 77
    CONFIG = 78
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class Stopped(Exception):
    """A command can't go on, for a reason of prepd's own. The message says to people what, and what to do."""

    def __init__(self, message: str, exit_code: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def worst(codes: list[Exit]) -> Exit:
    """The exit code of a command that looked at several accounts: a sign-in first, then what time heals."""
    order = (Exit.SIGN_IN, Exit.LATER, Exit.CONFIG, Exit.ERROR)
    return next((code for code in order if code in codes), Exit.OK)
