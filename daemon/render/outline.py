"""What the weekly report says, and in which order: for every rendering but JSON."""

from __future__ import annotations

from daemon.core.model import By, Change, State
from daemon.core.report.model import AlmostFlag, PersonReport, RedFlag, Report, Upcoming
from daemon.render import sentences, words
from daemon.render.blocks import (
    Block,
    Coming,
    Commands,
    Items,
    Others,
    Part,
    PersonEntry,
    Quote,
    Says,
    Section,
    Trend,
)
from daemon.render.lines import clean

_ALL_IN_FULL = 12
_IN_FULL = 40
_LISTED = 30
"""So many people are each told of in full whatever they did; so many at most; so many changes are listed."""


def outline(report: Report) -> tuple[Section, ...]:
    """The sections that have something to say."""
    return _Outline(report).sections()


class _Outline:
    def __init__(self, report: Report) -> None:
        self.report, self.zone = report, report.zone
        self.names = sentences.names(report)

    def sections(self) -> tuple[Section, ...]:
        report = self.report
        made = [
            *(self._flag(f) for f in report.red_flags),
            *(self._almost(f) for f in report.almost),
            self._own(),
            self._people(),
            self._advice(),
            self._open(),
            self._trend(),
            self._since(),
            self._trouble(),
            self._next(),
        ]
        return tuple(section for section in made if section.blocks)

    def _name(self, email: str) -> str:
        return self.names.get(email) or clean(email, 60)

    def _flag(self, flag: RedFlag) -> Section:
        blocks: list[Block] = [*_said(flag.rule), Items(self._changes(flag.cancellations))]
        if said := clean(flag.words, 2000):
            blocks += [Says("Words you could use:"), Quote(said)]
        fine = "prepd never sends them: whether, when and how you say it is up to you."
        blocks.append(Says(" ".join(filter(None, (sentences.offered(flag), fine))), quiet=True))
        return Section(Part.FLAG, f"Red flag: {self._name(flag.person.email)}", tuple(blocks))

    def _almost(self, flag: AlmostFlag) -> Section:
        blocks: list[Block] = [
            *_said(flag.rule),
            Says("It would be a red flag if these were cancelled by them. If you know who it was, say so:"),
        ]
        for change in flag.unknown[:_LISTED]:
            line = f"prepd mark {clean(change.one_on_one)} cancelled --by"
            blocks += [Items((self._change(change),)), Commands((f"{line} them", f"{line} me"))]
        name = self._name(flag.person.email)
        return Section(Part.ALMOST, f"Nearly a red flag: {name}", tuple(blocks))

    def _own(self) -> Section:
        heading = "Cancelled or declined by you"
        own = [(p.person.email, c) for p in self.report.people for c in p.own]
        if own:
            lines = self._listed([f"{self._name(email)}: {self._change(c)}" for email, c in own])
            return Section(Part.OWN, heading, (Says("In the last twelve weeks:"), Items(lines)))
        due = sum(p.window.expected for p in self.report.people)
        said = Says(f"None, of {due:,} that were due in the last twelve weeks.")
        return Section(Part.OWN, heading, (said,) if due else ())

    def _people(self) -> Section:
        known = [p for p in self.report.people if _has_a_past(p)]
        entries = [PersonEntry(self._name(p.person.email), p.person.role.value, p) for p in known]
        full = entries
        if len(entries) > _ALL_IN_FULL:
            full = [e for e in entries if _eventful(e.report)][:_IN_FULL]
        shown = {id(e) for e in full}
        others = tuple(e for e in entries if id(e) not in shown)
        new = [self._name(p.person.email) for p in self.report.people if not _has_a_past(p)]
        blocks: list[Block] = [*full, *((Others(others),) if others else ())]
        if new:
            some = f"{', '.join(new[:_LISTED])}{f' and {len(new) - _LISTED:,} more' if len(new) > _LISTED else ''}"
            blocks.append(Says(f"Nothing on record yet: {some}.", quiet=True))
        return Section(Part.PEOPLE, "Person by person", tuple(blocks))

    def _advice(self) -> Section:
        told = [
            f"{self._name(p.person.email)}: {clean(p.advice, 500)}"
            for p in self.report.people
            if clean(p.advice)
        ]
        return self._list(Part.ADVICE, "Meet less often, but reliably", told)

    def _open(self) -> Section:
        still = [
            f"{self._name(p.person.email)}: {self._change(c)}"
            for p in self.report.people
            for c in p.open_to_rebooking
        ]
        return self._list(Part.OPEN, "Still open to rebooking", still)

    def _trend(self) -> Section:
        weeks = self.report.trend
        told = any(w.counts.expected or w.counts.moved or w.counts.excused for w in weeks)
        return Section(Part.TREND, "The last twelve weeks", (Trend(weeks),) if told else ())

    def _since(self) -> Section:
        lines = [f"{self._name(c.person)}: {self._change(c)}" for c in self.report.since_last]
        if not lines:
            return Section(Part.SINCE, "", ())
        intro = Says("Noticed since the last report, in weeks that it had already told of:")
        return Section(Part.SINCE, "Since the last report", (intro, Items(self._listed(lines))))

    def _trouble(self) -> Section:
        # A gap that lasts says why.
        why = tuple(g.reason for g in self.report.gaps if g.end is None and g.reason)
        lines = [said for t in self.report.troubles if not t.endswith(why) and (said := clean(t, 500))]
        lines = [words.sentence(line) for line in lines]
        lines += [words.gap(g, self.zone) for g in self.report.gaps[::-1]]
        if not lines:
            return Section(Part.TROUBLE, "", ())
        fine = Says("What happened in a gap is told as far as the calendars still showed it.", quiet=True)
        told = Items(self._listed(lines))
        return Section(Part.TROUBLE, "Gaps and troubles", (told, fine) if self.report.gaps else (told,))

    def _next(self) -> Section:
        return Section(Part.NEXT, "Coming up", tuple(self._coming(u) for u in self.report.upcoming))

    def _coming(self, coming: Upcoming) -> Coming:
        record = coming.one_on_one
        by = {By.ME: " by you", By.THEM: " by them"}.get(record.closed_by or By.UNKNOWN, "")
        return Coming(
            words.in_text(record.start, self.zone),
            self._name(coming.person.email),
            coming.person.email,
            clean(record.title, 80),
            sentences.preparation(coming, self.zone),
            f"declined{by}" if record.state is State.DECLINED else "",
            tuple(filter(None, (clean(item, 160) for item in coming.open_items[:_LISTED]))),
            coming.page_url,
        )

    def _list(self, part: Part, heading: str, lines: list[str]) -> Section:
        return Section(part, heading, (Items(self._listed(lines)),) if lines else ())

    def _listed(self, lines: list[str]) -> tuple[str, ...]:
        more = len(lines) - _LISTED
        return (*lines[:_LISTED], f"and {more:,} more: see prepd history") if more > 0 else tuple(lines)

    def _changes(self, changes: tuple[Change, ...]) -> tuple[str, ...]:
        return self._listed([self._change(c) for c in changes])

    def _change(self, change: Change) -> str:
        return f"{words.one_space(words.when(change, self.zone))}, {sentences.what(change)}"


def _has_a_past(entry: PersonReport) -> bool:
    return entry.last_held is not None or any(week.outcomes for week in entry.strip)


def _said(text: str) -> tuple[Says, ...]:
    said = clean(text, 500)
    return (Says(said),) if said else ()


def _eventful(entry: PersonReport) -> bool:
    """Whether there is more to tell than that their 1:1s took place, or that none was due."""
    week = entry.week
    return bool(sentences.fell_and_moved(week) or entry.open_to_rebooking or entry.advice)
