"""A Word file as a person has it open: its paragraphs as text, and typing into them. Only what that needs of OOXML."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

_MAIN = "word/document.xml"
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?/>|<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)(.*?)(</w:t>)", re.DOTALL)
_RUN = re.compile(r"<w:r[ >].*?</w:r>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as read: `style` is Word's id of it (Heading1, ListParagraph), `struck` all through."""

    text: str
    style: str
    struck: bool


def text_of(content: bytes) -> str:
    """All its text, a line for each paragraph; of what is no Word file, the bytes as text."""
    try:
        return "\n".join(line.text for line in lines(content))
    except (zipfile.BadZipFile, KeyError):
        return content.decode("utf-8", "replace")


def lines(content: bytes) -> list[Line]:
    """Its paragraphs. Raises BadZipFile or KeyError for what is no Word file."""
    return [_line(match[0]) for match in _PARAGRAPH.finditer(_read(content))]


def edited(content: bytes, place: str | int, edit: Callable[[str], str]) -> bytes:
    """The file with a paragraph changed: the first that has a text, or that of a number. Raises KeyError for none."""
    xml = _read(content)
    for number, match in enumerate(_PARAGRAPH.finditer(xml)):
        if (number == place) if isinstance(place, int) else (place in _line(match[0]).text):
            return _written(content, xml[: match.start()] + edit(match[0]) + xml[match.end() :])
    raise KeyError(place)


def struck(paragraph: str) -> str:
    """A paragraph struck through."""

    def strike(match: re.Match[str]) -> str:
        run = match[0]
        if "<w:rPr>" in run:
            return run.replace("<w:rPr>", "<w:rPr><w:strike/>", 1)
        return re.sub(r"(<w:r(?: [^>]*)?>)", r"\1<w:rPr><w:strike/></w:rPr>", run, count=1)

    return _RUN.sub(strike, paragraph)


def boxed(paragraph: str) -> str:
    """A paragraph whose empty box is ticked, as a glyph or as a content control."""
    ticked = re.sub(r'(<w14:checked w14:val=")0(")', r"\g<1>1\2", paragraph)
    return ticked.replace("☐", "☒", 1)


def opening(text: str) -> Callable[[str], str]:
    """Type at the beginning of a paragraph."""
    return lambda paragraph: _TEXT.sub(
        lambda m: _typed(html.escape(text, quote=False) + m[2]), paragraph, count=1
    )


def ending(text: str) -> Callable[[str], str]:
    """Type at the end of a paragraph."""
    run = f"<w:r>{_typed(html.escape(text, quote=False))}</w:r>"

    def edit(paragraph: str) -> str:
        if paragraph.endswith("/>"):
            return f"{paragraph[:-2]}>{run}</w:p>"
        return f"{paragraph.removesuffix('</w:p>')}{run}</w:p>"

    return edit


def replacing(old: str, new: str) -> Callable[[str], str]:
    """Type over some text of one run."""
    return lambda paragraph: _TEXT.sub(
        lambda m: _typed(html.escape(html.unescape(m[2]).replace(old, new), quote=False)), paragraph
    )


def following(text: str) -> Callable[[str], str]:
    """Press Enter at the end of a paragraph, and type; lists go on, headings don't."""

    def edit(paragraph: str) -> str:
        found = re.search(r"<w:pPr>.*?</w:pPr>", paragraph, re.DOTALL)
        style = found[0] if found and "Heading" not in found[0] else ""
        box = "☐ " if _line(paragraph).text.startswith(("☐", "☒")) else ""
        return f"{paragraph}<w:p>{style}<w:r>{_typed(html.escape(box + text, quote=False))}</w:r></w:p>"

    return edit


def _line(paragraph: str) -> Line:
    style = re.search(r'<w:pStyle w:val="([^"]*)"', paragraph)
    runs = [match[0] for match in _RUN.finditer(paragraph) if "<w:t" in match[0]]
    text = "".join(html.unescape(match[2]) for match in _TEXT.finditer(paragraph))
    crossed = bool(runs) and all(re.search(r"<w:strike(?:/| w:val=\"(?:1|true)\")", run) for run in runs)
    return Line(text, style[1] if style else "Normal", crossed)


def _typed(escaped: str) -> str:
    return f'<w:t xml:space="preserve">{escaped}</w:t>'


def _read(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(_MAIN).decode()


def _written(content: bytes, xml: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, xml.encode() if name == _MAIN else old.read(name))
    return out.getvalue()
