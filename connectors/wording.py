"""Other people's text on its way into a document: titles, names and items may hold anything. Pure."""

from __future__ import annotations

import re

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# control characters that no kind of document keeps, lone surrogates that can't be sent, and noncharacters
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINKS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def one_line(text: str) -> str:
    """Text on one line, without what can't stand in a document."""
    return _UNWANTED.sub("", _BREAKS.sub(" ", text))


def is_link(url: str) -> bool:
    """Whether a link is of a kind that a page may hold: nothing that runs, nothing of the local machine."""
    return _LINKS.fullmatch(url) is not None
