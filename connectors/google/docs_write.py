"""What to ask of documents.batchUpdate to put a page in front of the others, and to change a heading. Pure.

The requests of one batch are carried out in order, all or none, and each sees the indices that the ones
before it left. Nothing here touches an index that holds the user's text, except by pushing it down. What each request
does is said in https://developers.google.com/workspace/docs/api/reference/rest/v1/documents/request, by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from connectors.errors import BadAnswer
from connectors.frozen import dataclass
from connectors.google.docs_model import (
    Json,
    Mark,
    Paragraph,
    Tab,
    find_wording,
    length,
    page_mark,
    wording_mark,
    wording_prefix,
)
from connectors.google.docs_read import Found
from connectors.values import Block, BlockKind, PageDraft, Span
from connectors.wording import is_link, one_line

_PRESETS = {
    BlockKind.BULLET: "BULLET_DISC_CIRCLE_SQUARE",
    BlockKind.CHECKBOX: "BULLET_CHECKBOX",
}

# All that can be written of a paragraph's style. headingId and tabStops are read-only. The direction stays
# as it is around: who writes from right to left does so on the next page too.
_PARAGRAPH_FIELDS = (
    "namedStyleType,alignment,lineSpacing,spacingMode,spaceAbove,spaceBelow,"
    "borderBetween,borderTop,borderBottom,borderLeft,borderRight,shading,"
    "indentFirstLine,indentStart,indentEnd,"
    "keepLinesTogether,keepWithNext,avoidWidowAndOrphan,pageBreakBefore"
)

# Google strips the private use area on insertion (InsertTextRequest), which would shift every index after it
_STRIPPED = re.compile("[\ue000-\uf8ff\ufffc]")


def clean(text: str) -> str:
    """Text as it will stand in the document, on one line: other people's titles may hold anything."""
    return _STRIPPED.sub("", one_line(text))


def clean_heading(heading: str) -> str:
    """As above, and never empty: a range over no text can't be named."""
    return clean(heading).strip() or "Untitled"


# --- a new page -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block of the new page with the indices that its text takes, line end excluded."""

    block: Block
    start: int
    end: int


def prepend(draft: PageDraft, tab: Tab) -> list[Json]:
    """The requests that put a page in front of all text of a tab.

    :raises BadAnswer: the tab has no paragraph to write in.
    """
    first = _first(tab)
    heading = Block(BlockKind.HEADING, (Span(clean_heading(draft.heading)),), level=1)
    blocks = [heading, *map(_cleaned, draft.blocks)]
    if _has_text(first) or first.listed or first.style != "NORMAL_TEXT":
        blocks.append(Block(BlockKind.PARAGRAPH, ()))  # a blank line between pages, to go on typing in
    placed = list(_place(blocks, first.start))
    end = placed[-1].end + 1
    moved = [mark for mark in tab.marks if mark.start == first.start]
    at = _At(tab.id)
    return [
        # Whether a range grows when text is inserted right at its start is not documented: the page that was
        # first so far gets its ranges anew.
        *(_unmark(mark) for mark in moved),
        {"insertText": {"location": at.index(first.start), "text": _text(blocks)}},
        # a text style may be extended to the line end behind its range: that must not be the user's
        *_reset(at, first.start, end, end if _has_text(first) else end - 1),
        *(request for each in placed for request in _style(at, each)),
        *_lists(at, placed),
        *_mark_heading(at, draft.key, placed[0].start, _said(heading)),
        *(at.mark(mark.name, mark.start + end - first.start, mark.end + end - first.start) for mark in moved),
    ]


def _first(tab: Tab) -> Paragraph:
    # index 1, unless the body begins with a table: text can't be inserted before one (InsertTextRequest)
    for paragraph in tab.paragraphs:
        if not paragraph.in_table:
            return paragraph
    raise BadAnswer("Google Docs answered with a document without any paragraph.")


def _has_text(paragraph: Paragraph) -> bool:
    return paragraph.end - paragraph.start > 1


def _cleaned(block: Block) -> Block:
    spans = tuple(Span(clean(s.text), s.bold, s.italic, s.url) for s in block.spans)
    return Block(block.kind, tuple(s for s in spans if s.text), block.level)


def _said(block: Block) -> str:
    return "".join(span.text for span in block.spans)


def _text(blocks: list[Block]) -> str:
    return "".join(_said(block) + "\n" for block in blocks)


def _place(blocks: list[Block], index: int) -> Iterator[_Placed]:
    for block in blocks:
        end = index + length(_said(block))
        yield _Placed(block, index, end)
        index = end + 1


def _reset(at: _At, start: int, end: int, text_end: int) -> Iterator[Json]:
    """New paragraphs take style and bullets of the one that they push down (InsertTextRequest).

    Bullets go first: taking them away leaves an indent behind (DeleteParagraphBulletsRequest).
    """
    yield {"deleteParagraphBullets": {"range": at.range(start, end)}}
    yield at.paragraph_style("NORMAL_TEXT", start, end, _PARAGRAPH_FIELDS)
    yield {"updateTextStyle": {"range": at.range(start, text_end), "textStyle": {}, "fields": "*"}}


def _style(at: _At, placed: _Placed) -> Iterator[Json]:
    block, index = placed.block, placed.start
    if block.kind is BlockKind.HEADING:
        level = min(max(block.level, 1), 6)
        yield at.paragraph_style(f"HEADING_{level}", placed.start, placed.end + 1, "namedStyleType")
    for span in block.spans:
        end = index + length(span.text)
        style: Json = {name: True for name in ("bold", "italic") if getattr(span, name)}
        if span.url and is_link(span.url):
            style["link"] = {"url": span.url}
        if style:
            fields = ",".join(style)
            yield {"updateTextStyle": {"range": at.range(index, end), "textStyle": style, "fields": fields}}
        index = end


def _lists(at: _At, placed: list[_Placed]) -> Iterator[Json]:
    """One list for each stretch of bullets or boxes.

    A list is joined to a matching one right before it, which can only be our own: a heading comes first.
    Leading tabs would be taken for nesting and removed, but `clean` leaves none, so that no index shifts.
    """
    for kind, group in groupby(placed, key=lambda each: each.block.kind):
        if kind in _PRESETS:
            items = list(group)
            whole = at.range(items[0].start, items[-1].end + 1)
            yield {"createParagraphBullets": {"range": whole, "bulletPreset": _PRESETS[kind]}}


# --- another heading ------------------------------------------------------------------------------------


def retitle(page: Found, key: str, heading: str) -> list[Json]:
    """The requests that put other words in place of the ones that prepd wrote in a page's heading.

    None where they stand there already, or where somebody changed them: words added around them stay.
    """
    heading = clean_heading(heading)
    marks = page.marks(key)
    words = [find_wording(page.heading, mark) for mark in marks if mark.name.startswith(wording_prefix(key))]
    found = next((extent for extent in words if extent), None)
    if found is None or wording_mark(key, heading) in {mark.name for mark in marks}:
        return []
    start, end = found
    at = _At(page.tab.id)
    return [
        # First, since a range may go with the text that it names; then there would be none to delete.
        *(_unmark(mark) for mark in marks),
        # At their end the new words take the style of the old ones, and the paragraph is never without text.
        {"insertText": {"location": at.index(end), "text": heading}},
        {"deleteContentRange": {"range": at.range(start, end)}},
        *_mark_heading(at, key, start, heading),
    ]


def _mark_heading(at: _At, key: str, start: int, heading: str) -> Iterator[Json]:
    for name in (page_mark(key), wording_mark(key, heading)):
        yield at.mark(name, start, start + length(heading))


def _unmark(mark: Mark) -> Json:
    return {"deleteNamedRange": {"namedRangeId": mark.id}}


@dataclass(frozen=True, slots=True)
class _At:
    """Spells places in one tab."""

    tab_id: str | None

    def index(self, index: int) -> Json:
        return {"index": index} | self._tab()

    def range(self, start: int, end: int) -> Json:
        return {"startIndex": start, "endIndex": end} | self._tab()

    def mark(self, name: str, start: int, end: int) -> Json:
        return {"createNamedRange": {"name": name, "range": self.range(start, end)}}

    def paragraph_style(self, style: str, start: int, end: int, fields: str) -> Json:
        named = {"namedStyleType": style}
        where = self.range(start, end)
        return {"updateParagraphStyle": {"range": where, "paragraphStyle": named, "fields": fields}}

    def _tab(self) -> Json:
        return {"tabId": self.tab_id} if self.tab_id else {}
