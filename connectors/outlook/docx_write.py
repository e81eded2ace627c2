"""A prep page as a Word file: what stands in it, and the mark that it is known by. Pure.

With docx_look, the one door to python-docx. A file is written once and never again, so that nothing in it may turn
wrong later: what can change (when the 1:1 is) stands in the file's name, and the file only tells what it was
opened for.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, cast

from connectors.frozen import dataclass
from connectors.outlook.docx_look import BULLET, PROMPT, PROMPT_BULLET, blank, qualified
from connectors.outlook.docx_parts import page_mark
from connectors.outlook.docx_styles import ITEM_STYLE
from connectors.values import Block, BlockKind, PageDraft, Span
from connectors.wording import is_link, one_line

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph

_BOX_FONT = "Segoe UI Symbol"
_OPEN_BOX, _TICKED_BOX = "☐", "☑"


@dataclass(frozen=True, slots=True)
class LastTime:
    """The page before: what its link says, and where it goes."""

    heading: str
    url: str


def write(draft: PageDraft, title: str, last: LastTime | None) -> bytes:
    """The page as a Word file of some 20 kB. `title` is on top of it; it must be true for good."""
    document = blank()
    title = one_line(title).strip() or "1:1"
    _describe(document, title, page_mark(draft.key))
    document.add_paragraph(title, style="Title")
    opened_for = f"Opened for {one_line(draft.heading).strip() or 'a 1:1'}."
    document.add_paragraph(
        f"{opened_for} If it moves, this file's name tells the new time.", style="Subtitle"
    )
    if last is not None:
        line = document.add_paragraph("Last time: ", style="Subtitle")
        _add_span(line, Span(one_line(last.heading).strip() or "the page before", url=last.url))
    for number, block in enumerate(draft.blocks, start=1):
        _add_block(document, block, number)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


# --- blocks ---------------------------------------------------------------------------------------------


def _add_block(document: Document, block: Block, number: int) -> None:
    paragraph = document.add_paragraph(style=_style_of(block))
    if block.kind is BlockKind.CHECKBOX:
        paragraph._p.append(_checkbox(number))  # noqa: SLF001  there is no other way to a content control
        paragraph.add_run("\t")
    for span in block.spans:
        _add_span(paragraph, span)


def _style_of(block: Block) -> str:
    match block.kind:
        case BlockKind.HEADING:
            # the page's own heading is the title, so that the headings beneath begin at Word's first level
            return f"Heading {min(max(block.level - 1, 1), 5)}"
        case BlockKind.CHECKBOX:
            return ITEM_STYLE
        case BlockKind.BULLET:
            # an empty one is a place to write
            return PROMPT_BULLET if any(one_line(s.text).strip() for s in block.spans) else BULLET
        case BlockKind.PARAGRAPH:
            return PROMPT


def _add_span(paragraph: Paragraph, span: Span) -> None:
    text = one_line(span.text)
    if not text:
        return
    run = paragraph.add_run(text)
    # no word of "not bold" where a style may say that it is
    run.bold, run.italic = span.bold or None, span.italic or None
    if span.url and is_link(span.url):
        run.style = "Hyperlink"
        link = _element("w:hyperlink")
        relation = paragraph.part.relate_to(one_line(span.url), _relation("HYPERLINK"), is_external=True)
        link.set(qualified("r:id"), relation)
        paragraph._p.append(link)  # noqa: SLF001  python-docx reads links, and makes none
        link.append(run._r)  # noqa: SLF001


def _checkbox(number: int) -> BaseOxmlElement:
    """A content control that toggles when it is clicked, as Word makes it (MS-DOCX, checkbox)."""
    control = _element("w:sdt")
    properties = _child(control, "w:sdtPr")
    _child(properties, "w:id", {"w:val": str(number)})
    box = _child(properties, "w14:checkbox")
    _child(box, "w14:checked", {"w14:val": "0"})
    for name, glyph in (("w14:checkedState", _TICKED_BOX), ("w14:uncheckedState", _OPEN_BOX)):
        _child(box, name, {"w14:val": f"{ord(glyph):04X}", "w14:font": _BOX_FONT})
    run = _child(_child(control, "w:sdtContent"), "w:r")
    fonts = dict.fromkeys(("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"), _BOX_FONT)
    _child(_child(run, "w:rPr"), "w:rFonts", fonts)
    _child(run, "w:t").text = _OPEN_BOX
    return control


def _describe(document: Document, title: str, mark: str) -> None:
    properties = document.core_properties
    properties.title, properties.keywords = title[:255], mark
    properties.author, properties.comments = "prepd", ""
    # those of the library's template; OneDrive tells the real ones
    for child in list(properties._element):  # noqa: SLF001  a date can be set, but not taken away
        if child.tag.endswith(("}created", "}modified")):
            properties._element.remove(child)  # noqa: SLF001


# --- XML ------------------------------------------------------------------------------------------------


def _element(name: str) -> BaseOxmlElement:
    from docx.oxml.parser import OxmlElement

    return OxmlElement(name)


def _child(parent: BaseOxmlElement, name: str, attributes: dict[str, str] | None = None) -> BaseOxmlElement:
    child = cast("BaseOxmlElement", parent.makeelement(qualified(name), {}, None))
    for key, value in (attributes or {}).items():
        child.set(qualified(key), value)
    parent.append(child)
    return child


def _relation(kind: str) -> str:
    from docx.opc.constants import RELATIONSHIP_TYPE

    return str(getattr(RELATIONSHIP_TYPE, kind))
