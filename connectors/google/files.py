"""The files that prepd made on Drive, found again by a mark that only this OAuth client can see.

Drive can't be given the id of a Doc to be made (https://developers.google.com/workspace/drive/api/guides/create-file),
so making one is not repeatable: after a lost answer it is looked for by its mark, which an index may show late, so
there may be two. Then the older one counts.
"""

from __future__ import annotations

import hashlib
from typing import Any

from connectors.errors import BadAnswer, NotFound, Unavailable
from connectors.frozen import dataclass
from connectors.google.failures import BadRequest
from connectors.google.pages import rows
from connectors.google.transport import Services

DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"

_PROPERTY = "prepd"
# https://developers.google.com/workspace/drive/api/guides/properties: bytes in UTF-8, for name and value together
_ROOM = 124 - len(_PROPERTY)


@dataclass(frozen=True, slots=True)
class File:
    """`url` opens it in a browser."""

    id: str
    url: str


class Files:
    """Drive, as far as prepd's own files go. Files that the user trashed are not there."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def find(self, key: str, kind: str) -> File | None:
        """The oldest file of this kind with this mark, wherever it was moved, whatever it is called."""
        query = (
            f"appProperties has {{ key='{_PROPERTY}' and value='{_quoted(_mark(key))}' }}"
            f" and mimeType='{kind}' and trashed=false"
        )
        found = rows(
            self._services,
            self._services.drive.files().list,
            "files",
            q=query,
            fields="nextPageToken,files(id,createdTime,ownedByMe)",
            spaces="drive",
            includeItemsFromAllDrives=True,
            supportsAllDrives=True,
        )
        # ownedByMe is absent on shared drives. One that another user of prepd made and shared is not ours.
        ours = [f for f in found if f.get("ownedByMe") is not False]
        oldest_first = sorted(ours, key=lambda f: (str(f.get("createdTime", "")), str(f.get("id", ""))))
        # the index that answered may not know yet that one was trashed or deleted
        return next((file for f in oldest_first if (file := self._live(str(f.get("id", ""))))), None)

    def create(self, key: str, kind: str, name: str, parent: str | None) -> File:
        """Not to be repeated blindly. :raises Unavailable: with `maybe_done` where it may exist now."""
        body: Any = {"name": name, "mimeType": kind, "appProperties": {_PROPERTY: _mark(key)}}
        if parent:
            body["parents"] = [parent]
        files = self._services.drive.files()
        request = files.create(body=body, fields="id,webViewLink", supportsAllDrives=True)
        try:
            return _file(self._services.execute(request, safe=False))
        except BadRequest:
            raise
        except BadAnswer as error:
            raise Unavailable("Google Drive's answer can't be read.", maybe_done=True) from error

    def require(self, file_id: str) -> None:
        """:raises NotFound: the file was deleted or trashed."""
        if self._live(file_id) is None:
            raise NotFound("The prep doc was deleted, or is in the trash.")

    def _live(self, file_id: str) -> File | None:
        files = self._services.drive.files()
        request = files.get(fileId=file_id, fields="id,webViewLink,trashed", supportsAllDrives=True)
        try:
            answer = self._services.execute(request, safe=True)
        except NotFound:
            return None
        return None if answer.get("trashed") is True else _file(answer)


def _mark(key: str) -> str:
    """The value of the property: the key itself, or its hash where it is too long to be kept."""
    data = key.encode()
    return key if len(data) <= _ROOM else hashlib.sha256(data).hexdigest()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _file(answer: dict[str, Any]) -> File:
    file_id = answer.get("id")
    if not isinstance(file_id, str) or not file_id or not file_id.isprintable():
        raise BadAnswer("Google Drive answered without the id of a file.")
    url = answer.get("webViewLink")
    known = isinstance(url, str) and url and url.isprintable()
    return File(file_id, str(url) if known else f"https://docs.google.com/document/d/{file_id}/edit")
