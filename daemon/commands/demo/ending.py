"""How the demo ends: what prepd's own commands show now, that nobody was mailed, and what to do next."""

from __future__ import annotations

import contextlib
import io
import shlex
import shutil
import sys
from pathlib import Path

from daemon.commands.demo.layout import Layout
from daemon.commands.demo.stage import Stage
from daemon.render.lines import Style, Styled

PAGE = "report.html"
"""The report as a page, in the demo's folder."""


def ending(layout: Layout, stage: Stage) -> None:
    """What prepd's own commands show at the end of the three weeks, and that nobody was mailed."""
    _command(layout, stage, "agenda")
    _page(layout, stage)
    _command(layout, stage, "report")
    # Where the page is stands at the end, if it is kept.
    with contextlib.redirect_stderr(io.StringIO()):
        code = stage.run("report", "--output", str(stage.folder / PAGE), terminal=layout.terminal)
    layout.expect("no page of the report", code == 0)
    _promises(layout, stage)


def _command(layout: Layout, stage: Stage, *given: str) -> None:
    layout.line()
    layout.line(Styled("$ ", Style.QUIET), Styled(f"prepd {' '.join(given)}", Style.STRONG))
    layout.expect(f"prepd {given[0]} failed", stage.run(*given, terminal=layout.terminal) == 0)


def _page(layout: Layout, stage: Stage) -> None:
    """The open page with Dana, as it stands in Google Docs."""
    _command(layout, stage, "open", "--print", "dana")
    doc = stage.world.doc("Dana")
    layout.line()
    layout.line(
        Styled(doc.title, Style.STRONG), Styled(f"  the first page of {doc.owner}'s doc", Style.QUIET)
    )
    pages = 0
    for line in doc.lines():
        pages += line.style == "HEADING_1"
        if pages > 1:
            break
        text = f"{'☐ ' if line.preset == 'BULLET_CHECKBOX' else '• ' if line.preset else ''}{line.text}"
        style = Style.STRONG if line.style.startswith("HEADING") else Style.PLAIN
        if line.text.strip() or line.preset:
            layout.line("    " if line.preset else "  ", Styled(text, style))


def _promises(layout: Layout, stage: Stage) -> None:
    there = (stage.google, stage.microsoft)
    mails = [mail for provider in there for mail in provider.mailbox.sent_by_clients()]
    to_google, to_microsoft = (
        sum(entry.operation is not None for entry in provider.requests) for provider in there
    )
    requests, untouched = stage.idle_cycle()
    quiet = requests == [1, 1] and untouched
    layout.expect(f"prepd mailed somebody: {mails}", not mails)
    layout.expect(f"an idle cycle took {requests} requests; ledger untouched: {untouched}", quiet)
    others = sum(len(provider.mailbox) for provider in there) - len(mails)
    layout.line()
    layout.bullet(
        Styled("Nobody was mailed by prepd", Style.BAD if mails else Style.GOOD),
        f": {to_google} requests to Google and {to_microsoft} to Microsoft, {len(mails)} mails (what the "
        f"others did mailed {others} times).",
        indent=0,
    )
    layout.bullet(
        Styled("An idle cycle is one request for each calendar", Style.GOOD if quiet else Style.BAD),
        ", and leaves the ledger file as it is, byte for byte.",
        indent=0,
    )


def next_steps(layout: Layout, kept: Path | None) -> None:
    """What to call now, as this was called; or what went wrong."""
    line = layout.line
    line()
    if layout.wrong:
        for text in layout.wrong:
            line(Styled(f"Not as it must be: {text}", Style.BAD))
        return
    prepd = called()
    if kept is not None:
        place = kept.expanduser().absolute()
        line(
            Styled("Look around", Style.STRONG),
            Styled("  (the emulated providers are gone: only local commands work)", Style.QUIET),
        )
        where = f"--config {shlex.quote(f'{place}/config.toml')} --state-dir {shlex.quote(f'{place}/state')}"
        _offer(
            layout,
            (f"{prepd} {where} history", "or report, agenda, status"),
            (f"{place}/{PAGE}", "the report as a page, for a browser"),
        )
        line()
    line(Styled("Now your own calendars", Style.STRONG))
    _offer(
        layout,
        (f"{prepd} init", "writes your config, asking, and signs you in"),
        (f"{prepd} sync --dry-run", "shows what it would do, and changes nothing"),
        (f"{prepd} sync", "does it; prepd run goes on doing it"),
    )


def _offer(layout: Layout, *offers: tuple[str, str]) -> None:
    """Commands, each whole on its line to be copied, and what they are for: beneath, where beside is no room."""
    widest, longest = (max(map(len, column)) for column in zip(*offers, strict=True))
    for command, why in offers:
        if widest + longest + 4 <= layout.width:
            layout.line(f"  {command:<{widest}}", Styled(f"  {why}", Style.QUIET))
        else:
            layout.line(f"  {command}")
            layout.text(why, Style.QUIET, indent=4)


def called() -> str:
    """The command as it can be called again: by its name where that is this one, otherwise as it was."""
    given, known = sys.argv[0], shutil.which("prepd")
    if Path(given).name != "prepd" or (known and Path(known).resolve() == Path(given).resolve()):
        return "prepd"
    return shlex.quote(given)
