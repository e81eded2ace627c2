"""The query options of OData that the sandbox understands: $select, $expand, $filter, $orderby, $top, $skip.

Filters are conjunctions of comparisons, and `any` over extended properties; what else real Graph takes is refused.

Source: Graph's "Use query parameters to customize responses".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.exchange import Request
from sandbox.microsoft import times
from sandbox.microsoft.bodies import property_id
from sandbox.microsoft.errors import GraphError, bad_query
from sandbox.microsoft.items import Entry
from sandbox.microsoft.schema import TYPES
from sandbox.microsoft.view import Shape

_KNOWN = frozenset(["$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count"])
_EXPANSION = re.compile(r"(\w+)(?:\((.*?)\))?(?:,|$)")
_ID = re.compile(r"\s*id eq '([^']*)'\s*")
_ANY = re.compile(
    r"singleValueExtendedProperties/any\(\s*(\w+)\s*:\s*\1/id eq '([^']*)' and \1/value (eq|ne) '([^']*)'\s*\)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(r"([\w/]+) (eq|ne|gt|ge|lt|le) ('(?:[^']|'')*'|[\w.:+-]+)")

Test = Callable[[Entry, dict[str, Any]], bool]


def options(request: Request) -> dict[str, str]:
    """The query options, by name with `$`. Raises GraphError (400) for those that OData doesn't have."""
    found = {}
    for name in request.query:
        if name.startswith("$"):
            if name.lower() not in _KNOWN:
                raise bad_query(f"The query parameter '{name}' is not supported.")
            found[name.lower()] = request.first(name)
    return found


def shape(given: dict[str, str]) -> Shape:
    """What $select and $expand ask for. Raises GraphError (400)."""
    select = tuple(name.strip() for name in given.get("$select", "").split(",") if name.strip())
    table = TYPES["event"]
    for name in select:
        if name not in table:
            raise _no_property(name)
    extensions: list[str] = []
    properties: list[str] = []
    for name, inside in _split(given.get("$expand", "")):
        wanted = _ids(inside)
        match name:
            case "extensions" if wanted:
                extensions += wanted
            case "singleValueExtendedProperties" if wanted:
                properties += [property_id(each) for each in wanted]
            case "extensions" | "singleValueExtendedProperties":
                raise GraphError(
                    400,
                    "ErrorInvalidUrlQuery",
                    f"The navigation property '{name}' needs a $filter on id to be expanded.",
                )
            case "attachments" | "calendar" | "instances":
                pass
            case _:
                raise _no_property(name)
    return Shape(select, tuple(extensions), tuple(properties))


def number(given: dict[str, str], name: str, default: int) -> int:
    """A count. Raises GraphError (400)."""
    text = given.get(name)
    if text is None:
        return default
    if not text.isdigit() or (name == "$top" and not 0 < int(text) <= 1000):
        raise bad_query(f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def filter_of(text: str) -> Test:
    """A test of entries (and their JSON in UTC). Raises GraphError (400)."""
    tests: list[Test] = []
    rest = text
    while rest:
        if match := _ANY.match(rest):
            tests.append(_has_property(property_id(match[2]), match[3].lower(), match[4]))
        elif match := _COMPARISON.match(rest):
            tests.append(_compares(match[1], match[2], match[3]))
        else:
            raise GraphError(
                400,
                "ErrorInvalidUrlQueryFilter",
                f"The query filter contains one or more invalid nodes: {text}",
            )
        rest = rest[match.end() :]
        rest = re.sub(r"^\s+and\s+", "", rest)
    return lambda entry, shown: all(test(entry, shown) for test in tests)


def order_of(text: str) -> tuple[Callable[[dict[str, Any]], Any], bool]:
    """The key of $orderby, and whether it runs backwards."""
    path, _, direction = text.strip().partition(" ")
    return (lambda shown: _at(shown, path) or ""), direction.strip().lower() == "desc"


def _no_property(name: str) -> GraphError:
    message = f"Could not find a property named '{name}' on type 'microsoft.graph.event'."
    return GraphError(400, "BadRequest", message)


def _split(text: str) -> list[tuple[str, str]]:
    found = [(match[1], match[2] or "") for match in _EXPANSION.finditer(text)]
    if text and "".join(match[0] for match in _EXPANSION.finditer(text)) != text:
        raise bad_query(f"Invalid $expand: {text}")
    return found


def _ids(inside: str) -> list[str]:
    if not inside:
        return []
    body = re.sub(r"^\$filter=", "", inside)
    parts = re.split(r"\s+or\s+", body)
    found = [match[1] for part in parts if (match := _ID.fullmatch(part))]
    if len(found) != len(parts):
        raise bad_query(f"Invalid $expand: {inside}")
    return found


def _has_property(name: str, operator: str, value: str) -> Test:
    def test(entry: Entry, _: dict[str, Any]) -> bool:
        kept = entry.fields["properties"].get(name)
        return kept is not None and (kept == value) is (operator == "eq")

    return test


def _compares(path: str, operator: str, literal: str) -> Test:
    if path.split("/", maxsplit=1)[0] not in TYPES["event"]:
        raise _no_property(path)
    value: Any = literal[1:-1].replace("''", "'") if literal.startswith("'") else literal
    dated = path in ("start/dateTime", "end/dateTime", "createdDateTime", "lastModifiedDateTime")

    def test(_: Entry, shown: dict[str, Any]) -> bool:
        mine, other = _at(shown, path), value
        if isinstance(mine, bool):
            mine = str(mine).lower()
        if dated:
            mine, other = times.query(str(mine), path), times.query(value, path)
        elif mine is None:
            mine, other = "null", str(other)
        match operator:
            case "eq":
                return bool(mine == other)
            case "ne":
                return bool(mine != other)
            case "gt":
                return bool(mine > other)
            case "ge":
                return bool(mine >= other)
            case "lt":
                return bool(mine < other)
        return bool(mine <= other)

    return test


def _at(shown: dict[str, Any], path: str) -> Any:
    value: Any = shown
    for part in path.split("/"):
        value = value.get(part) if isinstance(value, dict) else None
    return value
