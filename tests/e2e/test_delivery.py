"""The weekly report and topics due, by the commands that people call."""

from __future__ import annotations

import stat

import pytest

from sandbox.tls import server_context
from tests.e2e.at_work import at
from tests.listening import Listening

FRIDAY = at("11-06 16:00")


@pytest.fixture
def service():
    """A notification service behind TLS, by the authority that the config trusts."""
    with Listening(server_context()) as listening:
        yield listening


def deliver_to(prepd, *places, url=None):
    named = ", ".join(f'"{p}"' for p in places)
    prepd.configure(f"[report]\ndeliver = [{named}]\n" + (f'[notify]\nurls = ["{url}"]\n' if url else ""))


def titled(prepd, text):
    return [e for e in prepd.events() if text in e["summary"]]


def deliveries(document):
    return [(d["to"], d["outcome"], d["already"]) for d in document["deliveries"]]


def test_plain_sync_delivers_the_report_that_is_due_and_shows_it_among_the_actions(at_rest):
    deliver_to(at_rest, "file", "calendar")
    at_rest.google.clock.set(FRIDAY)
    (planned,) = [a for a in at_rest.ask("sync", "--dry-run")["actions"] if a.get("to") == "file"]
    assert planned == {
        "kind": "deliver",
        "one_on_one": None,
        "person": None,
        "meeting_start": None,
        "to": "file",
        "week": "2026-W45",
        "outcome": "planned",
        "reason": None,
    }
    done = [a for a in at_rest.ask("sync")["actions"] if a["kind"] == "deliver"]
    assert [(a["to"], a["outcome"]) for a in done] == [("file", "done"), ("calendar", "done")]
    assert [a for a in at_rest.sync()["actions"] if a["kind"] == "deliver"] == []
    assert len(titled(at_rest, "1:1 report, week 45")) == 1
    reports = at_rest.state / "reports"
    assert sorted(p.name for p in reports.iterdir()) == ["2026-W45.html", "2026-W45.md"]
    assert stat.S_IMODE(reports.stat().st_mode) == 0o700


def test_a_person_reads_what_sync_delivered(at_rest):
    at_rest.google.clock.set(FRIDAY)
    said = at_rest("sync")
    assert "report put into a file" in said.out
    assert "week 2026-W45" in said.out


def test_deliver_says_what_had_the_report_already(at_rest, service):
    deliver_to(at_rest, "file", "calendar", "notify", url=service.url())
    first = at_rest.ask("report", "--deliver")
    assert first["week"] == "2026-W45"
    assert deliveries(first) == [
        ("file", "done", False),
        ("calendar", "done", False),
        ("notify", "done", False),
    ]
    again = at_rest.ask("report", "--deliver")
    assert deliveries(again) == [
        ("file", "done", True),
        ("calendar", "skipped", True),
        ("notify", "skipped", True),
    ]
    assert service.titles == ["Your 1:1s in week 45"]
    assert len(titled(at_rest, "1:1 report")) == 1
    lines = at_rest("report", "--deliver").out.splitlines()
    assert lines == [
        f"Week 2026-W45 put into a file before, and now written anew: {at_rest.state}/reports/2026-W45.html",
        "Week 2026-W45 on your calendar already",
        "Week 2026-W45 sent to your notification services already",
    ]


def test_what_was_delivered_before_friday_is_brought_up_to_date_on_friday(at_rest):
    deliver_to(at_rest, "calendar")
    at_rest.ask("report", "--deliver")
    (event,) = titled(at_rest, "1:1 report")
    before = event["description"]
    at_rest.google.clock.set(FRIDAY)
    at_rest.settle()
    (event,) = titled(at_rest, "1:1 report")
    assert event["description"] != before


def test_what_was_delivered_before_friday_and_edited_stays_as_the_user_left_it(at_rest, alex):
    deliver_to(at_rest, "calendar")
    at_rest.ask("report", "--deliver")
    (event,) = titled(at_rest, "1:1 report")
    alex.change(event["id"], description="Mine")
    at_rest.google.clock.set(FRIDAY)
    at_rest.settle()
    assert [e["description"] for e in titled(at_rest, "1:1 report")] == ["Mine"]


def test_an_earlier_week_is_delivered_when_it_is_named(at_rest):
    said = at_rest("report", "--deliver", "--week", "2026-W40")
    assert (said.code, "2026-W40" in said.out) == (0, True)
    assert (at_rest.state / "reports" / "2026-W40.html").exists()


def test_a_place_that_fails_for_now_is_named_and_exits_75(at_rest, service):
    deliver_to(at_rest, "notify", "file", url=service.url())
    service.answers["/"] = 503
    said = at_rest("report", "--deliver")
    assert said.code == 75
    assert "not sent to all of your notification services" in said.out
    assert "hush" not in said.out + said.err
    assert (at_rest.state / "reports").exists()
    service.answers.clear()
    assert at_rest("report", "--deliver").code == 0
    assert len(service.heard) == 1


def test_without_a_sign_in_the_calendar_exits_77_and_the_file_is_written(weekly, signed_out):
    deliver_to(signed_out, "file", "calendar")
    said = signed_out("report", "--deliver")
    assert said.code == 77
    assert "auth login work" in said.out
    assert (signed_out.state / "reports" / "2026-W45.html").exists()


def test_with_nowhere_to_deliver_to_the_config_is_to_blame(at_rest):
    deliver_to(at_rest, "notify")
    said = at_rest("report", "--deliver")
    assert said.code == 78
    assert "notify.urls" in said.err


def test_a_report_that_can_be_written_nowhere_does_not_keep_a_cycle_from_its_work(at_rest):
    (at_rest.state / "reports").write_text("in the way")
    at_rest.google.clock.set(FRIDAY)
    done = at_rest.ask("sync", code=75)
    (failed,) = [a for a in done["actions"] if a["kind"] == "deliver"]
    assert failed["outcome"] == "pending"
    assert "reports" in failed["reason"]
    assert done["accounts"][0]["ok"]
    assert [p["kind"] for p in at_rest.ask("status", code=0)["pending"]] == ["deliver"]
    (at_rest.state / "reports").unlink()
    assert [a["outcome"] for a in at_rest.sync()["actions"] if a["kind"] == "deliver"] == ["done"]


def test_the_agenda_shows_whether_topics_were_noted(at_rest):
    def shown():
        (entry, *_) = at_rest.agenda()
        return entry["prep_doc"]["untouched"], at_rest("agenda").out

    assert shown()[0] is None
    assert "by Mon 2 Nov" in shown()[1]
    at_rest.google.clock.set(at("11-02 10:00"))
    at_rest.settle()
    assert shown()[0] is True
    assert "none yet" in shown()[1]
    (doc,) = at_rest.google.documents()
    doc.append("Ask for the budget", under="Action items")
    at_rest.google.clock.set(at("11-03 11:00"))
    at_rest.settle()
    assert shown()[0] is None
    assert "by Mon 9 Nov" in shown()[1]


def test_while_prepd_is_paused_nothing_is_delivered(at_rest):
    assert at_rest("clean").code == 0
    at_rest.google.clock.set(FRIDAY)
    assert at_rest.ask("sync")["actions"] == []
    said = at_rest("report", "--deliver")
    assert (said.code, "Paused" in said.out) == (0, True)
    assert not (at_rest.state / "reports").exists()
    at_rest("resume")
    assert "deliver" in [a["kind"] for a in at_rest.sync()["actions"]]
