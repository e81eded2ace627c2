"""The one way to Google: its API clients, and what may come of a request, as answers or as connectors.errors.

Each account has its own `Services`, used by one thread at a time. Nothing that a server or a network does
gets out of `execute` as anything but a `ConnectorError`.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import google_auth_httplib2
import httplib2
from googleapiclient import discovery
from googleapiclient.schema import Schemas
from httplib2.decode import DecodeLimitError, DecodeRatioError

from connectors.bounds import TooLong
from connectors.errors import BadAnswer, ConnectorError, SignInNeeded, Unavailable
from connectors.google import scopes
from connectors.google.failures import Failure
from connectors.google.quick_json import QuickJson
from connectors.google.renewal import FreshToken, renewal_failed
from connectors.google.settings import GoogleSettings
from connectors.google.wire import HttpOnce
from connectors.retry import Retry
from connectors.tls import trusted_authorities
from connectors.tokens import sign_in_again
from connectors.unreachable import why_no_answer

if TYPE_CHECKING:
    from googleapiclient._apis.calendar.v3.resources import CalendarResource
    from googleapiclient._apis.docs.v1.resources import DocsResource
    from googleapiclient._apis.drive.v3.resources import DriveResource
    from googleapiclient.http import HttpRequest

log = logging.getLogger(__name__)

# Where each API begins below `api_root`; the method paths of Docs start with v1/ themselves.
_BELOW_ROOT = {"calendar": "calendar/v3/", "drive": "drive/v3/", "docs": ""}

# googleapiclient makes these anew at every call: kept instead.
_COLLECTIONS = {
    "calendar": ("events", "calendarList"),
    "drive": ("files", "permissions"),
    "docs": ("documents",),
}


class _NoSuccess(Exception):
    """An HTTP answer of 300 and above."""

    def __init__(self, response: httplib2.Response, body: bytes) -> None:
        super().__init__(response.status)
        self.response = response
        self.body = body


class _Door(google_auth_httplib2.AuthorizedHttp):  # type: ignore[misc]  # no types
    """Adds the access token. Keeps failures from googleapiclient: it stumbles over them, and logs them."""

    def request(self, *args: Any, **kwargs: Any) -> tuple[httplib2.Response, bytes]:
        response, body = super().request(*args, **kwargs)
        if response.status >= 300:
            raise _NoSuccess(response, body)
        return response, body


class Services:
    """The APIs of one account, and the one way to send a request to them.

    :raises Misconfigured: the CA bundle is no good.
    """

    def __init__(self, settings: GoogleSettings, retry: Retry | None = None) -> None:
        self.settings = settings
        self._retry = retry or Retry(stop=settings.stop)
        self._http = HttpOnce(settings.timeout, trusted_authorities(settings.ca_bundle, settings.cache_dir))
        self._token = FreshToken(settings)
        self._token_request = google_auth_httplib2.Request(self._http)
        self._door = _Door(None, http=self._http, max_refresh_attempts=0)
        self._built: dict[str, Any] = {}

    @property
    def calendar(self) -> CalendarResource:
        return self._build("calendar", "v3")  # type: ignore[no-any-return]

    @property
    def drive(self) -> DriveResource:
        return self._build("drive", "v3")  # type: ignore[no-any-return]

    @property
    def docs(self) -> DocsResource:
        return self._build("docs", "v1")  # type: ignore[no-any-return]

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries and renewals of the token included."""
        return self._http.requests

    @property
    def address(self) -> str | None:
        """The signed-in user's address, lower-case. :raises SignInNeeded: nobody is signed in."""
        return self._token.grant.address

    def require(self, scope: str) -> None:
        """:raises SignInNeeded: the sign-in does not hold this permission."""
        if not scopes.covered(scope, self._token.grant.scopes):
            name = self.settings.name
            raise SignInNeeded(
                f"Account {name}: the sign-in lacks the permission {scopes.in_words([scope])}. "
                f"{sign_in_again(name)}, and leave its box ticked"
            )

    def execute(self, request: HttpRequest, *, safe: bool) -> dict[str, Any]:
        """Sends a request and gives the JSON object that came back ({} for a deletion).

        `safe` says that carrying it out twice does no harm: then it is repeated after any passing failure,
        else only after those that surely came before anything was done.

        :raises ConnectorError: SignInNeeded, Misconfigured, Refused, Throttled, Unavailable, NotFound,
            Conflict (409 and 412), TokenExpired, BadAnswer; its subclass failures.BadRequest for a 400.
        """
        method, method_id = str(request.method), str(request.methodId)
        answer = self._retry.call(lambda: self._attempt(request, method, method_id), safe=safe)
        if isinstance(answer, dict):
            return answer
        if method == "DELETE":
            return {}
        raise BadAnswer(f"Account {self.settings.name}, {method_id}: the answer is no JSON object")

    def close(self) -> None:
        """Closes the connections; a later request opens them again."""
        self._http.close()

    def _attempt(self, request: HttpRequest, method: str, method_id: str) -> object:
        try:
            try:
                return self._send(request, renew=False)
            except _NoSuccess as failure:
                if failure.response.status != 401:
                    raise
            # The access token may have been revoked before its time: once with a new one.
            return self._send(request, renew=True)
        except _NoSuccess as failure:
            raise self._failure(failure, method, method_id) from None

    def _send(self, request: HttpRequest, *, renew: bool) -> object:
        get = self._token.renew if renew else self._token.credentials
        try:
            self._door.credentials = get(self._token_request)
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001  # as below
            raise renewal_failed(self.settings.name, error) from None
        try:
            return request.execute(num_retries=0)
        except (_NoSuccess, ConnectorError):
            raise
        except Exception as error:  # noqa: BLE001  # sorted out there
            self._broken(request, error)

    def _broken(self, request: HttpRequest, error: Exception) -> NoReturn:
        """What it means that no answer came, or none that can be read."""
        where = f"Account {self.settings.name}, {request.methodId}"
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Unavailable(
                f"{where}: the server's certificate is not trusted. Check this machine's clock; if your "
                "network has its own authority, set network.ca_bundle"
            ) from None
        if isinstance(error, (TooLong, DecodeLimitError, DecodeRatioError)):
            raise BadAnswer(f"{where}: the answer is longer than any that makes sense") from None
        if isinstance(error, _BROKEN) and not isinstance(error, httplib2.FailedToDecompressContent):
            maybe_done = _changes_something(request) and self._http.sent
            raise Unavailable(
                f"Account {self.settings.name}: Google can't be reached ({why_no_answer(error)}). "
                "Is this machine online?",
                maybe_done=maybe_done,
            ) from None
        # Bytes that are no JSON, JSON nested too deep, headers that are no headers: whatever the libraries
        # trip over.
        raise BadAnswer(f"{where}: the answer can't be read ({type(error).__name__})") from None

    def _failure(self, failure: _NoSuccess, method: str, method_id: str) -> ConnectorError:
        lacking: tuple[str, ...] = ()
        if failure.response.status == 403:
            lacking = scopes.missing(self.settings, self._token.grant.scopes)
        return Failure(
            account=self.settings.name,
            method_id=method_id,
            http_method=method,
            status=failure.response.status,
            retry_after=failure.response.get("retry-after"),
            body=failure.body,
        ).error(scopes.in_words(lacking) if lacking else "")

    def _build(self, api: str, version: str) -> Any:
        if api not in self._built:
            root = self.settings.api_root
            options = {"api_endpoint": f"{root.rstrip('/')}/{_BELOW_ROOT[api]}"} if root else None
            self._built[api] = _build(api, version, self._door, options)
        return self._built[api]


_BROKEN = (OSError, http.client.HTTPException, httplib2.HttpLib2Error)


def _changes_something(request: HttpRequest) -> bool:
    """googleapiclient turns a GET with a long address into a POST that says it is one."""
    return request.method != "GET" and (request.headers or {}).get("x-http-method-override") != "GET"


_BUILDING = threading.Lock()


def _build(api: str, version: str, door: object, options: Mapping[str, str] | None) -> Any:
    """From the API descriptions that come with the library: nothing is asked for over the network."""
    build: Any = discovery.build
    with _BUILDING, _undocumented():
        built = build(
            api,
            version,
            http=door,
            client_options=options,
            model=QuickJson(),
            static_discovery=True,
            cache_discovery=False,
        )
        for collection in _COLLECTIONS[api]:
            setattr(built, collection, _always(getattr(built, collection)()))
    return built


def _always(value: object) -> Callable[[], object]:
    return lambda: value


@contextlib.contextmanager
def _undocumented() -> Iterator[None]:
    """Keeps the client from writing docstrings for its methods, whole schemas in them, at every call.

    Those of Docs alone take 46 MB and a tenth of a second, and nobody reads them here.
    """
    names = ("prettyPrintSchema", "prettyPrintByName")
    written = [getattr(Schemas, name) for name in names]
    for name in names:
        setattr(Schemas, name, lambda *_: "")
    try:
        yield
    finally:
        for name, method in zip(names, written, strict=True):
            setattr(Schemas, name, method)
