"""What history, mark and explain tell of an entry: why it stands there, what it corrects, and what corrected it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.commands import history
from daemon.core.artefacts import Artefacts
from daemon.store.store import Store
from tests.e2e.at_work import at


@pytest.fixture
def cancelled(at_rest, dana):
    """Dana cancelled the next 1:1. Its id."""
    dana.cancel(at_rest.meeting("11-03 10:00"))
    at_rest.settle()
    (change,) = at_rest.history()
    return change["one_on_one"]


def test_history_shows_what_became_of_1_1s_and_all_of_it_on_demand(at_rest, cancelled):
    short, whole = at_rest("history").out, at_rest("history", "--all").out
    assert "cancelled" in short
    assert "scheduled" not in short
    assert "more entries (1:1s found, entries corrected since): see --all." in short
    assert whole.count("scheduled") == len(at_rest.ask("history")["changes"]) - 1
    assert "--all" not in whole


def test_mark_says_what_it_corrects_and_history_leaves_that_out(at_rest, cancelled):
    at_rest.google.clock.set(at("11-03 12:00"))
    said = at_rest("mark", cancelled, "no-show").out
    assert "Recorded: Dana, Tue 3 Nov 10:00: no-show." in said
    assert "It corrects: cancelled by them, noticed" in said
    before, after = at_rest.history()
    assert (after["corrects"], before["corrected_by"]) == (before["id"], after["id"])
    assert (before["corrects"], after["corrected_by"]) == (None, None)
    short, whole = at_rest("history").out, at_rest("history", "--all").out
    assert "corrects: cancelled by them (noticed" in short
    assert len([line for line in short.splitlines() if cancelled in line]) == 1
    assert "corrected since: no-show" in whole


def test_a_mark_is_not_recorded_where_the_config_is_wrong(at_rest, cancelled):
    before = at_rest.files()
    at_rest.config.write_text("wrong = [", "utf-8")
    assert at_rest("mark", cancelled, "no-show").code == 78
    assert at_rest.files() == before


def test_explain_shows_what_the_ledger_tells_of_a_1_1(at_rest):
    (event,) = at_rest.ask("explain", "1:1 alex")["events"]
    assert [c["kind"] for c in event["history"]] == ["scheduled"]
    assert "ledger:" in at_rest("explain", "1:1 alex").out


@pytest.mark.parametrize("part", [6, 12])
def test_explain_finds_a_1_1_on_record_by_its_id_whatever_the_calendar_shows(at_rest, cancelled, part):
    (event,) = at_rest.ask("explain", cancelled[:part])["events"]
    assert event["id"] == cancelled
    assert [c["kind"] for c in event["history"]] == ["scheduled", "cancelled"]
    said = at_rest("explain", cancelled[:part]).out
    assert "cancelled by them: Tue  3 Nov 10:00; " in said


def test_an_event_that_is_on_no_record_has_no_history(at_rest, sam, alex):
    sam.schedule("Coffee", at("11-04 14:00"), guests=[alex])
    (event,) = at_rest.ask("explain", "coffee")["events"]
    assert event["history"] == []


def test_whom_history_is_asked_about_is_looked_up_once_for_each_person(at_rest, monkeypatch):
    asked = []
    monkeypatch.setattr(history, "matches", lambda context, address, state: asked.append(address))
    assert len(at_rest.ask("history")["changes"]) > 1
    assert at_rest("history", "nobody").code == 1
    assert asked == ["dana@example.com"]


def test_before_anything_became_of_a_1_1_history_tells_how_many_are_ahead(at_rest):
    said = at_rest("history").out
    ahead = len(at_rest.ask("agenda", "--days", "366")["one_on_ones"])
    assert (
        f"Nothing has become of any 1:1 yet; {ahead} are ahead, the next Tue 3 Nov 10:00 with Dana." in said
    )
    assert "Nothing has become of any 1:1 with them yet;" in at_rest("history", "dana").out
    assert "more entries" in said


def test_whoever_is_on_no_record_is_answered_with_who_is(at_rest):
    for asked in (("history", "nobody"), ("open", "nobody"), ("forget", "nobody", "--yes")):
        said = at_rest(*asked)
        assert said.code == 1
        assert "Nothing is known of “nobody”." in said.err
        assert "Dana" in said.err
    assert at_rest.ask("history", "nobody")["changes"] == []


def test_somebody_whom_only_the_ledger_knows_is_known(at_rest):
    """Records are dropped after three months, entries are not."""
    store = Store(at_rest.state)
    store.commit(replace(store.state(), records={}, artefacts=Artefacts()), [])
    said = at_rest("open", "dana")
    assert (said.code, "There is no prep page for “dana”" in said.err) == (1, True)
    assert "Nothing is known of “nobody”" in at_rest("open", "nobody").err
    assert at_rest("history", "dana").code == 0
