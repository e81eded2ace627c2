"""Which action items on a page are still open, as people write and tick them; for every kind of document.

Decides on text alone: what a heading of action items is called, what an item looks like, and which words and
marks say that it is done. It refuses to know where the lines come from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from connectors.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text; `struck` where it is crossed out."""

    text: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a page. `level` is 1 to 6 for a heading, 0 otherwise.

    `listed` is one with a bullet, box or number; `nesting` counts from 0. `ticked` is for documents that tell
    whether a box is ticked.
    """

    stretches: tuple[Stretch, ...]
    level: int = 0
    listed: bool = False
    nesting: int = 0
    ticked: bool = False

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.stretches)

    @property
    def struck(self) -> bool:
        """Whether all that can be read of it is crossed out."""
        return all(s.struck for s in self.stretches if s.text.strip()) and bool(self.text.strip())


# A title that somebody typed without making it a heading ends where any heading starts.
_TYPED_TITLE = 7

_TITLE = re.compile(
    r"(?:\d+ )?(?:(?:our |my |your |the )?(?:open )?"
    r"(?:action (?:items?|points?)|actions?|next steps?|to ?dos?))"
    r"(?: (?:and )?(?:takeaways?|next steps?|action items?|actions|follow ups?|decisions|owners))*",
)

# "- ", "* ", "• ", "[ ]", "☐", with or without a bullet of the document's own before them
_TYPED_BULLET = re.compile(r"[-*+•◦▪‣–—]\s+|(?=\[[ xX]?\])")
_OPEN_BOX = re.compile(r"(?:\[\s?\]|[☐□⬜🔲]\ufe0f?)\s*")
_DONE_BOX = re.compile(r"(?:\[[xX]\]|[✔✓✅☑]\ufe0f?)\s*")
_DONE_AT_END = re.compile(r"\s*(?:\[[xX]\]|[✔✓✅☑]\ufe0f?)[\s.!]*$")

# "done" counts where it stands as a mark, not as a word: "get it done by Friday" is open
_SAYS_DONE_FIRST = re.compile(r"(?:done\s*(?::|[–—]|-(?=\s))|[(\[]done[)\]])", re.IGNORECASE)
_SAYS_DONE_LAST = re.compile(
    r"(?:[(\[]\s*done\s*[)\]]|(?:\s-\s*|\s*[–—]\s*|:\s*)done)[\s.!]*$", re.IGNORECASE
)
_SAYS_ONLY_DONE = re.compile(r"done[\s.!]*$", re.IGNORECASE)


def open_items(lines: Iterable[Line]) -> tuple[str, ...]:
    """The items under every heading of action items that are not done, in order, each as text on one line.

    A list ends with the next heading of the same level as its title's, or a higher one.
    """
    found: list[str] = []
    level = 0  # of the title that we are under
    for line in lines:
        if is_title(line):
            level = min(level or _TYPED_TITLE, line.level or _TYPED_TITLE)
        elif line.level and line.level <= level and line.text.strip():
            level = 0
        elif level and not line.level and (item := _open_item(line)):
            found.append(item)
    return tuple(found)


def is_title(line: Line) -> bool:
    """Whether this line announces action items: "Action items & takeaways", "✅ Next steps:", "TO-DOs".

    A line that is no heading counts too, if it is no list item and ends in a colon: people type titles.
    """
    if line.listed or not (line.level or line.text.rstrip().endswith((":", "："))):
        return False
    words = re.findall(r"[^\W_]+", line.text.replace("&", " and ").casefold())
    return _TITLE.fullmatch(" ".join(words)) is not None


def digest(lines: Iterable[Line]) -> str:
    """A short hash of what can be read: text, crossing out, bullets and boxes. Blank lines don't count."""
    told = hashlib.sha256()
    for line in lines:
        if line.text.strip():
            told.update(repr((line.listed, line.nesting, line.ticked, _merged(line.stretches))).encode())
    return told.hexdigest()[:32]


def _merged(stretches: tuple[Stretch, ...]) -> list[tuple[str, bool]]:
    # a comment or a bold word splits a run of text without changing what it says
    merged: list[tuple[str, bool]] = []
    for stretch in stretches:
        if merged and merged[-1][1] == stretch.struck:
            merged[-1] = (merged[-1][0] + stretch.text, stretch.struck)
        elif stretch.text:
            merged.append((stretch.text, stretch.struck))
    return merged


def _open_item(line: Line) -> str | None:
    """The text of an open item without bullets and boxes; None for a done or empty one, or no item at all."""
    text = " ".join(line.text.split())
    listed = line.listed
    if bullet := _TYPED_BULLET.match(text):
        text, listed = text[bullet.end() :], True
    if _DONE_BOX.match(text):
        return None
    if box := _OPEN_BOX.match(text):
        text, listed = text[box.end() :], True
        if _DONE_BOX.match(text):
            return None  # ticked beside the box, and not in it
    if not listed or not any(c.isprintable() and not c.isspace() for c in text):
        return None
    return None if line.struck or line.ticked or _says_done(text) else text


def _says_done(text: str) -> bool:
    marks = (_DONE_AT_END.search, _SAYS_DONE_FIRST.match, _SAYS_DONE_LAST.search, _SAYS_ONLY_DONE.match)
    return any(mark(text) for mark in marks)
