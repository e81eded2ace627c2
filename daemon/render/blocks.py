"""What the weekly report is made of: sections of blocks, the same for text, Markdown and HTML.

All text in them is on one line and free of control characters; it is not escaped for anything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from connectors.frozen import dataclass
from daemon.core.report.model import PersonReport, TrendWeek


class Part(StrEnum):
    """What a section is about, from which its looks follow."""

    FLAG = "flag"
    ALMOST = "almost"
    OWN = "own"
    PEOPLE = "people"
    ADVICE = "advice"
    OPEN = "open"
    TREND = "trend"
    SINCE = "since"
    TROUBLE = "trouble"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Says:
    """A paragraph. `quiet`: fine print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words for the user to use."""

    text: str


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands to choose from, each for a line of its own."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person in full."""

    name: str
    role: str
    report: PersonReport


@dataclass(frozen=True, slots=True)
class Others:
    """Many people of whom there is little to tell: a line each."""

    entries: tuple[PersonEntry, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    weeks: tuple[TrendWeek, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A 1:1 to come. `about` is empty where there is no page yet; `declined` says by whom, if it is."""

    when: str
    name: str
    email: str
    title: str
    about: str
    declined: str
    items: tuple[str, ...]
    url: str | None


Block: TypeAlias = Says | Items | Quote | Commands | PersonEntry | Others | Trend | Coming


@dataclass(frozen=True, slots=True)
class Section:
    part: Part
    heading: str
    blocks: tuple[Block, ...]
