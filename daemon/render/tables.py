"""The tables of the report's page: what became of somebody's 1:1s, and of everybody's, week by week."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.core.report.model import Counts, Seen, TrendWeek
from daemon.render import drawing, sentences
from daemon.render.blocks import PersonEntry
from daemon.render.markup import Element, element


def of_person(entry: PersonEntry) -> Element:
    """What became of them, this week beside twelve weeks; only what there is to count."""
    week, window = entry.report.week, entry.report.window
    in_week, in_window = dict(sentences.fell_and_moved(week)), dict(sentences.fell_and_moved(window))
    rows = [("held", sentences.share(week, sentences.seen_of(entry.report)), sentences.share(window))]
    rows += [
        (what, str(in_week.get(what, "–")), str(in_window.get(what, "–")))
        for what in sentences.in_order(in_week.keys() | in_window.keys())
    ]
    caption = f"1:1s with {entry.name}"
    return _table(caption, ("", "this week", "12 weeks"), rows, hidden=True)


def of_others(entries: Iterable[PersonEntry]) -> Element:
    rows = [
        (
            e.name,
            sentences.share(e.report.window),
            sentences.what_else(e.report.window) or "–",
            f"{e.report.streak:,}",
        )
        for e in entries
    ]
    caption = "Everybody else, over twelve weeks"
    return _table(caption, ("with", "held", "what else", "in a row"), rows, hidden=False)


def of_trend(weeks: tuple[TrendWeek, ...]) -> Element:
    shown = {kind: words for week in weeks for kind, words, number in drawing.parts(week.counts) if number}
    order = [(kind, words) for kind, words, _ in drawing.parts(Counts()) if kind in shown]
    items = [element("li", drawing.swatch(k), words) for k, words in order]
    if any(w.seen is Seen.UNREAD and not w.counts.expected for w in weeks):
        items.append(element("li", "? not read"))
    legend = element("ul", *items, class_="legend")
    rows = [
        (w.week.name, sentences.share(w.counts, w.seen), sentences.what_else(w.counts) or "–") for w in weeks
    ]
    table = _table("1:1s of everybody, week by week", ("week", "held", "what else"), rows, hidden=True)
    numbers = element("details", element("summary", "The same in numbers"), table)
    return element("figure", drawing.trend_picture(weeks), element("figcaption", legend), numbers)


def _table(
    caption: str, titles: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, hidden: bool
) -> Element:
    head = (element("th", t, scope="col") if t else element("td") for t in titles)
    body = (
        element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest))
        for first, *rest in rows
    )
    return element(
        "table",
        element("caption", caption, class_="unseen" if hidden else ""),
        element("thead", element("tr", *head)),
        element("tbody", *body),
    )
