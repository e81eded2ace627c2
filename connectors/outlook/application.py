"""msal's door: an application to sign in with, over our own connections.

msal asks the sign-in server where its endpoints are whenever an application is made, and keeps refusals (400)
for a minute as if they were said again (msal/throttled_http_client.py). So one is made when a token is needed
and not before, and none is kept.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from connectors.errors import BadAnswer, ConnectorError, Misconfigured, Unavailable
from connectors.outlook import scopes
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.wire import Answer, Question, Wire

Reply = Mapping[str, Any]

# Seconds that an access token must still be good for, as msal counts.
_LEFT = 300


class Application:
    """One msal application with its token cache. Used once, then thrown away.

    :raises Misconfigured: the authority is no good. :raises Unavailable: it can't be reached for now.
    """

    def __init__(self, settings: OutlookSettings, wire: Wire, cache: str = "") -> None:
        import msal

        self._settings = settings
        self._cache = _read_cache(cache)
        self._http = _Http(settings, wire)
        if urlsplit(settings.sign_in_at).scheme != "https":
            raise Misconfigured(f"Account {settings.name}: the authority must begin with https://")
        try:
            self._app: Any = msal.PublicClientApplication(
                settings.client_id,
                authority=settings.sign_in_at,
                # The authorities are the config's or the clouds' own: nobody need be asked what they are.
                instance_discovery=False,
                # Continuous access evaluation: tokens that last a day, and are taken back at once.
                client_capabilities=["CP1"],
                http_client=self._http,
                token_cache=self._cache,
            )
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001  # msal's are ValueError, RuntimeError, KeyError and its own
            raise self._no_authority(error) from None

    # --- signing in -------------------------------------------------------------------------------------

    def begin(self, redirect_uri: str) -> Reply:
        """A flow for `finish`; `auth_uri` is what the browser is to open, `state` what comes back."""
        asked = scopes.asked_for(self._settings)
        with warnings.catch_warnings():
            # msal would like the answer posted; a browser asks before it posts from https to http.
            warnings.simplefilter("ignore")
            return self._said(lambda: self._app.initiate_auth_code_flow(asked, redirect_uri=redirect_uri))

    def finish(self, flow: Reply, answer: Mapping[str, str]) -> Reply:
        """The browser's answer for tokens; the code in it is good once."""
        return self._said(lambda: self._app.acquire_token_by_auth_code_flow(dict(flow), dict(answer)))

    def begin_with_code(self) -> dict[str, Any]:
        """A flow for `poll`, with `verification_uri` and `user_code`; an `error` where that is not allowed."""
        asked = scopes.asked_for(self._settings)
        return dict(self._said(lambda: self._app.initiate_device_flow(scopes=asked)))

    def poll(self, flow: dict[str, Any]) -> Reply:
        """Asks once whether the user entered the code; `authorization_pending` where they did not yet."""
        done = {"exit_condition": lambda flow: True}
        return self._said(lambda: self._app.acquire_token_by_device_flow(flow, **done))

    # --- staying signed in ------------------------------------------------------------------------------

    def renew(self, claims: str | None) -> Reply | None:
        """New tokens for those in the cache, whatever the old one's expiry says; None where there are none."""
        accounts = self._app.get_accounts()
        if not accounts:
            return None
        asked = scopes.asked_for(self._settings)
        # msal keeps one token for each spelling of the permissions: one taken back must not outlive its successor.
        for entry in list(self._cache.search(self._cache.CredentialType.ACCESS_TOKEN)):
            self._cache.remove_at(entry)
        reply = self._said(
            lambda: self._app.acquire_token_silent_with_error(
                asked, accounts[0], force_refresh=True, claims_challenge=claims
            )
        )
        return reply or None

    @property
    def cache(self) -> str:
        """The token cache, to be kept."""
        return str(self._cache.serialize())

    def _said(self, ask: Any) -> Reply:
        try:
            reply = ask()
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001
            if self._http.status == 429 or self._http.status >= 500:
                raise self._for_now() from None
            # msal reads answers without checking their shape: a text or a null ends in all kinds of errors.
            kind = type(error).__name__
            raise BadAnswer(
                f"Account {self._settings.name}: the sign-in server's answer makes no sense ({kind})"
            ) from None
        if reply is not None and not isinstance(reply, dict):
            raise BadAnswer(f"Account {self._settings.name}: the sign-in server's answer makes no sense")
        return reply or {}

    def _for_now(self) -> Unavailable:
        name, status = self._settings.name, self._http.status
        return Unavailable(f"Account {name}: the sign-in server could not answer for now ({status})")

    def _no_authority(self, error: Exception) -> ConnectorError:
        name, status = self._settings.name, self._http.status
        if 400 <= status < 500 and status != 429:
            return Misconfigured(
                f"Account {name}: Microsoft knows no such tenant, or the authority is wrong ({status}). "
                "Check tenant, cloud and authority in the config"
            )
        if status == 429 or status >= 500:
            return self._for_now()
        kind = type(error).__name__
        return BadAnswer(f"Account {name}: the sign-in server's answer makes no sense ({kind})")


def valid_token(settings: OutlookSettings, cache: str, but: str | None = None) -> str | None:
    """An access token in the cache that is good for some minutes at least, and is not `but`. Asks nobody.

    Read without msal, whose libraries take longer to load than a cycle with nothing to do takes.
    """
    best, until = None, time.time() + _LEFT
    for entry in _entries(cache).get("AccessToken", {}).values():
        secret, expires = entry.get("secret"), _number(entry.get("expires_on"))
        ours = entry.get("client_id") == settings.client_id
        if ours and isinstance(secret, str) and secret != but and expires >= until:
            best, until = secret, expires
    return best


def _read_cache(text: str) -> Any:
    """As msal's own; what is not as msal writes it would end in an AttributeError somewhere inside."""
    import msal

    cache = msal.SerializableTokenCache()
    usable = _entries(text)
    tokens = usable.get("AccessToken", {})
    usable["AccessToken"] = {key: entry for key, entry in tokens.items() if _number(entry.get("expires_on"))}
    cache.deserialize(json.dumps(usable))
    return cache


def _entries(text: str) -> dict[str, dict[str, dict[str, Any]]]:
    content = json.loads(text) if text else {}
    return {
        kind: {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
        for kind, entries in content.items()
        if isinstance(entries, dict)
    }


def _number(text: object) -> float:
    try:
        return float(text) if isinstance(text, (str, int, float)) else 0.0
    except ValueError:
        return 0.0


class _Http:
    """What msal takes for an HTTP client. `status` is that of the last answer, 0 for none."""

    def __init__(self, settings: OutlookSettings, wire: Wire) -> None:
        self._where = f"Account {settings.name}, sign-in"
        self._wire = wire
        self.status = 0

    def get(self, url: str, *, params: Any = None, headers: Any = None, **_: object) -> _HttpAnswer:
        return self._send("GET", url, params, headers, None)

    def post(
        self, url: str, *, params: Any = None, headers: Any = None, data: Any = None, **_: object
    ) -> _HttpAnswer:
        form = data if isinstance(data, (str, bytes)) else urlencode(_said_only(data))
        typed = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._send("POST", url, params, typed, form.encode() if isinstance(form, str) else form)

    def close(self) -> None:
        """Nothing: the connections are the account's."""

    def _send(self, method: str, url: str, params: Any, headers: Any, body: bytes | None) -> _HttpAnswer:
        query = urlencode(_said_only(params))
        target = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
        self.status = 0
        answer = self._wire.send(
            Question(method, target, self._where, {"Accept": "application/json", **(headers or {})}, body)
        )
        self.status = answer.status
        return _HttpAnswer(answer)


class _HttpAnswer:
    """What msal reads of an answer."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.headers = dict(answer.headers)
        self.text = answer.body.decode("utf-8", "replace")


def _said_only(fields: Any) -> dict[str, Any]:
    """requests leaves out what is None, and msal counts on it."""
    return {name: value for name, value in (fields or {}).items() if value is not None}
