"""What people do to 1:1s, and what the ledger says of it."""

from __future__ import annotations

import pytest

from tests.e2e.at_work import at


def told(prepd):
    """The ledger's entries, without the first ones, as kind, how, scope and by whom."""
    return [(c["kind"], c["how"], c["scope"], c["by"]) for c in prepd.history()]


def stamp(text: str) -> str:
    return at(text).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_move_by_the_organizer_is_theirs_and_everything_follows(at_rest, dana):
    dana.move(at_rest.meeting("11-03 10:00"), at("11-05 15:00"))
    at_rest.settle()
    (change,) = at_rest.history()
    assert told(at_rest) == [("rescheduled", "moved", "occurrence", "them")]
    assert change["from"]["start"] == stamp("11-03 10:00")
    assert change["to"]["start"] == stamp("11-05 15:00")
    assert 25 * 60 < change["notice_minutes"] <= 26 * 60
    assert at_rest.slots() == ["11-05 14:50", "11-10 09:50"]
    assert at_rest.links() == ["11-05 15:00"]
    assert "Thu 5 Nov 2026, 15:00" in at_rest.google.documents()[0].text


def test_a_move_past_the_next_one_gives_that_one_the_page(at_rest, dana):
    dana.move(at_rest.meeting("11-03 10:00"), at("11-11 15:00"))
    at_rest.settle()
    assert at_rest.links() == ["11-10 10:00"]
    assert at_rest.slots() == ["11-10 09:50", "11-11 14:50"]
    (doc,) = at_rest.google.documents()
    assert doc.text.count("How are we?") == 1


def test_a_cancellation_by_the_organizer_is_theirs_and_the_page_becomes_the_next_ones(at_rest, dana):
    at_rest.google.documents()[0].append("Ask about Berlin", under="Progress")
    dana.cancel(at_rest.meeting("11-03 10:00"))
    at_rest.settle()
    assert told(at_rest) == [("cancelled", None, "occurrence", "them")]
    assert at_rest.history()[0]["to"] is None
    assert at_rest.slots() == ["11-10 09:50"]
    assert at_rest.links() == ["11-10 10:00"]
    (doc,) = at_rest.google.documents()
    assert "Ask about Berlin" in doc.section("Tue 10 Nov 2026")


def test_a_1_1_that_alex_organizes_and_cancels_was_cancelled_by_me(prepd, alex, sam):
    one = alex.schedule("Sam <> Alex", at("11-04 14:00"), guests=[sam])
    prepd.settle()
    alex.cancel(one)
    prepd.settle()
    assert told(prepd) == [("cancelled", None, "occurrence", "me")]
    assert prepd.slots() == []


def test_a_decline_of_alex_is_mine_and_takes_the_slot_away(at_rest, alex):
    alex.respond(at_rest.meeting("11-03 10:00"), "declined")
    at_rest.settle()
    assert told(at_rest) == [("declined", None, "occurrence", "me")]
    assert at_rest.slots() == ["11-10 09:50"]
    assert [e["response"] for e in at_rest.agenda()] == ["declined", "accepted"]
    alex.respond(at_rest.meeting("11-03 10:00"), "accepted")
    at_rest.settle()
    assert told(at_rest)[1:] == [("reinstated", None, "occurrence", "me")]
    assert at_rest.slots() == ["11-03 09:50", "11-10 09:50"]


def test_a_decline_of_the_guest_is_theirs_and_the_slot_stays(prepd, alex, sam):
    one = alex.schedule("Sam <> Alex", at("11-04 14:00"), guests=[sam])
    prepd.settle()
    sam.respond(one, "declined")
    prepd.settle()
    assert told(prepd) == [("declined", None, "occurrence", "them")]
    assert prepd.slots() == ["11-04 13:50"]


def test_cancelled_and_booked_again_is_rebooked_and_corrects_the_cancellation(at_rest, dana, alex):
    dana.cancel(at_rest.meeting("11-03 10:00"))
    at_rest.settle()
    dana.schedule("Catching up", at("11-05 11:00"), guests=[alex])
    at_rest.settle()
    cancelled, rebooked = at_rest.history()
    assert (rebooked["kind"], rebooked["how"], rebooked["by"]) == ("rescheduled", "rebooked", "them")
    assert rebooked["corrects"] == cancelled["id"]
    assert rebooked["to"]["start"] == stamp("11-05 11:00")
    assert at_rest.slots() == ["11-05 10:50", "11-10 09:50"]
    assert at_rest.links() == ["11-05 11:00"]


def test_cancelled_and_booked_again_within_one_cycle_is_one_entry(at_rest, dana, alex):
    dana.cancel(at_rest.meeting("11-03 10:00"))
    dana.schedule("1:1", at("11-05 11:00"), guests=[alex])
    at_rest.settle()
    assert told(at_rest) == [("rescheduled", "rebooked", "occurrence", "them")]


def test_a_coffee_is_no_1_1_and_explain_says_why(at_rest, sam, alex):
    sam.schedule("Coffee?", at("11-05 16:00"), guests=[alex])
    at_rest.settle()
    assert told(at_rest) == []
    (event,) = at_rest.ask("explain", "coffee")["events"]
    assert event["one_on_one"] is False
    assert "title does not say 1:1" in event["reason"]
    assert at_rest("explain", "no such thing").code == 1


def test_a_third_person_makes_it_no_1_1_any_more(at_rest, dana, sam):
    dana.invite(at_rest.meeting("11-03 10:00"), sam)
    at_rest.settle()
    # Dana organizes it, but guests may invite others, so that it could have been Alex.
    assert told(at_rest) == [("no_longer_one_on_one", None, "occurrence", "unknown")]
    assert at_rest.slots() == ["11-10 09:50"]
    assert at_rest.links() == ["11-10 10:00"]


def test_the_end_of_a_series_is_one_entry(at_rest, dana):
    dana.end_series(at_rest.meeting("11-10 10:00"))
    at_rest.settle()
    assert told(at_rest) == [("series_ended", None, "series", "them")]
    assert at_rest.history()[0]["from"]["start"] == stamp("11-10 10:00")
    assert at_rest.slots() == ["11-03 09:50"]


def test_a_series_cancelled_as_a_whole_is_one_entry(at_rest, dana, weekly):
    dana.cancel_series(weekly)
    at_rest.settle()
    assert [t[0] for t in told(at_rest)] == ["series_ended"]
    assert at_rest.slots() == []


def test_this_and_following_at_another_time_is_one_move_of_the_series(at_rest, dana):
    dana.move_following(at_rest.meeting("11-10 10:00"), at("11-11 15:00"))
    at_rest.settle()
    assert told(at_rest) == [("rescheduled", "moved", "series", "them")]
    change = at_rest.history()[0]
    assert (change["from"]["start"], change["to"]["start"]) == (stamp("11-10 10:00"), stamp("11-11 15:00"))
    assert at_rest.slots() == ["11-03 09:50", "11-11 14:50"]
    assert at_rest.links() == ["11-03 10:00"]


def test_a_whole_series_moved_is_one_move_of_the_series(at_rest, dana, weekly):
    dana.move_series(weekly, at("11-04 15:00"))
    at_rest.settle()
    assert told(at_rest) == [("rescheduled", "moved", "series", "them")]
    assert at_rest.slots() == ["11-04 14:50", "11-11 14:50"]
    assert at_rest.links() == ["11-04 15:00"]


def test_a_1_1_taken_off_the_calendar_afterwards_was_held(at_rest, dana):
    meeting = at_rest.meeting("11-03 10:00")
    at_rest.google.clock.set(at("11-03 11:00"))
    at_rest.settle()
    dana.cancel(meeting)
    at_rest.settle()
    assert told(at_rest) == [("held", None, "occurrence", None)]


@pytest.mark.parametrize("details", ["kept", "bare"])
def test_without_a_trace_nobody_is_blamed(at_rest, dana, details):
    at_rest.google.settings.cancelled_details = details
    dana.cancel(at_rest.meeting("11-03 10:00"))
    at_rest.settle()
    assert told(at_rest) == [("cancelled", None, "occurrence", "them" if details == "kept" else "unknown")]


def test_the_users_word_overrules_the_ledger(at_rest):
    at_rest.google.clock.set(at("11-03 11:00"))
    at_rest.settle()
    (held,) = at_rest.history()
    marked = at_rest.ask("mark", held["id"], "no-show")["changes"][0]
    assert (marked["kind"], marked["corrects"]) == ("no_show", held["id"])
    at_rest.settle()
    assert [t[0] for t in told(at_rest)] == ["held", "no_show"]
    assert at_rest("mark", "zzzz", "held").code == 1


def test_an_hour_lost_or_won_by_the_clocks_is_no_move(prepd, dana, alex):
    prepd.google.clock.set(at("10-19 08:00"))
    dana.schedule("1:1", at("10-20 09:00").astimezone(dana.time_zone), guests=[alex], weekly=True)
    prepd.settle()
    assert prepd.slots()[:2] == ["10-20 08:50", "10-27 09:50"]
    prepd.google.clock.set(at("10-26 08:00"))
    prepd.settle()
    assert told(prepd) == [("held", None, "occurrence", None)]
    assert prepd.slots()[-2:] == ["10-27 09:50", "11-03 09:50"]
