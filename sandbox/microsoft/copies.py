"""What travels between the organizer's item and the attendees' copies, and the mail that carries it.

Which of an attendee's own changes survive an update isn't known: see `Settings.update_replaces_body`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.mailbox import Kind, Notification
from sandbox.microsoft import recurrence, times
from sandbox.microsoft.bodies import DEFAULTS, OWN, Write
from sandbox.microsoft.items import Entry, Fields
from sandbox.microsoft.world import World

_AWAITED = {"response": "notResponded", "responded": times.NEVER, "showAs": "tentative"}


def send(world: World, entry: Entry, before: Entry | None, write: Write) -> None:
    """An organizer made or changed an event: the attendees' copies follow, and the attendees are mailed."""
    now, was = _guests(entry), _guests(before) if before else []
    added, dropped = [who for who in now if who not in was], [who for who in was if who not in now]
    stayed = [who for who in now if who in was]
    for who in now:
        _deliver(world, who, entry, before if who in was else None)
    for who in dropped:
        _cancel_copy(world, who, entry)
    only_people = bool(added or dropped) and before is not None and _same_but_people(entry, before)
    mail(world, "invite", entry, added, write)
    mail(world, "cancellation", entry, dropped, write)
    if not only_people or write.cause == "person":
        mail(world, "update", entry, stayed, write)


def cancel(world: World, entry: Entry, write: Write) -> None:
    """An organizer cancelled: the copies stay, marked as cancelled, until their owners remove them."""
    guests = _guests(entry)
    for who in guests:
        _cancel_copy(world, who, entry)
    mail(world, "cancellation", entry, guests, write)


def answer(
    world: World,
    entry: Entry,
    response: str,
    write: Write,
    *,
    mails: bool,
    proposed: dict[str, Any] | None = None,
) -> None:
    """An attendee's response reaches the organizer's item."""
    organizer = entry.fields["organizer"]["address"]
    home = same_event(world, organizer, entry)
    if home is not None:
        told: dict[str, Any] = {"response": response, "time": times.stamp(world.clock.now())}
        if proposed:
            told["proposed"] = proposed
        listed = [
            {**{name: value for name, value in each.items() if name != "proposed"}, **told}
            if each["address"] == write.actor
            else each
            for each in home.fields["attendees"]
        ]
        world.save(home, {**home.fields, "attendees": listed})
    if mails:
        mail(world, "response", entry, [organizer], write)


def mail(world: World, kind: Kind, entry: Entry, to: Iterable[str], write: Write) -> None:
    """One mail to each; nobody mails themselves."""
    for address in to:
        if address != write.actor:
            world.mailbox.send(
                Notification(address, kind, entry.id, write.cause, write.actor, world.clock.now())
            )


def _deliver(world: World, who: str, entry: Entry, before: Entry | None) -> None:
    if who not in world.people:
        return
    shared = _as_received(entry, who)
    copy = same_event(world, who, entry)
    if copy is None:
        series = world.copy(who, entry.item.uid) if entry.day is not None else None
        removed = world.copy(who, _uid(entry), deleted=True) or (series is not None)
        if before is not None and removed and not world.settings.update_revives_deleted:
            return
        if series is not None and entry.day is not None:
            series.item.gone.pop(entry.day, None)
            copy = world.occurrence(series.book, series.item, entry.day)
            world.save(copy, {**copy.fields, **shared, **_AWAITED, "isCancelled": False})
            return
        fields = {**DEFAULTS, **shared, **_AWAITED}
        item = world.new_item(world.calendar(who), _uid(entry), fields)
        if entry.kind == "seriesMaster":
            item.gone = dict(entry.item.gone)
        return
    _update(world, copy, shared, entry, before)


def _update(world: World, copy: Entry, shared: Fields, entry: Entry, before: Entry | None) -> None:
    new = {**copy.fields, **shared, "isCancelled": False}
    same_body = before is not None and entry.fields["body"] == before.fields["body"]
    if same_body and not world.settings.update_replaces_body:
        new["body"] = copy.fields["body"]
    moved = before is None or (entry.start, entry.end) != (before.start, before.end)
    if (moved and world.settings.responses_reset) or copy.fields["isCancelled"]:
        new |= _AWAITED
    if copy.kind == "seriesMaster" and moved:
        copy.item.exceptions.clear()
        copy.item.gone.clear()
    elif copy.kind == "seriesMaster" and new["recurrence"] not in (None, copy.fields["recurrence"]):
        for day in copy.item.exceptions.keys() - set(recurrence.days(new["recurrence"])):
            del copy.item.exceptions[day]
    if new != copy.fields:
        world.save(copy, new)


def _cancel_copy(world: World, who: str, entry: Entry) -> None:
    copy = same_event(world, who, entry) if who in world.people else None
    if copy is None or copy.fields["isCancelled"]:
        return
    subject = world.settings.cancelled_subject_prefix + (copy.fields["subject"] or "")
    gone = {"isCancelled": True, "subject": subject, "showAs": "free"}
    world.save(copy, {**copy.fields, **gone})
    if copy.kind == "seriesMaster":
        for exception in copy.item.exceptions.values():
            exception.fields |= gone


def same_event(world: World, who: str, entry: Entry) -> Entry | None:
    """Somebody's live item of the same event, or the same occurrence."""
    if who not in world.people:
        return None
    alone = world.copy(who, _uid(entry))
    if alone is not None or entry.day is None:
        if alone is None and "/" in entry.uid:
            return _occurrence_of(world, who, entry)
        return alone
    series = world.copy(who, entry.item.uid)
    if series is None or not series.item.is_series or entry.day in series.item.gone:
        return None
    try:
        return world.occurrence(series.book, series.item, entry.day)
    except KeyError:  # their series has no such day
        return None


def _occurrence_of(world: World, who: str, entry: Entry) -> Entry | None:
    """The occurrence at the organizer's that somebody's single event is a copy of."""
    uid, _, text = entry.uid.partition("/")
    series = world.copy(who, uid)
    if series is None or not series.item.is_series:
        return None
    for each in world.occurrences(series.book, series.item, None, None):
        if each.day is not None and each.day.isoformat() == text:
            return each
    return None


def _uid(entry: Entry) -> str:
    return f"{entry.item.uid}/{entry.day}" if entry.day is not None else entry.uid


def _as_received(entry: Entry, who: str) -> Fields:
    """The organizer's fields as an attendee's copy has them: the organizer is on the list."""
    shared = {
        name: value for name, value in entry.fields.items() if name not in OWN and name != "transactionId"
    }
    organizer = {**entry.fields["organizer"], "type": "required", "response": "none", "time": times.NEVER}
    listed = [each for each in entry.fields["attendees"] if each["address"] != organizer["address"]]
    if entry.fields["hideAttendees"]:
        shared["attendees"] = [each for each in listed if each["address"] == who]
    else:
        shared["attendees"] = [organizer, *listed]
    return shared


def _guests(entry: Entry) -> list[str]:
    organizer = entry.fields["organizer"]["address"]
    return [each["address"] for each in entry.fields["attendees"] if each["address"] not in (organizer, None)]


def _same_but_people(one: Entry, other: Entry) -> bool:
    names = (one.fields.keys() | other.fields.keys()) - {"attendees"} - OWN
    return all(one.fields.get(name) == other.fields.get(name) for name in names)
