"""What is told after an act: what somebody did, or what prepd noticed and did about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from connectors.frozen import dataclass
from daemon.commands.demo.done import by_one_on_one
from daemon.commands.demo.serve import dates
from daemon.commands.demo.serve.forms import button, form
from daemon.commands.demo.world import ZONE
from daemon.core.model import Change, Kind
from daemon.cycle import CycleResult
from daemon.render import words
from daemon.render.corrections import kind_and_who
from daemon.render.lines import Style, clean
from daemon.render.markup import Element, Node, element

_FAR = timedelta(weeks=5)
LOOKS = {Style.GOOD: "held", Style.NOTICE: "moved", Style.BAD: "fell"}
"""The report's colours for what a change means."""


@dataclass(frozen=True, slots=True)
class Line:
    """`looks` is one of the report's colours; `why` stands beneath."""

    mark: str
    text: str
    looks: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`unseen` is what prepd has yet to look at."""

    title: str
    lines: tuple[Line, ...] = ()
    unseen: bool = False


def of_cycles(title: str, results: Iterable[CycleResult]) -> Told:
    """What prepd noticed and did in one or more cycles."""
    lines: list[Line] = []
    asked = further = 0
    for result in results:
        asked += sum(account.requests for account in result.accounts)
        news = [change for change in result.changes if not _came_into_view(change)]
        further += len(result.changes) - len(news)
        lines += (_noticed(change) for change in news)
        lines += _did(result)
        lines += (
            Line("●", f"{account.name} can’t be read: {account.error}", "fell")
            for account in result.accounts
            if account.error is not None
        )
    if further:
        lines.append(Line("●", f"prepd noticed: {words.count(further, 'date')} more of standing series"))
    if not lines:
        requests = f"{words.count(asked, 'request')} in all, and nothing was written."
        lines = [Line("✓", f"Nothing had changed: {requests}")]
    return Told(title, tuple(lines))


def shown(told: Told, back: str) -> Element:
    """A region at the top of a page, with the way on where there is one."""
    lines = (
        element(
            "li",
            element("span", line.mark, class_=f"sign {line.looks}".strip(), aria_hidden="true"),
            element("span", line.text, *_why(line)),
        )
        for line in told.lines
    )
    inside: list[Node] = [element("h2", told.title)]
    if told.lines:
        inside.append(element("ul", *lines, class_="lines"))
    if told.unseen:
        sync = form("time", {"back": back}, button("Sync now", name="how", value="sync", class_="first"))
        text = element(
            "p", "prepd has not looked at the calendars since. As a service, it would within a minute."
        )
        inside += [text, sync]
    return element("section", *inside, class_="told", role="status", aria_label="What happened")


def _came_into_view(change: Change) -> bool:
    """One more date of a series, as time goes by: nobody did anything."""
    if change.kind is not Kind.SCHEDULED or change.now_at is None:
        return False
    return change.now_at.start - change.noticed_at > _FAR


def _why(line: Line) -> Iterator[Element]:
    if line.why:
        yield element("span", line.why, class_="why")


def _noticed(change: Change) -> Line:
    kind, when = words.kind_of(change), words.one_space(words.when(change, ZONE))
    why = "; ".join(filter(None, (change.evidence, words.notice_given(change))))
    text = f"prepd noticed: {kind_and_who(change)}: {clean(change.name)}, {when}"
    return Line("●", text, LOOKS.get(kind.style, ""), why)


def _did(result: CycleResult) -> Iterator[Line]:
    for did in by_one_on_one(result):
        whom = f"{clean(did.record.name)}, {dates.moment(did.record.start)}"
        yield Line("→", f"{whom}: {did.what}", why="; ".join(did.why))
