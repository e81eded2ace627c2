"""Single fields of a provider's JSON: texts, ids, moments, whatever stands in their place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

# C0 and C1 controls, and halves of a surrogate pair, which JSON allows and UTF-8 does not.
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def identifier(raw: object) -> str | None:
    if not isinstance(raw, str) or not raw:
        return None
    # What is printable holds nothing unwanted, and is told much faster.
    return raw if raw.isprintable() or not _UNWANTED.search(raw) else None


def line(raw: object, longest: int) -> str:
    """Bounded, on one line, without control characters. What reads from right to left is left to whoever shows it."""
    if not isinstance(raw, str):
        return ""
    text = raw[: 4 * longest]
    if not text.isprintable():
        text = _UNWANTED.sub(" ", text)
    return text.strip()[:longest]


def word(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def rfc3339(moment: datetime) -> str:
    """A moment in UTC, as both providers take it in bodies and parameters."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
