"""What goes over the wire, for every provider: a request, its answer, and the log of both."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `path` as sent (still quoted), `query` with every value of a repeated parameter."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def form(self) -> dict[str, str]:
        """A urlencoded body; the first value of each field."""
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; `account` and `operation` are only for the log."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    account: str | None = None
    operation: str | None = None


def page(title: str, text: str = "", status: int = 200) -> Response:
    """A page for people, which says a title and a text and nothing else."""
    title, text = html.escape(title), html.escape(text)
    content = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><pre>{text}</pre>"
    return Response(status, content.encode(), {"Content-Type": "text/html; charset=utf-8"})


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as it went: `path` unquoted, `body` parsed if it is JSON; `status` 0 if it was never
    answered.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    account: str | None
    operation: str | None

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


class RequestLog:
    """Every request in order; `lines()` for an exact comparison, `operations()` for one by method id."""

    def __init__(self) -> None:
        self._entries: list[Logged] = []

    def add(self, entry: Logged) -> None:
        self._entries.append(entry)

    def __iter__(self) -> Iterator[Logged]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> Logged:
        return self._entries[index]

    def lines(self) -> list[str]:
        """`METHOD /path` of each."""
        return [entry.line for entry in self._entries]

    def operations(self) -> list[str]:
        """The provider's names of the calls (`calendar.events.list`); those that have none are left out."""
        return [entry.operation for entry in self._entries if entry.operation]

    def clear(self) -> None:
        self._entries.clear()
