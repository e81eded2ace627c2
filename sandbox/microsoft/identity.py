"""Entra: discovery, the sign-in page and the token endpoint, for a public client. Device codes are kept in `devices`.

Nobody clicks: who sits at the browser, which permissions they grant and whether they decline is set beforehand with
`Browser`. Sources: Microsoft identity platform, "authorization code flow" and "device authorization grant flow".
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.exchange import Request, Response, page
from sandbox.jwt import b64
from sandbox.microsoft.devices import Devices
from sandbox.microsoft.errors import PLAIN_JSON, EntraError
from sandbox.microsoft.items import CONSUMERS, Person
from sandbox.microsoft.routes import ADMIN_ONLY
from sandbox.microsoft.tokens import IDENTITY, Grant, Tokens, bare, known
from sandbox.microsoft.world import World

CLIENT_ID = "6f3c1b52-40d8-4e0a-9a57-1f2d7c8e9b03"


@dataclass(slots=True)
class Browser:
    """Who sits at it, and what they do with the consent page. `scopes=None` grants all that is asked for."""

    person: str | None = None
    scopes: frozenset[str] | None = None
    denies: bool = False


@dataclass(slots=True)
class Entra:
    """The sign-in of one app, `client_id`, in every tenant."""

    world: World
    client_id: str = CLIENT_ID
    browser: Browser = field(default_factory=Browser)
    admin_consent: bool = False
    """Whether the tenant lets nobody but an administrator consent."""
    tokens: Tokens = field(init=False)
    devices: Devices = field(init=False)
    _codes: dict[str, Grant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.world, self.client_id)
        self.devices = Devices(self.world)

    def respond(self, request: Request) -> Response | None:
        """Answer an address of Entra's; None if it is none."""
        match = re.fullmatch(
            r"/([^/]+)/(v2\.0/\.well-known/openid-configuration|oauth2/v2\.0/(\w+)|oauth2/deviceauth)",
            request.path,
        )
        if match is None or match[1] == "v1.0":
            return None
        try:
            match match[3] or match[2]:
                case "authorize":
                    return self._authorize(match[1], request)
                case "token":
                    return self._token(request.form())
                case "devicecode":
                    return self._devicecode(match[1], request.form())
                case "oauth2/deviceauth":
                    return self._device_page(request)
                case "logout":
                    return page("Signed out")
                case known_address if known_address.endswith("openid-configuration"):
                    return _json(self._configuration(match[1]))
        except EntraError as error:
            return error.response()
        return None

    def _configuration(self, tenant: str) -> dict[str, Any]:
        root = f"{self.world.root}/{tenant}"
        issuer = tenant if re.fullmatch(r"[0-9a-f-]{36}", tenant) else "{tenantid}"
        return {
            "token_endpoint": f"{root}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": f"{root}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "response_types_supported": ["code", "id_token", "code id_token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{self.world.root}/{issuer}/v2.0",
            "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{root}/oauth2/v2.0/logout",
            "cloud_instance_name": "microsoftonline.com",
        }

    def _authorize(self, tenant: str, request: Request) -> Response:
        if request.first("client_id") != self.client_id:
            text = f"AADSTS700016: Application '{request.first('client_id')}' was not found in the directory."
            return page("Sign in: trouble signing you in", text, 400)
        redirect = urlsplit(request.first("redirect_uri"))
        if redirect.scheme != "http" or redirect.hostname not in ("127.0.0.1", "localhost", "::1"):
            text = "AADSTS50011: The redirect URI specified in the request does not match the redirect URIs configured."
            return page("Sign in: trouble signing you in", text, 400)
        answer: dict[str, str]
        try:
            answer = {"code": self._consent(tenant, request)}
        except EntraError as error:
            answer = {"error": error.error, "error_description": error.description}
            if error.suberror:
                answer["error_subcode"] = error.suberror
        if "state" in request.query:
            answer["state"] = request.first("state")
        if request.first("response_mode") == "form_post":
            return _form(redirect.geturl(), answer)
        separator = "&" if redirect.query else "?"
        return Response(302, b"", {"Location": f"{redirect.geturl()}{separator}{urlencode(answer)}"})

    def _consent(self, tenant: str, request: Request) -> str:
        scopes = _scopes(request.first("scope"))
        if request.first("response_type") != "code":
            raise EntraError(
                "unsupported_response_type", 700054, "The response_type isn't enabled for the application."
            )
        if request.first("code_challenge_method", "S256") != "S256" or not request.first("code_challenge"):
            raise EntraError("invalid_request", 9002325, "Proof Key for Code Exchange is required.")
        person = self._at_the_browser(tenant, request.first("login_hint"))
        granted = self._granted(person, scopes)
        if request.first("prompt") == "none":
            raise EntraError(
                "interaction_required", 50058, "A silent sign-in request was sent but no user is signed in."
            )
        self.tokens.expired.pop(person.email, None)
        code = f"0.A{secrets.token_urlsafe(64)}"
        self._codes[code] = Grant(
            person.email,
            granted,
            self.world.clock.now(),
            request.first("redirect_uri"),
            request.first("code_challenge"),
            request.first("nonce"),
        )
        return code

    def _granted(self, person: Person, scopes: tuple[str, ...]) -> tuple[str, ...]:
        """What is granted of what was asked for, with consent noted. Raises EntraError."""
        if self.browser.denies:
            raise EntraError(
                "access_denied", 65004, "User declined to consent to access the app.", suberror="cancel"
            )
        new = {bare(scope) for scope in scopes} - IDENTITY - self.tokens.consented.get(person.email, set())
        if new and (self.admin_consent or new & ADMIN_ONLY) and not person.personal:
            number = int(self.world.settings.admin_consent_error.removeprefix("AADSTS"))
            message = "The application requires permissions that only an administrator can grant."
            raise EntraError("consent_required" if number == 65001 else "access_denied", number, message)
        chosen = self.browser.scopes
        granted = tuple(s for s in scopes if chosen is None or bare(s) in chosen or bare(s) in IDENTITY)
        self.tokens.consent(person.email, {bare(scope) for scope in granted})
        return granted

    def _token(self, form: dict[str, str]) -> Response:
        if form.get("client_id") != self.client_id:
            message = f"Application with identifier '{form.get('client_id')}' was not found in the directory."
            raise EntraError("unauthorized_client", 700016, message)
        scopes = _scopes(form.get("scope", ""))
        try:
            claims = json.loads(form.get("claims") or "{}")
        except ValueError:
            raise EntraError("invalid_request", 50161, "Failed to parse the claims.") from None
        match form.get("grant_type"):
            case "authorization_code":
                return _json(self.tokens.issue(self._exchange(form), claims))
            case "refresh_token":
                return _json(self.tokens.refresh(form.get("refresh_token", ""), scopes, claims))
            case "urn:ietf:params:oauth:grant-type:device_code" | "device_code":
                return _json(self.tokens.issue(self._poll(form.get("device_code", "")), claims))
        raise EntraError("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")

    def _exchange(self, form: dict[str, str]) -> Grant:
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None:
            raise EntraError(
                "invalid_grant", 54005, "OAuth2 Authorization code was already redeemed, or never given."
            )
        if form.get("redirect_uri") != grant.redirect_uri:
            raise EntraError(
                "invalid_grant", 50011, "The reply address does not match the one that the code was sent to."
            )
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant.challenge != b64(digest):
            raise EntraError("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.")
        return grant

    def _devicecode(self, tenant: str, form: dict[str, str]) -> Response:
        if form.get("client_id") != self.client_id:
            raise EntraError("unauthorized_client", 700016, "The application was not found in the directory.")
        return _json(self.devices.give(tenant, _scopes(form.get("scope", ""))))

    def _device_page(self, request: Request) -> Response:
        """The page where a code is typed in; here it stands in the address (`?otc=`)."""
        try:
            who = self._at_the_browser("common", "").email
            self.devices.enter(request.first("otc"), who, declines=self.browser.denies)
        except KeyError:
            return page("Enter code", "Enter the code displayed on your app.")
        return page("You have signed in", "You may now close this window.")

    def _poll(self, device_code: str) -> Grant:
        device, email = self.devices.entered(device_code)
        person = self._in_tenant(device.tenant, self.world.people[email])
        granted = self._granted(person, device.scopes)
        self.devices.forget(device_code)
        self.tokens.expired.pop(person.email, None)
        return Grant(person.email, granted, self.world.clock.now())

    def _at_the_browser(self, tenant: str, hint: str) -> Person:
        chosen = self.browser.person or hint.lower() or next(iter(self.world.people), "")
        if chosen not in self.world.people:
            raise EntraError(
                "access_denied", 50034, f"The user account {chosen} does not exist in the directory."
            )
        return self._in_tenant(tenant, self.world.people[chosen])

    def _in_tenant(self, tenant: str, person: Person) -> Person:
        if person.personal and tenant not in ("common", "consumers", CONSUMERS):
            message = f"User account '{person.email}' is a personal Microsoft account, not supported here."
            raise EntraError("invalid_request", 500200, message)
        if not person.personal and tenant in ("consumers", CONSUMERS):
            raise EntraError(
                "invalid_request", 50020, f"User account '{person.email}' does not exist in the tenant."
            )
        return person


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(text.split())
    unknown = [scope for scope in scopes if not known(scope)]
    if unknown:
        message = f"The application asked for scope '{' '.join(unknown)}' that doesn't exist on the resource."
        raise EntraError("invalid_scope", 70011, message)
    return scopes


def _form(to: str, fields: dict[str, str]) -> Response:
    """A page that posts itself to the client's listener."""
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
    )
    page = f'<form method="POST" name="hiddenform" action="{html.escape(to)}">{inputs}</form>'
    return Response(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _json(body: dict[str, Any]) -> Response:
    return Response(200, json.dumps(body).encode(), {**PLAIN_JSON, "Cache-Control": "no-store"})
