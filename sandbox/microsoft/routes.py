"""Which addresses there are, and which permission each wants: Graph's operations, as far as the sandbox has them.

Permissions are the delegated ones of each operation's page in the Graph v1.0 reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from sandbox.microsoft.errors import GraphError

Part = Literal["user", "calendar", "drive"]

_READ = frozenset(["Calendars.Read", "Calendars.ReadWrite"])
_WRITE = frozenset(["Calendars.ReadWrite"])
_USER = frozenset(["User.Read", "User.ReadWrite"])
FILES = frozenset(["Files.ReadWrite", "Files.ReadWrite.All"])
FILES_READ = FILES | {"Files.Read", "Files.Read.All"}
APP_FOLDER = frozenset(["Files.ReadWrite.AppFolder"])

SCOPES = _READ | _USER | FILES_READ | APP_FOLDER | {"Mail.Read", "Tasks.ReadWrite"}
"""Permissions of Graph that the sandbox has heard of."""
ADMIN_ONLY = frozenset(["User.Read.All", "Directory.Read.All"])


@dataclass(frozen=True, slots=True)
class Match:
    """An operation, the ids in its address, and the permissions of which one is enough."""

    operation: str
    part: Part
    scopes: frozenset[str]
    ids: dict[str, str]


_ID = r"(?:/|\(')(?P<{}>[^/'()]+)(?:'\))?"
_CALENDAR = rf"(?:/calendars{_ID.format('calendar')}|/calendar)?"
_EVENT = rf"{_CALENDAR}/events{_ID.format('event')}"

_ROUTES: list[tuple[str, str, str, Part, frozenset[str]]] = [
    ("GET", r"", "me.get", "user", _USER),
    ("GET", r"/calendars", "calendars.list", "calendar", _READ),
    ("GET", rf"/calendars{_ID.format('calendar')}", "calendar.get", "calendar", _READ),
    ("GET", r"/calendar", "calendar.get", "calendar", _READ),
    ("GET", rf"{_CALENDAR}/calendarView", "calendarView.list", "calendar", _READ),
    (
        "GET",
        rf"{_CALENDAR}/calendarView/(?:microsoft\.graph\.)?delta(?:\(\))?",
        "calendarView.delta",
        "calendar",
        _READ,
    ),
    ("GET", rf"{_CALENDAR}/events", "events.list", "calendar", _READ),
    ("POST", rf"{_CALENDAR}/events", "events.create", "calendar", _WRITE),
    ("GET", _EVENT, "events.get", "calendar", _READ),
    ("PATCH", _EVENT, "events.update", "calendar", _WRITE),
    ("DELETE", _EVENT, "events.delete", "calendar", _WRITE),
    ("GET", rf"{_EVENT}/instances", "events.instances", "calendar", _READ),
    ("POST", rf"{_EVENT}/cancel", "events.cancel", "calendar", _WRITE),
    ("POST", rf"{_EVENT}/accept", "events.accept", "calendar", _WRITE),
    ("POST", rf"{_EVENT}/decline", "events.decline", "calendar", _WRITE),
    ("POST", rf"{_EVENT}/tentativelyAccept", "events.tentativelyAccept", "calendar", _WRITE),
    ("POST", rf"{_EVENT}/extensions", "extensions.create", "calendar", _WRITE),
    ("GET", rf"{_EVENT}/extensions{_ID.format('extension')}", "extensions.get", "calendar", _READ),
    ("PATCH", rf"{_EVENT}/extensions{_ID.format('extension')}", "extensions.update", "calendar", _WRITE),
    ("DELETE", rf"{_EVENT}/extensions{_ID.format('extension')}", "extensions.delete", "calendar", _WRITE),
]
_COMPILED = [
    (method, re.compile(pattern), operation, part, scopes)
    for method, pattern, operation, part, scopes in _ROUTES
]


def find(method: str, path: str, me: tuple[str, ...]) -> Match:
    """The operation at an address beneath /v1.0; `me` are the names of the one signed in. Raises GraphError."""
    match = re.match(r"/me(?=/|$)|/users/([^/]+)", path)
    if match is None:
        segment = path.split("/")[1] if "/" in path else path
        raise GraphError(400, "BadRequest", f"Resource not found for the segment '{segment}'.")
    if match[1] and unquote(match[1]).lower() not in me:
        raise GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    rest = path[match.end() :].rstrip("/")
    if re.match(r"/drive(?=/|$)", rest):
        return Match(f"drive.{method}", "drive", FILES_READ | APP_FOLDER, {"rest": rest[len("/drive") :]})
    known = False
    for verb, pattern, operation, part, scopes in _COMPILED:
        if found := pattern.fullmatch(rest):
            known = True
            if verb == method:
                ids = {name: unquote(value) for name, value in found.groupdict().items() if value}
                return Match(operation, part, scopes, ids)
    if known:
        raise GraphError(405, "ErrorMethodNotAllowed", "The HTTP method is not allowed on this resource.")
    segment = rest.rsplit("/", 1)[-1]
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{segment}'.")
