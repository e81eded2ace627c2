"""What a sign-in left behind: the token file's content, with msal's token cache inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from connectors import tokens
from connectors.errors import SignInNeeded
from connectors.frozen import dataclass
from connectors.outlook import scopes
from connectors.outlook.settings import OutlookSettings


@dataclass(frozen=True, slots=True)
class Grant:
    """One sign-in, as the token file holds it.

    `address` is the user's, as it is shown; `addresses` all that are known to be theirs, lower-case. `cache` is
    msal's, serialized: access and refresh token are in there.
    """

    client_id: str
    authority: str
    scopes: tuple[str, ...]
    address: str | None
    addresses: frozenset[str]
    cache: str

    def __repr__(self) -> str:
        """Without the tokens: a repr ends up in logs."""
        return f"Grant(scopes={self.scopes!r})"


def read_grant(settings: OutlookSettings) -> Grant:
    """The sign-in on disk.

    :raises SignInNeeded: there is none, the file is damaged, or it is for another application or tenant.
    """
    content = tokens.read_object(settings.token_file, settings.name)
    remedy = tokens.sign_in_again(settings.name)
    texts = {key: text for key, text in content.items() if isinstance(text, str) and text}
    cache = content.get("cache")
    if not {"client_id", "authority"} <= texts.keys() or not isinstance(cache, dict):
        raise SignInNeeded(f"The token file of account {settings.name} is damaged. {remedy}")
    if (texts["client_id"], texts["authority"]) != (settings.client_id, settings.sign_in_at):
        raise SignInNeeded(
            f"Account {settings.name} was signed in with another client_id, tenant or cloud. {remedy}"
        )
    known = content.get("addresses")
    return Grant(
        client_id=texts["client_id"],
        authority=texts["authority"],
        scopes=scopes.split(content.get("scopes")),
        address=texts.get("address"),
        addresses=frozenset(a for a in known if isinstance(a, str))
        if isinstance(known, list)
        else frozenset(),
        cache=json.dumps(cache),
    )


def write_grant(settings: OutlookSettings, grant: Grant) -> None:
    """:raises Misconfigured: the file can't be written."""
    tokens.write_object(
        settings.token_file,
        {
            "version": 1,
            "address": grant.address,
            "addresses": sorted(grant.addresses),
            "scopes": list(grant.scopes),
            "client_id": grant.client_id,
            "authority": grant.authority,
            "cache": json.loads(grant.cache or "{}"),
        },
    )


@contextmanager
def alone(settings: OutlookSettings) -> Iterator[None]:
    """Holds the token file for this process: Microsoft's refresh tokens change with every use.

    :raises Unavailable: another process has held it for too long.
    """
    with tokens.locked(settings.token_file, settings.name, 2 * settings.timeout):
        yield
