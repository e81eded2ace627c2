"""What prepd made and put somewhere: slots, prep docs, pages, links. The `is` that `plan` compares with what should be.

Each remembers how prepd left it, so that the user's hand shows in the difference.
"""

# No `from __future__ import annotations`: msgspec would compile every annotation anew in each process.

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from connectors.frozen import dataclass
from connectors.kept import Notebook, PageRef
from daemon.core.model import Times


class SlotState(StrEnum):
    """LIVE: prepd looks after it. DELETED: the user took it away, and it stays away. RELEASED: the user wrote in it
    and its 1:1 fell through, so it is theirs now. GOING: prepd set out to take it away, and whether it did is yet to
    be seen. GONE: prepd took it away.
    """

    LIVE = "live"
    DELETED = "deleted"
    RELEASED = "released"
    GOING = "going"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Slot:
    """A reflection slot. `generation` makes its event id new after prepd deleted one: providers keep ids taken.

    `start` and `end` are where it is, `placed_start` where prepd put it. `text_hash` is that of the text that prepd
    wrote, `body_digest` the provider's word for it as it then stood. `pending`: it was missing, and could not be asked
    for yet.
    """

    one_on_one: str
    account: str
    calendar: str
    event_id: str
    generation: int
    start: datetime
    end: datetime
    placed_start: datetime
    meeting_start: datetime
    text_hash: str
    body_digest: str
    title: str
    reason: str
    overlaps: bool = False
    etag: str | None = None
    edited: bool = False
    pending: bool = False
    state: SlotState = SlotState.LIVE

    @property
    def times(self) -> Times:
        return Times(self.start, self.end)

    @property
    def dragged(self) -> bool:
        """Whether the user moved it since prepd placed it."""
        return self.start != self.placed_start


@dataclass(frozen=True, slots=True)
class PrepDoc:
    """One person's prep doc, in the account of their first page. `pages` counts those opened so far.

    `career_month` is the month (2026-11) whose page asked for a career check last. `opened_for` are the 1:1s that
    the latest pages were opened for.
    """

    person: str
    account: str
    notebook: Notebook
    pages: int = 0
    career_month: str = ""
    shared_as: str | None = None
    opened_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page: the person's open one, for their next 1:1, or the last one that was closed.

    `digest` stands for what was on it when prepd made it; `untouched` says whether that is still all, and is null until
    somebody looked. `open_items` are the action items open on it when it was last read, or carried over to it.
    `career_check`: it asks where the career stands. `topics` is the 1:1 and time (`topics_key`) for which it was
    read when topics fell due, `told` the one that a notification went out for.
    """

    person: str
    account: str
    notebook: Notebook
    ref: PageRef
    one_on_one: str
    heading: str
    opened_at: datetime
    digest: str = ""
    untouched: bool | None = None
    open_items: tuple[str, ...] = ()
    career_check: bool = False
    topics: str = ""
    told: str = ""


class LinkState(StrEnum):
    """ON: it stands on the invite. REMOVED: the user took it off, for good. REFUSED: the provider said no, for good.
    OFF: prepd took it off, or an organizer's update did.
    """

    ON = "on"
    REMOVED = "removed"
    REFUSED = "refused"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class InviteLink:
    """A link on the invite of a 1:1. `fingerprint` is that of the event as prepd left it.

    `url` is spelled as the provider does; `page` is the key of the page that it leads to.
    """

    one_on_one: str
    account: str
    calendar: str
    event_id: str
    url: str
    state: LinkState
    series_id: str | None = None
    fingerprint: str = ""
    left_at: datetime | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Artefacts:
    """All that prepd made, keyed by 1:1 (slots, links) or by person (docs, pages)."""

    slots: dict[str, Slot] = field(default_factory=dict)
    links: dict[str, InviteLink] = field(default_factory=dict)
    docs: dict[str, PrepDoc] = field(default_factory=dict)
    pages: dict[str, OpenPage] = field(default_factory=dict)

    def copy(self) -> "Artefacts":
        return Artefacts(dict(self.slots), dict(self.links), dict(self.docs), dict(self.pages))
