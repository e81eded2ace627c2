"""The config as a JSON Schema (draft 2020-12), for editors: from the same classes that the reader goes by."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from daemon.config.kinds import WEEKDAYS, Hours, Moment, spelled
from daemon.config.options import ACCOUNTS, Config, Meta


def schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The config of prepd",
        **_table(Config),
        "required": ["account"],
    }


def written(value: object) -> Any:
    """A value as TOML and JSON hold it."""
    match value:
        case timedelta():
            return spelled(value)
        case Moment():
            return f"{WEEKDAYS[value.weekday]} {value.time:%H:%M}"
        case Hours():
            return f"{value.start:%H:%M}-{value.end:%H:%M}"
        case re.Pattern():
            return value.pattern
        case StrEnum():
            return str(value)
        case tuple() | list():
            return [written(entry) for entry in value]
        case _:
            return value


def _table(of: type) -> dict[str, Any]:
    known = [f for f in fields(of) if f.metadata]
    required = [f.name for f in known if f.default is MISSING and f.default_factory is MISSING]
    return {
        "type": "object",
        "properties": {f.name: _property(f) for f in known},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(f: Field[Any]) -> dict[str, Any]:
    about = f.metadata.get("about")
    if "accounts" in f.metadata:
        return {"description": about, "type": "array", "minItems": 1, "items": _either_account()}
    if "sections" in f.metadata:
        return {"description": about, "type": "array", "items": _table(f.metadata["sections"]), "default": []}
    if "section" in f.metadata:
        return {"description": about, **_table(f.metadata["section"])}
    return _option(f, f.metadata["option"])


def _option(f: Field[Any], meta: Meta) -> dict[str, Any]:
    one = meta.kind.schema()
    described: dict[str, Any] = {"description": meta.about}
    if meta.many:
        described |= {"type": "array", "items": one} | ({"minItems": meta.least} if meta.least else {})
    else:
        described |= one
    if f.default is not MISSING and f.default is not None:
        described["default"] = written(f.default)
    if meta.example is not None:
        described["examples"] = [meta.example]
    return described


def _either_account() -> dict[str, Any]:
    """Each provider's keys are known only beside its name."""
    tables = []
    for provider, of in ACCOUNTS.items():
        table = _table(of)
        table["title"] = f"provider {provider}"
        table["properties"]["provider"] = {"description": "Whose it is.", "const": str(provider)}
        tables.append(table)
    return {"oneOf": tables}
