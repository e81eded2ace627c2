"""The model of the weekly report, made of the ledger and of what is on record.

Each 1:1 counts once, by how it ended; a later entry that corrects an earlier one stands in for it. Held, no-show and
excused count in the week where the 1:1 stood; cancelled, declined and rescheduled in the week of the start that was
lost. Who is listed: `people`; what is said of each: `person`; flags: `managers`. What is new since the last report, and
what is to come, is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from daemon.core.model import Change, Gap, Kind, OneOnOne, Person, Times
from daemon.core.report.counting import counts, seen
from daemon.core.report.frame import Frame, frame_of, in_utc
from daemon.core.report.managers import flags
from daemon.core.report.model import Facts, Report, ReportRules, TrendWeek, Upcoming
from daemon.core.report.people import NOTHING, History, coming, histories, is_active, order, people
from daemon.core.report.person import person_report
from daemon.core.upcoming import upcoming
from daemon.core.weeks import Week, week_after, week_named, week_of


def make_report(facts: Facts, rules: ReportRules, week: Week, now: datetime) -> Report:
    """Everyone with something in the twelve weeks, or a 1:1 to come; by role, then name."""
    frame = frame_of(facts, rules, week, now)
    told, ahead = histories(facts.changes), coming(facts, now)
    known = people(told, ahead, facts, rules)
    listed = [p for p in known.values() if p.email in ahead or is_active(told.get(p.email, NOTHING), frame)]
    raised, nearly = flags(known.values(), told, ahead, frame)
    return Report(
        week,
        rules.zone,
        now,
        people=tuple(person_report(p, told.get(p.email, NOTHING), frame) for p in sorted(listed, key=order)),
        red_flags=raised,
        almost=nearly,
        trend=_trend(told, frame),
        since_last=_since_last(told, known, frame),
        gaps=tuple(g for g in facts.gaps if _concerns(g, frame.window)),
        troubles=facts.troubles,
        upcoming=_upcoming(known, frame),
        reads=facts.reads,
        begins=min((t.at for h in told.values() for t in h.told), default=None),
    )


def _trend(told: Mapping[str, History], frame: Frame) -> tuple[TrendWeek, ...]:
    """Everybody's 1:1s, week by week."""
    counted = [t for h in told.values() for t in h.told if frame.holds(t.at)]
    ended = [t for h in told.values() for t in h.ended if frame.holds(t.at)]
    read = min(frame.facts.reads.values(), default=None)
    return tuple(
        TrendWeek(w, counts(counted, ended, in_utc(w.start, w.end)), seen(w, read, frame.now))
        for w in frame.weeks
    )


def _since_last(told: Mapping[str, History], known: Mapping[str, Person], frame: Frame) -> tuple[Change, ...]:
    """What was noticed since the last delivery of weeks that were reported by then, as it stands now."""
    facts, zone = frame.facts, frame.rules.zone
    since = facts.delivered_at
    if since is None:
        return ()
    if facts.delivered_week is not None:
        reported = week_named(facts.delivered_week, zone)
    else:
        reported = week_of(since.astimezone(zone).date(), zone)
    until = min(frame.week.start.astimezone(UTC), reported.end.astimezone(UTC))
    found = [
        replace(t.change, name=known[t.change.person].name)
        for history in told.values()
        for t in history.told
        if t.at < until and t.change.noticed_at > since and t.change.kind is not Kind.SCHEDULED
    ]
    return tuple(sorted(found, key=lambda c: (c.noticed_at, c.id)))


def _concerns(gap: Gap, window: Times) -> bool:
    """Whether a gap touches the twelve weeks, or still lasts."""
    return gap.end is None or (gap.end > window.start and gap.start < window.end)


def _upcoming(known: Mapping[str, Person], frame: Frame) -> tuple[Upcoming, ...]:
    """The 1:1s to come up to the end of the next week: those that stand, and those that somebody declined."""
    until = week_after(frame.week, frame.rules.zone).end
    found = upcoming(frame.facts.records.values(), frame.now, until)
    return tuple(_one_to_come(r, known[r.person], frame.facts, frame.rules) for r in found)


def _one_to_come(record: OneOnOne, person: Person, facts: Facts, rules: ReportRules) -> Upcoming:
    page = facts.artefacts.pages.get(record.person)
    if page is None or page.one_on_one != record.id:
        return Upcoming(record, person)
    return Upcoming(
        record,
        person,
        page_url=page.ref.url,
        untouched=page.untouched,
        topics_due=record.start - rules.topics_due,
        open_items=page.open_items,
        career_check=page.career_check,
    )
