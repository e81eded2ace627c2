"""Where a page stands in a Google Doc, how far it reaches, and what is written on it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.action_items import Line, Stretch, digest, open_items
from connectors.frozen import dataclass
from connectors.google.docs_model import OBJECT, Document, Mark, Paragraph, Tab, page_mark, wording_prefix
from connectors.values import PageContent


@dataclass(frozen=True, slots=True)
class Found:
    """A page that exists: the tab that it is in, and its heading's paragraph."""

    tab: Tab
    heading: Paragraph

    def marks(self, key: str) -> tuple[Mark, ...]:
        """Every range of prepd's that names this page."""
        name, prefix = page_mark(key), wording_prefix(key)
        return tuple(m for m in self.tab.marks if m.name == name or m.name.startswith(prefix))


def find_page(document: Document, key: str, heading_id: str = "") -> Found | None:
    """The page with this key, by its range, wherever the user moved tabs and text; else by its heading's id.

    The heading id helps where the user retyped a heading from scratch, which takes the range with it.
    """
    name = page_mark(key)
    for tab in document.tabs:
        for mark in tab.marks:
            # a range whose text was deleted may linger, empty
            if mark.name == name and mark.start < mark.end and (heading := _heading(tab, mark)):
                return Found(tab, heading)
    for tab in document.tabs if heading_id else ():
        for paragraph in tab.paragraphs:
            if paragraph.heading_id == heading_id:
                return Found(tab, paragraph)
    return None


def home(document: Document) -> Tab:
    """The tab for new pages: the one that has pages, wherever the user moved it, or else the first."""
    with_pages = (tab for tab in document.tabs if any(m.name.startswith("prepd:") for m in tab.marks))
    return next(with_pages, document.tabs[0])


def read(page: Found) -> PageContent:
    """The page's text, its heading excepted."""
    lines = [_line(paragraph) for paragraph in section(page)]
    return PageContent(open_items(lines), digest(lines))


def section(page: Found) -> Iterator[Paragraph]:
    """What follows the page's heading, up to the next page: a heading of level 1, or another page's range."""
    starts = [m.start for m in page.tab.marks if m.name.startswith("prepd:") and m.start < m.end]
    for paragraph in page.tab.paragraphs:
        if paragraph.start <= page.heading.start:
            continue
        if any(paragraph.start <= start < paragraph.end for start in starts):
            return
        if paragraph.level == 1 and not paragraph.in_table and paragraph.text.strip():
            return
        yield paragraph


def _heading(tab: Tab, mark: Mark) -> Paragraph | None:
    touched = [p for p in tab.paragraphs if p.start < mark.end and mark.start < p.end]
    # text typed in front of a heading may have grown the range
    return next((p for p in touched if p.level == 1), touched[0] if touched else None)


def _line(paragraph: Paragraph) -> Line:
    return Line(
        tuple(Stretch(r.shown.rstrip("\n").replace(OBJECT, ""), r.struck) for r in paragraph.runs),
        level=paragraph.level,
        listed=paragraph.listed,
        nesting=paragraph.nesting,
    )
