"""How a sign-in at Microsoft stands, as far as the files on this machine tell: nothing of the network is loaded."""

from __future__ import annotations

from connectors import tokens
from connectors.errors import ConnectorError
from connectors.outlook import scopes
from connectors.outlook.grant import read_grant
from connectors.outlook.settings import OutlookSettings
from connectors.protocols import SignInState


def state(settings: OutlookSettings) -> SignInState:
    """Whether there is a sign-in that can be used, as far as the files on this machine tell."""
    try:
        grant = read_grant(settings)
    except ConnectorError as error:
        return SignInState(False, None, (), scopes.missing(settings, ()), str(error))
    lacking = scopes.missing(settings, grant.scopes)
    problem = lacks(settings, lacking) if lacking else None
    return SignInState(True, grant.address, grant.scopes, lacking, problem)


def lacks(settings: OutlookSettings, lacking: tuple[str, ...]) -> str:
    return (
        f"Account {settings.name} is signed in, but without the permission {scopes.in_words(lacking)}. "
        f"{tokens.sign_in_again(settings.name)}, and accept all that is asked for"
    )
