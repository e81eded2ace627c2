"""Whom to trust: the usual authorities, and those that the user adds (a company's, a proxy's)."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import certifi

from connectors.errors import Misconfigured
from connectors.tokens import write_text


def trusted_authorities(ca_bundle: Path | None, cache_dir: Path) -> Path:
    """A PEM file with the usual authorities (certifi's) and those of `ca_bundle`.

    The HTTP libraries take one file, so the two are put together in `cache_dir`, named by their content:
    there is nothing to go stale, and two processes write the same thing.

    :raises Misconfigured: the bundle is not there, or holds no certificate; or the folder can't be written.
    """
    usual = Path(certifi.where())
    if ca_bundle is None:
        return usual
    added = _checked(ca_bundle)
    both = usual.read_text(encoding="utf-8") + "\n" + added
    digest = hashlib.sha256(both.encode("utf-8")).hexdigest()[:16]
    combined = cache_dir / f"authorities-{digest}.pem"
    if not combined.exists():
        write_text(combined, both, "list of authorities")
    return combined


def _checked(ca_bundle: Path) -> str:
    remedy = "It must be a PEM file with certificates: see network.ca_bundle in the config"
    try:
        text = ca_bundle.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text"
        raise Misconfigured(f"The CA bundle {ca_bundle} can't be read ({reason}). {remedy}") from None
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=text)
        held = context.cert_store_stats()["x509"]
    except (ssl.SSLError, ValueError):
        held = 0
    if not held:
        raise Misconfigured(f"The CA bundle {ca_bundle} holds no certificate. {remedy}")
    return text
