"""What answers the requests: sign-in, the APIs behind their discovery documents, and the web view of a
document.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.exchange import Request, Response, page
from sandbox.faults import Fault
from sandbox.google import discovery, fields
from sandbox.google.calendar import CalendarApi
from sandbox.google.docs import DocsApi
from sandbox.google.drive import DriveApi
from sandbox.google.errors import JSON, ApiError, not_found
from sandbox.google.files import default_fields, split_upload
from sandbox.google.oauth import OAuth
from sandbox.google.world import World

_REASONS = {403: "rateLimitExceeded", 429: "rateLimitExceeded", 500: "backendError", 503: "backendError"}


class Application:
    """Routes a request; state changes only under the world's lock."""

    def __init__(
        self, world: World, oauth: OAuth, calendar: CalendarApi, drive: DriveApi, docs: DocsApi
    ) -> None:
        self._world = world
        self._oauth = oauth
        self._calendar = calendar
        self._drive = drive
        self._docs = docs

    def respond(self, request: Request) -> Response:
        with self._world.lock:
            match request.path:
                case "/o/oauth2/auth" | "/o/oauth2/v2/auth":
                    return self._oauth.authorize(request)
                case "/token":
                    return self._oauth.token(request)
                case "/revoke":
                    return self._oauth.revoke(request)
            if match := re.fullmatch(r"/document/d/([\w-]+)/edit", request.path):
                return self._web_view(match[1])
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
            status, body, headers = self._call(method, path, request, account, scopes)
        except ApiError as error:
            refused = error.response()
            return Response(refused.status, refused.body, refused.headers, account, method.id)
        if body is None:
            return Response(status, b"", headers, account, method.id)
        return Response(status, _dump(body), {**JSON, **headers}, account, method.id)

    def _call(
        self,
        method: discovery.Method,
        path: dict[str, str],
        request: Request,
        person: str,
        scopes: frozenset[str],
    ) -> tuple[int, dict[str, Any] | None, dict[str, str]]:
        metadata, uploaded = request.body, b""
        if request.path.startswith("/upload/"):
            metadata, uploaded = _upload(request)
        call = discovery.check(method, path, request.query, metadata, scopes)
        mask = fields.parse(call.query["fields"]) if call.query.get("fields") else {}
        headers: dict[str, str] = {}
        body: dict[str, Any] | None
        match method.api:
            case "calendar.v3":
                status, body, headers = self._calendar.call(call, person, request.headers)
            case "drive.v3":
                status, body = self._drive.call(call, person, scopes, uploaded)
                if body is not None and not mask:
                    body = default_fields(body)
            case _:
                status, body = 200, self._docs.call(call, person, scopes)
        return status, fields.select(body, mask), headers

    def _web_view(self, file_id: str) -> Response:
        """The document as anybody in the sandbox may read it in a browser: nobody has to sign in here."""
        file = self._drive.files.get(file_id)
        if file is None or file.document is None:
            return Response(404, b"", {"Content-Type": "text/html; charset=utf-8"})
        return page(file.name, file.document.plain())


def _upload(request: Request) -> tuple[bytes, bytes]:
    """Metadata and content of an upload."""
    match request.first("uploadType"):
        case "media":
            return b"", request.body
        case "multipart":
            return split_upload(request.headers.get("content-type", ""), request.body)
    raise ApiError(400, "badRequest", "The sandbox knows the upload types media and multipart.")


def _dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
