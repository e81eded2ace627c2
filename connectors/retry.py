"""When a request is sent again, and how long that waits: full jitter, bounded in number and in time.

Both providers ask for growing waits with chance in them, and for their Retry-After to be kept:
https://developers.google.com/workspace/calendar/api/guides/quota, https://learn.microsoft.com/graph/throttling.

What failed tells by its error: `Unavailable` may be repeated, everything else is an answer. A request that
may have been carried out (`maybe_done`) is repeated only where its caller says that a repeat is safe; one
that was refused before anything was done (throttled, no connection) always is.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from connectors.errors import Throttled, Unavailable
from connectors.frozen import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retry:
    """Times in seconds. Before attempt n+1 it waits between 0 and ``min(longest, first * 2**(n-1))``.

    A provider's Retry-After is waited out on top, up to `patience`; a longer one is the caller's to wait.
    `budget` bounds the whole call, from its first attempt to the start of its last. `stop`, once set, ends
    every wait, and the failure at hand is raised.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 8.0
    patience: float = 20.0
    budget: float = 60.0
    stop: threading.Event | None = None
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform
    clock: Callable[[], float] = time.monotonic

    def call(self, attempt: Callable[[], T], *, safe: bool) -> T:
        """Carries `attempt` out until it answers.

        :raises Unavailable: the last failure, when there is nothing left to try.
        """
        began = self.clock()
        maybe_done = False
        for number in range(1, self.attempts + 1):
            try:
                return attempt()
            except Unavailable as error:
                # An attempt before this one may have been carried out, even if this one surely was not.
                maybe_done = error.maybe_done = error.maybe_done or maybe_done
                wait = self._wait_after(error, number, safe=safe)
                if wait is None or self.clock() - began + wait > self.budget or not self._pause(wait):
                    raise
        raise AssertionError("unreachable: the last attempt answers or raises")

    def _wait_after(self, error: Unavailable, number: int, *, safe: bool) -> float | None:
        """Seconds to wait after the failed attempt of that number (from 1); None for no more attempts."""
        if number >= self.attempts or (error.maybe_done and not safe):
            return None
        wait = self.uniform(0.0, min(self.longest, self.first * 2.0 ** (number - 1)))
        if isinstance(error, Throttled) and error.retry_after is not None:
            if error.retry_after > self.patience:
                return None
            wait += error.retry_after
        return wait

    def _pause(self, seconds: float) -> bool:
        """Waits; False where the service is to stop."""
        if self.stop is None:
            self.sleep(seconds)
            return True
        return not self.stop.wait(seconds)


def failed_for_now(message: str, retry_after: str | None, method: str) -> Unavailable:
    """The error for an answer that a server gave in its trouble (5xx and the like), with its Retry-After header.

    Whatever changes something may have been carried out before the trouble came.
    """
    wait = seconds_to_wait(retry_after)
    error = Unavailable(message) if wait is None else Throttled(message, retry_after=wait)
    error.maybe_done = method != "GET"
    return error


def seconds_to_wait(retry_after: str | None, now: datetime | None = None) -> float | None:
    """A Retry-After header in seconds from `now` (default: the clock), never negative.

    Both spellings of RFC 9110 are read: a number, or an HTTP date. None where it says nothing of use.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
