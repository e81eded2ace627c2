"""requests with its habits taken off: one request is one request, to whom it is meant for and nobody else.

requests would read proxies, authorities and even passwords (.netrc) from the environment in its own way, and
follow redirects. This module knows no Graph: it tells an answer from none, and whether the question may have
arrived.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection
import urllib3.exceptions

from connectors.bounds import MOST_BYTES, Bounded
from connectors.errors import BadAnswer, ConnectorError, Unavailable
from connectors.frozen import dataclass
from connectors.proxies import proxy_for
from connectors.tls import trusted_authorities
from connectors.unreachable import why_no_answer


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, whatever its status. The names of headers are lower-case. Headers and body may hold tokens."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A request to be sent; `url` goes out as it is. `where` is how messages call it."""

    method: str
    url: str
    where: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


class _Plain(Bounded, urllib3.connection.HTTPConnection):
    """Without TLS: a server on this machine, most of all."""


class _Secure(Bounded, urllib3.connection.HTTPSConnection):
    """With TLS."""


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(requests.adapters.HTTPAdapter):
    """requests with connections whose answers are bounded."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        found = super().proxy_manager_for(*args, **kwargs)
        found.pool_classes_by_scheme = _POOLS
        return found


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class Wire:
    """The connections of one account. May be used by several threads.

    :raises Misconfigured: the CA bundle is no good.
    """

    def __init__(self, timeout: float, ca_bundle: Path | None, cache_dir: Path) -> None:
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(trusted_authorities(ca_bundle, cache_dir))
        self._session.headers.clear()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter())
        self._counting = threading.Lock()
        self.requests = 0
        """How many were sent so far."""

    def send(self, question: Question) -> Answer:
        """:raises Unavailable: no answer came. :raises BadAnswer: one that is no HTTP, or never ends."""
        with self._counting:
            self.requests += 1
        try:
            return self._exchange(question)
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001  # sorted out there
            raise _no_answer(question, error) from None

    def close(self) -> None:
        """Closes the connections; a later request opens them again."""
        self._session.close()

    def _exchange(self, question: Question) -> Answer:
        request = requests.Request(question.method, question.url, dict(question.headers), data=question.body)
        prepared = self._session.prepare_request(request)
        # requests spells addresses anew; a link that holds a token is to be followed to the letter.
        prepared.url = question.url
        proxy = proxy_for(question.url)
        with self._session.send(
            prepared,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
            verify=self._session.verify,
            proxies={"http": proxy, "https": proxy} if proxy else {},
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, _body(question, response))


def _body(question: Question, response: requests.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(65536):
        size += len(part)
        if size > MOST_BYTES:
            raise BadAnswer(f"{question.where}: the answer is longer than any that makes sense")
        parts.append(part)
    return b"".join(parts)


def _no_answer(question: Question, error: Exception) -> ConnectorError:
    """What it means that no answer came, or none that can be read."""
    where, kind = question.where, type(error).__name__
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable(
            f"{where}: the server's certificate is not trusted, or no secure connection could be made. "
            "If your network has its own authority, set network.ca_bundle"
        )
    if isinstance(error, (requests.exceptions.ContentDecodingError, requests.exceptions.InvalidHeader)):
        return BadAnswer(f"{where}: the answer can't be read ({kind})")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return BadAnswer(f"{where}: its address makes no sense ({kind})")
    if isinstance(error, (requests.RequestException, OSError, urllib3.exceptions.HTTPError)):
        maybe_done = question.method != "GET" and not _never_left(error)
        return Unavailable(
            f"{where}: Microsoft can't be reached ({why_no_answer(error)}). Is this machine online?",
            maybe_done=maybe_done,
        )
    return BadAnswer(f"{where}: the answer can't be read ({kind})")


_NO_CONNECTION = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    urllib3.exceptions.NameResolutionError,
)


def _never_left(error: Exception) -> bool:
    """Whether there was not even a connection."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), _NO_CONNECTION)
