"""Who takes part in an event of Graph's, and which of them is the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from connectors.outlook.fields import Json, address_of, line, word
from connectors.values import Attendee, Organizer, Response

_RESPONSES = {
    "accepted": Response.ACCEPTED,
    "organizer": Response.ACCEPTED,
    "declined": Response.DECLINED,
    "tentativelyAccepted": Response.TENTATIVE,
    "none": Response.NEEDS_ACTION,
    "notResponded": Response.NEEDS_ACTION,
}
_GUESTS_KEPT = 50
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes see it: the user's addresses (lower-case), and whether the calendar is their own.

    `of_group`: the answer came from the calendar of a group, which nothing in an event itself tells.
    """

    addresses: frozenset[str] = frozenset()
    own: bool = True
    of_group: bool = False


def viewer_of(addresses: frozenset[str], context: object, *, own: bool = True) -> Viewer:
    """`context` is the answer's `@odata.context`."""
    return Viewer(addresses, own, isinstance(context, str) and "groups(" in context.lower())


def organizer_of(raw: Json, viewer: Viewer) -> Organizer | None:
    entry = raw.get("organizer")
    who = entry.get("emailAddress") if isinstance(entry, dict) else None
    address, name = _named(who) if isinstance(who, dict) else ("", "")
    is_self = not viewer.of_group and (
        address in viewer.addresses or (raw.get("isOrganizer") is True and viewer.own)
    )
    return Organizer(address, name, is_self) if address or name or is_self else None


def attendees_of(
    raw: Json, guests: list[object], organizer: Organizer | None, viewer: Viewer
) -> tuple[Attendee, ...]:
    rooms = frozenset(_rooms(raw))
    own = _RESPONSES.get(_response(raw.get("responseStatus")), Response.NEEDS_ACTION)
    found = [_attendee(guest, organizer, viewer, rooms) for guest in guests]
    kept = found[:_GUESTS_KEPT] + [each for each in found[_GUESTS_KEPT:] if each.is_self]
    listed = tuple(_answered(each, own) for each in kept)
    return _with_organizer(listed, organizer, viewer)


def _attendee(raw: object, organizer: Organizer | None, viewer: Viewer, rooms: frozenset[str]) -> Attendee:
    if not isinstance(raw, dict):
        return Attendee("")
    who = raw.get("emailAddress")
    address, name = _named(who) if isinstance(who, dict) else ("", "")
    response = _response(raw.get("status"))
    organizes = response == "organizer" or bool(organizer and address and address == organizer.address)
    is_self = address in viewer.addresses or (organizes and bool(organizer and organizer.is_self))
    is_resource = word(raw.get("type")).lower() == "resource" or address in rooms
    return _shared(
        address,
        name,
        _RESPONSES.get(response, Response.NEEDS_ACTION),
        is_self and not viewer.of_group,
        organizes,
        is_resource or (viewer.of_group and organizes),
    )


_shared = lru_cache(maxsize=4096)(Attendee)
"""One value for all events that say the same of somebody."""


def _named(who: Json) -> tuple[str, str]:
    """Address and name of an `emailAddress`."""
    address, name = who.get("address"), who.get("name")
    return _cleaned(address if isinstance(address, str) else "", name if isinstance(name, str) else "")


@lru_cache(maxsize=4096)
def _cleaned(address: str, name: str) -> tuple[str, str]:
    """The same few hundred people stand on the guest lists of thousands of events."""
    return address_of(address), line(name, _LONGEST_NAME)


def _answered(attendee: Attendee, own: Response) -> Attendee:
    """The user's own entry, with what they answered."""
    if not attendee.is_self or own is Response.NEEDS_ACTION:
        return attendee
    return Attendee(attendee.address, attendee.name, own, True, attendee.is_organizer, attendee.is_resource)


def _with_organizer(
    attendees: tuple[Attendee, ...], organizer: Organizer | None, viewer: Viewer
) -> tuple[Attendee, ...]:
    if organizer is None or any(a.is_organizer for a in attendees):
        return attendees
    if organizer.is_self and (not attendees or any(a.is_self for a in attendees)):
        return attendees
    added = Attendee(
        organizer.address,
        organizer.name,
        Response.ACCEPTED,
        is_self=organizer.is_self,
        is_organizer=True,
        is_resource=viewer.of_group,
    )
    return (*attendees, added)


def _rooms(raw: Json) -> Iterator[str]:
    """Addresses of the places where it takes place: a room is sometimes invited as if it were a person."""
    places = raw.get("locations")
    for place in [raw.get("location"), *(places if isinstance(places, list) else [])]:
        if isinstance(place, dict) and place.get("locationType") == "conferenceRoom":
            for key in ("locationUri", "uniqueId", "locationEmailAddress"):
                if address := address_of(place.get(key)):
                    yield address


def _response(raw: object) -> str:
    return word(raw.get("response")) if isinstance(raw, dict) else ""
