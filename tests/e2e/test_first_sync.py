"""The first cycle, the idle one, and a dry run."""

from __future__ import annotations

from tests.e2e.at_work import at


def test_a_first_sync_opens_a_page_links_it_and_blocks_ten_minutes(prepd, weekly):
    done = prepd.sync()
    assert [a["kind"] for a in done["actions"]] == [
        "create_page",
        "attach_link",
        "create_slot",
        "create_slot",
    ]
    assert {a["outcome"] for a in done["actions"]} == {"done"}
    assert prepd.slots() == ["11-03 09:50", "11-10 09:50"]
    assert prepd.links() == ["11-03 10:00"]
    (doc,) = prepd.google.documents()
    assert doc.title == "1:1 Alex / Dana"
    assert doc.shared_with == {}
    assert "Tue 3 Nov 2026, 10:00" in doc.text


def test_an_idle_sync_is_one_request_and_leaves_the_ledger_as_it_is(at_rest):
    before = at_rest.state.joinpath("prepd.json").read_bytes()
    at_rest.google.requests.clear()
    at_rest.sync()
    assert at_rest.google.requests.operations() == ["calendar.events.list"]
    assert len(at_rest.google.requests) == 1
    assert at_rest.state.joinpath("prepd.json").read_bytes() == before


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing_anywhere(prepd, weekly):
    files, events = prepd.files(), prepd.alex.events(cancelled=True)
    planned = prepd.ask("sync", "--dry-run")
    assert {a["outcome"] for a in planned["actions"]} == {"planned"}
    assert prepd.files() == files
    assert prepd.alex.events(cancelled=True) == events
    assert prepd.google.documents() == []
    done = prepd.ask("sync")
    assert [a["kind"] for a in done["actions"]] == [a["kind"] for a in planned["actions"]]
    assert done["changes"] == planned["changes"]


def test_a_dry_run_of_what_is_at_rest_plans_nothing(at_rest):
    files = at_rest.files()
    at_rest.google.clock.advance(minutes=5)
    planned = at_rest.ask("sync", "--dry-run")
    assert (planned["changes"], planned["actions"]) == ([], [])
    assert at_rest.files() == files


def test_the_past_is_found_in_the_calendars_history(prepd, dana, alex):
    prepd.google.clock.set(at("10-01 08:00"))
    dana.schedule("1:1 Alex / Dana", at("10-06 10:00"), guests=[alex], weekly=True)
    prepd.google.clock.set(at("10-19 08:00"))
    dana.cancel(prepd.meeting("10-20 10:00"))
    prepd.google.clock.set(at("11-02 08:00"))
    prepd.sync()
    told = [(c["kind"], c["by"], c["backfilled"]) for c in prepd.history()]
    assert sorted(told) == [("cancelled", "them", True)] + [("held", None, True)] * 3


def test_a_1_1_that_went_past_is_held_and_the_next_one_gets_a_page_with_what_is_open(at_rest):
    (doc,) = at_rest.google.documents()
    doc.append("Send the hiring plan", under="Action items")
    doc.append("Book the offsite", under="Action items")
    doc.tick("Send the hiring plan")
    at_rest.google.clock.set(at("11-03 10:31"))
    done = at_rest.sync()
    assert [c["kind"] for c in done["changes"]] == ["held"]
    assert [a["kind"] for a in done["actions"]] == [
        "create_page",
        "attach_link",
        "update_slot",
        "create_slot",
    ]
    (doc,) = at_rest.google.documents()
    assert "Tue 10 Nov 2026, 10:00" in doc.lines()[0].text
    assert doc.section("Action items") == ["Book the offsite"]


def test_the_same_answer_twice_makes_nothing_twice(at_rest):
    events, documents = at_rest.events(), [d.text for d in at_rest.google.documents()]
    at_rest.google.expire_sync_tokens()
    done = at_rest.sync()
    assert done["accounts"][0]["full"] is True
    assert (done["changes"], done["actions"]) == ([], [])
    assert at_rest.events() == events
    assert [d.text for d in at_rest.google.documents()] == documents


def test_one_account_alone_can_be_served(at_rest):
    assert at_rest.ask("sync", "--account", "work")["accounts"][0]["ok"] is True
    said = at_rest("sync", "--account", "nobody")
    assert said.code == 2
    assert "work" in said.err
