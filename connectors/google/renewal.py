"""An access token that is kept fresh from the token file.

The file on disk is the truth: when another process signs in (or out), its file wins over what is in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.credentials import Credentials

from connectors import tokens
from connectors.errors import BadAnswer, ConnectorError, Misconfigured, SignInNeeded, Unavailable
from connectors.google.grant import CLIENT_IS_WRONG, Grant, read_grant, write_grant
from connectors.google.secrets import read_client_secrets
from connectors.google.settings import GoogleSettings

log = logging.getLogger(__name__)

_CONSENT_IS_GONE = {
    "invalid_grant",
    "access_denied",
    "admin_policy_enforced",
    "interaction_required",
    "invalid_scope",
}
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001  # google-auth counts in naive UTC


class FreshToken:
    """The access token of one account, renewed when it runs out. Not to be shared between threads."""

    def __init__(self, settings: GoogleSettings) -> None:
        self._settings = settings
        self._seen: tokens.Fingerprint | None = None
        self._grant: Grant | None = None
        self._credentials: Credentials | None = None

    @property
    def grant(self) -> Grant:
        """:raises SignInNeeded: there is none."""
        return self._load()[0]

    def credentials(self, request: Callable[..., object]) -> Credentials:
        """Credentials whose access token is good for some minutes at least; `request` carries out a renewal.

        :raises SignInNeeded: there is none, or it was revoked.
        :raises Unavailable: it could not be renewed for now.
        """
        credentials = self._load()[1]
        return credentials if credentials.valid else self.renew(request)

    def renew(self, request: Callable[..., object]) -> Credentials:
        """A new access token, whatever the old one's expiry says. Raises as above."""
        grant, credentials = self._load()
        if credentials.client_secret is None:
            # Read each time it is needed, and copied nowhere.
            credentials = self._credentials = _credentials(self._settings, grant, with_secret=True)
        try:
            credentials.refresh(request)  # type: ignore[no-untyped-call]
        except ConnectorError:
            raise
        except (GoogleAuthError, OSError) as error:
            if self._changed_on_disk():
                return self.credentials(request)
            raise renewal_failed(self._settings.name, error) from None
        except Exception as error:  # noqa: BLE001
            # google-auth reads the answer without checking its shape: a text or a null ends in TypeError.
            kind = type(error).__name__
            raise BadAnswer(
                f"Account {self._settings.name}: the sign-in server's answer makes no sense ({kind})"
            ) from None
        self._keep(grant, credentials)
        return self._load()[1]

    def _load(self) -> tuple[Grant, Credentials]:
        seen = tokens.fingerprint(self._settings.token_file)
        if self._grant is None or self._credentials is None or seen != self._seen:
            self._grant = self._credentials = None
            try:
                grant = read_grant(self._settings)
            except SignInNeeded:
                # Without a client nobody can sign in: that comes first.
                read_client_secrets(self._settings.client_secrets)
                raise
            self._grant, self._seen = grant, seen
            self._credentials = _credentials(self._settings, grant, with_secret=False)
        return self._grant, self._credentials

    def _changed_on_disk(self) -> bool:
        return tokens.fingerprint(self._settings.token_file) != self._seen

    def _keep(self, grant: Grant, credentials: Credentials) -> None:
        """Saves the new access token, unless somebody signed in (or out) while we asked for it."""
        if self._changed_on_disk():
            return
        expiry = credentials.expiry.replace(tzinfo=UTC) if credentials.expiry else None
        kept = replace(
            grant,
            access_token=credentials.token,
            expiry=expiry,
            refresh_token=credentials.refresh_token or grant.refresh_token,
        )
        self._grant = kept
        try:
            write_grant(self._settings, kept)
        except Misconfigured:
            # The token in memory is good all the same: a full disk must not stop the reading of calendars.
            log.warning("account %s: the renewed token could not be saved", self._settings.name)
            return
        self._seen = tokens.fingerprint(self._settings.token_file)


def renewal_failed(account: str, error: Exception) -> ConnectorError:
    """What a failed renewal means, by who must act. Of the server's words, only the code is told on."""
    if not isinstance(error, RefreshError) or error.retryable:
        kind = type(error).__name__
        return Unavailable(f"Account {account}: the sign-in could not be renewed for now ({kind})")
    code = _error_code(error)
    if code in _CONSENT_IS_GONE:
        return SignInNeeded(
            f"Account {account}: Google no longer accepts the sign-in ({code}). "
            f"{tokens.sign_in_again(account)}. If this happens every seven days, "
            "the consent screen of your OAuth client is in Testing: publish it"
        )
    if code in CLIENT_IS_WRONG:
        return Misconfigured(
            f"Account {account}: Google does not accept the OAuth client ({code}). "
            "Check that client_secrets is the file of a client that still exists, "
            f"then: prepd auth login {account}"
        )
    return Unavailable(f"Account {account}: the sign-in could not be renewed ({code or 'no reason given'})")


def _error_code(error: RefreshError) -> str:
    answer = error.args[1] if len(error.args) > 1 else None
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and code.replace("_", "").isalnum() and len(code) < 60 else ""


def _credentials(settings: GoogleSettings, grant: Grant, *, with_secret: bool) -> Credentials:
    secret = read_client_secrets(settings.client_secrets) if with_secret else None
    if secret is not None and secret.client_id != grant.client_id:
        raise SignInNeeded(
            f"Account {settings.name} was signed in with another OAuth client than that of client_secrets. "
            f"{tokens.sign_in_again(settings.name)}"
        )
    return Credentials(  # type: ignore[no-untyped-call]
        token=grant.access_token,
        expiry=grant.expiry.astimezone(UTC).replace(tzinfo=None) if grant.expiry else _LONG_AGO,
        refresh_token=grant.refresh_token,
        token_uri=secret.token_uri if secret else grant.token_uri,
        client_id=grant.client_id,
        client_secret=secret.client_secret if secret else None,
    )
