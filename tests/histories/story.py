"""The readable form of a history: what happened on the calendar, moment by moment, and what the ledger must say.

    They move one date, and it stays the same 1:1.        the sentence that the test is named by

    Mon 2 Nov 08:00                                       a moment: what is done then, after which prepd looks once
        Dana schedules "1:1 Alex / Dana" every week from Tue 3 Nov 10:00
    Thu 5 Nov 09:00
        Dana moves Tue 10 Nov 10:00 to Wed 11 Nov 11:00

    Ledger:
        held: Tue 3 Nov 10:00
        moved by them: Tue 10 Nov 10:00 -> Wed 11 Nov 11:00; notice 5d 1h; why: they organize it

Each line of the ledger is one entry, in its order; the `scheduled` of 1:1s are left out unless the story says
"With: scheduled". What an entry corrects is always given ("corrects cancelled"), and so is that it was found in the
calendar's history ("backfilled"); the notice and words of the
evidence ("why: …", several with "…") only where they matter.
"Gaps:" lists those that prepd's absence left. "google:" or "outlook:" before a line makes it that provider's alone.
"Late:" says how the verdicts differ where the story was read once, weeks later, and not watched: "says" a line
that watching did not, "lacks" one that it did. All times are London's, from November 2026 on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.world import LONDON

MOMENT = r"\w{3} \d{1,2} \w{3} \d\d:\d\d"
_SECTIONS = {"Ledger": "ledger", "Gaps": "gaps", "Late": "late"}


@dataclass(slots=True)
class Line:
    """A line of a story, and for which provider it is ("" for both)."""

    text: str
    only: str = ""


@dataclass(slots=True)
class Story:
    name: str
    file: str
    on: tuple[str, ...] = ("google", "outlook")
    config: str = ""
    settings: list[Line] = field(default_factory=list)
    shows_scheduled: bool = False
    read_late: bool = True
    moments: list[tuple[datetime, list[Line]]] = field(default_factory=list)
    ledger: list[Line] = field(default_factory=list)
    gaps: list[Line] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)


def read(file: Path) -> Story:
    """A story from its file. :raises ValueError: a line that is none of the form, with its number."""
    sentence, *lines = file.read_text().splitlines()
    story = Story(sentence.removesuffix("."), file.stem)
    section: list[Line] | None = None
    for number, line in enumerate(lines, 2):
        try:
            section = _take(story, line, section)
        except ValueError as error:
            raise ValueError(f"{file.name}:{number}: {error}") from None
    return story


def _take(story: Story, line: str, section: list[Line] | None) -> list[Line] | None:
    text = line.strip()
    if not text or text.startswith("#"):
        return section
    if line[0].isspace():
        if section is None:
            raise ValueError("nothing says what this line belongs to")
        section.append(_line(text))
        return section
    if re.fullmatch(MOMENT, text):
        story.moments.append((moment(text), []))
        return story.moments[-1][1]
    name, _, rest = text.partition(":")
    if name in _SECTIONS and not rest:
        found: list[Line] = getattr(story, _SECTIONS[name])
        return found
    _note(story, name, rest.strip())
    return None


def _note(story: Story, name: str, rest: str) -> None:
    match name:
        case "On":
            story.on = tuple(rest.split(", "))
        case "With" if rest == "scheduled":
            story.shows_scheduled = True
        case "Watched" if rest == "only":
            story.read_late = False
        case "Config":
            story.config += rest.replace(" | ", "\n") + "\n"
        case "Setting":
            story.settings.append(_line(rest))
        case _:
            raise ValueError(f"what is “{name}: {rest}”?")


def _line(text: str) -> Line:
    only, _, rest = text.partition(": ")
    return Line(rest, only) if only in ("google", "outlook") else Line(text)


def moment(text: str) -> datetime:
    """ "Tue 3 Nov 10:00" in London, from November 2026 on. :raises ValueError: it is another weekday."""
    _, day, month, time = text.split()
    for year in (2026, 2027):
        found = datetime.strptime(f"{day} {month} {year} {time}", "%d %b %Y %H:%M").replace(tzinfo=LONDON)
        if found.year == 2027 or found.month >= 11:
            break
    if shown(found) != text:
        raise ValueError(f"“{text}” is written “{shown(found)}”")
    return found


def shown(time: datetime) -> str:
    there = time.astimezone(LONDON)
    return f"{there:%a} {there.day} {there:%b %H:%M}"


def span(text: str) -> timedelta:
    """ "5d 1h 30m" """
    parts = {part[-1]: int(part[:-1]) for part in text.split()}
    return timedelta(days=parts.get("d", 0), hours=parts.get("h", 0), minutes=parts.get("m", 0))
