"""The one way to Microsoft Graph: what may come of a request, as answers or as connectors.errors.

Nothing that a server or a network does gets out of here as anything but a `ConnectorError`, and no title, body or
address gets into a message. May be used by several threads: no more than four requests are under way at once,
which is what Outlook allows an application and a mailbox (https://learn.microsoft.com/graph/throttling-limits).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from connectors.errors import BadAnswer, ConnectorError, SignInNeeded
from connectors.frozen import dataclass
from connectors.outlook import scopes
from connectors.outlook.failures import Failure
from connectors.outlook.listing import Listing, listing
from connectors.outlook.renewal import FreshToken
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.wire import Answer, Question, Wire
from connectors.retry import Retry
from connectors.tokens import sign_in_again

AT_ONCE = 4

_CLAIMS = re.compile(r'claims="([A-Za-z0-9+/_=-]{1,8000})"')
_CHALLENGE = re.compile(r'error="?insufficient_claims"?')
_MOST_HOPS = 3


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `target` is a path below Graph's root ("/me/events"), or a link that Graph gave, to the letter.

    `what` is how messages call it ("reading an event"). `prefer` are values of the Prefer header, which holds for
    one request only. `safe` says that carrying it out twice does no harm: then it is repeated after any passing
    failure, else only after those that surely came before anything was done.
    """

    method: str
    target: str
    what: str
    query: Mapping[str, str | int] | None = None
    body: Mapping[str, Any] | None = None
    content: bytes | None = None
    content_type: str = "application/octet-stream"
    prefer: Sequence[str] = ()
    etag: str | None = None
    safe: bool = False


class Graph:
    """One account's requests.

    :raises Misconfigured: the CA bundle is no good.
    """

    def __init__(self, settings: OutlookSettings, retry: Retry | None = None) -> None:
        self.settings = settings
        self._retry = retry or Retry(stop=settings.stop)
        self._wire = Wire(settings.timeout, settings.ca_bundle, settings.cache_dir)
        self._token = FreshToken(settings, self._wire)
        self._room = threading.BoundedSemaphore(AT_ONCE)

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries and renewals of the token included."""
        return self._wire.requests

    @property
    def address(self) -> str | None:
        """The signed-in user's address, lower-case. :raises SignInNeeded: nobody is signed in."""
        return self._token.grant.address

    @property
    def addresses(self) -> frozenset[str]:
        """All addresses known to be the user's. :raises SignInNeeded: nobody is signed in."""
        return self._token.grant.addresses

    def require(self, scope: str) -> None:
        """:raises SignInNeeded: the sign-in does not hold this permission."""
        if not scopes.covered(scope, self._token.grant.scopes):
            name = self.settings.name
            raise SignInNeeded(
                f"Account {name}: the sign-in lacks the permission {scopes.in_words([scope])}. {sign_in_again(name)}"
            )

    def get(
        self,
        target: str,
        what: str,
        query: Mapping[str, str | int] | None = None,
        prefer: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Reads a JSON object. Raises as `send` does."""
        return self.send(Call("GET", target, what, query=query, prefer=prefer, safe=True))

    def listing(
        self,
        target: str,
        what: str,
        query: Mapping[str, str | int] | None = None,
        prefer: Sequence[str] = (),
    ) -> Listing:
        """Reads a page of a long list. Raises as `send` does."""
        call = Call("GET", target, what, query=query, prefer=prefer, safe=True)
        found = listing(self._direct(call).body)
        if found is None:
            raise BadAnswer(f"{self._where(call)}: the answer is no list")
        return found

    def send(self, call: Call) -> dict[str, Any]:
        """Sends a request and gives the JSON object that came back ({} where there is nothing to give).

        :raises ConnectorError: SignInNeeded, Misconfigured, Refused, Throttled, Unavailable, NotFound, Conflict
            (409, 412; its subclass failures.Locked for a 423), TokenExpired, BadAnswer; its subclass
            failures.BadRequest for a 400.
        """
        answer = self._direct(call)
        if answer.status in (202, 204) or (not answer.body and call.method != "GET"):
            return {}
        try:
            content = json.loads(answer.body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise BadAnswer(f"{self._where(call)}: the answer is no JSON object")
        return content

    def download(self, target: str, what: str) -> bytes:
        """A file's content. OneDrive sends on to another host, which is not shown the access token."""
        answer = self.exchange(Call("GET", target, what, safe=True))
        for _ in range(_MOST_HOPS):
            if answer.status not in (301, 302, 303, 307, 308):
                return answer.body
            answer = self._elsewhere(answer.headers.get("location", ""), what)
        raise BadAnswer(f"Account {self.settings.name}, {what}: the file is always somewhere else")

    def exchange(self, call: Call) -> Answer:
        """The answer itself, a success or a redirect. Raises as `send` does."""
        question = self._question(call)
        return self._retry.call(lambda: self._attempt(question), safe=call.safe)

    def close(self) -> None:
        """Closes the connections; a later request opens them again."""
        self._wire.close()

    def _direct(self, call: Call) -> Answer:
        """The answer, unless it is a portal's or a proxy's: then a write was not carried out, however empty it is."""
        answer = self.exchange(call)
        if answer.status >= 300:
            raise BadAnswer(f"{self._where(call)}: the answer leads to another address, and is not followed")
        return answer

    # --- one request ------------------------------------------------------------------------------------

    def _attempt(self, question: Question) -> Answer:
        token = self._token.access_token()
        answer = self._carry(question, token)
        if answer.status == 401:
            # Taken back before its time, or (continuous access evaluation) good no longer as it is: once more.
            claims = claims_in(answer.headers.get("www-authenticate", ""))
            answer = self._carry(question, self._token.renew(token, claims))
        if answer.status >= 400 or answer.status == 304:
            raise self._failure(question, answer)
        return answer

    def _elsewhere(self, link: str, what: str) -> Answer:
        where = f"Account {self.settings.name}, {what}"
        if urlsplit(link).scheme != "https":
            raise BadAnswer(f"{where}: the file is said to be at an address that is none")
        question = Question("GET", link, where, {"Accept": "*/*"})
        return self._retry.call(lambda: self._plain(question), safe=True)

    def _plain(self, question: Question) -> Answer:
        answer = self._wire.send(question)
        if answer.status >= 400:
            raise self._failure(question, answer)
        return answer

    def _carry(self, question: Question, token: str) -> Answer:
        headers = {**question.headers, "Authorization": f"Bearer {token}"}
        with self._room:
            return self._wire.send(
                Question(question.method, question.url, question.where, headers, question.body)
            )

    def _failure(self, question: Question, answer: Answer) -> ConnectorError:
        lacking: tuple[str, ...] = ()
        if answer.status == 403:
            lacking = scopes.missing(self.settings, self._token.grant.scopes)
        failure = Failure(self.settings.name, question.where, question.method, answer)
        return failure.error(scopes.in_words(lacking) if lacking else "")

    def _question(self, call: Call) -> Question:
        headers = {"Accept": "application/json"}
        if call.prefer:
            headers["Prefer"] = ", ".join(call.prefer)
        if call.etag is not None:
            headers["If-Match"] = call.etag
        body = call.content
        if call.body is not None:
            body = json.dumps(call.body).encode()
            headers["Content-Type"] = "application/json"
        elif body is not None:
            headers["Content-Type"] = call.content_type
        return Question(call.method, self._address(call), self._where(call), headers, body)

    def _address(self, call: Call) -> str:
        if call.target.startswith("/"):
            query = f"?{urlencode(call.query, quote_via=quote, safe='$')}" if call.query else ""
            return f"{self.settings.root}{call.target}{query}"
        if not self._is_ours(call.target):
            raise BadAnswer(f"{self._where(call)}: a link leads to another server, and is not followed")
        return call.target

    def _is_ours(self, link: str) -> bool:
        """The access token goes to the configured server and to nobody else, whatever an answer says."""
        return _origin(link) == _origin(self.settings.root) is not None

    def _where(self, call: Call) -> str:
        return f"Account {self.settings.name}, {call.what}"


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port; None for what is no plain address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    usual = {"https": 443, "http": 80}
    return None if "@" in parts.netloc else (parts.scheme, parts.hostname, port or usual.get(parts.scheme))


def claims_in(header: str) -> str | None:
    """What a 401 asks to be put into the next token, as JSON; None where it asks for nothing.

    https://learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    found = _CLAIMS.search(header)
    if not found or not _CHALLENGE.search(header):
        return None
    text = found[1].replace("-", "+").replace("_", "/")
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
        return decoded if isinstance(json.loads(decoded), dict) else None
    except (ValueError, binascii.Error, RecursionError):
        return None


def segment(identifier: str) -> str:
    """An id as one segment of a path: Outlook's hold = and may hold /."""
    return quote(identifier, safe="")
