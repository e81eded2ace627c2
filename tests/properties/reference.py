"""What really happened between Alex and Dana: the calendar of two people, and what an honest ledger says of each act.

Written from docs/design.md 5.4 alone, for one act at a time: it has nothing to pair and nothing to guess, but which
new meeting takes the place of one that fell through. No two meetings ever start at the same time, so that a start names
a meeting.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import reject

from daemon.core.model import By, How, Kind
from tests.properties.acts import Act, Pause, Verb
from tests.properties.meetings import (
    OTHER_TITLE,
    TITLE,
    Deed,
    Manner,
    Meeting,
    Stands,
    Told,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


class Reference:
    """Plays acts, and notes for each what is to be told of it (`told`, by step)."""

    def __init__(self, now: datetime, manner: Manner) -> None:
        self.now, self.manner = now, manner
        self.meetings: list[Meeting] = []
        self.told: list[Told] = []
        self.deeds: list[Deed] = []
        self._used: set[datetime] = set()
        self.gone_series: set[int] = set()
        self.cut: set[int] = set()
        self._series = 0

    # --- one step ---------------------------------------------------------------------------------------------

    def play(self, what: Act | Pause) -> tuple[list[Deed], list[Told]]:
        """Does it. Gives what was done, and what a look right after it is to tell."""
        self.told, self.deeds = [], []
        if isinstance(what, Pause):
            self.now += what.length
        else:
            getattr(self, f"_{what.verb.value}")(what)
        self._rebooked()
        self._went_past()
        return self.deeds, sorted(self.told)

    def at(self, start: datetime) -> Meeting:
        """The meeting that started then at some time."""
        return next(m for m in self.meetings if start in m.starts)

    def ended(self) -> int:
        """How many 1:1s were held, cancelled or declined for good, each counted once."""
        return sum(m.stands in (Stands.OVER, Stands.CANCELLED, Stands.DECLINED) for m in self.meetings)

    # --- acts of the organizer ----------------------------------------------------------------------------------

    def _schedule(self, act: Act) -> Meeting | None:
        start = _hour(self.now) + act.shift + timedelta(minutes=len(self.meetings) % 13 * 2)
        dates = [start + n * WEEK for n in range(act.count)]
        if start <= self.now or not self._free(dates):
            return None
        series = None
        if act.count > 1:
            self._series += 1
            series = self._series
        made = [
            Meeting(len(self.meetings) + n, act.alex, date, date, series, self.now, self.now)
            for n, date in enumerate(dates)
        ]
        self.meetings += made
        for meeting in made:
            self._place(meeting, meeting.at)
            self._tell(meeting, Kind.SCHEDULED, now=meeting.at)
        self.deeds.append(Deed(Verb.SCHEDULE, act.alex, tuple(made), to=start, series=series))
        return made[0]

    def _move(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown)
        to = meeting.date + act.shift if meeting else self.now
        if meeting is None or to <= self.now or not self._free([to]):
            return
        was = meeting.at
        self._touch(meeting)
        self._place(meeting, to)
        self.deeds.append(Deed(Verb.MOVE, meeting.alex_organizes, (meeting,), start=was, to=to))
        answered = meeting.alex_no or meeting.dana_no
        if self.manner.moving_asks_anew:
            meeting.alex_no = meeting.dana_no = False
        if meeting.stands in (Stands.STANDING, Stands.DECLINED):
            self._tell(meeting, Kind.RESCHEDULED, How.MOVED, meeting.organizer, was=was, now=to)
            if answered and self.manner.moving_asks_anew:
                self._open(meeting)
        elif meeting.stands is Stands.REPLACED and answered and self.manner.moving_asks_anew:
            self._back(meeting, meeting.organizer)

    def _move_series(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.series is not None)
        if meeting is not None and all(m.date > self.now for m in self._dates(meeting)):
            self._shift(meeting, self._dates(meeting), act, Verb.MOVE_SERIES)

    def _following(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.series is not None)
        if meeting is None:
            return
        following = [m for m in self._dates(meeting) if m.date >= meeting.date]
        if len(following) < len(self._dates(meeting)):  # else it is the whole series
            self._shift(meeting, following, act, Verb.FOLLOWING)

    def _shift(self, meeting: Meeting, dates: list[Meeting], act: Act, verb: Verb) -> None:
        """All of these dates move as one. Only what nobody touched is moved so: what else does is each provider's."""
        starts = [m.date + act.shift for m in dates]
        if any(m.touched for m in dates) or starts[0] <= self.now or not self._free(starts):
            return
        was = dates[0].at
        if verb is Verb.FOLLOWING:
            self.cut.add(meeting.series)
            self._series += 1
        self.deeds.append(
            Deed(verb, meeting.alex_organizes, tuple(dates), start=was, to=starts[0], series=self._series)
        )
        for each, start in zip(dates, starts, strict=True):
            each.date, each.changed = start, self.now
            self._place(each, start)
            if verb is Verb.FOLLOWING:
                each.series = self._series
            each.acted.add((How.MOVED, meeting.organizer))
        self._tell(dates[0], Kind.RESCHEDULED, How.MOVED, meeting.organizer, was=was, now=starts[0])

    def _cancel(self, act: Act, verb: Verb = Verb.CANCEL) -> Meeting | None:
        meeting = self._pick(act, lambda m: m.shown)
        if meeting is None:
            return None
        self._touch(meeting)
        self.deeds.append(Deed(verb, meeting.alex_organizes, (meeting,), start=meeting.at))
        meeting.live = False
        self._gone(meeting, self._canceller(meeting))
        return meeting

    def _cancel_series(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown and m.series is not None)
        if meeting is None:
            return
        dates = [m for m in self._dates(meeting) if m.shown]
        self.deeds.append(Deed(Verb.CANCEL_SERIES, meeting.alex_organizes, tuple(dates), start=meeting.at))
        self._end_series(dates, self._canceller)
        self.gone_series.add(meeting.series)
        for each in dates:
            each.live, each.changed = False, self.now

    def _end_series(self, dates: list[Meeting], by_whom) -> None:
        coming = [m for m in dates if m.end > self.now]
        standing = sorted(
            (m for m in coming if m.stands in (Stands.STANDING, Stands.DECLINED)), key=lambda m: m.at
        )
        if standing:
            first = by_whom(standing[0])
            self._tell(standing[0], Kind.SERIES_ENDED, by=first, was=standing[0].at)
        for each in coming:
            each.touched, each.changed = True, self.now
            by = by_whom(each)
            each.acted |= {(Kind.CANCELLED, by), (Kind.SERIES_ENDED, by)}
            if each.stands in (Stands.STANDING, Stands.DECLINED, Stands.NOT):
                each.stands = Stands.ENDED

    def _rebook(self, act: Act) -> None:
        meeting = self._cancel(act)
        if meeting is not None:
            hours = timedelta(hours=26) + abs(act.shift)
            self._schedule(Act(Verb.SCHEDULE, shift=hours, alex=meeting.alex_organizes))

    def _restore(self, act: Act) -> None:
        gone = [
            m
            for m in self.meetings
            if not m.live and m.mine and m.at > self.now and m.stands is not Stands.ENDED and not m.buried
        ]
        if not gone or not self.manner.restores:
            return
        meeting = gone[act.pick % len(gone)]
        siblings = [m for m in self.meetings if m.series == meeting.series and m.stands is Stands.ENDED]
        if meeting.series is not None and siblings:
            return
        meeting.live, meeting.changed = True, self.now
        self.deeds.append(Deed(Verb.RESTORE, meeting.alex_organizes, (meeting,), start=meeting.at))
        if not meeting.third:
            self._back(meeting, meeting.organizer)

    def _rename(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown)
        if meeting is not None:
            self._touch(meeting)
            meeting.title = OTHER_TITLE if meeting.title == TITLE else TITLE
            self.deeds.append(
                Deed(Verb.RENAME, meeting.alex_organizes, (meeting,), start=meeting.at, title=meeting.title)
            )

    def _invite(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown and not m.third)
        if meeting is None:
            return
        self._touch(meeting)
        meeting.third = True
        self.deeds.append(Deed(Verb.INVITE, meeting.alex_organizes, (meeting,), start=meeting.at))
        if meeting.stands in (Stands.STANDING, Stands.DECLINED):
            by = By.ME if meeting.alex_organizes else By.UNKNOWN
            self._tell(meeting, Kind.NO_LONGER, by=by, now=meeting.at)
            self._close(meeting, Stands.NOT, by)

    def _uninvite(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown and m.third)
        if meeting is None:
            return
        self._touch(meeting)
        meeting.third = False
        self.deeds.append(Deed(Verb.UNINVITE, meeting.alex_organizes, (meeting,), start=meeting.at))
        if meeting.stands is not Stands.REPLACED or not (meeting.alex_no or meeting.dana_no):
            self._back(meeting, meeting.organizer)

    def _bury(self, act: Act) -> None:
        """Takes what is over off the calendar, which changes nothing about it."""
        past = [m for m in self.meetings if m.shown and m.end <= self.now]
        if not past:
            return
        meeting = past[act.pick % len(past)]
        self._touch(meeting)
        meeting.live, meeting.buried = False, True
        self.deeds.append(Deed(Verb.BURY, meeting.alex_organizes, (meeting,), start=meeting.at))

    # --- acts of the invited one --------------------------------------------------------------------------------

    def _decline(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown and not (m.alex_no or m.dana_no))
        if meeting is not None:
            self.deeds.append(Deed(Verb.DECLINE, not meeting.alex_organizes, (meeting,), start=meeting.at))
            self._says_no(meeting)

    def _says_no(self, meeting: Meeting) -> None:
        self._touch(meeting)
        by = _guest(meeting)
        meeting.alex_no, meeting.dana_no = by is By.ME, by is By.THEM
        meeting.acted.add((Kind.CANCELLED, by))
        meeting.acted.add((Kind.DECLINED, by))
        if meeting.stands is Stands.STANDING:
            self._tell(meeting, Kind.DECLINED, by=by, was=meeting.at)
            self._close(meeting, Stands.DECLINED, by)

    def _accept(self, act: Act) -> None:
        meeting = self._pick(act, lambda m: m.shown and (m.alex_no or m.dana_no))
        if meeting is None:
            return
        self._touch(meeting)
        meeting.alex_no = meeting.dana_no = False
        self.deeds.append(Deed(Verb.ACCEPT, not meeting.alex_organizes, (meeting,), start=meeting.at))
        meeting.acted.add((Kind.REINSTATED, _guest(meeting)))
        if meeting.stands is Stands.DECLINED:
            self._tell(meeting, Kind.REINSTATED, by=_guest(meeting), now=meeting.at)
            self._open(meeting)
        elif meeting.stands is Stands.REPLACED and not meeting.third:
            self._back(meeting, meeting.organizer)

    def _delete(self, act: Act) -> None:
        """The invited one takes it off their own calendar; what becomes of it afterwards is not told."""
        meeting = self._pick(act, lambda m: m.shown)
        if meeting is None:
            return
        self.deeds.append(Deed(Verb.DELETE, not meeting.alex_organizes, (meeting,), start=meeting.at))
        if meeting.alex_organizes:
            if self.manner.deleting_declines and not meeting.dana_no:
                self._says_no(meeting)
            meeting.touched = True
            meeting.buried = True
            return
        self._touch(meeting)
        known = self.manner.deleted_kept or meeting.alex_no
        meeting.mine = False
        meeting.acted.add((Kind.CANCELLED, By.ME))
        self._gone(meeting, By.ME if known else By.UNKNOWN)

    # --- what follows from an act -------------------------------------------------------------------------------

    def _gone(self, meeting: Meeting, by: By) -> None:
        meeting.acted.add((Kind.CANCELLED, by))
        if meeting.stands in (Stands.STANDING, Stands.DECLINED):
            self._tell(meeting, Kind.CANCELLED, by=by, was=meeting.at)
            self._close(meeting, Stands.CANCELLED, by)
        elif meeting.stands is Stands.NOT:
            meeting.stands = Stands.ENDED

    def _back(self, meeting: Meeting, by: By) -> None:
        """It is a meeting of two again; somebody may have declined it meanwhile."""
        meeting.acted.add((Kind.REINSTATED, by))
        if meeting.stands not in (Stands.CANCELLED, Stands.REPLACED, Stands.ENDED, Stands.NOT):
            return
        self._tell(meeting, Kind.REINSTATED, by=by, now=meeting.at)
        self._open(meeting)
        if meeting.alex_no or meeting.dana_no:
            self._tell(meeting, Kind.DECLINED, by=_guest(meeting), was=meeting.at)
            self._close(meeting, Stands.DECLINED, _guest(meeting))

    def _canceller(self, meeting: Meeting) -> By:
        """By whom a cancellation by the organizer can be told to be: first match of the design."""
        if meeting.alex_no or meeting.alex_organizes:
            return By.ME
        return By.THEM if self.manner.cancelled_kept else By.UNKNOWN

    def _went_past(self) -> None:
        for meeting in sorted(self.meetings, key=lambda m: m.at):
            if meeting.stands is Stands.STANDING and meeting.end <= self.now:
                self._tell(meeting, Kind.HELD, now=meeting.at)
                meeting.stands = Stands.OVER

    def _rebooked(self) -> None:
        """What fell through is replaced by a one-off made from a day before to a week after; the nearest start wins."""
        closed = [m for m in self.meetings if m.stands in (Stands.CANCELLED, Stands.DECLINED)]
        new = [
            m
            for m in self.meetings
            if m.series is None and m.replaces is None and m.stands in (Stands.STANDING, Stands.OVER)
        ]
        pairs = [(w, n) for w in closed for n in new if -DAY <= n.made - (w.closed_at or w.made) <= WEEK]
        pairs.sort(key=lambda p: (abs(p[1].at - p[0].at), p[0].at))
        distances = [(abs(n.at - w.at), w.at) for w, n in pairs]
        if len(set(distances)) < len(distances):
            reject()  # as near as each other: either is right
        for was, meeting in pairs:
            if was.stands is not Stands.REPLACED and meeting.replaces is None:
                # One that was cancelled in this step is told as rebooked at once.
                self.told = [
                    t
                    for t in self.told
                    if not (t.kind in (Kind.CANCELLED, Kind.DECLINED) and t.was == _text(was.at))
                ]
                meeting.replaces = was
                self._tell(was, Kind.RESCHEDULED, How.REBOOKED, was.closed_by, was=was.at, now=meeting.at)
                was.stands = Stands.REPLACED

    def _tell(
        self,
        meeting: Meeting,
        kind: Kind,
        how: How | None = None,
        by: By | None = None,
        *,
        was: datetime | None = None,
        now: datetime | None = None,
    ) -> None:
        if by is not None:
            meeting.acted.add((how or kind, by))
        self.told.append(Told(kind, how or "", by or "", _text(was), _text(now)))

    def _close(self, meeting: Meeting, stands: Stands, by: By) -> None:
        meeting.stands, meeting.closed_at, meeting.closed_by = stands, self.now, by

    def _open(self, meeting: Meeting) -> None:
        meeting.stands, meeting.closed_at, meeting.closed_by = Stands.STANDING, None, None

    # --- meetings and times -------------------------------------------------------------------------------------

    def _pick(self, act: Act, fits) -> Meeting | None:
        found = [m for m in self.meetings if m.at > self.now and not m.buried and fits(m)]
        return found[act.pick % len(found)] if found else None

    def _dates(self, meeting: Meeting) -> list[Meeting]:
        return [m for m in self.meetings if m.series == meeting.series]

    def _touch(self, meeting: Meeting) -> None:
        meeting.touched, meeting.changed = True, self.now

    def _place(self, meeting: Meeting, start: datetime) -> None:
        meeting.at = start
        meeting.starts.append(start)
        self._used.add(start)

    def _free(self, starts: list[datetime]) -> bool:
        return not self._used & set(starts)


def entries(changes) -> Iterator[Told]:
    """The ledger's entries as the reference tells them."""
    for change in changes:
        yield Told(
            change.kind,
            change.how or "",
            change.by or "",
            _text(change.was.start if change.was else None),
            _text(change.now_at.start if change.now_at else None),
        )


def _guest(meeting: Meeting) -> By:
    return By.THEM if meeting.alex_organizes else By.ME


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _text(moment: datetime | None) -> str:
    return f"{moment:%m-%d %H:%M}" if moment else ""
