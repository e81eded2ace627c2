"""The links on an event. A PATCH overwrites the whole list, so that what stands there has to be sent
along.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.errors import BadAnswer
from connectors.values import Link

# https://developers.google.com/workspace/calendar/api/v3/reference/events#attachments
_MOST = 25
_FILE = re.compile(r"https://(?:docs|drive)\.google\.com/(?:[a-z]+/)*d/([A-Za-z0-9_-]{10,})")

Attachments = list[dict[str, Any]]


def present(raw: dict[str, Any], url: str) -> bool:
    """Whether the link is there: as it was given, or as Drive's plain link to the same file.

    Whether Google cuts a URL down to that is not documented; if it did, the link would be added again and again.
    """
    file = _FILE.match(url)
    for entry in _entries(raw):
        there = entry.get("fileUrl")
        if there == url:
            return True
        if file and isinstance(there, str) and "#" not in there:
            other = _FILE.match(there)
            if other and other[1] == file[1]:
                return True
    return False


def with_link(raw: dict[str, Any], link: Link) -> Attachments | None:
    """All attachments, the link last; None where there is no room for one more."""
    entries = _entries(raw)
    return None if len(entries) >= _MOST else [*entries, {"fileUrl": link.url, "title": link.title}]


def without_link(raw: dict[str, Any], url: str) -> Attachments | None:
    """All attachments but this one, to the letter: another link to the same file is the user's. None if
    absent.
    """
    entries = _entries(raw)
    others = [entry for entry in entries if entry.get("fileUrl") != url]
    return None if len(others) == len(entries) else others


def _entries(raw: dict[str, Any]) -> Attachments:
    entries = raw.get("attachments", [])
    if not isinstance(entries, list) or not all(map(_readable, entries)):
        # To send back what can't be read would lose it.
        raise BadAnswer("The attachments of an event can't be read, so none is added or taken off")
    return entries


def _readable(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("fileUrl"), str)
