"""What became of pieces of work, in the words and tables that `sync`, `clean` and `status` share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from connectors.frozen import dataclass
from daemon.commands.terminal import Column, Terminal
from daemon.render import words
from daemon.render.lines import Style, Styled

if TYPE_CHECKING:
    from daemon.apply.actions import Result

DONE = {
    "create_page": "prep page opened",
    "update_page": "prep page follows",
    "attach_link": "link put on the invite",
    "remove_link": "link taken off the invite",
    "create_slot": "reflection slot",
    "move_slot": "reflection slot moved",
    "update_slot": "reflection slot's text renewed",
    "delete_slot": "reflection slot taken away",
}
"""Each kind of action, as when it is done."""
_FEW = 3


@dataclass(frozen=True, slots=True)
class Told:
    """`what` as when it is done ("prep page opened"), `whom` with the time of the 1:1."""

    what: str
    whom: str
    reason: str


def waiting(those: Iterable[Told]) -> list[tuple[str, str]]:
    """What waits, and why: one for each reason, in the order in which they come.

    "16 things wait", "the account work can't be reached now"
    """
    by_reason: dict[str, list[Told]] = {}
    for each in those:
        by_reason.setdefault(each.reason, []).append(each)
    return [(_named(each), reason) for reason, each in by_reason.items()]


def _named(those: list[Told]) -> str:
    """What and for whom is said of a few."""
    if len(those) > _FEW:
        return f"{words.count(len(those), 'thing')} wait"
    return ", ".join(
        f"{each.what} ({words.one_space(each.whom)})" if each.whom else each.what for each in those
    )


def show(
    terminal: Terminal, became: Iterable[tuple[Told, Result]], headings: tuple[str, str], *, below: bool
) -> None:
    """Under a heading each: what was done, what won't be, and what waits.

    :param headings: over what was done (or is to be), and over what won't be.
    :param below: whether something stands above it already, that a blank line parts from it.
    """
    from daemon.apply.actions import Result

    became = list(became)
    fine = [told for told, result in became if result in (Result.DONE, Result.PLANNED)]
    left = [told for told, result in became if result in (Result.REFUSED, Result.SKIPPED)]
    late = [told for told, result in became if result is Result.PENDING]
    for heading, style, those in (
        (headings[0], Style.PLAIN, fine),
        (headings[1], Style.NOTICE, left),
        ("Waiting", Style.NOTICE, late),
    ):
        if not those:
            continue
        if below:
            terminal.line()
        below = True
        terminal.paragraph(Styled(heading, Style.STRONG))
        if those is late:
            for what, reason in waiting(late):
                terminal.paragraph(Styled(what, style), f": {reason}")
            continue
        _table(terminal, those, style)


def _table(terminal: Terminal, those: list[Told], style: Style) -> None:
    terminal.table(
        (Column(""), Column("for", flexible=True), Column("", flexible=True)),
        [[Styled(told.what, style), told.whom, Styled(told.reason, Style.QUIET)] for told in those],
    )
