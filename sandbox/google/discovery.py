"""What Google's discovery documents say of a request: which method it is, and whether it is well-formed.

The documents are those that ship with google-api-python-client, read as data: none of its code runs here.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from datetime import datetime
from importlib import util
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sandbox.google.errors import ApiError, bad_request, missing_scope

_APIS = ("calendar.v3", "drive.v3", "docs.v1")


@dataclass(frozen=True)
class Method:
    """One method: its id (`calendar.events.list`), HTTP verb, path pattern, and what it accepts."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: dict[str, dict[str, Any]]
    request: str | None
    scopes: frozenset[str]
    schemas: dict[str, Any]
    api: str


@dataclass(frozen=True)
class Call:
    """A well-formed call: path parameters unquoted, query parameters typed, body as parsed JSON."""

    method: Method
    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any]


def find(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """The method behind a quoted URL path, and its path parameters; None if no API has it."""
    for method in _methods():
        if method.verb == verb and (match := method.pattern.fullmatch(path)):
            return method, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def check(
    method: Method, path: dict[str, str], query: dict[str, list[str]], body: bytes, scopes: frozenset[str]
) -> Call:
    """Hold a request against its method. Raises ApiError (400, or 403 for scopes) as Google would."""
    if not scopes & method.scopes:
        raise missing_scope()
    typed = {
        name: _parameter(name, values, method.parameters.get(name))
        for name, values in query.items()
        if name not in ("access_token", "key")
    }
    for name, rule in method.parameters.items():
        if rule.get("required") and rule["location"] == "query" and name not in query:
            raise bad_request(f"Required parameter: {name}", "required", name)
    return Call(method, path, typed, _body(method, body))


def _body(method: Method, body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    if method.request is None:
        # Bodies on GET and DELETE are ignored by no Google front end: it answers 400.
        raise bad_request(f"{method.verb} takes no body")
    try:
        parsed = json.loads(body)
    except ValueError:
        raise ApiError(400, "parseError", "Parse Error") from None
    _value(parsed, {"$ref": method.request}, method.schemas, "")
    if not isinstance(parsed, dict):
        raise ApiError(400, "parseError", "Parse Error")
    return parsed


def _parameter(name: str, values: list[str], rule: dict[str, Any] | None) -> Any:
    if rule is None or rule["location"] != "query":
        raise bad_request(f'Invalid JSON payload received. Unknown name "{name}"', "badRequest", name)
    if len(values) > 1 and not rule.get("repeated"):
        raise bad_request(f"Repeated parameter: {name}", "invalidParameter", name)
    typed = [_typed(name, value, rule) for value in values]
    return typed if rule.get("repeated") else typed[0]


def _typed(name: str, value: str, rule: dict[str, Any]) -> Any:
    wrong = bad_request(f"Invalid value for: {name}: {value!r}", "invalidParameter", name)
    if "enum" in rule and value not in rule["enum"]:
        raise wrong
    match rule["type"]:
        case "boolean":
            # Clients of ours that write Python's True go unnoticed by Google, which reads any case.
            if value.lower() not in ("true", "false"):
                raise wrong
            return value.lower() == "true"
        case "integer":
            if not re.fullmatch(r"-?\d+", value) or int(value) < int(rule.get("minimum", -(2**31))):
                raise wrong
            return int(value)
    if rule.get("format") == "date-time":
        return _time(value, wrong)
    return value


def _time(value: str, wrong: ApiError) -> datetime:
    try:
        time = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        raise wrong from None
    if time.tzinfo is None:
        raise wrong
    return time


def _value(value: Any, rule: dict[str, Any], schemas: dict[str, Any], at: str) -> None:
    if value is None:
        return
    if "$ref" in rule:
        rule = schemas[rule["$ref"]]
    match rule.get("type"):
        case "object":
            _object(value, rule, schemas, at)
        case "array":
            if not isinstance(value, list):
                raise _mistyped(at, value)
            for index, part in enumerate(value):
                _value(part, rule["items"], schemas, f"{at}[{index}]")
        case kind:
            _scalar(value, kind, rule, at)


def _object(value: Any, rule: dict[str, Any], schemas: dict[str, Any], at: str) -> None:
    if not isinstance(value, dict):
        raise _mistyped(at, value)
    known = rule.get("properties", {})
    extra = rule.get("additionalProperties")
    for name, part in value.items():
        if name not in known and not extra:
            message = f'Invalid JSON payload received. Unknown name "{name}" at "{at}": Cannot find field.'
            raise bad_request(message, "badRequest")
        _value(part, known.get(name, extra), schemas, f"{at}.{name}" if at else name)


def _scalar(value: Any, kind: str | None, rule: dict[str, Any], at: str) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    right = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": is_number and float(value).is_integer(),
        "number": is_number,
        "any": True,
    }
    if not right.get(kind or "any", False):
        raise _mistyped(at, value)
    if "enum" in rule and value not in rule["enum"]:
        raise _mistyped(at, value)


def _mistyped(at: str, value: Any) -> ApiError:
    return bad_request(f"Invalid value at '{at}', {json.dumps(value)[:80]}", "invalid")


@functools.cache
def _methods() -> tuple[Method, ...]:
    found: list[Method] = []
    for api in _APIS:
        document = _document(api)
        _collect(document, document, found, api)
    # `files/generateIds` before `files/{fileId}`.
    return tuple(sorted(found, key=lambda method: method.pattern.pattern.count("(?P<")))


def _collect(node: dict[str, Any], document: dict[str, Any], found: list[Method], api: str) -> None:
    for method in node.get("methods", {}).values():
        paths = ["/" + document["servicePath"] + method["path"]]
        if "mediaUpload" in method:
            paths.append(method["mediaUpload"]["protocols"]["simple"]["path"])
        for path in paths:
            pattern = re.sub(r"\\\{\\?\+?(\w+)\\\}", r"(?P<\1>[^/:]+)", re.escape(path))
            found.append(
                Method(
                    id=method["id"],
                    verb=method["httpMethod"],
                    pattern=re.compile(pattern),
                    parameters={**document["parameters"], **method.get("parameters", {})},
                    request=method.get("request", {}).get("$ref"),
                    scopes=frozenset(method.get("scopes", ())),
                    schemas=document["schemas"],
                    api=api,
                )
            )
    for resource in node.get("resources", {}).values():
        _collect(resource, document, found, api)


def _document(api: str) -> dict[str, Any]:
    package = util.find_spec("googleapiclient")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError(
            "google-api-python-client is not installed: its discovery documents are the sandbox's rules"
        )
    folder = Path(package.submodule_search_locations[0]) / "discovery_cache" / "documents"
    document: dict[str, Any] = json.loads((folder / f"{api}.json").read_text("utf-8"))
    return document


@functools.cache
def all_scopes() -> frozenset[str]:
    """Every scope that some method takes."""
    return frozenset().union(*(method.scopes for method in _methods()))
