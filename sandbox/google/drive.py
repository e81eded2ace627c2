"""The Drive API v3, as far as an app's own files go: documents, folders, permissions, and finding them again.

A client with `drive.file` sees what it made and nothing else; what a person made in the web app is 404 to it.

Sources: the Drive guides "Choose Google Drive API scopes" and "Share files, folders, and drives".
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from sandbox.google import drive_query
from sandbox.google.discovery import Call
from sandbox.google.docs_text import Body
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.files import (
    DOCUMENT,
    FOLDER,
    File,
    check_writable,
    file_shown,
    permission_shown,
    role_of,
    set_fields,
    user_shown,
)
from sandbox.google.world import World
from sandbox.mailbox import Cause, Notification

_ALL_FILES = frozenset(
    {
        "https://www.googleapis.com/auth/drive",
        "https://www.googleapis.com/auth/drive.readonly",
        "https://www.googleapis.com/auth/documents",
        "https://www.googleapis.com/auth/documents.readonly",
    }
)
_ROLES = ("reader", "commenter", "fileOrganizer", "writer", "organizer", "owner")


class DriveApi:
    """Answers `drive.*` methods for somebody signed in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.files: dict[str, File] = {}
        self._pages: dict[str, list[File]] = {}

    def call(
        self, call: Call, person: str, scopes: frozenset[str], uploaded: bytes = b""
    ) -> tuple[int, dict[str, Any] | None]:
        """Carry a call out. Raises ApiError."""
        resource, _, verb = call.method.id.removeprefix("drive.").partition(".")
        match resource, verb:
            case "files", "create":
                return 200, file_shown(self._create(call, person, uploaded), person, self._world)
            case "files", "list":
                return 200, self._list(call, person, scopes)
            case "files", "generateIds":
                kind = call.query.get("type", "files")
                count = call.query.get("count", 10)
                ids = [self._new_id() for _ in range(count)] if kind == "files" else []
                return 200, {"kind": "drive#generatedIds", "space": "drive", "ids": ids}
            case "files", "get" | "update" | "delete":
                return self._file(verb, call, person, scopes)
            case "permissions", _:
                return self._permissions(verb, call, person, scopes)
            case "about", "get":
                return 200, {"kind": "drive#about", "user": user_shown(person, person, self._world)}
        raise ApiError(501, "notImplemented", f"The sandbox has no {call.method.id}.")

    def make(
        self, owner: str, name: str, kind: str, *, by_client: bool = True, parents: list[str] | None = None
    ) -> File:
        """A new file in the owner's root unless parents are given."""
        now, root = self._world.clock.now(), f"root-{owner}"
        file = File(self._new_id(), name, kind, owner, now, now, by_client, parents or [root], root)
        file.permissions[self._permission_id(owner)] = {
            "type": "user",
            "role": "owner",
            "emailAddress": owner,
        }
        if kind == DOCUMENT:
            file.document = Body()
        file.hidden_for = self._world.settings.search_lag
        self.files[file.id] = file
        self.touch(file)
        return file

    def open(self, file_id: str, person: str, scopes: frozenset[str], *, write: bool = False) -> File:
        """A file that somebody may open with these scopes. Raises ApiError (404, 403)."""
        file = self.files.get(file_id)
        role = role_of(file, person) if file else None
        if file is None or role is None or not (file.by_client or scopes & _ALL_FILES):
            raise ApiError(404, "notFound", f"File not found: {file_id}.", location=("parameter", "fileId"))
        if write and role not in ("owner", "writer"):
            raise ApiError(
                403, "insufficientFilePermissions", "The user does not have sufficient permissions."
            )
        return file

    def touch(self, file: File) -> None:
        """Mark a file as changed now, with another revision."""
        file.modified = self._world.clock.now()
        file.version += 1
        file.revision = "ALm37BV" + self._world.new_id(40)

    def share(
        self, file: File, permission: dict[str, Any], by: str, cause: Cause, *, mail: bool
    ) -> dict[str, Any]:
        """Grant a permission; the grantee is mailed if asked for."""
        kind, role = permission.get("type"), permission.get("role")
        if kind not in ("user", "group", "domain", "anyone") or role not in _ROLES:
            raise bad_request("The permission type and role fields are required.", "required")
        address = str(permission.get("emailAddress") or "").lower()
        if kind in ("user", "group") and not address:
            raise bad_request("The emailAddress field is required.", "required")
        if role == "owner":
            raise ApiError(403, "forbidden", "The transferOwnership parameter must be enabled.")
        permission_id = self._permission_id(address or kind)
        file.permissions[permission_id] = {"type": kind, "role": role} | (
            {"emailAddress": address} if address else {}
        )
        if mail and address:
            note = Notification(address, "share", file.id, cause, by, self._world.clock.now())
            self._world.mailbox.send(note)
        return permission_shown(permission_id, file.permissions[permission_id], self._world)

    def _create(self, call: Call, person: str, uploaded: bytes) -> File:
        body = call.body
        check_writable(body)
        kind = body.get("mimeType") or ("application/octet-stream" if not uploaded else "text/plain")
        if body.get("id") and kind.startswith("application/vnd.google-apps"):
            raise bad_request("Generated IDs are not supported for Docs Editors formats.", "invalid")
        for parent in body.get("parents") or []:
            if parent != "root" and parent not in self.files:
                raise ApiError(404, "notFound", f"File not found: {parent}.")
        parents = [f"root-{person}" if parent == "root" else parent for parent in body.get("parents") or []]
        file = self.make(person, body.get("name") or "Untitled", kind, parents=parents)
        if body.get("id"):
            self.files[body["id"]] = self.files.pop(file.id)
            file.id = body["id"]
        set_fields(file, body)
        file.content = uploaded
        if uploaded and file.document:
            file.document.insert(1, uploaded.decode("utf-8", "replace"))
        return file

    def _list(self, call: Call, person: str, scopes: frozenset[str]) -> dict[str, Any]:
        token = call.query.get("pageToken")
        if token is None:
            matches = drive_query.parse(call.query.get("q", ""))
            found = [file for file in self.files.values() if role_of(file, person) and matches(file)]
            found = [file for file in found if file.by_client or scopes & _ALL_FILES]
            visible = [file for file in found if file.hidden_for <= 0]
            for file in self.files.values():
                file.hidden_for -= 1
            visible.sort(key=lambda file: (file.modified, file.version), reverse=True)
        elif token in self._pages:
            visible = self._pages[token]
        else:
            raise bad_request("Invalid Value", "invalid", "pageToken")
        size = min(call.query.get("pageSize", 100), 1000)
        answer: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False}
        if len(visible) > size:
            answer["nextPageToken"] = more = self._world.new_id(40)
            self._pages[more] = visible[size:]
        return answer | {"files": [file_shown(file, person, self._world) for file in visible[:size]]}

    def _file(
        self, verb: str, call: Call, person: str, scopes: frozenset[str]
    ) -> tuple[int, dict[str, Any] | None]:
        file = self.open(call.path["fileId"], person, scopes, write=verb == "update")
        if verb == "delete":
            if file.owner != person:
                raise ApiError(
                    403, "insufficientFilePermissions", "The user does not have sufficient permissions."
                )
            self._delete(file)
            return 204, None
        if verb == "update":
            check_writable(call.body, updating=True)
            set_fields(file, call.body)
            added = [each for each in call.query.get("addParents", "").split(",") if each]
            removed = call.query.get("removeParents", "").split(",")
            file.parents = [parent for parent in file.parents if parent not in removed] + added
            self.touch(file)
        return 200, file_shown(file, person, self._world)

    def _delete(self, file: File) -> None:
        del self.files[file.id]
        if file.kind == FOLDER:
            for child in [each for each in self.files.values() if file.id in each.parents]:
                self._delete(child)

    def _permissions(
        self, verb: str, call: Call, person: str, scopes: frozenset[str]
    ) -> tuple[int, dict[str, Any] | None]:
        file = self.open(call.path["fileId"], person, scopes, write=verb not in ("list", "get"))
        permission_id = call.path.get("permissionId", "")
        if verb == "list":
            shown = [permission_shown(name, value, self._world) for name, value in file.permissions.items()]
            return 200, {"kind": "drive#permissionList", "permissions": shown}
        if verb == "create":
            mail = call.query.get("sendNotificationEmail", True)
            return 200, self.share(file, call.body, person, "client", mail=mail)
        if permission_id not in file.permissions:
            raise ApiError(404, "notFound", f"Permission not found: {permission_id}.")
        if verb == "delete":
            del file.permissions[permission_id]
            return 204, None
        if verb == "update":
            if call.body.get("role") not in _ROLES:
                raise bad_request("The permission role field is required.", "required")
            file.permissions[permission_id]["role"] = call.body["role"]
        return 200, permission_shown(permission_id, file.permissions[permission_id], self._world)

    def _new_id(self) -> str:
        return "1" + self._world.new_id(43)

    def _permission_id(self, who: str) -> str:
        # The same for a person in every file, as the real ones are.
        return "anyoneWithLink" if who == "anyone" else str(crc32(who.encode())).rjust(20, "1")
