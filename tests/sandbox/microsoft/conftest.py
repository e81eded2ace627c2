"""People with Microsoft accounts, and a plain HTTP client at their service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.microsoft import Account, MicrosoftSandbox


@pytest.fixture
def alex(microsoft: MicrosoftSandbox) -> Account:
    return microsoft.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")


@pytest.fixture
def dana(microsoft: MicrosoftSandbox) -> Account:
    return microsoft.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")


class Graph:
    """Requests on somebody's behalf, with immutable ids unless told otherwise."""

    def __init__(self, microsoft: MicrosoftSandbox, account: Account, **token: Any) -> None:
        self.root = microsoft.graph_root
        self.session = requests.Session()
        self.session.verify = str(microsoft.ca_path)
        access = microsoft.issue_token(account, **token)["access_token"]
        self.headers = {"Authorization": f"Bearer {access}", "Prefer": 'IdType="ImmutableId"'}

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        url = path if path.startswith("https:") else self.root + path
        return self.session.request(
            method, url, headers={**self.headers, **(headers or {})}, timeout=10, **more
        )

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self.call("GET", path, params=query).json()

    def post(self, path: str, **body: Any) -> requests.Response:
        return self.call("POST", path, json=body)

    def patch(self, path: str, **body: Any) -> requests.Response:
        return self.call("PATCH", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def round(
        self, link: str, prefer: str = 'IdType="ImmutableId", odata.maxpagesize=100'
    ) -> tuple[list[Any], str]:
        """All rows of a delta round, and the link to the next."""
        rows = []
        while True:
            page = self.call("GET", link, headers={"Prefer": prefer}).json()
            rows += page["value"]
            if "@odata.deltaLink" in page:
                return rows, page["@odata.deltaLink"]
            link = page["@odata.nextLink"]

    @property
    def november(self) -> str:
        return "/me/calendarView/delta?startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-12-01T00:00:00Z"


@pytest.fixture
def graph(microsoft: MicrosoftSandbox) -> Callable[..., Graph]:
    """Graph for somebody: `graph(alex)`, `graph(alex, scopes=[...])`."""
    return lambda account, **token: Graph(microsoft, account, **token)


@pytest.fixture(autouse=True)
def _own_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    # requests lets these overrule what a session was told to trust
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
