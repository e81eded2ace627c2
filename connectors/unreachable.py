"""In words, what kept an answer from coming: for messages that people read, and logs that may be shown."""

from __future__ import annotations

import socket

from connectors.bounds import TooSlow


def why_no_answer(error: BaseException) -> str:
    """ "connection refused", "the network name is not known" …; never what a server said."""
    for cause in _causes(error):
        match cause:
            case socket.gaierror():
                return "its name is not known to the network"
            case TooSlow():
                return "its answer came too slowly"
            case TimeoutError():
                return "no answer in time"
            case ConnectionRefusedError():
                return "connection refused"
            case ConnectionError():
                return "the connection broke"
            case OSError() if cause.strerror:
                return cause.strerror.lower()
    return f"the connection broke ({type(error).__name__})"


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what lies beneath it: libraries wrap what the network said, some in their arguments."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < 20:
        one = waiting.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        inner = [a for a in (*one.args, getattr(one, "reason", None)) if isinstance(a, BaseException)]
        waiting += [*inner, one.__cause__, one.__context__]
    return list(reversed(found))
