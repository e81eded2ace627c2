"""`prepd explain`: every decision about an event, in words. Reads the calendars, and changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from daemon.commands.context import Context
from daemon.commands.explain_events import matching
from daemon.commands.providers import opening
from daemon.commands.stored import changes_of, stored
from daemon.core.ledger.marking import Unmarkable, find_one_on_one
from daemon.core.model import Change
from daemon.exits import Exit, Stopped
from daemon.fetch import Task, fetch
from daemon.render import documents, words
from daemon.render.corrections import Corrections, kind_and_who
from daemon.render.lines import Style, Styled
from daemon.store.state import State
from daemon.troubles import exit_code, trouble_of


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "event", metavar="EVENT", help="an event's id, or part of its title or of a guest's name"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_explain)


def _explain(context: Context) -> Exit:
    state, ledger = stored(context), _Ledger(context)
    with opening(context) as open_account:
        task = Task(context.config, state, context.now, everything=True)
        readings = fetch(task, context.config.account, open_account)
        found = list(matching(context, readings, state)) or ledger.without_event(context.args.event, state)
    if context.json:
        events = [entry | {"history": ledger.documents(entry.get("id"))} for entry in found]
        context.terminal.json({"version": documents.VERSION, "events": events})
    else:
        _show(context, found, ledger)
    failed = [r.error for r in readings if r.error is not None]
    if failed and not found:
        raise failed[0]
    if not found:
        if context.json:
            return Exit.ERROR
        raise Stopped(
            f"No event matches “{context.args.event}”: it is looked for by id, or as part of a title "
            f"or of a guest’s name, within sync.watch ({context.config.sync.watch.days} days)."
        )
    return exit_code(trouble_of(e) for e in failed)


class _Ledger:
    """What the ledger tells of a 1:1; read once, and only where one of those found is on record."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def _entries(self) -> list[Change]:
        return changes_of(self._context)

    def of(self, one_on_one: str | None) -> list[Change]:
        return [e for e in self._entries if e.one_on_one == one_on_one] if one_on_one else []

    def without_event(self, wanted: str, state: State) -> list[dict[str, Any]]:
        """A 1:1 by its id, or that of an entry, whose event the calendars no longer show."""
        try:
            one = find_one_on_one(wanted, state.records, self._entries)
        except Unmarkable:
            return []
        record, last = one.record, one.entries[-1] if one.entries else None
        person = record.person if record else last.person if last else ""
        return [
            {
                "event_id": record.event_id if record else None,
                "account": record.account if record else last.account if last else None,
                "title": record.title if record else f"1:1 with {last.name if last else person}",
                "start": documents.stamp(one.times.start),
                "end": documents.stamp(one.times.end),
                "one_on_one": True,
                "reason": "it is on record; the calendar does not show it now",
                "people": [person],
                "id": one.id,
                "slot_reason": None,
                "doc_reason": None,
            }
        ]

    def documents(self, one_on_one: str | None) -> list[dict[str, Any]]:
        return [documents.change(e, self._context.config) for e in self.of(one_on_one)]

    def lines(self, one_on_one: str | None) -> Iterator[tuple[str, Styled, str]]:
        """When it was noticed, what, and why."""
        entries, zone = self.of(one_on_one), self._context.config.timezone
        corrections = Corrections(entries, zone)
        for e in entries:
            what = Styled(kind_and_who(e), words.kind_of(e).style)
            why = "; ".join(filter(None, (words.when(e, zone), e.evidence, corrections.said(e))))
            yield words.moment(e.noticed_at, zone), what, why


def _show(context: Context, found: list[dict[str, Any]], ledger: _Ledger) -> None:
    terminal, zone = context.terminal, context.config.timezone
    for number, entry in enumerate(found):
        if number:
            terminal.line()
        start = entry.get("start")
        when = words.moment(datetime.fromisoformat(start), zone) if start else ""
        terminal.paragraph(
            Styled(entry["title"] or entry["event_id"], Style.STRONG), Styled(f"  {when}", Style.QUIET)
        )
        verdict = Styled("a 1:1", Style.GOOD) if entry["one_on_one"] else Styled("not a 1:1", Style.NOTICE)
        terminal.paragraph("  ", verdict, f": {entry['reason']}", rest="    ")
        if entry["people"]:
            terminal.line(Styled(f"  with {', '.join(entry['people'])}", Style.QUIET))
        for name, key in (("slot", "slot_reason"), ("page", "doc_reason")):
            if entry[key]:
                terminal.paragraph(Styled(f"  {name}: ", Style.QUIET), entry[key], rest="    ")
        for line, (noticed, what, why) in enumerate(ledger.lines(entry.get("id"))):
            terminal.paragraph(
                Styled(f"  {'' if line else 'ledger:':8}{noticed}  ", Style.QUIET),
                what,
                f": {why}",
                rest=" " * 10,
            )
