"""The OAuth client that the user made in Google's console, as the downloaded file gives it."""

from __future__ import annotations

import json
from pathlib import Path

from connectors.errors import Misconfigured
from connectors.frozen import dataclass

_HOW = (
    "Download it: console.cloud.google.com, APIs & Services, Credentials, an OAuth client of type Desktop app"
)
_KEYS = ("client_id", "client_secret", "auth_uri", "token_uri")


@dataclass(frozen=True, slots=True)
class ClientSecrets:
    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str

    def __repr__(self) -> str:
        """Without the secret: a repr ends up in logs."""
        return f"ClientSecrets(client_id={self.client_id!r})"


def read_client_secrets(path: Path) -> ClientSecrets:
    """Reads the file of a desktop client.

    :raises Misconfigured: in one sentence, with what to do.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misconfigured(
            f"There is no client secrets file {path}. {_HOW}, and set client_secrets to its path"
        ) from None
    except OSError as error:
        raise Misconfigured(
            f"The client secrets file {path} can't be read ({error.strerror or 'unknown reason'}). "
            "Fix its permissions"
        ) from None
    except (ValueError, RecursionError):
        raise Misconfigured(f"The client secrets file {path} is not JSON. {_HOW}") from None
    return _desktop_client(path, content)


def _desktop_client(path: Path, content: object) -> ClientSecrets:
    if not isinstance(content, dict):
        raise Misconfigured(f"The client secrets file {path} is not one of Google's. {_HOW}")
    if "installed" not in content and "web" in content:
        raise Misconfigured(
            f"The client secrets file {path} is that of a web application, which can't sign in here. {_HOW}"
        )
    client = content.get("installed")
    if not isinstance(client, dict):
        raise Misconfigured(f"The client secrets file {path} is not that of a desktop client. {_HOW}")
    lacking = [key for key in _KEYS if not (isinstance(client.get(key), str) and client[key])]
    if lacking:
        raise Misconfigured(f"The client secrets file {path} lacks {', '.join(lacking)}. {_HOW}")
    return ClientSecrets(*(client[key] for key in _KEYS))
