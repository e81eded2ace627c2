"""What Entra gives out: codes, tokens, and the claims inside an id token; and what a bearer token allows.

Sources: Microsoft identity platform, "ID tokens", "Refresh tokens" and "Claims challenges".
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sandbox import jwt
from sandbox.exchange import Request
from sandbox.microsoft.errors import EntraError, GraphError, bad_token
from sandbox.microsoft.items import Person
from sandbox.microsoft.routes import ADMIN_ONLY, SCOPES
from sandbox.microsoft.world import World

LIFETIME = 3599
"""Seconds that an access token says it lives."""

IDENTITY = frozenset(["openid", "profile", "email", "offline_access"])
_RESOURCES = (
    "https://graph.microsoft.com/",
    "https://graph.microsoft.us/",
    "https://dod-graph.microsoft.us/",
    "https://microsoftgraph.chinacloudapi.cn/",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted to the app on somebody's behalf; `scopes` as they were asked for."""

    person: str
    scopes: tuple[str, ...]
    issued: datetime
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""
    capable: bool = False
    claims_met: int = 0


@dataclass(slots=True)
class Tokens:
    """Access and refresh tokens given out, what each person has consented to, and what stands against them."""

    world: World
    client_id: str
    consented: dict[str, set[str]] = field(default_factory=dict)
    expired: dict[str, EntraError] = field(default_factory=dict)
    """Why somebody's refresh tokens no longer work."""
    challenges: dict[str, int] = field(default_factory=dict)
    """From when (`nbf`) tokens of somebody must be."""
    _access: dict[str, Grant] = field(default_factory=dict)
    _refresh: dict[str, Grant] = field(default_factory=dict)

    def issue(self, grant: Grant, claims: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer of the token endpoint."""
        person = self.world.people[grant.person]
        asked = (claims or {}).get("access_token", {})
        met = int((asked.get("nbf") or {}).get("value") or 0)
        if met >= self.challenges.get(grant.person, 0):
            self.challenges.pop(grant.person, None)
        capable = "CP1" in ((asked.get("xms_cc") or {}).get("values") or [])
        grant = replace(grant, issued=self.world.clock.now(), capable=capable, claims_met=met)
        short = {bare(scope) for scope in grant.scopes}
        access = f"EwB{secrets.token_urlsafe(48)}"
        self._access[access] = grant
        answer: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join(scope for scope in self._told(grant) if scope != "offline_access"),
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": access,
            "id_token": self._id_token(person, grant.nonce),
            "client_info": jwt.b64(json.dumps({"uid": person.oid, "utid": person.tid}).encode()),
        }
        if "offline_access" in short:
            refresh = f"0.A{secrets.token_urlsafe(60)}"
            self._refresh[refresh] = grant
            answer["refresh_token"] = refresh
        return answer

    def refresh(self, token: str, scopes: tuple[str, ...], claims: dict[str, Any]) -> dict[str, Any]:
        """New tokens for a refresh token. Raises EntraError."""
        grant = self._refresh.get(token)
        if grant is None:
            raise EntraError("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
        if (problem := self.expired.get(grant.person)) is not None:
            raise problem
        wanted = {bare(scope) for scope in scopes or grant.scopes} - IDENTITY
        if wanted - self.consented.get(grant.person, set()):
            raise not_consented(self.client_id)
        answer = self.issue(replace(grant, scopes=scopes or grant.scopes), claims)
        if not self.world.settings.refresh_tokens_rotate:
            answer["refresh_token"] = token
        return answer

    def bearer(self, request: Request) -> tuple[Person, frozenset[str]]:
        """Who asks, and with which permissions. Raises GraphError (401)."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise bad_token("Access token is empty.")
        grant = self._access.get(token)
        if grant is None:
            raise bad_token("IDX14100: JWT is not well formed, there are no dots (.).")
        age = (self.world.clock.now() - grant.issued).total_seconds()
        if self.world.settings.tokens_expire and age > LIFETIME:
            raise bad_token()
        needed = self.challenges.get(grant.person, 0)
        if grant.capable and needed > grant.claims_met:
            raise _insufficient_claims(self.world.root, needed)
        return self.world.people[grant.person], frozenset(bare(scope) for scope in self._told(grant))

    def consent(self, person: str, scopes: set[str]) -> None:
        self.consented.setdefault(person, set()).update(scopes - IDENTITY)

    def expire_access(self, person: str | None = None) -> None:
        self._access = {
            token: grant for token, grant in self._access.items() if person not in (None, grant.person)
        }

    def _told(self, grant: Grant) -> tuple[str, ...]:
        """What a token allows: all that was ever consented to, in the spelling that was asked for."""
        resource = next((each for scope in grant.scopes for each in _RESOURCES if scope.startswith(each)), "")
        asked = [
            scope
            for scope in grant.scopes
            if bare(scope) in self.consented.get(grant.person, set()) | IDENTITY
        ]
        have = {bare(scope) for scope in asked}
        rest = sorted(self.consented.get(grant.person, set()) - have)
        return (*asked, *(resource + scope for scope in rest))

    def _id_token(self, person: Person, nonce: str) -> str:
        # By the machine's clock, not the sandbox's: libraries hold these against the real time.
        now = int(time.time())
        claims: dict[str, Any] = {
            "aud": self.client_id,
            "iss": f"{self.world.root}/{person.tid}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "name": person.name,
            "oid": person.oid,
            "preferred_username": person.email,
            "email": person.email,
            "sub": jwt.b64(hashlib.sha256(person.oid.encode()).digest()),
            "tid": person.tid,
            "ver": "2.0",
        }
        if nonce:
            claims["nonce"] = nonce
        return jwt.signed(claims, b"sandbox")


def bare(scope: str) -> str:
    """A permission's short name."""
    for resource in _RESOURCES:
        scope = scope.removeprefix(resource)
    return scope


def known(scope: str) -> bool:
    return bare(scope) in SCOPES | ADMIN_ONLY | IDENTITY or bare(scope) == ".default"


def not_consented(client_id: str) -> EntraError:
    message = (
        f"The user or administrator has not consented to use the application with ID '{client_id}'. Send an interactive"
        " authorization request for this user and resource."
    )
    return EntraError("invalid_grant", 65001, message, suberror="consent_required")


def _insufficient_claims(root: str, nbf: int) -> GraphError:
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": str(nbf)}}})
    encoded = base64.b64encode(claims.encode()).decode()
    header = (
        f'Bearer realm="", authorization_uri="{root}/common/oauth2/v2.0/authorize",'
        f' client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="{encoded}"'
    )
    why = "result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
    message = f"Continuous access evaluation resulted in challenge with {why}"
    return GraphError(401, "InvalidAuthenticationToken", message, headers={"WWW-Authenticate": header})
