"""What an answer of Graph's that is no success means, by who must act.

By status and `error.code`, never by the message (it is localized, and holds addresses):
https://learn.microsoft.com/graph/errors. Codes come in any letter case, and further in as `innerError`.
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
from connectors.outlook.wire import Answer
from connectors.retry import failed_for_now, seconds_to_wait
from connectors.tokens import sign_in_again

_READ_IN_FULL = {
    "syncstatenotfound",
    "syncstateinvalid",
    "resyncrequired",
    "resyncchangesapplydifferences",
    "resyncchangesuploaddifferences",
}
_TOO_MUCH = {
    "toomanyrequests",
    "applicationthrottled",
    "activitylimitreached",
    "throttledrequest",
    "bandwidthlimitexceeded",
    "errorserverbusy",
    "mailboxconcurrency",
}
_NO_MAILBOX = {
    "mailboxnotenabledforrestapi",
    "mailboxnotsupportedforrestapi",
    "resourcenotfound_mailbox",
    "errornonexistentmailbox",
}
_FULL = {"quotalimitreached", "insufficientstorage", "errorquotaexceeded"}
_GONE = {"erroritemnotfound", "errorinvalididmalformed", "itemnotfound", "errorcalendarfoldernotfound"}
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,80}\Z")
_DEEPEST = 10


class BadRequest(BadAnswer):
    """Graph says that a request makes no sense (400 and the like). `codes` are lower-case."""

    def __init__(self, message: str, *, status: int, codes: frozenset[str]) -> None:
        super().__init__(message)
        self.status = status
        self.codes = codes


class Locked(Conflict):
    """A file is open in an editor (423): it can be changed later."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One answer that is no success. `where` is how messages call the request."""

    account: str
    where: str
    method: str
    answer: Answer

    def error(self, missing: str) -> ConnectorError:
        """The error to raise. `missing` names the permissions that this sign-in lacks, as far as known."""
        codes = codes_in(self.answer.body)
        known = self._by_code(frozenset(codes or ()), missing) or self._by_status(codes)
        return known or BadRequest(
            f"{self._where(codes)}: Microsoft did not accept the request",
            status=self.answer.status,
            codes=frozenset(codes or ()),
        )

    def _by_code(self, codes: frozenset[str], missing: str) -> ConnectorError | None:
        """What Graph's own code settles, whatever the status."""
        status, where = self.answer.status, self._where(codes)
        if codes & _READ_IN_FULL and 400 <= status < 500:
            return TokenExpired(f"{where}: it has to be read in full")
        if status in (429, 509) or (status in (403, 503) and codes & _TOO_MUCH):
            error = Throttled(f"{where}: too many requests", retry_after=seconds_to_wait(self._retry_after))
            # Refused before anything was done, whatever the number says.
            error.maybe_done = False
            return error
        if codes & _NO_MAILBOX:
            return Misconfigured(
                f"{where}: this account has no mailbox that Microsoft Graph can reach. "
                "Sign in with another account, or ask your administrator for an Exchange Online mailbox"
            )
        if codes & _FULL or status == 507:
            return Refused(f"{where}: there is no room left. Free some space in OneDrive or the mailbox")
        if status == 403 and codes and missing:
            remedy = sign_in_again(self.account)
            return SignInNeeded(f"{where}: the sign-in lacks the permission {missing}. {remedy}")
        if codes & _GONE and status in (400, 404):
            return NotFound(f"{where}: it is not there (any more)")
        return None

    def _by_status(self, codes: tuple[str, ...] | None) -> ConnectorError | None:
        status, where = self.answer.status, self._where(codes)
        if status in (408, 425) or status >= 500:
            return failed_for_now(
                f"{where}: Microsoft could not answer for now", self._retry_after, self.method
            )
        if status == 401:
            remedy = sign_in_again(self.account)
            return SignInNeeded(f"{where}: Microsoft no longer accepts the sign-in. {remedy}")
        if status == 407:
            return Misconfigured(f"{where}: the proxy asks for a sign-in. Put it into the proxy's URL")
        if codes is None:
            # A proxy's or a captive portal's page. To take its 404 for Microsoft's would lose a meeting.
            if status == 403:
                return Unavailable(f"{where}: something between here and Microsoft refused")
            return BadAnswer(f"{where}: the answer is not one of Microsoft's")
        if status == 403:
            return Refused(f"{where}: Microsoft does not allow it")
        if status == 404 or (status == 410 and self.method != "GET"):
            return NotFound(f"{where}: it is not there (any more)")
        if status == 410:
            return TokenExpired(f"{where}: it has to be read in full")
        if status == 423:
            return Locked(f"{where}: it is open in an editor")
        if status in (409, 412):
            return Conflict(f"{where}: it is not as it was when it was read")
        return None

    @property
    def _retry_after(self) -> str | None:
        return self.answer.headers.get("retry-after")

    def _where(self, codes: frozenset[str] | tuple[str, ...] | None) -> str:
        shown = ", ".join(sorted(codes or ())[:3])
        return f"{self.where} ({f'{self.answer.status} {shown}'.strip()})"


def codes_in(body: bytes) -> tuple[str, ...] | None:
    """The codes of an error, the outermost first, lower-case; None where this is no answer of Graph's."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = content.get("error") if isinstance(content, dict) else None
    if isinstance(error, dict):
        return tuple(code.lower() for code in _codes(error))
    # OneDrive's upload and sign-in hosts say {"error": "code"}.
    return (error.lower(),) if isinstance(error, str) and _CODE.match(error) else None


def _codes(error: dict[str, object]) -> Iterator[str]:
    level: object = error
    for _ in range(_DEEPEST):
        if not isinstance(level, dict):
            return
        code = level.get("code")
        if isinstance(code, str) and _CODE.match(code):
            yield code
        level = next((level[key] for key in ("innerError", "innererror") if key in level), None)
