"""`prepd history`: the ledger."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.stored import changes_of, matches, stored
from daemon.commands.terminal import Cell, Column
from daemon.exits import Exit
from daemon.render import documents, words
from daemon.render.lines import Style, Styled

if TYPE_CHECKING:
    from daemon.core.model import Change
    from daemon.store.state import State

_WIDE = 140
"""Columns of a terminal from which on an entry of the ledger fits on one line."""


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("person", nargs="?", metavar="PERSON", help="an address or a name, or part of one")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_history)


def _history(context: Context) -> Exit:
    state, entries = stored(context), changes_of(context)
    wanted = (context.args.person or "").casefold()
    people = {e.person for e in entries if matches(context, e.person, state) or wanted in e.name.casefold()}
    entries = [e for e in entries if e.person in people]
    if context.json:
        changes = [documents.change(e, context.config) for e in entries]
        context.terminal.json({"version": documents.VERSION, "changes": changes})
        return Exit.OK
    if not entries:
        context.terminal.line(_nothing(context, state, known=bool(wanted and state.records)))
        return Exit.OK
    columns = context.terminal.columns
    if columns is not None and columns < _WIDE:
        _show_narrow(context, entries)
    else:
        _show(context, entries)
    return Exit.OK


def _nothing(context: Context, state: State, *, known: bool) -> str:
    if not known:
        return "The ledger is empty: " + (
            "no 1:1 was found." if state.calendars else "`prepd sync` reads your calendars."
        )
    names = sorted(
        {documents.person_of(context.config, r.person, r.name).name for r in state.records.values()}
    )
    some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return f"Nothing is known of “{context.args.person}”. There is: {some}."


def _show(context: Context, entries: list[Change]) -> None:
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
                documents.person_of(context.config, e.person, e.name).name,
                words.kind_of(e),
                words.when(e, zone),
                words.by_whom(e),
                words.notice(e),
                Styled(e.evidence, Style.QUIET),
            ]
            for e in entries
        ],
    )


def _show_narrow(context: Context, entries: list[Change]) -> None:
    """Two lines for each: the second says when it was noticed, and why."""
    zone = context.config.timezone
    rows: list[list[Cell]] = []
    for e in entries:
        kind, by = words.kind_of(e), words.by_whom(e)
        rows.append(
            [
                Styled(e.one_on_one, Style.QUIET),
                documents.person_of(context.config, e.person, e.name).name,
                Styled(f"{kind.text} by {by}", kind.style) if by else kind,
                words.when(e, zone),
            ]
        )
    context.terminal.table(
        (Column("1:1"), Column("with", flexible=True), Column(""), Column("when")),
        rows,
        below=[
            f"{words.moment(e.noticed_at, zone)}  {'; '.join(filter(None, (e.evidence, _notice(e))))}"
            for e in entries
        ],
    )


def _notice(change: Change) -> str:
    notice = words.notice(change)
    return f"{notice} notice" if notice and notice[0].isdigit() else notice
