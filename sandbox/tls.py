"""A certificate authority of this process's own, and certificates of it for the loopback names.

Made once for each process: keys take milliseconds, but tests start servers by the hundred.
"""

from __future__ import annotations

import functools
import ssl
import tempfile
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1")


@functools.cache
def _authority() -> trustme.CA:
    return trustme.CA(organization_name="prepd sandbox")


@functools.cache
def server_context() -> ssl.SSLContext:
    """A TLS context that serves `localhost` and `127.0.0.1`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(*NAMES).configure_cert(context)
    context.set_alpn_protocols(["http/1.1"])
    return context


def client_context() -> ssl.SSLContext:
    """A TLS context that trusts this process's servers and nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _authority().configure_trust(context)
    return context


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="prepd-sandbox-")


@functools.cache
def ca_path() -> Path:
    """The authority's certificate as a PEM file, for clients in this process or another; gone when the
    process ends.
    """
    path = Path(_folder().name) / "ca.pem"
    _authority().cert_pem.write_to_path(str(path))
    return path
