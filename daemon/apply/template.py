"""The agenda of a page: the user's Markdown template (or the one that comes with prepd), as blocks.

The one door to markdown-it. No code is ever run: a template has a few named variables, `{person}`, `{date}`,
`{last}` and `{action_items}`, and two kinds of passages, `<!-- private -->` and `<!-- career -->`, that end with
`<!-- /private -->` and `<!-- /career -->`. Variables are put in last, after the Markdown, the boxes and the place for
action items are read, so that a name stays a name whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.frozen import dataclass
from connectors.values import Block, BlockKind, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

_PASSAGE = re.compile(r"<!--\s*(private|career)\s*-->\n?(.*?)<!--\s*/\1\s*-->\n?", re.DOTALL)
_BOX = re.compile(r"^\[([ xX])\]\s*")
_VARIABLE = re.compile(r"\{(person|date|last)\}")
_ITEMS = "{action_items}"
_HEADING_SAYS_ITEMS = re.compile(r"action items?|actions|next steps|to-?dos?", re.IGNORECASE)
_LONGEST = 100_000


class TemplateError(Exception):
    """The template can't be used. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a page is about. `last` says when the last 1:1 was, in words; `carried` are its open action items."""

    person: str
    date: str
    last: str
    carried: tuple[str, ...] = ()
    private: bool = True
    career_check: bool = False


def load_template(path: Path | None) -> str:
    """:raises TemplateError: the user's template can't be read."""
    if path is None:
        return files("daemon.apply").joinpath("templates/agenda.md").read_text(encoding="utf-8")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise TemplateError(f"prep_doc.template: {path} can't be read ({why}).") from error
    if len(text) > _LONGEST:
        raise TemplateError(f"prep_doc.template: {path} is longer than {_LONGEST} characters.")
    return text


def agenda_blocks(template: str, agenda: Agenda) -> tuple[Block, ...]:
    """The blocks of a page. Items carried over stand where the template says, or under a heading of their own."""
    wanted = {"private": agenda.private, "career": agenda.career_check}
    text = _PASSAGE.sub(lambda found: found[2] if wanted[found[1]] else "", template)
    values = {"person": agenda.person, "date": agenda.date, "last": agenda.last}
    items = [Block(BlockKind.CHECKBOX, (Span(item),)) for item in agenda.carried]
    return tuple(_with_items(list(_blocks(text)), values, items or [Block(BlockKind.CHECKBOX, (Span(""),))]))


def private_prompts() -> tuple[str, ...]:
    """What goes into the slot's text instead of a page that the counterpart can see."""
    return (
        "One awkward thing worth saying: what is it, and what is my first sentence?",
        "Career: where am I, where do I want to be, how and by when?",
    )


def _with_items(blocks: list[Block], values: Mapping[str, str], items: list[Block]) -> Iterator[Block]:
    """The blocks of a template, filled in, with the items in their place."""
    placed = False
    for block in blocks:
        if _plain(block) == _ITEMS:
            yield from items
            placed = True
        else:
            yield _filled(block, values)
    if not placed:
        # A template of the user's without a place for them: the promise that nothing is dropped is ours.
        if not any(b.kind is BlockKind.HEADING and _HEADING_SAYS_ITEMS.search(_plain(b)) for b in blocks):
            yield Block(BlockKind.HEADING, (Span("Action items"),), 2)
        yield from items


def _plain(block: Block) -> str:
    return "".join(span.text for span in block.spans).strip()


def _blocks(text: str) -> Iterator[Block]:
    """Of the template as it is written: nothing is filled in."""
    from markdown_it import MarkdownIt  # loaded late: most commands open no page

    kind, level, in_list, empty = BlockKind.PARAGRAPH, 0, 0, False
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        match token.type:
            case "heading_open":
                # A page's own heading is the only one of the first level.
                kind, level = BlockKind.HEADING, max(2, min(6, int(token.tag[1])))
            case "heading_close":
                kind, level = BlockKind.PARAGRAPH, 0
            case "bullet_list_open" | "ordered_list_open":
                in_list += 1
            case "bullet_list_close" | "ordered_list_close":
                in_list -= 1
            case "list_item_open":
                empty = True
            case "list_item_close" if empty:
                yield Block(BlockKind.BULLET, (Span(""),))
            case "inline":
                empty = False
                yield _block(
                    token, BlockKind.BULLET if in_list and kind is BlockKind.PARAGRAPH else kind, level
                )
            case "fence" | "code_block":
                yield Block(BlockKind.PARAGRAPH, (Span(token.content.strip()),))


def _block(token: Token, kind: BlockKind, level: int) -> Block:
    spans = tuple(_spans(token.children or []))
    first = spans[0].text if spans else ""
    if kind is BlockKind.BULLET and (box := _BOX.match(first)):
        return Block(BlockKind.CHECKBOX, (Span(first[box.end() :]), *spans[1:]))
    return Block(kind, spans, level)


def _spans(tokens: Iterable[Token]) -> Iterator[Span]:
    bold = italic = 0
    url: str | None = None
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                url = str(token.attrs.get("href", "")) or None
            case "link_close":
                url = None
            case "softbreak" | "hardbreak":
                yield Span(" ", bool(bold), bool(italic), url)
            case "text" | "code_inline":
                yield Span(token.content, bool(bold), bool(italic), url)


def _filled(block: Block, values: Mapping[str, str]) -> Block:
    spans = (replace(s, text=_VARIABLE.sub(lambda found: values[found[1]], s.text)) for s in block.spans)
    return replace(block, spans=tuple(spans))
