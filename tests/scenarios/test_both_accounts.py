"""A Google and an Outlook account at once: one meeting on both is one 1:1, and neither holds the other up."""

from __future__ import annotations

import pytest

from tests.outlook_world import BothWorld
from tests.world import at


@pytest.fixture(params=[False, True], ids=["google first", "outlook first"])
def either_order(google, microsoft, tmp_path, request):
    return BothWorld(google, microsoft, tmp_path, outlook_first=request.param)


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


@pytest.mark.parametrize("google_first", [True, False])
def test_a_series_moved_is_one_move_whichever_account_is_listed_first(either_order, google_first):
    both = either_order
    ids = both.everywhere("1:1 Alex / Dana", at(3), weekly=True)
    both.cycle()
    acts = [move_at_google, move_at_outlook]
    for act in acts if google_first else reversed(acts):
        act(both, ids)
        both.wait(minutes=1)
    both.wait(days=1)
    assert both.told()[9:] == ["series moved by them 03.11. 10:00 -> 04.11. 15:00"]


@pytest.mark.parametrize("google_first", [True, False])
def test_a_meeting_cancelled_on_both_calendars_is_cancelled_once(either_order, google_first):
    both = either_order
    there, here = both.everywhere("1:1 Alex / Dana", at(3), weekly=True)
    both.cycle()
    acts = [
        lambda: both.dana.cancel(both.dana.instances(there)[0]),
        lambda: both.outlook_dana.cancel(both.outlook_dana.instances(here)[0]),
    ]
    for act in acts if google_first else reversed(acts):
        act()
        both.wait(minutes=1)
    both.wait(days=1)
    assert both.told()[9:] == ["cancelled by them 03.11. 10:00"]


def test_what_both_calendars_show_as_cancelled_at_the_first_look_is_one_cancellation(either_order):
    both = either_order
    there, here = both.everywhere("1:1 Alex / Dana", at(5))
    both.dana.cancel(there)
    both.outlook_dana.cancel(here)
    both.cycle()
    both.wait(days=1)
    assert both.told() == ["cancelled by them 05.11. 10:00"]


def test_a_copy_that_is_cancelled_at_the_first_look_says_nothing_of_the_one_that_stands(either_order):
    both = either_order
    _there, here = both.everywhere("1:1 Alex / Dana", at(5))
    both.outlook_dana.cancel(here)
    both.cycle()
    both.wait(days=1)
    assert both.told() == ["scheduled 05.11. 10:00"]


def test_a_copy_that_was_deleted_on_one_calendar_is_no_cancellation_ever(either_order):
    both = either_order
    there, here = both.everywhere("1:1 Alex / Dana", at(5))
    both.cycle()
    both.alex.delete(there)
    both.wait(minutes=1)
    both.outlook_dana.move(here, at(6))
    both.wait(minutes=1)
    both.wait(days=1)
    assert both.told() == ["scheduled 05.11. 10:00", "moved by them 05.11. 10:00 -> 06.11. 10:00"]
    (slot,) = both.slot_times()
    assert slot.startswith("06.11. 09:50-10:00")
    assert both.linked() == ["06.11. 10:00 client"]


def test_what_is_taken_in_one_account_is_taken_for_the_slot_in_the_other(both):
    both.outlook_dana.schedule("1:1 Alex / Dana", at(5), guests=[both.outlook_alex])
    both.alex.schedule("Budget", at(5, 9, 30), minutes=30)
    both.cycle()
    assert both.slot_times() == ["05.11. 09:20-09:30 client"]
    both.alex.schedule("Rehearsal", at(5, 9, 20), minutes=10)
    both.wait(minutes=1)
    assert both.slot_times() == ["05.11. 09:10-09:20 client"]


def test_an_account_that_fails_keeps_the_other_from_nothing(both):
    both.everywhere("1:1 Alex / Dana", at(5))
    both.microsoft.faults.status(503, path="/v1.0/*", times=1000)
    result = both.cycle()
    assert [(a.name, a.read) for a in result.accounts] == [("work", True), ("client", False)]
    assert both.slot_times() == ["05.11. 09:50-10:00 work"]
    both.microsoft.faults.clear()
    both.wait(minutes=1)
    assert both.told() == ["scheduled 05.11. 10:00"]
    assert both.slot_times() == ["05.11. 09:50-10:00 work"]


def test_a_meeting_found_while_the_first_account_could_not_be_read_stays_that_of_the_other(both):
    both.everywhere("1:1 Alex / Dana", at(5))
    both.google.faults.status(503, times=1000)
    both.cycle()
    both.google.faults.clear()
    both.wait(minutes=1)
    assert both.told() == ["scheduled 05.11. 10:00"]
    assert both.slot_times() == ["05.11. 09:50-10:00 client"]
    assert both.linked() == ["05.11. 10:00 client"]
