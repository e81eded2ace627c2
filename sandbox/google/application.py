"""What answers the requests: sign-in, the APIs behind their discovery documents, and the web view of a document."""

from __future__ import annotations

import json
from typing import Any

from sandbox.faults import Fault
from sandbox.google import discovery, fields
from sandbox.google.calendar import CalendarApi
from sandbox.google.errors import JSON, ApiError, not_found
from sandbox.google.oauth import OAuth
from sandbox.google.world import World
from sandbox.server import Request, Response

_REASONS = {403: "rateLimitExceeded", 429: "rateLimitExceeded", 500: "backendError", 503: "backendError"}


class Application:
    """Routes a request; state changes only under the world's lock."""

    def __init__(self, world: World, oauth: OAuth, calendar: CalendarApi) -> None:
        self._world = world
        self._oauth = oauth
        self._calendar = calendar

    def respond(self, request: Request) -> Response:
        with self._world.lock:
            match request.path:
                case "/o/oauth2/auth" | "/o/oauth2/v2/auth":
                    return self._oauth.authorize(request)
                case "/token":
                    return self._oauth.token(request)
                case "/revoke":
                    return self._oauth.revoke(request)
            return self._api(request)

    def failure(self, fault: Fault) -> Response:
        reason = fault.reason or _REASONS.get(fault.status, "backendError")
        usage = fault.status in (403, 429)
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        message = "Rate Limit Exceeded" if usage else "Backend Error"
        domain = "usageLimits" if usage else "global"
        return ApiError(fault.status, reason, message, domain=domain, headers=headers).response()

    def _api(self, request: Request) -> Response:
        found = discovery.find(request.method, request.path)
        if found is None:
            return not_found().response()
        method, path = found
        account = None
        try:
            person, scopes = self._oauth.bearer(request)
            account = person.email
            call = discovery.check(method, path, request.query, request.body, scopes)
            mask = fields.parse(call.query["fields"]) if call.query.get("fields") else {}
            status, body, headers = self._call(call, account, request.headers)
        except ApiError as error:
            refused = error.response()
            return Response(refused.status, refused.body, refused.headers, account, method.id)
        if body is None:
            return Response(status, b"", headers, account, method.id)
        return Response(status, _dump(fields.select(body, mask)), {**JSON, **headers}, account, method.id)

    def _call(
        self, call: discovery.Call, person: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any] | None, dict[str, str]]:
        return self._calendar.call(call, person, headers)


def _dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
