"""Which provider an account of the config is with: the one place that knows, and loads only its libraries."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from connectors.errors import Misconfigured
from connectors.frozen import dataclass
from daemon.config.options import AccountOptions, Config, GoogleAccount, OutlookAccount, Share
from daemon.paths import Paths

if TYPE_CHECKING:
    from connectors.google.settings import GoogleSettings
    from connectors.outlook.settings import OutlookSettings
    from connectors.protocols import Account, SignIn
    from connectors.protocols import SignInState as Found


@dataclass(frozen=True, slots=True)
class SignInState:
    """What is known of a sign-in without asking the provider.

    `missing_scopes` are needed and were not given. `misconfigured`: signing in again alone would not help.
    """

    signed_in: bool
    address: str | None = None
    scopes: tuple[str, ...] = ()
    missing_scopes: tuple[str, ...] = ()
    error: str | None = None
    misconfigured: bool = False


def open_account(
    config: Config, options: AccountOptions, paths: Paths, stop: threading.Event | None = None
) -> Account:
    """A signed-in account; opens its connections on first use. `stop`, once set, cuts waits short.

    :raises Misconfigured: its settings are no good.
    """
    match options:
        case GoogleAccount():
            from connectors.google.account import GoogleAccount as Opened

            return Opened(google_settings(config, options, paths, stop))
        case OutlookAccount():
            from connectors.outlook.account import OutlookAccount as OpenedOutlook

            return OpenedOutlook(outlook_settings(config, options, paths, stop))
        case _:
            assert_never(options)


def login(
    config: Config,
    options: AccountOptions,
    paths: Paths,
    tell: SignIn,
    open_browser: Callable[[str], None] | None = None,
    port: int = 0,
) -> str | None:
    """Signs in, and gives the address of who did, where the provider tells. Waits for the user.

    `tell` shows them where, `open_browser` opens it for them. `port` is where to wait; 0: any free one, or with
    Microsoft and without a browser none, but a code to be entered elsewhere.

    :raises SignInNeeded: the user refused, or left out what is needed. :raises Misconfigured: as above.
    :raises Unavailable: the provider can't be reached for now.
    """
    match options:
        case GoogleAccount():
            from connectors.google import auth

            return auth.login(google_settings(config, options, paths), tell, open_browser, port)
        case OutlookAccount():
            from connectors.outlook import auth as outlook

            return outlook.login(outlook_settings(config, options, paths), tell, open_browser, port)
        case _:
            assert_never(options)


def logout(config: Config, options: AccountOptions, paths: Paths) -> bool:
    """Deletes the sign-in, and revokes it where that can be done: whether it was revoked."""
    match options:
        case GoogleAccount():
            from connectors.google import auth

            return auth.logout(google_settings(config, options, paths))
        case OutlookAccount():
            from connectors.outlook import auth as outlook

            return outlook.logout(outlook_settings(config, options, paths))
        case _:
            assert_never(options)


def sign_in_state(config: Config, options: AccountOptions, paths: Paths) -> SignInState:
    """What is known without a request. What is wrong with a sign-in is told in it, not raised."""
    match options:
        case GoogleAccount():
            from connectors.google.standing import state

            return _told(state(google_settings(config, options, paths)), _has_no_client(options))
        case OutlookAccount():
            from connectors.outlook.standing import state as outlook_state

            return _told(outlook_state(outlook_settings(config, options, paths)))
        case _:
            assert_never(options)


def _told(found: Found, wrong: str | None = None) -> SignInState:
    return SignInState(
        found.signed_in,
        found.address,
        found.scopes,
        found.missing_scopes,
        wrong or found.error,
        bool(wrong),
    )


def _has_no_client(options: GoogleAccount) -> str | None:
    from connectors.google.secrets import read_client_secrets

    try:
        read_client_secrets(options.client_secrets)
    except Misconfigured as wrong:
        return str(wrong)
    return None


def google_settings(
    config: Config, options: GoogleAccount, paths: Paths, stop: threading.Event | None = None
) -> GoogleSettings:
    from connectors.google.settings import GoogleSettings

    return GoogleSettings(
        name=options.name,
        client_secrets=options.client_secrets,
        token_file=paths.token(options.name),
        cache_dir=paths.cache,
        api_root=options.api_root,
        ca_bundle=config.network.ca_bundle,
        timeout=config.network.timeout.total_seconds(),
        calendars=options.calendars,
        documents=config.prep_doc.enabled,
        stop=stop,
    )


def outlook_settings(
    config: Config, options: OutlookAccount, paths: Paths, stop: threading.Event | None = None
) -> OutlookSettings:
    from connectors.outlook.settings import OutlookSettings

    return OutlookSettings(
        name=options.name,
        client_id=options.client_id,
        token_file=paths.token(options.name),
        cache_dir=paths.cache,
        tenant=options.tenant,
        cloud=options.cloud,
        graph_root=options.graph_root,
        authority=options.authority,
        ca_bundle=config.network.ca_bundle,
        timeout=config.network.timeout.total_seconds(),
        calendars=options.calendars,
        documents=config.prep_doc.enabled,
        sharing=config.prep_doc.share is not Share.NONE,
        stop=stop,
    )
