"""`prepd report`: the week in 1:1s."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.commands.context import Context
from daemon.commands.stored import stored_with_ledger
from daemon.exits import Exit, Stopped
from daemon.store.heartbeat import read_heartbeat

if TYPE_CHECKING:
    from daemon.core.model import Change
    from daemon.core.report.model import Report
    from daemon.core.weeks import Week
    from daemon.store.state import State

_FORMATS = ("text", "markdown", "html", "json")
_SUFFIXES = {
    "text": ("", ".txt", ".text"),
    "markdown": (".md", ".markdown"),
    "html": (".html", ".htm"),
    "json": (".json",),
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", metavar="2026-W47", help="an ISO week (this one)")
    parser.add_argument("--format", choices=_FORMATS, help="how to write it (as FILE is called, else text)")
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it there instead of printing it")
    parser.add_argument("--deliver", action="store_true", help="take it now to where report.deliver says")
    parser.set_defaults(run=_report)


def _report(context: Context) -> Exit:
    from daemon.commands import report_deliver

    output, kind = context.args.output, _format(context.args)
    week = _week(context, context.now)
    delivered = report_deliver.deliver(context, week) if context.args.deliver else []
    if context.args.deliver and not (context.json or context.args.format or output):
        report_deliver.show(context, delivered)
        return report_deliver.exit_of(delivered)
    report_deliver.tell_failures(delivered)
    state, changes = stored_with_ledger(context)
    made = report_for(context, state, changes, week)
    if output is not None:
        _write(output.expanduser(), _rendered(made, kind, state, context))
        if not context.json:
            print(f"The report is in {output}.", file=sys.stderr)
    elif kind == "text":
        _show(made, context)
    elif kind == "json":
        more = {"deliveries": report_deliver.documents(delivered)} if context.args.deliver else {}
        context.terminal.json(_document(made, state, context) | more)
    else:
        context.terminal.page(_rendered(made, kind, state, context))
    return report_deliver.exit_of(delivered) if delivered else Exit.OK


def report_for(context: Context, state: State, changes: list[Change], week: Week) -> Report:
    """The report on a week, as it is now."""
    from daemon.core.report.making import make_report
    from daemon.facts import facts, report_rules

    now, beat = context.now, read_heartbeat(context.paths.state)
    known = facts(state, changes, beat, context.config, now, week)
    return make_report(known, report_rules(context.config), week, now)


def _format(args: argparse.Namespace) -> str:
    """:raises Stopped: neither an argument nor the file's name says it."""
    if args.json or args.format:
        return "json" if args.json else str(args.format)
    suffix = args.output.suffix.lower() if args.output else ""
    if suffix not in _BY_SUFFIX:
        raise Stopped(
            f"--output: there is no format for {suffix}. Name FILE .txt, .md, .html or .json, or add --format.",
            Exit.USAGE,
        )
    return _BY_SUFFIX[suffix]


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


def _show(made: Report, context: Context) -> None:
    from daemon.render import text

    for line in text.lines(made, min(context.terminal.columns or text.COLUMNS, text.COLUMNS)):
        context.terminal.line(*line)


def _rendered(made: Report, kind: str, state: State, context: Context) -> str:
    if kind == "json":
        from daemon import codec

        return codec.indented(_document(made, state, context)) + "\n"
    if kind == "html":
        from daemon.render import html

        return html.render(made)
    if kind == "markdown":
        from daemon.render import markdown

        return markdown.render(made)
    from daemon.render import text

    return text.plain(made)


def _document(made: Report, state: State, context: Context) -> dict[str, Any]:
    from daemon.render import documents

    return documents.report(made, state, context.config)


def _write(path: Path, text: str) -> None:
    """:raises Stopped: it can't be written."""
    from daemon.store.files import StateError, write_durably

    try:
        if path.is_dir():
            raise Stopped(f"--output: {path} is a folder. Name a file in it.", Exit.USAGE)
        if path.exists() and not path.is_file():  # a pipe or a device, which nothing replaces
            path.write_text(text, "utf-8")
        else:
            write_durably(path, text.encode())
    except (OSError, StateError) as error:
        reason = error.__cause__ if isinstance(error, StateError) else error
        said = getattr(reason, "strerror", None) or str(error)
        raise Stopped(f"--output: {path} can't be written ({said}). Name another file.") from error
