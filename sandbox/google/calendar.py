"""The Calendar API v3: from a checked call to what it does, and to the JSON that answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.google import events, times, view
from sandbox.google.bodies import Write
from sandbox.google.discovery import Call
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.listing import Lists
from sandbox.google.world import CalendarBook, Entry, World

Answer = tuple[int, dict[str, Any] | None, dict[str, str]]
"""HTTP status, body, headers."""


class CalendarApi:
    """Answers `calendar.*` methods for somebody signed in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.lists = Lists(world)

    def call(self, call: Call, person: str, headers: dict[str, str]) -> Answer:
        """Carry a call out. Raises ApiError."""
        resource, _, verb = call.method.id.removeprefix("calendar.").partition(".")
        match resource:
            case "events":
                return self._events(verb, call, person, headers)
            case "calendarList" if verb in ("list", "get"):
                return self._calendar_list(verb, call, person)
            case "calendars" if verb == "get":
                return 200, _calendar(self._world.calendar(person, call.path["calendarId"])), {}
            case "settings" if verb in ("list", "get"):
                return self._settings(verb, call, person)
            case "freebusy":
                return 200, self._free_busy(call.body, person), {}
        raise ApiError(501, "notImplemented", f"The sandbox has no {call.method.id}.")

    def _events(self, verb: str, call: Call, person: str, headers: dict[str, str]) -> Answer:
        world, query = self._world, call.query
        writing = verb not in ("list", "get", "instances")
        book = world.calendar(person, call.path["calendarId"], write=writing)
        event_id = call.path.get("eventId", "")
        write = _write(call, person, headers)
        match verb:
            case "list":
                return 200, self.lists.events(book, person, query), {}
            case "instances":
                return 200, self.lists.instances(book, person, event_id, query), {}
            case "get":
                return self._get(book, event_id, query, headers)
            case "insert":
                return self._answer(book, events.insert(world, book, call.body, write), query)
            case "import":
                if not call.body.get("iCalUID"):
                    raise bad_request("Missing iCalUID.", "required")
                return self._answer(book, self._import(book, call.body, write), query)
            case "patch" | "update":
                entry = events.change(world, book, event_id, call.body, write, whole=verb == "update")
                return self._answer(book, entry, query)
            case "move":
                target = world.calendar(person, query["destination"], write=True)
                return self._answer(target, events.relocate(world, book, target, event_id, write), query)
            case "delete":
                events.remove(world, book, event_id, write)
                return 204, None, {}
        raise ApiError(501, "notImplemented", f"The sandbox has no {call.method.id}.")

    def _import(self, book: CalendarBook, body: dict[str, Any], write: Write) -> Entry:
        """A private copy of an event that is organized elsewhere, or here; nobody is invited."""
        organizer = str((body.get("organizer") or {}).get("email") or book.id).lower()
        if organizer == book.id:
            silent = Write(write.actor, write.cause, "none", write.supports)
            return events.insert(self._world, book, {**body, "id": None}, silent)
        elsewhere = Write(organizer, write.cause, "none", write.supports)
        return events.receive(self._world, book, "_" + self._world.new_id(), body, elsewhere)

    def _get(
        self, book: CalendarBook, event_id: str, query: dict[str, Any], headers: dict[str, str]
    ) -> Answer:
        entry = self._world.get(book, event_id)
        if headers.get("if-none-match") == view.etag(entry):
            return 304, None, {"ETag": view.etag(entry)}
        return self._answer(book, entry, query)

    def _answer(self, book: CalendarBook, entry: Entry, query: dict[str, Any]) -> Answer:
        header = {"ETag": view.etag(entry)}
        if entry.cancelled and self._world.settings.cancelled_details == "bare":
            return 200, view.tombstone(book, entry, query.get("timeZone")), header
        shown = view.resource(self._world, book, entry, query.get("timeZone"), query.get("maxAttendees"))
        return 200, shown, header

    def _calendar_list(self, verb: str, call: Call, person: str) -> Answer:
        if verb == "get":
            return 200, _listed(self._world.calendar(person, call.path["calendarId"]), person), {}
        books = [book for book in self._world.calendars.values() if person in book.roles]
        if (least := call.query.get("minAccessRole")) is not None:
            order = ["freeBusyReader", "reader", "writer", "owner"]
            books = [book for book in books if order.index(book.roles[person]) >= order.index(least)]
        answer = {
            "kind": "calendar#calendarList",
            "etag": '"p1"',
            "items": [_listed(book, person) for book in books],
        }
        if call.query.get("syncToken"):
            answer["items"] = []
        return 200, {**answer, "nextSyncToken": "calendars"}, {}

    def _settings(self, verb: str, call: Call, person: str) -> Answer:
        values = {"timezone": self._world.people[person].time_zone, "locale": "en_GB", "weekStart": "1"}
        items = [
            {"kind": "calendar#setting", "etag": '"0"', "id": name, "value": value}
            for name, value in values.items()
        ]
        if verb == "list":
            return (
                200,
                {"kind": "calendar#settings", "etag": '"0"', "nextSyncToken": "settings", "items": items},
                {},
            )
        for item in items:
            if item["id"] == call.path["setting"]:
                return 200, item, {}
        raise ApiError(404, "notFound", "Not Found")

    def _free_busy(self, body: dict[str, Any], person: str) -> dict[str, Any]:
        if not body.get("timeMin") or not body.get("timeMax"):
            raise bad_request("Missing time range.", "required")
        window = {name: datetime.fromisoformat(body[name]) for name in ("timeMin", "timeMax")}
        calendars: dict[str, Any] = {}
        for item in body.get("items") or []:
            try:
                book = self._world.calendar(person, item["id"])
            except ApiError:
                calendars[item["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            page = self.lists.events(book, person, {**window, "singleEvents": True, "orderBy": "startTime"})
            busy = [
                {name: event[name].get("dateTime") or event[name]["date"] for name in ("start", "end")}
                for event in page["items"]
                if event.get("transparency") != "transparent"
            ]
            calendars[item["id"]] = {"busy": busy}
        shown = {name: times.stamp(value) for name, value in window.items()}
        return {"kind": "calendar#freeBusy", **shown, "calendars": calendars}


def _write(call: Call, person: str, headers: dict[str, str]) -> Write:
    query = call.query
    # A request that says nothing mails the guests, whatever the documentation calls the default: issue 30113 of
    # calcom/cal.diy.
    send = query.get("sendUpdates") or ("none" if query.get("sendNotifications") is False else "all")
    supports = set()
    if query.get("supportsAttachments"):
        supports.add("attachments")
    if query.get("conferenceDataVersion", 0) >= 1:
        supports.add("conferenceData")
    return Write(person, "client", send, frozenset(supports), headers.get("if-match"))


def _calendar(book: CalendarBook) -> dict[str, Any]:
    return {
        "kind": "calendar#calendar",
        "etag": '"1"',
        "id": book.id,
        "summary": book.summary,
        "timeZone": book.time_zone,
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }


def _listed(book: CalendarBook, person: str) -> dict[str, Any]:
    primary = book.primary and book.id == person
    return {
        "kind": "calendar#calendarListEntry",
        "etag": '"1"',
        "id": book.id,
        "summary": book.summary,
        "timeZone": book.time_zone,
        "colorId": "14",
        "backgroundColor": "#9fe1e7",
        "foregroundColor": "#000000",
        "selected": True,
        "accessRole": book.roles[person],
        "defaultReminders": [{"method": "popup", "minutes": 10}] if book.primary else [],
        **({"primary": True} if primary else {}),
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }
