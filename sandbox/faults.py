"""Faults to order: which request fails, and how.

    faults.status(503, path="*/events", retry_after=2)            # the next one
    faults.drop("after", method="POST", path="*/events", nth=2)   # the second: carried out, not answered
    faults.status(429, times=3)                                   # the next three of any kind
    faults.garbage(); faults.slow(0.5)
    faults.mangle(lambda request, answer: replace(answer, body=answer.body[:9]), nth=3)

A path is a shell pattern over the URL's path. Faults are tried in the order they were ordered; each counts
the requests that match it, and is used up after `times`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

Action = Literal["drop_before", "drop_after", "status", "garbage", "slow", "mangle"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a request: `reason` is the provider's own word for the error, `seconds` a delay.

    `change` makes another answer of the request and its answer (sandbox.server's `Request` and `Response`).
    """

    action: Action
    status: int = 0
    reason: str = ""
    retry_after: int | None = None
    seconds: float = 0.0
    change: Callable[[Any, Any], Any] | None = None


@dataclass(slots=True)
class _Order:
    fault: Fault
    method: str
    path: str
    skip: int
    left: int


class Faults:
    """The faults that were ordered and are not used up yet."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def status(
        self,
        status: int,
        *,
        reason: str = "",
        retry_after: int | None = None,
        method: str = "*",
        path: str = "*",
        nth: int = 1,
        times: int = 1,
    ) -> None:
        """Answer with an error and don't carry the request out. `retry_after` is in seconds."""
        self._order(Fault("status", status, reason, retry_after), method, path, nth, times)

    def drop(
        self,
        when: Literal["before", "after"],
        *,
        method: str = "*",
        path: str = "*",
        nth: int = 1,
        times: int = 1,
    ) -> None:
        """Close the connection without an answer, before or after carrying the request out."""
        self._order(Fault("drop_before" if when == "before" else "drop_after"), method, path, nth, times)

    def garbage(self, *, method: str = "*", path: str = "*", nth: int = 1, times: int = 1) -> None:
        """Carry the request out and answer 200 with a body that isn't what it says."""
        self._order(Fault("garbage"), method, path, nth, times)

    def mangle(
        self,
        change: Callable[[Any, Any], Any],
        *,
        method: str = "*",
        path: str = "*",
        nth: int = 1,
        times: int = 1,
    ) -> None:
        """Carry the request out, and answer with what `change` makes of the request and its answer."""
        self._order(Fault("mangle", change=change), method, path, nth, times)

    def slow(
        self, seconds: float, *, method: str = "*", path: str = "*", nth: int = 1, times: int = 1
    ) -> None:
        """Wait, in real seconds, before carrying the request out."""
        self._order(Fault("slow", seconds=seconds), method, path, nth, times)

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    @property
    def pending(self) -> int:
        """How many failures are still to come."""
        return sum(order.left for order in self._orders)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, if any; counts it."""
        with self._lock:
            for order in self._orders:
                if order.left and fnmatchcase(method, order.method) and fnmatchcase(path, order.path):
                    if order.skip:
                        order.skip -= 1
                        continue
                    order.left -= 1
                    return order.fault
        return None

    def _order(self, fault: Fault, method: str, path: str, nth: int, times: int) -> None:
        with self._lock:
            self._orders.append(_Order(fault, method, path, nth - 1, times))
