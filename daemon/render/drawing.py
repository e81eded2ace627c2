"""The twelve-week strip and the trend as inline SVG. Shape tells what a mark means; the style sheet gives colours."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.core.report.model import Counts, PersonReport, Seen, TrendWeek
from daemon.render import sentences, strip
from daemon.render.markup import Element, element

_STEP = 26
_ROW = 19
_WEEK = 32
_HEIGHT = 72
_TOP = 20

# Centred on 0,0; each within 8 units of it.
_PATHS = {
    "held": "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z",
    "moved": "M-6.5 0H5M0.5 -4.8L5.6 0L0.5 4.8",
    "cancelled": "M-5 -5L5 5M5 -5L-5 5",
    "declined": "M-6.2 0a6.2 6.2 0 1 0 12.4 0a6.2 6.2 0 1 0 -12.4 0ZM-4.3 4.3L4.3 -4.3",
    "no-show": "M0 -7.2L7.2 0L0 7.2L-7.2 0ZM0 -3V0.6M0 3V3.2",
    "excused": "M-6 1.5C-3.5 -3.5 -1.5 -2.5 0 0S3.5 3.5 6 -1.5",
    "to-come": "M-6.2 0a6.2 6.2 0 1 0 12.4 0a6.2 6.2 0 1 0 -12.4 0Z",
    "unread": "M-3.6 -3.4C-3.6 -7.6 3.6 -7.6 3.6 -3.4C3.6 -0.6 0 -0.8 0 2.2M0 6V6.2",
    "ended": "M-4 -4H4V4H-4Z",
    "none": "M-2.5 0H2.5",
}


def glyph(mark: strip.Mark, x: float, y: float) -> Element:
    return element(
        "path", class_=f"mark {mark.shape}", d=_PATHS[mark.shape], transform=f"translate({x:g} {y:g})"
    )


def key(mark: strip.Mark) -> Element:
    """A mark by itself, for a legend that says it in words beside it."""
    return element("svg", glyph(mark, 9, 9), class_="key", viewBox="0 0 18 18", aria_hidden="true")


def strip_picture(entry: PersonReport, name: str, number: int) -> Element:
    """:param number: tells the pictures of a page apart."""
    rows = max((len(strip.marks(week)) for week in entry.strip), default=1)
    height = rows * _ROW + 16
    drawn: list[Element] = []
    for column, week in enumerate(entry.strip):
        x = column * _STEP + _STEP / 2
        for row, (mark, often) in enumerate(strip.marks(week)):
            y = (rows - row) * _ROW - _ROW / 2 + 1
            shift = 4 if often > 1 else 0
            drawn.append(glyph(mark, x - shift, y))
            if often > 1:
                drawn.append(element("text", str(often), x=f"{x + 9:g}", y=f"{y + 3.5:g}", class_="often"))
        if column in (0, len(entry.strip) - 1):
            week_number = str(int(week.week.name[-2:]))
            drawn.append(element("text", week_number, x=f"{x:g}", y=f"{height - 3:g}", class_="axis"))
    told = "; ".join(strip.in_words(week) for week in entry.strip)
    names = (f"strip{number}", f"strip{number}-told")
    return element(
        "svg",
        element("title", f"Twelve weeks with {name}", id=names[0]),
        element("desc", told, id=names[1]),
        *drawn,
        class_="strip",
        role="img",
        viewBox=f"0 0 {_STEP * len(entry.strip)} {height}",
        aria_labelledby=" ".join(names),
    )


def trend_picture(weeks: tuple[TrendWeek, ...]) -> Element:
    """A bar for each week: held at the bottom, and above it what was not, by whom."""
    most = max(1, *(week.counts.expected for week in weeks))
    drawn: list[Element] = []
    for column, week in enumerate(weeks):
        x = column * _WEEK + _WEEK / 2
        drawn += _bar(week.counts, x, _HEIGHT / most)
        top = _TOP + _HEIGHT - week.counts.expected * _HEIGHT / most
        drawn.append(element("text", _above(week), x=f"{x:g}", y=f"{top - 6:.1f}", class_="count"))
        number = str(int(week.week.name[-2:]))
        drawn.append(element("text", number, x=f"{x:g}", y=f"{_TOP + _HEIGHT + 15}", class_="axis"))
    base = f"M0 {_TOP + _HEIGHT}H{_WEEK * len(weeks)}"
    told = "; ".join(f"week {int(w.week.name[-2:])}: {sentences.counted(w.counts, w.seen)}" for w in weeks)
    return element(
        "svg",
        element("title", "1:1s held of those that were due, week by week", id="trend"),
        element("desc", told, id="trend-told"),
        element("defs", _hatched(), _dotted()),
        *drawn,
        element("path", class_="base", d=base),
        class_="trend",
        role="img",
        viewBox=f"0 0 {_WEEK * len(weeks)} {_TOP + _HEIGHT + 20}",
        aria_labelledby="trend trend-told",
    )


def _above(week: TrendWeek) -> str:
    if week.counts.expected:
        return f"{week.counts.held}/{week.counts.expected}"
    return "?" if week.seen is Seen.UNREAD else "–"


def parts(counts: Counts) -> tuple[tuple[str, str, int], ...]:
    """What a bar is made of, from its bottom: class, words, number."""
    them = counts.cancelled.get("them", 0) + counts.declined.get("them", 0)
    mine = counts.cancelled.get("me", 0) + counts.declined.get("me", 0)
    return (
        ("held", "held", counts.held),
        ("them", "cancelled or declined by them", them),
        ("you", "cancelled or declined by you", mine),
        ("open", "no-show, or unknown by whom", counts.expected - counts.held - them - mine),
    )


def swatch(kind: str) -> Element:
    box = element("rect", class_=f"bar {kind}", x="2", y="2", width="14", height="14", rx="2")
    return element("svg", box, class_="key", viewBox="0 0 18 18", aria_hidden="true")


def _bar(counts: Counts, x: float, unit: float) -> Iterator[Element]:
    below = float(_TOP + _HEIGHT)
    for kind, _words, number in parts(counts):
        if number:
            below -= number * unit
            yield element(
                "rect",
                class_=f"bar {kind}",
                x=f"{x - 11:g}",
                y=f"{below + 1:.1f}",
                width="22",
                height=f"{max(number * unit - 2, 1):.1f}",
                rx="2",
            )


def _hatched() -> Element:
    line = element("path", class_="hatch", d="M-1 1L1 -1M0 6L6 0M5 7L7 5")
    return element("pattern", line, id="by-them", width="6", height="6", patternUnits="userSpaceOnUse")


def _dotted() -> Element:
    dot = element("circle", class_="dot", cx="3", cy="3", r="1.5")
    return element("pattern", dot, id="by-you", width="6", height="6", patternUnits="userSpaceOnUse")
