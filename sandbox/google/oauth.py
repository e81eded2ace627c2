"""Signing in: the consent page, the token endpoint, revocation, and what a bearer token allows.

For the loopback flow of desktop clients (RFC 8252) with PKCE (RFC 7636). Nobody clicks: who sits at the
browser, which boxes they tick, and whether they decline, is set beforehand with `Browser`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox import jwt
from sandbox.exchange import Request, Response, page
from sandbox.google import discovery
from sandbox.google.errors import JSON, bad_token
from sandbox.google.world import Person, World

LIFETIME = 3599
"""Seconds that an access token says it lives."""

# Google answers with its own names for these two, which oauthlib takes for a change of scope.
_ALIASES = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
_IDENTITY = frozenset({"openid", *_ALIASES.values()})


@dataclass(slots=True)
class Browser:
    """Who sits at it, and what they do with the consent page. `scopes=None` ticks every box."""

    person: str | None = None
    scopes: frozenset[str] | None = None
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client that the user made in their project."""

    id: str = "482915073316-sandbox.apps.googleusercontent.com"
    secret: str = "sandbox-client-secret"


@dataclass(frozen=True, slots=True)
class _Grant:
    person: str
    scopes: tuple[str, ...]
    issued: datetime
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""
    offline: bool = False


@dataclass(slots=True)
class OAuth:
    """Codes and tokens given out. `client` is the only one registered."""

    world: World
    client: Client = field(default_factory=Client)
    browser: Browser = field(default_factory=Browser)
    _codes: dict[str, _Grant] = field(default_factory=dict)
    _access: dict[str, _Grant] = field(default_factory=dict)
    _refresh: dict[str, _Grant] = field(default_factory=dict)

    def authorize(self, request: Request) -> Response:
        """The consent page: 302 back to the client, or an error page for a request it must not answer."""
        redirect = urlsplit(request.first("redirect_uri"))
        scopes = [_ALIASES.get(scope, scope) for scope in request.first("scope").split()]
        if refused := self._refused(request, scopes):
            return refused
        person = self._at_the_browser(request.first("login_hint"))
        answer = {"state": request.first("state")} if "state" in request.query else {}
        granted = tuple(scope for scope in scopes if self._ticked(scope))
        if self.browser.denies or person is None or not granted:
            return _redirect(redirect.geturl(), {**answer, "error": "access_denied"})
        code = f"4/{secrets.token_urlsafe(32)}"
        self._codes[code] = _Grant(
            person,
            granted,
            self.world.clock.now(),
            redirect.geturl(),
            request.first("code_challenge"),
            request.first("nonce"),
            request.first("access_type") == "offline",
        )
        return _redirect(redirect.geturl(), {**answer, "code": code, "scope": " ".join(granted)})

    def _refused(self, request: Request, scopes: list[str]) -> Response | None:
        """The error page for a request that must not be answered at its redirect address."""
        redirect = urlsplit(request.first("redirect_uri"))
        if request.first("client_id") != self.client.id:
            return page("Error 401: invalid_client", "The OAuth client was not found.", 401)
        if redirect.scheme != "http" or redirect.hostname not in ("127.0.0.1", "localhost", "::1"):
            return page(
                "Error 400: redirect_uri_mismatch", "The redirect URI is not a loopback address.", 400
            )
        unknown = [scope for scope in scopes if not _known(scope)]
        if request.first("response_type") != "code" or not scopes or unknown:
            problem = "invalid_scope" if unknown else "invalid_request"
            return page(f"Error 400: {problem}", " ".join(unknown), 400)
        if request.first("code_challenge") and request.first("code_challenge_method") != "S256":
            return page("Error 400: invalid_request", "The sandbox wants S256.", 400)
        return None

    def token(self, request: Request) -> Response:
        """Codes and refresh tokens for access tokens; errors as RFC 6749 has them."""
        form = request.form()
        identity = (form.get("client_id"), form.get("client_secret"))
        if request.headers.get("authorization", "").lower().startswith("basic "):
            name, _, secret = base64.b64decode(request.headers["authorization"][6:]).decode().partition(":")
            identity = (name, secret)
        if identity != (self.client.id, self.client.secret):
            return _oauth_error(401, "invalid_client", "The OAuth client was not found.")
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                grant = self._refresh.get(form.get("refresh_token", ""))
                if grant is None:
                    return _oauth_error(400, "invalid_grant", "Token has been expired or revoked.")
                return _json(200, self._tokens(grant))
        return _oauth_error(400, "unsupported_grant_type", "Invalid grant_type")

    def revoke(self, request: Request) -> Response:
        """Take back a grant by either of its tokens."""
        token = request.form().get("token") or request.first("token")
        grant = self._refresh.get(token) or self._access.get(token)
        if grant is None:
            return _oauth_error(400, "invalid_token", "Token expired or revoked")
        self.revoke_person(grant.person)
        return _json(200, {})

    def bearer(self, request: Request) -> tuple[Person, frozenset[str]]:
        """Who asks, and with which scopes. Raises ApiError (401)."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or request.first(
            "access_token"
        )
        grant = self._access.get(token)
        if grant is None:
            raise bad_token()
        age = (self.world.clock.now() - grant.issued).total_seconds()
        if self.world.settings.tokens_expire and age > LIFETIME:
            raise bad_token()
        return self.world.people[grant.person], frozenset(grant.scopes)

    def issue(self, person: str, scopes: Iterable[str]) -> dict[str, Any]:
        """Tokens as after a sign-in, for tests that leave the browser out."""
        granted = tuple(_ALIASES.get(scope, scope) for scope in scopes)
        return self._tokens(_Grant(person, granted, self.world.clock.now(), offline=True), first=True)

    def expire_access(self, person: str | None = None) -> None:
        """Access tokens are 401 from now on; refresh tokens still work."""
        self._access = {
            token: grant for token, grant in self._access.items() if person not in (None, grant.person)
        }

    def revoke_person(self, person: str) -> None:
        """The user took back the app's access: every token of theirs ends."""
        self.expire_access(person)
        self._refresh = {token: grant for token, grant in self._refresh.items() if grant.person != person}

    def _exchange(self, form: dict[str, str]) -> Response:
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None:
            return _oauth_error(400, "invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != grant.redirect_uri:
            return _oauth_error(400, "redirect_uri_mismatch", "Bad Request")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant.challenge and grant.challenge != jwt.b64(digest):
            return _oauth_error(400, "invalid_grant", "Invalid code verifier.")
        return _json(200, self._tokens(grant, first=True))

    def _tokens(self, grant: _Grant, *, first: bool = False) -> dict[str, Any]:
        now = self.world.clock.now()
        access = f"ya29.{secrets.token_urlsafe(48)}"
        self._access[access] = _Grant(grant.person, grant.scopes, now)
        answer: dict[str, Any] = {
            "access_token": access,
            "expires_in": LIFETIME,
            "scope": " ".join(grant.scopes),
            "token_type": "Bearer",
        }
        if first and grant.offline:
            answer["refresh_token"] = refresh = f"1//{secrets.token_urlsafe(48)}"
            self._refresh[refresh] = grant
        if _IDENTITY & set(grant.scopes):
            answer["id_token"] = self._id_token(grant)
        return answer

    def _id_token(self, grant: _Grant) -> str:
        person = self.world.people[grant.person]
        # By the machine's clock, not the sandbox's: libraries hold these against the real time.
        now = int(datetime.now(UTC).timestamp())
        claims: dict[str, Any] = {
            "iss": "https://accounts.google.com",
            "aud": self.client.id,
            "azp": self.client.id,
            "sub": person.subject,
            "iat": now,
            "exp": now + LIFETIME,
        }
        if _ALIASES["email"] in grant.scopes:
            claims |= {"email": person.email, "email_verified": True}
        if _ALIASES["profile"] in grant.scopes:
            claims["name"] = person.name
        if grant.nonce:
            claims["nonce"] = grant.nonce
        return jwt.signed(claims, self.client.secret.encode())

    def _at_the_browser(self, hint: str) -> str | None:
        chosen = self.browser.person or hint.lower() or next(iter(self.world.people), None)
        return chosen if chosen in self.world.people else None

    def _ticked(self, scope: str) -> bool:
        # Who you are is no box on the page.
        return self.browser.scopes is None or scope in self.browser.scopes or scope in _IDENTITY


def _known(scope: str) -> bool:
    return scope in _IDENTITY or scope in discovery.all_scopes()


def _redirect(to: str, parameters: dict[str, str]) -> Response:
    return Response(302, b"", {"Location": f"{to}{'&' if '?' in to else '?'}{urlencode(parameters)}"})


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(status, json.dumps(body).encode(), {**JSON, "Cache-Control": "no-store"})


def _oauth_error(status: int, error: str, description: str) -> Response:
    return _json(status, {"error": error, "error_description": description})
