"""The JSON of every command, held to the field list of the design."""

from __future__ import annotations

import re

import pytest

from tests.e2e.at_work import at


def fields(text: str) -> set[str]:
    return set(text.split())


CHANGE = fields(
    "id one_on_one account person kind how scope by noticed_at from to notice_minutes corrects backfilled evidence"
)
ENTRY = fields("id account event_id series_id title person start end response prep_doc slot")
COUNTS = {"held", "moved", "rebooked", "cancelled", "declined", "no_show", "excused", "expected"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def told(at_rest, dana):
    """After a move, a cancellation and a 1:1 that was held."""
    dana.cancel(at_rest.meeting("11-10 10:00"))
    dana.move(at_rest.meeting("11-03 10:00"), at("11-03 12:00"))
    at_rest.settle()
    at_rest.google.clock.set(at("11-03 13:00"))
    at_rest.settle()
    return at_rest


def document(prepd, *words):
    said = prepd.ask(*words)
    assert said["version"] == 1
    return said


def test_agenda(told):
    (entry,) = document(told, "agenda")["one_on_ones"]
    assert entry.keys() >= ENTRY
    assert entry["person"] == {"email": "dana@example.com", "name": "Dana", "role": "manager"}
    assert entry["response"] == "accepted"
    assert entry["prep_doc"].keys() >= {"url", "attached_to", "untouched", "topics_due"}
    assert entry["prep_doc"]["attached_to"] == ["invite", "slot"]
    assert entry["slot"].keys() >= {"event_id", "start", "end", "overlaps"}
    for time in (entry["start"], entry["end"], entry["prep_doc"]["topics_due"], entry["slot"]["start"]):
        assert TIME.fullmatch(time)
    assert len(document(told, "agenda", "--days", "60")["one_on_ones"]) > 4


def test_history(told):
    changes = document(told, "history", "dana")["changes"]
    kinds = {c["kind"]: c for c in changes}
    assert kinds.keys() == {"scheduled", "cancelled", "rescheduled", "held"}
    for change in changes:
        assert change.keys() >= CHANGE
        assert change["person"] == {"email": "dana@example.com", "name": "Dana"}
        assert TIME.fullmatch(change["noticed_at"])
        assert (change["from"] is not None) == (change["kind"] in ("rescheduled", "cancelled"))
        assert (change["to"] is not None) == (change["kind"] != "cancelled")
        assert (change["by"] is None) == (change["kind"] in ("scheduled", "held"))
    assert kinds["rescheduled"]["from"].keys() == {"start", "end"}
    assert [c["noticed_at"] for c in changes] == sorted(c["noticed_at"] for c in changes)
    assert document(told, "history", "nobody")["changes"] == []


def test_sync(told, dana):
    dana.move(told.meeting("11-17 10:00"), at("11-17 12:00"))
    told.google.clock.advance(minutes=5)
    planned = document(told, "sync", "--dry-run")
    done = document(told, "sync")
    for said, outcome in ((planned, "planned"), (done, "done")):
        assert said.keys() >= {"accounts", "changes", "actions", "paused"}
        (account,) = said["accounts"]
        assert account.keys() >= {"name", "ok", "error", "requests", "events_read", "full"}
        assert {a["outcome"] for a in said["actions"]} == {outcome}
        assert all(a.keys() >= {"kind", "one_on_one", "outcome"} for a in said["actions"])
        assert all(c.keys() >= CHANGE for c in said["changes"])
    assert planned["changes"] == done["changes"]


def test_report(told):
    said = told("report", "--format", "json")
    assert said.code == 0
    report = said.json
    assert told("report", "--json").json == report
    assert report["version"] == 1
    assert report.keys() >= {"week", "from", "to", "people", "red_flags", "since_last", "gaps", "upcoming"}
    assert report["week"] == "2026-W45"
    (person,) = report["people"]
    assert person.keys() >= COUNTS | {"person", "window", "last_held", "streak", "strip"}
    assert person["window"].keys() >= COUNTS
    assert person["cancelled"].keys() == {"them", "me", "unknown"}
    assert person["declined"].keys() == {"them", "me"}
    assert (person["held"], person["moved"], person["expected"]) == (1, 1, 1)
    assert isinstance(person["streak"], int)
    assert len(person["strip"]) == 12
    assert person["strip"][-1] == {"week": "2026-W45", "outcomes": ["held"]}
    assert all(entry.keys() >= ENTRY for entry in report["upcoming"])


def test_status(told):
    status = document(told, "status")
    assert status.keys() >= {"accounts", "pending", "gaps", "next_cycle", "paused"}
    (account,) = status["accounts"]
    assert account.keys() >= {"name", "provider", "ok", "last_success", "signed_in", "error"}
    assert (account["provider"], account["ok"], account["signed_in"]) == ("google", True, True)
    assert TIME.fullmatch(account["last_success"])


def test_auth_status(told):
    (account,) = document(told, "auth", "status")["accounts"]
    assert account.keys() >= {"name", "provider", "signed_in", "address", "scopes", "missing_scopes", "error"}
    assert account["address"] == "alex@example.com"
    assert account["missing_scopes"] == []


def test_explain(told):
    (event,) = document(told, "explain", "1:1 alex")["events"]
    assert event.keys() >= fields("event_id account title one_on_one reason people slot_reason doc_reason")
    assert event["one_on_one"] is True
    assert event["people"] == ["dana@example.com"]
    assert event["slot_reason"]
    assert event["doc_reason"]


def test_open_prints_the_address_of_the_next_page(told):
    said = told("open", "--print", "dana")
    assert said.code == 0
    assert said.out.strip() == told.agenda()[0]["prep_doc"]["url"]
    assert told("open", "--print", "nobody").code == 1
