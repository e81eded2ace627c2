"""A signed-in account at Microsoft, and its parts."""

from __future__ import annotations

from connectors.errors import Misconfigured, named
from connectors.outlook import scopes
from connectors.outlook.calendar import OutlookCalendar
from connectors.outlook.mailbox import Mailbox
from connectors.outlook.pages import rows
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.transport import Graph
from connectors.protocols import Documents
from connectors.retry import Retry

# Ids are long and hold no blanks; names are what people type.
_SHORTEST_ID = 60


class OutlookAccount:
    """Opens its parts on first use. Not to be shared between threads.

    :raises Misconfigured: the CA bundle is no good.
    """

    def __init__(self, settings: OutlookSettings, retry: Retry | None = None) -> None:
        self._settings = settings
        self._graph = Graph(settings, retry)
        self._calendars: dict[str, OutlookCalendar] = {}
        self._documents: Documents | None = None

    @property
    def address(self) -> str | None:
        """:raises SignInNeeded: nobody is signed in."""
        return self._graph.address

    @property
    def addresses(self) -> frozenset[str]:
        """What one signs in with is not always the mailbox's. :raises SignInNeeded: nobody is signed in."""
        return self._graph.addresses

    @property
    def requests(self) -> int:
        return self._graph.requests

    def calendar(self, name_or_id: str) -> OutlookCalendar:
        """:raises SignInNeeded: the sign-in holds no permission for calendars."""
        if name_or_id not in self._calendars:
            self._graph.require(scopes.CALENDARS)
            self._calendars[name_or_id] = self._opened(name_or_id)
        return self._calendars[name_or_id]

    def documents(self) -> Documents:
        """:raises SignInNeeded: the sign-in holds no permission for documents."""
        from connectors.outlook.documents import OneDriveDocuments

        if self._documents is None:
            self._graph.require(scopes.APP_FOLDER)
            self._documents = OneDriveDocuments(self._graph)
        return self._documents

    def close(self) -> None:
        self._graph.close()

    def _opened(self, name_or_id: str) -> OutlookCalendar:
        calendar_id, own = None, True
        if name_or_id != "default":
            calendar_id = name_or_id
            if len(name_or_id) < _SHORTEST_ID or " " in name_or_id:
                calendar_id, owner = self._found(name_or_id)
                own = owner in {"", *self._graph.addresses}
        mailbox = Mailbox(self._graph, name_or_id, calendar_id)
        return OutlookCalendar(mailbox, name_or_id, self._graph.addresses, own=own)

    def _found(self, name: str) -> tuple[str, str]:
        """Id and owner's address of the one calendar of that name."""
        known = self._known()
        wanted = _folded(name)
        found = [entry for entry in known if _folded(entry[1]) == wanted]
        if len(found) == 1:
            return found[0][0], found[0][2]
        what = "several calendars are called" if found else "there is no calendar called"
        names = ", ".join(named(title) for title in sorted({title for _, title, _ in known}))
        remedy = "Give one of them another name in Outlook" if found else f"There are: default, {names}"
        raise Misconfigured(f"Account {self._settings.name}: {what} {named(name)}. {remedy}")

    def _known(self) -> list[tuple[str, str, str]]:
        """Each calendar's id, name, and owner's address."""
        what, prefer = "listing the calendars", ('IdType="ImmutableId"', "odata.maxpagesize=100")
        known: list[tuple[str, str, str]] = []
        for entry in rows(self._graph, "/me/calendars", what, {"$select": "id,name,owner"}, prefer):
            if isinstance(entry.get("id"), str):
                owner = entry.get("owner")
                address = owner.get("address") if isinstance(owner, dict) else None
                known.append((entry["id"], str(entry.get("name") or ""), str(address or "").lower()))
        return known


def _folded(name: str) -> str:
    return name.strip().casefold()
