"""What an error means to the user: one sentence, and an exit code. Every command ends here when it fails.

Misconfigured exits 78 like an error in the config itself: what is wrong may stand in Google's console rather
than in our file, but the user has to change a setting, and a restart will not help, which is what 78 tells
systemd (RestartPreventExitStatus).
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from connectors.errors import BadAnswer, ConnectorError, Misconfigured, SignInNeeded, Unavailable
from connectors.frozen import dataclass
from daemon.bugs import where
from daemon.exits import Exit, Stopped

_REPORT = "Please report it, with what the same command says with --verbose."


@dataclass(frozen=True, slots=True)
class Failure:
    """`unexpected` ones are bugs, of which --verbose shows where they happened."""

    message: str
    exit_code: Exit
    unexpected: bool = False


def failure_of(error: BaseException) -> Failure:
    """The one place where errors become messages and exit codes."""
    if (code := _expected(error)) is not None:
        return Failure(_sentence(told(error)), code)
    match error:
        case KeyboardInterrupt():
            return Failure("", Exit.INTERRUPTED)
        case BrokenPipeError():
            return Failure("", Exit.PIPE_CLOSED)
        case OSError() if error.strerror:
            where = f"{error.filename}: " if error.filename else ""
            return Failure(_sentence(f"{where}{error.strerror}"), Exit.ERROR)
        case _:
            return Failure(f"prepd ran into a bug: {_place(error)}. {_REPORT}", Exit.ERROR, unexpected=True)


def _expected(error: BaseException) -> Exit | None:
    """The exit code of errors whose message is meant for people; None for all others."""
    from daemon.apply.template import TemplateError
    from daemon.config import ConfigError
    from daemon.store.files import StateError
    from daemon.store.lock import Locked

    match error:
        case Stopped():
            return error.exit_code
        case ConfigError() | TemplateError():
            return Exit.CONFIG
        case Locked():
            return Exit.LATER
        case StateError():
            return Exit.ERROR
        case ConnectorError():
            return exit_of(error)
        case _:
            return None


def told(error: BaseException) -> str:
    """The message for who called a command once: one that only time helps says so, where it has no other remedy."""
    from daemon.store.lock import Locked

    text = str(error)
    if isinstance(error, Locked):
        return f"{text}. Try again when it is done."
    if isinstance(error, Unavailable) and (text.endswith("?") or ". " not in text):
        return f"{_sentence(text)} Try again later."
    return text


def exit_of(error: ConnectorError) -> Exit:
    """By who must act: the user by signing in or by a setting, time, or nobody in particular."""
    match error:
        case SignInNeeded():
            return Exit.SIGN_IN
        case Unavailable():
            return Exit.LATER
        case Misconfigured():
            return Exit.CONFIG
        case BadAnswer() | _:
            return Exit.ERROR


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} in {Path(frames[-1].filename).name}, line {frames[-1].lineno}"


def _sentence(text: str) -> str:
    """Ends as one, except a list of errors in the config."""
    from daemon.render import words

    return text if "\n" in text else words.sentence(text)


def tell(failure: Failure, error: BaseException, *, verbose: bool) -> None:
    """Says it on stderr."""
    if failure.unexpected and verbose:
        print(where(error), file=sys.stderr)
    if failure.message:
        print(f"prepd: {_for(os.environ, failure, error)}", file=sys.stderr)


def _for(environment: Mapping[str, str], failure: Failure, error: BaseException) -> str:
    """The message: the whole of it for who called the command; without names for the journal."""
    from connectors.errors import unnamed
    from daemon.commands.logs import goes_to_journal
    from daemon.config import ConfigError

    if not goes_to_journal(environment):
        return failure.message
    return _sentence(error.logged) if isinstance(error, ConfigError) else unnamed(failure.message)
