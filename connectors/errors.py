"""What can go wrong between us and a provider, by who must act: the user, time, us, or a bug's finder.

A message is one sentence for people, saying what happened to what and what to do next. It never holds titles,
bodies or secrets. Names that are somebody's own stand between the marks of `named`, which logs leave out by
`unnamed`: a calendar is often called by a person's name, and its id may be an address.
"""

from __future__ import annotations

import re

# From the first mark to the last: a name may hold marks itself.
_NAMED = re.compile("\u201c.*\u201d|\u201c.*\\Z", re.DOTALL)
_ADDRESS = re.compile(r"[^\s\"'<>(),;:@]{1,320}@[^\s\"'<>(),;:@]+")


def named(name: str) -> str:
    """A name in a message for people."""
    return f"\u201c{name}\u201d"


def enumerated(words: list[str]) -> str:
    """Words as a sentence lists them: 'a', 'a and b', 'a, b and c'."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def unnamed(message: str) -> str:
    """A message as it may be logged: without names, and without whatever looks like an address."""
    return _ADDRESS.sub("\u2026", _NAMED.sub("\u201c\u2026\u201d", message))


class ConnectorError(Exception):
    """Any failure of a provider. Catch one of the kinds below where they are treated differently."""


# --- the user must act ----------------------------------------------------------------------------------


class SignInNeeded(ConnectorError):
    """No usable sign-in: none yet, expired, revoked, or without a scope that is needed."""


class Misconfigured(ConnectorError):
    """Something set up outside prepd is wrong: client secrets, an API not enabled, a calendar that is not there."""


class Refused(ConnectorError):
    """The provider will not let this user do this to this thing. Asking again will not help."""


# --- time must pass -------------------------------------------------------------------------------------


class Unavailable(ConnectorError):
    """The provider or the network failed for now, after the retries that were safe.

    `maybe_done` tells that the request may have been carried out although no answer came.
    """

    def __init__(self, message: str, *, maybe_done: bool = False) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done


class Throttled(Unavailable):
    """Too many requests. `retry_after` is in seconds, where the provider said."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


# --- we must act ----------------------------------------------------------------------------------------


class TokenExpired(ConnectorError):
    """The sync token is no longer good: read in full again."""


class NotFound(ConnectorError):
    """No such event, file or calendar (any more)."""


class Conflict(ConnectorError):
    """It changed since it was read (412, a stale revision): read it again before deciding."""


class AlreadyDeleted(ConnectorError):
    """The event that this key would make was made once and deleted since; its id stays taken."""


# --- a bug, ours or theirs ------------------------------------------------------------------------------


class BadAnswer(ConnectorError):
    """The provider answered with something that makes no sense."""
