"""The weekly report, as it is now: the same page that prepd delivers, for any week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from daemon.commands.context import Context
from daemon.commands.demo.serve import dates
from daemon.commands.demo.serve.foreign import Follow
from daemon.commands.demo.serve.frame import Page, page_of
from daemon.commands.demo.world import ZONE
from daemon.commands.report import report_for
from daemon.commands.stored import stored_with_ledger
from daemon.core.report.model import Report
from daemon.core.weeks import Week, week_after, week_of
from daemon.render import html
from daemon.render.markup import Element, element


def report_on(context: Context, week: Week) -> Report:
    return report_for(context, *stored_with_ledger(context), week)


def report_file(context: Context, week: Week) -> str:
    """The one file that `prepd report --format html` writes."""
    return html.render(report_on(context, week))


def report_page(context: Context, week: Week, follow: Follow) -> Page:
    """With links to prep docs that lead to the demo's pages of them."""
    made = report_on(context, week)
    content = (
        _ways(week),
        element("div", *html.opening(made), class_="opening"),
        *(_relinked(section, follow) for section in html.sections(made)),
        element("div", *html.closing(made), class_="closing quiet"),
    )
    return page_of(f"Report: {dates.of_week(week)}", *content, place="/report")


def _relinked(node: Element, follow: Follow) -> Element:
    attributes = (
        (name, follow(value) or value if name == "href" else value) for name, value in node.attributes
    )
    inside = (_relinked(child, follow) if isinstance(child, Element) else child for child in node.children)
    return replace(node, attributes=tuple(attributes), children=tuple(inside))


def _ways(week: Week) -> Element:
    before = week_of(dates.day(week.start - timedelta(days=3)), ZONE)
    links = (
        element("li", element("a", text, href=f"{path}?week={name}"))
        for path, name, text in (
            ("/report", before.name, "← Earlier"),
            ("/report", week_after(week, ZONE).name, "Later →"),
            ("/report.html", week.name, "As the file that is delivered"),
        )
    )
    return element("nav", element("ul", *links, class_="ways"), aria_label="Weeks")
