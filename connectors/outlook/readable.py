"""Whether an entry's texts are texts. Read as empty ones, they would say that the user had edited a slot, or that there
is no body to be kept.
"""

from __future__ import annotations

from connectors.fields import Json, word

_TEXT = (str, type(None))
_OBJECT = (dict, type(None))


def readable(raw: Json) -> bool:
    """Whether subject and body of an event can be read, as far as it has them."""
    return isinstance(raw.get("subject"), _TEXT) and body_readable(raw)


def body_readable(raw: Json) -> bool:
    entry = raw.get("body")
    if not isinstance(entry, _OBJECT):
        return False
    content, form = (entry.get("content"), entry.get("contentType")) if entry else (None, None)
    if not isinstance(content, _TEXT) or not isinstance(form, _TEXT):
        return False
    # Not said to be empty by one field, and not by the other.
    return bool(content) or not word(raw.get("bodyPreview")).strip()
