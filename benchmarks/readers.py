"""Reads a whole calendar once, as prepd does or as somebody else does. One process for each.

    python benchmarks/readers.py google|outlook prepd|peer|client|floor ROOT CA COUNT [ACCOUNTS]

COUNT 0 loads everything and reads nothing. ACCOUNTS is for prepd: so many of COUNT events each. The last line says how
many events came, and with how many requests where that is counted.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

DAYS_BACK, DAYS_AHEAD = 84, 60


# --- prepd ----------------------------------------------------------------------------------------------


def prepd_google(root: str, ca: str, count: int) -> int | str:
    import_module("connectors.google.account")

    return prepd(
        f'provider = "google"\nclient_secrets = "client.json"\napi_root = "{root}/{count}"', ca, count
    )


def prepd_outlook(root: str, ca: str, count: int) -> int | str:
    import_module("connectors.outlook.account")

    at = f'graph_root = "{root}/{count}/v1.0"\nauthority = "{root}/organizations"'
    client = 'provider = "outlook"\nclient_id = "11111111-2222-3333-4444-555555555555"'
    return prepd(f"{client}\n{at}", ca, count)


def prepd(provider: str, ca: str, count: int) -> int | str:
    """What a first cycle does before it records: sign-in, requests, parsing, telling 1:1s."""
    from datetime import UTC, datetime

    import signed_in

    from daemon.accounts import open_account
    from daemon.config import load
    from daemon.fetch import Task, fetch
    from daemon.paths import ready
    from daemon.store.state import State

    if not count:
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        accounts = int(sys.argv[6]) if sys.argv[6:] else 1
        (folder / "config.toml").write_text(
            f'timezone = "Europe/London"\n[prep_doc]\nenabled = false\n[network]\nca_bundle = "{ca}"\n'
            + "".join(f'[[account]]\nname = "work{n}"\n{provider}\n' for n in range(accounts))
        )
        config, paths = load(folder / "config.toml"), ready(folder / "state")
        for options in config.account:
            signed_in.sign_in(config, options, paths)
        task = Task(config, State(), datetime.now(UTC))
        found = fetch(task, config.account, lambda options: open_account(config, options, paths))
        for error in filter(None, (reading.error for reading in found)):
            raise error
        return f"{sum(r.events_read for r in found)} {sum(r.requests_to_read for r in found)}"


# --- peers ----------------------------------------------------------------------------------------------


def peer_google(root: str, ca: str, count: int) -> int:
    """gcal_sync, as Home Assistant reads calendars: into its store, in memory."""
    import asyncio
    import ssl

    import aiohttp
    from gcal_sync.api import GoogleCalendarService
    from gcal_sync.auth import AbstractAuth
    from gcal_sync.store import InMemoryCalendarStore
    from gcal_sync.sync import CalendarEventSyncManager

    class Auth(AbstractAuth):
        async def async_get_access_token(self) -> str:
            return "token"

    async def read() -> int:
        trust = ssl.create_default_context(cafile=ca)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http:
            store = InMemoryCalendarStore()
            api = GoogleCalendarService(Auth(http, f"{root}/{count}/calendar/v3"))
            await CalendarEventSyncManager(api, calendar_id="primary", store=store).run()
            found: Any = await store.async_load()
            while "items" not in found:
                found = next(iter(found.values()))
            return len(found["items"])

    return asyncio.run(read()) if count else 0


def peer_outlook(root: str, ca: str, count: int) -> int:
    """The O365 library: every event of a stretch of time, as its objects."""
    from datetime import UTC, datetime, timedelta

    import O365
    from O365.utils.token import BaseTokenBackend

    class Here(O365.MSGraphProtocol):  # it has no setting for the host
        _protocol_url = f"{root}/{count}/"

    account = O365.Account(
        ("client",), auth_flow_type="public", protocol=Here(timezone="UTC"), token_backend=BaseTokenBackend(),
        verify_ssl=ca,
    )  # fmt: skip
    account.con.session = account.con.get_session(load_token=False)
    account.con.session.trust_env = False
    account.con.session.headers["Authorization"] = "Bearer token"
    if not count:
        return 0
    now = datetime.now(UTC)
    events = account.schedule().get_default_calendar().get_events(
        limit=None, batch=200, include_recurring=True,
        start_recurring=now - timedelta(days=DAYS_BACK), end_recurring=now + timedelta(days=DAYS_AHEAD),
    )  # fmt: skip
    return sum(1 for _ in events)


# --- the provider's client, and the floor: what came is counted and dropped -----------------------------


def client_google(root: str, ca: str, count: int) -> int:
    import google_auth_httplib2
    import httplib2
    from google.oauth2.credentials import Credentials
    from googleapiclient.discovery import build

    if not count:
        return 0
    http = google_auth_httplib2.AuthorizedHttp(Credentials("token"), http=httplib2.Http(ca_certs=ca))
    options = {"api_endpoint": f"{root}/{count}/calendar/v3/"}
    events = build("calendar", "v3", http=http, client_options=options, static_discovery=True).events()
    found, token = 0, None
    while True:
        answer = events.list(
            calendarId="primary", singleEvents=True, maxResults=500, pageToken=token
        ).execute()
        found += len(answer["items"])
        if not (token := answer.get("nextPageToken")):
            return found


def client_outlook(root: str, ca: str, count: int) -> int:
    """requests: what msal, O365 and prepd are built on."""
    import requests

    if not count:
        return 0
    session = requests.Session()
    session.trust_env, session.verify = False, ca
    session.headers["Authorization"] = "Bearer token"
    return _follow(f"{root}/{count}/v1.0/me/calendarView/delta", lambda url: session.get(url).json())


def floor_google(root: str, ca: str, count: int) -> int:
    get = _bare(root, ca)
    address = f"/{count}/calendar/v3/calendars/primary/events?maxResults=500"
    found, token = 0, ""
    while count:
        answer = get(f"{address}&pageToken={token}" if token else address)
        found += len(answer["items"])
        if not (token := answer.get("nextPageToken")):
            break
    return found


def floor_outlook(root: str, ca: str, count: int) -> int:
    get = _bare(root, ca)
    if not count:
        return 0
    return _follow(f"{root}/{count}/v1.0/me/calendarView/delta", lambda url: get(url.removeprefix(root)))


def _bare(root: str, ca: str) -> Callable[[str], Any]:
    """The standard library's connection, and the fastest JSON parser that prepd has."""
    import http.client
    import ssl
    from urllib.parse import urlsplit

    import msgspec

    connection = http.client.HTTPSConnection(
        urlsplit(root).netloc, context=ssl.create_default_context(cafile=ca)
    )

    def get(path: str) -> Any:
        connection.request("GET", path, headers={"Authorization": "Bearer token"})
        return msgspec.json.decode(connection.getresponse().read())

    return get


def _follow(url: str, get: Callable[[str], Any]) -> int:
    found = 0
    while url:
        answer = get(url)
        found += len(answer["value"])
        url = answer.get("@odata.nextLink", "")
    return found


def profile(read: Callable[[], object]) -> str:
    """The share of each module in the time that a read takes, as JSON, the largest first; waiting left out."""
    import cProfile
    import json
    import pstats

    profiler = cProfile.Profile()
    profiler.runcall(read)
    shares: dict[str, float] = {}
    for (file, _, name), (_, _, own, _, callers) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        if "_ssl" in name or "acquire" in name or "poll" in name:
            continue
        # What is built in counts for who calls it.
        parts = [(f[0], c[2]) for f, c in callers.items()] if file == "~" and callers else [(file, own)]
        for where, seconds in parts:
            module = where.rpartition("site-packages/")[2].removeprefix(f"{Path(__file__).parents[1]}/")
            module = "the standard library" if module.startswith(("/", "<", "~")) else module
            shares[module] = shares.get(module, 0.0) + seconds
    total = sum(shares.values())
    first = sorted(shares.items(), key=lambda item: -item[1])[:8]
    return json.dumps({module: seconds / total for module, seconds in first})


if __name__ == "__main__":
    if sys.argv[2] == "profile":
        read = globals()[f"prepd_{sys.argv[1]}"]
        read(*sys.argv[3:5], 0)
        print(profile(lambda: read(*sys.argv[3:5], int(sys.argv[5]))))
        sys.exit()
    provider, who, root, ca, count = sys.argv[1:6]
    if who != "prepd":
        ca = str(Path(ca).with_name("all.pem"))  # prepd adds the usual authorities by itself
    print(globals()[f"{who}_{provider}"](root, ca, int(count)))
