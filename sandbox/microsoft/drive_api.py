"""OneDrive's part of Graph: addresses by id and by path, uploads, downloads, sharing, and the web view of a file.

Sources: the Graph pages "Working with files", "driveItem: invite", "driveItem: createLink" and, for what the app's
folder allows, "Using an App Folder to store user content without access to all files".
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from sandbox.exchange import Request, Response, page
from sandbox.microsoft import drive_view, schema
from sandbox.microsoft.drive import Conflict, Drive, Node, missing
from sandbox.microsoft.errors import JSON, GraphError, access_denied, bad_body
from sandbox.microsoft.routes import FILES, FILES_READ, Match
from sandbox.microsoft.word import text_of
from sandbox.microsoft.world import World

_ADDRESS = re.compile(
    r"(?:/special/(?P<special>[^/:]+)|/items/(?P<id>[^/:]+)|/root)(?::(?P<path>/[^:]*?)(?::|$))?(?P<rest>/.*)?"
)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DriveApi:
    """Answers `/me/drive…` and the addresses that it hands out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.drive = Drive(world)
        self._downloads: dict[str, str] = {}

    def call(
        self, match: Match, request: Request, person: str, scopes: frozenset[str]
    ) -> tuple[str, Response]:
        """The operation's name, and the answer. Raises GraphError."""
        address = unquote(match.ids["rest"])
        if address in ("", "/"):
            return "drive.get", _json(200, drive_view.described(self._world, person))
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise GraphError(400, "invalidRequest", "Invalid request")
        start = self._start(found, person, scopes)
        path, verb = found["path"] or "", found["rest"] or ""
        if not scopes & FILES and request.method != "GET" and not self._reaches(start):
            raise access_denied(drive=True)
        if request.method == "PUT" and verb == "/content":
            return "driveItem.upload", self._upload(start, path, request)
        node = self.drive.walk(start, path)
        return self._on_node(node, verb, request, person, scopes)

    def web(self, request: Request) -> Response | None:
        """A pre-authenticated download, or the page of a file as anybody in the sandbox may see it."""
        if match := re.fullmatch(r"/download/([\w-]+)", request.path):
            node = self.drive.nodes.get(self._downloads.get(match[1], ""))
            if node is None or node.content is None:
                return Response(404)
            return Response(200, node.content, {"Content-Type": node.media_type})
        if match := re.fullmatch(r"/:[wfu]:/r/(\w+)", request.path):
            node = self.drive.nodes.get(match[1])
            if node is None:
                return Response(404, b"", {"Content-Type": "text/html"})
            return page(node.name, text_of(node.content) if node.content else "")
        return None

    def _start(self, found: re.Match[str], person: str, scopes: frozenset[str]) -> Node:
        if found["special"]:
            if found["special"] != "approot":
                raise missing() if scopes & FILES_READ else access_denied(drive=True)
            return self.drive.app_folder(person)
        node = self.drive.get(person, found["id"]) if found["id"] else self.drive.root(person)
        if not scopes & FILES_READ and not self._reaches(node):
            raise access_denied(drive=True)
        return node

    def _reaches(self, node: Node) -> bool:
        return self.drive.inside_app(node)

    def _on_node(
        self, node: Node, verb: str, request: Request, person: str, scopes: frozenset[str]
    ) -> tuple[str, Response]:
        match request.method, verb:
            case "GET", "" | "/":
                return "driveItem.get", _json(200, self._shown(node))
            case "GET", "/children":
                return "driveItem.children", self._children(node, request)
            case "GET", "/content":
                return "driveItem.content", self._content(node)
            case "GET", "/permissions":
                return "driveItem.permissions", _json(200, {"value": list(node.permissions.values())})
            case "POST", "/children":
                return "driveItem.createFolder", self._make_folder(node, _body("driveItem", request))
            case "PATCH", "" | "/":
                return "driveItem.update", self._update(node, _body("driveItem", request), request)
            case "DELETE", "" | "/":
                self.drive.delete(node, request.headers.get("if-match"))
                return "driveItem.delete", Response(204)
            case "POST", "/invite" | "/microsoft.graph.invite":
                self._needs_files(scopes)
                return "driveItem.invite", self._invite(node, _body("inviteAction", request), person)
            case "POST", "/createLink":
                self._needs_files(scopes)
                return "driveItem.createLink", self._link(node, _body("createLinkAction", request))
        if found := re.fullmatch(r"/permissions/([\w-]+)", verb):
            self._needs_files(scopes)
            return self._permission(node, found[1], request)
        raise GraphError(400, "invalidRequest", f"Resource not found for the segment '{verb.strip('/')}'.")

    def _needs_files(self, scopes: frozenset[str]) -> None:
        if not scopes & FILES:
            raise access_denied(drive=True)

    def _upload(self, start: Node, path: str, request: Request) -> Response:
        conflict = _conflict(request.first("@microsoft.graph.conflictBehavior", "replace"))
        if_match = request.headers.get("if-match")
        kind = request.headers.get("content-type", "").partition(";")[0] or "application/octet-stream"
        if not path:
            if start.is_folder:
                raise GraphError(400, "invalidRequest", "A folder has no content.")
            self.drive.write(start, request.body, if_match)
            return _json(200, self._shown(start))
        folder_path, _, name = path.rpartition("/")
        folder = self.drive.folders(start, folder_path)
        node, new = self.drive.put(folder, name, request.body, conflict, if_match)
        node.media_type = _DOCX if name.endswith(".docx") else kind
        return _json(201 if new else 200, self._shown(node))

    def _children(self, node: Node, request: Request) -> Response:
        size = int(request.first("$top") or 200)
        skip = int(request.first("$skiptoken") or 0)
        found = self.drive.children(node)
        page: dict[str, Any] = {"value": [self._shown(each) for each in found[skip : skip + size]]}
        if skip + size < len(found):
            page["@odata.nextLink"] = f"{self._world.root}{request.path}?$top={size}&$skiptoken={skip + size}"
        return _json(200, page)

    def _content(self, node: Node) -> Response:
        if node.content is None:
            raise GraphError(400, "invalidRequest", "A folder has no content.")
        return Response(302, b"", {"Location": self._download_url(node)})

    def _download_url(self, node: Node) -> str:
        token = self._world.random_text(40)
        self._downloads[token] = node.id
        return f"{self._world.root}/download/{token}"

    def _shown(self, node: Node) -> dict[str, Any]:
        return drive_view.resource(self.drive, node, "" if node.is_folder else self._download_url(node))

    def _make_folder(self, node: Node, body: dict[str, Any]) -> Response:
        if body.get("folder") is None:
            raise GraphError(400, "invalidRequest", "Only folders are made this way.")
        conflict = _conflict(body.get("@microsoft.graph.conflictBehavior", "fail"))
        return _json(201, self._shown(self.drive.make_folder(node, body.get("name") or "", conflict)))

    def _update(self, node: Node, body: dict[str, Any], request: Request) -> Response:
        folder = self.drive.nodes[node.parent or node.id]
        if target := (body.get("parentReference") or {}).get("id"):
            folder = self.drive.get(node.owner, target)
        self.drive.rename(node, body.get("name") or node.name, folder, request.headers.get("if-match"))
        return _json(200, self._shown(node))

    def _invite(self, node: Node, body: dict[str, Any], person: str) -> Response:
        sends, signs_in = body.get("sendInvitation") is True, body.get("requireSignIn") is True
        roles, recipients = body.get("roles") or [], body.get("recipients") or []
        if not recipients or not roles or roles[0] not in ("read", "write") or not (sends or signs_in):
            raise GraphError(400, "invalidRequest", "One of the provided arguments is not acceptable.")
        granted = []
        for each in recipients:
            address = (each.get("email") or "").lower()
            if "@" not in address:
                raise GraphError(400, "invalidRequest", "The recipient needs an email.")
            granted.append(self.drive.share(node, address, roles[0], person, "client", mails=sends))
        return _json(200, {"value": granted})

    def _link(self, node: Node, body: dict[str, Any]) -> Response:
        kind, scope = body.get("type"), body.get("scope") or "organization"
        if kind not in ("view", "edit", "embed") or scope not in ("anonymous", "organization", "users"):
            raise GraphError(400, "invalidRequest", "The link's type or scope is not known.")
        for known in node.permissions.values():
            link = known.get("link") or {}
            if (link.get("type"), link.get("scope")) == (kind, scope):
                return _json(200, known)
        link = {
            "type": kind,
            "scope": scope,
            "webUrl": drive_view.web_url(self._world, node),
            "preventsDownload": False,
        }
        permission: dict[str, Any] = {
            "id": self._world.random_text(22),
            "roles": ["write" if kind == "edit" else "read"],
            "link": link,
        }
        node.permissions[permission["id"]] = permission
        return _json(201, permission)

    def _permission(self, node: Node, permission_id: str, request: Request) -> tuple[str, Response]:
        permission = node.permissions.get(permission_id)
        if permission is None:
            raise missing()
        match request.method:
            case "DELETE":
                del node.permissions[permission_id]
                return "permission.delete", Response(204)
            case "PATCH":
                permission["roles"] = _body("permission", request).get("roles") or permission["roles"]
                return "permission.update", _json(200, permission)
        return "permission.get", _json(200, permission)


def _conflict(text: str) -> Conflict:
    match text:
        case "replace" | "fail" | "rename":
            return text
    raise GraphError(400, "invalidRequest", "The conflictBehavior is not known.")


def _body(kind: str, request: Request) -> dict[str, Any]:
    try:
        return schema.check(kind, json.loads(request.body or b"{}"))
    except ValueError:
        raise bad_body("Unable to read JSON request payload.") from None


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(status, json.dumps(body, ensure_ascii=False).encode(), JSON)
