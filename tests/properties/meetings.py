"""The values of a story between Alex and Dana: meetings, how a provider shows them, acts as they were carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from daemon.core.model import By, How, Kind
from tests.properties.acts import Verb

LENGTH = timedelta(minutes=30)
TITLE = "1:1 Alex / Dana"
OTHER_TITLE = "Budget"


class Stands(StrEnum):
    STANDING = "standing"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    ENDED = "ended"
    NOT = "not"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a provider shows what is gone.

    `cancelled_kept`: what an organizer cancelled stays, with its details. `deleted_kept`: so does what the user
    deleted, declined. `deleting_declines`: who deletes their copy declines. `moving_asks_anew`: a new time takes
    answers back. `restores`: a cancelled event can be brought back.
    """

    cancelled_kept: bool = True
    deleted_kept: bool = True
    deleting_declines: bool = True
    moving_asks_anew: bool = False
    restores: bool = True


GOOGLE = Manner()
GOOGLE_BARE = Manner(cancelled_kept=False, deleted_kept=False)
OUTLOOK = Manner(deleted_kept=False, deleting_declines=False, moving_asks_anew=True, restores=False)
OUTLOOK_TRACELESS = Manner(
    cancelled_kept=False, deleted_kept=False, deleting_declines=False, moving_asks_anew=True, restores=False
)
MANNERS = {
    "google": GOOGLE,
    "google_bare": GOOGLE_BARE,
    "outlook": OUTLOOK,
    "outlook_traceless": OUTLOOK_TRACELESS,
}


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """One entry that the ledger should have; empty strings where there is none."""

    kind: Kind
    how: str = ""
    by: str = ""
    was: str = ""
    now: str = ""


@dataclass(eq=False, slots=True)
class Meeting:
    """A one-off or one date of a series. `at` is when it starts, `date` where its series has it.

    `live`: its organizer has not cancelled it; `mine`: Alex has not deleted it. `acted` are who did what to it.
    """

    number: int
    alex_organizes: bool
    at: datetime
    date: datetime
    series: int | None
    made: datetime
    changed: datetime
    live: bool = True
    mine: bool = True
    alex_no: bool = False
    dana_no: bool = False
    third: bool = False
    title: str = TITLE
    stands: Stands = Stands.STANDING
    closed_at: datetime | None = None
    closed_by: By | None = None
    replaces: Meeting | None = None
    touched: bool = False
    starts: list[datetime] = field(default_factory=list)
    acted: set[tuple[Kind | How, By]] = field(default_factory=set)
    buried: bool = False

    @property
    def end(self) -> datetime:
        return self.at + LENGTH

    @property
    def organizer(self) -> By:
        return By.ME if self.alex_organizes else By.THEM

    @property
    def shown(self) -> bool:
        return self.live and self.mine


@dataclass(frozen=True, slots=True)
class Deed:
    """An act as it was carried out, for those who play it elsewhere. `to` are new starts, `which` the meetings."""

    verb: Verb
    alex: bool
    which: tuple[Meeting, ...] = ()
    start: datetime | None = None
    to: datetime | None = None
    series: int | None = None
    title: str = TITLE
