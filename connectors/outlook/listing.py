"""A page of a long list of Graph's, its entries read from the JSON one at a time: the connectors' door to msgspec.

A page of a calendar as objects is megabytes, made to be looked at once. Where each entry is read when its turn comes,
and let go of after it, reading takes half the time and a fraction of the memory; and an entry that can't be read harms
no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from connectors.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """`entries` are to be gone through once. What can't be read among them is None.

    `context` is the answer's `@odata.context`, `following` its link to the next page, `last` the one to go on from
    when the whole list is read.
    """

    entries: Iterable[object]
    context: object = None
    following: str | None = None
    last: str | None = None


class _Page(msgspec.Struct):
    value: list[msgspec.Raw]
    context: Any = msgspec.field(default=None, name="@odata.context")
    following: Any = msgspec.field(default=None, name="@odata.nextLink")
    last: Any = msgspec.field(default=None, name="@odata.deltaLink")


# RecursionError: JSON nested too deep.
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
_page = msgspec.json.Decoder(_Page).decode
_entry = msgspec.json.Decoder().decode


def listing(body: bytes) -> Listing | None:
    """None where an answer is no JSON object with a list in it, or its links are none: it would seem to be the last."""
    try:
        page = _page(body)
    except _UNREADABLE:
        return _leniently(body)
    return _listing(_entries(page.value), page.context, page.following, page.last)


def _entries(values: list[msgspec.Raw]) -> Iterator[object]:
    for value in values:
        try:
            yield _entry(value)
        except _UNREADABLE:
            yield _loaded(bytes(value))


def _leniently(body: bytes) -> Listing | None:
    """By the standard library, which also takes what JSON does not know: halves of a character, NaN."""
    page = _loaded(body)
    if not isinstance(page, dict) or not isinstance(page.get("value"), list):
        return None
    following, last = page.get("@odata.nextLink"), page.get("@odata.deltaLink")
    return _listing(page["value"], page.get("@odata.context"), following, last)


def _listing(entries: Iterable[object], context: object, following: object, last: object) -> Listing | None:
    if not isinstance(following, str | None) or not isinstance(last, str | None):
        return None
    return Listing(entries, context, following or None, last or None)


def _loaded(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
