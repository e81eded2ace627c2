"""What an account at Google is made of, as the config gives it."""

from __future__ import annotations

import threading
from pathlib import Path

from connectors.frozen import dataclass


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """`name` is the account's in the config, for messages. `timeout` is in seconds, for each request.

    `api_root` is another server that speaks the APIs (None: Google's own hosts). `ca_bundle` is a PEM file
    trusted as well as the usual authorities. `calendars` are ids or names as configured; `documents` says
    whether prep docs are wanted. `cache_dir` is for files that may be deleted at any time. `stop`, once set,
    cuts waits short.
    """

    name: str
    client_secrets: Path
    token_file: Path
    cache_dir: Path
    api_root: str | None = None
    ca_bundle: Path | None = None
    timeout: float = 30.0
    calendars: tuple[str, ...] = ("primary",)
    documents: bool = True
    stop: threading.Event | None = None
