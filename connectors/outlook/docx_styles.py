"""What the styles of a Word file say of the lines that have them, as far as reading needs it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from connectors.frozen import dataclass
from connectors.outlook.docx_parts import attribute, child, is_on, name_of, number, said

if TYPE_CHECKING:
    from connectors.outlook.docx_parts import Element

ITEM_STYLE = "Action Item"
"""The style of a line with a box. The line typed after it gets the style and no box: it is an item all the same."""

_STRIKES = {"strike", "dstrike"}
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class _Style:
    """What one style says of a line. `level` and `listed` are None where it says nothing."""

    name: str = ""
    based_on: str = ""
    level: int | None = None
    listed: bool | None = None
    struck: bool | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles of a file, by their ids."""

    by_id: dict[str, _Style] = field(default_factory=dict)

    def chain(self, style_id: str) -> Iterator[_Style]:
        """A style, and those that it is based on."""
        for _ in range(_LONGEST_CHAIN):  # they may go in a circle
            if (style := self.by_id.get(style_id)) is None:
                return
            yield style
            style_id = style.based_on

    def level(self, style_id: str) -> int:
        return next((s.level for s in self.chain(style_id) if s.level is not None), 0)

    def listed(self, style_id: str) -> bool:
        return next((s.listed for s in self.chain(style_id) if s.listed is not None), False)

    def struck(self, style_id: str) -> bool:
        return next((s.struck for s in self.chain(style_id) if s.struck is not None), False)

    def is_contents(self, style_id: str) -> bool:
        """A line of a table of contents repeats a heading, and changes by itself."""
        return any(s.name.startswith("toc ") for s in self.chain(style_id))


def read_styles(root: Element | None) -> Styles:
    found = [e for e in root if name_of(e) == "style"] if root is not None else []
    return Styles({attribute(e, "styleId"): _style(e) for e in found})


def _style(element: Element) -> _Style:
    # names are the same in every language of Word, ids are not
    name = said(element, "name").casefold()
    properties = child(element, "pPr")
    return _Style(
        name,
        said(element, "basedOn"),
        level_of(properties, name),
        True if name == ITEM_STYLE.casefold() else is_listed(properties),
        is_struck(child(element, "rPr")),
    )


def level_of(properties: Element | None, style_name: str = "") -> int | None:
    """The level as a heading (1 to 6; 0 for other text) that a paragraph's or a style's properties tell."""
    outline = number(said(properties, "outlineLvl"))
    if outline is not None:
        return min(outline + 1, 6) if outline < 9 else 0  # 9 is that of body text
    if style_name == "title":
        return 1
    numbered = number(style_name.removeprefix("heading ")) if style_name.startswith("heading ") else None
    return min(numbered, 6) if numbered else None


def is_listed(properties: Element | None) -> bool | None:
    """Whether properties tell of a bullet or number; a list with the number 0 takes one away."""
    listed = said(child(properties, "numPr"), "numId")
    return listed != "0" if listed else None


def is_struck(properties: Element | None) -> bool | None:
    """Whether properties of text cross it out."""
    found = [is_on(e) for e in (properties if properties is not None else ()) if name_of(e) in _STRIKES]
    return any(found) if found else None
