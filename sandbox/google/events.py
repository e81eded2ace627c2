"""Writing events: who may change what, what that does to the copies on other calendars, and who is mailed.

An event has one organizer's record and a copy for each guest who has an account, all with the same id.
Source: the Calendar guides "Inviting attendees to events" and "Handle API errors"; where they disagree,
`Settings` has a switch.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.google import bodies, conference, view
from sandbox.google.bodies import Write
from sandbox.google.copies import PRIVATE, guests_of, mail, propagate, save
from sandbox.google.errors import ApiError, bad_request, conflict_etag
from sandbox.google.world import CalendarBook, Entry, Fields, Record, World

_UNREMARKABLE = PRIVATE | {"sequence", "extendedShared"}


def insert(world: World, book: CalendarBook, body: dict[str, Any], write: Write) -> Entry:
    """A new event. Raises ApiError (400; 409 for an id that is or was in use)."""
    event_id = body.get("id") or world.new_id()
    if not re.fullmatch(r"[a-v0-9]{5,1024}", event_id):
        raise bad_request("Invalid resource id value.", "invalid", "id")
    return place(world, book, event_id, body, write)


def place(world: World, book: CalendarBook, event_id: str, body: dict[str, Any], write: Write) -> Entry:
    """The same for an id that Google itself chose."""
    if event_id in book.taken:
        raise ApiError(409, "duplicate", "The requested identifier already exists.")
    fields = bodies.fresh(book, body, write)
    fields["creator"] = _identity(world, write.actor)
    fields["organizer"] = _organizer(world, book)
    fields["iCalUID"] = body.get("iCalUID") or f"{event_id}@google.com"
    fields["sequence"] = body.get("sequence") or 0
    conference.follow(world, fields)
    now = world.clock.now()
    record = Record(event_id, fields, now, now, 0)
    book.records[event_id] = record
    book.taken.add(event_id)
    world.touch(record)
    entry = world.entry(book, record)
    propagate(world, book, entry, None)
    mail(world, "invite", entry, guests_of(entry.fields), write)
    return entry


def receive(world: World, book: CalendarBook, event_id: str, body: dict[str, Any], write: Write) -> Entry:
    """An invitation from outside: a guest's copy of an event whose organizer has no calendar here."""
    fields = bodies.fresh(book, body, write)
    fields["creator"] = fields["organizer"] = _identity(world, write.actor)
    fields["iCalUID"] = body.get("iCalUID") or f"{event_id}@{write.actor.partition('@')[2]}"
    record = Record(event_id, fields, world.clock.now(), world.clock.now(), 0)
    book.records[event_id] = record
    book.taken.add(event_id)
    world.touch(record)
    return world.entry(book, record)


def update_received(world: World, book: CalendarBook, event_id: str, body: dict[str, Any]) -> Entry:
    """What came from outside changes from outside, by the same rules as a copy of somebody's here."""
    entry = world.get(book, event_id)
    organizer = entry.fields["organizer"]["email"]
    write = Write(organizer, "person", "none", frozenset({"attachments", "conferenceData"}))
    fields = bodies.merged(book, entry.fields, body, write)
    fields["sequence"] = entry.fields.get("sequence", 0) + 1
    return world.entry(book, save(world, book, entry, fields))


def change(
    world: World,
    book: CalendarBook,
    event_id: str,
    body: dict[str, Any],
    write: Write,
    *,
    whole: bool = False,
) -> Entry:
    """Patch an event, or replace it (`whole`). Raises ApiError (400, 403, 404, 412)."""
    entry = world.get(book, event_id)
    _precondition(entry, write)
    if entry.cancelled and not (body.get("status") == "confirmed" and world.settings.deleted_can_be_revived):
        raise ApiError(403, "forbidden", "Forbidden")
    guest = is_guest(book, entry)
    if whole and guest:
        raise not_organizer()
    if body.get("status") == "cancelled":
        remove(world, book, event_id, write)
        return world.get(book, event_id)
    if "recurringEventId" in entry.fields and body.get("recurrence"):
        raise bad_request("An instance cannot have recurrence.", "invalid")
    before = entry.fields
    base = bodies.emptied(before, body, write) if whole else before
    new = bodies.merged(book, base, body, write)
    changed = {name for name in before.keys() | new.keys() if before.get(name) != new.get(name)}
    if not changed:
        return entry
    if guest:
        return _change_as_guest(world, book, entry, new, changed, write)
    return _change_as_organizer(world, book, entry, new, changed, write)


def remove(world: World, book: CalendarBook, event_id: str, write: Write) -> None:
    """Delete: an organizer cancels it for everybody, a guest removes their copy and declines. ApiError (404,
    410, 412).
    """
    entry = world.get(book, event_id)
    _precondition(entry, write)
    if entry.cancelled:
        raise ApiError(410, "deleted", "Resource has been deleted")
    if is_guest(book, entry):
        if _self(book, entry.fields):
            respond(world, book, event_id, {"responseStatus": "declined"}, write)
            entry = world.get(book, event_id)
        record = save(world, book, entry, {**entry.fields, "status": "cancelled"})
        record.removed_by_guest = True
        return
    before = entry
    record = save(world, book, entry, {**entry.fields, "status": "cancelled"})
    entry = world.entry(book, record)
    propagate(world, book, entry, before)
    mail(world, "cancellation", entry, guests_of(entry.fields), write)


def respond(world: World, book: CalendarBook, event_id: str, answer: dict[str, Any], write: Write) -> Entry:
    """A guest's own entry changes: on their copy, at the organizer, and from there on the other copies."""
    entry = world.get(book, event_id)
    me = book.id
    save(world, book, entry, _answered(entry.fields, me, answer))
    organizer = entry.fields["organizer"]["email"]
    home = world.calendars.get(organizer)
    theirs = world.find(home, event_id) if home and organizer != me else None
    if home and theirs and not theirs.cancelled:
        record = save(world, home, theirs, _answered(theirs.fields, me, answer))
        propagate(world, home, world.entry(home, record), theirs, only={"attendees"})
    if organizer != me and "responseStatus" in answer:
        mail(world, "response", entry, [organizer], write)
    return world.get(book, event_id)


def relocate(world: World, book: CalendarBook, to: CalendarBook, event_id: str, write: Write) -> Entry:
    """Move an event to another calendar, which organizes it from then on; a cancelled one stays behind."""
    entry = world.get(book, event_id)
    if is_guest(book, entry):
        raise not_organizer()
    if event_id in to.taken or entry.cancelled or "recurringEventId" in entry.fields:
        raise bad_request("The event cannot be moved.", "cannotChangeOrganizer")
    fields = {**entry.fields, "organizer": _organizer(world, to)}
    record = Record(event_id, fields, entry.created, world.clock.now(), 0)
    to.records[event_id] = record
    to.taken.add(event_id)
    world.touch(record)
    save(world, book, entry, {**entry.fields, "status": "cancelled"})
    moved = world.entry(to, record)
    propagate(world, to, moved, None)
    mail(world, "update", moved, guests_of(moved.fields), write)
    return moved


def is_guest(book: CalendarBook, entry: Entry) -> bool:
    """Whether somebody else's calendar organizes it."""
    return bool(entry.fields["organizer"]["email"] != book.id)


def not_organizer() -> ApiError:
    message = "Shared properties can only be changed by the organizer of the event."
    return ApiError(403, "forbiddenForNonOrganizer", message, domain="calendar")


def _change_as_organizer(
    world: World, book: CalendarBook, entry: Entry, new: Fields, changed: set[str], write: Write
) -> Entry:
    if changed & {"start", "end", "recurrence"}:
        new["sequence"] = entry.fields.get("sequence", 0) + 1
    conference.follow(world, new)
    record = save(world, book, entry, new)
    after = world.entry(book, record)
    propagate(world, book, after, entry, only=changed | {"sequence"})
    was, now = set(guests_of(entry.fields)), set(guests_of(after.fields))
    mail(world, "invite", after, sorted(now - was), write)
    mail(world, "cancellation", after, sorted(was - now), write)
    if changed - _UNREMARKABLE:
        mail(world, "update", after, sorted(now & was), write)
    return after


def _change_as_guest(
    world: World, book: CalendarBook, entry: Entry, new: Fields, changed: set[str], write: Write
) -> Entry:
    settings = world.settings
    mine, theirs = _self(book, new), _self(book, entry.fields)
    others_changed = "attendees" in changed and _others(book, new) != _others(book, entry.fields)
    shared = changed - PRIVATE - {"attendees", "attachments"} | ({"attendees"} if others_changed else set())
    home = world.calendars.get(entry.fields["organizer"]["email"])
    original = world.find(home, entry.id) if home else None
    if shared and entry.fields.get("guestsCanModify") and home and original:
        given = {name: new[name] for name in shared if name in new}
        _change_as_organizer(world, home, original, {**original.fields, **given}, shared, write)
    elif shared and settings.guest_edits == "forbidden":
        raise not_organizer()
    if "attachments" in changed and settings.guest_attachments == "forbidden":
        raise not_organizer()
    kept = (
        {**new, "attendees": entry.fields["attendees"]}
        if mine != theirs and "attendees" in entry.fields
        else new
    )
    if {name for name in changed if kept.get(name) != entry.fields.get(name)}:
        save(world, book, world.get(book, entry.id), kept)
    if mine and theirs and mine != theirs:
        answer = {
            name: mine.get(name) for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)
        }
        return respond(world, book, entry.id, answer, write)
    return world.get(book, entry.id)


def _precondition(entry: Entry, write: Write) -> None:
    if write.if_match not in (None, "*", view.etag(entry)):
        raise conflict_etag()


def _identity(world: World, email: str) -> dict[str, Any]:
    person = world.people.get(email)
    return {"email": email, "displayName": person.name} if person and person.name else {"email": email}


def _organizer(world: World, book: CalendarBook) -> dict[str, Any]:
    return _identity(world, book.id) if book.primary else {"email": book.id, "displayName": book.summary}


def _self(book: CalendarBook, fields: Fields) -> dict[str, Any] | None:
    return next((each for each in fields.get("attendees", []) if each["email"] == book.id), None)


def _others(book: CalendarBook, fields: Fields) -> list[dict[str, Any]]:
    return [each for each in fields.get("attendees", []) if each["email"] != book.id]


def _answered(fields: Fields, email: str, answer: dict[str, Any]) -> Fields:
    attendees = [
        {name: value for name, value in (each | answer).items() if value is not None}
        if each["email"] == email
        else each
        for each in fields.get("attendees", [])
    ]
    return {**fields, "attendees": attendees}
