"""The listener on this machine that the browser is sent back to at the end of a sign-in (RFC 8252, 7.3).

It goes on listening until a request carries the state of this sign-in: browsers ask for icons, open
connections ahead of need and say nothing on them, and other programs probe ports. That one request it answers once:
whatever comes after it, the same again too, finds nothing here.
"""

from __future__ import annotations

import contextlib
import hmac
import queue
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.errors import Misconfigured, SignInNeeded

Answer = dict[str, str]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>prepd</title><style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
main {{ max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }}
</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""
_DONE = _PAGE.format(title="That is all", text="You can close this window. prepd goes on in the terminal.")
_DECLINED = _PAGE.format(title="Not signed in", text="Access was not given. The terminal says how to go on.")
_OTHER = _PAGE.format(
    title="Nothing here", text="This address only ends a sign-in of prepd that is under way."
)


class Loopback:
    """Listens from the start; `address` is what the browser is to be sent back to.

    `state` names the sign-in; where it is not known yet, nothing ends it until `expect` was told.
    """

    def __init__(self, port: int, state: str | None = None) -> None:
        """:raises Misconfigured: the port is taken. 0 takes any that is free."""
        self._answers: queue.Queue[Answer] = queue.Queue()
        self._state = state
        self._taking = threading.Lock()
        self._taken = False
        try:
            self._server = _Server(("127.0.0.1", port), self._handler())
        except (OSError, OverflowError):
            raise Misconfigured(
                f"Port {port} of this machine can't be listened on: it is taken, or not allowed. "
                "Choose another with --port, or 0 for any that is free"
            ) from None
        self.port: int = self._server.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def expect(self, state: str) -> None:
        """Which sign-in is under way."""
        self._state = state

    def wait(self, seconds: float, stop: threading.Event | None = None) -> Answer:
        """What the browser brought: `code`, or `error`.

        :raises SignInNeeded: it did not come in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not (stop and stop.is_set()):
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=min(0.5, max(0.0, deadline - time.monotonic())))
        raise SignInNeeded(
            f"The sign-in was not finished within {seconds / 60:g} minutes. Start it again when you are ready"
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, target: str) -> str | None:
        """A request's target: the page to show if it ends this sign-in, or None."""
        try:
            parts = urlsplit(target)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        except ValueError:
            return None
        if parts.path != "/":
            return None
        state = query.get("state", "")
        if self._state is None:
            return None
        if not hmac.compare_digest(state.encode("utf-8", "replace"), self._state.encode("utf-8")):
            return None
        if "code" not in query and "error" not in query:
            return None
        with self._taking:
            if self._taken:
                return None
            self._taken = True
        self._answers.put(query)
        return _DONE if "code" in query else _DECLINED

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self.take

        class Handler(BaseHTTPRequestHandler):
            timeout = 30

            def do_GET(self) -> None:
                page = take(self.path)
                body = (page or _OTHER).encode("utf-8")
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                # The address holds the code: it must not travel on.
                self.send_header("Referrer-Policy", "no-referrer")
                self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing: the request line holds the code."""

        return Handler


class _Server(socketserver.ThreadingTCPServer):
    """A thread for each connection: one that says nothing must not hold up the one that matters."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """Nothing: a browser that hangs up early is no error of ours."""


@contextlib.contextmanager
def listening(port: int, state: str | None = None) -> Iterator[Loopback]:
    loopback = Loopback(port, state)
    try:
        yield loopback
    finally:
        loopback.close()
