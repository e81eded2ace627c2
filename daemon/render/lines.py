"""Foreign text on one line: what is safe to show, how wide it is, and what a style means.

Text that others wrote goes through `clean` before it gets near a terminal or into a page: it can hold escape
sequences, and characters that turn the direction of writing around.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache

from connectors.frozen import dataclass

# Escape sequences whole (CSI, then OSC and its like up to their end), so that no "[31m" is left of them.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_ASCII = re.compile(r"[\x00-\x7f]+")
_JOINERS = "\u200c\u200d"  # Persian and Hindi words, and emoji, are written with them
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Style(StrEnum):
    """What a text means, from which its looks follow."""

    PLAIN = ""
    STRONG = "bold"
    QUIET = "dim"
    GOOD = "green"
    NOTICE = "yellow"
    BAD = "red"


@dataclass(frozen=True, slots=True)
class Styled:
    text: str
    style: Style


def clean(text: str, longest: int = 200) -> str:
    """Foreign text made fit for one line of a terminal, at most `longest` characters long.

    Escape sequences, control characters, and what turns the direction of writing around are taken out; line
    breaks become spaces.
    """
    # A title may be 100 kB long: what is shown of it is near its beginning.
    line = " ".join(harmless(text[: longest * 50]).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def harmless(text: str) -> str:
    """Without escape sequences, control characters and bidirectional overrides; blanks stay blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_kept(char) for char in _ESCAPES.sub("", text))


def _kept(char: str) -> str:
    if char.isspace() or char in "\x1c\x1d\x1e\x1f":
        return " "
    return "" if unicodedata.category(char) in _UNSEEN and char not in _JOINERS else char


def width(text: str) -> int:
    """How many columns a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    others = _ASCII.sub("", text)
    return len(text) - len(others) + sum(map(_columns, others))


@cache
def _columns(char: str) -> int:
    if unicodedata.combining(char) or char in _JOINERS:
        return 0
    return 1 + (unicodedata.east_asian_width(char) in "WF")
