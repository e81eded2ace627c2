"""A file in OneDrive as a person has it before them: they read it, type in it, tick boxes, rename, move and delete it.

Places are named by text that stands there; KeyError where nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sandbox.microsoft import word
from sandbox.microsoft.drive import Node
from sandbox.microsoft.drive_api import DriveApi
from sandbox.microsoft.drive_view import web_url
from sandbox.microsoft.word import Line


class Paper:
    """Made by `MicrosoftSandbox.documents` and `document`."""

    def __init__(self, api: DriveApi, node: Node) -> None:
        self._drive = api.drive
        self._node = node

    def __repr__(self) -> str:
        return f"Paper({self.path!r})"

    @property
    def id(self) -> str:
        return self._node.id

    @property
    def title(self) -> str:
        """The file's name."""
        return self._node.name

    @property
    def path(self) -> str:
        """Where it lies in the drive, as `/Apps/…/name.docx`."""
        return self._drive.path(self._node)

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in."""
        return self._drive.nodes[self._node.parent or ""].name

    @property
    def url(self) -> str:
        return web_url(self._drive.world, self._node)

    @property
    def owner(self) -> str:
        return self._node.owner

    @property
    def revision(self) -> str:
        """Another one after every change of its content."""
        return self._node.ctag

    @property
    def content(self) -> bytes:
        return self._node.content or b""

    @property
    def text(self) -> str:
        return word.text_of(self.content)

    @property
    def trashed(self) -> bool:
        return self._node.id not in self._drive.nodes

    @property
    def shared_with(self) -> dict[str, str]:
        """Role of everybody it, or a folder it lies in, is shared with, by address."""
        shared: dict[str, str] = {}
        node: Node | None = self._node
        while node is not None:
            for each in node.permissions.values():
                name = (each.get("invitation") or {}).get("email") or f"link:{each['link']['scope']}"
                shared.setdefault(name, each["roles"][0])
            node = self._drive.nodes.get(node.parent or "")
        return shared

    def lines(self) -> list[Line]:
        """Every paragraph, as a reader sees it."""
        return word.lines(self.content)

    def section(self, heading: str) -> list[str]:
        """The texts under a heading, down to the next of the same or a higher level."""
        found: list[str] = []
        inside = 0
        for line in self.lines():
            level = _level(line.style)
            if inside and 0 < level <= inside:
                return found
            if inside:
                found.append(line.text)
            elif _is_heading(line, heading):
                inside = level
        if not inside:
            raise KeyError(heading)
        return found

    def append(self, text: str, under: str | None = None) -> None:
        """Press Enter at the end of a section (or of the file) and type."""
        lines = self.lines()
        first = next(n for n, line in enumerate(lines) if not under or _is_heading(line, under))
        end = first + 1 + len(self.section(under)) if under else len(lines)
        last = max(n for n in range(first, end) if lines[n].text or n == first)
        self._save(word.edited(self.content, last, word.following(text)))

    def fill(self, number: int, text: str) -> None:
        """Type into a paragraph that is empty, or an empty box; by its number among the lines."""
        self._save(word.edited(self.content, number, word.ending(text)))

    def replace(self, old: str, new: str) -> None:
        """Select some text (of one run) and type over it."""
        self._save(word.edited(self.content, old, word.replacing(old, new)))

    def tick(self, place: str, how: Literal["box", "strikethrough", "x", "check", "done"] = "box") -> None:
        """Mark the paragraph that has this text as done."""
        edits = {
            "box": word.boxed,
            "strikethrough": word.struck,
            "x": word.opening("[x] "),
            "check": word.opening("✔ "),
            "done": word.replacing(place, f"{place} done"),
        }
        self._save(word.edited(self.content, place, edits[how]))

    def write(self, content: bytes) -> None:
        """Put another content in its place."""
        self._save(content)

    def rename(self, name: str) -> None:
        with self._drive.world.lock:
            self._node.name = name
            self._drive.touch(self._node)

    def delete(self) -> None:
        """Put it into the recycle bin: 404 from now on."""
        with self._drive.world.lock:
            self._node.locked = False
            self._drive.delete(self._node)

    trash = delete

    def open_in_word(self) -> None:
        """Locked from now on: 423 to whoever wants to change it."""
        self._node.locked = True

    def close_word(self) -> None:
        self._node.locked = False

    @contextmanager
    def opened_in_word(self) -> Iterator[None]:
        """Locked for a while."""
        self.open_in_word()
        try:
            yield
        finally:
            self.close_word()

    def share(self, address: str, role: Literal["read", "write"] = "read") -> None:
        """Share it by hand, which mails."""
        with self._drive.world.lock:
            self._drive.share(self._node, address.lower(), role, self.owner, "person", mails=True)

    def _save(self, content: bytes) -> None:
        with self._drive.world.lock:
            self._node.content = content
            self._node.content_version += 1
            self._drive.touch(self._node)


def _is_heading(line: Line, text: str) -> bool:
    return _level(line.style) > 0 and text.lower() in line.text.lower()


def _level(style: str) -> int:
    if style == "Title":
        return 1
    return int(style[-1]) if style.startswith("Heading") and style[-1].isdigit() else 0
