"""What prepd sends for its own events, and whether an event is as one of them says.

The fields are those of https://learn.microsoft.com/graph/api/resources/event, the mark and the key beside it extended
properties (https://learn.microsoft.com/graph/api/resources/singlevaluelegacyextendedproperty).
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from connectors.errors import BadAnswer
from connectors.fields import word
from connectors.outlook import body
from connectors.outlook.parse import MARK, etag_of, mark_of, point
from connectors.outlook.readable import body_readable
from connectors.values import Draft, Edit

KEY = MARK + "-key"
"""The extended property by which an event is found again that was made with a key."""

_PREFIX = "prepd-"
_NAMES = uuid.UUID("2f0e6a0c-8a3f-4b57-9a5e-2f6f0f3f8f4b")


def transaction(key: str) -> str:
    """The transactionId for a key: Outlook makes one event for it, however often it is asked to."""
    return f"{_PREFIX}{uuid.uuid5(_NAMES, key)}"


def may_be_ours(raw: dict[str, Any]) -> bool:
    """Whether a listed event may be one that prepd made: a delta does not show marks.

    Told by the transactionId, which nobody else's begins like; by its looks where that is not shown.
    """
    if "transactionId" in raw:
        transaction_id = raw["transactionId"]
        return isinstance(transaction_id, str) and transaction_id.startswith(_PREFIX)
    looks = raw.get("sensitivity") == "private" and raw.get("isReminderOn") is False
    return looks and not raw.get("attendees") and "@removed" not in raw


def new_event(draft: Draft, key: str) -> dict[str, Any]:
    """An ordinary event, private, without guests or reminders."""
    return {
        "subject": draft.title,
        "body": _body(draft.text),
        "start": _point(draft.start),
        "end": _point(draft.end),
        "showAs": "busy" if draft.busy else "free",
        "sensitivity": "private",
        "isReminderOn": False,
        "transactionId": transaction(key),
        "singleValueExtendedProperties": [
            {"id": MARK, "value": draft.mark},
            {"id": KEY, "value": transaction(key)},
        ],
    }


def changes(edit: Edit) -> dict[str, Any]:
    """What to PATCH; nothing else is named, so nothing else changes."""
    wanted: dict[str, Any] = {"singleValueExtendedProperties": [{"id": MARK, "value": edit.mark}]}
    if edit.start is not None:
        wanted["start"] = _point(edit.start)
    if edit.end is not None:
        wanted["end"] = _point(edit.end)
    if edit.title is not None:
        wanted["subject"] = edit.title
    if edit.text is not None:
        wanted["body"] = _body(edit.text)
    return wanted


def holds(raw: dict[str, Any], edit: Edit) -> bool:
    """Whether an event is as `edit` would make it."""
    return (
        mark_of(raw) == edit.mark
        and edit.start in (None, point(raw.get("start")))
        and edit.end in (None, point(raw.get("end")))
        and edit.title in (None, raw.get("subject"))
        and (edit.text is None or body.digest(body.as_html(edit.text)) == body.digest(*body_of(raw)))
    )


def is_at(raw: dict[str, Any], etag: str | None) -> bool:
    """Whether an event is still as it was at `etag`; None asks nothing."""
    return etag is None or etag_of(raw) == etag


def body_of(raw: dict[str, Any]) -> tuple[str, str]:
    """An event's body, and its form: html or text. :raises BadAnswer: to write over it would lose it."""
    entry = (raw.get("body") or {}) if body_readable(raw) else None
    # Empty is what is said to be empty, and not what an answer leaves out.
    if entry is None or (entry.get("content") is None and raw.get("bodyPreview") != ""):
        raise BadAnswer("The body of an event can't be read, so no link is added or taken off")
    content, form = entry.get("content"), word(entry.get("contentType")).lower()
    return content or "", "text" if form == "text" else "html"


def _body(text: str) -> dict[str, str]:
    return {"contentType": "html", "content": body.as_html(text)}


def _point(moment: datetime) -> dict[str, str]:
    return {"dateTime": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}
