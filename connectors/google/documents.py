"""Prep docs on Google: one Doc for each person in a Drive folder, newest page first.

Keeps to files that prepd made (scope drive.file). Drive knows them by appProperties, which only this OAuth
client can see; a Doc knows its pages by named ranges. What a batch asks for is decided in docs_write, what a
document says in docs_read; this module decides when to ask, and what an answer that got lost means.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from connectors.errors import BadAnswer, Conflict, NotFound, Refused, Throttled, Unavailable
from connectors.google import docs_read, docs_write, sharing
from connectors.google.docs_model import Document, Json, parse
from connectors.google.files import DOCUMENT, FOLDER, Files
from connectors.google.transport import Services
from connectors.kept import Notebook, PageRef
from connectors.values import Access, PageContent, PageDraft

log = logging.getLogger(__name__)

_FOLDER_KEY = "folder"
_TRIES = 5


class GoogleDocuments:
    """Prep docs of one Google account; see connectors.protocols.Documents."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._files = Files(services)

    # --- notebooks --------------------------------------------------------------------------------------

    def find_notebook(self, key: str) -> Notebook | None:
        found = self._files.find(key, DOCUMENT)
        return Notebook(found.id, found.url) if found else None

    def create_notebook(self, key: str, title: str, folder: str) -> Notebook:
        # The folder is known by its mark: one that the user renamed or moved is still the one.
        parent = self._files.find(_FOLDER_KEY, FOLDER)
        if parent is None:
            parent = self._files.create(_FOLDER_KEY, FOLDER, docs_write.clean_heading(folder), parent=None)
            log.info("made the Drive folder for prep docs")
        made = self._files.create(key, DOCUMENT, docs_write.clean_heading(title), parent=parent.id)
        log.info("made a prep doc")
        return Notebook(made.id, made.url)

    def share(self, notebook: Notebook, address: str, access: Access) -> None:
        self._files.require(notebook.id)
        sharing.share(self._services, notebook.id, address, access)

    # --- pages ------------------------------------------------------------------------------------------

    def add_page(self, notebook: Notebook, draft: PageDraft) -> PageRef:
        def wanted(document: Document) -> list[Json]:
            there = docs_read.find_page(document, draft.key)
            return [] if there else docs_write.prepend(draft, docs_read.home(document))

        document = self._change(notebook, wanted)
        page = docs_read.find_page(document, draft.key)
        if page is None:
            raise BadAnswer("Google Docs took a new page, and does not show it.")
        return _ref(notebook, draft.key, document, page)

    def retitle_page(self, notebook: Notebook, page: PageRef, heading: str) -> PageRef:
        def wanted(document: Document) -> list[Json]:
            found = docs_read.find_page(document, page.key)
            return docs_write.retitle(found, page.key, heading) if found else []

        document = self._change(notebook, wanted)
        found = docs_read.find_page(document, page.key, page.id)
        # a heading that the user removed, or made plain text, leaves nothing to link to: the link stays
        return _ref(notebook, page.key, document, found) if found and found.heading.heading_id else page

    def read_page(self, notebook: Notebook, page: PageRef) -> PageContent:
        self._files.require(notebook.id)
        found = docs_read.find_page(self._read(notebook), page.key, page.id)
        if found is None:
            raise NotFound("The page is no longer in its prep doc.")
        return docs_read.read(found)

    # --- the document -----------------------------------------------------------------------------------

    def _read(self, notebook: Notebook) -> Document:
        # With all tabs: a page is still found after the user put another tab before ours.
        request = self._services.docs.documents().get(documentId=notebook.id, includeTabsContent=True)
        return parse(self._services.execute(request, safe=True))

    def _change(self, notebook: Notebook, wanted: Callable[[Document], list[Json]]) -> Document:
        """Brings about what `wanted` asks for, and gives the document as it is then.

        Every write names the revision that it was worked out from, so that of several (one of ours that was
        lost on its way and arrives late among them) only one is carried out. After a refusal or a lost answer
        the document itself is asked what is still wanted.

        :raises Conflict: it changed at every try. :raises Unavailable: the answer was lost, twice.
        """
        self._files.require(notebook.id)
        trouble: BadAnswer | Conflict | Unavailable | None = None
        tried: str | None = None
        for _ in range(_TRIES):
            document = self._read(notebook)
            requests = wanted(document)
            if not requests:
                return document
            if isinstance(trouble, BadAnswer) and document.revision == tried:
                raise trouble  # nothing has changed meanwhile: it is the request that makes no sense
            before, tried = trouble, document.revision
            trouble = self._write(notebook, document, requests)
            if trouble is None:
                return self._read(notebook)
            if isinstance(trouble, Unavailable) and isinstance(before, Unavailable):
                break
        document = self._read(notebook)
        if not wanted(document):
            return document
        if isinstance(trouble, Unavailable):
            raise trouble
        raise Conflict("The prep doc kept changing while prepd wanted to write in it.")

    def _write(
        self, notebook: Notebook, document: Document, requests: list[Json]
    ) -> BadAnswer | Conflict | Unavailable | None:
        """Sends one batch. Gives what went wrong where the document must be looked at again.

        A stale revision is a 400 whose wording nobody promised, so that any 400 may be one (WriteControl, in
        https://developers.google.com/workspace/docs/api/reference/rest/v1/documents/batchUpdate). An answer that
        can't be read may come from a batch that was carried out.
        """
        if document.revision is None:
            raise Refused("The prep doc may no longer be edited with this account.")
        body: Json = {"requests": requests, "writeControl": {"requiredRevisionId": document.revision}}
        resource = self._services.docs.documents()
        request = resource.batchUpdate(documentId=notebook.id, body=body)  # type: ignore[arg-type]
        try:
            self._services.execute(request, safe=False)
        except (BadAnswer, Conflict) as error:
            return error
        except Unavailable as error:
            if not error.maybe_done or isinstance(error, Throttled):
                raise
            return error
        return None


def _ref(notebook: Notebook, key: str, document: Document, page: docs_read.Found) -> PageRef:
    heading_id = page.heading.heading_id
    # the web app opens the first tab where the link names none
    tab = page.tab.id if page.tab is not document.tabs[0] else None
    return PageRef(key, heading_id, _at_heading(notebook.url, heading_id, tab))


def _at_heading(url: str, heading_id: str, tab: str | None) -> str:
    """The link that the web app copies for a heading; such links are not documented."""
    if not heading_id:
        return url
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query), ("tab", tab)]) if tab else parts.query
    return urlunsplit(parts._replace(query=query, fragment=f"heading={quote(heading_id)}"))
