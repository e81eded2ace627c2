"""Series that change as a whole."""

from __future__ import annotations

import pytest

from tests.world import at


@pytest.mark.parametrize("full", [False, True])
def test_a_one_on_one_that_repeats_from_now_on_stays_one_with_one_slot(world, full):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    world.dana.change(meeting, recurrence=["RRULE:FREQ=WEEKLY"])
    if full:
        world.google.expire_sync_tokens()
    world.wait(minutes=1)
    world.wait(minutes=1)
    assert world.slot_times() == ["03.11. 09:50-10:00", "10.11. 09:50-10:00"]
    assert world.linked() == ["03.11. 10:00"]
    assert world.headings() == ["Tue 3 Nov 2026, 10:00"]
    assert world.told().count("scheduled 03.11. 10:00") == 1
    world.wait(days=2)
    assert world.told("held") == ["held 03.11. 10:00"]


@pytest.mark.parametrize("full", [False, True])
def test_a_one_on_one_that_is_moved_as_it_becomes_a_series_is_moved(world, full):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    world.dana.change(meeting, recurrence=["RRULE:FREQ=WEEKLY"])
    world.dana.move_series(meeting, at(4, 15))
    if full:
        world.google.expire_sync_tokens()
    world.wait(minutes=1)
    assert world.told("rescheduled") == ["moved by them 03.11. 10:00 -> 04.11. 15:00"]
    assert world.slot_times() == ["04.11. 14:50-15:00", "11.11. 14:50-15:00"]


@pytest.mark.parametrize("full", [False, True])
def test_a_series_that_no_longer_repeats_keeps_its_first_date(world, full):
    world.configure("[prep_doc]\nenabled = false")
    series = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    world.dana.change(series, recurrence=None)
    if full:
        world.google.expire_sync_tokens()
    world.wait(minutes=1)
    world.wait(hours=25)
    assert world.told("series") == ["series_ended by unknown 10.11. 10:00"]
    assert world.told().count("scheduled 03.11. 10:00") == 1
    assert world.slot_times() == ["03.11. 09:50-10:00"]
    assert len(world.told("cancelled")) == 0
