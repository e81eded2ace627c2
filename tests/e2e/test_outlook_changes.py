"""What people do to 1:1s in Outlook, and what the ledger says of it."""

from __future__ import annotations

import pytest

from tests.e2e.at_work import at

CANCELLED_BY_THEM = ("cancelled", None, "occurrence", "them")


def stamp(text: str) -> str:
    return at(text).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_move_by_the_organizer_is_theirs_and_everything_follows(settled, noor):
    noor.move(settled.meeting("11-03 10:00"), at("11-05 15:00"))
    settled.settle()
    assert settled.told() == [("rescheduled", "moved", "occurrence", "them")]
    (change,) = settled.history()
    assert (change["from"]["start"], change["to"]["start"]) == (stamp("11-03 10:00"), stamp("11-05 15:00"))
    assert settled.slots() == ["11-05 14:50", "11-10 09:50"]
    assert settled.links() == ["11-05 15:00"]
    (page,) = settled.microsoft.documents()
    assert page.title.startswith("Thu 5 Nov 2026, 15.00")


def test_a_cancellation_by_the_organizer_is_theirs_and_the_page_becomes_the_next_ones(settled, noor):
    settled.microsoft.documents()[0].append("Ask about Berlin", under="Progress")
    noor.cancel(settled.meeting("11-03 10:00"))
    settled.settle()
    assert settled.told() == [CANCELLED_BY_THEM]
    assert settled.slots() == ["11-10 09:50"]
    assert settled.links() == ["11-10 10:00"]
    (page,) = settled.microsoft.documents()
    assert page.title.startswith("Tue 10 Nov 2026, 10.00")
    assert "Ask about Berlin" in page.text


def test_a_copy_that_alex_cleared_away_after_the_cancellation_is_no_second_one(settled, noor, alex_there):
    cancelled = settled.meeting("11-03 10:00")
    noor.cancel(cancelled)
    settled.settle()
    alex_there.delete(cancelled)
    settled.microsoft.expire_sync_tokens()
    settled.settle()
    assert settled.told() == [CANCELLED_BY_THEM]


def test_a_1_1_that_alex_organizes_and_cancels_was_cancelled_by_me(outlook, alex_there, pat):
    one = alex_there.schedule("Pat <> Alex", at("11-04 14:00"), guests=[pat])
    outlook.settle()
    alex_there.cancel(one)
    outlook.settle()
    assert outlook.told() == [("cancelled", None, "occurrence", "me")]
    assert outlook.slots() == []


def test_an_occurrence_of_alexs_own_series_is_missed_within_a_day(outlook, alex_there, pat):
    alex_there.schedule("Pat <> Alex", at("11-04 14:00"), guests=[pat], weekly=True)
    outlook.settle()
    alex_there.cancel(outlook.meeting("11-11 14:00"))
    outlook.clock.advance(days=1)
    outlook.settle()
    assert outlook.told() == [("cancelled", None, "occurrence", "me")]
    assert outlook.slots() == ["11-04 13:50"]


@pytest.mark.parametrize("stays", [False, True])
def test_a_decline_of_alex_is_mine_and_takes_the_slot_away(outlook, alex_there, pat, stays):
    outlook.microsoft.settings.declined_stays = stays
    one = pat.schedule("1:1", at("11-04 14:00"), guests=[alex_there])
    outlook.settle()
    alex_there.respond(one, "declined")
    outlook.settle()
    outlook.microsoft.expire_sync_tokens()
    outlook.settle()
    assert outlook.told() == [("declined", None, "occurrence", "me")]
    assert outlook.slots() == []


def test_a_declined_occurrence_leaves_no_trace_in_outlook_and_nobody_is_blamed(settled, alex_there):
    alex_there.respond(settled.meeting("11-03 10:00"), "declined")
    settled.clock.advance(days=1)
    settled.settle()
    assert settled.told() == [("cancelled", None, "occurrence", "unknown")]
    assert settled.slots() == ["11-10 09:50"]


def test_a_decline_of_the_guest_is_theirs_and_the_slot_stays(outlook, alex_there, pat):
    one = alex_there.schedule("Pat <> Alex", at("11-04 14:00"), guests=[pat])
    outlook.settle()
    pat.respond(one, "declined")
    outlook.settle()
    assert outlook.told() == [("declined", None, "occurrence", "them")]
    assert outlook.slots() == ["11-04 13:50"]


def test_an_invite_that_alex_throws_away_unanswered_is_nobodys_fault(outlook, alex_there, pat):
    one = pat.schedule("1:1", at("11-04 14:00"), guests=[alex_there])
    outlook.settle()
    alex_there.delete(one)
    outlook.settle()
    assert outlook.told() == [("cancelled", None, "occurrence", "unknown")]


def test_cancelled_and_booked_again_is_rebooked_and_corrects_the_cancellation(settled, noor, alex_there):
    noor.cancel(settled.meeting("11-03 10:00"))
    settled.settle()
    noor.schedule("Catching up", at("11-05 11:00"), guests=[alex_there])
    settled.settle()
    cancelled, rebooked = settled.history()
    assert (rebooked["kind"], rebooked["how"], rebooked["by"]) == ("rescheduled", "rebooked", "them")
    assert rebooked["corrects"] == cancelled["id"]
    assert settled.slots() == ["11-05 10:50", "11-10 09:50"]
    assert settled.links() == ["11-05 11:00"]


def test_a_third_person_makes_it_no_1_1_any_more(settled, noor, pat):
    noor.invite(settled.meeting("11-03 10:00"), pat)
    settled.settle()
    # Noor organizes it, but Alex may have forwarded the invite.
    assert settled.told() == [("no_longer_one_on_one", None, "occurrence", "unknown")]
    assert settled.slots() == ["11-10 09:50"]
    assert settled.links() == ["11-10 10:00"]


def test_the_end_of_a_series_is_one_entry(settled, noor):
    noor.end_series(settled.meeting("11-10 10:00"))
    settled.settle()
    # Its dates are gone without a trace.
    assert settled.told() == [("series_ended", None, "series", "unknown")]
    assert settled.history()[0]["from"]["start"] == stamp("11-10 10:00")
    assert settled.slots() == ["11-03 09:50"]


@pytest.mark.parametrize("told", ["all", "master", "occurrences"])
def test_a_series_cancelled_as_a_whole_is_one_entry(settled, noor, weekly_there, told):
    settled.microsoft.settings.deleted_series = told
    noor.cancel_series(weekly_there)
    settled.settle()
    assert settled.told() == [("series_ended", None, "series", "them")]
    assert settled.slots() == []


def test_this_and_following_at_another_time_is_one_move_of_the_series(settled, noor):
    noor.move_following(settled.meeting("11-10 10:00"), at("11-11 15:00"))
    settled.settle()
    assert settled.told() == [("rescheduled", "moved", "series", "them")]
    (change,) = settled.history()
    assert (change["from"]["start"], change["to"]["start"]) == (stamp("11-10 10:00"), stamp("11-11 15:00"))
    assert settled.slots() == ["11-03 09:50", "11-11 14:50"]
    assert settled.links() == ["11-03 10:00"]


def test_a_whole_series_moved_is_one_move_of_the_series(settled, noor, weekly_there):
    noor.move_series(weekly_there, at("11-04 15:00"))
    settled.settle()
    assert settled.told() == [("rescheduled", "moved", "series", "them")]
    assert settled.slots() == ["11-04 14:50", "11-11 14:50"]
    assert settled.links() == ["11-04 15:00"]


def test_a_coffee_is_no_1_1_and_explain_says_why(settled, pat, alex_there):
    pat.schedule("Coffee?", at("11-05 16:00"), guests=[alex_there])
    settled.settle()
    assert settled.told() == []
    (event,) = settled.ask("explain", "coffee")["events"]
    assert event["one_on_one"] is False
    assert "title does not say 1:1" in event["reason"]
