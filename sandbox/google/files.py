"""Files of Drive: what is kept of one, what may be written of it, and how the API shows it.

Sources: the discovery document's description of `File`, and the Drive guide "Add custom file properties".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.google import times
from sandbox.google.docs_text import Body
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.world import World

DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"
_WRITABLE = frozenset(
    {
        "appProperties",
        "properties",
        "description",
        "id",
        "mimeType",
        "name",
        "originalFilename",
        "parents",
        "starred",
        "trashed",
        "kind",
        "createdTime",
        "modifiedTime",
        "viewedByMeTime",
        "copyRequiresWriterPermission",
        "writersCanShare",
        "contentHints",
        "folderColorRgb",
        "inheritedPermissionsDisabled",
        "contentRestrictions",
        "downloadRestrictions",
        "shortcutDetails",
    }
)


@dataclass(slots=True)
class File:
    """A file or folder. `document` is the content of a Google Doc; `hidden_for` counts lists that don't show
    it.
    """

    id: str
    name: str
    kind: str
    owner: str
    created: datetime
    modified: datetime
    by_client: bool
    parents: list[str]
    root: str
    app_properties: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    description: str = ""
    trashed: bool = False
    permissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    document: Body | None = None
    content: bytes = b""
    revision: str = ""
    version: int = 1
    hidden_for: int = 0

    @property
    def in_root(self) -> bool:
        return self.root in self.parents


def role_of(file: File, person: str) -> str | None:
    """What somebody may do with a file; None if nothing."""
    roles = [each["role"] for each in file.permissions.values() if each.get("emailAddress") == person]
    return roles[0] if roles else None


def file_shown(file: File, person: str, world: World) -> dict[str, Any]:
    """A File with every field; Drive shows four of them unless `fields` asks, see `default_fields`."""
    link = {DOCUMENT: "document/d/{}/edit", FOLDER: "drive/folders/{}"}.get(file.kind, "file/d/{}/view")
    fields: dict[str, Any] = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.kind,
        "description": file.description,
        "starred": False,
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "parents": file.parents,
        "properties": file.properties,
        "appProperties": file.app_properties,
        "spaces": ["drive"],
        "version": str(file.version),
        "webViewLink": f"{world.root}/{link.format(file.id)}",
        "createdTime": times.stamp(file.created),
        "modifiedTime": times.stamp(file.modified),
        "owners": [user_shown(file.owner, person, world)],
        "ownedByMe": file.owner == person,
        "shared": len(file.permissions) > 1,
        "permissionIds": list(file.permissions),
        "permissions": [permission_shown(name, value, world) for name, value in file.permissions.items()],
        "capabilities": {
            "canEdit": role_of(file, person) in ("owner", "writer"),
            "canShare": role_of(file, person) in ("owner", "writer"),
            "canTrash": file.owner == person,
            "canDelete": file.owner == person,
        },
    }
    if file.kind not in (DOCUMENT, FOLDER):
        fields["size"] = str(len(file.content))
    return {name: value for name, value in fields.items() if value not in ("", {})}


def default_fields(body: dict[str, Any]) -> dict[str, Any]:
    """What Drive answers if no `fields` are asked for."""
    if "files" in body:
        return {**body, "files": [default_fields(file) for file in body["files"]]}
    if body.get("kind") == "drive#permissionList":
        return {**body, "permissions": [default_fields(each) for each in body["permissions"]]}
    if body.get("kind") == "drive#file":
        return {name: body[name] for name in ("kind", "id", "name", "mimeType")}
    if body.get("kind") == "drive#permission":
        return {name: body[name] for name in ("kind", "id", "type", "role")}
    return body


def permission_shown(permission_id: str, permission: dict[str, Any], world: World) -> dict[str, Any]:
    name = (
        world.people[permission["emailAddress"]].name
        if permission.get("emailAddress") in world.people
        else ""
    )
    return {
        "kind": "drive#permission",
        "id": permission_id,
        **permission,
        **({"displayName": name} if name else {}),
        "deleted": False,
        "pendingOwner": False,
    }


def user_shown(email: str, person: str, world: World) -> dict[str, Any]:
    name = world.people[email].name if email in world.people else email
    return {"kind": "drive#user", "displayName": name, "me": email == person, "emailAddress": email}


def split_upload(content_type: str, body: bytes) -> tuple[bytes, bytes]:
    """Metadata and content of a multipart/related upload. Raises ApiError (400)."""
    match = re.search(r'boundary="?([^";]+)"?', content_type)
    parts = body.split(b"--" + match[1].encode())[1:-1] if match else []
    bodies = [part.partition(b"\r\n\r\n")[2] or part.partition(b"\n\n")[2] for part in parts]
    if len(bodies) != 2:
        raise bad_request("Malformed multipart body.", "badContent")
    metadata, content = (part.removesuffix(b"\n").removesuffix(b"\r") for part in bodies)
    return metadata, content


def check_writable(body: dict[str, Any], *, updating: bool = False) -> None:
    """Raises ApiError (403, 400) for fields that no client may write, and for properties that are too long."""
    unwritable = set(body) - _WRITABLE | ({"parents", "id"} & set(body) if updating else set())
    if unwritable:
        message = "The resource body includes fields which are not directly writable."
        raise ApiError(403, "fieldNotWritable", message)
    for scope in ("appProperties", "properties"):
        for key, value in (body.get(scope) or {}).items():
            if len(key.encode()) + len((value or "").encode()) > 124:
                raise bad_request("A property's key and value may have 124 bytes together.", "invalid")


def set_fields(file: File, body: dict[str, Any]) -> None:
    """Writes what a body names; a property that is null goes."""
    for scope, kept in (("appProperties", file.app_properties), ("properties", file.properties)):
        for key, value in (body.get(scope) or {}).items():
            kept.pop(key, None)
            if value is not None:
                kept[key] = value
    file.name = body.get("name") or file.name
    file.description = body.get("description", file.description) or ""
    if body.get("trashed") is not None:
        file.trashed = body["trashed"]
