"""What answers the requests: sign-in, Outlook and OneDrive behind bearer tokens, and the web view of a file."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from typing import Any

from sandbox.exchange import Request, Response
from sandbox.faults import Fault
from sandbox.microsoft import routes
from sandbox.microsoft.calendar import CalendarApi
from sandbox.microsoft.drive_api import DriveApi
from sandbox.microsoft.errors import JSON, GraphError, access_denied, ordered
from sandbox.microsoft.identity import Entra
from sandbox.microsoft.world import World


class Application:
    """Routes a request; state changes only under the world's lock."""

    def __init__(self, world: World, entra: Entra, calendar: CalendarApi, drive: DriveApi) -> None:
        self._world = world
        self._entra = entra
        self._calendar = calendar
        self._drive = drive
        self._running: Counter[str] = Counter()
        self._gate = threading.Lock()
        self.most_seen: Counter[str] = Counter()
        """The most requests that were under way at once, for each mailbox."""

    def respond(self, request: Request) -> Response:
        if request.path.startswith("/v1.0/"):
            return self._graph(request)
        with self._world.lock:
            answer = self._entra.respond(request) or self._drive.web(request)
        return answer or Response(404, b"", {"Content-Type": "text/html"})

    def failure(self, fault: Fault) -> Response:
        return ordered(fault.status, fault.reason, fault.retry_after)

    def _graph(self, request: Request) -> Response:
        account: str | None = None
        operation: str | None = None
        now = self._world.clock.now().isoformat(timespec="seconds")[:19]
        try:
            with self._world.lock:
                person, scopes = self._entra.tokens.bearer(request)
            account = person.email
            match = routes.find(
                request.method, request.path.removeprefix("/v1.0"), (person.email, person.oid)
            )
            operation = match.operation
            if not scopes & match.scopes:
                raise access_denied(drive=match.part == "drive")
            if match.part == "drive":
                with self._world.lock:
                    operation, response = self._drive.call(match, request, account, scopes)
                return Response(response.status, response.body, response.headers, account, operation)
            status, body, headers = self._limited(match, request, account)
        except GraphError as error:
            refused = error.response(now)
            return Response(refused.status, refused.body, refused.headers, account, operation)
        if body is None:
            return Response(status, b"", headers, account, operation)
        return Response(status, dump(body), {**JSON, **headers}, account, operation)

    def _limited(
        self, match: routes.Match, request: Request, account: str
    ) -> tuple[int, dict[str, Any] | None, dict[str, str]]:
        settings = self._world.settings
        with self._gate:
            if self._running[account] >= settings.most_at_once:
                self.most_seen[account] = max(self.most_seen[account], self._running[account] + 1)
                message = "Application is over its MailboxConcurrency limit."
                raise GraphError(429, "ApplicationThrottled", message, headers={"Retry-After": "1"})
            self._running[account] += 1
            self.most_seen[account] = max(self.most_seen[account], self._running[account])
        try:
            if settings.latency:
                time.sleep(settings.latency)
            with self._world.lock:
                return self._calendar.call(match, request, account)
        finally:
            with self._gate:
                self._running[account] -= 1


def dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
