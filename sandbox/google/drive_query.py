"""The `q` of files.list: conditions joined by `and`, of the kinds that an app needs to find its own files.

Source: the Drive guide "Search query terms and operators". Everything else is refused, as invalid.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.google.errors import bad_request

if TYPE_CHECKING:
    from sandbox.google.files import File

Condition = Callable[["File"], bool]

_TEXT = r"'((?:[^'\\]|\\.)*)'"
_HAS = re.compile(
    rf"(appProperties|properties)\s+has\s*\{{\s*key\s*=\s*{_TEXT}\s+and\s+value\s*=\s*{_TEXT}\s*\}}"
)
_PARENT = re.compile(rf"{_TEXT}\s+in\s+parents")
_TRASHED = re.compile(r"trashed\s*(=|!=)\s*(true|false)")
_TEXT_FIELD = re.compile(rf"(name|mimeType)\s*(=|!=|contains)\s*{_TEXT}")
_AND = re.compile(r"\s+and\s+|\s*$")


def parse(query: str) -> Condition:
    """What a query says of a file. Raises ApiError (400)."""
    conditions: list[Condition] = []
    rest = query.strip()
    while rest:
        condition, rest = _one(rest)
        conditions.append(condition)
        joint = _AND.match(rest)
        if joint is None:
            raise _invalid()
        rest = rest[joint.end() :]
    return lambda file: all(condition(file) for condition in conditions)


def _one(text: str) -> tuple[Condition, str]:
    if match := _HAS.match(text):
        scope, key, value = match[1], _plain(match[2]), _plain(match[3])
        if scope == "properties":
            return (lambda file: file.properties.get(key) == value), text[match.end() :]
        return (lambda file: file.app_properties.get(key) == value), text[match.end() :]
    if match := _PARENT.match(text):
        parent = _plain(match[1])
        return (lambda file: parent in file.parents or (parent == "root" and file.in_root)), text[
            match.end() :
        ]
    if match := _TRASHED.match(text):
        wanted = (match[2] == "true") == (match[1] == "=")
        return (lambda file: file.trashed is wanted), text[match.end() :]
    if match := _TEXT_FIELD.match(text):
        field, sign, value = match[1], match[2], _plain(match[3])
        return (lambda file: _compare(file.name if field == "name" else file.kind, sign, value)), text[
            match.end() :
        ]
    raise _invalid()


def _compare(text: str, sign: str, value: str) -> bool:
    match sign:
        case "=":
            return text == value
        case "!=":
            return text != value
        case _:
            return value.lower() in text.lower()


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def _invalid() -> Exception:
    return bad_request("Invalid Value", "invalid", "q")
