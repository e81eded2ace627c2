"""One answer of a provider makes no sense, in the middle of a cycle of both accounts.

Whatever it is: the cycle ends, the other account is served, nobody is mailed, nothing of anybody's is touched, nobody
is blamed. If it tells nothing, the next cycles end as if it had never come; what it does tell is recorded.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox
from tests.faults.mangling import KINDS, OTHERS, SPREAD, Mangling
from tests.faults.trials import differences
from tests.faults.two_accounts import STEPS, OnBoth, play, run_on

TRIED = int(os.environ.get("PREPD_MANGLED", "16"))
"""How many answers are spoiled: thousands by hand."""

mangled = st.builds(
    Mangling, st.sampled_from(KINDS), st.integers(0, SPREAD - 1), st.integers(0, len(OTHERS) * 7 - 1)
)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The stage, and the story as it goes undisturbed."""
    clock = Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    with GoogleSandbox(clock) as google, MicrosoftSandbox(clock) as microsoft:
        stage = OnBoth(google, microsoft, tmp_path_factory.mktemp("both"))
        yield stage, play(stage)
        stage.close()


@settings(max_examples=TRIED)
@given(
    st.sampled_from(sorted(STEPS)),
    st.sampled_from(("google", "outlook")),
    st.integers(0, SPREAD - 1),
    mangled,
    st.booleans(),
)
def test_an_answer_that_makes_no_sense_harms_nobody_and_heals(story, step, provider, place, mangling, keeps):
    stage, played = story
    undisturbed = played[step]
    undisturbed.restore()
    stage.keeps_open = keeps
    nth = 1 + place * undisturbed.requests[provider] // SPREAD
    note(f"{step}: answer {nth} of {provider}")
    told = spoil(stage.parts[provider].provider, mangling, nth)
    before = stage.theirs()

    failed = {account.name for account in stage.cycle().accounts if not account.ok}

    assert failed <= {{"google": "work", "outlook": "client"}[provider]}
    assert stage.theirs() == before
    stage.parts[provider].provider.faults.clear()
    found = run_on(stage, undisturbed.ends)
    assert stage.heard.bugs == []
    for part in stage.parts.values():
        assert part.provider.bugs == []
        assert part.provider.mailbox.sent_by_clients() == []
    assert blamed(found[-1]) <= blamed(undisturbed.ends[-1])
    if not any(told):
        wanted = undisturbed.ends[len(found) - 1]
        assert [*differences(wanted, found[-1])] == []


def spoil(provider, mangling, nth):
    """Has one answer spoiled. Fills the list that it gives: whether what came of it still tells something."""
    told = []

    def change(request, answer):
        told.append(mangling.tells(answer))
        return mangling(request, answer)

    provider.faults.mangle(change, nth=nth)
    return told


def blamed(seen):
    return {
        change["one_on_one"]
        for change in seen["ledger"]
        if change["kind"] == "cancelled" and change["by"] == "them"
    }
