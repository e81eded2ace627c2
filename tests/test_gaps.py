"""Which gaps a cycle ends: an account that was not read, prepd that was not running."""

from __future__ import annotations

import pytest

from daemon.core.model import Gap
from daemon.gaps import closed_gaps
from daemon.store.heartbeat import AccountPulse, Heartbeat
from daemon.store.state import CalendarState, State
from tests.build import DAY, HOUR, MINUTE, NOW


def failing(since, last_success=None, error="It failed."):
    pulse = AccountPulse(last_success, error, None, since)
    return Heartbeat(at=NOW - MINUTE, accounts={"work": pulse})


def ended(beat, served=("work",), state=None):
    return closed_gaps(beat, served, state or State(), NOW)


def read(at):
    return State(calendars={"work/primary": CalendarState("work", "primary", "t", at, at)})


def test_an_account_that_was_not_read_for_over_an_hour_has_a_gap_from_its_last_success():
    beat = failing(NOW - 2 * HOUR, last_success=NOW - 3 * HOUR)
    assert ended(beat) == [Gap("work", NOW - 3 * HOUR, NOW, "It failed.")]


def test_one_that_was_never_read_has_it_from_its_first_failure():
    assert ended(failing(NOW - 2 * HOUR)) == [Gap("work", NOW - 2 * HOUR, NOW, "It failed.")]


def test_an_hour_is_no_gap():
    assert ended(failing(NOW - HOUR)) == []
    assert len(ended(failing(NOW - HOUR - MINUTE))) == 1


def test_an_account_that_is_not_served_yet_ends_no_gap():
    assert ended(failing(NOW - 2 * HOUR), served=("client",)) == []


def test_an_account_that_could_be_read_all_along_has_none_though_writing_failed():
    assert ended(failing(NOW - DAY, last_success=NOW - MINUTE)) == []


def test_an_account_that_is_well_has_none():
    beat = Heartbeat(at=NOW - MINUTE, accounts={"work": AccountPulse(NOW - 5 * HOUR)})
    assert ended(beat) == []


def test_a_gap_that_is_on_record_is_not_recorded_again():
    known = State(gaps=(Gap("work", NOW - 2 * HOUR, NOW - HOUR, "why"),))
    assert ended(failing(NOW - 2 * HOUR), state=known) == []
    other = State(gaps=(Gap("client", NOW - 2 * HOUR, NOW - HOUR, "why"),))
    assert len(ended(failing(NOW - 2 * HOUR), state=other)) == 1


@pytest.mark.parametrize(("away", "gaps"), [(DAY, 0), (DAY + MINUTE, 1)])
def test_prepd_that_did_not_run_for_over_a_day_has_a_gap_of_no_account(away, gaps):
    told = [Gap(None, NOW - away, NOW, "not running")]
    assert ended(Heartbeat(at=NOW - away)) == told * gaps


def test_before_the_first_cycle_nothing_was_running():
    assert ended(Heartbeat(), state=read(NOW - 9 * DAY)) == []


def test_the_last_time_that_it_ran_is_that_of_the_heartbeat_or_of_a_commit_after_it():
    beat = Heartbeat(at=NOW - 9 * DAY)
    assert [gap.start for gap in ended(beat, state=read(NOW - 2 * DAY))] == [NOW - 2 * DAY]
    assert ended(Heartbeat(at=NOW - HOUR), state=read(NOW - 2 * DAY)) == []


def test_a_read_that_a_wrong_clock_put_into_the_future_is_not_when_it_ran_last():
    assert len(ended(Heartbeat(at=NOW - 2 * DAY), state=read(NOW + DAY))) == 1
