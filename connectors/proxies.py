"""Which proxy a request goes through: what the environment says, the same for every HTTP library.

Each of them reads HTTPS_PROXY and NO_PROXY in its own way, and httplib2 passes a proxy over in silence where
the package PySocks is missing.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from connectors.errors import Misconfigured

_HERE = {"localhost", "127.0.0.1", "::1"}


def proxy_for(url: str) -> str | None:
    """The proxy's URL, or None where `url` is reached directly. This machine itself never goes through one.

    :raises Misconfigured: the environment names a proxy of a kind that prepd can't use.
    """
    target = urlsplit(url)
    host = target.hostname or ""
    if host in _HERE or proxy_bypass(host):
        return None
    known = getproxies()
    proxy = known.get(target.scheme) or known.get("all")
    if not proxy:
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme == "http" and parts.hostname and (parts.port or 80)
    except ValueError:
        usable = None
    if not usable:
        raise Misconfigured(
            "The proxy in the environment can't be used: only those with http:// can. "
            f"Change {target.scheme.upper()}_PROXY, or name {host} in NO_PROXY"
        )
    return proxy
