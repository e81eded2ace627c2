"""A Microsoft account on the sandbox, signed in without a browser, for tests of several folders."""

from __future__ import annotations

import base64
import json

from connectors.outlook.grant import Grant, write_grant
from connectors.outlook.scopes import needed
from connectors.outlook.settings import OutlookSettings
from connectors.retry import Retry

HASTE = Retry(sleep=lambda seconds: None)


def settings_for(microsoft, folder, **more):
    """Settings of an account called client, not signed in."""
    return OutlookSettings(
        **{
            "name": "client",
            "client_id": microsoft.client_id,
            "token_file": folder / "client.json",
            "cache_dir": folder / "cache",
            "graph_root": microsoft.graph_root,
            "authority": microsoft.authority,
            "ca_bundle": microsoft.ca_path,
            "timeout": 5,
            **more,
        }
    )


def signed_in(microsoft, person, folder, scopes=None, **more):
    """The same, signed in as somebody of the sandbox with the permissions needed (or those given)."""
    settings = settings_for(microsoft, folder, **more)
    granted = tuple(scopes or needed(settings))
    token = microsoft.issue_token(person, (*granted, "offline_access", "openid", "profile"))
    grant = Grant(
        client_id=settings.client_id,
        authority=settings.sign_in_at,
        scopes=granted,
        address=person.email,
        addresses=frozenset({person.email}),
        cache=_cache(microsoft, settings, token, granted),
    )
    write_grant(settings, grant)
    return settings


def _cache(microsoft, settings, token, granted):
    """msal's cache as its own sign-in would have left it."""
    import msal

    cache = msal.SerializableTokenCache()
    info = base64.urlsafe_b64encode(json.dumps({"uid": "u", "utid": "t"}).encode()).decode()
    cache.add(
        {
            "client_id": settings.client_id,
            "scope": list(granted),
            "token_endpoint": f"{settings.sign_in_at}/oauth2/v2.0/token",
            "environment": "localhost",
            "response": {"client_info": info, **token},
            "data": {},
            "params": {},
            "grant_type": "authorization_code",
        }
    )
    return cache.serialize()
