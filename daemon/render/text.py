"""The weekly report as lines of eighty columns, or of as few as a terminal has; or as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from daemon.core.report.model import PersonReport, Report, Seen, TrendWeek
from daemon.render import sentences, strip
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
from daemon.render.lines import Style, Styled, width
from daemon.render.outline import outline
from daemon.render.wrap import Line, cut, wrapped

COLUMNS = 80
_BAR = 24
_HEADINGS = {Part.FLAG: ("▲ ", Style.BAD), Part.ALMOST: ("△ ", Style.NOTICE)}


def plain(report: Report) -> str:
    """Without styles: for a pipe, a file, the text of an event."""
    return "".join("".join(part.text for part in line).rstrip() + "\n" for line in lines(report))


def lines(report: Report, room: int = COLUMNS) -> list[Line]:
    """As a terminal shows it that is `room` columns wide."""
    heading = (
        Styled(sentences.title(report), Style.STRONG),
        Styled(f"  {sentences.dates(report)}", Style.QUIET),
    )
    made = [*wrapped(heading, room), *wrapped([sentences.summary(report).replace("`", "")], room)]
    for section in outline(report):
        mark, style = _HEADINGS.get(section.part, ("", Style.STRONG))
        made += [(), *wrapped([Styled(mark + section.heading, style)], room)]
        made += _section(section, report, room)
    made.append(())
    for line in sentences.closing(report):
        made += wrapped([Styled(line.replace("`", ""), Style.QUIET)], room)
    return made


def _section(section: Section, report: Report, room: int) -> Iterator[Line]:
    for number, block in enumerate(section.blocks):
        if number and section.part is Part.PEOPLE:
            yield ()
        yield from _block(block, report, room)
    if section.part is Part.PEOPLE:
        yield from _legend([b.report for b in section.blocks if isinstance(b, PersonEntry)], room)
    if any(isinstance(b, Coming) and b.url for b in section.blocks):
        yield from wrapped([Styled("prepd open NAME opens a person's page.", Style.QUIET)], room, "  ", "  ")


def _legend(entries: list[PersonReport], room: int) -> Iterator[Line]:
    """A mark is not parted from its word."""
    marks = [f"{one.char} {one.word}".replace(" ", "\N{NO-BREAK SPACE}") for one in strip.legend(entries)]
    if marks:
        yield ()
        for line in wrapped([f"{strip.READING}.  ", "  ".join(marks)], room, "  ", "  "):
            yield tuple(Styled(part.text.replace("\N{NO-BREAK SPACE}", " "), Style.QUIET) for part in line)


def _block(block: Block, report: Report, room: int) -> Iterator[Line]:
    match block:
        case Says(text, quiet):
            yield from wrapped([Styled(text, Style.QUIET if quiet else Style.PLAIN)], room, "  ", "  ")
        case Items(entries):
            for entry in entries:
                yield from wrapped([entry], room, "  • ", "    ")
        case Quote(text):
            yield from wrapped([Styled(text, Style.STRONG)], room, "  │ ", "  │ ")
        case Commands(entries):
            for entry in entries:
                yield from wrapped([Styled(entry, Style.QUIET)], room, "      ", "      ")
        case PersonEntry():
            yield from _person(block, report, room)
        case Others(people):
            yield from (_one_line(entry, room) for entry in people)
        case Trend(weeks):
            yield from _trend(weeks, room)
        case Coming():
            yield from _coming(block, room)
        case _:
            assert_never(block)


def _person(entry: PersonEntry, report: Report, room: int) -> Iterator[Line]:
    told = entry.report
    yield from wrapped(
        [Styled(entry.name, Style.STRONG), Styled(f"  {entry.role}", Style.QUIET)], room, "  ", "    "
    )
    yield from wrapped(_strip(told), room, "    ", "    ")
    for span, counts in (("this week", told.week), ("12 weeks", told.window)):
        bad = counts.held < counts.expected
        seen = sentences.seen_of(told) if span == "this week" else Seen.READ
        said = Styled(
            f" {sentences.counted(counts, seen)}", Style.BAD if bad and span == "this week" else Style.PLAIN
        )
        yield from wrapped([Styled(f"{span:<10}", Style.QUIET), said], room, "    ", " " * 15)
    yield from wrapped([Styled(sentences.regularity(told, report.zone), Style.QUIET)], room, "    ", "    ")


def _strip(entry: PersonReport) -> list[Styled]:
    shown: list[Styled] = []
    for week in entry.strip:
        for number, (one, often) in enumerate(strip.marks(week)):
            gap = " " if shown and not number else ""
            shown.append(Styled(f"{gap}{often if often > 1 else ''}{one.char}", one.style))
    return shown


def _one_line(entry: PersonEntry, room: int) -> Line:
    told = entry.report
    name = cut(entry.name, 30)
    counts = sentences.held(told.window) + (f", {told.streak:,} in a row" if told.streak else "")
    return (
        Styled(f"  {name}{' ' * (31 - width(name))}", Style.PLAIN),
        Styled(cut(f"{entry.role:<8} {counts}", room - 33), Style.QUIET),
    )


def _trend(weeks: tuple[TrendWeek, ...], room: int) -> Iterator[Line]:
    """A bar for each week: what was held, then what was due beside it."""
    most, longest = max(1, *(week.counts.expected for week in weeks)), min(_BAR, room // 3)
    for week in weeks:
        counts = week.counts
        due = -(-counts.expected * longest // most)  # rounded up: the one that was due is to be seen
        full = due * counts.held // counts.expected if counts.expected else 0
        bar = (Styled("█" * full, Style.GOOD), Styled("░" * (due - full), Style.BAD), " " * (longest - due))
        name = Styled(f"{week.week.name[-3:]}  ", Style.QUIET)
        yield from wrapped(
            [name, *bar, f"  {sentences.counted(counts, week.seen)}"], room, "  ", " " * (longest + 9)
        )


def _coming(coming: Coming, room: int) -> Iterator[Line]:
    head = [Styled(f"{coming.when:<17}", Style.PLAIN), Styled(coming.name, Style.STRONG)]
    if coming.declined:
        head.append(Styled(f"  {coming.declined}", Style.BAD))
    yield from wrapped(head, room, "  ", "    ")
    if coming.about:
        yield from wrapped([coming.about], room, "    ", "    ")
    for item in coming.items:
        yield from wrapped([f"open: {item}"], room, "    ", "      ")
