"""A server that answers as it is told, for what no provider in its senses would say."""

from __future__ import annotations

import http.server
import threading
import time
from contextlib import contextmanager


class Scripted(http.server.ThreadingHTTPServer):
    """Answers with the next of `script`, else with `otherwise`; a path in `fixed` always has the same answer.

    An answer is (status, body, headers), raw bytes, or "drop". `seen` has (method, path, headers, body) of each
    request; `most` is how many were under way at once, each for `pause` seconds.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.fixed, self.otherwise = [], {}, (200, b"{}", {})
        self.seen, self.connections = [], 0
        self.under_way, self.most, self.pause = 0, 0, 0.0
        self.lock = threading.Lock()
        self.root = f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request, address):
        self.connections += 1
        super().process_request(request, address)

    def answer_to(self, path):
        if path in self.fixed:
            return self.fixed[path]
        return self.script.pop(0) if self.script else self.otherwise


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        server = self.server
        with server.lock:
            server.under_way += 1
            server.most = max(server.most, server.under_way)
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        time.sleep(server.pause)
        with server.lock:
            server.seen.append((self.command, self.path, dict(self.headers.items()), sent))
            answer = server.answer_to(self.path)
            server.under_way -= 1
        if answer == "drop" or isinstance(answer, bytes):
            self.wfile.write(answer if isinstance(answer, bytes) else b"")
            self.close_connection = True
            return
        status, body, headers = answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def serving():
    server = Scripted()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
