"""What prepd writes on the user's calendar and on top of their pages: headings, slot titles, slot texts.

Text only, without any provider's markup. Prompts rotate from one 1:1 to the next so that they stay fresh, and are the
same however often they are computed.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, tzinfo

from connectors.frozen import dataclass
from daemon.core.model import OneOnOne, short_hash
from daemon.core.weeks import DAYS, MONTHS

GOALS = (
    "What do I want to be different after this conversation?",
    "Which of my goals moved since last time, and which one is stuck?",
    "What would make the next three months a success for me?",
    "Which one thing, if we settled it today, would help the most?",
)
NEEDS = (
    "What do I need, and from whom: time, people, a decision, cover?",
    "Where am I waiting for somebody, and what would get it moving?",
    "What should I stop doing, and who has to agree to that?",
)
GROWTH = (
    "What did I learn since last time? What do I want to try next?",
    "What went well that nobody has heard of yet?",
    "Which feedback have I not asked for, though I would like to have it?",
)
AWKWARD = (
    "Which one awkward thing is worth saying today? What is the kindest first sentence?",
    "What have I been avoiding? What would happen if I said it?",
    "Where do we disagree without having said so?",
)
HARD_FEEDBACK = (
    "If I hear something hard: breathe, ask for an example, say thanks, answer tomorrow.",
    "How will I react to hard feedback? Curious first, right later.",
    "If it stings: repeat it in my own words before I answer.",
)
_SETS = (GOALS, NEEDS, GROWTH, AWKWARD, HARD_FEEDBACK)


@dataclass(frozen=True, slots=True)
class SlotWords:
    """How slots are to be worded. `prompts` replace the built-in ones; `private` goes below them (shared docs)."""

    title: str = "Reflect: 1:1 with {person}"
    prompts: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotText:
    """The title and text of a slot; `hash` stands for both."""

    title: str
    text: str

    @property
    def hash(self) -> str:
        return short_hash(self.title, self.text)


def page_heading(start: datetime, zone: tzinfo) -> str:
    """When a page's 1:1 is, in the user's time zone: "Tue 24 Nov 2026, 10:00"."""
    local = start.astimezone(zone)
    return (
        f"{DAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1][:3]} {local.year}, {local:%H:%M}"
    )


def neutral_title(address: str | None, name: str) -> str:
    """ "1:1 Alex / Dana" for alex.kim@example.com and Dana: a title that either may see."""
    local = (address or "").split("@")[0]
    first = local.replace("_", ".").replace("-", ".").split(".")[0]
    return f"1:1 {first.capitalize()} / {name}" if first else f"1:1 {name}"


def slot_text(record: OneOnOne, words: SlotWords, url: str | None) -> SlotText:
    """The slot's title and text, with the link to the page where there is one."""
    title = words.title.replace("{person}", record.name)
    prompts = words.prompts or tuple(_turn(record, options) for options in _SETS)
    lines = [f"A few quiet minutes before your 1:1 with {record.name}."]
    if url:
        lines += ["", f"Prep page: {url}"]
    lines += ["", *(f"- {p}" for p in prompts)]
    if words.private:
        lines += ["", "For you alone:", *(f"- {p}" for p in words.private)]
    return SlotText(title, "\n".join(lines))


def _turn(record: OneOnOne, options: tuple[str, ...]) -> str:
    """Which of the options is this 1:1's turn: by its week, shifted by the person."""
    shift = hashlib.sha256(record.person.encode()).digest()[0]
    first = record.original_start or record.start
    return options[(first.toordinal() // 7 + shift) % len(options)]
