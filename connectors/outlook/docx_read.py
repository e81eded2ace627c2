"""What stands in a Word file, line by line, whatever program saved it last. Pure.

Reads the parts it needs straight from the archive, without python-docx, which would unpack everything and pass
over content controls, tables and tracked insertions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.action_items import Line, Stretch
from connectors.outlook.docx_parts import Archive, attribute, child, is_on, name_of, number, said, unreadable
from connectors.outlook.docx_styles import Styles, is_listed, is_struck, level_of, read_styles

if TYPE_CHECKING:
    from connectors.outlook.docx_parts import Element


def marks(content: bytes) -> tuple[str, ...]:
    """The keywords among a file's properties. :raises BadAnswer: it is no Word file, or not a sane one."""
    archive = Archive(content)
    found = archive.parse(archive.related("", "core-properties"))
    words = (e.text or "" for e in found.iter() if name_of(e) == "keywords") if found is not None else ()
    return tuple(part for text in words for part in text.replace(",", " ").replace(";", " ").split())


def lines(content: bytes) -> list[Line]:
    """The paragraphs of a file, those in tables and text boxes too. :raises BadAnswer: as above."""
    archive = Archive(content)
    main = archive.related("", "officeDocument")
    root = archive.parse(main)
    body = child(root, "body") if root is not None else None
    if main is None or body is None:
        raise unreadable()
    styles = read_styles(archive.parse(archive.related(main, "styles")))
    try:
        return [*_lines(body, styles)]
    except RecursionError as error:  # tables in tables in tables
        raise unreadable() from error


_CONTAINERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "tbl", "tc", "body", "Choice"}
_INLINE = {"hyperlink", "ins", "moveTo", "smartTag", "fldSimple", "sdtContent", "customXml", "dir", "bdo"}
_TICKED_BOXES = "☒☑✔✓✅"
_BOXES = f"☐□{_TICKED_BOXES}"

# https://www.unicode.org/L2/L2011/11052r-wingding.pdf: what people insert as a symbol
_SYMBOLS = {
    "wingdings": {0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xFE: "☑", 0xFD: "☒", 0xFC: "✔"},
    "wingdings 2": {0xA3: "☐", 0x2A: "☐", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x50: "✔"},
}


@dataclass(slots=True)
class _Read:
    """What one paragraph holds, while it is being read. `boxes` tell of each box whether it is ticked."""

    styles: Styles
    struck: bool
    stretches: list[Stretch] = field(default_factory=list)
    boxes: list[bool] = field(default_factory=list)


def _lines(container: Element, styles: Styles) -> Iterator[Line]:
    for element in container:
        name = name_of(element)
        if name == "p":
            if not styles.is_contents(said(child(element, "pPr"), "pStyle")):
                yield _line(element, styles)
            for box in _text_boxes(element):
                yield from _lines(box, styles)
        elif name == "tr":
            yield from _row(element, styles)
        elif name in _CONTAINERS:
            inside = list(_lines(element, styles))
            yield from _controlled(element, inside)


def _row(row: Element, styles: Styles) -> Iterator[Line]:
    """The cells of a row. A box alone in its cell is that of the text in the next."""
    waiting: Line | None = None
    for line in _lines_of_cells(row, styles):
        text = line.text.strip()
        if waiting is not None and text:
            yield Line(line.stretches, line.level, listed=True, nesting=line.nesting, ticked=waiting.ticked)
            waiting = None
        elif line.listed and not text and waiting is None:
            waiting = line
        else:
            yield line
    if waiting is not None:
        yield waiting


def _lines_of_cells(row: Element, styles: Styles) -> Iterator[Line]:
    for cell in row:
        if name_of(cell) in _CONTAINERS:
            yield from _controlled(cell, list(_lines(cell, styles)))


def _controlled(element: Element, inside: list[Line]) -> list[Line]:
    """The lines in an element, which may be a box around a whole paragraph or cell."""
    ticked = _control_ticked(element) if name_of(element) == "sdt" else None
    if ticked is None or not inside:
        return inside
    return [_without_sign(inside[0], ticked=ticked), *inside[1:]]


def _text_boxes(paragraph: Element) -> Iterator[Element]:
    """The text boxes that hang on a paragraph, without those in them, and without copies for older programs."""
    waiting = [*reversed(paragraph)]
    while waiting:
        element = waiting.pop()
        if name_of(element) == "txbxContent":
            yield element
        elif name_of(element) != "Fallback":
            waiting.extend(reversed(element))


def _line(paragraph: Element, styles: Styles) -> Line:
    properties = child(paragraph, "pPr")
    style_id = said(properties, "pStyle")
    read = _Read(styles, styles.struck(style_id))
    _take(paragraph, read)
    direct, level = is_listed(properties), level_of(properties)
    nesting = number(said(child(properties, "numPr"), "ilvl"))
    line = Line(
        tuple(read.stretches),
        level=styles.level(style_id) if level is None else level,
        listed=styles.listed(style_id) if direct is None else direct,
        nesting=nesting or 0,
    )
    return _boxed(line, ticked=all(read.boxes)) if read.boxes else _typed_box(line)


def _boxed(line: Line, *, ticked: bool) -> Line:
    """A line with a box, without the space between that and the text."""
    stretches = list(line.stretches)
    while stretches and not (text := stretches[0].text.lstrip()):
        stretches.pop(0)
    if stretches:
        stretches[0] = Stretch(text, stretches[0].struck)
    return Line(tuple(stretches), 0, listed=True, nesting=line.nesting, ticked=ticked)


def _without_sign(line: Line, *, ticked: bool) -> Line:
    """A line that begins with the sign of its box, without it. A sign that says ticked is believed."""
    line = _boxed(line, ticked=ticked)
    sign = line.text[:1]
    if not sign or sign not in _BOXES:
        return line
    first = Stretch(line.stretches[0].text[1:], line.stretches[0].struck)
    rest = Line((first, *line.stretches[1:]), nesting=line.nesting)
    return _boxed(rest, ticked=ticked or sign in _TICKED_BOXES)


def _typed_box(line: Line) -> Line:
    # in Word a cross in a box says done; elsewhere it may say the contrary
    crossed = not line.level and line.text.lstrip().startswith("☒")
    return _without_sign(line, ticked=True) if crossed else line


def _take(parent: Element, read: _Read) -> None:
    """Everything in a paragraph that a reader sees: no deletions, no field codes, no text boxes (see _lines)."""
    for element in parent:
        name = name_of(element)
        if name == "r":
            _take_run(element, read)
        elif name == "sdt":
            ticked = _control_ticked(element)
            content = child(element, "sdtContent")
            if content is not None:
                _take(content, read) if ticked is None else _take_box(content, read, ticked=ticked)
        elif name == "AlternateContent" and len(element):
            _take(element[0], read)
        elif name in _INLINE:
            _take(element, read)


def _take_box(content: Element, read: _Read, *, ticked: bool) -> None:
    """A box in a line: its sign is no text, but what people type in front of it is."""
    inside = _Read(read.styles, read.struck)
    _take(content, inside)
    text = "".join(stretch.text for stretch in inside.stretches)
    # other programs change the sign, and not what Word keeps beside it
    read.boxes.append(ticked or any(sign in text for sign in _TICKED_BOXES))
    kept = ((stretch.text.strip(_BOXES), stretch.struck) for stretch in inside.stretches)
    read.stretches.extend(Stretch(text, struck) for text, struck in kept if text)


def _take_run(run: Element, read: _Read) -> None:
    properties = child(run, "rPr")
    if (hidden := child(properties, "vanish")) is not None and is_on(hidden):
        return
    struck = is_struck(properties)
    if struck is None:
        struck = read.struck or read.styles.struck(said(properties, "rStyle"))
    text = "".join(_shown(element, read) for element in run)
    if text:
        read.stretches.append(Stretch(text, struck))


def _shown(element: Element, read: _Read) -> str:
    match name_of(element):
        case "t":
            return element.text or ""
        case "tab" | "ptab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "sym":
            return _symbol(element)
        case "fldChar":
            if (ticked := _field_ticked(element)) is not None:
                read.boxes.append(ticked)
    return ""


# --- boxes ---


def _control_ticked(control: Element) -> bool | None:
    """Whether a content control is a ticked box; None where it is no box."""
    box = child(child(control, "sdtPr"), "checkbox")
    if box is None:
        return None
    checked = child(box, "checked")
    return checked is not None and is_on(checked)


def _field_ticked(element: Element) -> bool | None:
    """The same for a box of an old form."""
    box = child(child(element, "ffData"), "checkBox")
    if box is None:
        return None
    state = child(box, "checked")
    state = child(box, "default") if state is None else state
    return state is not None and is_on(state)


def _symbol(element: Element) -> str:
    code, font = attribute(element, "char"), attribute(element, "font").casefold()
    try:
        return _SYMBOLS.get(font, {}).get(int(code, 16) & 0xFF, "")
    except ValueError:
        return ""
