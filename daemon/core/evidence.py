"""By whom, and why we say so: the rules of docs/design.md ("Ledger"), first match.

The counterpart is never blamed for what the user did: wherever the calendar does not tell, the answer is unknown.
"""

from __future__ import annotations

from connectors.values import Response, Tombstone
from daemon.core.model import Attendance, By, OneOnOne, Owner
from daemon.core.observe import Sight


def who_acted(record: OneOnOne, seen: Sight | Tombstone, *, moved: bool = False) -> tuple[By, str]:
    """Who cancelled or moved a 1:1, and a sentence that says how we know."""
    return _who_moved(record, seen) if moved else _who_cancelled(record, seen)


def _who_cancelled(record: OneOnOne, seen: Sight | Tombstone) -> tuple[By, str]:
    if isinstance(seen, Sight) and _i_declined(seen):
        return By.ME, "your own answer to the invitation was no"
    if record.attendance is Attendance.DECLINED:
        return By.ME, "you had declined it before it went"
    owner = (
        seen.label.owner if isinstance(seen, Sight) and seen.label.person == record.person else record.owner
    )
    if owner is Owner.ME or (isinstance(seen, Sight) and _i_organize(seen)):
        return By.ME, "you organize this meeting, and it was cancelled"
    if isinstance(seen, Sight):
        who = "they organize it" if owner is Owner.THEM else "somebody else organizes it"
        return By.THEM, f"the calendar still shows the event, cancelled and not declined by you; {who}"
    if seen.absent:
        return By.UNKNOWN, "the event is gone without a trace, so nobody can tell who removed it"
    return By.UNKNOWN, "the calendar only says that the event is gone, not who removed it"


def _i_declined(seen: Sight) -> bool:
    """By the entry that the provider calls the user's, or by one of the user's other addresses."""
    return seen.event.my_response is Response.DECLINED or seen.label.attendance is Attendance.DECLINED


def _i_organize(seen: Sight) -> bool:
    """Also where the event was given to other people before it went."""
    organizer = seen.event.organizer
    return seen.label.owner is Owner.ME or (organizer is not None and organizer.is_self)


def _who_moved(record: OneOnOne, seen: Sight | Tombstone) -> tuple[By, str]:
    owner = seen.label.owner if isinstance(seen, Sight) else record.owner
    modifiable = isinstance(seen, Sight) and seen.event.guests_can_modify
    if owner is Owner.ME:
        return By.ME, "the same event has a new time, and you organize it"
    if modifiable:
        return (
            By.UNKNOWN,
            "the same event has a new time; its guests may change it too, so it could be either of you",
        )
    if owner is Owner.THEM:
        return By.THEM, "the same event has a new time, and they organize it"
    return By.UNKNOWN, "the same event has a new time; somebody other than you two organizes it"


def said(what: str, why: str) -> str:
    return f"{what}: {why}"
