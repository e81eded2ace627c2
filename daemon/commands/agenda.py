"""`prepd agenda` and `prepd open`: the 1:1s to come, and their pages."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.stored import changes_of, matches, nobody_is_meant, stored
from daemon.commands.terminal import Cell, Column
from daemon.exits import Exit, Stopped
from daemon.render import documents, words
from daemon.render.lines import Style, Styled
from daemon.render.links import safe_link
from daemon.render.people import People

if TYPE_CHECKING:
    from daemon.core.artefacts import OpenPage
    from daemon.core.model import OneOnOne
    from daemon.store.state import State


def configure(parser: argparse.ArgumentParser, verb: str, _common: argparse.ArgumentParser) -> None:
    if verb == "agenda":
        parser.add_argument("--days", type=_days, default=14, metavar="N", help="how far ahead (14)")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(run=_agenda)
    else:
        parser.add_argument(
            "person",
            nargs="?",
            metavar="PERSON",
            help="an address or a name, or part of one; else whoever is next",
        )
        parser.add_argument("--print", action="store_true", help="print the page's address instead")
        parser.set_defaults(run=_open)


def _days(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 1 <= int(text) <= 366):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of days from 1 to 366.")
    return int(text)


def _agenda(context: Context) -> Exit:
    state, now = stored(context), context.now
    found = documents.upcoming(state, now, now + timedelta(days=context.args.days))
    if context.json:
        entries = [documents.agenda_entry(r, state, context.config) for r in found]
        context.terminal.json({"version": documents.VERSION, "one_on_ones": entries})
        return Exit.OK
    if not found:
        context.terminal.line(_nothing_ahead(state, context.args.days))
        return Exit.OK
    _show(context, state, found)
    return Exit.OK


def _show(context: Context, state: State, found: list[OneOnOne]) -> None:
    """Piped, each 1:1 is one line with all there is; at a terminal what tells namesakes apart stands below."""
    people, seen = People.of(context.config, state.records.values()), context.terminal.interactive
    context.terminal.table(
        (
            Column("when"),
            Column("with", flexible=True),
            Column("title", flexible=True),
            Column("you"),
            Column("slot"),
            *(() if seen else (Column("prep"),)),
            Column("topics"),
        ),
        [_agenda_row(r, state, context, people.short if seen else people.name) for r in found],
        below=[people.distinction(r.person) for r in found] if seen else (),
    )


def _nothing_ahead(state: State, days: int) -> str:
    if not state.calendars:
        return "Nothing is known yet: `prepd sync` reads your calendars."
    return f"No 1:1 in the next {days} days."


def _agenda_row(record: OneOnOne, state: State, context: Context, called: Callable[[str], str]) -> list[Cell]:
    zone = context.config.timezone
    slot = documents.slot_of(record, state)
    declined = record.state.value == "declined"
    when = f"{words.moment(record.start, zone)}–{words.clock(record.end, zone)}"
    placed = f"{words.clock(slot.start, zone)}{' (overlaps)' if slot.overlaps else ''}" if slot else None
    page = documents.page_of(record, state)
    return [
        Styled(when, Style.QUIET if declined else Style.STRONG),
        called(record.person),
        record.title,
        Styled(_answer(record), Style.NOTICE if declined else Style.QUIET),
        placed,
        *(() if context.terminal.interactive else (page.ref.url if page else None,)),
        _topics(record, page, context),
    ]


def _topics(record: OneOnOne, page: OpenPage | None, context: Context) -> Cell:
    """Whether anything was noted, as far as somebody looked; until then, by which day. Nothing without a page."""
    if page is None:
        return None
    if page.untouched is not None:
        return Styled("none yet", Style.NOTICE) if page.untouched else Styled("noted", Style.QUIET)
    due = record.start - context.config.prep_doc.topics_due
    by = words.day(due, context.config.timezone)
    return Styled("due" if due <= context.now else f"by {by}", Style.QUIET)


def _answer(record: OneOnOne) -> str:
    if record.state.value == "declined" and record.attendance.value != "declined":
        return "they declined"
    return {"needs_action": "no answer yet", "organizer": "organizing"}.get(
        record.attendance.value, record.attendance.value
    )


def _open(context: Context) -> Exit:
    state, now = stored(context), context.now
    pages = [page for page in state.artefacts.pages.values() if matches(context, page.person, state)]
    if not pages:
        raise Stopped(_no_page(context, state))
    records = state.records

    def soonest(page_one_on_one: str) -> datetime:
        record = records.get(page_one_on_one)
        return record.start if record and record.end > now else datetime.max.replace(tzinfo=UTC)

    url = min(pages, key=lambda p: (soonest(p.one_on_one), p.person)).ref.url
    if context.args.print or safe_link(url) is None or not _opened(url):
        context.terminal.line(url)
    return Exit.OK


def _opened(url: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


def _no_page(context: Context, state: State) -> str:
    who = f" for “{context.args.person}”" if context.args.person else ""
    if not state.calendars:
        return f"There is no prep page{who} yet: `prepd sync` reads your calendars and opens them."
    people = {e.person: e.name for e in changes_of(context)}
    wanted = (context.args.person or "").casefold()
    if people and not any(wanted in n.casefold() or matches(context, a, state) for a, n in people.items()):
        return nobody_is_meant(
            context,
            map(People(context.config, people).name, people),
        )
    days = context.config.sync.horizon.days
    return f"There is no prep page{who}. One is opened when a 1:1 is within {days} days (sync.horizon)."
