"""A work Google and a client's Outlook of the same person: one agenda, one ledger, one report."""

from __future__ import annotations

import pytest

from tests.e2e.at_work import at


@pytest.fixture
def lived(both, weekly, weekly_there, noor, alex_there, microsoft):
    """Dana on Tuesdays at 10:00 in Google, Noor on Wednesdays at 10:00 in Outlook."""
    noor.move_series(weekly_there, at("11-04 10:00"))
    both.settle()
    return both


@pytest.fixture
def invited_twice(both, dana, alex, alex_there, microsoft):
    """One meeting: Dana invites Alex at both addresses, as each calendar shows it."""
    elsewhere = microsoft.account("dana@example.com", name="Dana Reyes")
    both.sync()
    here = dana.schedule("1:1 Alex / Dana", at("11-03 10:00"), guests=[alex, "alex@client.example"])
    there = elsewhere.schedule("1:1 Alex / Dana", at("11-03 10:00"), guests=[alex_there, "alex@example.com"])
    both.settle()
    return here, there, elsewhere


def shown(both):
    return [(e["account"], e["person"]["name"], e["start"][5:16]) for e in both.agenda()]


def ok(done):
    return {account["name"]: account["ok"] for account in done["accounts"]}


def test_there_is_one_agenda_one_ledger_and_one_report(lived, noor, dana):
    assert shown(lived)[:2] == [("work", "Dana", "11-03T10:00"), ("client", "Noor Haddad", "11-04T10:00")]
    assert (lived.work.slots()[0], lived.client.slots()[0]) == ("11-03 09:50", "11-04 09:50")
    assert (lived.work.links(), lived.client.links()) == (["11-03 10:00"], ["11-04 10:00"])
    assert len(lived.work.google.documents()) == len(lived.client.microsoft.documents()) == 1
    dana.cancel(lived.work.meeting("11-03 10:00"))
    noor.cancel(lived.client.meeting("11-04 10:00"))
    lived.settle()
    assert [(c["account"], c["kind"], c["by"]) for c in lived.history()] == [
        ("work", "cancelled", "them"),
        ("client", "cancelled", "them"),
    ]
    report = lived("report", "--format", "json").json
    assert [(p["person"]["name"], p["cancelled"]["them"]) for p in report["people"]] == [
        ("Dana", 1),
        ("Noor Haddad", 1),
    ]


def test_an_idle_sync_is_one_request_to_each_and_leaves_the_ledger_as_it_is(lived):
    before = lived.state.joinpath("prepd.json").read_bytes()
    for there in (lived.work.google, lived.client.microsoft):
        there.requests.clear()
    lived.sync()
    assert [len(there.requests) for there in (lived.work.google, lived.client.microsoft)] == [1, 1]
    assert lived.state.joinpath("prepd.json").read_bytes() == before


def test_a_slot_keeps_clear_of_the_other_calendars_meetings_both_ways(lived, alex, alex_there):
    alex_there.schedule("Client workshop", at("11-03 09:30"))
    alex.schedule("Design review", at("11-04 09:30"))
    lived.settle()
    assert lived.work.slots()[0] == "11-03 09:20"
    assert lived.client.slots()[0] == "11-04 09:20"
    assert "the latest free stretch" in lived.ask("explain", "1:1 Alex / Dana")["events"][0]["slot_reason"]


def test_back_to_back_in_two_calendars_the_slots_overlap_neither_each_other_nor_the_meetings(
    lived, pat, alex_there
):
    pat.schedule("1:1", at("11-03 10:30"), guests=[alex_there])
    lived.settle()
    assert (lived.work.slots()[0], lived.client.slots()[0]) == ("11-03 09:50", "11-03 09:40")


def test_one_account_that_fails_keeps_the_other_from_nothing(lived, dana, noor, alex_there, sign_in_there):
    lived.client.microsoft.revoke(alex_there)
    dana.move(lived.work.meeting("11-03 10:00"), at("11-03 15:00"))
    noor.cancel(lived.client.meeting("11-04 10:00"))
    done = lived.sync(code=77)
    assert ok(done) == {"work": True, "client": False}
    assert [(c["account"], c["kind"]) for c in done["changes"]] == [("work", "rescheduled")]
    assert lived.work.slots()[0] == "11-03 14:50"
    assert "Noor Haddad" in [e["person"]["name"] for e in lived.agenda()]
    lived.clock.advance(hours=3)
    assert lived.sync(code=77)["changes"] == []
    sign_in_there(lived)
    assert [(c["account"], c["kind"], c["by"]) for c in lived.sync()["changes"]] == [
        ("client", "cancelled", "them")
    ]
    (gap,) = lived.ask("status")["gaps"]
    assert (gap["account"], gap["to"] is None) == ("client", False)


def test_the_taken_times_of_an_account_that_fails_still_count(lived, dana, alex_there):
    alex_there.schedule("Client workshop", at("11-05 09:30"))
    lived.settle()
    lived.client.microsoft.faults.status(503, path="*", times=500)
    dana.move(lived.work.meeting("11-03 10:00"), at("11-05 10:00"))
    assert ok(lived.sync(code=75)) == {"work": True, "client": False}
    assert lived.work.slots()[0] == "11-05 09:20"


def test_the_same_meeting_twice_is_one_1_1_with_one_slot_and_one_link(both, invited_twice):
    assert shown(both) == [("work", "Dana", "11-03T10:00")]
    assert (both.work.slots(), both.client.slots()) == (["11-03 09:50"], [])
    assert (both.work.links(), both.client.links()) == (["11-03 10:00"], [])
    assert len(both.work.google.documents() + both.client.microsoft.documents()) == 1
    here, there = both.ask("explain", "1:1 Alex")["events"]
    assert (here["account"], there["account"]) == ("work", "client")
    assert "the same as the one in work, which counts" in there["reason"]
    assert (here["id"], here["slot_reason"]) == (there["id"], there["slot_reason"])


def test_moved_in_both_calendars_it_is_one_move(both, invited_twice, dana):
    here, there, elsewhere = invited_twice
    dana.move(here, at("11-04 15:00"))
    both.sync()
    elsewhere.move(there, at("11-04 15:00"))
    both.settle()
    assert both.told() == [("rescheduled", "moved", "occurrence", "them")]
    assert shown(both) == [("work", "Dana", "11-04T15:00")]
    assert both.work.slots() + both.client.slots() == ["11-04 14:50"]


@pytest.mark.parametrize("at_once", [True, False])
def test_cancelled_in_both_calendars_it_is_one_cancellation(both, invited_twice, dana, at_once):
    here, there, elsewhere = invited_twice
    dana.cancel(here)
    if not at_once:
        both.sync()
    elsewhere.cancel(there)
    both.settle()
    assert both.told() == [("cancelled", None, "occurrence", "them")]
    assert both.work.slots() + both.client.slots() == []


def test_a_sign_in_that_is_gone_makes_no_third_person_of_the_users_other_address(both, invited_twice):
    assert both("auth", "logout", "client").code == 0
    both.work.google.expire_sync_tokens()
    assert ok(both.sync(code=77)) == {"work": True, "client": False}
    assert both.told() == []
    assert shown(both) == [("work", "Dana", "11-03T10:00")]
