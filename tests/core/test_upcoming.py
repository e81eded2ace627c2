"""Which 1:1s are to come."""

import pytest

from daemon.core.model import State
from daemon.core.upcoming import upcoming
from tests.build import DAY, NOW, event, record


def coming(*records):
    return [r.event_id for r in upcoming(records, NOW, NOW + DAY)]


@pytest.mark.parametrize(
    ("start", "comes"),
    [("11-23 07:30", False), ("11-23 07:31", True), ("11-24 07:59", True), ("11-24 08:00", False)],
)
def test_what_ends_after_now_and_begins_in_time_is_to_come(start, comes):
    assert bool(coming(record(event(start)))) is comes


@pytest.mark.parametrize("state", State)
def test_what_stands_and_what_somebody_declined_is_to_come(state):
    expected = state in (State.STANDING, State.DECLINED)
    assert bool(coming(record(event("11-23 10:00"), state=state))) is expected


def test_they_come_by_start():
    assert coming(record(event("11-23 11:00", id="b")), record(event("11-23 10:00", id="a"))) == ["a", "b"]
