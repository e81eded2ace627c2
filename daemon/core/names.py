"""Names by which people are told apart: two who have the same one are shown with their addresses."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"
"""Persian and Hindi names, and emoji, are written with them."""


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """The name to show for each address: "Dana Reyes", or "Dana Reyes (dana@b.example)" where there are two.

    :param names: by address. A name that looks like another one counts as the same.
    """
    shared = ambiguous(names)
    return {a: in_full(name, a) if a in shared else name for a, name in names.items()}


def ambiguous(names: Mapping[str, str]) -> frozenset[str]:
    """The addresses of those whose names are not theirs alone."""
    looks = {address: _look(name) for address, name in names.items()}
    times = Counter(looks.values())
    return frozenset(a for a, name in names.items() if times[looks[a]] > 1 and name != a)


def in_full(name: str, address: str) -> str:
    """A name with the address that tells it apart."""
    return f"{name} ({address})"


def legible(name: str) -> str:
    """Somebody's name as it can be put anywhere: on one line, without what turns the direction of writing around.

    Everything that can be seen stays as it is; empty where nothing can.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    shown = (" " if c.isspace() else c for c in name if c.isspace() or c in _JOINERS or _is_seen(c))
    text = " ".join("".join(shown).split())
    return text if any(_is_seen(c) for c in text) else ""


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN


def plain(name: str, address: str) -> str:
    """A name without the address that told it apart."""
    return name.removesuffix(in_full("", address))


def _look(name: str) -> str:
    """What a name looks like: without what can't be seen, in whatever width and case."""
    if name.isascii() and name.isprintable():
        return " ".join(name.casefold().split())
    shown = (" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFKC", "".join(shown)).casefold().split())
