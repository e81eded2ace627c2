"""How a 1:1 begins: what one sight of an event puts on record, and under which id."""

from __future__ import annotations

from datetime import timedelta

from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import OneOnOne, State, one_on_one_id, short_hash

KEPT = timedelta(days=91)
"""How long 1:1s that are over stay at hand; the ledger keeps what became of them."""


def new_record(look: Look, seen: Sight) -> OneOnOne:
    """A sight as a 1:1 that nothing has become of yet."""
    event, found = seen.event, seen.label
    return OneOnOne(
        id=first_id(look, seen),
        account=look.account,
        calendar=look.calendar,
        event_id=event.id,
        person=found.person,
        name=found.name,
        title=event.title,
        start=event.start,
        end=event.end,
        state=State.STANDING,
        owner=found.owner,
        attendance=found.attendance,
        first_seen=look.at,
        series_id=event.series_id,
        original_start=event.original_start,
        ical_uid=event.ical_uid,
        created=event.created,
        guests_can_modify=event.guests_can_modify,
        titled=found.titled,
        url=event.url,
    )


def first_id(look: Look, seen: Sight) -> str:
    """The id of the 1:1 that begins with this sight.

    An event that is older than what is kept at hand may have been a 1:1 before, whose entries are in the ledger
    under the plain id: then the start goes into it too.
    """
    plain = plain_id(look, seen)
    since = seen.event.original_start or seen.event.created
    if since is None or since > look.at - KEPT:
        return plain
    return short_hash("1:1", plain, seen.event.start.isoformat())


def plain_id(look: Look, seen: Sight) -> str:
    """The id that tells of nothing but the event and the person."""
    return one_on_one_id(look.account, look.calendar, seen.event.id, seen.label.person)
