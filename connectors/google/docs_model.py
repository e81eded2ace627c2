"""A Google Doc as the Docs API gives it, read into values: tabs, their paragraphs, and prepd's marks.

All positions are indices of the API: UTF-16 code units from the start of a tab's body, ends exclusive
(https://developers.google.com/workspace/docs/api/concepts/structure).
Tables are read cell by cell; a table of contents is left out: it repeats headings, and changes by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from connectors.errors import BadAnswer
from connectors.frozen import dataclass

Json = dict[str, Any]

_LEVELS = {"TITLE": 1} | {f"HEADING_{level}": level for level in range(1, 7)}

_LAST = 10_000_000
"""No index is larger: a doc holds about a million characters."""

_LONGEST_WORDING, _SEARCHED = 2_000, 10_000
"""Of the words of a heading, and of the paragraph in which they are looked for, in indices."""

OBJECT = "\ufffc"
"""Stands for one index that holds no text: an image, a chip, a page break."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph. `shown` is what a reader sees; `typed` is as long as its indices."""

    start: int
    shown: str
    typed: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`level` is that of a heading, 0 for other text. `in_table` is what is not directly in the body."""

    start: int
    end: int
    runs: tuple[Run, ...]
    style: str = "NORMAL_TEXT"
    heading_id: str = ""
    listed: bool = False
    nesting: int = 0
    in_table: bool = False

    @property
    def text(self) -> str:
        return "".join(run.shown for run in self.runs).rstrip("\n")

    @property
    def level(self) -> int:
        return _LEVELS.get(self.style, 0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A named range. Everybody who can open the doc can see its name."""

    id: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tab:
    """`id` is None where the provider did not list tabs."""

    id: str | None
    paragraphs: tuple[Paragraph, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`revision` is None where this user may not edit. At least one tab."""

    revision: str | None
    tabs: tuple[Tab, ...]


def length(text: str) -> int:
    """How many indices a text takes: an emoji takes two or more."""
    return len(_units(text)) // 2


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


# --- marks ----------------------------------------------------------------------------------------------


def page_mark(key: str) -> str:
    """The name of the range over a page's heading. At most 256 units are allowed, so a long key is hashed."""
    return f"prepd:{_short(key)}"


def wording_mark(key: str, heading: str) -> str:
    """The name of a second range there, which remembers the very words that prepd wrote, by length and hash.

    Whether a range grows when somebody types at its edge is documented as "generally": extents alone would
    not tell the user's words from ours.
    """
    return f"{wording_prefix(key)}{length(heading)}:{_hash(_units(heading))}"


def wording_prefix(key: str) -> str:
    return f"prepd-words:{_short(key)}:"


def find_wording(paragraph: Paragraph, mark: Mark) -> tuple[int, int] | None:
    """Where in the paragraph the words that `mark` remembers stand now; None where somebody changed them."""
    *_, units, told = mark.name.split(":")
    # Whoever may edit the doc may name a range so: what no heading of prepd's is as long as is none.
    size = 2 * int(units) if units.isdecimal() and len(units) <= len(str(_LONGEST_WORDING)) else 0
    if size > 2 * _LONGEST_WORDING:
        return None
    typed = _units("".join(run.typed for run in paragraph.runs))[: 2 * _SEARCHED]
    for at in range(0, len(typed) - size + 1 if size else 0, 2):
        if _hash(typed[at : at + size]) == told:
            return paragraph.start + at // 2, paragraph.start + (at + size) // 2
    return None


def _short(key: str) -> str:
    return key if length(key) <= 180 else _hash(key.encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


# --- parsing --------------------------------------------------------------------------------------------


def parse(answer: Json) -> Document:
    """Reads the answer of documents.get, with tabs or without. :raises BadAnswer: it is no document."""
    try:
        tabs = tuple(_tabs(answer["tabs"])) if answer.get("tabs") else (_tab(None, answer),)
        document = Document(_word(answer, "revisionId") or None, tabs)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise BadAnswer("Google Docs answered with a document that cannot be read.") from error
    if not tabs:
        raise BadAnswer("Google Docs answered with a document without any tab.")
    return document


def _tabs(tabs: list[Json]) -> Iterator[Tab]:
    for tab in tabs:
        if "documentTab" in tab:
            yield _tab(_word(tab.get("tabProperties") or {}, "tabId") or None, tab["documentTab"])
        yield from _tabs(tab.get("childTabs") or [])


def _tab(tab_id: str | None, content: Json) -> Tab:
    marks = (_marks(group) for group in (content.get("namedRanges") or {}).values())
    found = sorted((m for group in marks for m in group), key=lambda m: (m.start, m.end, m.id))
    return Tab(tab_id, tuple(_paragraphs(content["body"]["content"], in_table=False)), tuple(found))


def _marks(group: Json) -> Iterator[Mark]:
    for named in group.get("namedRanges") or []:
        # a header or footnote has a segment of its own, and indices of its own
        ranges = [r for r in named.get("ranges") or [] if not r.get("segmentId")]
        extents = [(_index(r, "startIndex"), _index(r, "endIndex")) for r in ranges]
        if extents and (name := _word(named, "name")).startswith("prepd"):
            start, end = min(e[0] for e in extents), max(e[1] for e in extents)
            yield Mark(_word(named, "namedRangeId"), name, start, end)


def _paragraphs(content: list[Json], *, in_table: bool) -> Iterator[Paragraph]:
    for element in content:
        if "paragraph" in element:
            yield _paragraph(element, in_table=in_table)
        for row in (element.get("table") or {}).get("tableRows") or []:
            for cell in row.get("tableCells") or []:
                yield from _paragraphs(cell.get("content") or [], in_table=True)


def _paragraph(element: Json, *, in_table: bool) -> Paragraph:
    paragraph = element["paragraph"]
    style = paragraph.get("paragraphStyle") or {}
    bullet = paragraph.get("bullet")
    start, end = _index(element, "startIndex"), _index(element, "endIndex")
    if end <= start:
        raise ValueError("endIndex")
    return Paragraph(
        start=start,
        end=end,
        runs=tuple(_run(part) for part in paragraph.get("elements") or []),
        style=_word(style, "namedStyleType") or "NORMAL_TEXT",
        heading_id=_word(style, "headingId"),
        listed=bullet is not None,
        nesting=_index(bullet or {}, "nestingLevel"),
        in_table=in_table,
    )


def _run(part: Json) -> Run:
    start = _index(part, "startIndex")
    if (run := part.get("textRun")) is not None:
        text = _word(run, "content")
        return Run(start, text, text, _struck(run))
    kind, value = next(((k, v) for k, v in part.items() if isinstance(v, dict)), ("", {}))
    return Run(start, _chip(kind, value), OBJECT * (_index(part, "endIndex") - start), _struck(value))


def _index(part: Json, name: str) -> int:
    """A number of the answer; the API leaves zeros out."""
    value = part.get(name) or 0
    if not isinstance(value, int) or not 0 <= value <= _LAST:
        raise TypeError(name)
    return value


def _word(part: Json, name: str) -> str:
    value = part.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _struck(part: Json) -> bool:
    return (part.get("textStyle") or {}).get("strikethrough", False) is True


def _chip(kind: str, value: Json) -> str:
    """What a smart chip shows: people write "@Dana to send the plan" as an action item."""
    if kind == "person":
        person = value.get("personProperties") or {}
        return str(person.get("name") or person.get("email") or "")
    if kind == "richLink":
        link = value.get("richLinkProperties") or {}
        return str(link.get("title") or link.get("uri") or "")
    if kind == "dateElement":
        return str((value.get("dateElementProperties") or {}).get("displayText") or "")
    return "" if kind in {"pageBreak", "columnBreak", "footnoteReference"} else OBJECT
