"""Two people of one name: every table and sentence tells them apart, and JSON has the plain name beside the address."""

from __future__ import annotations

import pytest

from tests.e2e.at_work import at

FULL = {f"Dana Reyes (dana@{where}.example)" for where in ("a", "b")}


@pytest.fixture
def danas(prepd, google, alex):
    """A Dana Reyes on Tuesday, another one on Wednesday: both cancel the first of two 1:1s."""
    people = (f'[[person]]\nemail = "dana@{where}.example"\nname = "Dana Reyes"\n' for where in ("a", "b"))
    prepd.configure(more="".join(people))
    for where, day in (("a", "11-03"), ("b", "11-04")):
        dana = google.account(f"dana@{where}.example", name="Dana Reyes", time_zone="Europe/London")
        dana.schedule("1:1", at(f"{day} 10:00"), guests=[alex])
        dana.schedule("1:1", at(f"{day} 14:00"), guests=[alex])
    prepd.settle()
    dana.cancel(next(e["id"] for e in dana.events(at("11-04 09:00"), at("11-04 11:00"))))
    google.account("dana@a.example").cancel(prepd.meeting("11-03 10:00"))
    return prepd


def named(said):
    """Those of the two whom a text tells apart."""
    return {name for name in FULL if name in said}


def test_what_was_noticed_and_done_says_of_which_one(danas):
    said = danas("sync")
    assert (said.code, named(said.out)) == (0, FULL)
    noticed, done = said.out.split("Done")
    assert (named(noticed), named(done)) == (FULL, FULL)


def test_agenda_and_history_tell_them_apart_where_they_are_piped(danas):
    danas.settle()
    for words in (("agenda",), ("history",), ("history", "--all")):
        assert named(danas(*words).out) == FULL, words


def test_at_a_terminal_the_address_stands_below(danas):
    danas.settle()
    for words in (("agenda",), ("history",), ("history", "--all")):
        lines = danas.at_terminal(*words)
        rows = [n for n, line in enumerate(lines) if "Dana Reyes" in line]
        assert {lines[n + 1].split()[0].strip(";,") for n in rows} == {"dana@a.example", "dana@b.example"}, (
            words
        )
        assert max(map(len, lines)) <= 80


def test_status_explain_mark_and_clean_tell_of_whom_they_speak(danas):
    danas.settle()
    assert "with Dana Reyes (dana@a.example)" in danas("status").out
    one = next(c for c in danas.history() if c["person"]["email"] == "dana@b.example")
    assert "Recorded: Dana Reyes (dana@b.example), " in danas("mark", one["one_on_one"], "excused").out
    assert named(danas("clean", "--dry-run").out) == FULL


def test_json_has_the_plain_name(danas):
    danas.settle()
    assert {e["person"]["name"] for e in danas.agenda()} == {"Dana Reyes"}
    assert {c["person"]["name"] for c in danas.history()} == {"Dana Reyes"}
