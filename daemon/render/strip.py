"""The twelve-week strip: a mark for what became of each 1:1. Shape tells it, colour only repeats it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from connectors.frozen import dataclass
from daemon.core.model import Kind
from daemon.core.report.model import PersonReport, Seen, StripWeek
from daemon.render.lines import Style

_SINGLY = 3
READING = "How each 1:1 ended, oldest week first"
"""What a strip shows: of a 1:1 that was moved and then held, that it was held."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`shape` is what a picture draws: see daemon.render.drawing."""

    char: str
    word: str
    style: Style
    shape: str


_HELD = Mark("●", "held", Style.GOOD, "held")
_MOVED = Mark("→", "moved away, or rebooked", Style.NOTICE, "moved")
_CANCELLED = Mark("×", "cancelled", Style.BAD, "cancelled")
_DECLINED = Mark("÷", "declined", Style.BAD, "declined")
_NO_SHOW = Mark("!", "no-show", Style.BAD, "no-show")
_EXCUSED = Mark("~", "excused", Style.QUIET, "excused")
_TO_COME = Mark("○", "to come", Style.PLAIN, "to-come")
_UNREAD = Mark("?", "not read", Style.NOTICE, "unread")
_ENDED = Mark("■", "series ended, or no 1:1 any more", Style.QUIET, "ended")
NONE = Mark("·", "none", Style.QUIET, "none")

_MARKS = {
    Kind.HELD: _HELD,
    Kind.RESCHEDULED: _MOVED,
    Kind.CANCELLED: _CANCELLED,
    Kind.DECLINED: _DECLINED,
    Kind.NO_SHOW: _NO_SHOW,
    Kind.EXCUSED: _EXCUSED,
    Kind.SCHEDULED: _TO_COME,
    Kind.REINSTATED: _TO_COME,
    Kind.SERIES_ENDED: _ENDED,
    Kind.NO_LONGER: _ENDED,
}
_ORDER = (*dict.fromkeys(_MARKS.values()), _UNREAD, NONE)


def mark(kind: Kind) -> Mark:
    return _MARKS[kind]


def marks(week: StripWeek) -> tuple[tuple[Mark, int], ...]:
    """Each 1:1 of a week by itself; where they are many, each kind of mark once, with how often it came."""
    if not week.outcomes:
        return ((_UNREAD if week.seen is Seen.UNREAD else NONE, 1),)
    found = [_UNREAD if n in week.unread else mark(kind) for n, kind in enumerate(week.outcomes)]
    return tuple(Counter(found).items()) if len(found) > _SINGLY else tuple((one, 1) for one in found)


def legend(entries: Iterable[PersonReport]) -> tuple[Mark, ...]:
    """The marks that these strips show, in a fixed order."""
    shown = {one for entry in entries for week in entry.strip for one, _ in marks(week)}
    return tuple(one for one in _ORDER if one in shown)


def in_words(week: StripWeek) -> str:
    """ "week 44: held, cancelled" """
    told = ", ".join(f"{often} {one.word}" if often > 1 else one.word for one, often in marks(week))
    return f"week {int(week.week.name[-2:])}: {told}"
