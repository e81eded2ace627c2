"""The bodies that prepd sends for its own events, and whether an event is as one of them says.

Sources: https://developers.google.com/workspace/calendar/api/v3/reference/events for the fields, and
https://developers.google.com/workspace/calendar/api/guides/extended-properties
for the mark: a private extended property is one copy's own, and nobody else sees it.
"""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from connectors.fields import rfc3339
from connectors.google.parse import parse_event
from connectors.values import Draft, Edit, Event

_URL = re.compile(r"(https?://[^\s<>\"]+)")


def new_event(event_id: str, draft: Draft) -> dict[str, Any]:
    """An ordinary event, private, without guests or reminders."""
    return {
        "id": event_id,
        "summary": draft.title,
        "description": as_description(draft.text),
        "start": _point(draft.start),
        "end": _point(draft.end),
        "visibility": "private",
        "transparency": "opaque" if draft.busy else "transparent",
        "reminders": {"useDefault": False, "overrides": []},
        "extendedProperties": {"private": {"prepd": draft.mark}},
    }


def changes(edit: Edit) -> dict[str, Any]:
    """What to PATCH; nothing else is named, so nothing else changes."""
    body: dict[str, Any] = {"extendedProperties": {"private": {"prepd": edit.mark}}}
    # Null, or the day of an event that was made all-day stays beside the time, which Google refuses.
    if edit.start is not None:
        body["start"] = _point(edit.start) | {"date": None}
    if edit.end is not None:
        body["end"] = _point(edit.end) | {"date": None}
    if edit.title is not None:
        body["summary"] = edit.title
    if edit.text is not None:
        body["description"] = as_description(edit.text)
    return body


def holds(raw: dict[str, Any], edit: Edit) -> bool:
    """Whether an event is as `edit` would make it."""
    event = parse_event(raw, listed=False)
    if not isinstance(event, Event):
        return False
    return (
        event.mark == edit.mark
        and edit.start in (None, event.start)
        and edit.end in (None, event.end)
        and edit.title in (None, raw.get("summary"))
        and (edit.text is None or as_description(edit.text) == (raw.get("description") or ""))
    )


def as_description(text: str) -> str:
    """Plain text as Google shows it: a description with a tag in it is taken for HTML, newlines are kept.

    URLs stay as they are: they hold no angle brackets, and an escaped & breaks them where it is shown as
    text.
    """
    parts = _URL.split(text)
    return "".join(part if n % 2 else html.escape(part, quote=False) for n, part in enumerate(parts))


def _point(moment: datetime) -> dict[str, str | None]:
    return {"dateTime": rfc3339(moment), "timeZone": "UTC"}
