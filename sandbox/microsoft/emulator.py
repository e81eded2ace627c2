"""The emulated Microsoft as a whole: what the demo and the tests hold in their hands.

with MicrosoftSandbox(clock=Clock(now)) as microsoft:
    alex = microsoft.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
    dana = microsoft.account("dana@example.com", name="Dana Reyes")
    event_id = dana.schedule("1:1 Alex / Dana", start, guests=[alex], weekly=True)
    microsoft.graph_root, microsoft.authority        # for the config, with client_id and ca_path
    microsoft.approve(as_=alex)                      # who sits at the browser
    microsoft.browse(url)                            # what the browser does
    microsoft.enter_code(user_code)                  # what they do with a device code
    microsoft.faults.status(503, path="*/events")    # what goes wrong
    assert microsoft.requests.lines() == [...]
    assert not microsoft.mailbox.sent_by_clients()
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from sandbox.clock import Clock
from sandbox.emulator import Emulator
from sandbox.microsoft.account import Account
from sandbox.microsoft.application import Application
from sandbox.microsoft.calendar import CalendarApi
from sandbox.microsoft.delta import Reason
from sandbox.microsoft.drive_api import DriveApi
from sandbox.microsoft.errors import EntraError
from sandbox.microsoft.identity import Browser, Entra
from sandbox.microsoft.paper import Paper
from sandbox.microsoft.settings import Settings
from sandbox.microsoft.tokens import Grant, bare
from sandbox.microsoft.world import World

SCOPES = (
    "User.Read",
    "Calendars.ReadWrite",
    "Files.ReadWrite.AppFolder",
    "offline_access",
    "openid",
    "profile",
)
"""What `issue_token` grants unless told otherwise."""


class MicrosoftSandbox(Emulator):
    """An emulated Microsoft: Entra, Outlook and OneDrive."""

    def __init__(self, clock: Clock | None = None, settings: Settings | None = None, port: int = 0) -> None:
        super().__init__(clock)
        self.settings = settings or Settings()
        self._world = World(self.clock, self.settings, self.mailbox)
        self._entra = Entra(self._world)
        self._calendar = CalendarApi(self._world)
        self._drive = DriveApi(self._world)
        self._application = Application(self._world, self._entra, self._calendar, self._drive)
        self._stand_behind(self._application, port)
        self._world.root = self.root
        self._accounts: dict[str, Account] = {}

    @property
    def graph_root(self) -> str:
        """The `graph_root` of the config."""
        return f"{self.root}/v1.0"

    @property
    def authority(self) -> str:
        """The `authority` of the config, for tenant `organizations`."""
        return f"{self.root}/organizations"

    @property
    def client_id(self) -> str:
        return self._entra.client_id

    def account(
        self, email: str, *, name: str = "", time_zone: str = "UTC", personal: bool = False
    ) -> Account:
        """Somebody with a Microsoft account and a calendar; made at the first call. `personal` as at outlook.com."""
        known = self._accounts.get(email.lower())
        if known is None:
            with self._world.lock:
                shown = name or email.partition("@")[0].title()
                self._world.add_person(email, shown, time_zone, personal=personal)
            known = self._accounts[email.lower()] = Account(self._world, email)
        return known

    # --- sign-in ---

    def issue_token(self, account: Account, scopes: Iterable[str] = SCOPES) -> dict[str, Any]:
        """An answer of the token endpoint, without the browser."""
        granted = tuple(scopes)
        with self._world.lock:
            self._entra.tokens.consent(account.email, {bare(scope) for scope in granted})
            return self._entra.tokens.issue(Grant(account.email, granted, self.clock.now()))

    def approve(self, as_: Account | None = None, scopes: Iterable[str] | None = None) -> None:
        """Who sits at the browser (default: whom the client hints at), and what they grant (default: all)."""
        granted = frozenset(bare(scope) for scope in scopes) if scopes is not None else None
        self._entra.browser = Browser(as_.email if as_ else None, granted)

    def deny(self) -> None:
        """The one at the browser declines from now on."""
        self._entra.browser = Browser(denies=True)

    def enter_code(self, user_code: str, as_: Account | None = None, *, declines: bool = False) -> None:
        """Somebody types in a device code. Raises KeyError for one that was never given out."""
        with self._world.lock:
            who = as_.email if as_ else self._entra.browser.person or next(iter(self._world.people))
            self._entra.devices.enter(user_code, who, declines=declines or self._entra.browser.denies)

    def expire_device_codes(self) -> None:
        with self._world.lock:
            self._entra.devices.expire()

    def require_admin_consent(self, required: bool = True) -> None:  # noqa: FBT002  a switch
        """The tenant lets only an administrator consent (which `grant_consent` does)."""
        self._entra.admin_consent = required

    def grant_consent(self, account: Account, scopes: Iterable[str]) -> None:
        """What an administrator grants."""
        self._entra.tokens.consent(account.email, {bare(scope) for scope in scopes})

    def withdraw_consent(self, account: Account, scopes: Iterable[str] | None = None) -> None:
        """Consent (to some permissions, or all) is taken back: a refresh is AADSTS65001."""
        with self._world.lock:
            kept = self._entra.tokens.consented.get(account.email, set())
            gone = kept if scopes is None else {bare(scope) for scope in scopes}
            self._entra.tokens.consented[account.email] = kept - gone

    def expire_access_tokens(self, account: Account | None = None) -> None:
        """Access tokens are 401 from now on; refresh tokens still work."""
        with self._world.lock:
            self._entra.tokens.expire_access(account.email if account else None)

    def revoke(self, account: Account) -> None:
        """The password was changed or the session revoked: AADSTS50173, and access tokens are 401."""
        message = "The provided grant has expired due to it being revoked, a fresh auth token is needed."
        self._refuse(account, EntraError("invalid_grant", 50173, message, suberror="bad_token"))
        self.expire_access_tokens(account)

    def expire_refresh_tokens(self, account: Account) -> None:
        """Unused for too long: AADSTS700082."""
        message = "The refresh token has expired due to inactivity."
        self._refuse(account, EntraError("invalid_grant", 700082, message, suberror="bad_token"))

    def require_mfa(self, account: Account) -> None:
        """A policy wants a second factor: a refresh is AADSTS50076 until the next sign-in at the browser."""
        message = "Due to a configuration change made by your administrator, you must use multi-factor authentication."
        claims = '{"access_token":{"capolids":{"essential":true,"values":["3f4a1c2d"]}}}'
        error = EntraError(self.settings.mfa_error, 50076, message, suberror="basic_action", claims=claims)
        self._refuse(account, error)

    def challenge(self, account: Account) -> None:
        """Continuous access evaluation: tokens of clients that declared CP1 are 401 insufficient_claims, until one is
        got with the claims of the challenge.
        """
        with self._world.lock:
            self._world.tick += 1
            self._entra.tokens.challenges[account.email] = 1_700_000_000 + self._world.tick

    def _refuse(self, account: Account, error: EntraError) -> None:
        with self._world.lock:
            self._entra.tokens.expired[account.email] = error

    # --- calendars ---

    def expire_sync_tokens(
        self, code: Reason = "syncStateNotFound", *, status: int = 410, location: bool = True
    ) -> None:
        """Every delta link given out so far is refused from now on, with or without a Location to go on from."""
        with self._world.lock:
            self._calendar.deltas.expire(status, code, location=location)

    def forget_deleted(self) -> None:
        """Deleted Items are emptied: what was there is 404 by any id."""
        with self._world.lock:
            for book in self._world.calendars.values():
                for item in book.items.values():
                    item.purged = item.purged or item.deleted

    def most_at_once(self, account: Account) -> int:
        """The most Outlook requests that were under way at once for a mailbox."""
        return self._application.most_seen[account.email]

    # --- files ---

    def documents(self, title: str = "") -> list[Paper]:
        """The files that there are, oldest first; those whose path contains a text."""
        with self._world.lock:
            drive = self._drive.drive
            files = [node for node in drive.nodes.values() if not node.is_folder]
            return [Paper(self._drive, node) for node in files if title in drive.path(node)]

    files = documents

    def document(self, id_or_url: str) -> Paper:
        """One file, by its id or address. Raises KeyError."""
        with self._world.lock:
            return Paper(self._drive, self._drive.drive.nodes[id_or_url.rsplit("/", 1)[-1]])

    def folders(self) -> dict[str, str]:
        """The paths of all folders, by id."""
        with self._world.lock:
            drive = self._drive.drive
            return {
                node.id: drive.path(node) for node in drive.nodes.values() if node.is_folder and node.parent
            }

    def write_document(self, owner: Account, path: str, content: bytes) -> Paper:
        """A file that a person put into their OneDrive: outside the app's folder unless the path says otherwise."""
        with self._world.lock:
            drive = self._drive.drive
            folder, _, name = path.strip("/").rpartition("/")
            node, _ = drive.put(
                drive.folders(drive.root(owner.email), folder), name, content, "replace", None
            )
            return Paper(self._drive, node)

    def browse(self, url: str, body: bytes | None = None) -> tuple[int, str, str]:
        """The same, self-posting forms and all."""
        status, address, text = super().browse(url, body)
        form = re.search(
            r'<form method="POST" name="hiddenform" action="([^"]+)">(.*)</form>', text, re.DOTALL
        )
        if form is None:
            return status, address, text
        fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
        posted = urlencode({name: html.unescape(value) for name, value in fields}).encode()
        return self.browse(html.unescape(form[1]), posted)
