"""What one check found."""

from __future__ import annotations

from connectors.frozen import dataclass
from daemon.exits import Exit


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` says what was found, `remedy` what helps where it is not `ok`, or could be better.

    `exit_code` is what a failed check ends the command with.
    """

    name: str
    ok: bool
    detail: str
    remedy: str | None = None
    account: str | None = None
    exit_code: Exit = Exit.ERROR


def told(message: str) -> tuple[str, str | None]:
    """What is wrong, and the remedy: an error's message ends with it."""
    what, _, remedy = message.partition(". ")
    return what, remedy or None
