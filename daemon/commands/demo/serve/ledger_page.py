"""The ledger: what became of 1:1s, the latest first."""

from __future__ import annotations

from datetime import datetime

from daemon.commands.context import Context
from daemon.commands.demo.serve.frame import Page, page_of
from daemon.commands.demo.serve.told import LOOKS
from daemon.commands.demo.world import ZONE
from daemon.commands.history import news
from daemon.commands.stored import changes_of
from daemon.core.model import By, Change
from daemon.render import words
from daemon.render.corrections import Corrections, kind_and_who
from daemon.render.lines import clean
from daemon.render.markup import Element, Node, element
from daemon.render.people import People


def ledger_page(context: Context, *, everything: bool) -> Page:
    """:param everything: also that 1:1s were found, and what was corrected since."""
    entries = changes_of(context)
    chosen = entries if everything else news(entries)
    latest = sorted(chosen, key=lambda entry: (entry.noticed_at, _start(entry)), reverse=True)
    corrections, people = Corrections(entries, ZONE), People.of(context.config, (), entries)
    rows = (_entry(entry, corrections, people.name(entry.person)) for entry in latest)
    lead = "The latest first. Nothing in it is ever rewritten: a correction is an entry of its own."
    other = (
        ("What became of 1:1s, as it stands", "/ledger")
        if everything
        else ("Every entry, also those corrected since", "/ledger?all=1")
    )
    content: tuple[Node, ...] = (
        element("p", "What became of each 1:1 ", element("code", "prepd history"), class_="from plain"),
        element("h1", "Ledger"),
        element("p", lead, class_="lead"),
        element("ol", *rows, class_="ledger"),
        element("p", element("a", other[0], href=other[1])),
    )
    return page_of("Ledger", *content, place="/ledger")


def _start(entry: Change) -> datetime:
    times = entry.now_at or entry.was
    return times.start if times else entry.noticed_at


def _entry(entry: Change, corrections: Corrections, name: str) -> Element:
    looks = "you" if entry.by is By.ME else LOOKS.get(words.kind_of(entry).style, "")
    when = words.one_space(words.when(entry, ZONE))
    return element(
        "li",
        element(
            "p",
            element("span", kind_and_who(entry), class_=f"badge {looks}".strip()),
            " ",
            element("strong", clean(name)),
            " ",
            element("span", when, class_="when-it"),
        ),
        element("p", clean(corrections.whole(entry), 600), class_="quiet"),
    )
