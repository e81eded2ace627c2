"""What an HTTP answer of Google's that is no success means, by who must act.

Statuses and reasons: https://developers.google.com/workspace/calendar/api/guides/errors. Google's own words
are never repeated in a message (they hold addresses and project numbers): only its reason codes are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from connectors.errors import (
    BadAnswer,
    Conflict,
    ConnectorError,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    Throttled,
    TokenExpired,
    Unavailable,
)
from connectors.frozen import dataclass
from connectors.retry import failed_for_now, seconds_to_wait
from connectors.tokens import sign_in_again

_TOO_MUCH = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
    "sharingRateLimitExceeded",
    "RESOURCE_EXHAUSTED",
    "RATE_LIMIT_EXCEEDED",
}
_NOT_ENABLED = {"accessNotConfigured", "SERVICE_DISABLED"}
_TOO_FEW_PERMISSIONS = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}
_APIS = {"calendar": "Google Calendar API", "drive": "Google Drive API", "docs": "Google Docs API"}
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}\Z")


class BadRequest(BadAnswer):
    """Google says that a request makes no sense (400 and the like): mostly a bug, sometimes a stale revision.

    `said` is Google's own explanation: to be looked into, never to be logged.
    """

    def __init__(self, message: str, *, status: int, reasons: frozenset[str], said: str) -> None:
        super().__init__(message)
        self.status = status
        self.reasons = reasons
        self.said = said


@dataclass(frozen=True, slots=True)
class Failure:
    """One answer that is no success. `method_id` is the API's, like 'calendar.events.patch'."""

    account: str
    method_id: str
    http_method: str
    status: int
    retry_after: str | None
    body: bytes

    def error(self, missing: str) -> ConnectorError:
        """The error to raise. `missing` names the permissions that this sign-in lacks, as far as known."""
        content = _error_object(self.body)
        reasons = frozenset(_reasons(content)) if content is not None else frozenset()
        known = self._by_reason(reasons, missing) or self._by_status(reasons, is_google=content is not None)
        return known or BadRequest(
            f"{self._where(reasons)}: Google did not accept the request",
            status=self.status,
            reasons=reasons,
            said=_said(content),
        )

    def _by_reason(self, reasons: frozenset[str], missing: str) -> ConnectorError | None:
        """What Google's own reason settles, whatever the status."""
        where = self._where(reasons)
        if reasons & _NOT_ENABLED:
            api = _APIS.get(self._api, "API")
            return Misconfigured(
                f"{where}: the {api} is not enabled in the project of your OAuth client. "
                "Enable it at console.cloud.google.com, APIs & Services, Library"
            )
        if self.status in (401, 403) and reasons & _TOO_FEW_PERMISSIONS:
            lacks = f"the permission {missing}" if missing else "a permission"
            return SignInNeeded(
                f"{where}: the sign-in lacks {lacks}. {sign_in_again(self.account)}, and leave its box ticked"
            )
        if self.status == 429 or (self.status == 403 and reasons & _TOO_MUCH):
            return Throttled(f"{where}: too many requests", retry_after=seconds_to_wait(self.retry_after))
        return None

    def _by_status(self, reasons: frozenset[str], *, is_google: bool) -> ConnectorError | None:
        where = self._where(reasons)
        if self.status in (408, 425) or self.status >= 500:
            return failed_for_now(
                f"{where}: Google could not answer for now", self.retry_after, self.http_method
            )
        if self.status == 401:
            remedy = sign_in_again(self.account)
            return SignInNeeded(f"{where}: Google no longer accepts the sign-in. {remedy}")
        if self.status == 407:
            return Misconfigured(f"{where}: the proxy asks for a sign-in. Put it into the proxy's URL")
        if self.status == 410 and self.method_id == "calendar.events.list":
            return TokenExpired(f"{where}: the calendar has to be read in full")
        if not is_google:
            # A proxy's or a captive portal's page. To take its 404 for Google's would lose a meeting.
            if self.status == 403:
                return Unavailable(f"{where}: something between here and Google refused", maybe_done=False)
            return BadAnswer(f"{where}: the answer is not one of Google's")
        if self.status == 403:
            return Refused(f"{where}: Google does not allow it")
        if self.status in (404, 410):
            return NotFound(f"{where}: it is not there (any more)")
        if self.status in (409, 412):
            return Conflict(f"{where}: it is not as it was when it was read")
        return None

    @property
    def _api(self) -> str:
        return self.method_id.partition(".")[0]

    def _where(self, reasons: frozenset[str]) -> str:
        codes = ", ".join(sorted(reasons)[:4])
        status = f"{self.status} {codes}".strip()
        return f"Account {self.account}, {self.method_id} ({status})"


def _error_object(body: bytes) -> dict[str, object] | None:
    """The `error` of a Google answer, or None where this is none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = content.get("error") if isinstance(content, dict) else None
    if isinstance(error, dict):
        return error
    # The sign-in endpoints, and a few old ones, say {"error": "code"}.
    return {"status": error} if isinstance(error, str) else None


def _reasons(error: dict[str, object]) -> Iterator[str]:
    codes: list[object] = [error.get("status")]
    for key in ("errors", "details"):
        entries = error.get(key)
        if isinstance(entries, list):
            codes += [entry.get("reason") for entry in entries[:20] if isinstance(entry, dict)]
    return (code for code in codes if isinstance(code, str) and _CODE.match(code))


def _said(error: dict[str, object] | None) -> str:
    message = error.get("message") if error else None
    return message[:500] if isinstance(message, str) else ""
