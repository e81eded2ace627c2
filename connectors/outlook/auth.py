"""Signing in to Microsoft, and out: the loopback flow with PKCE, or a device code where there is no browser.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow and …/v2-oauth2-device-code.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from connectors import tokens
from connectors.errors import BadAnswer, ConnectorError, SignInNeeded, Unavailable
from connectors.loopback import listening
from connectors.outlook import scopes
from connectors.outlook.application import Application, Reply
from connectors.outlook.denials import denied
from connectors.outlook.grant import Grant, alone, read_grant, write_grant
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.standing import lacks
from connectors.outlook.transport import Graph
from connectors.outlook.wire import Wire
from connectors.protocols import SignIn

TIME_LIMIT = 600.0
"""Seconds that a sign-in may take, the user's part included."""

_WAITING = ("authorization_pending", "slow_down")


def login(
    settings: OutlookSettings,
    sign_in: SignIn,
    open_browser: Callable[[str], None] | None,
    port: int = 0,
    time_limit: float = TIME_LIMIT,
) -> str | None:
    """Signs in, keeps the token file, and gives the address of who did, where Microsoft tells.

    With `open_browser`, the address of Microsoft's page is shown and opened. Without, a code is shown that is to be
    entered on any device; with a `port`, the address all the same, to be opened where that port leads here.

    :raises Misconfigured: application, tenant, port, CA bundle or token folder are no good, or an administrator
        has to approve the application.
    :raises SignInNeeded: it was declined, blocked, came to no end within `time_limit` seconds, or a permission was
        not given (then the rest is kept).
    :raises Unavailable: Microsoft could not be reached. :raises BadAnswer: what it answered makes no sense.
    """
    wire = Wire(settings.timeout, settings.ca_bundle, settings.cache_dir)
    try:
        application = Application(settings, wire)
        if open_browser is None and port == 0:
            reply = _with_code(settings, application, sign_in, time_limit)
        else:
            reply = _with_browser(settings, application, sign_in, open_browser, port, time_limit)
        if "error" in reply or not isinstance(reply.get("access_token"), str):
            raise denied(settings, reply)
        grant = _grant_from(settings, application, reply)
    finally:
        wire.close()
    with alone(settings):
        write_grant(settings, grant)
    grant = _with_mailbox_address(settings, grant)
    lacking = scopes.missing(settings, grant.scopes)
    if lacking:
        raise SignInNeeded(lacks(settings, lacking))
    return grant.address


def logout(settings: OutlookSettings) -> bool:
    """Deletes the token file. Always False: Microsoft lets no application take its own access back.

    :raises Misconfigured: the file can't be deleted.
    """
    with alone(settings):
        tokens.remove(settings.token_file)
    return False


# --- the two ways ---------------------------------------------------------------------------------------


def _with_browser(
    settings: OutlookSettings,
    application: Application,
    sign_in: SignIn,
    open_browser: Callable[[str], None] | None,
    port: int,
    time_limit: float,
) -> Reply:
    # The port has to be known before msal makes the state that the listener waits for.
    with listening(port) as loopback:
        # Entra takes any port with http://localhost, and none with http://127.0.0.1.
        flow = application.begin(f"http://localhost:{loopback.port}")
        url, expected = flow.get("auth_uri"), flow.get("state")
        if not isinstance(url, str) or not isinstance(expected, str):
            raise BadAnswer(f"Account {settings.name}: the sign-in server named no page to sign in at")
        loopback.expect(expected)
        sign_in.show_url(url, loopback.port)
        if open_browser is not None:
            open_browser(url)
        answer = loopback.wait(time_limit, settings.stop)
        return application.finish(flow, answer)


def _with_code(
    settings: OutlookSettings, application: Application, sign_in: SignIn, time_limit: float
) -> Reply:
    flow = application.begin_with_code()
    url, code = flow.get("verification_uri"), flow.get("user_code")
    if not isinstance(url, str) or not isinstance(code, str):
        raise denied(settings, flow)
    sign_in.show_code(url, code)
    deadline = time.monotonic() + min(time_limit, _seconds(flow.get("expires_in"), time_limit))
    pause = settings.stop or threading.Event()
    while time.monotonic() < deadline and not pause.wait(_interval(flow)):
        reply = _polled(application, flow)
        if reply.get("error") not in _WAITING:
            return reply
    raise SignInNeeded(
        f"Account {settings.name}: the code was not entered in time. {tokens.sign_in_again(settings.name)}"
    )


def _polled(application: Application, flow: dict[str, Any]) -> Reply:
    try:
        reply = application.poll(flow)
    except Unavailable:
        # The user is typing the code in meanwhile: a network that comes and goes must not end that.
        return {"error": "authorization_pending"}
    if reply.get("error") == "slow_down":
        flow["interval"] = _interval(flow) + 5
    return reply


def _interval(flow: Mapping[str, Any]) -> float:
    """Seconds between two polls (RFC 8628, 3.2)."""
    return max(1.0, min(60.0, _seconds(flow.get("interval"), 5.0)))


def _seconds(raw: object, default: float) -> float:
    return float(raw) if isinstance(raw, (int, float)) and raw > 0 else default


# --- what is kept ---------------------------------------------------------------------------------------


def _grant_from(settings: OutlookSettings, application: Application, reply: Reply) -> Grant:
    if not isinstance(reply.get("refresh_token"), str):
        raise SignInNeeded(
            f"Account {settings.name}: Microsoft gave no lasting permission. {tokens.sign_in_again(settings.name)}"
        )
    address = _address_in(reply.get("id_token_claims"))
    return Grant(
        client_id=settings.client_id,
        authority=settings.sign_in_at,
        # An answer without scopes means: those that were asked for (RFC 6749, 5.1).
        scopes=scopes.split(reply.get("scope")) or scopes.needed(settings),
        address=address,
        addresses=frozenset({address} if address else ()),
        cache=application.cache,
    )


def _address_in(claims: object) -> str | None:
    """The address in an id token. `preferred_username` is what one signs in with, mostly one's address."""
    for name in ("email", "preferred_username", "upn"):
        address = claims.get(name) if isinstance(claims, dict) else None
        if isinstance(address, str) and "@" in address:
            return address.strip().lower()
    return None


def _with_mailbox_address(settings: OutlookSettings, grant: Grant) -> Grant:
    """Adds the mailbox's own address, which is not always what one signs in with.

    It stands on the default calendar, so that no permission more is needed. Done without where it can't be had.
    """
    if not scopes.covered(scopes.CALENDARS, grant.scopes):
        return grant
    graph = Graph(settings)
    try:
        calendar = graph.get("/me/calendar", "asking whose mailbox it is", {"$select": "owner"})
    except ConnectorError:
        return grant
    finally:
        graph.close()
    owner = calendar.get("owner")
    address = _address_in({"email": owner.get("address")}) if isinstance(owner, dict) else None
    if address is None:
        return grant
    with alone(settings):
        kept = read_grant(settings)
        found = Grant(
            kept.client_id,
            kept.authority,
            kept.scopes,
            kept.address or address,
            kept.addresses | {address},
            kept.cache,
        )
        write_grant(settings, found)
    return found
