"""The histories of this folder, on both providers: watched as they happen, and read once, late."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from daemon.core.model import How, Kind
from tests.histories.player import Player
from tests.histories.story import read, span
from tests.histories.telling import in_full, short
from tests.outlook_world import OutlookWorld
from tests.world import World

STORIES = [read(file) for file in sorted(Path(__file__).parent.glob("*/*.txt"))]
PLAYS = [(story, provider) for story in STORIES for provider in story.on]


def named(plays):
    return [pytest.param(story, on, id=f"{story.name} ({on})") for story, on in plays]


@pytest.fixture
def play(request, tmp_path):
    """Plays a story on a calendar of its own."""

    def on(story, provider, *, watched=True):
        server = request.getfixturevalue("google" if provider == "google" else "microsoft")
        world = (World if provider == "google" else OutlookWorld)(server, tmp_path)
        player = Player(story, world, provider)
        player.play(watched=watched)
        return player

    return on


@pytest.mark.parametrize(("story", "on"), named(PLAYS))
def test_the_ledger_says_of(story, on, play, watched):
    player = play(story, on)
    watched.known[story.name, on] = player.entries()
    entries, told = player.entries(), player.told()
    wanted = [line.split("; ") for line in player.expected()]
    assert ["; ".join(in_full(c, entries)) for c in told] == [
        "; ".join(p for p in parts if not p.startswith(("notice ", "why: "))) for parts in wanted
    ]
    for change, parts in zip(told, wanted, strict=True):
        check_details(change, parts)
    check_the_ledger_is_sound(entries)
    gaps = player._mine(story.gaps)
    if gaps:
        assert [g for g in player.gaps() if g in gaps] == gaps


def check_details(change, parts):
    for part in parts:
        if part.startswith("notice "):
            assert change.notice_minutes == span(part[7:]).total_seconds() // 60, short(change)
        elif part.startswith("why: "):
            for words in part[5:].split(" … "):
                assert words in change.evidence, short(change)


def check_the_ledger_is_sound(entries):
    """What holds in any history: ids are unique, a correction is of an earlier entry of the ledger."""
    ids = [c.id for c in entries]
    assert len(ids) == len(set(ids))
    for number, change in enumerate(entries):
        assert change.evidence
        if change.corrects is not None:
            assert change.corrects in ids[:number]


@pytest.mark.parametrize(("story", "on"), named([(s, on) for s, on in PLAYS if s.read_late]))
def test_read_once_and_late_the_verdict_is_that_of_watching(story, on, play, watched):
    late = play(story, on, watched=False)
    said, lacked = verdicts(late.entries()), verdicts(watched(story, on))
    differences = late._mine(story.late)
    assert sorted(f"says {v}" for v in (said - lacked).elements()) + sorted(
        f"lacks {v}" for v in (lacked - said).elements()
    ) == sorted(d for d in differences if d.startswith("says")) + sorted(
        d for d in differences if d.startswith("lacks")
    )
    assert any(g.reason == "not running" for g in late.world.state.gaps), "and the report shows the gap"


def verdicts(entries):
    """What was left in the end of each 1:1 that did not simply take place as planned, moves together."""
    by_id = {}
    for change in entries:
        by_id.setdefault(change.one_on_one, []).append(change)
    found = Counter()
    for changes in by_id.values():
        overruled = {c.corrects for c in changes}
        kept = [c for c in changes if c.id not in overruled and c.kind is not Kind.SCHEDULED]
        kept = [c for c in kept if c.kind is not Kind.REINSTATED]
        moves = [c for c in kept if c.how is How.MOVED]
        others = [c for c in kept if c.how is not How.MOVED]
        told = [f"{short(moves[-1]).split(':')[0]} -> {short(moves[-1]).split(' -> ')[1]}"] if moves else []
        told += [short(others[-1])] if others else []
        if told:
            found[", ".join(told)] += 1
    return found
