"""Refusals: Graph's envelope around `error.code`, and Entra's around `error` and an AADSTS number.

Sources: Microsoft Graph "Error responses and resource types", Entra "Authentication and authorization error codes".
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from sandbox.exchange import Response

JSON = {
    "Content-Type": "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
}
PLAIN_JSON = {"Content-Type": "application/json; charset=utf-8"}


class GraphError(Exception):
    """A refusal: HTTP status, `error.code`, message; `inner` are codes further in, the outermost first."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        inner: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.inner = inner

    def response(self, date: str = "2026-11-02T08:00:00") -> Response:
        request_id = str(uuid.uuid4())
        innermost: dict[str, Any] = {"date": date, "request-id": request_id, "client-request-id": request_id}
        for code in reversed(self.inner):
            innermost = {"code": code, "innerError": innermost}
        body = {"error": {"code": self.code, "message": self.message, "innerError": innermost}}
        headers = {**PLAIN_JSON, "request-id": request_id, **self.headers}
        return Response(self.status, json.dumps(body).encode(), headers)


def not_found() -> GraphError:
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def bad_query(message: str) -> GraphError:
    return GraphError(400, "ErrorInvalidUrlQuery", message)


def bad_body(message: str) -> GraphError:
    return GraphError(400, "RequestBodyRead", message)


def access_denied(*, drive: bool = False) -> GraphError:
    if drive:
        return GraphError(403, "accessDenied", "The caller does not have permission to perform the action.")
    return GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def bad_token(message: str = "Lifetime validation failed, the token is expired.") -> GraphError:
    header = {
        "WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    }
    return GraphError(401, "InvalidAuthenticationToken", message, headers=header)


def no_window() -> GraphError:
    names = "the query string parameters StartDateTime and EndDateTime"
    return bad_query(f"This request requires a time window specified by {names}.")


def conflict_etag() -> GraphError:
    message = "The change key passed in the request does not match the current change key for the item."
    return GraphError(412, "ErrorIrresolvableConflict", message)


class EntraError(Exception):
    """A refusal by the token endpoint. `aadsts` is the number; `error` the word of RFC 6749, 8628 or OpenID."""

    def __init__(
        self,
        error: str,
        aadsts: int,
        message: str,
        *,
        suberror: str | None = None,
        claims: str | None = None,
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.error = error
        self.aadsts = aadsts
        self.message = message
        self.suberror = suberror
        self.claims = claims
        self.status = status

    @property
    def description(self) -> str:
        trace = "Trace ID: 00000000-0000-0000-0000-000000000000 Correlation ID: 00000000-0000-0000-0000-000000000000"
        return f"AADSTS{self.aadsts}: {self.message} {trace}"

    def response(self) -> Response:
        body: dict[str, Any] = {
            "error": self.error,
            "error_description": self.description,
            "error_codes": [self.aadsts],
            "timestamp": "2026-11-02 08:00:00Z",
            "trace_id": "00000000-0000-0000-0000-000000000000",
            "correlation_id": "00000000-0000-0000-0000-000000000000",
        }
        if self.suberror:
            body["suberror"] = self.suberror
        if self.claims:
            body["claims"] = self.claims
        return Response(self.status, json.dumps(body).encode(), {**PLAIN_JSON, "Cache-Control": "no-store"})


def ordered(status: int, reason: str, retry_after: int | None) -> Response:
    """An error as a test orders it: `reason` is Graph's code, or "AADSTS<number>" for the token endpoint's form."""
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    if match := re.search(r"AADSTS(\d+)", reason):
        word = reason.partition(" ")[0] if not reason.startswith("AADSTS") else "temporarily_unavailable"
        answer = EntraError(word, int(match[1]), "As ordered.", status=status).response()
        return Response(status, answer.body, {**answer.headers, **headers})
    code = reason or _CODES.get(status, "UnknownError")
    return GraphError(status, code, "As ordered.", headers=headers).response()


_CODES = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    409: "nameAlreadyExists",
    410: "syncStateNotFound",
    412: "ErrorIrresolvableConflict",
    423: "resourceLocked",
    429: "ApplicationThrottled",
    500: "ErrorInternalServerError",
    503: "ErrorServerBusy",
    504: "UnknownError",
    509: "bandwidthLimitExceeded",
}
