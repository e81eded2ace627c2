"""The model of the weekly report: everything that its four renderings show, as values.

`making` makes it; `daemon.render` shows it. Times are aware and in UTC; `zone` is the user's, by which weeks, days and
clocks are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from connectors.frozen import dataclass
from connectors.kept import Busy
from daemon.core.artefacts import Artefacts
from daemon.core.model import Acquaintance, Change, Gap, Kind, OneOnOne, Person, Times
from daemon.core.weeks import Week


@dataclass(frozen=True, slots=True)
class Counts:
    """How many 1:1s ended how. `expected` is what was due: held, no-show, cancelled and declined.

    `cancelled` is keyed by them, me, unknown; `declined` by them, me.
    """

    held: int = 0
    moved: int = 0
    rebooked: int = 0
    cancelled: Mapping[str, int] = field(default_factory=dict)
    declined: Mapping[str, int] = field(default_factory=dict)
    no_show: int = 0
    excused: int = 0

    @property
    def expected(self) -> int:
        return self.held + self.no_show + sum(self.cancelled.values()) + sum(self.declined.values())


class Seen(StrEnum):
    """Whether calendars were read in a week, or since; what none due means hangs on it."""

    READ = "read"
    UNREAD = "unread"
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True)
class StripWeek:
    """One week of a person's strip: the ledger's kind of each of its 1:1s, by start.

    `unread` are the places of those that are over, and of which nothing was read since.
    """

    week: Week
    outcomes: tuple[Kind, ...]
    seen: Seen = Seen.READ
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What became of the 1:1s with one person. `week` and `window` count the report's week and the twelve weeks.

    `notice_minutes` is the median notice of what they cancelled or moved in the window, None where nothing tells.
    `days_since` runs from the last 1:1 held to the report's `made_at` (or its week's end, if that was earlier).
    `own` are the user's cancellations and declines in the window, oldest first. `open_to_rebooking` are the
    cancellations whose rebooking window is still open. `advice` is for people who are no managers and whose 1:1s often
    fall through: a sentence, else empty.
    """

    person: Person
    week: Counts
    window: Counts
    last_held: datetime | None
    days_since: int | None
    streak: int
    strip: tuple[StripWeek, ...]
    notice_minutes: int | None = None
    own: tuple[Change, ...] = ()
    open_to_rebooking: tuple[Change, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A manager who cancels too often.

    `cancellations` are the evidence, oldest first (declines by the manager too, where the user organizes). `acts` is
    how many they count as: what was done in one act counts once. `rule` says the rule in a sentence, `words` what the
    user could say; `free_times` are times that are free for the user, in working hours.
    """

    person: Person
    cancellations: tuple[Change, ...]
    acts: int
    rule: str
    words: str
    free_times: tuple[Times, ...] = ()


@dataclass(frozen=True, slots=True)
class AlmostFlag:
    """A manager whose flag would be complete if the cancellations by nobody knows whom were theirs.

    `unknown` are those, oldest first: each can be told with `prepd mark ID cancelled --by them` (or `me`).
    """

    person: Person
    unknown: tuple[Change, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A 1:1 to come, and how its preparation stands.

    `page_url` is None until it is the person's next. `untouched`: the page is still as it was made; None until
    somebody looked. `open_items` are the action items that stood open when the page was last read or made.
    `career_check`: its page asks where the career stands (once a month).
    """

    one_on_one: OneOnOne
    person: Person
    page_url: str | None = None
    untouched: bool | None = None
    topics_due: datetime | None = None
    open_items: tuple[str, ...] = ()
    career_check: bool = False


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """All people's 1:1s of one week, counted."""

    week: Week
    counts: Counts
    seen: Seen = Seen.READ


@dataclass(frozen=True, slots=True)
class Report:
    """The weekly report. `people` are in order of role, then name; `trend` and strips are oldest week first.

    Names of people tell them apart: of two with the same name, each is shown with the address.

    `since_last` is what was noticed since the last delivery and belongs to weeks already reported. `troubles` are
    sentences on accounts that can't be served now. `reads` says when each account was last read, where it ever was;
    `begins` is the earliest start on record.
    """

    week: Week
    zone: tzinfo
    made_at: datetime
    people: tuple[PersonReport, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    almost: tuple[AlmostFlag, ...] = ()
    trend: tuple[TrendWeek, ...] = ()
    since_last: tuple[Change, ...] = ()
    gaps: tuple[Gap, ...] = ()
    troubles: tuple[str, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    reads: Mapping[str, datetime] = field(default_factory=dict)
    begins: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlagRule:
    """More than `cancellations` of them by a manager `within` this long raise a flag."""

    cancellations: int = 2
    within: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ReportRules:
    """What the config says of reports. `working_hours` are local times, Monday to Friday."""

    zone: tzinfo
    flag: FlagRule = FlagRule()
    opens: time = time(9)
    closes: time = time(17, 30)
    rebook_window: timedelta = timedelta(days=7)
    topics_due: timedelta = timedelta(days=1)
    people: Mapping[str, Acquaintance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report is made of: the ledger, oldest first, and what is on record now.

    `busy` are the taken times of all calendars, prepd's slots included; they are known up to `busy_until` (None: not
    known at all). `delivered_week` is the latest earlier week that was delivered, `delivered_at` when the first place
    had its report. `gaps` includes those that still last.
    `reads` says when each account was last read, where it ever was.
    """

    changes: tuple[Change, ...] = ()
    records: Mapping[str, OneOnOne] = field(default_factory=dict)
    artefacts: Artefacts = field(default_factory=Artefacts)
    busy: tuple[Busy, ...] = ()
    busy_until: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    troubles: tuple[str, ...] = ()
    delivered_at: datetime | None = None
    delivered_week: str | None = None
    reads: Mapping[str, datetime] = field(default_factory=dict)
