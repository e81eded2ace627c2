"""Prep docs on OneDrive: a folder for each person in the app's own folder, a Word file for each 1:1.

A file is made once and never written again, since the user may be typing in it (and Word locks it then); only its
name follows the 1:1. It is known by a mark among its properties, so that a page whose answer got lost is found,
whatever it is called by now, and a file of the user's own is never mistaken for one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from connectors.action_items import digest, open_items
from connectors.errors import BadAnswer, Conflict, NotFound, Throttled, Unavailable
from connectors.kept import Notebook, PageRef
from connectors.outlook import docx_parts, docx_read, docx_write, drive_names, sharing
from connectors.outlook.docx_parts import is_page_mark, page_mark
from connectors.outlook.drive import Drive, Item
from connectors.outlook.failures import Locked
from connectors.outlook.transport import Graph
from connectors.values import Access, PageContent, PageDraft

log = logging.getLogger(__name__)

_MOST_FOLDERS = 20
_MOST_LOOKED_INTO = 5
"""How many files are opened in search of a page: one that is asked for again was made lately."""


class OneDriveDocuments:
    """Prep docs of one Microsoft account; see connectors.protocols.Documents."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._drive = Drive(graph)

    # --- notebooks --------------------------------------------------------------------------------------

    def find_notebook(self, key: str) -> Notebook | None:
        oldest_first = sorted(self._notebooks(), key=lambda item: (item.created, item.id))
        found = next((item for item in oldest_first if drive_names.is_of(item.name, key)), None)
        return Notebook(found.id, found.url) if found else None

    def create_notebook(self, key: str, title: str, folder: str) -> Notebook:
        made = self._drive.make_folder(self._home(folder), drive_names.notebook_name(title, key))
        log.info("made a folder for prep pages")
        return Notebook(made.id, made.url)

    def share(self, notebook: Notebook, address: str, access: Access) -> None:
        sharing.share(self._graph, notebook.id, address, access)

    def _notebooks(self) -> Iterator[Item]:
        """Every person's folder: in the app's folder, or in a folder there, whatever the user calls that now."""
        top = _folders(self._drive.children(self._drive.app_folder()))
        yield from (item for item in top if drive_names.is_notebook(item.name))
        for item in _others(top):
            yield from self._notebooks_in(item)

    def _notebooks_in(self, folder: Item) -> list[Item]:
        try:
            found = _folders(self._drive.children(folder))
        except NotFound:
            return []  # deleted just now
        return [item for item in found if drive_names.is_notebook(item.name)]

    def _home(self, name: str) -> Item:
        """The folder that new notebooks go to: the one called so, or the one that holds the others by now."""
        top = self._drive.app_folder()
        name = drive_names.allowed(name)
        folders = _others(_folders(self._drive.children(top)))
        for folder in folders:
            if folder.name.casefold() == name.casefold():
                return folder
        renamed = next((folder for folder in folders if self._notebooks_in(folder)), None)
        return renamed or self._drive.make_folder(top, name)

    # --- pages ------------------------------------------------------------------------------------------

    def add_page(self, notebook: Notebook, draft: PageDraft) -> PageRef:
        folder = self._drive.get(notebook.id)
        for attempt in (1, 2):
            there, last = self._look(folder, draft.key)
            if there is not None:
                return _ref(draft.key, there)
            try:
                return _ref(draft.key, self._make_page(folder, draft, last))
            except Unavailable as error:
                # Where the answer got lost, the request may still arrive: both would make a file of the same
                # name, which only one of them can.
                if attempt == 2 or not error.maybe_done or isinstance(error, Throttled):
                    raise
        raise AssertionError("unreachable: the second attempt answers or raises")

    def retitle_page(self, notebook: Notebook, page: PageRef, heading: str) -> PageRef:
        item_id, given = _known(page)
        folder, item = self._drive.get(notebook.id), self._drive.get(item_id)
        names = list(drive_names.page_names(heading, drive_names.title_in(folder.name)))
        if item.name not in names and drive_names.fingerprint(item.name) != given:
            return PageRef(page.key, page.id, item.url)  # the user named it
        for name in names:
            if name == item.name:
                return _ref(page.key, item)
            try:
                return _ref(page.key, self._drive.rename(item, name))
            except Locked:
                raise
            except Conflict:
                continue  # another file is called so
        raise Conflict("Every name that the prep page could have is taken.")

    def read_page(self, notebook: Notebook, page: PageRef) -> PageContent:  # noqa: ARG002  # a file is found alone
        item_id, _ = _known(page)
        lines = docx_read.lines(self._content(self._drive.get(item_id)))
        return PageContent(open_items(lines), digest(lines))

    # --- files ------------------------------------------------------------------------------------------

    def _make_page(self, folder: Item, draft: PageDraft, last: docx_write.LastTime | None) -> Item:
        """Uploads the page under the first name that is free, or gives the one that is there by now."""
        title = drive_names.title_in(folder.name)
        content = docx_write.write(draft, title, last)
        for name in drive_names.page_names(draft.heading, title):
            try:
                made = self._drive.upload(folder, name, content)
            except Conflict:
                there = self._drive.at(folder, name)
                if page_mark(draft.key) in self._marks(there):
                    return there
                continue  # a file of the user's, or another page
            log.info("made a prep page")
            return made
        raise Conflict("Every name that the prep page could have is taken.")

    def _look(self, folder: Item, key: str) -> tuple[Item | None, docx_write.LastTime | None]:
        """The page with this key, and the newest of the others."""
        title, newest = drive_names.title_in(folder.name), None
        for item in self._newest(folder):
            marks = self._marks(item)
            if page_mark(key) in marks:
                return item, None
            if newest is None and any(is_page_mark(mark) for mark in marks):
                newest = docx_write.LastTime(drive_names.heading_in(item.name, title), item.url)
        return None, newest

    def _newest(self, folder: Item) -> list[Item]:
        files = [
            item
            for item in self._drive.children(folder)
            if not item.is_folder and item.name.casefold().endswith(drive_names.ENDING)
        ]
        return sorted(files, key=lambda item: (item.created, item.id), reverse=True)[:_MOST_LOOKED_INTO]

    def _marks(self, item: Item) -> tuple[str, ...]:
        """What a file says that it is; nothing for one of the user's that is no Word file, or was deleted just now.

        :raises Unavailable: the answer is not the file: to take it for another one would make a page twice.
        """
        if item.is_folder or item.size > docx_parts.MOST_BYTES:
            return ()
        try:
            content = self._content(item)
        except NotFound:
            return ()
        except BadAnswer as error:
            raise Unavailable("OneDrive's answer is not the prep page.") from error
        # The length alone tells nothing: SharePoint writes properties into Office files as it hands them out.
        if len(content) != item.size and not docx_parts.is_archive(content):
            raise Unavailable("OneDrive answered with something else than the prep page.")
        try:
            return docx_read.marks(content)
        except BadAnswer:
            return ()

    def _content(self, item: Item) -> bytes:
        if item.is_folder or item.size > docx_parts.MOST_BYTES:
            raise BadAnswer("The prep page is too large to be read.")
        return self._drive.content(item)


def _folders(items: list[Item]) -> list[Item]:
    return [item for item in items if item.is_folder]


def _others(folders: list[Item]) -> list[Item]:
    """Those that are nobody's: where notebooks may be."""
    return [item for item in folders if not drive_names.is_notebook(item.name)][:_MOST_FOLDERS]


def _ref(key: str, item: Item) -> PageRef:
    """With the id, what the name was when prepd gave or last saw it: only that one may be changed."""
    return PageRef(key, f"{item.id} {drive_names.fingerprint(item.name)}", item.url)


def _known(page: PageRef) -> tuple[str, str]:
    item_id, _, given = page.id.partition(" ")
    return item_id, given
