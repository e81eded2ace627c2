"""What a sign-in left behind: the token file's content."""

from __future__ import annotations

from datetime import datetime

from connectors import tokens
from connectors.errors import SignInNeeded
from connectors.frozen import dataclass
from connectors.google import scopes
from connectors.google.settings import GoogleSettings

# Sent by the token endpoint when the OAuth client itself is no good, rather than the user's consent.
CLIENT_IS_WRONG = {
    "invalid_client",
    "unauthorized_client",
    "deleted_client",
    "disabled_client",
    "org_internal",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One sign-in, as the token file holds it. `expiry` is that of the access token."""

    refresh_token: str
    token_uri: str
    client_id: str
    scopes: tuple[str, ...]
    address: str | None
    access_token: str | None = None
    expiry: datetime | None = None

    def __repr__(self) -> str:
        """Without the tokens: a repr ends up in logs."""
        return f"Grant(scopes={self.scopes!r})"


def read_grant(settings: GoogleSettings) -> Grant:
    """The sign-in on disk.

    :raises SignInNeeded: there is none, or the file is damaged.
    """
    content = tokens.read_object(settings.token_file, settings.name)
    texts = {key: text for key, text in content.items() if isinstance(text, str) and text}
    if not {"refresh_token", "token_uri", "client_id"} <= texts.keys():
        raise SignInNeeded(
            f"The token file of account {settings.name} is damaged. {tokens.sign_in_again(settings.name)}"
        )
    return Grant(
        refresh_token=texts["refresh_token"],
        token_uri=texts["token_uri"],
        client_id=texts["client_id"],
        scopes=scopes.split(content.get("scopes")),
        address=texts.get("address"),
        access_token=texts.get("access_token"),
        expiry=_moment(content.get("expiry")),
    )


def write_grant(settings: GoogleSettings, grant: Grant) -> None:
    """:raises Misconfigured: the file can't be written."""
    tokens.write_object(
        settings.token_file,
        {
            "version": 1,
            "address": grant.address,
            "scopes": list(grant.scopes),
            "client_id": grant.client_id,
            "token_uri": grant.token_uri,
            "refresh_token": grant.refresh_token,
            "access_token": grant.access_token,
            "expiry": grant.expiry.isoformat() if grant.expiry else None,
        },
    )


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and 2000 <= moment.year < 9000 else None
