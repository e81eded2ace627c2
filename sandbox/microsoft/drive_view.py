"""OneDrive's files, folders and drives as Graph shows them, and where a browser finds them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.microsoft import times
from sandbox.microsoft.drive import Drive, Node
from sandbox.microsoft.world import World


def web_url(world: World, node: Node) -> str:
    """The address that opens it in a browser."""
    letter = "f" if node.is_folder else "w"
    return f"{world.root}/:{letter}:/r/{node.id}"


def resource(drive: Drive, node: Node, download_url: str) -> dict[str, Any]:
    """A driveItem."""
    who = {"user": {"displayName": drive.world.people[node.owner].name, "email": node.owner}}
    created, modified = times.seconds(node.created), times.seconds(node.modified)
    shown: dict[str, Any] = {
        "createdDateTime": created,
        "eTag": node.etag,
        "id": node.id,
        "lastModifiedDateTime": modified,
        "name": node.name,
        "webUrl": web_url(drive.world, node),
        "cTag": node.ctag,
        "size": len(node.content or b""),
        "createdBy": who,
        "lastModifiedBy": who,
        "fileSystemInfo": {"createdDateTime": created, "lastModifiedDateTime": modified},
    }
    if node.parent is not None:
        shown["parentReference"] = _parent(drive, node, drive.nodes[node.parent])
    if node.is_folder:
        shown["folder"] = {"childCount": len(drive.children(node))}
        if node.id == drive.app_folder(node.owner).id:
            shown["specialFolder"] = {"name": "approot"}
    else:
        shown["@microsoft.graph.downloadUrl"] = download_url
        shown["file"] = {"mimeType": node.media_type, "hashes": {"quickXorHash": node.guid}}
    if node.permissions:
        shown["shared"] = {"scope": "users"}
    return shown


def described(world: World, person: str) -> dict[str, Any]:
    """A drive."""
    who = world.people[person]
    return {
        "id": _drive_id(world, person),
        "driveType": "personal" if who.personal else "business",
        "owner": {"user": {"displayName": who.name, "email": person}},
        "quota": {"total": 1099511627776, "used": 0, "remaining": 1099511627776, "state": "normal"},
    }


def _parent(drive: Drive, node: Node, parent: Node) -> dict[str, Any]:
    drive_id = _drive_id(drive.world, node.owner)
    path = f"/drives/{drive_id}/root:{quote(drive.path(parent))}"
    return {
        "driveType": "business",
        "driveId": drive_id,
        "id": parent.id,
        "name": parent.name,
        "path": path,
    }


def _drive_id(world: World, owner: str) -> str:
    return f"b!{world.people[owner].oid.replace('-', '')}"
