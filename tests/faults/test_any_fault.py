"""Whatever goes wrong at whichever request or operation on a file: after the next cycles all is as if nothing had.

Every request of the story is disturbed here, in one way each, and a part of the operations on files. `make reliability`
(PREPD_FAULTS=all) tries everything everywhere; `docs/reliability.md` has its numbers.
"""

from __future__ import annotations

import os

import pytest

from tests.faults.conftest import PROVIDERS
from tests.faults.stories import STORY
from tests.faults.trials import FILE_FAULTS, REQUEST_FAULTS, Laboratory, On

ALL = os.environ.get("PREPD_FAULTS") == "all"
NAMES = [step.name for step in STORY]
PARTS = [[name] for name in NAMES] if ALL else [NAMES[:1], NAMES[1:4], NAMES[4:]]
_EVERY = 20
"""So many operations on files are passed over by the short run, for each that it disturbs."""


def in_turn(trial) -> bool:
    """One fault for each request, and for some operations on files: another one for the next."""
    turn = NAMES.index(trial.step) + trial.place
    if trial.on is On.STATE:
        return trial.place == 50
    if trial.on is On.FILE:
        return not turn % _EVERY and FILE_FAULTS.index(trial.fault) == turn // _EVERY % len(FILE_FAULTS)
    return REQUEST_FAULTS.index(trial.fault) == turn * 5 % len(REQUEST_FAULTS)


@pytest.mark.parametrize("stage", PROVIDERS, indirect=True)
@pytest.mark.parametrize("steps", PARTS, ids=lambda steps: steps[0])
def test_whatever_goes_wrong_the_end_is_the_same(stage, steps, record_property):
    laboratory = Laboratory(stage) if ALL else Laboratory(stage, in_turn)
    tally = laboratory.play(steps)
    record_property("faults", dict(tally.tried))
    record_property("differences", len(tally.differences))
    record_property("provider", type(stage).__name__)
    assert not tally.differences, "\n".join(tally.differences[:40])
    assert sum(tally.tried.values()) > 5
    assert "bug" not in (stage.folder / "log").read_text()


def test_each_fault_is_met_by_some_request_of_the_short_run():
    met = {REQUEST_FAULTS[turn * 5 % len(REQUEST_FAULTS)] for turn in range(len(REQUEST_FAULTS))}
    assert met == set(REQUEST_FAULTS)
