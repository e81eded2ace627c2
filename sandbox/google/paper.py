"""A document as a person has it open in the web app: they read it, type in it, tick boxes, rename and trash
it.

Places are named by text that stands there, as a reader would find them; KeyError where nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.google.docs_text import Body, Paragraph, text_of, units
from sandbox.google.drive import DriveApi
from sandbox.google.files import File
from sandbox.google.world import World


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as read: `style` is NORMAL_TEXT, HEADING_1…, `preset` that of its list."""

    text: str
    style: str
    preset: str | None
    nesting: int
    struck: bool


class Paper:
    """Made by `GoogleSandbox.documents`, `document` and `write_document`."""

    def __init__(self, world: World, drive: DriveApi, file: File) -> None:
        self._world = world
        self._drive = drive
        self._file = file

    @property
    def id(self) -> str:
        return self._file.id

    @property
    def title(self) -> str:
        return self._file.name

    @property
    def url(self) -> str:
        return f"{self._world.root}/document/d/{self.id}/edit"

    @property
    def owner(self) -> str:
        return self._file.owner

    @property
    def revision(self) -> str:
        return self._file.revision

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return self._body.plain()

    @property
    def trashed(self) -> bool:
        return self._file.trashed

    @property
    def folders(self) -> list[str]:
        """Ids of the folders that it lies in."""
        return list(self._file.parents)

    @property
    def shared_with(self) -> dict[str, str]:
        """Role of everybody but the owner, by address."""
        granted = self._file.permissions.values()
        return {
            each.get("emailAddress", each["type"]): each["role"]
            for each in granted
            if each["role"] != "owner"
        }

    @property
    def ranges(self) -> dict[str, list[str]]:
        """The text under the named ranges, by name."""
        found: dict[str, list[str]] = {}
        for named in self._body.ranges:
            found.setdefault(named.name, []).append(text_of(self._body.text[named.start - 1 : named.end - 1]))
        return found

    def lines(self) -> list[Line]:
        """Every paragraph, as a reader sees it."""
        with self._world.lock:
            return [self._line(*span) for span in self._body.spans()]

    def section(self, heading: str) -> list[str]:
        """The texts under a heading, down to the next of the same or a higher level."""
        with self._world.lock:
            return [self._line(*span).text for span in self._section(heading)[1:]]

    def append(self, text: str, under: str | None = None) -> None:
        """Type into a section's first empty list item; if there is none, press Enter at the end of the section
        (or of the document) and type there: a list goes on.
        """

        def edit(body: Body) -> None:
            spans = self._section(under) if under else list(body.spans())
            if empty := [start for start, end, each in spans if under and each.bullet and end - start == 1]:
                body.insert(empty[0], text)
                return
            written = [span for span in spans if span[1] - span[0] > 1] or spans[:1]
            _, end, last = written[-1]
            heading = last.style["namedStyleType"] != "NORMAL_TEXT"
            body.insert(end - 1, "\n" + text)
            if heading:  # Enter at the end of a heading goes on in plain text.
                for _, _, paragraph in body.touched(end, end + len(units(text)) + 1):
                    paragraph.style = Paragraph().style

        self._edit(edit)

    def type_before(self, place: str, text: str) -> None:
        """Type right before some text."""
        self._edit(lambda body: body.insert(self._find(place)[0], text))

    def replace(self, old: str, new: str) -> None:
        """Select some text and type over it."""

        def edit(body: Body) -> None:
            start, end = self._find(old)
            if new:
                body.insert(end, new)
            body.delete(start, end)

        self._edit(edit)

    def tick(
        self, place: str, how: Literal["strikethrough", "x", "check", "done", "unseen"] = "strikethrough"
    ) -> None:
        """Mark the paragraph that has this text as done.

        What a ticked box looks like to the API isn't known: struck through, or nothing at all (`unseen`). The
        others are what people type: `[x] `, `✔ `, ` done`.
        """

        def edit(body: Body) -> None:
            start, end, _ = self._paragraph(place)
            match how:
                case "strikethrough":
                    body.restyle(start, end, lambda style: style.update(strikethrough=True))
                case "x":
                    body.insert(start, "[x] ")
                case "check":
                    body.insert(start, "✔ ")
                case "done":
                    body.insert(end - 1, " done")
                case "unseen":
                    pass

        self._edit(edit)

    def rename(self, title: str) -> None:
        with self._world.lock:
            self._file.name = title
            self._drive.touch(self._file)

    def trash(self) -> None:
        """Put it into the bin: still there by id, marked as trashed."""
        with self._world.lock:
            self._file.trashed = True

    def delete(self) -> None:
        """Delete it for good."""
        with self._world.lock:
            self._drive.files.pop(self.id)

    def share(self, address: str, role: Literal["reader", "commenter", "writer"] = "commenter") -> None:
        """Share it by hand, which mails."""
        with self._world.lock:
            permission: dict[str, Any] = {"type": "user", "role": role, "emailAddress": address}
            self._drive.share(self._file, permission, self.owner, "person", mail=True)

    @property
    def _body(self) -> Body:
        if self._file.document is None:
            raise KeyError(f"{self._file.name} is no document")
        return self._file.document

    def _edit(self, edit: Callable[[Body], None]) -> None:
        with self._world.lock:
            edit(self._body)
            self._body.number_headings(lambda: "h." + self._world.new_id(12))
            self._drive.touch(self._file)

    def _find(self, place: str) -> tuple[int, int]:
        at = self._body.text.find(units(place))
        if at < 0:
            raise KeyError(place)
        return at + 1, at + 1 + len(units(place))

    def _paragraph(self, place: str) -> tuple[int, int, Paragraph]:
        start, end = self._find(place)
        return self._body.touched(start, end)[0]

    def _section(self, heading: str) -> list[tuple[int, int, Paragraph]]:
        spans = iter(list(self._body.spans()))
        for span in spans:
            level = _level(span[2])
            if level and heading.lower() in self._line(*span).text.lower():
                return [span, *_until(spans, level)]
        raise KeyError(heading)

    def _line(self, start: int, end: int, paragraph: Paragraph) -> Line:
        body = self._body
        bullet = paragraph.bullet or {}
        styles = body.styles[start - 1 : end - 2]
        return Line(
            text_of(body.text[start - 1 : end - 2]),
            paragraph.style["namedStyleType"],
            body.lists[bullet["listId"]] if bullet else None,
            bullet.get("nestingLevel", 0),
            bool(styles) and all(style.get("strikethrough") for style in styles),
        )


def _until(spans: Iterator[tuple[int, int, Paragraph]], level: int) -> Iterator[tuple[int, int, Paragraph]]:
    for span in spans:
        if 0 < _level(span[2]) <= level:
            return
        yield span


def _level(paragraph: Paragraph) -> int:
    style = paragraph.style["namedStyleType"]
    return int(style[-1]) if style.startswith("HEADING_") else (1 if style == "TITLE" else 0)
