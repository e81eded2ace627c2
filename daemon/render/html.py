"""The weekly report as one HTML file: no script, nothing loaded from anywhere; for a screen, a phone and paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import count, groupby
from typing import assert_never

from daemon.core.report.model import PersonReport, Report
from daemon.render import drawing, sentences, strip, tables
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
from daemon.render.links import safe_link
from daemon.render.markup import Element, Node, Style, element, written
from daemon.render.outline import outline

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_UNIT = re.compile(r"(?<=\d) (?=(?:min|minutes|h|days?|weeks)\b)")
_FLAG = "M4 1.5V16.5M4 2.5H14L11.5 6L14 9.5H4"


def render(report: Report) -> str:
    """The whole file."""
    page = element("html", _head(report), bound(_body(report)), lang="en")
    return "<!doctype html>\n" + "".join(written((page,))) + "\n"


def bound(told: Element) -> Element:
    """With numbers that no end of a line parts from their units."""
    children = tuple(
        _UNIT.sub("\N{NO-BREAK SPACE}", c)
        if isinstance(c, str)
        else bound(c)
        if isinstance(c, Element)
        else c
        for c in told.children
    )
    return replace(told, children=children)


def _head(report: Report) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{sentences.title(report)}: {sentences.dates(report)}"),
        Style(files("daemon.render").joinpath("report.css").read_text("utf-8")),
    )


def _body(report: Report) -> Element:
    return element(
        "body",
        element("header", *opening(report)),
        element("main", *sections(report)),
        element("footer", *closing(report)),
    )


def opening(report: Report) -> Iterator[Element]:
    """What it is, and the week in a sentence and in numbers."""
    yield element("p", "prepd · weekly report", class_="from")
    yield element("h1", sentences.title(report))
    yield element("p", sentences.dates(report), class_="dates")
    yield element("p", *_ours(sentences.summary(report)), class_="summary")
    yield from _figures(report)


def sections(report: Report) -> Iterator[Element]:
    numbers = count(1)
    return (bound(_section(section, report, numbers)) for section in outline(report))


def closing(report: Report) -> Iterator[Element]:
    return (element("p", *_ours(line)) for line in sentences.closing(report))


def _figures(report: Report) -> Iterator[Element]:
    """The week in numbers, theirs and the user's own side by side."""
    week = sentences.total(p.week for p in report.people)
    if not week.expected:
        return
    told = {kind: number for kind, _, number in drawing.parts(week)}
    shown = [
        ("held", f"{week.held:,} of {week.expected:,}", "held"),
        ("cancelled or declined by them", f"{told['them']:,}", "them"),
        ("cancelled or declined by you", f"{told['you']:,}", "you"),
        ("moved or rebooked", f"{week.moved + week.rebooked:,}", "moved"),
    ]
    if told["open"]:
        shown.insert(3, ("no-show, or unknown by whom", f"{told['open']:,}", "open"))
    boxes = (
        element(
            "div",
            element("dt", what),
            element("dd", number),
            class_=f"{kind}{' zero' if number == '0' else ''}",
        )
        for what, number, kind in shown
    )
    yield element("dl", *boxes, class_="figures")


def _section(section: Section, report: Report, numbers: Iterator[int]) -> Element:
    heading = element("h2", *_icon(section.part), section.heading)
    inside: list[Node] = [heading]
    for kind, blocks in groupby(section.blocks, key=type):
        made = [node for block in blocks for node in _block(block, report, numbers)]
        if kind is PersonEntry:
            inside.append(element("div", *made, class_="people"))
        elif kind is Coming:
            inside.append(element("ul", *made, class_="coming"))
        else:
            inside += made
    if section.part is Part.PEOPLE:
        inside += _legend([b.report for b in section.blocks if isinstance(b, PersonEntry)])
    return element("section", *inside, class_=f"part-{section.part}")


def _icon(part: Part) -> Iterator[Element]:
    if part in (Part.FLAG, Part.ALMOST):
        yield element("svg", element("path", d=_FLAG), class_="icon", viewBox="0 0 18 18", aria_hidden="true")


def _block(block: Block, report: Report, numbers: Iterator[int]) -> Iterator[Element]:
    match block:
        case Says(text, quiet):
            yield element("p", text, class_="quiet" if quiet else "")
        case Items(lines):
            yield element("ul", *(element("li", line) for line in lines))
        case Quote(text):
            yield element("blockquote", element("p", text))
        case Commands(lines):
            yield element("p", *_broken([element("code", line) for line in lines]), class_="commands")
        case PersonEntry():
            yield _person(block, report, next(numbers))
        case Others(entries):
            yield tables.of_others(entries)
        case Trend(weeks):
            yield tables.of_trend(weeks)
        case Coming():
            yield _coming(block)
        case _:
            assert_never(block)


def _person(entry: PersonEntry, report: Report, number: int) -> Element:
    told = entry.report
    heading = element("h3", entry.name, " ", element("span", entry.role, class_="role"))
    picture = (drawing.strip_picture(told, entry.name, number),) if told.strip else ()
    regularity = element("p", sentences.regularity(told, report.zone), class_="quiet")
    return element("article", heading, *picture, tables.of_person(entry), regularity)


def _coming(coming: Coming) -> Element:
    declined = (" ", element("span", coming.declined, class_="declined")) if coming.declined else ()
    inside: list[Node] = [
        element(
            "p", element("span", coming.when, class_="when"), " ", element("strong", coming.name), *declined
        )
    ]
    link = safe_link(coming.url)
    about: list[Node] = [coming.about] if coming.about else []
    if link:
        about += [" " if about else "", element("a", "Prep page", href=link, rel="noreferrer")]
    if about:
        inside.append(element("p", *about))
    if coming.items:
        inside.append(element("ul", *(element("li", item) for item in coming.items), class_="open-items"))
    return element("li", *inside)


def _legend(entries: list[PersonReport]) -> Iterator[Element]:
    if marks := strip.legend(entries):
        items = (element("li", drawing.key(mark), mark.word) for mark in marks)
        yield element("p", f"{strip.READING}:", class_="quiet legend-reads")
        yield element("ul", *items, class_="legend")


def _ours(text: str) -> Iterator[Node]:
    """A sentence of our own, in which commands stand between backticks."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield element("code", part) if number % 2 else part


def _broken(nodes: Iterable[Node]) -> Iterator[Node]:
    for number, node in enumerate(nodes):
        if number:
            yield element("br")
        yield node
