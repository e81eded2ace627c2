"""A Google and an Outlook account at once: one meeting on both is one 1:1, and neither holds the other up."""

from __future__ import annotations

import pytest

from tests.world import at


@pytest.fixture
def weekly(both):
    """One series on both calendars, on record: its ids there."""
    ids = both.everywhere("1:1 Alex / Dana", at(3), weekly=True)
    both.cycle()
    both.wait(minutes=1)
    return ids


def move_at_google(both, ids):
    both.dana.move_series(ids[0], at(4, 15))


def move_at_outlook(both, ids):
    both.outlook_dana.move_series(ids[1], at(4, 15))


def split_at_google(both, ids):
    both.dana.move_following(both.dana.instances(ids[0])[1], at(12, 15))


def split_at_outlook(both, ids):
    both.outlook_dana.move_following(both.outlook_dana.instances(ids[1])[1], at(12, 15))


@pytest.mark.parametrize(
    "acts", [(move_at_google, move_at_outlook), (move_at_outlook, move_at_google)], ids=["google", "outlook"]
)
def test_a_series_moved_on_one_calendar_a_little_before_the_other_is_one_move(both, weekly, acts):
    for act in acts:
        act(both, weekly)
        both.wait(minutes=1)
    both.wait(days=1)
    assert both.told()[9:] == ["series moved by them 03.11. 10:00 -> 04.11. 15:00"]
    assert both.slot_times() == ["04.11. 14:50-15:00 work", "11.11. 14:50-15:00 work"]
    assert both.linked() == ["04.11. 15:00 work"]
    assert len(both.state.shadows) == 9


@pytest.mark.parametrize(
    "acts",
    [(split_at_google, split_at_outlook), (split_at_outlook, split_at_google)],
    ids=["google", "outlook"],
)
def test_a_series_split_on_one_calendar_a_little_before_the_other_is_one_move(both, weekly, acts):
    for act in acts:
        act(both, weekly)
        both.wait(minutes=1)
    assert both.told()[9:] == ["series moved by them 10.11. 10:00 -> 12.11. 15:00"]
    assert both.slot_times() == ["03.11. 09:50-10:00 work", "12.11. 14:50-15:00 work"]
