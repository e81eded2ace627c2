"""What a calendar holds, as every provider's answers read once they are parsed.

Values only: frozen, comparable, without a provider's spelling in them. All times are aware and in UTC;
addresses are lower-case. This module knows nothing of 1:1s.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from enum import StrEnum

from connectors.frozen import dataclass
from connectors.kept import Busy


class Response(StrEnum):
    """What an attendee answered to an invitation."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    NEEDS_ACTION = "needs_action"


class Status(StrEnum):
    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    """The ordinary meeting, and the things that share a calendar with it."""

    MEETING = "meeting"
    FOCUS = "focus"
    OUT_OF_OFFICE = "out_of_office"
    WORKING_LOCATION = "working_location"
    BIRTHDAY = "birthday"
    FROM_MAIL = "from_mail"
    TASK = "task"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time, ``start <= t < end``."""

    start: datetime
    end: datetime

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether an event from `start` to `end` (a point, if both are equal) lies at least partly inside."""
        return start < self.end and (end > self.start or start == end >= self.start)


@dataclass(frozen=True, slots=True)
class Attendee:
    """One entry of an event's guest list.

    `address` is lower-case and may be empty: providers do leave it out. `additional_guests` counts people
    that this one brings along without naming them.
    """

    address: str
    name: str = ""
    response: Response = Response.NEEDS_ACTION
    is_self: bool = False
    is_organizer: bool = False
    is_resource: bool = False
    additional_guests: int = 0


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who owns an event. Not necessarily somebody who takes part in it."""

    address: str
    name: str = ""
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar; an occurrence of a series is an event of its own.

    `series_id` and `original_start` are set for occurrences only. `links` are the URLs attached to the user's
    copy. `body_digest` is a short hash of the description (in Outlook: and of the place), so that a change of it shows
    without keeping it.
    `mark` is the value of prepd's private mark, on events that prepd made; nobody else sees or sets it.
    A cancelled event may still tell its times and people: then it is one of these, with that status.
    """

    id: str
    title: str
    start: datetime
    end: datetime
    status: Status = Status.CONFIRMED
    kind: EventKind = EventKind.MEETING
    all_day: bool = False
    busy: bool = True
    series_id: str | None = None
    original_start: datetime | None = None
    ical_uid: str | None = None
    etag: str | None = None
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    guests_hidden: bool = False
    guests_can_modify: bool = False
    created: datetime | None = None
    updated: datetime | None = None
    links: tuple[str, ...] = ()
    body_digest: str = ""
    mark: str | None = None
    url: str = ""

    @property
    def my_response(self) -> Response | None:
        """The user's own answer, or None where the guest list does not name them."""
        return next((a.response for a in self.attendees if a.is_self), None)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A provider's word that an event is gone; often nothing but its id.

    `id` may be that of a series: then all of its occurrences are gone.
    `absent` is True where no provider said so: the event is missing from a complete read, and asking for it
    by id found nothing.
    """

    id: str
    series_id: str | None = None
    original_start: datetime | None = None
    absent: bool = False


Item = Event | Tombstone


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that could not be read. `reason` is a sentence for people, without the entry's text."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a read. `token` is set on the last page only, where the provider gave one.

    `replaced` are series of which this read lists every occurrence within its window: what is known of them and
    not listed is missing, although the read is an incremental one.
    """

    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...] = ()
    token: str | None = None
    replaced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A rule of whole weeks: each so many from `first` on, on these weekdays (0 is Monday), in the series' zone.

    `first` is its first day. `week_starts` is the weekday on which a week begins.
    """

    first: date
    zone: tzinfo
    weeks: int = 1
    weekdays: frozenset[int] = frozenset()
    week_starts: int = 0

    def has(self, start: datetime) -> bool:
        """Whether the rule has a date on the day of `start`, taken off or not."""
        day = start.astimezone(self.zone).date()
        between = self._week(day) - self._week(self.first)
        weekdays = self.weekdays or {self.first.weekday()}
        return day >= self.first and day.weekday() in weekdays and between % self.weeks == 0

    def _week(self, day: date) -> int:
        return (day.toordinal() - 1 - self.week_starts) // 7


@dataclass(frozen=True, slots=True)
class Series:
    """A series' own entry: whether it goes on. `until` is the last moment at which an occurrence may start.

    `bounded` tells that the series counts its occurrences, so that its end cannot be told without expanding it.
    `rhythm` is its rule, where that is one of whole weeks and all that there is.
    """

    id: str
    live: bool
    until: datetime | None = None
    bounded: bool = False
    rhythm: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller has on record of one event: enough to notice that it is missing."""

    id: str
    start: datetime
    end: datetime
    series_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What one read of a calendar showed.

    `complete` says that every live event of `window` was listed, so that what is missing is gone; what was
    known and missing has then been asked for by id, and is among `items` or `unresolved`.
    `items` are the events that the caller's `keep` wanted, those it knew, and all tombstones.
    `busy` are the taken times of *all* live events read; `freed` the ids that take no time any
    more, where the read was incremental.
    `unresolved` are known ids whose fate could not be asked for now: neither there nor gone.
    `token` is None where the provider gave none: the next read is a full one.
    """

    window: Window
    complete: bool
    items: tuple[Item, ...] = ()
    busy: tuple[Busy, ...] = ()
    freed: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    unresolved: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    token: str | None = None
    events_read: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be made on the user's own calendar: private, without guests. `text` is plain text.

    `busy`: it takes the user's time; otherwise they are shown as free.
    """

    title: str
    start: datetime
    end: datetime
    text: str
    mark: str
    busy: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """What to change of an event that prepd made. What is None stays as it is. `mark` is always written."""

    mark: str
    start: datetime | None = None
    end: datetime | None = None
    title: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A prep page, as it is put on an event."""

    url: str
    title: str


# --- documents ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str | None = None


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    CHECKBOX = "checkbox"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page. `level` is that of a heading (2 to 6; a page's own heading is level 1)."""

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class PageDraft:
    """A page to be made. `key` names it for ever, whatever its heading says later."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PageContent:
    """What stands on a page now. `open_items` are the action items not ticked off, in order, as plain text.

    `digest` changes when anybody typed on the page, and not when its heading follows a moved meeting.
    """

    open_items: tuple[str, ...]
    digest: str


class Access(StrEnum):
    COMMENT = "comment"
    EDIT = "edit"


def by_id(items: Iterable[Item]) -> dict[str, Item]:
    """The last word on each id: a provider may send the same event twice in one read."""
    return {item.id: item for item in items}
