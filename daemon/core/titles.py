"""Which titles say that a meeting is a 1:1, in the spellings and languages that people use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SAYS_SO = [
    # digits and signs: 1:1, 1-1, 1/1, 1on1, 1 on 1, 1x1, 1to1, 1-2-1, 121, O3
    r"(?<!\w)(?<!\d[:.,/-])1\s*(?::|/|-|–|∶|x|×|-?\s*on\s*-?|-?\s*to\s*-?|-2-)\s*1(?!\d|[:.,/-]\d|\s*(?:am|pm|uhr)\b)",
    r"(?<![\w#])(?<!\d[.,:/-])121s?(?!\w|[.,:/-]\d)",
    r"\bo3\b",
    # English
    r"\bone\s*[-:]?\s*(?:on|to|2|:)?\s*[-:]?\s*one\b",
    r"\bones?[\s-]+on[\s-]+ones?\b",
    r"\b(?:weekly|biweekly|monthly)\s+1s\b",
    # German, Dutch, the Nordic languages
    r"\bvier[\s-]*augen",
    r"\beinzelgespr(?:ä|ae)ch",
    r"\bjour[\s-]*fixe\b",
    r"\b(?:een|één)[\s-]*op[\s-]*(?:een|één)\b",
    r"\ben[\s-]*(?:til|till|mot)[\s-]*en\b",
    r"\bkahdenkesk(?:inen|eiset)",
    # French, Spanish, Portuguese, Italian
    r"\bt[êe]te[\s-]*[àa][\s-]*t[êe]te\b",
    r"\b(?:point|entretien|suivi)\s+individuel\b",
    r"\buno\s+a\s+uno\b",
    r"\bun\s+a\s+un\b",
    r"\bum[\s-]+a[\s-]+um\b",
    r"\b(?:colloquio|incontro)\s+individuale\b",
    r"\breuni[oó]n\s+individual\b",
    # Slavic languages, Turkish, Hungarian
    r"\bjeden\s+na\s+jeden\b",
    r"\bsam\s+na\s+sam\b",
    r"\bjeden\s+na\s+jednoho\b",
    r"\bодин\s+на\s+один\b",
    r"(?<!\d)1\s*на\s*1(?!\d)",
    r"\bодин[\s-]*к[\s-]*одному\b",
    r"\bbire\s*bir\b",
    r"\bnégyszemközt",
    # Chinese, Japanese, Korean
    r"一\s*[对對]\s*一",
    r"ワン・?オン・?ワン",
    r"1\s*対\s*1",
    r"일대일",
    r"원온원",
]
_PATTERN = re.compile("|".join(f"(?:{p})" for p in _SAYS_SO), re.IGNORECASE)
_BETWEEN_NAMES = re.compile(
    r"\s*(?:/|<>|<->|↔|&|\+|\||,|-|–|—|:|\bx\b|×|\band\b|\bwith\b|\bund\b|\bet\b|\by\b)\s*"
)
_PREFIX = re.compile(
    r"^\s*(?:cancell?ed|abgesagt|annulé|cancelado|annullato|geannuleerd)\s*:\s*", re.IGNORECASE
)
_LONGEST = 300


@lru_cache(maxsize=4096)
def normalized(title: str) -> str:
    """A title as two are compared: without case, spacing, and the prefix that providers put on cancelled ones."""
    text = unicodedata.normalize("NFKC", title[:_LONGEST])
    while (shorter := _PREFIX.sub("", text)) != text:
        text = shorter
    return " ".join(text.casefold().split())


@lru_cache(maxsize=4096)
def says_one_on_one(title: str, more: tuple[re.Pattern[str], ...] = ()) -> bool:
    """Whether the title itself says so. `more` are the user's own patterns."""
    text = unicodedata.normalize("NFKC", title[:_LONGEST])
    return bool(_PATTERN.search(text)) or any(p.search(text) for p in more)


def is_two_names(title: str, mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether the title is nothing but the two people's names, as in "Alex / Dana" or "Dana <> Alex".

    `mine` and `theirs` are display names and addresses of each.
    """
    parts = [p for p in _BETWEEN_NAMES.split(normalized(title)) if p]
    if len(parts) != 2:
        return False
    my_names, their_names = _called(mine), _called(theirs)
    first, second = parts
    return (first in my_names and second in their_names) or (first in their_names and second in my_names)


def _called(names: Iterable[str]) -> frozenset[str]:
    """What somebody may be called in a title: the full name, the first name, the first part of the address."""
    found: set[str] = set()
    for name in names:
        folded = normalized(name)
        if "@" in folded:
            local = folded.split("@")[0]
            found |= {local, re.split(r"[._+-]", local)[0]}
        elif folded:
            found |= {folded, folded.split()[0]}
    return frozenset(f for f in found if len(f) > 1)
