"""The weekly report as Markdown (CommonMark, with GitHub's tables).

Whatever it says is escaped where it is written, so that text of other people is shown as they wrote it: no link, no
heading, no HTML comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from daemon.core.report.model import Report, Seen, TrendWeek
from daemon.render import sentences, strip
from daemon.render.blocks import (
    Block,
    Coming,
    Commands,
    Items,
    Others,
    PersonEntry,
    Quote,
    Says,
    Trend,
)
from daemon.render.links import safe_link
from daemon.render.outline import outline

# What means something wherever it stands; then what does at the beginning of a block, and what makes addresses links.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~&$^#@{}]")
_AT_FIRST = re.compile(r"^(\d{1,9})([.)])|^([-+=:])")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|:(?=[a-z][a-z+-]*:)", re.IGNORECASE)


def render(report: Report) -> str:
    """Headings, lists and tables; a line for each paragraph."""
    return "\n".join(_document(report)) + "\n"


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    text = _ADDRESS.sub(r"\\\g<0>", _ANYWHERE.sub(r"\\\g<0>", text))
    return _AT_FIRST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)


def _document(report: Report) -> Iterator[str]:
    yield f"# {escaped(sentences.title(report))}"
    yield from ("", escaped(f"{sentences.dates(report)}."), "", _ours(sentences.summary(report)))
    for section in outline(report):
        yield from ("", f"## {escaped(section.heading)}")
        before: Block | None = None
        for block in section.blocks:
            if not (isinstance(block, Coming) and isinstance(before, Coming)):
                yield ""
            yield from _block(block, report)
            before = block
        if key := strip.legend(b.report for b in section.blocks if isinstance(b, PersonEntry)):
            shown = ", ".join(f"{mark.char} {mark.word}" for mark in key)
            yield from ("", escaped(f"{strip.READING}: {shown}."))
    yield from ("", "---")
    for line in sentences.closing(report):
        yield from ("", _ours(line))


def _ours(text: str) -> str:
    """A sentence of our own in which commands stand between backticks."""
    return "`".join(part if number % 2 else escaped(part) for number, part in enumerate(text.split("`")))


def _block(block: Block, report: Report) -> Iterator[str]:
    match block:
        case Says(text, quiet):
            yield f"*{escaped(text)}*" if quiet else escaped(text)
        case Items(lines):
            yield from (f"- {escaped(line)}" for line in lines)
        case Quote(text):
            yield f"> {escaped(text)}"
        case Commands(lines):
            yield from ("```", *lines, "```")
        case PersonEntry():
            yield from _person(block, report)
        case Others(entries):
            yield from _others(entries)
        case Coming():
            yield from _coming(block)
        case Trend(weeks):
            yield from _trend(weeks)
        case _:
            assert_never(block)


def _person(entry: PersonEntry, report: Report) -> Iterator[str]:
    told = entry.report
    yield from (f"### {escaped(entry.name)}", "")
    yield from (escaped(f"{entry.role}: {sentences.regularity(told, report.zone)}"), "")
    counts = [("this week", told.week, sentences.seen_of(told)), ("12 weeks", told.window, Seen.READ)]
    rows = [(span, sentences.held(c, seen), sentences.what_else(c)) for span, c, seen in counts]
    yield from _table(("", "held of due", "what else"), rows)
    weeks = ("".join(f"{n if n > 1 else ''}{m.char}" for m, n in strip.marks(w)) for w in told.strip)
    if told.strip:
        yield from ("", escaped("  ".join(weeks)))


def _others(entries: Iterable[PersonEntry]) -> Iterator[str]:
    rows = [
        (
            e.name,
            e.role,
            sentences.held(e.report.window),
            sentences.what_else(e.report.window),
            f"{e.report.streak:,}",
        )
        for e in entries
    ]
    yield from _table(("with", "role", "12 weeks", "what else", "in a row"), rows)


def _trend(weeks: tuple[TrendWeek, ...]) -> Iterator[str]:
    rows = [(w.week.name, sentences.held(w.counts, w.seen), sentences.what_else(w.counts)) for w in weeks]
    yield from _table(("week", "held of due", "what else"), rows)


def _coming(coming: Coming) -> Iterator[str]:
    said = f"{coming.when}, {coming.name}" + (f", {coming.declined}" if coming.declined else "")
    about = f". {coming.about}" if coming.about else ""
    link = safe_link(coming.url)
    yield f"- {escaped(said + about)}" + (f" [Prep page](<{link}>)" if link else "")
    yield from (f"  - open: {escaped(item)}" for item in coming.items)


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = tuple(titles)
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"
