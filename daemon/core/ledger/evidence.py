"""By whom, why we say so, and how sure that is: the rules of docs/design.md ("Ledger"), first match.

The counterpart is never blamed for what the user did: wherever the calendar does not tell, the answer is unknown.
Each sentence begins with how sure it is. *certain* is what the calendar itself says of who acted: an answer to an
invitation, or that the user organizes. *presumed* is what follows from how calendars work. The rest can't be told.
"""

from __future__ import annotations

from enum import StrEnum

from connectors.values import Response, Tombstone
from daemon.core.detect import Label
from daemon.core.ledger.observe import Sight
from daemon.core.model import Attendance, By, OneOnOne, Owner


class Sureness(StrEnum):
    """How sure the ledger is of what it says: the first words of its evidence."""

    CERTAIN = "certain"
    PRESUMED = "presumed"
    NOT_TOLD = "can't be told"


def certain(why: str) -> str:
    return f"{Sureness.CERTAIN}: {why}"


def presumed(why: str) -> str:
    return f"{Sureness.PRESUMED}: {why}"


def not_told(why: str) -> str:
    return f"{Sureness.NOT_TOLD}: {why}"


def without_sureness(evidence: str) -> str:
    """The reasons alone."""
    first, _, rest = evidence.partition(": ")
    return rest if first in set(Sureness) else evidence


def declined_by(found: Label) -> By | None:
    """Who answered an invitation with no; the user's own no comes first."""
    if found.attendance is Attendance.DECLINED:
        return By.ME
    return By.THEM if found.their_response is Response.DECLINED else None


def who_cancelled(record: OneOnOne, seen: Sight | Tombstone) -> tuple[By, str]:
    """Who cancelled a 1:1, and a sentence that says how we know, and how surely."""
    if isinstance(seen, Sight) and _i_declined(seen):
        return By.ME, certain("your own answer to the invitation was no")
    if record.attendance is Attendance.DECLINED:
        return By.ME, certain("you had declined it before it went")
    owner = (
        seen.label.owner if isinstance(seen, Sight) and seen.label.person == record.person else record.owner
    )
    if owner is Owner.ME or (isinstance(seen, Sight) and _i_organize(seen)):
        return By.ME, certain("you organize this meeting, and it was cancelled")
    if isinstance(seen, Sight):
        who = "they organize it" if owner is Owner.THEM else "somebody else organizes it"
        return By.THEM, presumed(
            f"the calendar still shows the event, cancelled and not declined by you; {who}"
        )
    if seen.absent:
        return By.UNKNOWN, not_told("the event is gone without a trace, so nobody can tell who removed it")
    return By.UNKNOWN, not_told("the calendar only says that the event is gone, not who removed it")


def _i_declined(seen: Sight) -> bool:
    """By the entry that the provider calls the user's, or by one of the user's other addresses."""
    return seen.event.my_response is Response.DECLINED or seen.label.attendance is Attendance.DECLINED


def _i_organize(seen: Sight) -> bool:
    """Also where the event was given to other people before it went."""
    organizer = seen.event.organizer
    return seen.label.owner is Owner.ME or (organizer is not None and organizer.is_self)


def who_moved(
    record: OneOnOne, seen: Sight | Tombstone, what: str = "the same event has a new time"
) -> tuple[By, str]:
    """Who moved a 1:1, and a sentence that says how we know, and how surely: it begins with `what` is seen."""
    owner = seen.label.owner if isinstance(seen, Sight) else record.owner
    modifiable = (seen.event if isinstance(seen, Sight) else record).guests_can_modify
    if owner is Owner.ME and modifiable:
        return By.ME, presumed(f"{what}, and you organize it (its guests may change it too)")
    if owner is Owner.ME:
        return By.ME, certain(f"{what}, and you organize it")
    if modifiable:
        return By.UNKNOWN, not_told(f"{what}; its guests may change it too, so it could be either of you")
    if owner is Owner.THEM:
        return By.THEM, presumed(f"{what}, and they organize it")
    return By.UNKNOWN, not_told(f"{what}; somebody other than you two organizes it")


def who_asked_others(record: OneOnOne, seen: Sight) -> tuple[By | None, str]:
    """Who made a live event something else than a meeting of these two, and why it is none."""
    if seen.label.by_config:
        return None, certain(f"no longer a 1:1: {seen.label.reason}")
    other = seen.label.person not in ("", record.person)
    why = "no longer a 1:1: " + ("it is now with somebody else" if other else seen.label.reason)
    if record.owner is Owner.ME:
        return By.ME, presumed(f"{why}; you organize it")
    return By.UNKNOWN, not_told(f"{why}; guests may change that as well as the organizer")
