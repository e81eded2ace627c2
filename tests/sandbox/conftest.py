"""People, and Google's own client library at their service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

from sandbox import GoogleSandbox
from sandbox.google import Account

PATHS = {"calendar": "/calendar/v3/", "drive": "/drive/v3/", "docs": "/"}
VERSIONS = {"calendar": "v3", "drive": "v3", "docs": "v1"}


@pytest.fixture(autouse=True)
def _own_trust(monkeypatch):
    # requests lets these overrule what a session was told to trust
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def alex(google: GoogleSandbox) -> Account:
    return google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")


@pytest.fixture
def dana(google: GoogleSandbox) -> Account:
    return google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")


@pytest.fixture
def service(google: GoogleSandbox) -> Callable[..., Any]:
    """google-api-python-client for somebody: `service(alex)`, `service(alex, "docs")`."""

    def connect(account: Account, api: str = "calendar", **token: Any) -> Any:
        credentials = Credentials(google.issue_token(account, **token)["access_token"])
        http = google_auth_httplib2.AuthorizedHttp(
            credentials, http=httplib2.Http(ca_certs=str(google.ca_path), timeout=10)
        )
        endpoint = {"api_endpoint": google.root + PATHS[api]}
        return build(api, VERSIONS[api], http=http, static_discovery=True, client_options=endpoint)

    return connect
