"""What the value of an option may look like: how each kind is read from TOML, and JSON Schema says the same.

A kind refuses a value with a ValueError whose message completes "key: …" for people. Knows no option by name.
Kinds are plain classes: every command loads this, and a dozen dataclasses take as long to make as the rest.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from connectors.frozen import dataclass

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=StrEnum)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}


class Kind(Protocol[T_co]):
    """One kind of value. `folder` is the config file's, which relative paths start from."""

    def parse(self, raw: object, folder: Path) -> T_co:
        """:raises ValueError: with what was expected instead."""

    def schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the week; `weekday` counts from Monday = 0, as in the standard library."""

    weekday: int
    time: time


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of each working day."""

    start: time
    end: time


class Text:
    """A string; `pattern` must match it whole, and `form` says in words what that means. What stands in a `secret` one
    is told to nobody.
    """

    def __init__(self, pattern: str = r"(?s).*", form: str = "text", *, secret: bool = False) -> None:
        self.pattern = pattern
        self.form = form
        self.secret = secret

    def parse(self, raw: object, folder: Path) -> str:
        if isinstance(raw, str) and re.fullmatch(self.pattern, raw):
            return raw
        raise ValueError(f"expected {self.form}" + ("" if self.secret else f", got {shown(raw)}"))

    def schema(self) -> dict[str, Any]:
        free = self.pattern.startswith("(?s)")
        return {"type": "string"} if free else {"type": "string", "pattern": f"^(?:{self.pattern})$"}


class Flag:
    def parse(self, raw: object, folder: Path) -> bool:
        if not isinstance(raw, bool):
            raise ValueError(f"expected true or false, got {shown(raw)}")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Count:
    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def parse(self, raw: object, folder: Path) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise ValueError(f"expected a whole number, got {shown(raw)}")
        if not self.least <= raw <= self.most:
            raise ValueError(f"must be from {self.least} to {self.most}, not {raw}")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Duration:
    """A length of time in one unit; a year is 365 days."""

    def __init__(self, least: timedelta, most: timedelta) -> None:
        self.least = least
        self.most = most

    def parse(self, raw: object, folder: Path) -> timedelta:
        match = re.fullmatch(r"(\d{1,6})([smhdwy])", raw, re.ASCII) if isinstance(raw, str) else None
        if match is None:
            hint = 'a length of time like "60s", "5m", "2h", "14d", "12w" or "5y"'
            raise ValueError(f"expected {hint}, got {shown(raw)}")
        length = int(match[1]) * _UNITS[match[2]]
        if not self.least <= length <= self.most:
            raise ValueError(f"must be from {spelled(self.least)} to {spelled(self.most)}, not {match[0]}")
        return length

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{1,6}[smhdwy]$"}


class Choice(Generic[E]):
    """One of the values of an enum."""

    def __init__(self, of: type[E]) -> None:
        self.of = of

    def parse(self, raw: object, folder: Path) -> E:
        try:
            return self.of(string(raw, "one of " + ", ".join(self.of)))
        except ValueError:
            raise ValueError(expected_one_of(self.of, raw)) from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [str(value) for value in self.of]}


class Zone:
    def parse(self, raw: object, folder: Path) -> ZoneInfo:
        name = string(raw, "the name of a time zone")
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError):  # a bad key, a folder's name, and an unknown one
            from zoneinfo import available_timezones

            known = near(name, available_timezones())
            raise ValueError(f'expected a time zone like "Europe/London", got {shown(raw)}{known}') from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


class WeekTime:
    def parse(self, raw: object, folder: Path) -> Moment:
        day, _, clock = string(raw, 'a weekday and a time like "friday 16:00"').partition(" ")
        if day.lower() not in WEEKDAYS:
            raise ValueError(
                f'expected a weekday and a time like "friday 16:00", got {shown(raw)}{near(day, WEEKDAYS)}'
            )
        return Moment(WEEKDAYS.index(day.lower()), clock_time(clock))

    def schema(self) -> dict[str, Any]:
        days = "|".join(f"[{day[0].upper()}{day[0]}]{day[1:]}" for day in WEEKDAYS)
        return {"type": "string", "pattern": f"^({days}) ([01][0-9]|2[0-3]):[0-5][0-9]$"}


class WorkingHours:
    def parse(self, raw: object, folder: Path) -> Hours:
        start, _, end = string(raw, 'hours like "09:00-17:30"').partition("-")
        try:
            hours = Hours(clock_time(start.strip()), clock_time(end.strip()))
        except ValueError:
            raise ValueError(f'expected hours like "09:00-17:30", got {shown(raw)}') from None
        if hours.start >= hours.end:
            raise ValueError(f"must end after it starts, not {shown(raw)}")
        return hours

    def schema(self) -> dict[str, Any]:
        clock = "([01][0-9]|2[0-3]):[0-5][0-9]"
        return {"type": "string", "pattern": f"^{clock} ?- ?{clock}$"}


class File:
    """A path; relative ones start from the config file's folder, and `~` is the home folder."""

    def parse(self, raw: object, folder: Path) -> Path:
        name = string(raw, "a path")
        if not name or "\0" in name:
            raise ValueError(f"expected a path, got {shown(raw)}")
        try:
            return (folder / Path(name).expanduser()).resolve()
        except (OSError, RuntimeError) as wrong:  # no such user's home, or links in a circle
            raise ValueError(f"{shown(raw)} is no usable path: {wrong}") from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class Credential(File):
    """A file that systemd may hand over (LoadCredential=): one named without a folder is looked for there first."""

    def parse(self, raw: object, folder: Path) -> Path:
        handed_over = os.environ.get("CREDENTIALS_DIRECTORY", "")
        if handed_over and isinstance(raw, str) and raw and Path(raw).name == raw:
            try:
                if (found := Path(handed_over, raw)).is_file():
                    return found
            except (OSError, ValueError):  # somebody else's folder, or a name that no file can have
                pass
        return super().parse(raw, folder)


class Url:
    """An address on the network; `https` alone where sign-ins or calendars travel over it."""

    def __init__(self, schemes: tuple[str, ...] = ("https",), *, optional: bool = False) -> None:
        self.schemes = schemes
        self.optional = optional

    def parse(self, raw: object, folder: Path) -> str:
        text = string(raw, "a URL")
        if self.optional and not text:
            return text
        from urllib.parse import urlsplit  # only for a config that holds addresses

        try:
            parts = urlsplit(text)
            whole = parts.scheme in self.schemes and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number, an address in half a bracket
            whole = False
        if not whole or re.search(r"[\s\x00-\x1f]", text):
            raise ValueError(
                f"expected a URL that begins with {' or '.join(s + '://' for s in self.schemes)}"
            )
        return text.rstrip("/")

    def schema(self) -> dict[str, Any]:
        pattern = f"^({'|'.join(self.schemes)})://"
        return {"type": "string", "pattern": f"^$|{pattern}" if self.optional else pattern}


class Address:
    """A mail address, made lower-case; with `globs` also one with `*` in it, like ``*@example.com``."""

    def __init__(self, *, globs: bool = False) -> None:
        self.globs = globs

    def parse(self, raw: object, folder: Path) -> str:
        form = 'an address like "dana@example.com"' + (' or "*@example.com"' if self.globs else "")
        text = string(raw, form).strip().lower()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", text) or ("*" in text and not self.globs):
            raise ValueError(f"expected {form}, got {shown(raw)}")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+$"}


class Expression:
    """A regular expression, which is searched in titles whatever their case."""

    def parse(self, raw: object, folder: Path) -> re.Pattern[str]:
        try:
            return re.compile(string(raw, "a regular expression"), re.IGNORECASE)
        except re.error as wrong:
            raise ValueError(f"{shown(raw)} is no regular expression: {wrong}") from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "regex"}


class Pattern:
    """A text in which `{names}` are replaced, and no others."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def parse(self, raw: object, folder: Path) -> str:
        text = string(raw, "text")
        if not text.strip():
            raise ValueError("must not be empty")
        for name in re.findall(r"\{([^{}]*)\}", text):
            if name not in self.names:
                known = ", ".join(f"{{{name}}}" for name in self.names)
                raise ValueError(f"{shown('{' + name + '}')} is not known here; what is: {known}")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


def string(raw: object, form: str) -> str:
    """:raises ValueError: is no string."""
    if not isinstance(raw, str):
        raise ValueError(f"expected {form}, got {shown(raw)}")
    return raw


def clock_time(text: str) -> time:
    """:raises ValueError: is not like 16:00."""
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    if match is None:
        raise ValueError(f'expected a time like "16:00", got {shown(text)}')
    return time(int(match[1]), int(match[2]))


def spelled(length: timedelta) -> str:
    """A length of time as the config would say it, in the largest unit that fits."""
    for unit in reversed(_UNITS):
        if length and length % _UNITS[unit] == timedelta(0):
            return f"{length // _UNITS[unit]}{unit}"
    return f"{int(length.total_seconds())}s"


def expected_one_of(of: type[StrEnum], raw: object) -> str:
    return f"expected one of {', '.join(of)}, got {shown(raw)}{near(raw, of)}"


def near(wrong: object, known: Iterable[str]) -> str:
    """``; did you mean "…"?`` where one of `known` is close to what was written, else nothing."""
    import difflib  # only for a config that is wrong

    spellings = {str(name).lower(): str(name) for name in known}
    found = difflib.get_close_matches(str(wrong).lower(), spellings, n=1)
    return f'; did you mean "{spellings[found[0]]}"?' if found else ""


def shown(raw: object) -> str:
    """A value as it stands in the config, cut where it is long."""
    if isinstance(raw, dict):
        return "a table"
    if isinstance(raw, list):
        return "a list"
    if isinstance(raw, bool):
        return str(raw).lower()
    text = str(raw) if not isinstance(raw, str) else f'"{raw}"'
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= 60 else text[:57] + "…"
