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
_SECOND_FACTOR = {50072, 50074, 50076, 50079, 50158, 500121, 50129, 50203}
_EXPIRED = {50089, 50132, 50133, 50173, 54005, 70000, 70008, 70043, 70044, 700081, 700082, 700084, 50078}
_DISABLED = {50034, 50053, 50055, 50057, 50058, 50105, 50126}
_WRONG_APPLICATION = {700016, 700038, 90072, 500011, 700030, 7000112, 700003}
_WRONG_TENANT = {50020, 50059, 50194, 90002, 900023, 90133, 500202, 500207, 50177, 9002346, 9002332}
_BUSY = {90006, 90033, 50196, 90055, 50085, 50097, 900144}


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
    name, again, code = settings.name, sign_in_again(settings.name), f"AADSTS{number}"
    if number in _BLOCKED:
        return blocked_here(settings)
    if number in _ADMIN_CONSENT:
        return wants_an_administrator(settings, number)
    if number in _SECOND_FACTOR:
        return SignInNeeded(f"Account {name}: Microsoft wants a second factor ({code}). {again}")
    if number in _EXPIRED:
        return SignInNeeded(f"Account {name}: the sign-in expired or was taken back ({code}). {again}")
    if number in _DISABLED:
        return SignInNeeded(
            f"Account {name}: the account is locked, disabled or not allowed to use this application ({code}). "
            f"Ask your administrator, then: prepd auth login {name}"
        )
    if number in _WRONG_APPLICATION:
        return Misconfigured(
            f"Account {name}: Microsoft does not know this application in this tenant ({code}). "
            "Check client_id and tenant in the config"
        )
    if number in _WRONG_TENANT:
        return Misconfigured(
            f"Account {name}: this user or application can't sign in through this tenant ({code}). Set tenant to "
            "organizations, consumers or common, as the application's supported account types say"
        )
    if number == 7000218:
        return Misconfigured(
            f"Account {name}: the application wants a secret ({code}). In its registration, Authentication, "
            "set Allow public client flows to Yes"
        )
    if number in (50011, 500117):
        return Misconfigured(
            f"Account {name}: the application does not allow http://localhost ({code}). In its registration, "
            "Authentication, add the platform Mobile and desktop applications with http://localhost"
        )
    if number == 65004:
        return SignInNeeded(f"Account {name}: access was not given ({code}). {again}, and choose Accept")
    if number in _BUSY:
        return Unavailable(f"Account {name}: the sign-in server could not answer for now ({code})")
    return None


def _by_error(
    settings: OutlookSettings, error: str, suberror: str, number: int | None, *, renewing: bool
) -> ConnectorError:
    name, again = settings.name, sign_in_again(settings.name)
    why = ", ".join(part for part in (error, suberror, f"AADSTS{number}" if number else "") if part)
    why = why or "no reason given"
    if error in ("temporarily_unavailable", "server_error", "slow_down"):
        return Unavailable(f"Account {name}: the sign-in server could not answer for now ({why})")
    if error == "consent_required" or suberror == "consent_required":
        return SignInNeeded(f"Account {name}: Microsoft wants you to agree again ({why}). {again}")
    if suberror in ("basic_action", "additional_action", "user_password_expired"):
        return SignInNeeded(f"Account {name}: Microsoft wants something done at sign-in ({why}). {again}")
    if suberror == "message_only":
        return SignInNeeded(
            f"Account {name}: your organization does not let you in ({why}). Ask its administrator"
        )
    if error in ("invalid_client", "unauthorized_client", "invalid_resource", "invalid_scope"):
        return Misconfigured(
            f"Account {name}: Microsoft does not accept the application ({why}). "
            "Check client_id, tenant and cloud in the config"
        )
    if error in ("access_denied", "authorization_declined"):
        return SignInNeeded(f"Account {name}: access was not given ({why}). {again}, and choose Accept")
    if error in ("expired_token", "code_expired", "bad_verification_code"):
        return SignInNeeded(f"Account {name}: the code was not entered in time ({why}). {again}")
    if error == "interaction_required":
        return SignInNeeded(
            f"Account {name}: Microsoft wants to see you, maybe for a second factor ({why}). {again}"
        )
    if renewing:
        return SignInNeeded(f"Account {name}: Microsoft no longer accepts the sign-in ({why}). {again}")
    return SignInNeeded(f"Account {name}: the sign-in failed ({why}). {again}")


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) and _WORD.match(raw) else ""
