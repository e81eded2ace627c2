"""A notification service on loopback that listens to real HTTP, and can be made to fail."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Listening:
    """`heard` are the messages taken. `answers` maps a path's beginning to the status that it is answered with."""

    def __init__(self, context=None) -> None:
        self.heard: list[dict] = []
        self.asked: list[str] = []
        self.answers: dict[str, int] = {}
        self.release = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._secure = context is not None
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def url(self, path="/hush-hush", host="localhost") -> str:
        """The Apprise URL of a service here; its path is the secret."""
        return f"json{'s' if self._secure else ''}://{host}:{self._server.server_port}{path}"

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.heard]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        listening = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listening.asked.append(self.path)
                status = next((s for p, s in listening.answers.items() if self.path.startswith(p)), 200)
                if status == 0:
                    listening.release.wait(60)
                    return
                if status < 300:
                    listening.heard.append(json.loads(body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_) -> None:
                pass

        return Handler
