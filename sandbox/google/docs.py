"""The Docs API v1: documents as resources, and batchUpdate, which is all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.google.discovery import Call
from sandbox.google.docs_edit import FIRST_TAB, Editor
from sandbox.google.docs_text import Body, Paragraph, invalid, text_of
from sandbox.google.drive import DriveApi
from sandbox.google.files import DOCUMENT, File
from sandbox.google.world import World

_GLYPHS = {
    "DISC": "●",
    "CIRCLE": "○",
    "SQUARE": "■",
    "DIAMONDX": "❖",
    "ARROW3D": "➢",
    "ARROW": "➔",
    "DIAMOND": "◆",
    "STAR": "★",
    "LEFTTRIANGLE": "◄",
    "HOLLOWDIAMOND": "◇",
}
_NUMBERS = {
    "DECIMAL": "DECIMAL",
    "ALPHA": "ALPHA",
    "ROMAN": "ROMAN",
    "UPPERALPHA": "UPPER_ALPHA",
    "UPPERROMAN": "UPPER_ROMAN",
    "ZERODECIMAL": "ZERO_DECIMAL",
}


class DocsApi:
    """Answers `docs.*` methods. A document is a file of Drive; who may open that may open this."""

    def __init__(self, world: World, drive: DriveApi) -> None:
        self._world = world
        self._drive = drive

    def call(self, call: Call, person: str, scopes: frozenset[str]) -> dict[str, Any]:
        """Carry a call out. Raises ApiError."""
        match call.method.id:
            case "docs.documents.create":
                file = self._drive.make(person, call.body.get("title") or "Untitled document", DOCUMENT)
                return self.resource(file)
            case "docs.documents.get":
                file = self._drive.open(call.path["documentId"], person, scopes)
                return self.resource(file, with_tabs=call.query.get("includeTabsContent", False))
            case _:
                file = self._drive.open(call.path["documentId"], person, scopes, write=True)
                return self.batch_update(file, call)

    def batch_update(self, file: File, call: Call) -> dict[str, Any]:
        """Apply every request, or none. Raises ApiError (400)."""
        body = _document(file)
        control = call.body.get("writeControl") or {}
        if control.get("writeMode") == "SUGGEST":
            raise invalid("The sandbox's documents take no suggestions.")
        required = control.get("requiredRevisionId")
        if required and required != file.revision:
            raise invalid(
                "The required revision ID does not match the latest revision. "
                f"Required {required}, latest {file.revision}."
            )
        draft = body.copy()
        editor = Editor(draft, call.method.schemas, lambda prefix: prefix + self._world.new_id(12))
        replies = []
        requests = call.body.get("requests") or []
        for number, request in enumerate(requests):
            try:
                replies.append(editor.apply(request))
            except type(invalid("")) as error:
                raise invalid(
                    f"Invalid requests[{number}].{next(iter(request), '')}: {error.message}"
                ) from None
        if requests:
            file.document = draft
            self._drive.touch(file)
        return {
            "replies": replies,
            "writeControl": {"requiredRevisionId": file.revision},
            "documentId": file.id,
        }

    def resource(self, file: File, *, with_tabs: bool = False) -> dict[str, Any]:
        """A Document, with its content at the top or in its one tab."""
        content = _content(_document(file))
        head = {"title": file.name}
        tail = {
            "revisionId": file.revision,
            "suggestionsViewMode": "SUGGESTIONS_INLINE",
            "documentId": file.id,
        }
        if not with_tabs:
            return head | content | tail
        properties = {"tabId": FIRST_TAB, "title": "Tab 1", "index": 0}
        return head | tail | {"tabs": [{"tabProperties": properties, "documentTab": content}]}


def _document(file: File) -> Body:
    if file.document is None:
        raise invalid("This operation is not supported for this document")
    return file.document


def _content(body: Body) -> dict[str, Any]:
    section = {
        "columnSeparatorStyle": "NONE",
        "contentDirection": "LEFT_TO_RIGHT",
        "sectionType": "CONTINUOUS",
    }
    elements: list[dict[str, Any]] = [{"endIndex": 1, "sectionBreak": {"sectionStyle": section}}]
    elements += [_paragraph(body, *span) for span in body.spans()]
    content: dict[str, Any] = {
        "body": {"content": elements},
        "documentStyle": {"pageNumberStart": 1},
        "namedStyles": {"styles": [{"namedStyleType": "NORMAL_TEXT", "textStyle": {}, "paragraphStyle": {}}]},
    }
    used = {paragraph.bullet["listId"] for paragraph in body.paragraphs if paragraph.bullet}
    if used:
        content["lists"] = {name: _list(preset) for name, preset in body.lists.items() if name in used}
    if body.ranges:
        named: dict[str, Any] = {}
        content["namedRanges"] = named
        for each in body.ranges:
            entry = named.setdefault(each.name, {"name": each.name, "namedRanges": []})
            extent = {"startIndex": each.start, "endIndex": each.end}
            entry["namedRanges"].append({"namedRangeId": each.id, "name": each.name, "ranges": [extent]})
    return content


def _paragraph(body: Body, start: int, end: int, paragraph: Paragraph) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "elements": [
            {
                "startIndex": first,
                "endIndex": last,
                "textRun": {
                    "content": text_of(body.text[first - 1 : last - 1]),
                    "textStyle": body.styles[first - 1],
                },
            }
            for first, last in _runs(body, start, end)
        ],
        "paragraphStyle": paragraph.style,
    }
    if paragraph.bullet:
        shown["bullet"] = {**paragraph.bullet, "textStyle": {}}
    return {"startIndex": start, "endIndex": end, "paragraph": shown}


def _runs(body: Body, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for index in range(start + 1, end + 1):
        if index == end or body.styles[index - 1] != body.styles[first - 1]:
            yield first, index
            first = index


def _list(preset: str) -> dict[str, Any]:
    levels: list[dict[str, Any]] = []
    kind, _, names = preset.partition("_")
    parts = names.split("_")
    for level in range(9):
        indent = {
            "indentFirstLine": {"magnitude": 18 + 36 * level, "unit": "PT"},
            "indentStart": {"magnitude": 36 + 36 * level, "unit": "PT"},
        }
        name = parts[level % 3] if level % 3 < len(parts) else parts[0]
        glyph: dict[str, Any]
        if kind == "NUMBERED":
            glyph = {"glyphType": _NUMBERS.get(name, "DECIMAL"), "glyphFormat": f"%{level}."}
        elif name == "CHECKBOX":
            glyph = {"glyphType": "GLYPH_TYPE_UNSPECIFIED", "glyphFormat": f"%{level}"}
        else:
            glyph = {"glyphSymbol": _GLYPHS[name], "glyphFormat": f"%{level}"}
        levels.append({"bulletAlignment": "START", **glyph, **indent, "textStyle": {}, "startNumber": 1})
    return {"listProperties": {"nestingLevels": levels}}
