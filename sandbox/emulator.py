"""What every emulated provider is: a server with a clock, faults to order, a log of requests and a mailbox."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox import tls
from sandbox.clock import Clock
from sandbox.exchange import RequestLog
from sandbox.faults import Faults
from sandbox.mailbox import Mailbox
from sandbox.server import Application, Server


class Emulator:
    """A provider on `https://localhost:PORT`, as a context manager or with `start` and `stop`."""

    _server: Server

    def __init__(self, clock: Clock | None) -> None:
        self.clock = clock or Clock.real()
        self.mailbox = Mailbox()
        self.faults = Faults()
        self.requests = RequestLog()

    def _stand_behind(self, application: Application, port: int) -> None:
        """Where the provider is from now on; 0 takes any port that is free."""
        self._server = Server(application, self.faults, self.requests, port, self.clock.now)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    @property
    def root(self) -> str:
        """`https://localhost:PORT`."""
        return self._server.root

    @property
    def bugs(self) -> list[Exception]:
        """Requests that the sandbox itself stumbled over, as exceptions: empty unless it has a bug."""
        return self._server.bugs

    @property
    def ca_path(self) -> Path:
        """The PEM file to trust (`[network] ca_bundle`)."""
        return tls.ca_path()

    def browse(self, url: str, body: bytes | None = None) -> tuple[int, str, str]:
        """Open an address as the user's browser would, redirects and all: final status, address and text."""
        handlers = [
            urllib.request.HTTPSHandler(context=tls.client_context()),
            urllib.request.ProxyHandler({}),
        ]
        opener = urllib.request.build_opener(*handlers)
        try:
            with opener.open(url, data=body, timeout=10) as page:
                return page.status, page.url, page.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.url, error.read().decode("utf-8", "replace")
