"""Entries of a ledger, as tests of the report tell them: in weeks that end with 2026-W47 (Monday 16 November)."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from zoneinfo import ZoneInfo

from daemon.core.detect import Acquaintance
from daemon.core.model import By, Change, How, Kind, Role, Scope
from daemon.core.report.making import make_report
from daemon.core.report.model import Facts, FlagRule, ReportRules
from daemon.core.weeks import week_named
from tests.build import DANA, DAY, KIM, MINUTE, at, times

LONDON = ZoneInfo("Europe/London")
FRIDAY = at("11-20 16:00")
WEEK = week_named("2026-W47", LONDON)
MANAGER = Acquaintance(DANA, "Dana", Role.MANAGER, None)
RULES = ReportRules(LONDON, people={DANA: MANAGER})


class Told:
    """A ledger that is told entry by entry. 1:1s are called as you like; ids count up."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._names = count(1)

    def __call__(
        self,
        kind: Kind,
        start: str,
        *,
        by: By | None = None,
        to: str | None = None,
        one: str | None = None,
        person: str = DANA,
        noticed: str | None = None,
        ahead: int | None = None,
        corrects: Change | None = None,
        minutes: int = 30,
        **more,
    ) -> Change:
        """`start` is the time that was lost, or at which it was held; `ahead` the notice in minutes."""
        one = one or (corrects.one_on_one if corrects else f"r{next(self._names)}")
        number = sum(c.one_on_one == one for c in self.changes) + 1
        lost = kind in (Kind.CANCELLED, Kind.DECLINED, Kind.RESCHEDULED, Kind.SERIES_ENDED)
        at_start = times(start, minutes)
        moment = at(noticed) if noticed else at_start.start - (ahead or 0) * MINUTE
        made = Change(
            f"{one}.{number}",
            one,
            "work",
            person,
            {DANA: "Dana Reyes", KIM: "Kim Oh"}.get(person, person),
            kind,
            moment,
            "why",
            by=by,
            was=at_start if lost else None,
            now_at=times(to, minutes) if to else None if lost else at_start,
            notice_minutes=ahead,
            corrects=corrects.id if corrects else None,
        )
        self.changes.append(replace(made, **more))
        return self.changes[-1]

    def scheduled(self, start, **more):
        return self(Kind.SCHEDULED, start, **({"noticed": "09-01 08:00"} | more))

    def held(self, start, **more):
        return self(Kind.HELD, start, **({"ahead": None} | more))

    def cancelled(self, start, by=By.THEM, **more):
        return self(Kind.CANCELLED, start, by=by, **({"ahead": 600} | more))

    def declined(self, start, by=By.THEM, **more):
        return self(Kind.DECLINED, start, by=by, **({"ahead": 600} | more))

    def moved(self, start, to, by=By.THEM, **more):
        return self(Kind.RESCHEDULED, start, by=by, to=to, how=How.MOVED, **({"ahead": 600} | more))

    def rebooked(self, start, to, by=By.THEM, **more):
        return self(Kind.RESCHEDULED, start, by=by, to=to, how=How.REBOOKED, **({"ahead": 600} | more))

    def series_ended(self, start, **more):
        return self(Kind.SERIES_ENDED, start, scope=Scope.SERIES, **({"by": By.THEM, "ahead": 600} | more))

    def report(self, *, rules=RULES, week=WEEK, now=FRIDAY, **facts):
        ledger = tuple(sorted(self.changes, key=lambda c: c.noticed_at))
        return make_report(Facts(ledger, **facts), rules, week, now)

    def of(self, person=DANA, **more):
        """What the report says of one person."""
        return next(p for p in self.report(**more).people if p.person.email == person)


def lenient(cancellations: int) -> ReportRules:
    return replace(RULES, flag=FlagRule(cancellations, 90 * DAY))
