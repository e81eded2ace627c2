"""Writing events: who may change what, what that does to the copies on other calendars, and who is mailed.

An event has one organizer's record and a copy for each guest who has an account, all with the same id. Source: the
Calendar guides "Inviting attendees to events" and "Handle API errors"; where they disagree, `Settings` has a switch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sandbox.google import bodies, recurrence, times, view
from sandbox.google.bodies import Write
from sandbox.google.errors import ApiError, bad_request, conflict_etag
from sandbox.google.world import CalendarBook, Entry, Fields, Record, World
from sandbox.mailbox import Kind, Notification

PRIVATE = frozenset(
    [
        "reminders",
        "colorId",
        "transparency",
        "extendedPrivate",
        "focusTimeProperties",
        "outOfOfficeProperties",
        "workingLocationProperties",
    ]
)
"""What belongs to each copy; everything else is the organizer's."""

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
    fields = bodies.fresh(world, book, body, write)
    fields["creator"] = _identity(world, write.actor)
    fields["organizer"] = _organizer(world, book)
    fields["iCalUID"] = body.get("iCalUID") or f"{event_id}@google.com"
    fields["sequence"] = body.get("sequence") or 0
    _conference(world, fields)
    now = world.clock.now()
    record = Record(event_id, fields, now, now, 0)
    book.records[event_id] = record
    book.taken.add(event_id)
    world.touch(record)
    entry = world.entry(book, record)
    _propagate(world, book, entry, None)
    _mail(world, "invite", entry, _guests(entry.fields), write)
    return entry


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
    base = _emptied(before, body, write) if whole else before
    new = bodies.merged(book, base, body, write)
    changed = {name for name in before.keys() | new.keys() if before.get(name) != new.get(name)}
    if not changed:
        return entry
    if guest:
        return _change_as_guest(world, book, entry, new, changed, write)
    return _change_as_organizer(world, book, entry, new, changed, write)


def remove(world: World, book: CalendarBook, event_id: str, write: Write) -> None:
    """Delete: an organizer cancels it for everybody, a guest removes their copy and declines. ApiError (404, 410, 412)."""
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
    _propagate(world, book, entry, before)
    _mail(world, "cancellation", entry, _guests(entry.fields), write)


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
        _propagate(world, home, world.entry(home, record), theirs, only={"attendees"})
        if "responseStatus" in answer:
            _mail(world, "response", entry, [organizer], write)
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
    _propagate(world, to, moved, None)
    _mail(world, "update", moved, _guests(moved.fields), write)
    return moved


def is_guest(book: CalendarBook, entry: Entry) -> bool:
    """Whether somebody else's calendar organizes it."""
    return bool(entry.fields["organizer"]["email"] != book.id)


def not_organizer() -> ApiError:
    message = "Shared properties can only be changed by the organizer of the event."
    return ApiError(403, "forbiddenForNonOrganizer", message, domain="calendar")


def save(world: World, book: CalendarBook, entry: Entry, fields: Fields) -> Record:
    """Write the complete fields of an event on one calendar; an instance becomes an exception."""
    record = entry.record
    if record is None:
        record = Record(entry.id, {}, entry.created, entry.updated, 0)
        book.records[entry.id] = record
        book.taken.add(entry.id)
    if entry.master and entry.master.fields.get("recurrence"):
        base = world.instance(entry.master, entry.fields["originalStartTime"]).fields
        own = {
            name: fields.get(name)
            for name in base.keys() | fields.keys()
            if base.get(name) != fields.get(name)
        }
        record.fields = own | {
            name: fields[name] for name in ("recurringEventId", "originalStartTime", "start", "end")
        }
    else:
        lost = _instances(record.fields) - _instances(fields)
        record.fields = fields
        _retire(world, book, record, lost)
    world.touch(record)
    return record


def _change_as_organizer(
    world: World, book: CalendarBook, entry: Entry, new: Fields, changed: set[str], write: Write
) -> Entry:
    if changed & {"start", "end", "recurrence"}:
        new["sequence"] = entry.fields.get("sequence", 0) + 1
    _conference(world, new)
    record = save(world, book, entry, new)
    after = world.entry(book, record)
    _propagate(world, book, after, entry, only=changed | {"sequence"})
    was, now = set(_guests(entry.fields)), set(_guests(after.fields))
    _mail(world, "invite", after, sorted(now - was), write)
    _mail(world, "cancellation", after, sorted(was - now), write)
    if changed - _UNREMARKABLE:
        _mail(world, "update", after, sorted(now & was), write)
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


def _propagate(
    world: World, book: CalendarBook, entry: Entry, before: Entry | None, only: set[str] | None = None
) -> None:
    """Bring the guests' copies in line with the organizer's event."""
    guests = _guests(entry.fields)
    dropped = [email for email in _guests(before.fields) if email not in guests] if before else []
    if world.settings.organizer_update_resets_guest_copy and only != {"attendees"}:
        only = None
    for email in guests:
        copy_book = world.calendars.get(email)
        if copy_book and copy_book is not book:
            _copy(world, copy_book, entry, only)
    for email in dropped:
        copy_book = world.calendars.get(email)
        copy = world.find(copy_book, entry.id) if copy_book else None
        if copy_book and copy and not copy.cancelled:
            save(world, copy_book, copy, {**copy.fields, "status": "cancelled"})


def _copy(world: World, book: CalendarBook, entry: Entry, only: set[str] | None) -> None:
    shared = {name: value for name, value in entry.fields.items() if name not in PRIVATE}
    copy = world.find(book, entry.id)
    if copy is None:
        if "recurringEventId" in shared and entry.cancelled:
            return
        record = Record(
            entry.id, {**shared, "reminders": {"useDefault": True}}, entry.created, entry.updated, 0
        )
        book.records[entry.id] = record
        book.taken.add(entry.id)
        world.touch(record)
        return
    removed = copy.record is not None and copy.record.removed_by_guest
    names = (only or entry.fields.keys() | copy.fields.keys()) - PRIVATE | (
        {"status"} if not removed else set()
    )
    fields = dict(copy.fields)
    for name in names - ({"status"} if removed else set()):
        fields.pop(name, None)
        if name in shared:
            fields[name] = shared[name]
    if removed and copy.record:
        copy.record.fields |= {name: fields[name] for name in ("attendees",) if name in fields}
    elif fields != copy.fields:
        save(world, book, copy, fields)


def _instances(fields: Fields) -> set[str]:
    if not fields.get("recurrence") or fields.get("status") == "cancelled":
        return set()
    return {times.key(start) for start in recurrence.starts(fields)}


def _retire(world: World, book: CalendarBook, record: Record, lost: set[str]) -> None:
    """Instances that a series no longer has: ids alone remain, of its exceptions too."""
    zone = record.fields["start"].get("timeZone", "UTC")
    for key in sorted(lost):
        exception = book.records.get(f"{record.id}_{key}")
        if exception is None:
            record.retired[key] = (world.tick + 1, times.from_key(key, zone))
        elif not exception.cancelled:
            exception.fields = {**world.entry(book, exception).fields, "status": "cancelled"}
            exception.orphaned = True
            world.touch(exception)
    kept = _instances(record.fields)
    record.retired = {key: value for key, value in record.retired.items() if key not in kept}


def _emptied(before: Fields, body: dict[str, Any], write: Write) -> Fields:
    """What a PUT starts from: leaving a field out sets its default."""
    always = (
        "creator",
        "organizer",
        "iCalUID",
        "sequence",
        "eventType",
        "recurringEventId",
        "originalStartTime",
    )
    kept = {name: before[name] for name in always if name in before}
    for name in ("attachments", "conferenceData", "hangoutLink"):
        if name in before and name not in write.supports:
            kept[name] = before[name]
    for which in ("start", "end"):
        if not body.get(which):
            raise bad_request(f"Missing {which} time.", "required")
    return {**kept, "status": "confirmed", "reminders": {"useDefault": True}}


def _conference(world: World, fields: Fields) -> None:
    request = fields.get("conferenceData", {}).get("createRequest")
    if not request or fields["conferenceData"].get("conferenceId"):
        return
    code = "-".join((world.new_id(3), world.new_id(4), world.new_id(3)))
    uri = f"https://meet.google.com/{code}"
    fields["hangoutLink"] = uri
    fields["conferenceData"] = {
        "createRequest": {**request, "status": {"statusCode": "success"}},
        "entryPoints": [{"entryPointType": "video", "uri": uri, "label": uri.removeprefix("https://")}],
        "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
        "conferenceId": code,
    }


def _precondition(entry: Entry, write: Write) -> None:
    if write.if_match not in (None, "*", view.etag(entry)):
        raise conflict_etag()


def _mail(world: World, kind: Kind, entry: Entry, to: Iterable[str], write: Write) -> None:
    if write.send == "none":
        return
    for email in to:
        outside = email not in world.people
        if email != write.actor and (write.send == "all" or outside):
            world.mailbox.send(
                Notification(email, kind, entry.id, write.cause, write.actor, world.clock.now())
            )


def _guests(fields: Fields) -> list[str]:
    organizer = fields["organizer"]["email"]
    return [
        attendee["email"]
        for attendee in fields.get("attendees", [])
        if attendee["email"] != organizer and not attendee.get("resource")
    ]


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
