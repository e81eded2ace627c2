"""The same stories, played by people in the emulated calendars, with the whole of prepd looking over HTTP."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.properties.acts import glimpsed, watched
from tests.properties.meetings import GOOGLE, OUTLOOK
from tests.properties.played import START, google_stage, outlook_stage
from tests.properties.reference import Reference, entries
from tests.properties.verdicts import check_blame, check_counts, check_finals

FEW = settings(
    max_examples=9,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PROVIDERS = pytest.mark.parametrize(
    ("stage", "manner"), [(google_stage, GOOGLE), (outlook_stage, OUTLOOK)], ids=["google", "outlook"]
)


@PROVIDERS
@given(story=watched(8))
@FEW
def test_a_look_after_each_act_gives_exactly_what_happened(stage, manner, story):
    reference = Reference(START, manner)
    with stage() as played:
        look(played)
        for step in story:
            expected = act(played, reference, step.what)
            told = sorted(entries(look(played, step.full)))
            assert told == expected, f"after {step}"
        idle(played)
        ledger = played.world.ledger
        check_blame(reference, ledger)
        records = played.world.state.records
        assert check_counts(list(ledger), records, reference) == reference.ended()


@PROVIDERS
@given(story=glimpsed(14))
@FEW
def test_looks_at_any_time_never_contradict_what_happened(stage, manner, story):
    reference = Reference(START, manner)
    with stage() as played:
        look(played)
        for step in story:
            act(played, reference, step.what)
            if step.looks:
                look(played, step.full)
        look(played)
        idle(played)
        ledger = played.world.ledger
        check_blame(reference, ledger)
        check_counts(list(ledger), played.world.state.records, reference)
        check_finals(reference, list(ledger))


def act(played, reference, what):
    """Plays it on both calendars. Gives what a look right after it is to tell."""
    deeds, expected = reference.play(what)
    played.world.clock.set(reference.now)
    for deed in deeds:
        played.play(deed)
    return expected


def look(played, full=False):
    """One round. Gives what it told."""
    if full:
        played.forget_token()
    result = played.world.cycle(accept=True)
    assert all(a.error is None for a in result.accounts)
    return result.changes


def idle(played):
    """A round in which nothing happened writes nothing."""
    played.world.cycle(accept=True)
    state = played.world.state_folder / "prepd.json"
    before = state.read_bytes()
    assert played.world.cycle(accept=True).changes == ()
    assert state.read_bytes() == before
