"""What prepd asks of a provider: an account, its calendars, and a place for documents.

Terminology: a *full read* lists a window; an *incremental read* lists what changed since a *sync token*;
a *tombstone* says that an event is gone. Every provider passes the same contract suite
(tests/contract). No call ever makes a provider mail anybody.

All calls may raise: SignInNeeded, Misconfigured, Throttled, Unavailable, BadAnswer (connectors.errors); what else
they raise is said with each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from connectors.frozen import dataclass

if TYPE_CHECKING:
    from connectors.kept import Notebook, PageRef
    from connectors.values import (
        Access,
        Draft,
        Edit,
        Event,
        Item,
        Link,
        Page,
        PageContent,
        PageDraft,
        Series,
        Window,
    )


class Calendar(Protocol):
    """One calendar of one account. Not to be shared between threads."""

    @property
    def id(self) -> str:
        """The calendar as the config names it."""

    def pages(self, window: Window, token: str | None) -> Iterator[Page]:
        """Lists the calendar, page by page as they arrive: in full where `token` is None, else what changed.

        A full read lists every live event that touches `window`, series as occurrences, and such cancelled ones
        as the provider still shows. An incremental one may hold events far outside it. The last page
        carries the new token.

        :raises TokenExpired: read again without a token; pages that came before it don't count.
        """

    def get(self, event_id: str) -> Item:
        """One event by id, whatever its status; a Tombstone where the provider kept no more than its id.

        :raises NotFound: the provider knows no such event.
        """

    def series(self, series_id: str) -> Series:
        """Whether a series goes on. A series that the provider no longer knows is not live."""

    def insert(self, draft: Draft, key: str) -> Event:
        """Makes an event, once for each `key`: asked again with the same key, it answers with the one it made.

        :raises AlreadyDeleted: it was made with this key, and deleted since.
        :raises Refused: the calendar can't be written.
        """

    def edit(self, event_id: str, edit: Edit, etag: str | None) -> Event:
        """Changes an event that prepd made.

        :raises Conflict: the event is no longer as it was at `etag`. :raises NotFound: it is gone.
        """

    def delete(self, event_id: str, etag: str | None) -> None:
        """Deletes an event that prepd made; one that is gone already is no error.

        :raises Conflict: the event is no longer as it was at `etag`.
        """

    def attach(self, event_id: str, link: Link) -> Event:
        """Adds a link to the user's copy of an event, beside whatever stands there; again is no change.

        :raises Refused: this user may not, on this event or its series. :raises NotFound: it is gone.
        :raises Conflict: it kept changing while we tried.
        """

    def detach(self, event_id: str, url: str) -> Event:
        """Takes one link off the user's copy, and nothing else; a link that is not there is no error.

        :raises Refused: as above. :raises NotFound: as above. :raises Conflict: as above.
        """


class Documents(Protocol):
    """Where an account keeps prep docs. A notebook is one person's, its pages are for single meetings."""

    def find_notebook(self, key: str) -> Notebook | None:
        """The notebook made with this key, also when the answer to its creation was lost; None if there is none.

        An index may lag: None shortly after a creation is no proof.
        """

    def create_notebook(self, key: str, title: str, folder: str) -> Notebook:
        """Makes a notebook. Not to be repeated blindly: after a lost answer, look for it first.

        :raises Unavailable: with `maybe_done` where the notebook may exist now.
        """

    def add_page(self, notebook: Notebook, draft: PageDraft) -> PageRef:
        """Puts a page in front of the others, once for each key: a page that is there already is answered as it is.

        :raises NotFound: the notebook is gone. :raises Conflict: somebody kept typing; try later.
        """

    def retitle_page(self, notebook: Notebook, page: PageRef, heading: str) -> PageRef:
        """Changes a page's heading and nothing else of it. A heading that the user removed stays away.

        :raises NotFound: notebook or page is gone. :raises Conflict: as above.
        """

    def read_page(self, notebook: Notebook, page: PageRef) -> PageContent:
        """:raises NotFound: notebook or page is gone."""

    def share(self, notebook: Notebook, address: str, access: Access) -> None:
        """Lets one other person see the notebook, without a mail; again is no change.

        :raises Refused: the provider or the user's organization does not allow it.
        """


class Account(Protocol):
    """A signed-in account. Opens its parts on first use; not to be shared between threads."""

    @property
    def address(self) -> str | None:
        """The user's own address on this account, lower-case, where the sign-in told."""

    @property
    def addresses(self) -> frozenset[str]:
        """All addresses that this account is known by."""

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, retries included."""

    def calendar(self, name_or_id: str) -> Calendar:
        """:raises Misconfigured: no such calendar, with the names there are."""

    def documents(self) -> Documents: ...

    def close(self) -> None: ...


class SignIn(Protocol):
    """What the user is told while a sign-in waits for them."""

    def show_url(self, url: str, port: int) -> None: ...

    def show_code(self, url: str, code: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SignInState:
    """What the token file says, without asking anybody. `error` is a sentence for people."""

    signed_in: bool
    address: str | None
    scopes: tuple[str, ...]
    missing_scopes: tuple[str, ...]
    error: str | None
