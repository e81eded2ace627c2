"""The dead man's switch: a URL that is called after a good cycle, so that somebody else notices when none comes.

A call of the standard library's HTTP, in a thread that is waited for only shortly: it delays nothing. The URL is a
secret, and stands in no message. A redirect is a failure: it is what a hotel's network answers to everything.
"""

from __future__ import annotations

import ssl
import threading
from functools import lru_cache
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from connectors.errors import ConnectorError, Misconfigured
from connectors.proxies import proxy_for
from connectors.tls import trusted_authorities

PATIENCE = 3.0
"""Seconds that a call may take, and that anything waits for it."""


class NoAnswer(Exception):
    """The ping did not get through. The message is a sentence for people, without the URL."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """None: an answer that redirects is raised as an HTTPError."""


def ping(url: str, ca_bundle: Path | None, cache: Path, patience: float = PATIENCE) -> None:
    """Calls the URL. :raises NoAnswer: not answered with success within `patience` seconds."""
    outcome: list[str] = []
    caller = threading.Thread(
        target=lambda: outcome.append(_outcome(url, ca_bundle, cache, patience)), name="ping", daemon=True
    )
    caller.start()
    caller.join(patience)
    # Looking up a name knows no time limit: such a thread is left to itself.
    wrong = outcome[0] if outcome else _TOO_LATE
    if wrong:
        raise NoAnswer(wrong)


_TOO_LATE = "The ping (notify.ping) got no answer in time."


def _outcome(url: str, ca_bundle: Path | None, cache: Path, patience: float) -> str:
    """What went wrong, in a sentence; empty if nothing did."""
    try:
        opener = _opener(url, trusted_authorities(ca_bundle, cache) if url.startswith("https:") else None)
        request = Request(url, headers={"User-Agent": "prepd", "Connection": "close"})  # noqa: S310  http or https, says the config
        with opener.open(request, timeout=patience):
            return ""
    except HTTPError as error:
        error.close()
        if 300 <= error.code < 400:
            return f"The ping (notify.ping) was redirected ({error.code}). Put the final URL into the config."
        return f"The ping (notify.ping) was answered {error.code}. Check its URL."
    except ConnectorError as error:
        return f"The ping (notify.ping) could not be sent: {error}."
    except (OSError, HTTPException, ValueError) as error:
        return _TOO_LATE if _is_late(error) else f"The ping (notify.ping) got no answer ({_reason(error)})."


def _is_late(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or (
        isinstance(error, URLError) and isinstance(error.reason, TimeoutError)
    )


def _reason(error: Exception) -> str:
    """A word on a failure of the network, which names no host."""
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return "its certificate is not trusted: see network.ca_bundle"
    return (inner.strerror if isinstance(inner, OSError) else None) or type(inner).__name__


def _opener(url: str, authorities: Path | None) -> OpenerDirector:
    """:raises Misconfigured: the environment's proxy, or the CA bundle, can't be used."""
    proxy = proxy_for(url)
    handlers = [ProxyHandler({url.partition(":")[0]: proxy} if proxy else {}), _NoRedirects()]
    if authorities is None:
        return build_opener(*handlers)
    return build_opener(*handlers, HTTPSHandler(context=_context(authorities)))


@lru_cache(maxsize=1)
def _context(authorities: Path) -> ssl.SSLContext:
    """Kept: reading the authorities takes longer than the call."""
    try:
        return ssl.create_default_context(cafile=str(authorities))
    except OSError as error:
        raise Misconfigured(f"the authorities can't be read ({error.strerror})") from None
