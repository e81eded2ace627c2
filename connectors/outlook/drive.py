"""The files and folders of the app's own folder on OneDrive, as far as prep pages need them.

Everything is made with conflictBehavior=fail: nothing that is there is ever replaced. (The default is to replace,
and for an upload it is the address that says otherwise, not the body:
https://learn.microsoft.com/graph/api/driveitem-put-content.)
"""

from __future__ import annotations

from typing import Any

from connectors.errors import BadAnswer, Conflict, Misconfigured, NotFound, Refused, Unavailable
from connectors.frozen import dataclass
from connectors.outlook.failures import BadRequest
from connectors.outlook.pages import rows
from connectors.outlook.transport import Call, Graph, segment

_FIELDS = "id,name,webUrl,createdDateTime,size,folder,file,deleted"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FAIL = {"@microsoft.graph.conflictBehavior": "fail"}


@dataclass(frozen=True, slots=True)
class Item:
    """A file or folder. `url` opens it in a browser; `created` is text that sorts; `size` is in bytes."""

    id: str
    name: str
    url: str
    created: str
    size: int
    is_folder: bool


class Drive:
    """The signed-in user's OneDrive. What is in the recycle bin is not there."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def app_folder(self) -> Item:
        """The app's own folder, which OneDrive makes when it is first asked for.

        https://learn.microsoft.com/graph/onedrive-sharepoint-appfolder
        :raises Misconfigured: this user has no OneDrive.
        """
        try:
            return _item(self._graph.get("/me/drive/special/approot", "finding prepd's OneDrive folder"))
        except NotFound as error:
            raise Misconfigured(
                f"Account {self._graph.settings.name}: there is no OneDrive to keep prep pages in. Open OneDrive "
                "once in the browser, ask your administrator for it, or turn prep_doc off"
            ) from error

    def get(self, item_id: str) -> Item:
        """:raises NotFound: it was deleted."""
        return _live(self._graph.get(_path(item_id), "finding a prep page", {"$select": _FIELDS}))

    def at(self, folder: Item, name: str) -> Item:
        """What is called so in a folder. :raises NotFound: nothing is."""
        return _live(self._graph.get(f"{_path(folder.id)}:/{segment(name)}:", "finding a prep page by name"))

    def children(self, folder: Item) -> list[Item]:
        """Everything in a folder. :raises NotFound: the folder was deleted."""
        query: dict[str, str | int] = {"$select": _FIELDS, "$top": 200}
        found = rows(self._graph, f"{_path(folder.id)}/children", "listing prep pages", query)
        return [_item(row) for row in found if not row.get("deleted")]

    def make_folder(self, parent: Item, name: str) -> Item:
        """Makes a folder; one that is called so already is as good. May be repeated.

        :raises Refused: a file is called so.
        """
        body = {"name": name, "folder": {}, **_FAIL}
        call = Call("POST", f"{_path(parent.id)}/children", "making a OneDrive folder", body=body, safe=True)
        try:
            return self._make(call)
        except Conflict:
            there = self.at(parent, name)
        if not there.is_folder:
            raise Refused("In prepd's OneDrive folder, a file has the name that a folder needs: rename it.")
        return there

    def upload(self, folder: Item, name: str, content: bytes) -> Item:
        """Makes a Word file. :raises Conflict: something is called so. :raises NotFound: the folder is gone.

        :raises Unavailable: with `maybe_done` where the file may exist now.
        """
        target = f"{_path(folder.id)}:/{segment(name)}:/content"
        call = Call("PUT", target, "making a prep page", query=_FAIL, content=content, content_type=_WORD)
        return self._make(call)

    def rename(self, item: Item, name: str) -> Item:
        """:raises Conflict: something is called so (its subclass Locked: it is open). :raises NotFound: it is gone."""
        call = Call("PATCH", _path(item.id), "renaming a prep page", body={"name": name}, safe=True)
        return _item(self._graph.send(call))

    def content(self, item: Item) -> bytes:
        """A file's bytes. :raises NotFound: it is gone."""
        return self._graph.download(f"{_path(item.id)}/content", "reading a prep page")

    def _make(self, call: Call) -> Item:
        try:
            return _item(self._graph.send(call))
        except BadRequest:
            raise
        except BadAnswer as error:
            raise Unavailable("OneDrive's answer can't be read.", maybe_done=True) from error


def _path(item_id: str) -> str:
    return f"/me/drive/items/{segment(item_id)}"


def _live(answer: dict[str, Any]) -> Item:
    if answer.get("deleted"):
        raise NotFound("The prep page, or its folder, was deleted.")
    return _item(answer)


def _item(answer: dict[str, Any]) -> Item:
    found = [answer.get(field) for field in ("id", "name", "webUrl", "createdDateTime")]
    if not all(isinstance(text, str | None) for text in found):
        # A name that is none would seem to be the user's own, and a page without an address can't be linked.
        raise BadAnswer("OneDrive's answer about a file can't be read.")
    item_id, name, url, created = (text or "" for text in found)
    if not item_id:
        raise BadAnswer("OneDrive answered without the id of a file.")
    size = answer.get("size")
    return Item(
        item_id, name, url, created, size if isinstance(size, int) else 0, answer.get("folder") is not None
    )
