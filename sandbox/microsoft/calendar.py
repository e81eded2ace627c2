"""Outlook's part of Graph: from a request to what it does, and to the JSON that answers it."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlencode

from sandbox.exchange import Request
from sandbox.microsoft import bodies, directory, events, odata, prefer, schema, times, view
from sandbox.microsoft.bodies import Write
from sandbox.microsoft.delta import Deltas
from sandbox.microsoft.errors import GraphError, bad_body, conflict_etag, no_window, not_found
from sandbox.microsoft.items import CalendarBook, Entry
from sandbox.microsoft.prefer import Prefer
from sandbox.microsoft.routes import Match
from sandbox.microsoft.world import World

Answer = tuple[int, dict[str, Any] | None, dict[str, str]]
"""HTTP status, body, headers."""

PAGE = 10


class CalendarApi:
    """Answers for the mailbox of somebody signed in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.deltas = Deltas(world)

    def call(self, match: Match, request: Request, person: str) -> Answer:
        """Carry a request out. Raises GraphError."""
        asked = prefer.read(request)
        status, body, headers = self._call(match, request, person, asked)
        return status, body, {**asked.headers, **headers}

    def _call(self, match: Match, request: Request, person: str, asked: Prefer) -> Answer:
        world = self._world
        book = world.calendar(person, match.ids.get("calendar")) if "calendar" in match.ids else None
        match match.operation:
            case "me.get":
                return 200, directory.person(world, person), {}
            case "calendars.list":
                listed = [directory.calendar(world, each) for each in world.books(person)]
                return (
                    200,
                    {"@odata.context": directory.context(world, "users/calendars"), "value": listed},
                    {},
                )
            case "calendar.get":
                return 200, directory.calendar(world, book or world.calendar(person)), {}
            case "calendarView.delta":
                return 200, self.deltas.answer(book or world.calendar(person), person, request, asked), {}
            case "calendarView.list":
                return 200, self._view(book or world.calendar(person), request, asked), {}
            case "events.list":
                return 200, self._list(world.books(person) if book is None else [book], request, asked), {}
            case "events.create":
                return self._create(book or world.calendar(person), request, person, asked)
        entry = world.get(person, match.ids["event"], immutable=asked.immutable)
        if entry.item.deleted and not (world.settings.deleted_items_readable and asked.immutable):
            raise not_found()
        if book is not None and (entry.book is not book or entry.item.deleted):
            raise not_found()
        return self._on_event(match, request, entry, Write(person), asked)

    def _on_event(self, match: Match, request: Request, entry: Entry, write: Write, asked: Prefer) -> Answer:
        world = self._world
        self._precondition(request, entry)
        match match.operation:
            case "events.get":
                return self._answer(entry, request, asked)
            case "events.update":
                body = schema.check("event", _json(request))
                return self._answer(events.change(world, entry, body, write), request, asked)
            case "events.delete":
                events.remove(world, entry, write)
                return 204, None, {}
            case "events.instances":
                return 200, self._instances(entry, request, asked), {}
            case "events.cancel":
                schema.check("cancelAction", _uncapitalized(_json(request, empty=True)))
                events.cancel(world, entry, write)
                return 202, None, {}
            case "events.accept" | "events.tentativelyAccept" | "events.decline" as operation:
                return self._respond(operation, request, entry, write)
        return self._extension(match, request, entry, write)

    def _respond(self, operation: str, request: Request, entry: Entry, write: Write) -> Answer:
        body = schema.check("responseAction", _uncapitalized(_json(request, empty=True)))
        answers = {
            "events.accept": "accepted",
            "events.tentativelyAccept": "tentativelyAccepted",
            "events.decline": "declined",
        }
        events.respond(
            self._world,
            entry,
            cast("events.Answer", answers[operation]),
            write,
            # Graph sends the response unless it is told not to.
            sends=body.get("sendResponse") is not False,
            proposed=body.get("proposedNewTime"),
        )
        return 202, None, {}

    def _extension(self, match: Match, request: Request, entry: Entry, write: Write) -> Answer:
        world, kept = self._world, entry.fields["extensions"]
        if match.operation == "extensions.create":
            body = schema.check("openTypeExtension", _json(request))
            name = body.get("extensionName") or ""
            if name in kept:
                raise GraphError(409, "ErrorItemAlreadyExists", "An extension of this name already exists.")
            events.change(world, entry, {"extensions": [body]}, write)
            return 201, view.extension(name, bodies.extension(body)), {}
        name = match.ids["extension"].removeprefix(view.EXTENSION_PREFIX)
        if name not in kept:
            raise not_found()
        if match.operation == "extensions.get":
            return 200, view.extension(name, kept[name]), {}
        if match.operation == "extensions.delete":
            rest = {other: value for other, value in kept.items() if other != name}
            world.save(entry, {**entry.fields, "extensions": rest})
            return 204, None, {}
        given = {**kept[name], **bodies.extension(schema.check("openTypeExtension", _json(request)))}
        events.change(world, entry, {"extensions": [{"extensionName": name, **given}]}, write)
        return 200, view.extension(name, given), {}

    def _create(self, book: CalendarBook, request: Request, person: str, asked: Prefer) -> Answer:
        body = schema.check("event", _json(request))
        entry = events.insert(self._world, book, body, Write(person))
        shown = {"@odata.context": directory.context(self._world, "users/events/$entity")}
        location = f"{self._world.root}/v1.0/me/events('{view.shown_id(entry, asked)}')"
        return 201, {**shown, **view.resource(self._world, entry, asked)}, {"Location": location}

    def _answer(self, entry: Entry, request: Request, asked: Prefer) -> Answer:
        shape = odata.shape(odata.options(request))
        shown = {"@odata.context": directory.context(self._world, "users/events/$entity")}
        return 200, {**shown, **view.resource(self._world, entry, asked, shape)}, {"ETag": view.etag(entry)}

    def _view(self, book: CalendarBook, request: Request, asked: Prefer) -> dict[str, Any]:
        start, end = _window(request)
        return self._page(self._world.view(book, start, end), request, asked)

    def _instances(self, entry: Entry, request: Request, asked: Prefer) -> dict[str, Any]:
        start, end = _window(request)
        if entry.kind != "seriesMaster":
            raise GraphError(400, "ErrorInvalidRequest", "Only a series master has instances.")
        found = self._world.occurrences(entry.book, entry.item, start, end)
        return self._page(list(found), request, asked)

    def _list(self, books: list[CalendarBook], request: Request, asked: Prefer) -> dict[str, Any]:
        found = [
            self._world.entry(book, item)
            for book in books
            for item in book.items.values()
            if not item.deleted and not item.purged
        ]
        for book in books:
            for item in book.items.values():
                if not item.deleted and item.is_series:
                    found += [self._world.occurrence(book, item, day) for day in item.exceptions]
        return self._page(found, request, asked)

    def _page(self, found: list[Entry], request: Request, asked: Prefer) -> dict[str, Any]:
        given = odata.options(request)
        shape = odata.shape(given)
        if text := given.get("$filter"):
            test = odata.filter_of(text)
            found = [each for each in found if test(each, view.resource(self._world, each, Prefer()))]
        if text := given.get("$orderby"):
            key, backwards = odata.order_of(text)
            found = sorted(
                found, key=lambda each: key(view.resource(self._world, each, Prefer())), reverse=backwards
            )
        size = odata.number(given, "$top", asked.page_size or PAGE)
        size = min(size, self._world.settings.page_size or 1000)
        skip = odata.number(given, "$skip", 0)
        page: dict[str, Any] = {
            "@odata.context": directory.context(self._world, "users/events"),
            "value": [view.resource(self._world, each, asked, shape) for each in found[skip : skip + size]],
        }
        if skip + size < len(found):
            query = {name: values for name, values in request.query.items() if name.lower() != "$skip"}
            page["@odata.nextLink"] = _url(self._world, request.path, {**query, "$skip": [str(skip + size)]})
        return page

    def _precondition(self, request: Request, entry: Entry) -> None:
        given = request.headers.get("if-match")
        if self._world.settings.if_match == "holds" and given not in (None, "*", view.etag(entry)):
            raise conflict_etag()


def _window(request: Request) -> tuple[Any, Any]:
    names = {name.lower(): name for name in request.query}
    if not {"startdatetime", "enddatetime"} <= names.keys():
        raise no_window()
    start = times.query(request.first(names["startdatetime"]), "startDateTime")
    end = times.query(request.first(names["enddatetime"]), "endDateTime")
    if end < start:
        raise GraphError(400, "ErrorInvalidParameter", "End date must be after start date.")
    return start, end


def _json(request: Request, *, empty: bool = False) -> dict[str, Any]:
    if not request.body.strip():
        if empty:
            return {}
        raise GraphError(400, "BadRequest", "Empty Payload. JSON content expected.")
    if "json" not in request.headers.get("content-type", ""):
        raise bad_body(
            "A supported MIME type could not be found that matches the content type of the request."
        )
    try:
        body = json.loads(request.body)
    except ValueError:
        raise bad_body("Unable to read JSON request payload.") from None
    if not isinstance(body, dict):
        raise bad_body("Unable to read JSON request payload.")
    return body


def _uncapitalized(body: dict[str, Any]) -> dict[str, Any]:
    """Parameters of actions are taken in either case: the metadata has capitals, the documentation doesn't."""
    return {name[:1].lower() + name[1:]: value for name, value in body.items()}


def _url(world: World, path: str, query: dict[str, list[str]]) -> str:
    return f"{world.root}{path}?{urlencode(query, doseq=True, safe='$')}"
