"""Google's errors: the JSON envelope around `errors[].reason`, by which clients decide what to do.

Source of the reasons: the Calendar guide "Handle API errors", and the Drive guide of the same name.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.exchange import Response

JSON = {"Content-Type": "application/json; charset=UTF-8"}

# google.rpc.Code for each HTTP status, as newer APIs give it in `error.status`.
_RPC = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """A refusal: HTTP status, `errors[].reason`, and the message."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: tuple[str, str] | None = None,
        headers: dict[str, str] | None = None,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.headers = headers or {}
        self.details = details

    def response(self) -> Response:
        entry: dict[str, Any] = {"domain": self.domain, "reason": self.reason, "message": self.message}
        if self.location:
            entry["locationType"], entry["location"] = self.location
        error: dict[str, Any] = {"errors": [entry], "code": self.status, "message": self.message}
        if self.status in _RPC:
            error["status"] = _RPC[self.status]
        if self.details:
            error["details"] = self.details
        body = json.dumps({"error": error}, indent=1).encode()
        return Response(self.status, body, {**JSON, **self.headers})


def bad_request(message: str, reason: str = "invalid", parameter: str | None = None) -> ApiError:
    return ApiError(400, reason, message, location=("parameter", parameter) if parameter else None)


def not_found(message: str = "Not Found") -> ApiError:
    return ApiError(404, "notFound", message)


def missing_scope() -> ApiError:
    message = "Request had insufficient authentication scopes."
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
        }
    ]
    header = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"'}
    return ApiError(403, "insufficientPermissions", message, headers=header, details=details)


def bad_token() -> ApiError:
    header = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'}
    return ApiError(
        401, "authError", "Invalid Credentials", location=("header", "Authorization"), headers=header
    )


def conflict_etag() -> ApiError:
    return ApiError(412, "conditionNotMet", "Precondition Failed", location=("header", "If-Match"))
