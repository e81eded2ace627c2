"""How a sign-in at Google stands, as far as the files on this machine tell: nothing of the network is loaded."""

from __future__ import annotations

from connectors import tokens
from connectors.errors import ConnectorError, Misconfigured
from connectors.google import scopes
from connectors.google.grant import read_grant
from connectors.google.secrets import read_client_secrets
from connectors.google.settings import GoogleSettings
from connectors.protocols import SignInState


def state(settings: GoogleSettings) -> SignInState:
    """Whether there is a sign-in that can be used, as far as the files on this machine tell."""
    try:
        grant = read_grant(settings)
    except ConnectorError as error:
        return SignInState(False, None, (), scopes.missing(settings, ()), str(error))
    lacking = scopes.missing(settings, grant.scopes)
    problem = lacks(settings, lacking) if lacking else None
    try:
        client = read_client_secrets(settings.client_secrets)
        if client.client_id != grant.client_id:
            problem = (
                f"Account {settings.name} was signed in with another OAuth client. "
                f"{tokens.sign_in_again(settings.name)}"
            )
    except Misconfigured as error:
        problem = str(error)
    return SignInState(True, grant.address, grant.scopes, lacking, problem)


def lacks(settings: GoogleSettings, lacking: tuple[str, ...]) -> str:
    return (
        f"Account {settings.name} is signed in, but without the permission {scopes.in_words(lacking)}. "
        f"{tokens.sign_in_again(settings.name)}, and leave every box ticked"
    )
