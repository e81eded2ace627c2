"""What goes wrong: one clear sentence, the right exit code, and nothing recorded is lost."""

from __future__ import annotations

import json
import os
import re

import pytest

from tests.e2e.at_work import at


def test_nobody_signed_in_is_77_and_says_what_to_do(signed_out, weekly):
    said = signed_out("sync")
    assert said.code == 77
    assert "prepd auth login work" in said.out
    assert signed_out("status").code == 77
    assert signed_out("auth", "status").code == 77


def test_a_revoked_sign_in_is_77_until_one_signs_in_again(at_rest, sign_in, dana):
    at_rest.google.revoke(at_rest.alex)
    at_rest.google.expire_access_tokens()
    done = at_rest.sync(code=77)
    assert "prepd auth login work" in done["accounts"][0]["error"]
    status = at_rest.ask("status", code=77)["accounts"][0]
    assert (status["ok"], status["error"] is None) == (False, False)
    dana.cancel(at_rest.meeting("11-03 10:00"))
    sign_in(at_rest)
    assert at_rest.ask("status")["accounts"][0]["error"] is None
    assert [c["kind"] for c in at_rest.sync()["changes"]] == ["cancelled"]
    assert at_rest.ask("status")["accounts"][0]["ok"] is True


def test_a_box_that_was_left_unticked_is_77_and_named(signed_out, alex, browser):
    signed_out.google.approve(as_=alex, scopes=["openid", "https://www.googleapis.com/auth/drive.file"])
    said = signed_out("auth", "login", "work")
    assert said.code == 77
    assert "calendar" in said.err


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_provider_that_fails_for_now_is_75_and_the_next_sync_heals(at_rest, dana, status):
    at_rest.google.faults.status(status, path="*/events", times=50)
    dana.cancel(at_rest.meeting("11-03 10:00"))
    before = at_rest.state.joinpath("prepd.json").read_bytes()
    done = at_rest.sync(code=75)
    assert done["accounts"][0]["ok"] is False
    assert at_rest.state.joinpath("prepd.json").read_bytes() == before
    assert at_rest.ask("status", code=75)["accounts"][0]["signed_in"] is True
    at_rest.google.faults.clear()
    assert [c["kind"] for c in at_rest.sync()["changes"]] == ["cancelled"]


def test_a_gap_of_over_an_hour_is_shown_while_it_lasts_and_afterwards(at_rest):
    at_rest.google.faults.status(503, path="*/events", times=500)
    at_rest.sync(code=75)
    at_rest.google.clock.advance(hours=3)
    at_rest.sync(code=75)
    assert [g["to"] for g in at_rest.ask("status", code=75)["gaps"]] == [None]
    at_rest.google.faults.clear()
    at_rest.sync()
    (gap,) = at_rest.ask("status")["gaps"]
    assert (gap["account"], gap["to"] is None) == ("work", False)


TWO = """
[[account]]
name = "home"
provider = "google"
client_secrets = "client.json"
api_root = "{root}"
"""


def test_of_two_accounts_the_one_that_works_is_served(prepd, sam, weekly, sign_in):
    prepd.configure(more=TWO.format(root=prepd.google.root))
    done = prepd.sync(code=77)
    assert {a["name"]: a["ok"] for a in done["accounts"]} == {"work": True, "home": False}
    assert prepd.slots() == ["11-03 09:50", "11-10 09:50"]
    home = prepd.google.account("alex.home@example.com", name="Alex Kim")
    sam.schedule("1:1 Sam / Alex", at("11-04 14:00"), guests=[home])
    sign_in(prepd, as_=home, account="home")
    done = prepd.sync()
    assert {c["account"] for c in done["changes"]} == {"home"}
    assert [e["account"] for e in prepd.agenda()] == ["work", "home", "work"]


def test_a_slot_keeps_clear_of_the_other_accounts_meetings(prepd, weekly, sign_in):
    home = prepd.google.account("alex.home@example.com", name="Alex Kim")
    home.schedule("Dentist", at("11-03 09:30"))
    prepd.configure(more=TWO.format(root=prepd.google.root))
    sign_in(prepd, as_=home, account="home")
    prepd.settle()
    assert prepd.slots() == ["11-03 09:20", "11-10 09:50"]


def test_a_calendar_that_suddenly_is_empty_stops_everything_until_it_is_accepted(at_rest, dana, alex):
    before = at_rest.state.joinpath("prepd.json").read_bytes()
    slots = at_rest.slots()
    book = at_rest.google._world.calendars[alex.email]
    kept, book.records = book.records, {}
    at_rest.google.expire_sync_tokens()
    done = at_rest.sync(code=1)
    assert "prepd sync --accept" in done["accounts"][0]["error"]
    assert (done["changes"], done["actions"]) == ([], [])
    assert at_rest.state.joinpath("prepd.json").read_bytes() == before
    assert at_rest.ask("status", code=1)["accounts"][0]["ok"] is False
    book.records = kept
    at_rest.sync()
    assert at_rest.slots() == slots
    assert at_rest.history() == []


def test_too_many_changes_at_once_stop_until_they_are_accepted_once(prepd, dana, alex):
    prepd.configure(before="[sync]\nmax_changes = 3")
    prepd.google.clock.set(at("10-26 08:00"))
    ids = [dana.schedule("1:1", at(f"11-{day:02} 10:00"), guests=[alex]) for day in range(3, 8)]
    prepd.google.clock.set(at("11-02 08:00"))
    prepd.settle()
    events = prepd.slots()
    for each in ids[:4]:
        dana.cancel(each)
    done = prepd.sync(code=1)
    assert "sync.max_changes" in done["accounts"][0]["error"]
    assert prepd.slots() == events
    assert prepd.history() == []
    done = prepd.sync("--accept")
    assert [c["kind"] for c in done["changes"]] == ["cancelled"] * 4
    prepd.settle()
    assert len(prepd.slots()) == 1


def test_a_damaged_state_goes_on_from_its_backup(at_rest):
    ledger = at_rest.state / "prepd.json"
    ledger.write_bytes(ledger.read_bytes()[:-40])
    done = at_rest.sync()
    assert done["accounts"][0]["ok"] is True
    at_rest.settle()
    assert at_rest.slots() == ["11-03 09:50", "11-10 09:50"]
    assert len(at_rest.google.documents()) == 1
    assert at_rest.history() == []


def test_with_the_backup_damaged_too_nothing_is_touched(at_rest):
    for name in ("prepd.json", "prepd.json.bak"):
        at_rest.state.joinpath(name).write_text("{}")
    for words in (("sync",), ("agenda",), ("history",), ("status",)):
        said = at_rest(*words)
        assert said.code == 1
        assert "damaged" in said.err
    assert at_rest.state.joinpath("prepd.json").read_text() == "{}"


def test_the_state_of_a_newer_version_is_left_alone(at_rest):
    from daemon.store.store import Store

    store = Store(at_rest.state)
    tables = store._storage.tables()
    tables["meta"] = tables["meta"].replace(b'"version":1', b'"version":99')
    store._storage.replace(tables)
    content = at_rest.state.joinpath("prepd.json").read_bytes()
    said = at_rest("sync")
    assert said.code == 1
    assert "newer prepd" in said.err
    assert at_rest.state.joinpath("prepd.json").read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_directory_that_cannot_be_written_is_said(at_rest):
    at_rest.state.chmod(0o500)
    said = at_rest("sync")
    at_rest.state.chmod(0o700)
    assert said.code == 1
    assert "--state-dir" in said.err


def test_a_state_directory_that_is_a_file_is_said(prepd, tmp_path):
    prepd.state = tmp_path / "file"
    prepd.state.write_text("")
    said = prepd("sync")
    assert said.code == 1
    assert "--state-dir" in said.err


@pytest.mark.parametrize("secrets", ["missing", "web", "garbage"])
def test_client_secrets_that_are_no_good_are_78(prepd, secrets):
    path = prepd.folder / "client.json"
    if secrets == "missing":
        path.unlink()
    elif secrets == "web":
        prepd.google.write_client_secrets(path, kind="web")
    else:
        path.write_text("<html>")
    said = prepd("auth", "login", "work")
    assert said.code == 78
    assert "client secrets" in said.err
    assert said.err.count("\n") == 1


def test_a_corrupt_sign_in_is_77_and_signing_in_again_heals_it(at_rest, sign_in):
    at_rest.state.joinpath("tokens", "work.json").write_text("{broken")
    assert at_rest.sync(code=77)["accounts"][0]["ok"] is False
    sign_in(at_rest)
    assert at_rest.sync()["accounts"][0]["ok"] is True


ODD = {
    "no start": {"start": None},
    "an absurd start": {"start": {"dateTime": "99999-13-45T00:00:00Z"}},
    "guests that are no list": {"attendees": "everybody"},
    "an end that is a number": {"end": 17},
}


@pytest.mark.parametrize("odd", ODD)
def test_an_event_that_makes_no_sense_is_skipped_with_its_reason(prepd, weekly, alex, monkeypatch, odd):
    from sandbox.google import view

    broken = alex.schedule("Broken", at("11-04 12:00"))
    real = view.resource

    def resource(*args, **more):
        shown = real(*args, **more)
        return shown | ODD[odd] if shown["id"] == broken else shown

    monkeypatch.setattr(view, "resource", resource)
    done = prepd.sync()
    assert done["accounts"][0]["ok"] is True
    assert prepd.slots() == ["11-03 09:50", "11-10 09:50"]
    skipped = prepd.ask("status")["accounts"][0]["skipped"]
    assert [s["event_id"] for s in skipped] == [broken]
    (event,) = prepd.ask("explain", broken)["events"]
    assert "can't be read" in event["reason"]


def test_titles_are_made_harmless_for_a_terminal(prepd, dana, alex):
    dana.schedule("1:1 \x1b[31mred\x1b]0;owned\x07 " + "long " * 20_000, at("11-03 10:00"), guests=[alex])
    prepd.settle()
    for words in (("agenda",), ("history",), ("report",), ("explain", "1:1")):
        said = prepd(*words)
        assert said.code == 0
        assert "\x1b" not in said.out
        assert len(said.out) < 5_000


def test_ten_thousand_guests_are_no_1_1(prepd, dana, weekly):
    crowd = [f"guest{n}@example.com" for n in range(10_000)]
    dana.schedule("All hands", at("11-05 10:00"), guests=[prepd.alex, *crowd])
    done = prepd.sync()
    assert done["accounts"][0]["ok"] is True
    assert {c["person"]["email"] for c in done["changes"]} == {"dana@example.com"}


def test_garbage_for_an_answer_is_no_crash_and_loses_nothing(at_rest, dana):
    at_rest.google.faults.garbage(path="*/events", times=50)
    before = at_rest.state.joinpath("prepd.json").read_bytes()
    done = at_rest.sync(code=1)
    assert done["accounts"][0]["error"]
    assert at_rest.state.joinpath("prepd.json").read_bytes() == before
    at_rest.google.faults.clear()
    at_rest.sync()


def test_a_config_with_errors_is_78_and_all_of_them_are_said(prepd):
    prepd.config.write_text('timezone = "Mars/Base"\n[sync]\nevry = "1m"\n')
    said = prepd("sync")
    assert said.code == 78
    assert "timezone" in said.err
    assert "every" in said.err


def test_the_ledger_file_is_readable_by_its_owner_alone(at_rest):
    assert at_rest.state.stat().st_mode & 0o777 == 0o700
    for path in at_rest.state.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path


def test_logs_hold_no_titles_and_no_addresses(at_rest, dana):
    dana.move(at_rest.meeting("11-03 10:00"), at("11-04 15:00"))
    at_rest.google.clock.advance(minutes=5)
    said = at_rest("--verbose", "sync", "--json")
    assert json.loads(said.out)["changes"]
    for private in ("dana", "Dana", "alex@", "1:1 Alex"):
        assert private not in said.err


@pytest.mark.parametrize(
    ("home", "code"),
    [("well", 1), ("out of reach", 75), ("signed out", 77)],
)
def test_of_a_brake_and_another_accounts_trouble_the_exit_code_is_the_more_pressing_one(
    prepd, dana, alex, weekly, sign_in, home, code
):
    other = prepd.google.account("alex.home@example.com", name="Alex Kim")
    more = TWO.format(root=prepd.google.root) + 'calendars = ["alex.home@example.com"]\n'
    prepd.configure(more=more, before="[sync]\nmax_changes = 1")
    sign_in(prepd, as_=other, account="home")
    prepd.settle()
    for day in ("11-03", "11-10"):
        dana.cancel(prepd.meeting(f"{day} 10:00"))
    if home == "signed out":
        assert prepd("auth", "logout", "home").code == 0
    elif home == "out of reach":
        prepd.google.faults.status(503, path="*/calendars/alex.home*/events", times=50)
    done = prepd.sync(code=code)
    assert "prepd sync --accept" in done["accounts"][0]["error"]
    assert prepd("status").code == code


def test_what_waits_offline_is_not_called_done_and_is_one_line_for_its_reason(prepd, dana, alex):
    for day in ("11-03", "11-10", "11-12"):
        dana.schedule("1:1 Alex / Dana", at(f"{day} 10:00"), guests=[alex])
    prepd.google.faults.status(500, path="*/events", method="POST", times=99)
    prepd.google.faults.status(500, path="*/files*", method="POST", times=99)
    prepd.sync(code=75)
    prepd.google.faults.status(500, times=999)
    prepd.clock.advance(minutes=5)
    said = prepd("sync")
    lines = said.out.splitlines()
    assert said.code != 0
    assert "Waiting" in lines
    assert "Done" not in lines
    assert " things wait: " in said.out
    shown = prepd("status").out
    assert re.search(r"^Waiting: \d+ things: ", shown, re.MULTILINE)
    assert "create_" not in shown


@pytest.mark.parametrize("content", [None, "no JSON"])
def test_without_a_client_file_that_comes_before_the_sign_in(signed_out, content):
    file = signed_out.folder / "client.json"
    file.unlink()
    if content:
        file.write_text(content)
    for words in (("sync",), ("status",), ("auth", "status")):
        said = signed_out(*words)
        assert said.code == 78, words
        assert str(file) in said.out
        assert "not signed in" not in said.out


def test_who_calls_once_while_offline_is_told_to_try_again_later(at_rest):
    at_rest.google.faults.drop("before", times=999)
    at_rest.clock.advance(minutes=5)
    said = at_rest("sync")
    assert said.code == 75
    assert "online? Try again later." in said.out
    assert "next cycle" not in said.out
    assert "online?" in at_rest("status").out
