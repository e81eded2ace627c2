"""Whether a server can be reached, and what time it is there: one GET of its front page, whatever it answers."""

from __future__ import annotations

import ssl
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from connectors.frozen import dataclass
from connectors.proxies import proxy_for
from connectors.unreachable import why_no_answer


@dataclass(frozen=True, slots=True)
class Reached:
    """`error` says why it could not be reached; `untrusted`: for its certificate. `time` is the server's, None
    where it told none.
    """

    error: str | None = None
    time: datetime | None = None
    untrusted: bool = False


def reach(host: str, port: int, authorities: Path, timeout: float) -> Reached:
    """:param authorities: a PEM file. :raises Misconfigured: the proxy in the environment can't be used."""
    connection = _connection(host, port, ssl.create_default_context(cafile=str(authorities)), timeout)
    try:
        connection.request("GET", "/")
        return Reached(time=_time_in(connection.getresponse().getheader("Date")))
    except ssl.SSLCertVerificationError:
        return Reached(error="its certificate is not trusted", untrusted=True)
    except (OSError, HTTPException) as error:
        return Reached(error=why_no_answer(error))
    finally:
        connection.close()


def _connection(host: str, port: int, context: ssl.SSLContext, timeout: float) -> HTTPSConnection:
    proxy = proxy_for(f"https://{host}:{port}")
    if proxy is None:
        return HTTPSConnection(host, port, timeout=timeout, context=context)
    parts = urlsplit(proxy)
    through = HTTPSConnection(parts.hostname or "", parts.port or 80, timeout=timeout, context=context)
    through.set_tunnel(host, port)
    return through


def _time_in(header: str | None) -> datetime | None:
    try:
        told = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return told if told.tzinfo is not None else None
