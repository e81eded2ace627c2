"""The requests of documents.batchUpdate that a text document needs. Others are refused by name.

Source of each rule: the descriptions in the Docs API's discovery document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.google.docs_text import Body, NamedRange, Style, invalid, units

FIRST_TAB = "t.0"
"""A new document has one tab, of this id; a request without a tabId means it too."""

_READ_ONLY_STYLE = {"headingId", "tabStops"}


class Editor:
    """Applies requests to a body, one after the other; each sees the indices that those before it left."""

    def __init__(self, body: Body, schemas: dict[str, Any], new_id: Callable[[str], str]) -> None:
        self._body = body
        self._schemas = schemas
        self._new_id = new_id
        self._kinds: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "insertText": self._insert_text,
            "deleteContentRange": self._delete_content_range,
            "updateParagraphStyle": self._update_paragraph_style,
            "updateTextStyle": self._update_text_style,
            "createParagraphBullets": self._create_bullets,
            "deleteParagraphBullets": self._delete_bullets,
            "createNamedRange": self._create_named_range,
            "deleteNamedRange": self._delete_named_range,
            "replaceAllText": self._replace_all_text,
            "replaceNamedRangeContent": self._replace_named_range,
        }

    def apply(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry one request out; answers its reply. Raises ApiError (400)."""
        given = {name: value for name, value in request.items() if value is not None}
        if len(given) != 1:
            raise invalid("A request must set exactly one field.")
        ((kind, arguments),) = given.items()
        if kind not in self._kinds:
            raise invalid(f"The sandbox's documents have no {kind}.")
        reply = self._kinds[kind](arguments)
        self._body.number_headings(lambda: self._new_id("h."))
        return reply

    def _insert_text(self, request: dict[str, Any]) -> dict[str, Any]:
        if ("location" in request) == ("endOfSegmentLocation" in request):
            raise invalid("An insertion location must be specified.")
        if not request.get("text"):
            raise invalid("The text to insert must not be empty.")
        where = request.get("location") or request.get("endOfSegmentLocation") or {}
        _segment(where)
        index = where.get("index", 0) if "location" in request else self._body.end - 1
        self._body.insert(index, request["text"])
        return {}

    def _delete_content_range(self, request: dict[str, Any]) -> dict[str, Any]:
        self._body.delete(*self._range(request))
        return {}

    def _update_paragraph_style(self, request: dict[str, Any]) -> dict[str, Any]:
        start, end = self._range(request)
        style = request.get("paragraphStyle") or {}
        fields = self._mask(request, "ParagraphStyle")
        if locked := fields & _READ_ONLY_STYLE - ({"*"} & fields):
            raise invalid(f"Field is read-only: {', '.join(sorted(locked))}")
        for _, _, paragraph in self._body.touched(start, end):
            _set(paragraph.style, style, fields - _READ_ONLY_STYLE)
            paragraph.style.setdefault("namedStyleType", "NORMAL_TEXT")
            paragraph.style.setdefault("direction", "LEFT_TO_RIGHT")
        return {}

    def _update_text_style(self, request: dict[str, Any]) -> dict[str, Any]:
        start, end = self._range(request)
        style = dict(request.get("textStyle") or {})
        fields = self._mask(request, "TextStyle")
        if "link" in fields and style.get("link"):
            # A link looks like one, unless the request says otherwise.
            blue = {"color": {"rgbColor": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}}}
            style = {"underline": True, "foregroundColor": blue} | style
            fields |= {"underline", "foregroundColor"}
        if end < self._body.end and self._body.text[end - 1] == "\n" and self._body.text[end - 2] != "\n":
            end += 1  # "The range may be extended to include adjacent newlines."
        self._body.restyle(start, end, lambda each: _set(each, style, fields))
        return {}

    def _create_bullets(self, request: dict[str, Any]) -> dict[str, Any]:
        start, end = self._range(request)
        preset = request.get("bulletPreset") or "BULLET_GLYPH_PRESET_UNSPECIFIED"
        if preset == "BULLET_GLYPH_PRESET_UNSPECIFIED":
            raise invalid("A bullet preset must be specified.")
        body = self._body
        spans = body.touched(start, end)
        before = [paragraph for first, _, paragraph in body.spans() if first < spans[0][0]]
        joined = before[-1].bullet if before else None
        if joined and body.lists[joined["listId"]] == preset:
            list_id = joined["listId"]
        else:
            list_id = self._new_id("kix.")
            body.lists[list_id] = preset
        # From the last to the first, because the tabs that go shift what comes after.
        for first, last, paragraph in reversed(spans):
            line = body.text[first - 1 : last - 2]
            tabs = len(line) - len(line.lstrip("\t"))
            if tabs:
                body.delete(first, first + tabs)
            level = min(tabs, 8)
            paragraph.bullet = {"listId": list_id, **({"nestingLevel": level} if level else {})}
            paragraph.style["indentFirstLine"] = {"magnitude": 18 + 36 * level, "unit": "PT"}
            paragraph.style["indentStart"] = {"magnitude": 36 + 36 * level, "unit": "PT"}
        return {}

    def _delete_bullets(self, request: dict[str, Any]) -> dict[str, Any]:
        for _, _, paragraph in self._body.touched(*self._range(request)):
            if paragraph.bullet:
                paragraph.bullet = None
                # "The nesting level is visually preserved by adding indent to the start."
                paragraph.style["indentFirstLine"] = paragraph.style.get("indentStart", {"unit": "PT"})
        return {}

    def _create_named_range(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request.get("name") or ""
        if not 1 <= len(units(name)) <= 256:
            raise invalid("The name must be at least 1 and at most 256 UTF-16 code units long.")
        start, end = self._range(request)
        range_id = self._new_id("kix.")
        self._body.ranges.append(NamedRange(range_id, name, start, end))
        return {"createNamedRange": {"namedRangeId": range_id}}

    def _delete_named_range(self, request: dict[str, Any]) -> dict[str, Any]:
        gone = self._named(request, "namedRangeId", "name")
        self._body.ranges = [named for named in self._body.ranges if named not in gone]
        return {}

    def _replace_all_text(self, request: dict[str, Any]) -> dict[str, Any]:
        wanted = request.get("containsText") or {}
        if not wanted.get("text"):
            raise invalid("The text to find must not be empty.")
        text = wanted["text"] if wanted.get("searchByRegex") else re.escape(units(wanted["text"]))
        pattern = re.compile(text, 0 if wanted.get("matchCase") else re.IGNORECASE)
        found = [match.span() for match in pattern.finditer(self._body.text[:-1]) if match.group()]
        for start, end in reversed(found):
            self._replace(start + 1, end + 1, request.get("replaceText") or "")
        return {"replaceAllText": {"occurrencesChanged": len(found)} if found else {}}

    def _replace_named_range(self, request: dict[str, Any]) -> dict[str, Any]:
        for named in self._named(request, "namedRangeId", "namedRangeName"):
            start, text = named.start, request.get("text") or ""
            self._replace(named.start, named.end, text)
            if text:
                # It stays, over the new content.
                named.start, named.end = start, start + len(units(text))
                self._body.ranges = [each for each in self._body.ranges if each.id != named.id] + [named]
        return {}

    def _replace(self, start: int, end: int, text: str) -> None:
        style = dict(self._body.styles[start - 1])
        self._body.delete(start, end)
        if text:
            self._body.insert(start, text, style)

    def _named(self, request: dict[str, Any], by_id: str, by_name: str) -> list[NamedRange]:
        range_id, name = request.get(by_id), request.get(by_name)
        if bool(range_id) == bool(name):
            raise invalid("Either the id or the name of a named range must be specified.")
        found = [named for named in self._body.ranges if named.id == range_id or named.name == name]
        if not found:
            raise invalid(f"No named range was found: {range_id or name}")
        return found

    def _range(self, request: dict[str, Any]) -> tuple[int, int]:
        given = request.get("range") or {}
        _segment(given)
        start, end = given.get("startIndex", 0), given.get("endIndex", 0)
        self._body.check(start, end)
        return start, end

    def _mask(self, request: dict[str, Any], schema: str) -> set[str]:
        known = set(self._schemas[schema]["properties"])
        names = {
            part.strip().split(".")[0].split("/")[0] for part in (request.get("fields") or "").split(",")
        }
        if names == {"*"}:
            return known
        if names == {""}:
            raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
        if unknown := names - known:
            raise invalid(f"Invalid field mask: {', '.join(sorted(unknown))}")
        return names


def _segment(where: dict[str, Any]) -> None:
    if where.get("segmentId"):
        raise invalid(f"Segment not found: {where['segmentId']}")
    if where.get("tabId") not in (None, "", FIRST_TAB):
        raise invalid(f"Tab not found: {where['tabId']}")


def _set(style: Style, given: Style, fields: set[str]) -> None:
    for name in fields:
        # A field that is named but not given goes back to its default.
        if given.get(name) in (None, False):
            style.pop(name, None)
        else:
            style[name] = given[name]
