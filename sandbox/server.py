"""HTTP/1.1 over TLS on loopback: reads requests, meets faults, keeps the log, and asks an application for the
answer.

It knows no provider. An application is anything with `respond` and `failure`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox import tls
from sandbox.exchange import Logged, Request, RequestLog, Response
from sandbox.faults import Fault, Faults

log = logging.getLogger(__name__)


class Application(Protocol):
    """What stands behind a server."""

    def respond(self, request: Request) -> Response:
        """Carry a request out and answer it."""

    def failure(self, fault: Fault) -> Response:
        """An error that was ordered, in the provider's own form."""


class Server:
    """Serves an application until stopped; its port is chosen by the system unless given."""

    def __init__(
        self,
        application: Application,
        faults: Faults,
        requests: RequestLog,
        port: int = 0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._http = _Http(("127.0.0.1", port), application, faults, requests, clock)
        self._thread = threading.Thread(target=self._http.serve, daemon=True, name="sandbox")

    @property
    def root(self) -> str:
        """`https://localhost:PORT`, without a slash at the end."""
        return f"https://localhost:{self._http.server_address[1]}"

    @property
    def bugs(self) -> list[Exception]:
        """What went wrong in the application itself. Empty, or the emulator needs mending."""
        return self._http.bugs

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, and close the connections that are still open."""
        self._http.end()
        self._thread.join()
        self._http.server_close()
        self._http.close_connections()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self,
        address: tuple[str, int],
        application: Application,
        faults: Faults,
        requests: RequestLog,
        clock: Callable[[], datetime] | None,
    ) -> None:
        super().__init__(address, _Handler)
        self.clock = clock
        self.application = application
        self.faults = faults
        self.requests = requests
        self.bugs: list[Exception] = []
        self._open: set[socket.socket] = set()
        self._ended = False

    def serve(self) -> None:
        """Until `end`. Without a clock to look at, as `serve_forever` has: tests stop servers by the hundred."""
        while not self._ended:
            self.handle_request()

    def end(self) -> None:
        self._ended = True
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_port), timeout=5).close()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return not self._ended

    def finish_request(self, request: Any, client_address: Any) -> None:
        # The handshake belongs to the connection's own thread: in `accept`, one silent client would block
        # them all.
        request.settimeout(60)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            secure = tls.server_context().wrap_socket(request, server_side=True)
        except OSError as error:
            log.debug("handshake failed: %s", error)
            return
        self._open.add(secure)
        try:
            super().finish_request(secure, client_address)
        finally:
            self._open.discard(secure)
            secure.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("connection with %s ended: %s", client_address, sys.exception())

    def close_connections(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def _serve(self) -> None:
        request = self._read()
        fault = self.server.faults.take(request.method, unquote(request.path))
        if fault and fault.action == "slow":
            time.sleep(fault.seconds)
            fault = None
        if fault and fault.action == "drop_before":
            self._note(request, Response(0))
            self._drop()
            return
        if fault and fault.action == "status":
            response = self.server.application.failure(fault)
        else:
            response = self._respond(request)
        if fault and fault.action == "drop_after":
            self._note(request, Response(0, account=response.account, operation=response.operation))
            self._drop()
            return
        if fault and fault.action == "garbage":
            response = Response(200, b'{"kind": "\xff<html>', {"Content-Type": "application/json"})
        if fault and fault.change is not None:
            response = fault.change(request, response)
        self._note(request, response)
        self._answer(response)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """What the `Date` of an answer says: the emulated clock, where there is one."""
        if timestamp is None and self.server.clock is not None:
            timestamp = self.server.clock().timestamp()
        return super().date_time_string(timestamp)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _respond(self, request: Request) -> Response:
        try:
            return self.server.application.respond(request)
        except Exception as bug:
            # An emulator's bug must not pass for one of the ordered faults.
            log.exception("the sandbox failed at %s %s", request.method, request.path)
            self.server.bugs.append(bug)
            return Response(500, b"The sandbox has a bug; see its log.", {"Content-Type": "text/plain"})

    def _read(self) -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else b""
        if length := int(headers.get("content-length") or 0):
            body = self.rfile.read(length)
        method = headers.get("x-http-method-override", self.command)
        text = parts.query
        if method == "GET" and self.command == "POST":
            # An address that would be too long goes in the body.
            text, body = body.decode("utf-8", "replace"), b""
        return Request(method, parts.path, parse_qs(text, keep_blank_values=True), headers, body)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if "Content-Length" in response.headers:
            # As a mangled answer has it: more is promised than comes.
            self.close_connection = True
        elif response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if response.status not in (204, 304):
            self.wfile.write(response.body)

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _note(self, request: Request, response: Response) -> None:
        body: Any = None
        if request.body:
            text = request.body.decode("utf-8", "replace")
            try:
                body = json.loads(text)
            except ValueError:
                body = text
        query = {name: ",".join(values) for name, values in request.query.items()}
        self.server.requests.add(
            Logged(
                request.method,
                unquote(request.path),
                query,
                body,
                response.status,
                response.account,
                response.operation,
            )
        )

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
