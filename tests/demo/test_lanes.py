"""Events of a day that overlap stand beside each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daemon.commands.demo.serve.lanes import lanes

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)


def spans(*minutes):
    return [(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end)) for start, end in minutes]


def test_what_follows_one_another_has_the_whole_width():
    assert lanes(spans((0, 30), (30, 60), (90, 120))) == [(1, 1), (1, 1), (1, 1)]


def test_what_overlaps_shares_the_width():
    assert lanes(spans((0, 60), (30, 90), (120, 150))) == [(1, 2), (2, 2), (1, 1)]


def test_a_lane_that_is_free_again_is_used_again():
    assert lanes(spans((0, 90), (0, 30), (30, 60))) == [(1, 2), (2, 2), (2, 2)]


def test_a_crowd_shares_the_last_lane():
    assert lanes(spans((0, 60), (0, 60), (0, 60), (0, 60), (50, 70))) == [
        (1, 3),
        (2, 3),
        (3, 3),
        (3, 3),
        (3, 3),
    ]


def test_a_day_without_events_has_no_lanes():
    assert lanes([]) == []
