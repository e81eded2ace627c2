"""`prepd report`: the week in 1:1s."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.commands.stored import changes_of, stored
from daemon.commands.terminal import Cell, Column
from daemon.exits import Exit, Stopped
from daemon.render import documents, words
from daemon.render.lines import Style, Styled
from daemon.store.heartbeat import read_heartbeat

if TYPE_CHECKING:
    from daemon.core.report_model import Counts, Report
    from daemon.core.weeks import Week
    from daemon.store.state import State


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", metavar="2026-W47", help="an ISO week (this one)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print it (text)")
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.set_defaults(run=_report)


def _report(context: Context) -> Exit:
    from daemon.core.report import make_report
    from daemon.facts import facts
    from daemon.wishes import report_rules

    state, now = stored(context), context.now
    beat = read_heartbeat(context.paths.state)
    known = facts(state, changes_of(context), beat, context.config, now)
    made = make_report(known, report_rules(context.config), _week(context, now), now)
    if context.json or context.args.format == "json":
        context.terminal.json(documents.report(made, state, context.config))
    else:
        show_report(context, made, state, now)
    return Exit.OK


def _week(context: Context, now: datetime) -> Week:
    from daemon.core.weeks import week_named, week_of

    zone = context.config.timezone
    if context.args.week is None:
        return week_of(now.astimezone(zone).date(), zone)
    try:
        return week_named(context.args.week, zone)
    except ValueError:
        raise Stopped(
            f"--week: “{context.args.week}” is not an ISO week like 2026-W47.", Exit.USAGE
        ) from None


def show_report(context: Context, made: Report, state: State, now: datetime) -> None:
    """The counts for each person, and what comes next."""
    terminal, zone = context.terminal, context.config.timezone
    last = made.week.end - timedelta(days=1)
    first_day = f"{made.week.start.astimezone(zone):%-d %b}"
    terminal.line(
        Styled(f"Week {made.week.name}", Style.STRONG),
        Styled(f"  {first_day} to {last.astimezone(zone):%-d %b %Y}", Style.QUIET),
    )
    terminal.line()
    if not made.people:
        terminal.line(
            "No 1:1s yet. `prepd sync` reads your calendars; `prepd explain TITLE` says why one is missing."
        )
        return
    rows: list[list[Cell]] = []
    for entry in made.people:
        person, streak = entry.person, str(entry.streak)
        rows.append([Styled(person.name, Style.STRONG), *_counts_row("this week", entry.week), streak])
        rows.append([Styled(person.role.value, Style.QUIET), *_counts_row("12 weeks", entry.window), ""])
    numbers = [Column(title, right=True) for title in ("held", "moved", "rebooked")]
    terminal.table(
        (
            Column("with", flexible=True),
            Column(""),
            *numbers,
            Column("cancelled by"),
            Column("declined by"),
            Column("in a row", right=True),
        ),
        rows,
    )
    coming = documents.upcoming(state, now, made.week.end + timedelta(days=7))
    if coming:
        terminal.line()
        terminal.line(Styled("Coming up", Style.STRONG))
        terminal.table(
            (Column("when"), Column("with"), Column("title", flexible=True)),
            [[words.moment(r.start, zone), r.name, r.title] for r in coming],
        )


def _counts_row(span: str, counts: Counts) -> list[Cell]:
    bad = counts.cancelled["them"] > 0
    return [
        Styled(span, Style.QUIET),
        f"{counts.held} of {counts.expected}",
        _count(counts.moved),
        _count(counts.rebooked),
        Styled(_by_whom(counts.cancelled), Style.BAD if bad else Style.PLAIN),
        _by_whom(counts.declined),
    ]


def _count(number: int) -> str:
    return str(number or "")


def _by_whom(counts: Mapping[str, int]) -> str:
    """ "2 them, 1 you"; nothing where there is nothing to count."""
    names = {"me": "you"}
    return ", ".join(f"{number} {names.get(by, by)}" for by, number in counts.items() if number)
