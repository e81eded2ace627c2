"""Partial responses: `fields=items(id,start/dateTime),nextPageToken`.

Source: the Calendar guide "Performance tips", section "Fields parameter syntax summary".
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.google.errors import ApiError

Mask = dict[str, Any]


def parse(text: str) -> Mask:
    """A mask as nested names; an empty one takes everything below it. Raises ApiError (400)."""
    tokens = re.findall(r"[^(),/\s]+|[(),/]", text)
    mask, rest = _list(tokens)
    if rest:
        raise _invalid(text)
    return mask


def select(value: Any, mask: Mask) -> Any:
    """The part of a JSON value that a mask asks for."""
    if not mask or ("*" in mask and not mask["*"]):
        return value
    if isinstance(value, list):
        return [select(part, mask) for part in value]
    if not isinstance(value, dict):
        return value
    everywhere = mask.get("*")
    chosen: dict[str, Any] = {}
    for name, part in value.items():
        below = mask.get(name, everywhere)
        if below is not None:
            chosen[name] = select(part, below)
    return chosen


def _list(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while True:
        if not tokens or tokens[0] in "(),/":
            raise _invalid("".join(tokens))
        name, tokens = tokens[0], tokens[1:]
        leaf = mask.setdefault(name, {})
        while tokens and tokens[0] == "/":
            if len(tokens) < 2 or tokens[1] in "(),/":
                raise _invalid("".join(tokens))
            leaf = leaf.setdefault(tokens[1], {})
            tokens = tokens[2:]
        if tokens and tokens[0] == "(":
            below, tokens = _list(tokens[1:])
            if not tokens or tokens[0] != ")":
                raise _invalid("".join(tokens))
            leaf.update(below)
            tokens = tokens[1:]
        if not tokens or tokens[0] != ",":
            return mask, tokens
        tokens = tokens[1:]


def _invalid(text: str) -> ApiError:
    return ApiError(
        400, "invalidParameter", f"Invalid field selection {text}", location=("parameter", "fields")
    )
