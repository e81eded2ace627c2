"""What `prepd sync` shows to people: what was noticed, what was done about it, and how each account was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from daemon.apply.actions import ActionOutcome, Result
from daemon.commands import outcomes
from daemon.commands.context import Context
from daemon.commands.failures import told as told_of
from daemon.commands.outcomes import DONE, Told
from daemon.commands.terminal import Column
from daemon.core.planning.actions import CreateSlot, MoveSlot
from daemon.render import words
from daemon.render.corrections import kind_and_who
from daemon.render.lines import Style, Styled
from daemon.render.people import People

if TYPE_CHECKING:
    from daemon.cycle import CycleResult

_PLACES = {
    "file": "report put into a file",
    "calendar": "report put on the calendar",
    "notify": "report sent to your notification services",
}


def show(context: Context, result: CycleResult, *, dry_run: bool) -> None:
    terminal = context.terminal
    if result.paused:
        terminal.paragraph("Paused since `prepd clean`: nothing was read or done. `prepd resume` goes on.")
        return
    for account in result.accounts:
        if account.error is not None:
            terminal.paragraph(*words.failed(account.name, told_of(account.error)))
    people = People.of(context.config, result.records.values(), result.changes)
    _show_noticed(context, result, people)
    headings = ("To do" if dry_run else "Done", "Not done")
    became = _became(result, people, context.config.timezone)
    outcomes.show(terminal, became, headings, below=bool(result.changes))
    if (result.changes or result.actions or result.deliveries) and any(a.ok for a in result.accounts):
        terminal.line()
    for account in result.accounts:
        if account.ok:
            how = "read in full" if account.full else "up to date"
            read = words.count(account.events_read, "event")
            asked = words.count(account.requests, "request")
            terminal.paragraph(Styled(f"{account.name}: {how}, {read} in {asked}.", Style.QUIET))
    if dry_run:
        promise = " Without --dry-run it will be." if any(a.ok for a in result.accounts) else ""
        terminal.paragraph(f"A dry run: nothing was written anywhere.{promise}")


def _show_noticed(context: Context, result: CycleResult, people: People) -> None:
    if not result.changes:
        return
    zone = context.config.timezone
    context.terminal.paragraph(Styled("Noticed", Style.STRONG))
    context.terminal.table(
        (
            Column(""),
            Column("person", flexible=True),
            Column("when"),
            Column("why", flexible=True),
        ),
        [
            [
                Styled(kind_and_who(c), words.kind_of(c).style),
                people.name(c.person),
                words.when(c, zone),
                Styled(c.evidence, Style.QUIET),
            ]
            for c in result.changes
        ],
    )


def _became(result: CycleResult, people: People, zone: tzinfo) -> Iterator[tuple[Told, Result]]:
    for outcome in result.actions:
        record = result.records[outcome.action.one_on_one]
        whom = f"{people.name(record.person)}, {words.moment(record.start, zone)}"
        yield Told(done(outcome, zone), whom, outcome.reason), outcome.result
    for delivery in result.deliveries:
        week = f"week {delivery.action.week}"
        yield Told(_PLACES[delivery.action.to], week, delivery.reason), delivery.result


def done(outcome: ActionOutcome, zone: tzinfo) -> str:
    """What was (to be) done: "reflection slot 09:50–10:00 (overlaps)"."""
    act = outcome.action
    text = DONE[act.kind]
    if isinstance(act, CreateSlot | MoveSlot):
        text += f" {words.clock(act.placement.start, zone)}–{words.clock(act.placement.end, zone)}"
        if act.placement.overlaps:
            text += " (overlaps)"
    return text
