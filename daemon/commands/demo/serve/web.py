"""HTTP on loopback: reads a request, has it looked at, asks the site for the answer. Knows no page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.frozen import dataclass
from daemon.commands.demo.serve.guard import METHODS, refusal
from daemon.exits import Exit, Stopped

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: with that, browsers send forms with an Origin of "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is unquoted, in parts; of a field that is sent twice, the last counts."""

    path: tuple[str, ...]
    query: dict[str, str]
    form: dict[str, str] | None = None
    target: str = "/"


@dataclass(frozen=True, slots=True)
class Answer:
    text: str = ""
    status: int = 200
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


class Pages(Protocol):
    """What stands behind the server."""

    def answer(self, request: Request) -> Answer:
        """A page, or what comes of a form. Raises nothing."""

    def refused(self, status: int, why: str) -> Answer:
        """A page that says why there is none."""


class Server(ThreadingHTTPServer):
    """A thread for each connection: browsers open some ahead of need, and say nothing on them."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, pages: Pages, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.pages = pages

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, *_: Any) -> None:
        """Nothing: a browser that hangs up early is no error of ours."""


@contextlib.contextmanager
def listening(pages: Pages, port: int) -> Iterator[Server]:
    """:raises Stopped: the port can't be listened on."""
    try:
        server = Server(pages, port)
    except (OSError, OverflowError):
        raise Stopped(
            f"--port: port {port} of this machine can't be listened on: it is taken, or not allowed. "
            "Name another one, or leave it out.",
            Exit.USAGE,
        ) from None
    with server:
        yield server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: Server

    def _serve(self) -> None:
        refused = refusal(self.command, self.path, self.headers, self.server.server_address[1])
        if refused is not None:
            self._refuse(*refused)
            return
        form = None
        if self.command == "POST":
            form = _fields(self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8", "replace"))
        parts = urlsplit("//" + self.path)
        path = tuple(unquote(part, errors="replace") for part in parts.path.split("/")[1:])
        self._answer(self.server.pages.answer(Request(path, _fields(parts.query), form, self.path)))

    do_GET = do_HEAD = do_POST = _serve  # noqa: N815  http.server's names

    def _refuse(self, status: int, why: str) -> None:
        """What may still come on this connection is not read."""
        self.close_connection = True
        self._answer(self.server.pages.refused(status, why))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What http.server itself refuses, in our words: its own repeat what was sent."""
        if code == 501:
            self._refuse(405, "Pages here can be looked at, and forms be sent: nothing else.")
        else:
            self._refuse(code, "That is no request that can be answered.")

    def _answer(self, answer: Answer) -> None:
        body = answer.text.encode("utf-8", "replace")
        self.send_response(answer.status)
        allowed = {"Allow": ", ".join(METHODS)} if answer.status == 405 else {}
        for name, value in {**_HEADERS, **allowed, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{answer.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if getattr(self, "command", None) != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "prepd"

    def log_message(self, *_: Any) -> None:
        """Nothing: the demo tells its own story."""


def _fields(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return {}
