"""An access token that is kept fresh from the token file.

The file on disk is the truth: when another process signs in (or out), its file wins over what is in memory.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from connectors import tokens
from connectors.errors import Misconfigured, SignInNeeded
from connectors.outlook import scopes
from connectors.outlook.application import Application, Reply, valid_token
from connectors.outlook.denials import denied
from connectors.outlook.grant import Grant, alone, read_grant, write_grant
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.wire import Wire

log = logging.getLogger(__name__)


class FreshToken:
    """The access token of one account, renewed when it runs out: once, however many threads ask for it."""

    def __init__(self, settings: OutlookSettings, wire: Wire) -> None:
        self._settings = settings
        self._wire = wire
        self._renewing = threading.RLock()
        self._seen: tokens.Fingerprint | None = None
        self._grant: Grant | None = None

    @property
    def grant(self) -> Grant:
        """:raises SignInNeeded: there is none."""
        with self._renewing:
            return self._load()

    def access_token(self) -> str:
        """A token that is good for some minutes at least.

        :raises SignInNeeded: there is no sign-in, or Microsoft wants a new one. :raises Misconfigured,
            Unavailable, BadAnswer: it could not be renewed.
        """
        with self._renewing:
            grant = self._load()
            return valid_token(self._settings, grant.cache) or self._renewed(None, None)

    def renew(self, rejected: str, claims: str | None) -> str:
        """Another token than `rejected`, which Graph no longer takes. `claims` is what it asks for, as JSON."""
        with self._renewing:
            return self._renewed(rejected, claims)

    def _renewed(self, rejected: str | None, claims: str | None) -> str:
        with alone(self._settings):
            grant = self._load()
            # Another thread or process may have been faster.
            found = valid_token(self._settings, grant.cache, but=rejected)
            if found is not None:
                return found
            application = Application(self._settings, self._wire, grant.cache)
            reply = application.renew(claims)
            token = self._token_in(reply)
            granted = scopes.split(reply.get("scope")) if reply else ()
            self._keep(replace(grant, cache=application.cache, scopes=granted or grant.scopes))
            return token

    def _token_in(self, reply: Reply | None) -> str:
        if reply is None:
            remedy = tokens.sign_in_again(self._settings.name)
            raise SignInNeeded(f"The sign-in of account {self._settings.name} can't be renewed. {remedy}")
        token = reply.get("access_token")
        if not isinstance(token, str) or "error" in reply:
            raise denied(self._settings, reply, renewing=True)
        return token

    def _load(self) -> Grant:
        seen = tokens.fingerprint(self._settings.token_file)
        if self._grant is None or seen != self._seen:
            self._grant = None
            self._grant, self._seen = read_grant(self._settings), seen
        return self._grant

    def _keep(self, grant: Grant) -> None:
        self._grant = grant
        try:
            write_grant(self._settings, grant)
        except Misconfigured:
            # The token in memory is good all the same: a full disk must not stop the reading of calendars.
            log.warning("account %s: the renewed token could not be saved", self._settings.name)
            return
        self._seen = tokens.fingerprint(self._settings.token_file)
