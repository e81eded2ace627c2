"""httplib2 with its habits taken off: it sends a request once, follows no redirect, and trusts whom we say.

httplib2 sends a request again when the connection drops before an answer, POSTs included, whatever its
RETRIES says (`Http._conn_request`: "retry regardless of the number of RETRIES set"). An event or a page would
be made twice. Its connections are replaced by the standard library's, which know proxies without another
package.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import select
import ssl
import time
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import httplib2

from connectors.bounds import MOST_BYTES, Bounded
from connectors.proxies import proxy_for

# A connection idle for longer is opened anew: routers forget it without telling either end. Seconds.
_IDLE = 30.0


class NotSentAgain(ConnectionError):
    """The connection was dropped before an answer came; httplib2 wanted to send the request a second time."""


class _Once(Bounded):
    """A connection on which one exchange sends one request."""

    sent = False
    _used_at = 0.0

    def begin(self) -> None:
        """Starts an exchange: a connection that the server has closed meanwhile must not eat a request."""
        self.sent = False
        if self.sock is not None and (time.monotonic() - self._used_at > _IDLE or _readable(self.sock)):
            self.close()

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sent:
            self.close()
            raise NotSentAgain
        self.sent = True
        self._used_at = time.monotonic()
        super().request(*args, **kwargs)


class _PlainOnce(_Once):
    """Without TLS: a server on this machine, most of all."""

    def __init__(self, authority: str, timeout: float | None = None, **_: object) -> None:
        proxy = _proxy(f"http://{authority}")
        super().__init__(proxy.netloc.rpartition("@")[2] if proxy else authority, timeout=timeout)
        self._target = f"http://{authority}" if proxy else ""
        self._extra = _proxy_headers(proxy)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **kwargs: Any) -> None:
        super().request(method, self._target + url, body, {**(headers or {}), **self._extra}, **kwargs)


class _SecureOnce(_Once, http.client.HTTPSConnection):
    """With TLS, through a tunnel where there is a proxy. `trusted` is set by each account's own subclass."""

    trusted: ssl.SSLContext

    def __init__(self, authority: str, timeout: float | None = None, **_: object) -> None:
        proxy = _proxy(f"https://{authority}")
        through = proxy.netloc.rpartition("@")[2] if proxy else authority
        if proxy and proxy.port is None:
            through += ":80"
        super().__init__(through, timeout=timeout, context=self.trusted)
        if proxy:
            target = urlsplit(f"//{authority}")
            self.set_tunnel(target.hostname or "", target.port or 443, _proxy_headers(proxy))


class HttpOnce(httplib2.Http):
    """Sends each request at most once, and counts them. Proxies come from the environment.

    Not to be shared between threads (httplib2's connections are not).
    """

    def __init__(self, timeout: float, authorities: Path) -> None:
        # A hundred times as long as it was packed is much to httplib2, and little to a list of like entries.
        super().__init__(timeout=timeout, proxy_info=None, decode_limit_hard=MOST_BYTES, decode_limit_ratio=0)
        # The APIs don't redirect. A captive portal does, and httplib2 would send even a POST on to a 308's
        # target.
        self.follow_redirects = False
        self.requests = 0
        context = ssl.create_default_context(cafile=str(authorities))
        context.set_alpn_protocols(["http/1.1"])
        self._secure = type("_TrustingOnce", (_SecureOnce,), {"trusted": context})

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Any = None,
        redirections: int = httplib2.DEFAULT_MAX_REDIRECTS,
        connection_type: Any = None,
    ) -> tuple[httplib2.Response, bytes]:
        for connection in self.connections.values():
            connection.begin()
        self.requests += 1
        kind = connection_type or (self._secure if uri.startswith("https:") else _PlainOnce)
        try:
            response, content = super().request(uri, method, body, headers, redirections, kind)
        except BaseException:
            # What a broken exchange left unread must not be taken for the next one's answer.
            for connection in self.connections.values():
                with contextlib.suppress(Exception):
                    connection.close()
            raise
        return response, content

    @property
    def sent(self) -> bool:
        """Whether the last request got as far as the wire: it may have been carried out."""
        return any(connection.sent for connection in self.connections.values())


def _readable(sock: Any) -> bool:
    """Whether something arrived that nobody asked for: on an idle connection that is its end."""
    try:
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


def _proxy(url: str) -> SplitResult | None:
    proxy = proxy_for(url)
    return urlsplit(proxy) if proxy else None


def _proxy_headers(proxy: SplitResult | None) -> dict[str, str]:
    if proxy is None or proxy.username is None:
        return {}
    credentials = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(credentials.encode()).decode("ascii")}
