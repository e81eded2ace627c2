"""What happens between people while prepd looks on: each step is what they do, and the command that prepd is given.

Every step ends at rest: cycles with time going by (`AFTER`) until there is nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.world import at

SYNC = ("sync",)
AFTER = ((1, SYNC), (6, SYNC), (20, SYNC), (1, SYNC))
"""Minutes that go by, and what is run then."""


@dataclass(frozen=True)
class Step:
    """`after` begins with what a user does who sees that a command did not come to its end. `as_known`: a report that
    is due goes out as far as things are known, so that it may say less of a page that can't be read.
    """

    name: str
    act: Callable[[object], object]
    words: tuple[str, ...] = SYNC
    after: tuple[tuple[int, tuple[str, ...]], ...] = AFTER
    as_known: bool = False


def _invited(stage):
    stage.dana.schedule("1:1 Alex / Dana", at(3), guests=[stage.alex], weekly=True)
    stage.sam.schedule("1:1 Sam / Alex", at(5, 14), guests=[stage.alex])
    stage.alex.schedule("Focus", at(5, 13, 45), minutes=15)


def _moved(stage):
    stage.dana.move(stage.at("11-03 10:00"), at(3, 11, 30))
    stage.sam.move(stage.at("11-05 14:00"), at(5, 16))


def _rebooked(stage):
    stage.dana.cancel(stage.at("11-10 10:00"))
    stage.dana.schedule("1:1 Alex / Dana", at(12, 15), guests=[stage.alex])
    stage.sam.cancel(stage.at("11-05 16:00"))


def _until(stage, moment):
    """Lets days go by, with prepd looking on."""
    while moment - stage.clock.now() > timedelta(hours=23):
        stage.clock.advance(hours=23)
        stage.prepd("sync")
    # A look not long before: an account that can't be read for a minute then makes no gap.
    stage.clock.set(moment - timedelta(minutes=10))
    stage.prepd("sync")
    stage.clock.set(moment)


def _held(stage):
    stage.note("Send the budget to Dana")
    stage.clock.set(at(3, 13))


def _friday(stage):
    _until(stage, at(6, 16, 1))


def _day_before(stage):
    _until(stage, at(11, 15, 5))


def _nothing(stage):
    pass


STORY = (
    Step("first sync", _invited),
    Step("moves", _moved),
    Step("cancelled, rebooked", _rebooked),
    Step("held, next page", _held),
    Step("weekly report", _friday, as_known=True),
    Step("topics due", _day_before),
    Step("clean", _nothing, ("clean",), ((1, ("clean",)), (1, ("clean",)))),
    Step("resume", _nothing, ("resume",), ((0, ("resume",)), (0, ("resume",)))),
    Step("going on", _nothing),
)
