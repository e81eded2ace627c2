"""`prepd agenda` and `prepd open`: the 1:1s to come, and their pages."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.stored import changes_of, matches, nobody_is_meant, stored
from daemon.commands.terminal import Cell, Column
from daemon.core.model import State
from daemon.exits import Exit, Stopped
from daemon.render import documents, words
from daemon.render.lines import Style, Styled
from daemon.render.links import safe_link
from daemon.render.people import People
from daemon.store.heartbeat import read_heartbeat

if TYPE_CHECKING:
    from daemon.core.artefacts import OpenPage
    from daemon.core.model import OneOnOne
    from daemon.store.state import State as Stored

_STALE = timedelta(days=1)
_WIDE = 80
"""Columns of a terminal that has room for everything."""


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
    if found:
        _show(context, state, found)
    else:
        context.terminal.paragraph(_nothing_ahead(state, context.args.days))
    if late := _not_read(context):
        context.terminal.paragraph(
            Styled(f"{late[0].upper()}{late[1:]}: this is as it was then.", Style.NOTICE)
        )
    return Exit.OK


def _not_read(context: Context) -> str:
    """Which accounts were not read for a day; nothing is said of those that never were."""
    beat, names = read_heartbeat(context.paths.state), [a.name for a in context.config.account]
    last = {name: beat.accounts[name].last_success for name in names if name in beat.accounts}
    late = {name: at for name, at in last.items() if at is not None and context.now - at > _STALE}
    return words.not_read(late, context.config.timezone, nothing=len(late) == len(names))


def _show(context: Context, state: Stored, found: list[OneOnOne]) -> None:
    """Piped, each 1:1 is one line with all there is; at a terminal what is out of the usual stands below."""
    people, zone = People.of(context.config, state.records.values()), context.config.timezone
    room = context.terminal.columns
    columns: list[tuple[Column, Callable[[OneOnOne], Cell]]] = [
        (Column("when"), lambda r: _when(r, zone)),
        (Column("with", flexible=True), lambda r: people.short(r.person) if room else people.name(r.person)),
        (Column("title", flexible=True), lambda r: r.title),
        *(() if room and room < _WIDE else ((Column("you"), _answer),)),
        (Column("slot"), lambda r: _slot(r, state, zone, whole=not room)),
        *(() if room else ((Column("prep"), lambda r: _address(r, state)),)),
        (Column("topics"), lambda r: _topics(r, documents.page_of(r, state), context)),
    ]
    context.terminal.table(
        [column for column, _ in columns],
        [[cell(r) for _, cell in columns] for r in found],
        below=[_below(r, state, people, answer=room < _WIDE) for r in found] if room else (),
    )


def _below(record: OneOnOne, state: Stored, people: People, *, answer: bool) -> str:
    slot = documents.slot_of(record, state)
    said = (
        people.distinction(record.person),
        _answer(record).text if answer and record.attendance.value not in ("accepted", "organizer") else "",
        "its slot overlaps something else" if slot is not None and slot.overlaps else "",
    )
    return ", ".join(filter(None, said))


def _nothing_ahead(state: Stored, days: int) -> str:
    if not state.calendars:
        return "Nothing is known yet: `prepd sync` reads your calendars."
    return f"No 1:1 in the next {days} days."


def _when(record: OneOnOne, zone: tzinfo) -> Styled:
    when = f"{words.moment(record.start, zone)}–{words.clock(record.end, zone)}"
    return Styled(when, Style.QUIET if record.state is State.DECLINED else Style.STRONG)


def _slot(record: OneOnOne, stored: Stored, zone: tzinfo, *, whole: bool) -> Cell:
    slot = documents.slot_of(record, stored)
    if slot is None:
        return None
    return f"{words.clock(slot.start, zone)}{' (overlaps)' if slot.overlaps and whole else ''}"


def _address(record: OneOnOne, stored: Stored) -> Cell:
    page = documents.page_of(record, stored)
    return page.ref.url if page else None


def _topics(record: OneOnOne, page: OpenPage | None, context: Context) -> Cell:
    """Whether anything was noted, as far as somebody looked; until then, by which day. Nothing without a page."""
    if page is None:
        return None
    if page.untouched is not None:
        return Styled("none yet", Style.NOTICE) if page.untouched else Styled("noted", Style.QUIET)
    due = record.start - context.config.prep_doc.topics_due
    by = words.day(due, context.config.timezone)
    return Styled("due" if due <= context.now else f"by {by}", Style.QUIET)


def _answer(record: OneOnOne) -> Styled:
    """The user's own; or that the other one declined."""
    declined, mine = record.state is State.DECLINED, record.attendance.value
    said = {"needs_action": "no answer yet", "organizer": "organizing"}.get(mine, mine)
    if declined and mine != "declined":
        said = "they declined"
    return Styled(said, Style.NOTICE if declined else Style.QUIET)


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


def _no_page(context: Context, state: Stored) -> str:
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
