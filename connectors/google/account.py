"""A signed-in Google account, and its parts."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.errors import Misconfigured, named
from connectors.google import scopes
from connectors.google.calendar import GoogleCalendar
from connectors.google.pages import rows
from connectors.google.settings import GoogleSettings
from connectors.google.transport import Services
from connectors.protocols import Documents
from connectors.retry import Retry


class GoogleAccount:
    """Opens its parts on first use. Not to be shared between threads.

    :raises Misconfigured: the CA bundle is no good.
    """

    def __init__(self, settings: GoogleSettings, retry: Retry | None = None) -> None:
        self._settings = settings
        self._services = Services(settings, retry)
        self._calendars: dict[str, GoogleCalendar] = {}
        self._documents: Documents | None = None

    @property
    def address(self) -> str | None:
        """:raises SignInNeeded: nobody is signed in."""
        return self._services.address

    @property
    def addresses(self) -> frozenset[str]:
        """:raises SignInNeeded: nobody is signed in."""
        return frozenset({self.address} if self.address else ())

    @property
    def requests(self) -> int:
        return self._services.requests

    def calendar(self, name_or_id: str) -> GoogleCalendar:
        """:raises SignInNeeded: the sign-in holds no permission for calendars."""
        if name_or_id not in self._calendars:
            self._services.require(scopes.events_scope(self._settings))
            calendar_id = self._id_of(name_or_id) if scopes.is_name(name_or_id) else name_or_id
            self._calendars[name_or_id] = GoogleCalendar(self._services, name_or_id, calendar_id)
        return self._calendars[name_or_id]

    def documents(self) -> Documents:
        """:raises SignInNeeded: the sign-in holds no permission for documents."""
        from connectors.google.documents import GoogleDocuments

        if self._documents is None:
            self._services.require(scopes.DRIVE_FILE)
            self._documents = GoogleDocuments(self._services)
        return self._documents

    def close(self) -> None:
        self._services.close()

    def _id_of(self, name: str) -> str:
        """The id of the one calendar of that name, as the user named it or as its owner did."""
        known = list(self._known_calendars())
        wanted = _folded(name)
        found = {calendar_id for calendar_id, names in known if wanted in map(_folded, names)}
        if len(found) == 1:
            return found.pop()
        names = ", ".join(named(name) for name in sorted({names[0] for _, names in known}))
        what = "several calendars are called" if found else "there is no calendar called"
        remedy = "Use its id from the calendar's settings page" if found else f"There are: {names}"
        raise Misconfigured(f"Account {self._settings.name}: {what} {named(name)}. {remedy}")

    def _known_calendars(self) -> Iterator[tuple[str, list[str]]]:
        """Each calendar's id and its names, the user's own name for it first."""
        self._services.require(scopes.CALENDAR_LIST)
        for entry in rows(self._services, self._services.calendar.calendarList().list, "items"):
            if isinstance(entry.get("id"), str):
                names = [entry.get("summaryOverride"), entry.get("summary"), entry["id"]]
                yield entry["id"], [name for name in names if isinstance(name, str) and name]


def _folded(name: str) -> str:
    return name.strip().casefold()
