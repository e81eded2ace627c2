"""`prepd history`: the ledger."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.stored import matches, nobody_is_meant, stored_with_ledger
from daemon.commands.terminal import Cell, Column
from daemon.core.model import Change, Kind
from daemon.exits import Exit, Stopped
from daemon.render import documents, words
from daemon.render.corrections import Corrections, kind_and_who
from daemon.render.lines import Style, Styled
from daemon.render.people import People

if TYPE_CHECKING:
    from daemon.store.state import State

_WIDE = 76
"""Columns that an entry with two times needs."""


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("person", nargs="?", metavar="PERSON", help="an address or a name, or part of one")
    parser.add_argument(
        "--all",
        action="store_true",
        help="also when 1:1s to come were found, and what was corrected since (JSON has it all)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_history)


def _history(context: Context) -> Exit:
    state, entries = stored_with_ledger(context)
    wanted = (context.args.person or "").casefold()
    everybody = {e.person for e in entries}
    people = {e.person for e in entries if wanted in e.name.casefold()}
    people |= {person for person in everybody - people if matches(context, person, state)}
    known = People.of(context.config, state.records.values(), entries)
    entries = [e for e in entries if e.person in people]
    if context.json:
        later = {e.corrects: e.id for e in entries if e.corrects}
        changes = [documents.change(e, context.config) | {"corrected_by": later.get(e.id)} for e in entries]
        context.terminal.json({"version": documents.VERSION, "changes": changes})
        return Exit.OK
    if not entries:
        if wanted and everybody:
            raise Stopped(nobody_is_meant(context, map(known.name, everybody)))
        context.terminal.paragraph(_nothing(state))
        return Exit.OK
    shown = entries if context.args.all else news(entries)
    show = _show_to_people if context.terminal.interactive else _show
    show(context, shown, Corrections(entries, context.config.timezone), known)
    if left := len(entries) - len(shown):
        if shown:
            context.terminal.line()
        else:
            context.terminal.paragraph(_ahead(context, state, people, known))
        context.terminal.paragraph(Styled(_left_out(left), Style.QUIET))
    return Exit.OK


def news(entries: list[Change]) -> list[Change]:
    """What became of 1:1s, as it stands, by start: neither that they were found, nor what was corrected since."""
    corrected = {e.corrects for e in entries}
    told = [e for e in entries if e.kind is not Kind.SCHEDULED and e.id not in corrected]
    return sorted(told, key=start_of)


def start_of(entry: Change) -> datetime:
    """Of the 1:1 that it is about; of one that moved, the start that was lost."""
    times = entry.was or entry.now_at
    return times.start if times else entry.noticed_at


def _left_out(number: int) -> str:
    return f"{number:,} more {'entry' if number == 1 else 'entries'} (1:1s found, entries corrected since): see --all."


def _nothing(state: State) -> str:
    return "The ledger is empty: " + (
        "no 1:1 was found." if state.calendars else "`prepd sync` reads your calendars."
    )


def _ahead(context: Context, state: State, people: set[str], known: People) -> str:
    """For those with whom nothing has become of any 1:1: how many are to come, and the next one."""
    whose = " with them" if context.args.person else ""
    coming = documents.upcoming(state, context.now, datetime.max.replace(tzinfo=UTC))
    coming = [r for r in coming if r.person in people]
    if not coming:
        return f"Nothing has become of any 1:1{whose} yet."
    first = coming[0]
    how_many = "1 is ahead," if len(coming) == 1 else f"{len(coming):,} are ahead, the next"
    start = words.in_text(first.start, context.config.timezone)
    return f"Nothing has become of any 1:1{whose} yet; {how_many} {start} with {known.name(first.person)}."


def _show(context: Context, entries: list[Change], corrections: Corrections, known: People) -> None:
    zone = context.config.timezone
    context.terminal.table(
        (
            Column("noticed"),
            Column("1:1"),
            Column("with"),
            Column(""),
            Column("when"),
            Column("by"),
            Column("notice", right=True),
            Column("why", flexible=True),
        ),
        [
            [
                Styled(words.moment(e.noticed_at, zone), Style.QUIET),
                Styled(e.one_on_one, Style.QUIET),
                known.name(e.person),
                words.kind_of(e),
                words.when(e, zone),
                words.by_whom(e),
                words.notice(e),
                Styled("; ".join(filter(None, (e.evidence, corrections.said(e)))), Style.QUIET),
            ]
            for e in entries
        ],
    )


def _show_to_people(context: Context, entries: list[Change], corrections: Corrections, known: People) -> None:
    """Two lines for each: the second says why, and when it was noticed. That a 1:1 is presumed held goes without it."""
    zone, everything = context.config.timezone, context.args.all
    narrow = (context.terminal.columns or _WIDE) < _WIDE
    rows: list[list[Cell]] = []
    below = []
    for e in entries:
        rows.append(
            [
                Styled(e.one_on_one, Style.QUIET),
                known.short(e.person),
                Styled(kind_and_who(e), words.kind_of(e).style),
                words.when(e, zone) if not narrow else words.moment(start_of(e), zone),
            ]
        )
        as_usual = e.kind is Kind.HELD and e.corrects is None and not everything
        why = "" if as_usual else corrections.whole(e)
        to = f"→ {words.in_text(e.now_at.start, zone)}" if narrow and e.was and e.now_at else ""
        below.append("; ".join(filter(None, (known.distinction(e.person), to, why))))
    context.terminal.table(
        (Column("1:1"), Column("with", flexible=True), Column(""), Column("when")), rows, below=below
    )
