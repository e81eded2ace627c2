"""What failed outside the calendars and is tried again later: less and less often, and it is remembered meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from daemon.core.due import next_try
from daemon.store.state import Attempt, State


def delivery_key(to: str, week: str) -> str:
    return f"deliver {to} {week}"


def waits(state: State, key: str, now: datetime) -> bool:
    """Whether it failed before, and it is too early for another try. A clock that was set back is no reason to wait."""
    failed = state.attempts.get(key)
    if failed is None:
        return False
    return now < failed.next_at <= next_try(max(failed.tries, 1), now)


def taken(state: State, key: str) -> frozenset[str]:
    """The notification services that have the message already."""
    failed = state.attempts.get(key)
    return frozenset(failed.taken) if failed else frozenset()


def begun(state: State, key: str, now: datetime) -> State:
    """The state to be committed before something is sent that can't be taken back.

    Whoever can't write that down must not send it; and where prepd ends before it notes that it was sent, it is sent
    again, but not at once.
    """
    before = state.attempts.get(key)
    tries, since = (before.tries, before.since) if before else (0, now)
    cut_off = "prepd ended, or could write nothing down, while it was sent"
    attempt = Attempt(key, tries, since, next_try(1, now), cut_off, before.taken if before else ())
    return replace(state, attempts={**state.attempts, key: attempt})


def failed(state: State, key: str, error: str, now: datetime, got: frozenset[str] = frozenset()) -> State:
    """The state after another try that failed. `got` are the services that took the message this time."""
    before = state.attempts.get(key)
    tries = before.tries + 1 if before else 1
    since = before.since if before else now
    all_got = tuple(sorted(taken(state, key) | got))
    attempt = Attempt(key, tries, since, next_try(tries, now), error, all_got)
    return replace(state, attempts={**state.attempts, key: attempt})


def settled(state: State, *keys: str) -> State:
    """The state without these attempts: they succeeded, or nobody wants them any more."""
    if not state.attempts.keys() & set(keys):
        return state
    return replace(state, attempts={k: a for k, a in state.attempts.items() if k not in keys})
