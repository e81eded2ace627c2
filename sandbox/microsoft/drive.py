"""OneDrive as a tree of files and folders, one for each person, with the app's own folder in it.

Sources: the Graph pages "driveItem resource type" and "Upload small files" (conflictBehavior), and OneDrive's
"Restrictions and limitations" for names.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sandbox.mailbox import Cause, Notification
from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.world import World

Conflict = Literal["replace", "fail", "rename"]
APP = "prepd sandbox"
"""What the app's folder is called: the app's name in its registration."""
_FORBIDDEN = frozenset('"*:<>?/\\|')


@dataclass(slots=True)
class Node:
    """A file, or a folder (`content` None). `version` counts all changes, `content_version` those of the content."""

    id: str
    name: str
    owner: str
    parent: str | None
    content: bytes | None
    created: datetime
    modified: datetime
    version: int = 1
    content_version: int = 1
    locked: bool = False
    permissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    media_type: str = "application/octet-stream"

    @property
    def is_folder(self) -> bool:
        return self.content is None

    @property
    def etag(self) -> str:
        return f'"{{{self.guid}}},{self.version}"'

    @property
    def ctag(self) -> str:
        return f'"c:{{{self.guid}}},{self.content_version}"'

    @property
    def guid(self) -> str:
        digest = hashlib.md5(self.id.encode(), usedforsecurity=False).hexdigest().upper()
        return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"


class Drive:
    """All drives. Raises GraphError as OneDrive would."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.nodes: dict[str, Node] = {}
        self.roots: dict[str, str] = {}

    def root(self, owner: str) -> Node:
        if owner not in self.roots:
            self.roots[owner] = self.add(owner, None, "root", None).id
        return self.nodes[self.roots[owner]]

    def app_folder(self, owner: str) -> Node:
        """The app's folder, made at the first use."""
        apps = self._child_or_new(self.root(owner), "Apps")
        return self._child_or_new(apps, APP)

    def add(self, owner: str, parent: Node | None, name: str, content: bytes | None) -> Node:
        now = self.world.clock.now()
        node = Node(
            f"01{self.world.random_text(32).upper().replace('-', 'A').replace('_', 'B')}",
            name,
            owner,
            parent.id if parent else None,
            content,
            now,
            now,
        )
        self.nodes[node.id] = node
        return node

    def get(self, owner: str, node_id: str) -> Node:
        node = self.nodes.get(node_id)
        if node is None or node.owner != owner:
            raise missing()
        return node

    def children(self, node: Node) -> list[Node]:
        found = [each for each in self.nodes.values() if each.parent == node.id]
        return sorted(found, key=lambda each: each.name.lower())

    def child(self, folder: Node, name: str) -> Node | None:
        return next((each for each in self.children(folder) if each.name.lower() == name.lower()), None)

    def walk(self, start: Node, path: str) -> Node:
        """What lies at a path beneath a folder."""
        node: Node | None = start
        for name in [part for part in path.split("/") if part]:
            node = self.child(node, name) if node and node.is_folder else None
        if node is None:
            raise missing()
        return node

    def folders(self, start: Node, path: str) -> Node:
        """The folder at a path, for an upload."""
        node = start
        for name in [part for part in path.split("/") if part]:
            found = self.child(node, name)
            if found is None:
                if self.world.settings.missing_folders == "not_found":
                    raise missing()
                found = self.add(node.owner, node, _valid(name), None)
            if not found.is_folder:
                raise GraphError(409, "nameAlreadyExists", "The name already exists, and is no folder.")
            node = found
        return node

    def put(
        self, folder: Node, name: str, content: bytes, conflict: Conflict, if_match: str | None
    ) -> tuple[Node, bool]:
        """Upload; answers the file, and whether it is new."""
        known = self.child(folder, _valid(name))
        if known is None:
            return self.add(folder.owner, folder, name, content), True
        if conflict == "rename":
            return self.add(folder.owner, folder, self._free(folder, name), content), True
        if conflict == "fail" or known.is_folder:
            raise exists()
        self.write(known, content, if_match)
        return known, False

    def write(self, node: Node, content: bytes, if_match: str | None) -> None:
        """Replace a file's content."""
        self.check(node, if_match)
        node.content = content
        node.content_version += 1
        self.touch(node)

    def make_folder(self, parent: Node, name: str, conflict: Conflict) -> Node:
        known = self.child(parent, _valid(name))
        if known is not None and conflict == "fail":
            raise exists()
        if known is not None and conflict == "replace":
            return known
        return self.add(parent.owner, parent, self._free(parent, name), None)

    def rename(self, node: Node, name: str, folder: Node, if_match: str | None) -> None:
        """Another name, or another folder."""
        if self.world.settings.locked_rename:
            self.check(node, if_match)
        other = self.child(folder, _valid(name))
        if other is not None and other is not node:
            raise exists()
        node.name, node.parent = name, folder.id
        self.touch(node)

    def delete(self, node: Node, if_match: str | None = None) -> None:
        """To the recycle bin, with everything in it."""
        if self.world.settings.locked_rename:
            self.check(node, if_match)
        for child in self.children(node):
            self.delete(child)
        self.nodes.pop(node.id, None)

    def check(self, node: Node, if_match: str | None) -> None:
        """Refuses to change a file that is open in Word, or another version than the one meant."""
        if node.locked:
            code = self.world.settings.locked_error
            raise GraphError(
                423, code, "The resource you are attempting to access is locked.", inner=("resourceLocked",)
            )
        if if_match not in (None, "*", node.etag, node.ctag):
            raise GraphError(412, "resourceModified", "ETag does not match current item's value")

    def touch(self, node: Node) -> None:
        node.version += 1
        node.modified = self.world.clock.now()

    def share(
        self, node: Node, address: str, role: str, by: str, cause: Cause, *, mails: bool
    ) -> dict[str, Any]:
        """Grant somebody access; once for each person."""
        for known in node.permissions.values():
            if (known.get("invitation") or {}).get("email") == address:
                known["roles"] = [role]
                permission = known
                break
        else:
            name = self.world.people[address].name if address in self.world.people else address
            person = {"user": {"displayName": name, "email": address, "id": self.world.guid()}}
            permission = {
                "id": self.world.random_text(22),
                "roles": [role],
                "grantedTo": person,
                "grantedToV2": person,
                "invitation": {"email": address, "signInRequired": True},
            }
            node.permissions[permission["id"]] = permission
        if mails:
            self.world.mailbox.send(
                Notification(address, "share", node.id, cause, by, self.world.clock.now())
            )
        return permission

    def path(self, node: Node) -> str:
        """Its place beneath the root: `/Apps/prepd sandbox/x.docx`."""
        if node.parent is None:
            return ""
        return f"{self.path(self.nodes[node.parent])}/{node.name}"

    def inside_app(self, node: Node) -> bool:
        top = self.app_folder(node.owner).id
        here: Node | None = node
        while here is not None:
            if here.id == top:
                return True
            here = self.nodes.get(here.parent or "")
        return False

    def _child_or_new(self, folder: Node, name: str) -> Node:
        return self.child(folder, name) or self.add(folder.owner, folder, name, None)

    def _free(self, folder: Node, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if dot else (name, "")
        number, free = 0, name
        while self.child(folder, free):
            number += 1
            free = f"{stem} {number}{ending}"
        return free


def missing() -> GraphError:
    return GraphError(404, "itemNotFound", "The resource could not be found.")


def exists() -> GraphError:
    return GraphError(409, "nameAlreadyExists", "Name already exists")


def _valid(name: str) -> str:
    if not name or set(name) & _FORBIDDEN or name.endswith((".", " ")) or name != name.strip():
        raise GraphError(
            400, "invalidRequest", "The provided name cannot contain this character or is reserved."
        )
    return name
