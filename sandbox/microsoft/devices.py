"""Device codes: given out, typed in at some browser, and asked after by who waits (RFC 8628).

Source of the answers: Microsoft identity platform, "device authorization grant flow".
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.microsoft.errors import EntraError
from sandbox.microsoft.world import World

LIFETIME = 900
"""Seconds that a device code lives, by the sandbox's clock."""


@dataclass(slots=True)
class Device:
    """Somebody who waits: for which tenant and permissions, and who typed the code in."""

    user_code: str
    scopes: tuple[str, ...]
    tenant: str
    begun: datetime
    person: str | None = None
    declined: bool = False
    polls: int = 0


@dataclass(slots=True)
class Devices:
    """Those that wait, by their device codes."""

    world: World
    _waiting: dict[str, Device] = field(default_factory=dict)

    def give(self, tenant: str, scopes: tuple[str, ...]) -> dict[str, Any]:
        """A new pair of codes, as the endpoint answers."""
        user_code = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(9))
        device_code = secrets.token_urlsafe(60)
        self._waiting[device_code] = Device(user_code, scopes, tenant, self.world.clock.now())
        address = f"{self.world.root}/common/oauth2/deviceauth"
        how = f"use a web browser to open the page {address} and enter the code {user_code}"
        return {
            "user_code": user_code,
            "device_code": device_code,
            "verification_uri": address,
            "expires_in": LIFETIME,
            "interval": self.world.settings.device_interval,
            "message": f"To sign in, {how} to authenticate.",
        }

    def enter(self, user_code: str, person: str, *, declines: bool = False) -> None:
        """Somebody types a code in at the browser. Raises KeyError for one that nobody was given."""
        device = next((each for each in self._waiting.values() if each.user_code == user_code), None)
        if device is None:
            raise KeyError(user_code)
        device.person, device.declined = person, declines

    def expire(self) -> None:
        """Nobody types any of them in in time."""
        for device in self._waiting.values():
            device.begun -= timedelta(seconds=LIFETIME + 1)

    def entered(self, device_code: str) -> tuple[Device, str]:
        """Who waited, and who typed the code in. Raises EntraError: nobody (yet), or it is not to be."""
        device, settings = self._waiting.get(device_code), self.world.settings
        if device is None:
            raise EntraError("bad_verification_code", 70020, "The device code was not recognized.")
        device.polls += 1
        if device.polls <= settings.device_slow_down:
            raise EntraError("slow_down", 70016, "The app polls too often.")
        if (self.world.clock.now() - device.begun).total_seconds() > LIFETIME:
            raise EntraError(
                "expired_token", 70020, "The provided value for the input parameter 'device_code' is expired."
            )
        if device.declined:
            raise EntraError("authorization_declined", 65004, "User declined to consent to access the app.")
        if device.person is None:
            raise EntraError(
                "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending."
            )
        if settings.device_code_blocked:
            policy = "The access policy does not allow token issuance."
            message = f"Access has been blocked by Conditional Access policies. {policy}"
            raise EntraError("invalid_grant", 53003, message, suberror="message_only")
        return device, device.person

    def forget(self, device_code: str) -> None:
        """It was answered with tokens, and is good no more."""
        del self._waiting[device_code]
