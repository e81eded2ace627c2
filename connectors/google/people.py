"""Who takes part in an event of Google's, and which of them is the user."""

from __future__ import annotations

from functools import lru_cache

from connectors.fields import Json, line, word
from connectors.google.fields import address_of, true
from connectors.values import Attendee, Organizer, Response

_RESPONSES = {
    "accepted": Response.ACCEPTED,
    "declined": Response.DECLINED,
    "tentative": Response.TENTATIVE,
    "needsAction": Response.NEEDS_ACTION,
}
_NOBODY = "unknownorganizer@calendar.google.com"
_ROOM = "@resource.calendar.google.com"
_GUESTS_KEPT = 50
_LONGEST_NAME = 200


def attendees_of(guests: list[object]) -> tuple[Attendee, ...]:
    kept = guests[:_GUESTS_KEPT]
    kept += [g for g in guests[_GUESTS_KEPT:] if isinstance(g, dict) and true(g.get("self"))]
    return tuple(map(_attendee, kept))


def _attendee(raw: object) -> Attendee:
    if not isinstance(raw, dict):
        return Attendee("")
    get = raw.get
    told = (
        get("email"), get("displayName"), get("responseStatus"), get("self"), get("organizer"), get("resource"),
        get("additionalGuests"),
    )  # fmt: skip
    try:
        return _attendee_told(*told)
    except TypeError:
        # Lists or objects where texts belong can't be looked up.
        return _attendee_told.__wrapped__(*told)


@lru_cache(maxsize=4096, typed=True)
def _attendee_told(
    email: object,
    name: object,
    response: object,
    me: object,
    organizer: object,
    resource: object,
    more: object,
) -> Attendee:
    """The same few hundred people, with few answers, stand on the guest lists of thousands of events."""
    address = address_of(email)
    return Attendee(
        address=address,
        name=line(name, _LONGEST_NAME),
        response=_RESPONSES.get(word(response), Response.NEEDS_ACTION),
        is_self=true(me),
        is_organizer=true(organizer),
        is_resource=true(resource) or address.endswith(_ROOM),
        additional_guests=more if isinstance(more, int) and more > 0 else 0,
    )


def organizer_of(raw: object) -> Organizer | None:
    """Also one known by a profile id only: then the address is empty."""
    if not isinstance(raw, dict) or not raw:
        return None
    told = (raw.get("email"), raw.get("displayName"), raw.get("self"))
    try:
        return _organizer_told(*told)
    except TypeError:
        return _organizer_told.__wrapped__(*told)


@lru_cache(maxsize=1024, typed=True)
def _organizer_told(email: object, name: object, me: object) -> Organizer | None:
    address = address_of(email)
    return None if address == _NOBODY else Organizer(address, line(name, _LONGEST_NAME), true(me))


def guests_hidden(raw: Json, organizer: Organizer | None, attendees: tuple[Attendee, ...]) -> bool:
    if true(raw.get("attendeesOmitted")) or true(raw.get("privateCopy")):
        return True
    if raw.get("guestsCanSeeOtherGuests") not in (False, "false"):
        return False
    # Who organizes sees them all.
    organizes = (organizer is not None and organizer.is_self) or any(
        a.is_self and a.is_organizer for a in attendees
    )
    return not organizes
