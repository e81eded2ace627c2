"""Signs accounts of a config in without a browser: with a token that no server of a benchmark looks at."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from daemon.accounts import google_settings, outlook_settings
from daemon.config.options import AccountOptions, Config, GoogleAccount
from daemon.paths import Paths

ADDRESS = "alex@example.com"


def sign_in(config: Config, options: AccountOptions, paths: Paths) -> None:
    if isinstance(options, GoogleAccount):
        at_google(google_settings(config, options, paths), f"{options.api_root}/token")
    else:
        at_outlook(outlook_settings(config, options, paths))


def at_google(settings: Any, token_uri: str) -> None:
    from connectors.google.grant import Grant, write_grant
    from connectors.google.scopes import needed

    secrets = {
        "client_id": "client",
        "client_secret": "secret",
        "token_uri": token_uri,
        "auth_uri": token_uri,
    }
    settings.client_secrets.write_text(json.dumps({"installed": secrets}))
    write_grant(
        settings,
        Grant(
            refresh_token="again",
            token_uri=token_uri,
            client_id="client",
            scopes=needed(settings),
            address=ADDRESS,
            access_token="token",
            expiry=datetime.now(UTC) + timedelta(hours=12),
        ),
    )


def at_outlook(settings: Any) -> None:
    """As msal would have left it; without loading it, since prepd does so only to sign in."""
    from connectors.outlook.grant import Grant, write_grant
    from connectors.outlook.scopes import needed

    target, until = " ".join(needed(settings)), int(datetime.now(UTC).timestamp()) + 43_200
    token = {
        "credential_type": "AccessToken",
        "secret": "token",
        "home_account_id": "u.t",
        "environment": "localhost",
        "client_id": settings.client_id,
        "target": target,
        "realm": "organizations",
        "token_type": "Bearer",
        "cached_at": str(until - 43_200),
        "expires_on": str(until),
        "extended_expires_on": str(until),
    }
    key = f"u.t-localhost-accesstoken-{settings.client_id}-organizations-{target}"
    write_grant(
        settings,
        Grant(
            client_id=settings.client_id,
            authority=settings.sign_in_at,
            scopes=needed(settings),
            address=ADDRESS,
            addresses=frozenset({ADDRESS}),
            cache=json.dumps({"AccessToken": {key: token}}),
        ),
    )
