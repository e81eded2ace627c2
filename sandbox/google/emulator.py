"""The emulated Google as a whole: what the demo and the tests hold in their hands.

with GoogleSandbox(clock=Clock(now)) as google:
    alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
    dana = google.account("dana@example.com", name="Dana Reyes")
    event_id = dana.schedule("1:1 Alex / Dana", start, guests=[alex], weekly=True)
    google.root, google.ca_path                      # for the config: api_root, [network] ca_bundle
    google.write_client_secrets(path)                # for the config: client_secrets
    google.approve(as_=alex)                         # who sits at the browser
    google.browse(url)                               # what the browser does
    google.faults.status(503, path="*/events")       # what goes wrong
    assert google.requests.lines() == [...]
    assert not google.mailbox.sent_by_clients()
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from sandbox.clock import Clock
from sandbox.emulator import Emulator
from sandbox.google.account import Account
from sandbox.google.application import Application
from sandbox.google.calendar import CalendarApi
from sandbox.google.docs import DocsApi
from sandbox.google.drive import DriveApi
from sandbox.google.files import DOCUMENT, FOLDER
from sandbox.google.oauth import Browser, OAuth
from sandbox.google.paper import Paper
from sandbox.google.settings import Settings
from sandbox.google.world import World

SCOPES = (
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/calendar",
    "https://www.googleapis.com/auth/drive.file",
)
"""What `issue_token` grants unless told otherwise."""


class GoogleSandbox(Emulator):
    """An emulated Google; its `root` is the `api_root` of the config."""

    def __init__(self, clock: Clock | None = None, settings: Settings | None = None, port: int = 0) -> None:
        super().__init__(clock)
        self.settings = settings or Settings()
        self._world = World(self.clock, self.settings, self.mailbox)
        self._oauth = OAuth(self._world)
        self._calendar = CalendarApi(self._world)
        self._drive = DriveApi(self._world)
        docs = DocsApi(self._world, self._drive)
        application = Application(self._world, self._oauth, self._calendar, self._drive, docs)
        self._stand_behind(application, port)
        self._world.root = self.root
        self._accounts: dict[str, Account] = {}

    @property
    def client_id(self) -> str:
        return self._oauth.client.id

    @property
    def client_secret(self) -> str:
        return self._oauth.client.secret

    def account(self, email: str, *, name: str = "", time_zone: str = "UTC") -> Account:
        """Somebody with a Google account and a primary calendar; made at the first call."""
        known = self._accounts.get(email.lower())
        if known is None:
            with self._world.lock:
                self._world.add_person(email, name or email.partition("@")[0].title(), time_zone)
            known = self._accounts[email.lower()] = Account(self._world, self._calendar.lists, email)
        return known

    def write_client_secrets(self, path: Path | str, kind: Literal["installed", "web"] = "installed") -> Path:
        """The file that a user downloads from their project, with sign-in addresses of this server."""
        secrets = {
            "client_id": self.client_id,
            "project_id": "sandbox",
            "auth_uri": f"{self.root}/o/oauth2/auth",
            "token_uri": f"{self.root}/token",
            "client_secret": self.client_secret,
            "redirect_uris": ["http://localhost"],
        }
        path = Path(path)
        path.write_text(json.dumps({kind: secrets}), "utf-8")
        return path

    def issue_token(self, account: Account, scopes: Iterable[str] = SCOPES) -> dict[str, Any]:
        """An answer of the token endpoint, with access and refresh token, without the browser."""
        with self._world.lock:
            return self._oauth.issue(account.email, scopes)

    def approve(self, as_: Account | None = None, scopes: Iterable[str] | None = None) -> None:
        """Who sits at the browser (default: whom the client hints at), and which boxes they tick (default:
        all).
        """
        self._oauth.browser = Browser(
            as_.email if as_ else None, frozenset(scopes) if scopes is not None else None
        )

    def deny(self) -> None:
        """The one at the browser declines from now on."""
        self._oauth.browser = Browser(denies=True)

    def expire_access_tokens(self, account: Account | None = None) -> None:
        """Access tokens are 401 from now on; refresh tokens still work."""
        with self._world.lock:
            self._oauth.expire_access(account.email if account else None)

    def revoke(self, account: Account) -> None:
        """The user takes the app's access back, or it ran out: refreshing answers `invalid_grant`."""
        with self._world.lock:
            self._oauth.revoke_person(account.email)

    def expire_sync_tokens(
        self, reason: Literal["fullSyncRequired", "updatedMinTooLongAgo"] = "fullSyncRequired"
    ) -> None:
        """Every sync token given out so far is 410 from now on."""
        with self._world.lock:
            self._calendar.lists.expire(reason)

    def forget_deleted(self) -> None:
        """What was deleted is 404 from now on; its ids stay taken."""
        with self._world.lock:
            for book in self._world.calendars.values():
                book.records = {
                    name: record
                    for name, record in book.records.items()
                    if not record.cancelled or (record.fields.get("recurringEventId") and not record.orphaned)
                }
                for record in book.records.values():
                    record.retired.clear()

    def documents(self, title: str = "") -> list[Paper]:
        """The documents that there are, oldest first; those whose title contains a text."""
        with self._world.lock:
            files = [file for file in self._drive.files.values() if file.document is not None]
            return [Paper(self._world, self._drive, file) for file in files if title in file.name]

    def document(self, id_or_url: str) -> Paper:
        """One document, by its id or address. Raises KeyError."""
        found = re.search(r"/document/d/([\w-]+)", id_or_url)
        with self._world.lock:
            return Paper(self._world, self._drive, self._drive.files[found[1] if found else id_or_url])

    def folders(self) -> dict[str, str]:
        """The names of all folders, by id."""
        with self._world.lock:
            return {file.id: file.name for file in self._drive.files.values() if file.kind == FOLDER}

    def write_document(self, owner: Account, title: str, text: str = "") -> Paper:
        """A document that a person made in the web app: with `drive.file` alone, no client sees it."""
        with self._world.lock:
            file = self._drive.make(owner.email, title, DOCUMENT, by_client=False)
            if file.document and text:
                file.document.insert(1, text)
            return Paper(self._world, self._drive, file)
