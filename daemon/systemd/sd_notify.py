"""Tells systemd how the service is: sd_notify(3), as one datagram to the socket that it names.

Without systemd nothing is sent, and nothing here ever fails: a message that is lost is no reason to stop working.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from datetime import timedelta

_LONGEST = 400
"""Characters of a status line; systemd keeps more, but nobody reads it."""
_PATIENT, _HURRIED = 1.0, 0.05
"""Seconds that a manager with its hands full is waited for: with what is said once, and with what is said again."""


class Notifier:
    """What systemd is told. A status that is the same as the last is not sent again."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._status = ""
        self.watchdog = _watchdog(environment)

    @property
    def by_system(self) -> bool:
        """Whether it is the system's manager that listens, whose status line everybody on the machine can read."""
        return self._address is not None and self._address.startswith("/run/systemd/")

    def ready(self) -> None:
        self._send("READY=1")

    def alive(self) -> None:
        """To be called from the work itself: without it for `watchdog`, systemd kills the service."""
        if self.watchdog is not None:
            self._send("WATCHDOG=1", patience=_HURRIED)

    def reloading(self) -> None:
        """To be followed by `ready`. The time tells systemd that this is an answer to its own request."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send("RELOADING=1", f"MONOTONIC_USEC={now}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """One line for people. Names in it are others' text: a line break would begin another message."""
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]
        if line != self._status and self._send(f"STATUS={line}", patience=_HURRIED):
            self._status = line

    def _send(self, *lines: str, patience: float = _PATIENT) -> bool:
        """Whether it was taken. A manager that hangs must not hang the work."""
        if self._address is None:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
                to.settimeout(patience)
                to.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            return False
        return True


def _address(named: str) -> str | None:
    """A path, or with "@" in front a name in the abstract namespace."""
    if named.startswith("@"):
        return "\0" + named[1:]
    return named if named.startswith("/") else None


def _watchdog(environment: Mapping[str, str]) -> timedelta | None:
    """How long systemd waits for a sign of life of this process; None where it waits for none."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    try:
        length = timedelta(microseconds=int(environment.get("WATCHDOG_USEC", "0")))
    except (ValueError, OverflowError):
        return None
    return length or None
