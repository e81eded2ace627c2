"""Writing events: who may change what, what becomes of the other copies, and who is mailed.

The organizer's item and each attendee's are different items that share a uid. What the organizer does reaches the
attendees as mail, which their mailboxes act upon; what an attendee does to their copy stays there, except a response.

Sources: the Graph reference pages "Delete event", "event: cancel", "event: decline" and "Update event" (which tells of
ErrorOccurrenceCrossingBoundary, and of losing an online meeting with its block).
"""

from __future__ import annotations

from typing import Any, Literal

from sandbox.microsoft import bodies, copies, html, times
from sandbox.microsoft.bodies import OWN, Write
from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.items import CalendarBook, Entry, Fields
from sandbox.microsoft.world import World

Answer = Literal["accepted", "tentativelyAccepted", "declined"]
_SHOWN_AS = {"accepted": "busy", "tentativelyAccepted": "tentative", "declined": "free"}


def insert(world: World, book: CalendarBook, body: dict[str, Any], write: Write) -> Entry:
    """A new event; a transactionId makes it once. Raises GraphError (400, 409)."""
    transaction = (write.actor, body.get("transactionId") or "")
    if transaction[1] and transaction in world.transactions:
        first = world.find(write.actor, world.transactions[transaction])
        live = first is not None and not first.item.deleted
        settings = world.settings
        if (
            settings.repeated_transaction == "conflict"
            if live
            else settings.transaction_after_delete == "conflict"
        ):
            raise GraphError(
                409,
                "ErrorDuplicateTransactionId",
                "Your request can't be completed: its transactionId was used.",
            )
        if first and live:
            return first
    fields = bodies.fresh(world, write.actor, body)
    if fields["isOnlineMeeting"]:
        _add_online_meeting(world, fields)
    item = world.new_item(book, world.new_uid(), fields)
    if transaction[1]:
        world.transactions[transaction] = item.id
    entry = world.entry(book, item)
    copies.send(world, entry, None, write)
    return entry


def change(world: World, entry: Entry, body: dict[str, Any], write: Write) -> Entry:
    """Patch an event. Raises GraphError (400)."""
    if entry.kind in ("occurrence", "exception") and body.get("recurrence"):
        raise GraphError(400, "ErrorInvalidRequest", "An occurrence can't have a recurrence.")
    before = entry.fields
    new = bodies.merged(world, before, body)
    _follow_online_meeting(world, before, new)
    changed = {name for name in before.keys() | new.keys() if before.get(name) != new.get(name)}
    if not changed:
        return entry
    if entry.day is not None and "start" in changed:
        _check_neighbours(world, entry, new)
    mine = is_organizer(entry)
    moved = bool(changed & {"start", "end"})
    if mine and moved and world.settings.responses_reset:
        reset = {"response": "none", "time": times.NEVER}
        new["attendees"] = [{**each, **reset} for each in new["attendees"]]
    if entry.kind == "seriesMaster" and changed & {"recurrence", "start", "end"}:
        # Exchange forgets the exceptions when the pattern changes.
        entry.item.exceptions.clear()
        entry.item.gone.clear()
    after = world.save(entry, new)
    if mine and (changed - OWN or world.settings.own_fields_mail):
        copies.send(world, after, entry, write)
    return after


def remove(world: World, entry: Entry, write: Write) -> None:
    """Delete: an organizer cancels it for everybody; an attendee takes it off their calendar."""
    if entry.item.deleted:
        entry.item.purged = True
        return
    if is_organizer(entry):
        _discard(world, entry, cancelled=bool(entry.fields["attendees"]))
        copies.cancel(world, entry, write)
        return
    if world.settings.attendee_delete == "declines" and not entry.fields["isCancelled"]:
        copies.answer(world, entry, "declined", write, mails=True)
    _discard(world, entry)


def cancel(world: World, entry: Entry, write: Write) -> None:
    """The action of that name. Raises GraphError (400): only an organizer may."""
    if not is_organizer(entry) or not entry.fields["attendees"]:
        message = "Your request can't be completed. You need to be an organizer to cancel a meeting."
        raise GraphError(400, "ErrorInvalidRequest", message)
    remove(world, entry, write)


def respond(
    world: World,
    entry: Entry,
    answer: Answer,
    write: Write,
    *,
    sends: bool = True,
    proposed: dict[str, Any] | None = None,
) -> Entry:
    """Accept or decline, with or without telling the organizer. Raises GraphError (400)."""
    if is_organizer(entry):
        message = (
            "Your request can't be completed. You can't respond to this meeting because you're the organizer."
        )
        raise GraphError(400, "ErrorInvalidRequest", message)
    if proposed and not entry.fields["allowNewTimeProposals"]:
        raise GraphError(400, "ErrorInvalidRequest", "The organizer doesn't allow new time proposals.")
    now = times.stamp(world.clock.now())
    me = write.actor
    listed = [
        {**each, "response": answer, "time": now} if each["address"] == me else each
        for each in entry.fields["attendees"]
    ]
    own = {"response": answer, "responded": now, "showAs": _SHOWN_AS[answer], "attendees": listed}
    goes = answer == "declined" and not world.settings.declined_stays
    after = world.save(entry, {**entry.fields, **own}, tell=not goes)
    if sends:
        copies.answer(world, after, answer, write, mails=True, proposed=proposed)
    if goes:
        _discard(world, after)
    return after


def is_organizer(entry: Entry) -> bool:
    return bool(entry.fields["organizer"]["address"] == entry.book.owner)


def _discard(world: World, entry: Entry, *, cancelled: bool = False) -> None:
    """Into Deleted Items; an occurrence is only noted as gone."""
    if entry.day is not None:
        entry.item.exceptions.pop(entry.day, None)
        how = world.settings.deleted_occurrence
        world.touch(entry.item, tell=how == "series_resent")
        entry.item.gone[entry.day] = world.tick
        return
    if cancelled:
        entry.item.fields = {**entry.item.fields, "isCancelled": True, "showAs": "free"}
    entry.item.deleted = True
    entry.item.key = world.new_key()
    world.touch(entry.item)


def _check_neighbours(world: World, entry: Entry, new: Fields) -> None:
    zone = entry.item.fields["recurrence"]["range"]["recurrenceTimeZone"]
    day = times.day(new["start"], zone)
    for other in world.occurrences(entry.book, entry.item, None, None):
        if other.day is None or entry.day is None or other.day == entry.day:
            continue
        theirs = times.day(other.start, zone)
        if (day <= theirs) if other.day < entry.day else (day >= theirs):
            message = "Cannot move the occurrence: it would cross or overlap an adjacent one."
            raise GraphError(400, "ErrorOccurrenceCrossingBoundary", message)
        if other.day > entry.day:
            return


def _add_online_meeting(world: World, fields: Fields) -> None:
    if fields["onlineMeetingProvider"] == "unknown":
        fields["onlineMeetingProvider"] = "teamsForBusiness"
    url = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{world.random_text(32)}%40thread.v2/0"
    fields["onlineMeeting"] = {"joinUrl": url}
    line = "_" * 80
    block = (
        f'<div class="me-email-text"><div>{line}</div><div><span>Microsoft Teams meeting</span></div>'
        f'<div><a href="{url}">Join the meeting now</a></div><div>{line}</div></div>'
    )
    fields["body"] = html.appended(fields["body"], block)


def _follow_online_meeting(world: World, before: Fields, new: Fields) -> None:
    """Losing the block from the organizer's body, or saying so, ends the online meeting; saying so starts one."""
    meeting = before.get("onlineMeeting")
    if new["isOnlineMeeting"] and not meeting and not before["isOnlineMeeting"]:
        _add_online_meeting(world, new)
        return
    lost = meeting and new["body"] != before["body"] and meeting["joinUrl"] not in new["body"]
    own = new["organizer"] == before["organizer"] and new["response"] == "organizer"
    if meeting and own and (lost or not new["isOnlineMeeting"]):
        new |= {"isOnlineMeeting": False, "onlineMeeting": None, "onlineMeetingProvider": "unknown"}
