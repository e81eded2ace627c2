"""What two people do with their calendars, drawn by Hypothesis: acts that fit any calendar, and pauses between them.

An act names its meeting by a number, so that any act can be played at any time: `Reference.play` takes the meeting
that the number falls on, and does nothing where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hypothesis import strategies as st


class Verb(StrEnum):
    """`FOLLOWING` changes a date and all later ones, `BURY` removes what is over, `RESTORE` undoes a cancellation."""

    SCHEDULE = "schedule"
    MOVE = "move"
    MOVE_SERIES = "move_series"
    FOLLOWING = "following"
    CANCEL = "cancel"
    CANCEL_SERIES = "cancel_series"
    REBOOK = "rebook"
    RESTORE = "restore"
    RENAME = "rename"
    INVITE = "invite"
    UNINVITE = "uninvite"
    BURY = "bury"
    DECLINE = "decline"
    ACCEPT = "accept"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something. `pick` says with which meeting, `shift` moves it; `count` dates are scheduled.

    `alex` says who schedules; for all else the meeting tells who can.
    """

    verb: Verb
    pick: int = 0
    shift: timedelta = timedelta()
    alex: bool = False
    count: int = 1

    def __repr__(self) -> str:
        who = "alex=True, " if self.alex else ""
        shift = f"shift=timedelta(minutes={self.shift // timedelta(minutes=1)}), " if self.shift else ""
        return f"Act(Verb.{self.verb.name}, {self.pick}, {shift}{who}count={self.count})"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time goes by."""

    length: timedelta

    def __repr__(self) -> str:
        return f"Pause(timedelta(hours={self.length / timedelta(hours=1):g}))"


@dataclass(frozen=True, slots=True)
class Step:
    """An act or a pause; `looks` says whether prepd looks afterwards, `full` that its sync token has expired."""

    what: Act | Pause
    looks: bool = True
    full: bool = False

    def __repr__(self) -> str:
        how = "" if self.looks and not self.full else f", looks={self.looks}, full={self.full}"
        return f"Step({self.what!r}{how})"


_PICKS = st.integers(0, 4)
_SHIFTS = st.sampled_from([timedelta(hours=h) for h in (1, -1, 24, -24, 48)])
_MADE = st.builds(
    Act,
    st.just(Verb.SCHEDULE),
    shift=st.sampled_from([timedelta(hours=h) for h in (3, 26, 50, 74, 170)]),
    alex=st.booleans(),
    count=st.sampled_from([1, 1, 2, 3, 4]),
)
_DONE = st.builds(Act, st.sampled_from([v for v in Verb if v is not Verb.SCHEDULE]), _PICKS, _SHIFTS)
_PAUSES = st.builds(Pause, st.sampled_from([timedelta(hours=h) for h in (1, 5, 23, 24, 49, 169)]))
_WHATS = st.one_of(_DONE, _DONE, _DONE, _DONE, _PAUSES, _MADE)


def watched(longest: int) -> st.SearchStrategy[list[Step]]:
    """A story with a look after each act, whose first is that something is scheduled."""
    steps = st.lists(st.builds(Step, _WHATS, st.just(True), st.booleans()), max_size=longest - 1)
    return st.builds(lambda first, rest: [Step(first), *rest], _MADE, steps)


def glimpsed(longest: int) -> st.SearchStrategy[list[Step]]:
    """A story in which prepd looks now and then, and once at the end."""
    steps = st.lists(st.builds(Step, _WHATS, st.booleans(), st.booleans()), max_size=longest - 1)
    return st.builds(lambda first, rest: [Step(first), *rest], _MADE, steps)
