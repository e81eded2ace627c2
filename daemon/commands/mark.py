"""`prepd mark`: the user's word on what became of a 1:1, which overrules what the calendar suggests."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime

from daemon.commands.context import Context
from daemon.commands.stored import stored_with_ledger
from daemon.configured import canonical
from daemon.core.ledger.marking import Unmarkable, UserMark, find_one_on_one, marked
from daemon.core.model import By, Change, Kind
from daemon.exits import Exit, Stopped
from daemon.render import documents, words
from daemon.render.corrections import kind_and_who
from daemon.render.lines import Style, Styled
from daemon.render.people import People
from daemon.store.store import Store

_KINDS = {
    "held": Kind.HELD,
    "no-show": Kind.NO_SHOW,
    "excused": Kind.EXCUSED,
    "cancelled": Kind.CANCELLED,
    "rescheduled": Kind.RESCHEDULED,
}


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "id", metavar="ID", help="a 1:1's or a change's, or the beginning of one (see history)"
    )
    parser.add_argument(
        "kind", choices=tuple(_KINDS), metavar="OUTCOME", help=f"what became of it: {', '.join(_KINDS)}"
    )
    parser.add_argument("--by", choices=("me", "them"), help="who cancelled or moved it")
    parser.add_argument("--to", metavar='"2026-11-24 10:00"', help="when it took place instead (rescheduled)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_mark)


def _mark(context: Context) -> Exit:
    args = context.args
    kind = _KINDS[args.kind]
    if args.to is not None and kind is not Kind.RESCHEDULED:
        raise Stopped("--to goes with rescheduled only.", Exit.USAGE)
    if args.by is not None and kind not in (Kind.CANCELLED, Kind.RESCHEDULED):
        raise Stopped("--by goes with cancelled and rescheduled only.", Exit.USAGE)
    context.config  # noqa: B018  # a wrong one is told before anything is recorded, not after
    by = By(args.by) if args.by else None
    mark = UserMark(kind, by, _moment(context), context.now)
    try:
        before, change = _recorded(context, mark)
    except Unmarkable as error:
        raise Stopped(str(error), Exit.USAGE if error.usage else Exit.ERROR) from error
    if context.json:
        context.terminal.json(
            {"version": documents.VERSION, "changes": [documents.change(change, context.config)]}
        )
    else:
        _say(context, change, before)
    return Exit.OK


def _recorded(context: Context, mark: UserMark) -> tuple[tuple[Change, ...], Change]:
    """The entries that the 1:1 had before, and the new one.

    :raises Unmarkable: there is no such 1:1, or it can't be marked so.
    """
    store = Store(context.paths.state)
    with store.lock("prepd mark"):
        state = store.state()
        one = find_one_on_one(context.args.id, state.records, store.changes())
        record, change = marked(one, mark)
        records = state.records | ({record.id: record} if record else {})
        store.commit(replace(state, records=records), [change])
    return one.entries, change


def _say(context: Context, change: Change, entries: tuple[Change, ...]) -> None:
    """What was recorded, and what it overrules."""
    terminal, zone = context.terminal, context.config.timezone
    what = Styled(kind_and_who(change), words.kind_of(change).style)
    state, changes = stored_with_ledger(context)
    people = People.of(context.config, state.records.values(), changes)
    whom = people.name(canonical(context.config)(change.person))
    terminal.paragraph(f"Recorded: {whom}, {words.one_space(words.when(change, zone))}: ", what, ".")
    before = next((e for e in entries if e.id == change.corrects), None)
    if before is not None:
        noticed = words.in_text(before.noticed_at, zone)
        terminal.paragraph(
            Styled(
                f"It corrects: {kind_and_who(before)}, noticed {noticed} ({before.evidence}).", Style.QUIET
            )
        )


def _moment(context: Context) -> datetime | None:
    if context.args.to is None:
        return None
    try:
        given = datetime.fromisoformat(context.args.to)
    except ValueError:
        raise Stopped(
            f'--to: “{context.args.to}” is not a time like "2026-11-24 10:00".', Exit.USAGE
        ) from None
    return (
        given.astimezone(UTC)
        if given.tzinfo
        else given.replace(tzinfo=context.config.timezone).astimezone(UTC)
    )
