"""How a prep page looks in Word: paper, fonts, styles. Pure; with docx_write, the door to python-docx."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from connectors.frozen import dataclass
from connectors.outlook.docx_styles import ITEM_STYLE

if TYPE_CHECKING:
    from docx.document import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.styles.style import CharacterStyle, ParagraphStyle
    from docx.styles.styles import Styles

PROMPT, PROMPT_BULLET, BULLET = "Prompt", "Prompt Bullet", "List Bullet"
_FONT = "Calibri"

_INK, _QUIET, _ACCENT, _LINK = "1F2937", "5F6B7A", "2B579A", "0563C1"
_PAGE_CM = (21.0, 29.7)
_MARGIN_CM = (2.3, 1.9)
"""At the sides; above and below."""
_INDENT_PT = 20.0

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


@dataclass(frozen=True, slots=True)
class _Look:
    """A paragraph style. Sizes and spaces in points; `then` is the style of the line typed after it."""

    size: float
    color: str
    before: float = 0.0
    after: float = 4.0
    bold: bool = False
    then: str = "Normal"
    based_on: str = "Normal"
    with_next: bool = False


_LOOKS = {
    "Normal": _Look(11, _INK),
    "Title": _Look(24, _INK, after=2, bold=True, then="Subtitle"),
    "Subtitle": _Look(10.5, _QUIET, after=2),
    "Heading 1": _Look(14, _ACCENT, before=13, bold=True, with_next=True),
    "Heading 2": _Look(12, _ACCENT, before=10, bold=True, with_next=True),
    "Heading 3": _Look(11, _ACCENT, before=10, bold=True, with_next=True),
    "Heading 4": _Look(11, _INK, before=8, bold=True, with_next=True),
    "Heading 5": _Look(11, _QUIET, before=8, bold=True, with_next=True),
    BULLET: _Look(11, _INK, then=BULLET),
    # prompts are quiet, and what is typed after them is not
    PROMPT: _Look(11, _QUIET),
    PROMPT_BULLET: _Look(11, _QUIET, then=BULLET, based_on=BULLET),
    ITEM_STYLE: _Look(11, _INK, then=ITEM_STYLE),
}


def blank() -> Document:
    """A file without text, with everything that a page's lines look like."""
    import docx  # loaded late: most cycles make no page
    from docx.shared import Cm

    document = docx.Document()
    (page,) = document.sections
    page.page_width, page.page_height = map(Cm, _PAGE_CM)
    page.left_margin, page.top_margin = map(Cm, _MARGIN_CM)
    page.right_margin, page.bottom_margin = page.left_margin, page.top_margin
    _modernise(document)
    _drop_unused(document)
    for name, look in _LOOKS.items():
        _apply(document.styles, name, look)
    _indent_items(document.styles)
    _add_link_style(document.styles)
    return document


def _modernise(document: Document) -> None:
    # otherwise Word opens the file in compatibility mode, where boxes can't be ticked
    for setting in document.settings.element.iter(qualified("w:compatSetting")):
        if setting.get(qualified("w:name")) == "compatibilityMode":
            setting.set(qualified("w:val"), "15")


def _drop_unused(document: Document) -> None:
    """Takes away what the library's template brings along: nine tenths of the file, and a picture of another page."""
    styles = document.styles.element
    for style in list(styles.iter(qualified("w:style"))):
        if style.get(qualified("w:type")) == "table" and style.get(qualified("w:default")) is None:
            styles.remove(style)
    for part in (document.part, document.part.package):
        for relation in list(part.rels.values()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
                del part.rels[relation.rId]


def _apply(styles: Styles, name: str, look: _Look) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    if name not in [style.name for style in styles]:
        _add(styles, name, WD_STYLE_TYPE.PARAGRAPH)
    style = cast("ParagraphStyle", styles[name])
    if name != "Normal":
        style.base_style = styles[look.based_on]
    style.quick_style, style.hidden = True, False
    if style.element.rPr is not None:
        style.element.remove(style.element.rPr)  # the theme's fonts and colours would win over ours
    style.font.name, style.font.size = _FONT, Pt(look.size)
    style.font.bold, style.font.color.rgb = look.bold, RGBColor.from_string(look.color)
    style.element.rPr.rFonts.set(qualified("w:cs"), _FONT)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(look.before), Pt(look.after)
    spacing.line_spacing, spacing.keep_with_next = 1.1, look.with_next
    style.next_paragraph_style = styles[look.then] if look.then != name else style


def _indent_items(styles: Styles) -> None:
    from docx.shared import Pt

    spacing = cast("ParagraphStyle", styles[ITEM_STYLE]).paragraph_format
    spacing.left_indent, spacing.first_line_indent = Pt(_INDENT_PT), Pt(-_INDENT_PT)
    spacing.tab_stops.add_tab_stop(Pt(_INDENT_PT))
    for name in ("Title", "Subtitle"):
        properties = styles[name].element.pPr
        for child in [c for c in properties if c.tag in {qualified("w:pBdr"), qualified("w:numPr")}]:
            properties.remove(child)


def _add_link_style(styles: Styles) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    _add(styles, "Hyperlink", WD_STYLE_TYPE.CHARACTER)
    style = cast("CharacterStyle", styles["Hyperlink"])
    style.font.color.rgb, style.font.underline = RGBColor.from_string(_LINK), True


def _add(styles: Styles, name: str, kind: WD_STYLE_TYPE) -> None:
    styles.add_style(name, kind, builtin=name == "Hyperlink")  # type: ignore[no-untyped-call]


def qualified(name: str) -> str:
    """A name like "w:p" with its namespace, as XML is searched for it."""
    from docx.oxml.ns import qn

    prefix, _, local = name.partition(":")
    return f"{{{_W14}}}{local}" if prefix == "w14" else str(qn(name))
