"""The life of a 1:1 on Outlook, with each answer that Microsoft may give where its behaviour is not known."""

from __future__ import annotations

import pytest

from tests.world import at

SWITCHES = [
    {"masters_in_delta": False, "deleted_series": "master", "html": "renamed"},
    {"exception_id": "new", "delta_repeats": True, "occurrence_ical_uid": "same"},
    {"exception_id": "new", "exception_resends_series": False, "ids_of_either_kind": False},
    {"deleted_occurrence": "removed", "deleted_series": "occurrences", "html": "kept", "if_match": "ignored"},
    {"deleted_occurrence": "series_resent", "update_replaces_body": False, "deleted_items_readable": False},
    {"page_size": 2, "empty_pages": 1, "false_removed": False, "repeated_transaction": "conflict"},
    {"declined_stays": True, "responses_reset": False, "cancelled_subject_prefix": "Abgesagt: "},
    {"delta_lag": 1},
]


@pytest.fixture(params=SWITCHES, ids=", ".join)
def any_outlook(outlook, request):
    for name, value in request.param.items():
        setattr(outlook.microsoft.settings, name, value)
    return outlook


def begin(world):
    series = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    settle(world)
    return series


def settle(world, cycles=2):
    for _ in range(cycles):
        world.wait(minutes=1)


def assert_idle(world):
    """The second of two cycles in which nothing happens asks once, and leaves the ledger as it is."""
    settle(world, 3)
    file = world.state_folder / "prepd.json"
    before, asked = file.read_bytes(), len(world.microsoft.requests)
    assert world.wait(minutes=1).actions == ()
    assert len(world.microsoft.requests) - asked == 1 + world.microsoft.settings.empty_pages
    assert file.read_bytes() == before


def test_moved_cancelled_and_booked_again(any_outlook):
    world = any_outlook
    series = begin(world)
    world.dana.move(world.dana.instances(series)[1], at(11, 14))
    settle(world)
    world.dana.cancel(world.dana.instances(series)[0])
    settle(world)
    world.dana.schedule("Catch up", at(4, 13), guests=[world.alex])
    settle(world)
    assert world.told("rescheduled") == [
        "moved by them 10.11. 10:00 -> 11.11. 14:00",
        "rebooked by them 03.11. 10:00 -> 04.11. 13:00",
    ]
    assert world.told("cancelled") == ["cancelled by them 03.11. 10:00"]
    assert world.slot_times() == ["04.11. 12:50-13:00", "11.11. 13:50-14:00"]
    assert [start for start in world.linked("") if start != "03.11. 10:00"] == ["04.11. 13:00"]
    assert world.files() == ["Wed 4 Nov 2026, 13.00 – 1-1 Alex – Dana.docx"]
    assert_idle(world)
    world.wait(days=1)
    assert world.told()[13:] == []


def test_a_third_person_comes_and_goes(any_outlook):
    world = any_outlook
    series = begin(world)
    sam = world.microsoft.account("sam@example.com")
    world.dana.invite(world.dana.instances(series)[0], sam)
    settle(world)
    assert world.slot_times() == ["10.11. 09:50-10:00"]
    world.dana.uninvite(world.dana.instances(series)[0], sam)
    settle(world, 3)
    assert world.told()[9:] == [
        "no_longer_one_on_one by unknown 03.11. 10:00",
        "reinstated by them 03.11. 10:00",
    ]
    assert world.slot_times() == ["03.11. 09:50-10:00", "10.11. 09:50-10:00"]
    assert world.linked() == ["03.11. 10:00"]


def test_a_series_is_moved_and_later_cancelled(any_outlook):
    world = any_outlook
    series = begin(world)
    world.dana.move_series(series, at(4, 15))
    settle(world)
    assert world.slot_times() == ["04.11. 14:50-15:00", "11.11. 14:50-15:00"]
    world.dana.cancel_series(series)
    settle(world)
    world.wait(days=1)
    assert world.told()[9:] == [
        "series moved by them 03.11. 10:00 -> 04.11. 15:00",
        "series_ended by them 04.11. 15:00",
    ]
    assert world.slot_times() == []


def test_the_users_own_hand_on_slots_wins(outlook):
    world = outlook
    series = begin(world)
    first, second = world.slots()
    world.alex.delete(first["id"])
    world.alex.move(second["id"], at(10, 9))
    settle(world)
    assert world.slot_times() == ["10.11. 09:00-09:10"]
    world.dana.move(world.dana.instances(series)[0], at(3, 12))
    settle(world)
    world.wait(days=1)
    assert world.slot_times() == ["10.11. 09:00-09:10"]


def test_a_single_date_that_the_user_takes_out_of_their_own_series_is_theirs_within_a_day(outlook):
    series = outlook.alex.schedule("1:1 Alex / Dana", at(5), guests=[outlook.dana], weekly=True)
    outlook.cycle()
    outlook.alex.cancel(outlook.alex.instances(series)[0])
    outlook.wait(minutes=1)
    outlook.wait(days=1)
    assert outlook.told("cancelled") == ["cancelled by me 05.11. 10:00"]
    assert outlook.slot_times() == ["12.11. 09:50-10:00"]


def test_three_weeks_offline_with_a_token_that_expired(outlook):
    world = outlook
    series = begin(world)
    world.dana.move(world.dana.instances(series)[1], at(11, 14))
    world.microsoft.expire_sync_tokens()
    world.wait(days=21)
    settle(world)
    assert world.told("rescheduled") == ["moved by them 10.11. 10:00 -> 11.11. 14:00"]
    assert len(world.told("held")) == 3
    assert world.told("cancelled") == []
