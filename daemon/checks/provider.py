"""What has to be right with each account: reach, clock, sign-in, permissions, calendars, the place for documents.

Reads the calendars' first page, and looks for a document that is not there; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from connectors.errors import ConnectorError, Misconfigured
from connectors.protocols import Account
from connectors.tls import trusted_authorities
from connectors.values import Window
from daemon import accounts
from daemon.checks.reach import reach
from daemon.checks.verdict import Check, told
from daemon.config import AccountOptions, Config
from daemon.config.options import AttachTo, GoogleAccount, OutlookAccount, Share
from daemon.exits import Exit
from daemon.paths import Paths
from daemon.troubles import exit_code, trouble_of

_CLOCK_OFF = timedelta(minutes=5)
_GOOGLE = "https://www.googleapis.com/"
_NO_SUCH_KEY = "prepd-check"


def provider_checks(
    config: Config,
    options: AccountOptions,
    paths: Paths,
    now: Callable[[], datetime],
    open_account: Callable[[AccountOptions], Account],
) -> Iterator[Check]:
    """Stops at the first that makes the others senseless."""
    reached = list(_reached(config, options, paths, now))
    yield from reached
    signed_in = _sign_in(config, options, paths)
    yield signed_in
    if not signed_in.ok or not reached[0].ok:
        return
    account = None
    try:
        account = open_account(options)
        for calendar in options.calendars:
            yield _calendar(account, options.name, calendar, now())
        if config.prep_doc.enabled:
            yield _documents(account, options.name)
    except ConnectorError as error:
        yield failed("account", options.name, error)
    finally:
        if account is not None:
            account.close()
    yield from _good_to_know(config, options)


def failed(name: str, account: str, error: ConnectorError) -> Check:
    """A provider's failure as a check: its message ends with the remedy."""
    return Check(name, False, *told(str(error)), account, exit_code([trouble_of(error)]))


def _reached(
    config: Config, options: AccountOptions, paths: Paths, now: Callable[[], datetime]
) -> Iterator[Check]:
    name = options.name
    host, port = _server(config, options, paths)
    timeout = config.network.timeout.total_seconds()
    try:
        found = reach(host, port, trusted_authorities(config.network.ca_bundle, paths.cache), timeout)
    except Misconfigured as error:
        yield failed("reachable", name, error)
        return
    if found.error is not None:
        remedy = (
            "If your network has an authority of its own, set network.ca_bundle; and check this machine's clock."
            if found.untrusted
            else "Check the network of this machine, and HTTPS_PROXY."
        )
        code = Exit.CONFIG if found.untrusted else Exit.LATER
        yield Check("reachable", False, f"{host}: {found.error}", remedy, name, code)
        return
    yield Check("reachable", True, f"{host} answers", account=name)
    if found.time is not None:
        yield _clock(found.time, now(), host, name)


def _clock(there: datetime, here: datetime, host: str, account: str) -> Check:
    """Sync tokens, notice and what counts as past all go by this machine's clock."""
    off = abs(there - here)
    if off <= _CLOCK_OFF:
        return Check("clock", True, "this machine's clock is right", account=account)
    which = "ahead of" if here > there else "behind"
    minutes = round(off.total_seconds() / 60)
    return Check(
        "clock",
        False,
        f"this machine's clock is {minutes} minutes {which} {host}'s",
        "Set it, for instance with timedatectl set-ntp true.",
        account,
    )


def _server(config: Config, options: AccountOptions, paths: Paths) -> tuple[str, int]:
    match options:
        case GoogleAccount():
            root = options.api_root or _GOOGLE
        case OutlookAccount():
            root = accounts.outlook_settings(config, options, paths).root
    parts = urlsplit(root)
    return parts.hostname or "", parts.port or 443


def _sign_in(config: Config, options: AccountOptions, paths: Paths) -> Check:
    try:
        found = accounts.sign_in_state(config, options, paths)
    except ConnectorError as error:
        return failed("sign-in", options.name, error)
    if found.error is not None:
        code = Exit.CONFIG if found.misconfigured else Exit.SIGN_IN
        return Check("sign-in", False, *told(found.error), options.name, code)
    whose = f" as {found.address}" if found.address else ""
    return Check("sign-in", True, f"signed in{whose}, with all permissions", account=options.name)


def _calendar(account: Account, name: str, calendar: str, now: datetime) -> Check:
    try:
        for page in account.calendar(calendar).pages(Window(now, now + timedelta(days=1)), None):
            del page
            break
    except ConnectorError as error:
        return failed(f"calendar {calendar}", name, error)
    return Check(f"calendar {calendar}", True, "can be read", account=name)


def _documents(account: Account, name: str) -> Check:
    try:
        account.documents().find_notebook(_NO_SUCH_KEY)
    except ConnectorError as error:
        return failed("documents", name, error)
    return Check("documents", True, "the drive can be used", account=name)


def _good_to_know(config: Config, options: AccountOptions) -> Iterator[Check]:
    """What is as it was asked for, and yet may surprise."""
    name, docs = options.name, config.prep_doc
    if not docs.enabled:
        return
    google = isinstance(options, GoogleAccount)
    if google and docs.attach_to is AttachTo.AUTO:
        yield Check(
            "guests",
            True,
            "on meetings that you organize, guests can see the attachment's title (it is neutral), not the doc",
            'prep_doc.attach_to = "slot" leaves invites alone.',
            name,
        )
    if not google and docs.outlook_update_own_invites:
        yield Check(
            "guests",
            True,
            "Outlook mails the attendees whenever a link goes on a meeting that you organize",
            "prep_doc.outlook_update_own_invites = false stops that.",
            name,
        )
    if not google and docs.share is Share.COMMENT:
        yield Check(
            "sharing",
            True,
            "OneDrive knows no comment-only access: your counterpart can view, not comment",
            'prep_doc.share = "edit" lets them write.',
            name,
        )
