"""`prepd history`: the ledger."""

from __future__ import annotations

import argparse

from daemon.commands import documents, words
from daemon.commands.context import Context
from daemon.commands.stored import changes_of, matches, stored
from daemon.commands.terminal import Column, Style, Styled
from daemon.exits import Exit


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
        context.terminal.line(
            "The ledger is empty." if not wanted else f"Nothing is known of “{context.args.person}”."
        )
        return Exit.OK
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
    return Exit.OK
