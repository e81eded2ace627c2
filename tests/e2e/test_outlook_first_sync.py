"""The first cycle on Outlook, the idle one, a dry run, and what is carried from one page to the next."""

from __future__ import annotations

from tests.e2e.at_work import at


def test_a_first_sync_opens_a_word_file_links_it_and_blocks_ten_minutes(outlook, weekly_there):
    done = outlook.sync()
    assert [a["kind"] for a in done["actions"]] == [
        "create_page",
        "attach_link",
        "create_slot",
        "create_slot",
    ]
    assert {a["outcome"] for a in done["actions"]} == {"done"}
    assert outlook.slots() == ["11-03 09:50", "11-10 09:50"]
    assert outlook.links() == ["11-03 10:00"]
    (page,) = outlook.microsoft.documents()
    assert page.title.startswith("Tue 3 Nov 2026, 10.00")
    assert page.shared_with == {}
    assert outlook.agenda()[0]["prep_doc"]["url"] == page.url
    assert f'href="{page.url}"' in outlook.body("11-03 10:00")
    assert "Join the meeting now" in outlook.body("11-03 10:00")


def test_an_idle_sync_is_one_request_and_leaves_the_ledger_as_it_is(settled):
    before = settled.state.joinpath("prepd.json").read_bytes()
    settled.microsoft.requests.clear()
    settled.sync()
    assert len(settled.microsoft.requests) == 1
    assert settled.state.joinpath("prepd.json").read_bytes() == before


def test_each_calendar_is_one_request_more(outlook, weekly_there, noor):
    second = outlook.alex.add_calendar("Second")
    outlook.accounts += 'calendars = ["default", "Second"]\n'
    outlook.configure()
    outlook.alex.schedule("Pat <> Alex", at("11-04 10:00"), guests=["pat@client.example"], calendar=second)
    outlook.settle()
    outlook.microsoft.requests.clear()
    outlook.sync()
    lines = outlook.microsoft.requests.lines()
    assert len([line for line in lines if line.endswith("/delta")]) == 2
    assert [e["person"]["email"] for e in outlook.agenda()][:2] == [noor.email, "pat@client.example"]


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing_anywhere(outlook, weekly_there):
    files, events = outlook.files(), outlook.alex.events()
    planned = outlook.ask("sync", "--dry-run")
    assert {a["outcome"] for a in planned["actions"]} == {"planned"}
    assert outlook.files() == files
    assert outlook.alex.events() == events
    assert outlook.microsoft.documents() == []
    done = outlook.ask("sync")
    assert [a["kind"] for a in done["actions"]] == [a["kind"] for a in planned["actions"]]
    assert done["changes"] == planned["changes"]


def test_the_past_is_found_in_the_calendars_history(outlook, noor):
    outlook.clock.set(at("10-01 08:00"))
    noor.schedule("1:1 Alex / Noor", at("10-06 10:00"), guests=[outlook.alex], weekly=True)
    outlook.clock.set(at("10-19 08:00"))
    noor.cancel(outlook.meeting("10-20 10:00"))
    outlook.clock.set(at("11-02 08:00"))
    outlook.sync()
    told = [(c["kind"], c["by"], c["backfilled"]) for c in outlook.history()]
    assert sorted(told) == [("cancelled", "them", True)] + [("held", None, True)] * 3


def test_a_1_1_that_went_past_is_held_and_the_next_one_gets_a_file_with_what_is_open(settled):
    (file,) = settled.microsoft.documents()
    file.append("Send the hiring plan", under="Action items")
    file.append("Book the offsite", under="Action items")
    file.tick("Send the hiring plan")
    before = file.content
    settled.clock.set(at("11-03 10:31"))
    done = settled.sync()
    assert [c["kind"] for c in done["changes"]] == ["held"]
    assert [a["kind"] for a in done["actions"]] == [
        "create_page",
        "attach_link",
        "update_slot",
        "create_slot",
    ]
    first, second = settled.microsoft.documents()
    assert (first.content, first.folder) == (before, second.folder)
    assert second.title.startswith("Tue 10 Nov 2026, 10.00")
    assert [item.strip("☐ ") for item in second.section("Action items")] == ["Book the offsite"]
    assert settled("open", "--print", "noor").out.strip() == second.url


def test_the_same_answer_twice_makes_nothing_twice(settled):
    events, files = settled.events(), [file.content for file in settled.microsoft.documents()]
    settled.microsoft.expire_sync_tokens()
    done = settled.sync()
    assert done["accounts"][0]["full"] is True
    assert (done["changes"], done["actions"]) == ([], [])
    assert settled.events() == events
    assert [file.content for file in settled.microsoft.documents()] == files


def test_a_lost_ledger_takes_up_again_what_is_on_the_calendar(settled):
    slots, links = settled.slots(), settled.links()
    for name in ("prepd.json", "prepd.json.bak"):
        settled.state.joinpath(name).unlink(missing_ok=True)
    settled.settle()
    assert settled.slots() == slots
    assert settled.links() == links
    assert settled.body("11-03 10:00").count("Added by prepd:") == 1
