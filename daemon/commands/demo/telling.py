"""How the demo looks: what happened, what prepd noticed (●) and did (→), and why. Holds each scene to its story."""

from __future__ import annotations

import contextlib
import io
import shlex
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from daemon.apply.actions import ActionOutcome, Result
from daemon.commands.demo.stage import ZONE, Stage
from daemon.commands.demo.story import Scene, Week
from daemon.commands.sync_text import done
from daemon.commands.terminal import Terminal
from daemon.core.model import By, Change, Kind, OneOnOne
from daemon.core.planning.actions import CreateSlot, MoveSlot
from daemon.cycle import CycleResult
from daemon.render import words
from daemon.render.lines import Style, Styled

PAGE = "report.html"
"""The report as a page, in the demo's folder."""
_MARGIN = 18
"""Where texts begin, right of the times."""
_WIDEST = 96


def called() -> str:
    """The command as it can be called again: by its name where that is this one, otherwise as it was."""
    given, known = sys.argv[0], shutil.which("prepd")
    if Path(given).name != "prepd" or (known and Path(known).resolve() == Path(given).resolve()):
        return "prepd"
    return shlex.quote(given)


class Teller:
    """Writes to a terminal, and remembers in `wrong` what did not come out as the story has it."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.wrong: list[str] = []
        self._width = min(shutil.get_terminal_size((88, 24)).columns, _WIDEST)

    def opening(self, stage: Stage, signed_in: list[str | None], *, kept: bool) -> None:
        self.terminal.line()
        self.terminal.line(
            Styled("prepd demo", Style.STRONG), Styled("  three weeks of 1:1s in a few seconds", Style.QUIET)
        )
        self.terminal.line()
        until = "and stay there" if kept else "and go when this ends"
        told = (
            "Google, Microsoft, the people and the clock are emulated. prepd is not: "
            "this is what runs for your own accounts, over HTTPS."
        )
        work, client = signed_in
        signed = (
            f"Signed in as {work} at work ({stage.google.root}, Google) and as {client} at a client's "
            f"({stage.microsoft.root}, Outlook), by loopback and PKCE."
        )
        for text in (
            told,
            signed,
            f"Config and ledger are in {stage.folder}, {until}.",
        ):
            self._text(text, Style.QUIET, indent=0)

    def week(self, week: Week) -> None:
        rule = "─" * max(self._width - len(week.title) - 1, 3)
        self.terminal.line()
        self.terminal.line(Styled(week.title, Style.STRONG), " ", Styled(rule, Style.QUIET))

    def scene(self, stage: Stage, scene: Scene, result: CycleResult) -> None:
        """One scene, and whether it came out as it must."""
        self._held(stage.held())
        self.terminal.line()
        first, *rest = textwrap.wrap(scene.title, self._width - _MARGIN)
        when = f"{scene.at:%a} {scene.at.day:>2} {scene.at:%b %H:%M}".ljust(_MARGIN)
        self.terminal.line(Styled(when, Style.QUIET), Styled(first, Style.STRONG))
        for line in rest:
            self.terminal.line(" " * _MARGIN, Styled(line, Style.STRONG))
        if scene.first_read:
            self._first_read(result)
        else:
            for change in result.changes:
                self._change(change)
            self._actions(result.actions, result.records)
            if not result.changes and not result.actions:
                self._text("prepd does nothing.", Style.PLAIN)
            for account in result.accounts:
                if account.error is not None:
                    self._bullet(Styled(f"{account.name} can't be read", Style.BAD), f": {account.error}")
        self._check(stage, scene, result)

    def ending(self, stage: Stage) -> None:
        """What prepd's own commands show at the end of the three weeks, and that nobody was mailed."""
        self._held(stage.held())
        self._command(stage, "agenda")
        self._page(stage)
        self._command(stage, "report")
        # Where the page is stands at the end, if it is kept.
        with contextlib.redirect_stderr(io.StringIO()):
            code = stage.run("report", "--output", str(stage.folder / PAGE), terminal=self.terminal)
        self._expect("no page of the report", code == 0)
        self._promises(stage)

    def _promises(self, stage: Stage) -> None:
        there = (stage.google, stage.microsoft)
        mails = [mail for provider in there for mail in provider.mailbox.sent_by_clients()]
        to_google, to_microsoft = (
            sum(entry.operation is not None for entry in provider.requests) for provider in there
        )
        requests, untouched = stage.idle_cycle()
        quiet = requests == [1, 1] and untouched
        self._expect(f"prepd mailed somebody: {mails}", not mails)
        self._expect(f"an idle cycle took {requests} requests; ledger untouched: {untouched}", quiet)
        others = sum(len(provider.mailbox) for provider in there) - len(mails)
        self.terminal.line()
        self._bullet(
            Styled("Nobody was mailed by prepd", Style.BAD if mails else Style.GOOD),
            f": {to_google} requests to Google and {to_microsoft} to Microsoft, {len(mails)} mails (what the "
            f"others did mailed {others} times).",
            indent=0,
        )
        self._bullet(
            Styled("An idle cycle is one request for each calendar", Style.GOOD if quiet else Style.BAD),
            ", and leaves the ledger file as it is, byte for byte.",
            indent=0,
        )

    def next_steps(self, kept: Path | None) -> None:
        terminal = self.terminal
        terminal.line()
        if self.wrong:
            for text in self.wrong:
                terminal.line(Styled(f"Not as it must be: {text}", Style.BAD))
            return
        prepd = called()
        if kept is not None:
            place = kept.expanduser().absolute()
            terminal.line(
                Styled("Look around", Style.STRONG),
                Styled("  (the emulated providers are gone: only local commands work)", Style.QUIET),
            )
            where = (
                f"--config {shlex.quote(f'{place}/config.toml')} --state-dir {shlex.quote(f'{place}/state')}"
            )
            terminal.line(f"  {prepd} {where} history", Styled("  or report, agenda, status", Style.QUIET))
            terminal.line(f"  {place}/{PAGE}", Styled("  the report as a page, for a browser", Style.QUIET))
            terminal.line()
        terminal.line(Styled("Now your own calendars", Style.STRONG))
        for command, why in (
            ("init", "writes a config for your own account, asking, and signs you in"),
            ("sync --dry-run", "shows what it would do, and changes nothing"),
            ("sync", "does it; prepd run goes on doing it"),
        ):
            room = len(prepd) + len(" sync --dry-run")
            terminal.line(f"  {f'{prepd} {command}':<{room}}", Styled(f"  {why}", Style.QUIET))

    def _first_read(self, result: CycleResult) -> None:
        """Too many changes to list: the counts for each person."""
        for name, role in (("Dana", "manager"), ("Noor", "manager"), ("Sam", "report"), ("Priya", "peer")):
            mine = [c for c in result.changes if c.name == name]
            ahead = [c.now_at.start for c in mine if c.kind is Kind.SCHEDULED and c.now_at]
            past = Counter(c.kind for c in mine if c.backfilled)
            before = f"{past[Kind.HELD]} held before"
            for by, whose in ((By.THEM, "them"), (By.ME, "you")):
                if fell := sum(c.kind is Kind.CANCELLED and c.by is by for c in mine if c.backfilled):
                    before += f", {fell} cancelled by {whose}"
            next_one = words.in_text(min(ahead), ZONE)
            self._bullet(Styled(name, Style.GOOD), f", {role}: {len(ahead)} ahead, next {next_one}; {before}")
        done = Counter(o.action.kind for o in result.actions if o.result is Result.DONE)
        self._arrow(
            f"{done['create_page']} prep docs with a page each, linked on {done['attach_link']} invites; "
            f"{done['create_slot']} reflection slots, for the next two weeks"
        )

    def _change(self, change: Change) -> None:
        kind = words.kind_of(change)
        by = f" by {words.by_whom(change)}" if change.by else ""
        if change.by is By.UNKNOWN:
            by = ", nobody can tell by whom"
        when = words.one_space(words.when(change, ZONE))
        self._bullet(Styled(f"{kind.text}{by}", kind.style), f": {change.name}, {when}")
        why = filter(None, (change.evidence, words.notice_given(change)))
        self._text("; ".join(why), Style.QUIET, indent=_MARGIN + 2)

    def _actions(self, actions: Iterable[ActionOutcome], records: Mapping[str, OneOnOne]) -> None:
        by_meeting: dict[str, list[ActionOutcome]] = {}
        for outcome in actions:
            by_meeting.setdefault(outcome.action.one_on_one, []).append(outcome)
        for one_on_one, outcomes in by_meeting.items():
            record = records[one_on_one]
            did = ", ".join(done(outcome, ZONE) for outcome in outcomes)
            self._arrow(f"{record.name}, {words.in_text(record.start, ZONE)}: {did}")
            for outcome in outcomes:
                act = outcome.action
                if isinstance(act, CreateSlot | MoveSlot) and act.placement.end != record.start:
                    self._text(act.placement.reason, Style.QUIET, indent=_MARGIN + 2)

    def _held(self, held: list[Change]) -> None:
        """1:1s that took place between the scenes, in one line."""
        if held:
            self.terminal.line()
            told = [f"{c.name} {words.day(c.now_at.start, ZONE)}" for c in held if c.now_at]
            self._bullet(Styled("held", Style.GOOD), f": {', '.join(told)}")

    def _check(self, stage: Stage, scene: Scene, result: CycleResult) -> None:
        for fact in scene.facts(stage):
            text, right = fact if isinstance(fact, tuple) else (fact, True)
            if text:
                self._text(text, Style.PLAIN, indent=_MARGIN + 2)
            self._expect(f"{scene.title}: {text}", right)
        if scene.first_read:
            return
        noticed = tuple(
            " ".join(p for p in (c.kind.value, c.how and c.how.value, c.by and c.by.value, c.name) if p)
            for c in result.changes
        )
        self._expect(f"{scene.title}: noticed {noticed}, not {scene.noticed}", noticed == scene.noticed)
        did = tuple(o.action.kind for o in result.actions)
        done = all(o.result is Result.DONE for o in result.actions)
        self._expect(f"{scene.title}: did {did}, not {scene.did}", did == scene.did and done)
        failing = tuple(account.name for account in result.accounts if account.error is not None)
        self._expect(f"{scene.title}: failing {failing}, not {scene.failing}", failing == scene.failing)

    def _expect(self, otherwise: str, right: bool) -> None:
        if not right:
            self.wrong.append(otherwise)

    def _command(self, stage: Stage, *given: str) -> None:
        self.terminal.line()
        self.terminal.line(Styled("$ ", Style.QUIET), Styled(f"prepd {' '.join(given)}", Style.STRONG))
        self._expect(f"prepd {given[0]} failed", stage.run(*given, terminal=self.terminal) == 0)

    def _page(self, stage: Stage) -> None:
        """The open page with Dana, as it stands in Google Docs."""
        self._command(stage, "open", "--print", "dana")
        doc = stage.world.doc("Dana")
        self.terminal.line()
        self.terminal.line(
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
                self.terminal.line("    " if line.preset else "  ", Styled(text, style))

    def _bullet(self, what: Styled, text: str, indent: int = _MARGIN) -> None:
        room = self._width - indent - 2
        first, *rest = textwrap.wrap(what.text + text, room)
        self.terminal.line(" " * indent, Styled("● ", what.style), what, first[len(what.text) :])
        for line in rest:
            self.terminal.line(" " * (indent + 2), line)

    def _arrow(self, text: str) -> None:
        first, *rest = textwrap.wrap(text, self._width - _MARGIN - 2)
        self.terminal.line(" " * _MARGIN, Styled("→ ", Style.STRONG), first)
        for line in rest:
            self.terminal.line(" " * (_MARGIN + 2), line)

    def _text(self, text: str, style: Style, indent: int = _MARGIN) -> None:
        for line in textwrap.wrap(text, self._width - indent):
            self.terminal.line(" " * indent, Styled(line, style))
