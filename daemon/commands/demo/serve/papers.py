"""Prep docs in one form, whether a Google Doc or a Word file; and where one is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias
from urllib.parse import quote

from connectors.frozen import dataclass
from daemon.commands.demo.serve.cast import CLIENT, WORK
from daemon.commands.demo.stage import Stage
from sandbox.google.paper import Line as GoogleLine
from sandbox.google.paper import Paper as GoogleDoc
from sandbox.microsoft.paper import Paper as WordFile
from sandbox.microsoft.word import Line as WordLine

Paper: TypeAlias = GoogleDoc | WordFile
Kind = Literal["page", "heading", "note", "text", "bullet", "check"]

_TICKED = ("☒", "☑", "✔", "✅")


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading; '' before the first."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a doc: what prepd opens for one 1:1."""

    title: str
    sections: tuple[Section, ...]


class Shelf:
    """All prep docs that there are."""

    def __init__(self, stage: Stage) -> None:
        self._google, self._microsoft = stage.google, stage.microsoft

    def papers(self, account: str) -> list[Paper]:
        """The newest first."""
        found: list[Paper] = [*(self._google if account == WORK else self._microsoft).documents()]
        return [paper for paper in reversed(found) if not paper.trashed]

    def paper(self, account: str, paper_id: str) -> Paper | None:
        return (
            next((p for p in self.papers(account) if p.id == paper_id), None)
            if account in (WORK, CLIENT)
            else None
        )

    def at(self, url: str) -> tuple[str, Paper] | None:
        """The doc that an address of the emulated world leads to, and in which account it is."""
        found = ((account, paper) for account in (WORK, CLIENT) for paper in self.papers(account))
        return next((each for each in found if each[1].url == url.partition("#")[0]), None)

    def page(self, url: str) -> str | None:
        """The demo's page of that doc."""
        found = self.at(url)
        return address(*found) if found else None


def address(account: str, paper: Paper) -> str:
    return f"/doc/{account}/{quote(paper.id, safe='')}"


def name(paper: Paper) -> str:
    """As the provider shows it, without the tag by which prepd finds it again."""
    return paper.title if isinstance(paper, GoogleDoc) else paper.title.removesuffix(".docx")


def folder(paper: WordFile) -> str:
    return re.sub(r" \([a-z0-9]+\)$", "", paper.folder)


def sheets(paper: Paper) -> list[Sheet]:
    """The newest first. A Word file has one."""
    found: list[tuple[str, list[tuple[str, list[Line]]]]] = [("", [("", [])])]
    for line in _lines(paper):
        if line.kind == "page":
            found.append((line.text, [("", [])]))
        elif line.kind == "heading":
            found[-1][1].append((line.text, []))
        else:
            found[-1][1][-1][1].append(line)
    made = [
        Sheet(title, tuple(Section(head, tuple(inside)) for head, inside in parts if head or inside))
        for title, parts in found
    ]
    return [sheet for sheet in made if sheet.title or sheet.sections]


def type_in(paper: Paper, text: str, heading: str) -> None:
    """Alex types under a heading. Raises KeyError where there is none like it."""
    if isinstance(paper, WordFile) and (gap := _gap(paper, heading)) is not None:
        paper.fill(gap, text)
    else:
        paper.append(text, under=heading)


def _gap(paper: WordFile, heading: str) -> int | None:
    """The number of the first list item under a heading that nobody wrote in."""
    inside = False
    for number, line in enumerate(_lines(paper)):
        if line.kind in ("page", "heading"):
            inside = line.text == heading
        elif inside and line.kind in ("bullet", "check") and not line.text:
            return number
    return None


def _lines(paper: Paper) -> Iterator[Line]:
    if isinstance(paper, GoogleDoc):
        return (_from_google(line) for line in paper.lines())
    return (_from_word(line) for line in paper.lines())


def _from_google(line: GoogleLine) -> Line:
    if line.style in ("HEADING_1", "TITLE"):
        return Line("page", line.text)
    if line.style.startswith("HEADING"):
        return Line("heading", line.text)
    if line.preset is None:
        return Line("text", line.text, line.struck)
    return Line("check" if line.preset == "BULLET_CHECKBOX" else "bullet", line.text, line.struck)


def _from_word(line: WordLine) -> Line:
    text = line.text.strip()
    if line.style == "Title":
        return Line("page", text)
    if line.style == "Subtitle":
        return Line("note", text)
    if line.style.startswith("Heading"):
        return Line("heading", text)
    if text.startswith(("☐", *_TICKED)):
        return Line("check", text[1:].strip(), line.struck or text.startswith(_TICKED))
    return Line("bullet" if "Bullet" in line.style or "List" in line.style else "text", text, line.struck)
