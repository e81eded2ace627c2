"""The reference calendar as a provider would show it to Alex: a `Calendar` to be read, and prepd's core reading it.

No network, no client library, no files: hundreds of stories in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.errors import NotFound
from connectors.reading import Request, read
from connectors.values import Event, Item, Known, Page, Response, Series, Status, Tombstone, Window
from daemon.core.detect import Verdict, label
from daemon.core.ledger.classify import classify
from daemon.core.model import Change, OneOnOne, State
from daemon.core.remembered import Candidate
from tests.build import DANA, KIM, ME, RULES, event, look
from tests.properties.meetings import LENGTH, Manner, Meeting
from tests.properties.reference import DAY, WEEK, Reference

_NOTED = (Verdict.ONE_ON_ONE, Verdict.TWO_PEOPLE)


@dataclass
class ShownCalendar:
    """What Alex's calendar shows of the reference. A token is a number of a snapshot; what differs from it is news.

    Ids are as Google's: a date's is made of its series and its start there, so that a moved series has new ones.
    """

    reference: Reference
    id: str = "primary"
    expired: bool = False
    snapshots: list[dict[str, Item]] = field(default_factory=list)

    def pages(self, window: Window, token: str | None):
        now = self._now()
        if token is None:
            items = [i for i in now.values() if isinstance(i, Event) and window.touches(i.start, i.end)]
            replaced: set[str] = set()
        else:
            before = self.snapshots[int(token)]
            items = [i for i in now.values() if before.get(i.id) != i]
            lost = [i for i in before.values() if i.id not in now]
            # A date that is gone without trace is missing from its series, a single event is not.
            replaced = {i.series_id for i in (*items, *lost) if i.series_id}
            items += [Tombstone(i.id) for i in lost if i.series_id is None]
        self.snapshots.append(now)
        half = len(items) // 2
        yield Page(tuple(items[:half]))
        yield Page(tuple(items[half:]), token=str(len(self.snapshots) - 1), replaced=frozenset(replaced))

    def get(self, event_id: str) -> Item:
        now = self._now()
        if event_id not in now:
            raise NotFound("no such event")
        return now[event_id]

    def series(self, series_id: str) -> Series:
        dates = [m for m in self.reference.meetings if f"s{m.series}" == series_id]
        live = not any(m.series in self.reference.gone_series for m in dates)
        number = int(series_id.removeprefix("s"))
        counted = number % 2 == 0 and number not in self.reference.cut
        last = max((m.date for m in dates), default=self.reference.now - WEEK)
        return Series(series_id, live, None if counted else last, counted)

    def _now(self) -> dict[str, Item]:
        found = {m.number: _shown(m, self.reference.manner) for m in self.reference.meetings}
        return {item.id: item for item in found.values() if item is not None}


def _shown(meeting: Meeting, manner: Manner) -> Item | None:
    event_id = _id(meeting)
    series = f"s{meeting.series}" if meeting.series else None
    if meeting.shown:
        return _event(meeting)
    kept = manner.cancelled_kept if meeting.mine else manner.deleted_kept
    if kept:
        return _event(meeting, status=Status.CANCELLED)
    google = manner.deleting_declines
    return Tombstone(event_id, series, meeting.date if series else None) if google else None


def _event(meeting: Meeting, status: Status = Status.CONFIRMED) -> Event:
    no = Response.DECLINED
    alex = no if meeting.alex_no or not meeting.mine else Response.ACCEPTED
    return event(
        meeting.at,
        id=_id(meeting),
        title=meeting.title,
        by=ME if meeting.alex_organizes else DANA,
        guests=(ME, DANA, KIM) if meeting.third else (ME, DANA),
        me=alex,
        them=no if meeting.dana_no else Response.ACCEPTED,
        minutes=LENGTH // timedelta(minutes=1),
        status=status,
        series_id=f"s{meeting.series}" if meeting.series else None,
        original_start=meeting.date if meeting.series else None,
        created=meeting.made,
        updated=meeting.changed,
    )


def _id(meeting: Meeting) -> str:
    return f"s{meeting.series}_{meeting.date:%Y%m%dT%H%M}" if meeting.series else f"e{meeting.number}"


@dataclass
class Observer:
    """prepd's core, looking at a calendar: a read, labels, the decision table, and what is kept between two looks."""

    calendar: ShownCalendar
    records: dict[str, OneOnOne] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
    token: str | None = None
    looked_at: datetime | None = None

    def look(self, now: datetime, *, full: bool = False) -> tuple[Change, ...]:
        """One look. Gives what it told."""
        request = Request(self._window(now), None if full else self.token, known=self._known())
        delta = read(self.calendar, request, lambda e: label(e, RULES).verdict in _NOTED)
        titles = tuple((r.person, r.title) for r in self.records.values() if r.series_id is not None)
        shown = look(
            *delta.items,
            now=now,
            since=self.looked_at,
            series=delta.series,
            unresolved=tuple(delta.unresolved),
            known=titles,
        )
        outcome = classify(self.records, [shown], self.candidates, now, WEEK)
        self.records |= {r.id: r for r in outcome.records}
        self.changes += outcome.changes
        self.candidates, self.token, self.looked_at = outcome.candidates, delta.token, now
        return outcome.changes

    def _window(self, now: datetime) -> Window:
        unsettled = [r.start for r in self._open()]
        since = self.looked_at - DAY if self.looked_at else now - 12 * WEEK
        return Window(min([now - 2 * WEEK, since, *unsettled]), now + 60 * DAY)

    def _known(self) -> dict[str, Known]:
        return {r.event_id: Known(r.event_id, r.start, r.end, r.series_id) for r in self._open()}

    def _open(self) -> list[OneOnOne]:
        return [r for r in self.records.values() if r.state in (State.STANDING, State.DECLINED)]
