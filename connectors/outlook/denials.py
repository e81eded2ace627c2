"""What the sign-in server says when it says no, by who must act.

By the AADSTS number (https://learn.microsoft.com/entra/identity-platform/reference-error-codes), else by the
`error` of OAuth. Its own words are never repeated: they hold addresses and tenants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from connectors.errors import ConnectorError, Misconfigured, SignInNeeded, Unavailable
from connectors.outlook import scopes
from connectors.outlook.settings import OutlookSettings
from connectors.tokens import sign_in_again

_NUMBER = re.compile(r"AADSTS(\d{4,8})")
_WORD = re.compile(r"[a-z_]{1,60}\Z")

_BLOCKED = {53000, 53001, 53002, 53003, 53004, 530031, 530032, 530034, 530035}
_ADMIN_CONSENT = {65001, 90094, 90095, 90093, 900941, 90008}

# What each number means, who must act, and the sentence to say: `why` is the number.
_NUMBERS: tuple[tuple[set[int], type[ConnectorError], str], ...] = (
    (
        {50072, 50074, 50076, 50079, 50158, 500121, 50129, 50203},
        SignInNeeded,
        "Microsoft wants a second factor ({why}). {again}",
    ),
    (
        {50089, 50132, 50133, 50173, 54005, 70000, 70008, 70043, 70044, 700081, 700082, 700084, 50078},
        SignInNeeded,
        "the sign-in expired or was taken back ({why}). {again}",
    ),
    (
        {50034, 50053, 50055, 50057, 50058, 50105, 50126},
        SignInNeeded,
        (
            "the account is locked, disabled or not allowed to use this application ({why}). "
            "Ask your administrator, then: prepd auth login {name}"
        ),
    ),
    (
        {700016, 700038, 90072, 500011, 700030, 7000112, 700003},
        Misconfigured,
        (
            "Microsoft does not know this application in this tenant ({why}). "
            "Check client_id and tenant in the config"
        ),
    ),
    (
        {50020, 50059, 50194, 90002, 900023, 90133, 500202, 500207, 50177, 9002346, 9002332},
        Misconfigured,
        (
            "this user or application can't sign in through this tenant ({why}). Set tenant to "
            "organizations, consumers or common, as the application's supported account types say"
        ),
    ),
    (
        {7000218},
        Misconfigured,
        (
            "the application wants a secret ({why}). In its registration, Authentication, "
            "set Allow public client flows to Yes"
        ),
    ),
    (
        {50011, 500117},
        Misconfigured,
        (
            "the application does not allow http://localhost ({why}). In its registration, "
            "Authentication, add the platform Mobile and desktop applications with http://localhost"
        ),
    ),
    ({65004}, SignInNeeded, "access was not given ({why}). {again}, and choose Accept"),
    (
        {90006, 90033, 50196, 90055, 50085, 50097, 900144},
        Unavailable,
        "the sign-in server could not answer for now ({why})",
    ),
)

# The same by `error` or `suberror` (https://learn.microsoft.com/entra/identity-platform/reference-error-codes,
# RFC 6749 and 8628), for numbers that nobody knows. `why` is all that was told.
_ERRORS: tuple[tuple[set[str], type[ConnectorError], str], ...] = (
    (
        {"temporarily_unavailable", "server_error", "slow_down"},
        Unavailable,
        "the sign-in server could not answer for now ({why})",
    ),
    ({"consent_required"}, SignInNeeded, "Microsoft wants you to agree again ({why}). {again}"),
    (
        {"basic_action", "additional_action", "user_password_expired"},
        SignInNeeded,
        "Microsoft wants something done at sign-in ({why}). {again}",
    ),
    (
        {"message_only"},
        SignInNeeded,
        "your organization does not let you in ({why}). Ask its administrator",
    ),
    (
        {"invalid_client", "unauthorized_client", "invalid_resource", "invalid_scope"},
        Misconfigured,
        "Microsoft does not accept the application ({why}). Check client_id, tenant and cloud in the config",
    ),
    (
        {"access_denied", "authorization_declined"},
        SignInNeeded,
        "access was not given ({why}). {again}, and choose Accept",
    ),
    (
        {"expired_token", "code_expired", "bad_verification_code"},
        SignInNeeded,
        "the code was not entered in time ({why}). {again}",
    ),
    (
        {"interaction_required"},
        SignInNeeded,
        "Microsoft wants to see you, maybe for a second factor ({why}). {again}",
    ),
)


def denied(settings: OutlookSettings, reply: Mapping[str, Any], *, renewing: bool = False) -> ConnectorError:
    """The error to raise for a token answer that holds none. `renewing`: nobody sits in front of it."""
    error = _word(reply.get("error"))
    number = number_in(reply)
    by_number = _by_number(settings, number) if number else None
    if renewing and number in _ADMIN_CONSENT:
        # It was agreed to once: by signing in, the user agrees anew, or hears that it takes an administrator.
        by_number = _taken_back(settings, number)
    return by_number or _by_error(settings, error, _word(reply.get("suberror")), number, renewing=renewing)


def number_in(reply: Mapping[str, Any]) -> int | None:
    """The AADSTS number of an answer."""
    codes = reply.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    text = reply.get("error_description")
    found = _NUMBER.search(text[:2_000]) if isinstance(text, str) else None
    return int(found[1]) if found else None


def blocked_here(settings: OutlookSettings) -> SignInNeeded:
    """The organization takes no device codes (AADSTS53003), as many do."""
    name = settings.name
    return SignInNeeded(
        f"Account {name}: your organization blocks signing in with a code, or on this device (AADSTS53003). "
        f"Sign in with a browser instead. If this machine has one: prepd auth login {name}. If another has: "
        f"prepd auth login {name} --no-browser --port 8400, which says how that one reaches this one (ssh -L)"
    )


def wants_an_administrator(settings: OutlookSettings, number: int) -> Misconfigured:
    """With what to send them: which application, what it may do, and where to say yes."""
    asked = scopes.asked_for(settings)
    query = urlencode(
        {
            "client_id": settings.client_id,
            "scope": " ".join(s if "/" in s else f"https://graph.microsoft.com/{s}" for s in asked),
            "redirect_uri": "http://localhost",
        }
    )
    return Misconfigured(
        f"Account {settings.name}: your organization wants an administrator to approve this application "
        f"(AADSTS{number}). Send them: application (client) id {settings.client_id}; delegated permissions "
        f"{', '.join(asked)}, offline_access, openid, profile; to approve them: "
        f"{settings.sign_in_at}/v2.0/adminconsent?{query} . Then: prepd auth login {settings.name}"
    )


def _taken_back(settings: OutlookSettings, number: int | None) -> SignInNeeded:
    name = settings.name
    return SignInNeeded(
        f"Account {name}: the permission was taken back (AADSTS{number}). {sign_in_again(name)}, and choose Accept"
    )


def _by_number(settings: OutlookSettings, number: int) -> ConnectorError | None:
    if number in _BLOCKED:
        return blocked_here(settings)
    if number in _ADMIN_CONSENT:
        return wants_an_administrator(settings, number)
    for numbers, kind, said in _NUMBERS:
        if number in numbers:
            return _error(kind, settings, said, f"AADSTS{number}")
    return None


def _by_error(
    settings: OutlookSettings, error: str, suberror: str, number: int | None, *, renewing: bool
) -> ConnectorError:
    told = (error, suberror, f"AADSTS{number}" if number else "")
    why = ", ".join(part for part in told if part) or "no reason given"
    for words, kind, said in _ERRORS:
        if words & {error, suberror}:
            return _error(kind, settings, said, why)
    said = "Microsoft no longer accepts the sign-in" if renewing else "the sign-in failed"
    return _error(SignInNeeded, settings, said + " ({why}). {again}", why)


def _error(kind: type[ConnectorError], settings: OutlookSettings, said: str, why: str) -> ConnectorError:
    """A sentence of the tables above, about this account."""
    name = settings.name
    return kind(f"Account {name}: " + said.format(name=name, why=why, again=sign_in_again(name)))


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) and _WORD.match(raw) else ""
