"""Who takes part in an event of Graph's, and which of them is the user."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from connectors.fields import Json, line, word
from connectors.frozen import dataclass
from connectors.outlook.fields import address_of
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
    named = _guest(who, None, None)
    is_self = not viewer.of_group and (
        named.address in viewer.addresses or (raw.get("isOrganizer") is True and viewer.own)
    )
    return Organizer(named.address, named.name, is_self) if named.address or named.name or is_self else None


def attendees_of(
    raw: Json, guests: list[object], organizer: Organizer | None, viewer: Viewer
) -> tuple[Attendee, ...]:
    rooms = _rooms(raw)
    found = [_attendee(guest, organizer, viewer, rooms) for guest in guests]
    own = _RESPONSES.get(_response(raw.get("responseStatus")), Response.NEEDS_ACTION)
    kept = found[:_GUESTS_KEPT] + [each for each in found[_GUESTS_KEPT:] if each.is_self]
    listed = tuple([_answered(each, own) if each.is_self else each for each in kept])
    return _with_organizer(listed, organizer, viewer)


def _attendee(raw: object, organizer: Organizer | None, viewer: Viewer, rooms: Collection[str]) -> Attendee:
    if not isinstance(raw, dict):
        return Attendee("")
    guest = _guest(raw.get("emailAddress"), raw.get("status"), raw.get("type"))
    address = guest.address
    organizes = guest.is_organizer or (organizer is not None and address == organizer.address != "")
    is_self = address in viewer.addresses or (organizes and organizer is not None and organizer.is_self)
    if not organizes and not is_self and address not in rooms:
        return guest  # as most are
    return _shared(
        address,
        guest.name,
        guest.response,
        is_self and not viewer.of_group,
        organizes,
        guest.is_resource or address in rooms or (viewer.of_group and organizes),
    )


_shared = lru_cache(maxsize=4096)(Attendee)
"""One value for all events that say the same of somebody."""


def _guest(who: object, status: object, kind: object) -> Attendee:
    """What an entry says of itself."""
    address, name = (who.get("address"), who.get("name")) if isinstance(who, dict) else (None, None)
    response = status.get("response") if isinstance(status, dict) else None
    try:
        return _told(address, name, response, kind)
    except TypeError:
        # Lists or objects where texts belong can't be looked up.
        return _told.__wrapped__(address, name, response, kind)


@lru_cache(maxsize=4096)
def _told(address: object, name: object, response: object, kind: object) -> Attendee:
    """The same few hundred people, with few answers, stand on the guest lists of thousands of events."""
    return Attendee(
        address_of(address),
        line(name, _LONGEST_NAME),
        _RESPONSES.get(word(response), Response.NEEDS_ACTION),
        is_organizer=response == "organizer",
        is_resource=word(kind).lower() == "resource",
    )


def _answered(attendee: Attendee, own: Response) -> Attendee:
    """The user's own entry, with what they answered."""
    if own is Response.NEEDS_ACTION:
        return attendee
    return _shared(attendee.address, attendee.name, own, True, attendee.is_organizer, attendee.is_resource)


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


def _rooms(raw: Json) -> Collection[str]:
    """Addresses of the places where it takes place: a room is sometimes invited as if it were a person."""
    place, places = raw.get("location"), raw.get("locations")
    return [
        address
        for each in ([place, *places] if isinstance(places, list) else [place])
        if isinstance(each, dict) and each.get("locationType") == "conferenceRoom"
        for key in ("locationUri", "uniqueId", "locationEmailAddress")
        if (address := address_of(each.get(key)))
    ]


def _response(raw: object) -> str:
    return word(raw.get("response")) if isinstance(raw, dict) else ""
