"""Signing in to Google, and out: the loopback flow for desktop apps, with PKCE.

https://developers.google.com/identity/protocols/oauth2/native-app. Google's device codes know no calendar
scopes, so on a machine without a browser the loopback port is reached through ssh.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets as randomness
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from connectors import tokens
from connectors.errors import BadAnswer, ConnectorError, Misconfigured, SignInNeeded, Unavailable
from connectors.google import scopes
from connectors.google.grant import CLIENT_IS_WRONG, Grant, read_grant, write_grant
from connectors.google.secrets import ClientSecrets, read_client_secrets
from connectors.google.settings import GoogleSettings
from connectors.google.standing import lacks
from connectors.loopback import listening
from connectors.protocols import SignIn
from connectors.proxies import proxy_for
from connectors.tls import trusted_authorities

log = logging.getLogger(__name__)

TIME_LIMIT = 600.0
"""Seconds that a sign-in may take, the user's part included."""


def login(
    settings: GoogleSettings,
    sign_in: SignIn,
    open_browser: Callable[[str], None] | None,
    port: int = 0,
    time_limit: float = TIME_LIMIT,
) -> str | None:
    """Signs in, keeps the token file, and gives the address of who did, where Google tells.

    The address of Google's page is shown in any case; `open_browser` opens it too, where there is one.

    :raises Misconfigured: client secrets, port, CA bundle or token folder are no good.
    :raises SignInNeeded: it was declined, came to no end within `time_limit` seconds, or a permission was
        left unticked (then the rest is kept).
    :raises Unavailable: Google could not be reached. :raises BadAnswer: what it answered makes no sense.
    """
    client = read_client_secrets(settings.client_secrets)
    state = randomness.token_urlsafe(32)
    with listening(port, state) as loopback:
        flow = _flow(settings, client, loopback.address)
        # Without prompt=consent, Google gives a refresh token the first time only.
        url, _ = flow.authorization_url(state=state, prompt="consent")
        sign_in.show_url(url, loopback.port)
        if open_browser is not None:
            open_browser(url)
        answer = loopback.wait(time_limit, settings.stop)
        if "code" not in answer:
            raise _declined(settings.name, answer.get("error", ""))
        token = _exchange(settings, flow, answer["code"])
    grant = _grant_from(settings, client, token)
    write_grant(settings, grant)
    lacking = scopes.missing(settings, grant.scopes)
    if lacking:
        raise SignInNeeded(lacks(settings, lacking))
    return grant.address


def logout(settings: GoogleSettings) -> bool:
    """Deletes the token file, and takes the access back at Google; False where that did not work.

    :raises Misconfigured: the file can't be deleted.
    """
    try:
        grant = read_grant(settings)
    except SignInNeeded:
        grant = None
    tokens.remove(settings.token_file)
    return grant is not None and _revoke(settings, grant)


# --- the exchange ---------------------------------------------------------------------------------------


def _flow(settings: GoogleSettings, client: ClientSecrets, redirect_uri: str) -> Any:
    from google_auth_oauthlib.flow import InstalledAppFlow

    config = {
        "installed": {
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "auth_uri": client.auth_uri,
            "token_uri": client.token_uri,
        }
    }
    flow = InstalledAppFlow.from_client_config(
        config,
        scopes=list(scopes.needed(settings)),
        redirect_uri=redirect_uri,
        autogenerate_code_verifier=True,  # PKCE; the client's older versions leave it out unless they are told
    )
    session = flow.oauth2session
    # requests would read proxies, authorities and even passwords (.netrc) from the environment in its own
    # way.
    session.trust_env = False
    # The code and the client's secret are for Google's token endpoint, and for no address that it may name.
    session.max_redirects = 0
    proxy = proxy_for(client.token_uri)
    session.proxies = {"http": proxy, "https": proxy} if proxy else {}
    session.verify = str(trusted_authorities(settings.ca_bundle, settings.cache_dir))
    return flow


def _exchange(settings: GoogleSettings, flow: Any, code: str) -> Mapping[str, Any]:
    """The code for tokens. The code is good once: this is never repeated."""
    from oauthlib.oauth2 import InsecureTransportError, OAuth2Error  # type: ignore[import-untyped]
    from requests import RequestException

    name = settings.name
    try:
        token = flow.fetch_token(code=code, timeout=settings.timeout, verify=flow.oauth2session.verify)
    except Warning as changed:
        # oauthlib raises where the scopes granted are not those asked for: boxes left unticked, other
        # spellings.
        token = getattr(changed, "token", None)
    except InsecureTransportError:
        raise Misconfigured(
            f"The client secrets file {settings.client_secrets} names a token_uri without https://. "
            "Download it anew from Google's console"
        ) from None
    except OAuth2Error as error:
        raise _not_accepted(name, str(error.error or "")) from None
    except RequestException as error:
        kind = type(error).__name__
        raise Unavailable(
            f"Account {name}: Google could not be reached to finish the sign-in ({kind})"
        ) from None
    except Exception as error:  # noqa: BLE001  # whatever the libraries trip over in the answer
        kind = type(error).__name__
        raise BadAnswer(f"Account {name}: Google's answer to the sign-in makes no sense ({kind})") from None
    if not isinstance(token, Mapping) or not isinstance(token.get("access_token"), str):
        raise BadAnswer(f"Account {name}: Google's answer to the sign-in holds no token")
    return token


def _grant_from(settings: GoogleSettings, client: ClientSecrets, token: Mapping[str, Any]) -> Grant:
    refresh_token = token.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        raise SignInNeeded(
            f"Account {settings.name}: Google gave no lasting permission. Take prepd's access away at "
            f"myaccount.google.com/permissions, then: prepd auth login {settings.name}"
        )
    expires_at = token.get("expires_at")
    granted = scopes.split(token.get("scope"))
    return Grant(
        refresh_token=refresh_token,
        token_uri=client.token_uri,
        client_id=client.client_id,
        # An answer without scopes means: those that were asked for (RFC 6749, 5.1).
        scopes=granted or scopes.needed(settings),
        address=address_in(token.get("id_token")),
        access_token=token["access_token"],
        expiry=datetime.fromtimestamp(expires_at, UTC) if isinstance(expires_at, (int, float)) else None,
    )


def address_in(id_token: object) -> str | None:
    """The e-mail address in an id token, lower-case; None where there is none.

    The signature needs no check: the token came straight from its issuer, over TLS (OpenID Connect Core,
    3.1.3.7).
    """
    if not isinstance(id_token, str) or id_token.count(".") != 2:
        return None
    payload = id_token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None
    address = claims.get("email") if isinstance(claims, dict) else None
    return address.strip().lower() or None if isinstance(address, str) else None


# --- what went wrong ------------------------------------------------------------------------------------


def _declined(account: str, code: str) -> ConnectorError:
    if code == "access_denied":
        return SignInNeeded(
            f"Account {account}: access was not given. {tokens.sign_in_again(account)}, and choose Allow. "
            "If Google did not let you, add yourself to the test users of your OAuth client's consent screen"
        )
    if code in ("admin_policy_enforced", "org_internal"):
        return Misconfigured(
            f"Account {account}: your organization does not allow this OAuth client ({code}). "
            "Ask its administrator"
        )
    remedy = tokens.sign_in_again(account)
    return SignInNeeded(f"Account {account}: the sign-in failed ({_plain(code)}). {remedy}")


def _not_accepted(account: str, code: str) -> ConnectorError:
    if code in CLIENT_IS_WRONG:
        return Misconfigured(
            f"Account {account}: Google does not accept the OAuth client ({code}). "
            "Download its client secrets file anew from Google's console"
        )
    remedy = tokens.sign_in_again(account)
    return SignInNeeded(f"Account {account}: Google did not accept the sign-in ({_plain(code)}). {remedy}")


def _plain(code: str) -> str:
    return code if code.replace("_", "").isalnum() and len(code) < 60 else "no reason given"


def _revoke(settings: GoogleSettings, grant: Grant) -> bool:
    from connectors.google.wire import HttpOnce

    target = urlsplit(grant.token_uri)
    try:
        http = HttpOnce(settings.timeout, trusted_authorities(settings.ca_bundle, settings.cache_dir))
        response, _ = http.request(
            f"{target.scheme}://{target.netloc}/revoke",
            "POST",
            urlencode({"token": grant.refresh_token}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        http.close()
    except Exception as error:  # noqa: BLE001
        # The file is gone, which is what was asked for; the user can take the access back at Google.
        log.warning("account %s: access could not be revoked (%s)", settings.name, type(error).__name__)
        return False
    return bool(response.status == 200)
