"""What an account at Microsoft is made of, as the config gives it, and where its cloud is."""

from __future__ import annotations

import threading
from pathlib import Path

from connectors.frozen import dataclass

# https://learn.microsoft.com/graph/deployments: Graph's root without its version, and the sign-in's.
_CLOUDS = {
    "global": ("https://graph.microsoft.com", "https://login.microsoftonline.com"),
    "us-gov": ("https://graph.microsoft.us", "https://login.microsoftonline.us"),
    "us-dod": ("https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    "china": ("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}


@dataclass(frozen=True, slots=True)
class OutlookSettings:
    """`name` is the account's in the config, for messages. `timeout` is in seconds, for each request.

    `cloud` is one of global, us-gov, us-dod, china. `graph_root` (with its version) and `authority` (with its
    tenant) are other servers that speak the same (None: the cloud's own). `ca_bundle` is a PEM file trusted as
    well as the usual authorities. `calendars` are ids or names as configured, or "default"; `documents` says
    whether prep docs are wanted, `sharing` whether they are to be shared. `cache_dir` is for files that may be
    deleted at any time. `stop`, once set, cuts waits short.
    """

    name: str
    client_id: str
    token_file: Path
    cache_dir: Path
    tenant: str = "organizations"
    cloud: str = "global"
    graph_root: str | None = None
    authority: str | None = None
    ca_bundle: Path | None = None
    timeout: float = 30.0
    calendars: tuple[str, ...] = ("default",)
    documents: bool = True
    sharing: bool = False
    stop: threading.Event | None = None

    @property
    def root(self) -> str:
        """Where every path of Graph begins, without a slash at its end."""
        return (self.graph_root or f"{_CLOUDS[self.cloud][0]}/v1.0").rstrip("/")

    @property
    def sign_in_at(self) -> str:
        """The authority: the sign-in server and the tenant."""
        return (self.authority or f"{_CLOUDS[self.cloud][1]}/{self.tenant}").rstrip("/")

    @property
    def resource(self) -> str:
        """What a permission's name is preceded by when it is asked for; nothing where Graph is the usual one."""
        foreign = self.cloud != "global" and self.graph_root is None
        return f"{_CLOUDS[self.cloud][0]}/" if foreign else ""
