"""What is told of a piece of work; of what waits, a line for each reason. What and for whom is said of a few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.render import words

_FEW = 3


@dataclass(frozen=True, slots=True)
class Told:
    """`what` as when it is done ("prep page opened"), `whom` with the time of the 1:1."""

    what: str
    whom: str
    reason: str


def lines(waiting: Iterable[Told]) -> list[tuple[str, str]]:
    """What waits, and why: one for each reason, in the order in which they come.

    "16 things wait", "the account work can't be reached now"
    """
    by_reason: dict[str, list[Told]] = {}
    for each in waiting:
        by_reason.setdefault(each.reason, []).append(each)
    return [(_named(each), reason) for reason, each in by_reason.items()]


def _named(waiting: list[Told]) -> str:
    if len(waiting) > _FEW:
        return f"{words.count(len(waiting), 'thing')} wait"
    return ", ".join(f"{each.what} ({_spaced(each.whom)})" if each.whom else each.what for each in waiting)


def _spaced(text: str) -> str:
    """Without the blanks of a table's columns."""
    return " ".join(text.split())
