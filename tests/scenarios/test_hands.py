"""Whose hand it was: what users and organizers do to what prepd made."""

from __future__ import annotations

from tests.world import at


def test_a_one_on_one_that_was_cancelled_and_comes_back_gets_its_link_again(world):
    world.google.settings.deleted_can_be_revived = True
    series = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    first = world.dana.instances(series)[0]
    world.dana.cancel(first)
    world.wait(minutes=1)
    world.dana.change(first, status="confirmed")
    world.wait(minutes=1)
    world.wait(minutes=1)
    assert world.told("reinstated") == ["reinstated by them 03.11. 10:00"]
    assert world.linked() == ["03.11. 10:00"]


def test_a_link_that_the_user_took_off_stays_away_also_after_the_one_on_one_was_cancelled_and_came_back(
    world,
):
    world.google.settings.deleted_can_be_revived = True
    series = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    first = world.dana.instances(series)[0]
    world.alex.detach(first)
    world.wait(minutes=1)
    world.dana.cancel(first)
    world.wait(minutes=1)
    world.dana.change(first, status="confirmed")
    world.wait(minutes=1)
    world.wait(minutes=1)
    assert world.linked() == []


def test_a_slot_does_not_stay_behind_when_its_one_on_one_is_dragged_into_the_past(world):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    assert world.slot_times() == ["03.11. 09:50-10:00"]
    world.dana.move(meeting, at(1))
    world.wait(minutes=1)
    assert world.slot_times() == []


def test_a_slot_that_the_user_made_an_all_day_event_is_placed_anew(world):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    (slot,) = world.slots()
    days = {"start": {"date": "2026-11-03"}, "end": {"date": "2026-11-04"}}
    whole = {name: {**value, "dateTime": None, "timeZone": None} for name, value in days.items()}
    world.alex.change(slot["id"], **whole)
    result = world.wait(minutes=1)
    assert result.accounts[0].ok
    assert world.slot_times() == ["03.11. 09:50-10:00"]


def test_a_slot_that_was_deleted_while_nothing_could_be_asked_is_known_to_be_deleted_later(world):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    world.alex.delete(world.slots()[0]["id"])
    world.google.faults.status(503, path="*/events/*", times=9)
    world.wait(minutes=1)
    world.google.faults.clear()
    world.wait(minutes=1)
    assert world.live_slots() == []
    world.dana.move(meeting, at(4))
    assert world.wait(minutes=1).accounts[0].ok
    assert world.slot_times() == []
