"""prepd clean and prepd resume, as their user calls them."""

from __future__ import annotations

from pathlib import Path


def without_heartbeat(files):
    return {name: content for name, content in files.items() if Path(name).name != "heartbeat.json"}


def test_what_stands_on_the_calendar_is_taken_back_and_put_back_by_resume(at_rest):
    slots, links = at_rest.slots(), at_rest.links()
    done = at_rest.ask("clean")
    assert {(a["kind"], a["outcome"]) for a in done["actions"]} == {
        ("delete_slot", "done"),
        ("remove_link", "done"),
    }
    assert {a["person"] for a in done["actions"]} == {"dana@example.com"}
    assert (done["paused"], done["stays"]) == (True, [])
    assert (at_rest.slots(), at_rest.links()) == ([], [])
    paused = at_rest.sync()
    assert (paused["paused"], paused["actions"], paused["accounts"]) == (True, [], [])
    assert "prepd resume" in at_rest("sync").out
    assert at_rest.ask("status")["paused"] is True
    said = at_rest("resume")
    assert (said.code, "next cycle puts slots and links back" in said.out) == (0, True)
    at_rest.settle()
    assert (at_rest.slots(), at_rest.links()) == (slots, links)
    assert at_rest("resume").out == "prepd was not paused.\n"


def test_a_dry_run_shows_it_and_changes_nothing(at_rest):
    slots, files = at_rest.slots(), at_rest.files()
    done = at_rest.ask("clean", "--dry-run")
    assert {a["outcome"] for a in done["actions"]} == {"planned"}
    assert done["paused"] is False
    said = at_rest("clean", "--dry-run")
    assert "A dry run: nothing was changed." in said.out
    assert (at_rest.slots(), at_rest.files()) == (slots, files)


def test_what_it_says_to_people(at_rest):
    said = at_rest("clean")
    assert said.out == (
        "Taken back\n"
        "                    for\n"
        "reflection slot     Dana, Tue  3 Nov 10:00\n"
        "reflection slot     Dana, Tue 10 Nov 10:00\n"
        "link on the invite  Dana, Tue  3 Nov 10:00\n"
        "Paused: nothing is read or done until `prepd resume`. Documents and ledger stay.\n"
    ), said.out
    assert at_rest("clean").out.startswith("Nothing of prepd's is left on the calendars from now on.\n")


def test_an_account_that_fails_exits_75_pauses_and_says_what_remains(at_rest):
    at_rest.google.faults.status(503, times=500)
    said = at_rest("clean")
    assert said.code == 75
    assert "3 things could not be taken back yet. `prepd clean` once more" in said.out
    assert "Waiting\nreflection slot (Dana, Tue 3 Nov 10:00), " in said.out
    assert "pending" not in said.out
    assert at_rest.ask("status", code=0)["paused"] is True
    at_rest.google.faults.clear()
    assert at_rest("clean").code == 0
    assert (at_rest.slots(), at_rest.links()) == ([], [])


def test_one_that_has_to_sign_in_exits_77_and_pauses(at_rest):
    assert at_rest("auth", "logout", "work").code == 0
    said = at_rest("clean")
    assert said.code == 77
    assert "auth login work" in said.out
    assert at_rest.sync()["paused"] is True


def test_on_outlook_too(settled):
    slots, links = settled.slots(), settled.links()
    done = settled.ask("clean")
    assert {a["outcome"] for a in done["actions"]} == {"done"}
    assert (settled.slots(), settled.links()) == ([], [])
    settled("resume")
    settled.settle()
    assert (settled.slots(), settled.links()) == (slots, links)
