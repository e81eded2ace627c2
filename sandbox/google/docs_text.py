"""The text of a document: UTF-16 units with styles, paragraphs with theirs, and named ranges that move with
edits.

Positions are those of the API: the first unit is at 1, ends are exclusive, and the last unit is a newline
that can't be deleted. Strings in here hold one UTF-16 code unit per character, so that an emoji is two.

Sources: the Docs guide "Document structure", and the discovery document on InsertTextRequest and on
DeleteContentRangeRequest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from sandbox.google.errors import ApiError, bad_request

Style = dict[str, Any]

# What insertText strips, as its description says; tabs and line feeds stay, and so does a vertical tab.
_STRIPPED = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff]")


def units(text: str) -> str:
    """A string with a character for each UTF-16 code unit."""
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(data[at : at + 2], "little")) for at in range(0, len(data), 2))


def text_of(coded: str) -> str:
    """The reverse of `units`."""
    return coded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@dataclass(slots=True)
class Paragraph:
    """How the units up to a newline are set; `bullet` has a listId and a nestingLevel."""

    style: Style = field(
        default_factory=lambda: {"namedStyleType": "NORMAL_TEXT", "direction": "LEFT_TO_RIGHT"}
    )
    bullet: dict[str, Any] | None = None


@dataclass(slots=True)
class NamedRange:
    id: str
    name: str
    start: int
    end: int


class Body:
    """A document's body, with the lists and named ranges that belong to it."""

    def __init__(self) -> None:
        self.text = "\n"
        self.styles: list[Style] = [{}]
        self.paragraphs = [Paragraph()]
        self.lists: dict[str, str] = {}
        self.ranges: list[NamedRange] = []

    def copy(self) -> Body:
        return deepcopy(self)

    @property
    def end(self) -> int:
        """The index after the last unit."""
        return len(self.text) + 1

    def plain(self) -> str:
        """The whole text."""
        return text_of(self.text)

    def spans(self) -> Iterator[tuple[int, int, Paragraph]]:
        """Start, end and setting of each paragraph, newline included."""
        start = 1
        for paragraph in self.paragraphs:
            end = self.text.index("\n", start - 1) + 2
            yield start, end, paragraph
            start = end

    def touched(self, start: int, end: int) -> list[tuple[int, int, Paragraph]]:
        """The paragraphs that a range overlaps."""
        return [span for span in self.spans() if span[0] < end and span[1] > start]

    def check(self, start: int, end: int) -> None:
        """Raises ApiError (400) for a range that isn't there, is empty, or halves a surrogate pair."""
        if not 1 <= start < end:
            raise invalid("The range should not be empty.")
        if end > self.end:
            raise invalid(
                f"Index {end - 1} must be less than the end index of the referenced segment, {self.end}."
            )
        for index in (start, end):
            self.check_boundary(index)

    def check_boundary(self, index: int) -> None:
        if index < self.end and "\udc00" <= self.text[index - 1] <= "\udfff":
            raise invalid("The index must not be inside a surrogate pair.")

    def insert(self, index: int, text: str, style: Style | None = None) -> None:
        """Insert inside an existing paragraph; each newline makes another one, set like the one it splits."""
        if not 1 <= index < self.end:
            raise invalid(f"The insertion index must be inside an existing paragraph (1 to {self.end - 1}).")
        self.check_boundary(index)
        coded = _STRIPPED.sub("", units(text))
        if not coded:
            return
        if style is None:
            before = index > 1 and self.text[index - 2] != "\n"
            style = self.styles[index - 2] if before else self.styles[index - 1]
        at = self.text.count("\n", 0, index - 1)
        whole = index == 1 or self.text[index - 2] == "\n"
        split = [deepcopy(self.paragraphs[at]) for _ in range(coded.count("\n"))]
        for paragraph in split:
            paragraph.style.pop("headingId", None)
        self.text = self.text[: index - 1] + coded + self.text[index - 1 :]
        self.styles[index - 1 : index - 1] = [dict(style) for _ in coded]
        # The old paragraph is the one before the new ones, unless they push it down from its very start.
        self.paragraphs[at if whole else at + 1 : at if whole else at + 1] = split
        for named in self.ranges:
            # Text typed right before a range or right after it does not belong to it.
            if index <= named.start:
                named.start += len(coded)
            if index < named.end:
                named.end += len(coded)

    def delete(self, start: int, end: int) -> None:
        """Delete units; paragraphs on either side are merged. Ranges that lose all their text are gone."""
        self.check(start, end)
        if end == self.end:
            raise invalid("The range cannot include the newline character at the end of the segment.")
        first = self.text.count("\n", 0, start - 1)
        merged = self.text.count("\n", start - 1, end - 1)
        if merged:
            whole = start == 1 or self.text[start - 2] == "\n"
            # What is left of a paragraph sets the merged one; one that goes entirely takes its setting along.
            kept = self.paragraphs[first + merged] if whole else self.paragraphs[first]
            self.paragraphs[first : first + merged + 1] = [kept]
        self.text = self.text[: start - 1] + self.text[end - 1 :]
        del self.styles[start - 1 : end - 1]
        for named in self.ranges:
            named.start -= max(min(named.start, end) - start, 0)
            named.end -= max(min(named.end, end) - start, 0)
        self.ranges = [named for named in self.ranges if named.start < named.end]

    def restyle(self, start: int, end: int, change: Callable[[Style], None]) -> None:
        """Change the style of every unit of a range."""
        for index in range(start - 1, end - 1):
            change(self.styles[index])

    def number_headings(self, new_id: Callable[[], str]) -> None:
        """Give headings their ids, and take them from what is none any more."""
        for paragraph in self.paragraphs:
            kind = paragraph.style["namedStyleType"]
            if kind == "NORMAL_TEXT":
                paragraph.style.pop("headingId", None)
            elif "headingId" not in paragraph.style:
                paragraph.style["headingId"] = new_id()


def invalid(message: str) -> ApiError:
    return bad_request(message, "badRequest")
