"""How the demo's story looks: what happened, what prepd noticed (●) and did (→), and why. Holds each scene to it."""

from __future__ import annotations

import textwrap
from collections import Counter

from daemon.apply.actions import Result
from daemon.commands.demo.done import by_one_on_one
from daemon.commands.demo.layout import MARGIN, Layout
from daemon.commands.demo.stage import Stage
from daemon.commands.demo.story import Scene, Week
from daemon.commands.demo.world import ZONE
from daemon.core.model import By, Change, Kind
from daemon.cycle import CycleResult
from daemon.render import words
from daemon.render.lines import Style, Styled


class Teller:
    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def opening(self, stage: Stage, signed_in: list[str | None], *, kept: bool) -> None:
        self._layout.line()
        self._layout.line(
            Styled("prepd demo", Style.STRONG), Styled("  three weeks of 1:1s in a few seconds", Style.QUIET)
        )
        self._layout.line()
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
            self._layout.text(text, Style.QUIET, indent=0)

    def week(self, week: Week) -> None:
        rule = "─" * max(self._layout.width - len(week.title) - 1, 3)
        self._layout.line()
        self._layout.line(Styled(week.title, Style.STRONG), " ", Styled(rule, Style.QUIET))

    def scene(self, stage: Stage, scene: Scene, result: CycleResult) -> None:
        """One scene, and whether it came out as it must."""
        self.held(stage.held())
        self._layout.line()
        first, *rest = textwrap.wrap(scene.title, self._layout.width - MARGIN)
        when = f"{scene.at:%a} {scene.at.day:>2} {scene.at:%b %H:%M}".ljust(MARGIN)
        self._layout.line(Styled(when, Style.QUIET), Styled(first, Style.STRONG))
        for line in rest:
            self._layout.line(" " * MARGIN, Styled(line, Style.STRONG))
        if scene.first_read:
            self._first_read(result)
        else:
            for change in result.changes:
                self._change(change)
            self._actions(result)
            if not result.changes and not result.actions:
                self._layout.text("prepd does nothing.", Style.PLAIN)
            for account in result.accounts:
                if account.error is not None:
                    self._layout.bullet(
                        Styled(f"{account.name} can't be read", Style.BAD), f": {account.error}"
                    )
        self._check(stage, scene, result)

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
            self._layout.bullet(
                Styled(name, Style.GOOD), f", {role}: {len(ahead)} ahead, next {next_one}; {before}"
            )
        done = Counter(o.action.kind for o in result.actions if o.result is Result.DONE)
        self._layout.arrow(
            f"{done['create_page']} prep docs with a page each, linked on {done['attach_link']} invites; "
            f"{done['create_slot']} reflection slots, for the next two weeks"
        )

    def _change(self, change: Change) -> None:
        kind = words.kind_of(change)
        by = f" by {words.by_whom(change)}" if change.by else ""
        if change.by is By.UNKNOWN:
            by = ", nobody can tell by whom"
        when = words.one_space(words.when(change, ZONE))
        self._layout.bullet(Styled(f"{kind.text}{by}", kind.style), f": {change.name}, {when}")
        why = filter(None, (change.evidence, words.notice_given(change)))
        self._layout.text("; ".join(why), Style.QUIET, indent=MARGIN + 2)

    def _actions(self, result: CycleResult) -> None:
        for did in by_one_on_one(result):
            self._layout.arrow(f"{did.record.name}, {words.in_text(did.record.start, ZONE)}: {did.what}")
            for reason in did.why:
                self._layout.text(reason, Style.QUIET, indent=MARGIN + 2)

    def held(self, held: list[Change]) -> None:
        """1:1s that took place between the scenes, in one line."""
        if held:
            self._layout.line()
            told = [f"{c.name} {words.day(c.now_at.start, ZONE)}" for c in held if c.now_at]
            self._layout.bullet(Styled("held", Style.GOOD), f": {', '.join(told)}")

    def _check(self, stage: Stage, scene: Scene, result: CycleResult) -> None:
        for fact in scene.facts(stage):
            text, right = fact if isinstance(fact, tuple) else (fact, True)
            if text:
                self._layout.text(text, Style.PLAIN, indent=MARGIN + 2)
            self._layout.expect(f"{scene.title}: {text}", right)
        if scene.first_read:
            return
        noticed = tuple(
            " ".join(p for p in (c.kind.value, c.how and c.how.value, c.by and c.by.value, c.name) if p)
            for c in result.changes
        )
        self._layout.expect(
            f"{scene.title}: noticed {noticed}, not {scene.noticed}", noticed == scene.noticed
        )
        did = tuple(o.action.kind for o in result.actions)
        done = all(o.result is Result.DONE for o in result.actions)
        self._layout.expect(f"{scene.title}: did {did}, not {scene.did}", did == scene.did and done)
        failing = tuple(account.name for account in result.accounts if account.error is not None)
        self._layout.expect(
            f"{scene.title}: failing {failing}, not {scene.failing}", failing == scene.failing
        )
