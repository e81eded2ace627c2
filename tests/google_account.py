"""A Google account on the sandbox, signed in without a browser, for tests of several folders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.google.grant import Grant, write_grant
from connectors.google.scopes import needed
from connectors.google.settings import GoogleSettings
from connectors.retry import Retry

HASTE = Retry(sleep=lambda seconds: None)


def settings_for(google, folder, **more):
    """Settings of an account called work, not signed in."""
    return GoogleSettings(
        name="work",
        client_secrets=google.write_client_secrets(folder / "client.json"),
        token_file=folder / "work.json",
        cache_dir=folder / "cache",
        api_root=google.root,
        ca_bundle=google.ca_path,
        timeout=5,
        **more,
    )


def signed_in(google, person, folder, scopes=None, **more):
    """The same, signed in as somebody of the sandbox with the permissions needed (or those given)."""
    settings = settings_for(google, folder, **more)
    token = google.issue_token(person, scopes or needed(settings))
    grant = Grant(
        refresh_token=token["refresh_token"],
        token_uri=f"{google.root}/token",
        client_id=google.client_id,
        scopes=tuple(token["scope"].split()),
        address=person.email,
        access_token=token["access_token"],
        expiry=datetime.now(UTC) + timedelta(hours=1),
    )
    write_grant(settings, grant)
    return settings
