"""What an answer may take, whoever sends it: so much time in all, and so many bytes.

A time-out of the network holds for each wait alone: a server that sends a byte now and then would never meet it.
"""

from __future__ import annotations

import http.client
import io
import math
import socket
import time
from collections.abc import Callable
from typing import Any

MOST_BYTES = 64 * 1024 * 1024
"""No answer that prepd asks for is longer, as it is sent or unpacked. What is, is given up as a bad one."""

WITHIN = 2
"""An answer is to be there in full within so many times the time-out."""

_PIECE = 1024 * 1024


class TooSlow(TimeoutError):
    """Bytes came, each in time, and the answer did not."""


class TooLong(Exception):
    """More bytes came than make sense."""


class Bounded(http.client.HTTPConnection):
    """To be mixed into a connection: its answers are read within their time, and up to their length."""

    clock: Callable[[], float] = staticmethod(time.monotonic)
    until = math.inf

    def connect(self) -> None:
        self._begin()
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._begin()
        if self.sock is not None and self.timeout is not None:
            # The last answer may have left it less.
            self.sock.settimeout(self.timeout)
        super().request(*args, **kwargs)

    def response_class(  # type: ignore[override]  # called as the class would be
        self, sock: socket.socket, *args: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        """What the standard library makes answers with, those of a proxy too."""
        return _Answer(self, sock, *args, **kwargs)

    def wait(self) -> float | None:
        """How long the next bytes may take, in seconds. :raises TooSlow: there is no time left."""
        left = self.until - self.clock()
        if left <= 0:
            raise TooSlow
        return left if self.timeout is None else min(self.timeout, left)

    def _begin(self) -> None:
        self.until = math.inf if self.timeout is None else self.clock() + WITHIN * self.timeout


class _Answer(http.client.HTTPResponse):
    def __init__(self, connection: Bounded, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Arriving(self.fp.detach(), sock, connection))

    def read(self, amt: int | None = None) -> bytes:
        if amt is not None:
            return super().read(amt)
        parts: list[bytes] = []
        size = 0
        while part := super().read(_PIECE):
            size += len(part)
            if size > MOST_BYTES:
                raise TooLong
            parts.append(part)
        if self.length:  # told, and did not come
            raise http.client.IncompleteRead(b"", self.length)
        return b"".join(parts)


class _Arriving(io.RawIOBase):
    """What comes from a socket, each wait for it bounded by what is left of the whole."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, connection: Bounded) -> None:
        self._raw = raw
        self._sock = sock
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        wait = self._connection.wait()
        if wait != self._sock.gettimeout():  # else a system call for nothing
            self._sock.settimeout(wait)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
