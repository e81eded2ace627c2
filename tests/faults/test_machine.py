"""What else a machine and its user do at the worst moment: two processes at once, a clock that jumps, a hand on what
was just made, an answer that is wrong.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daemon.core.artefacts import SlotState
from daemon.store.store import Store
from tests.faults.conftest import PROVIDERS
from tests.faults.processes import KILLED, Processes
from tests.faults.stories import STORY
from tests.world import at

on_both = pytest.mark.parametrize("stage", PROVIDERS, indirect=True)


def play(stage, until):
    """The story up to a step, whose people have acted."""
    for step in STORY:
        step.act(stage)
        if step.name == until:
            return
        assert stage.prepd(*step.words).code == 0


def rest(stage, *minutes):
    for passed in minutes or (1, 6):
        stage.clock.advance(minutes=passed)
        ended = stage.prepd("sync")
    return ended


def slots(stage):
    return [e for e in stage.alex.events() if stage.is_ours(e)]


def live(stage):
    return [s for s in Store(stage.state).state().artefacts.slots.values() if s.state is SlotState.LIVE]


@on_both
@pytest.mark.parametrize("step", ["first sync", "moves"])
def test_two_processes_at_once_do_what_one_would_have_done(stage, step, tmp_path):
    play(stage, step)
    restore = stage.save()
    assert [stage.prepd("sync").code, stage.prepd("sync").code] == [0, 0]
    rest(stage)
    wanted = stage.seen()
    restore()
    with Processes(stage.provider.ca_path, tmp_path / "other") as others:
        first = stage.processes.start(stage.words("sync"), stage.clock.now())
        second = others.start(stage.words("sync"), stage.clock.now())
        assert (first().code, second().code) == (0, 0)
    rest(stage)
    assert stage.seen() == wanted


@on_both
def test_a_clock_set_back_stops_prepd_and_nothing_is_lost_when_it_is_right_again(stage):
    play(stage, "held, next page")
    restore = stage.save()
    stage.prepd("sync")
    rest(stage, 10)
    wanted = stage.seen()
    restore()
    stage.prepd("sync")
    before, now = stage.seen(), stage.clock.now()
    stage.clock.set(now - timedelta(days=2))
    assert stage.prepd("sync").code == 1
    stage.clock.set(now)
    assert stage.seen() == before
    rest(stage, 10)
    assert stage.seen() == wanted


@on_both
def test_a_slot_that_the_user_wrote_in_before_prepd_had_it_on_record_stays_as_they_left_it(stage):
    play(stage, "first sync")
    restore = stage.save()
    requests = stage.prepd("sync").requests
    made = 0
    for place in range(requests - 8, requests + 1):
        restore()
        assert stage.prepd("sync", die=["request", place, "after"]).code == KILLED
        there = [e for e in slots(stage) if "11-03" in stage.start(e)]
        if not there:
            continue
        made += 1
        stage.clock.advance(minutes=5)
        stage.write(there[0]["id"], "My own notes")
        rest(stage)
        stage.dana.move(stage.at("11-03 10:00"), at(3, 11, 30))
        rest(stage)
        (slot,) = [e for e in slots(stage) if "11-03" in stage.start(e)]
        assert stage.start(slot) == "11-03 11:20"
        assert "My own notes" in stage.text(slot["id"])
    assert made


@on_both
@pytest.mark.parametrize("status", [404, 410])
def test_a_slot_said_to_be_gone_that_is_not_goes_with_the_next_full_read(stage, status):
    play(stage, "cancelled, rebooked")
    stage.provider.faults.status(status, method="DELETE", times=9)
    stage.prepd("sync")
    stage.provider.faults.clear()
    assert {stage.start(e) for e in slots(stage)} > {"11-05 15:50", "11-10 09:50"}, "nothing went"
    rest(stage)
    stage.clock.advance(days=1)
    rest(stage)
    assert {stage.start(e) for e in slots(stage)} == {stage.local(s.start) for s in live(stage)}
    assert rest(stage, 1, 1).requests == 1
