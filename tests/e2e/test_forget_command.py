"""prepd forget, as its user calls it."""

from __future__ import annotations

import io
import sys

import pytest

from tests.e2e.at_work import at


@pytest.fixture
def two(at_rest, sam, alex):
    """With another person on record, who has the same first letters."""
    sam.schedule("1:1 Sam / Alex", at("11-04 11:00"), guests=[alex], weekly=True)
    at_rest.settle()
    return at_rest


class Keyboard(io.StringIO):
    def isatty(self):
        return True


def tells_of(prepd, *words):
    """The files of the state directory that hold any of these words, in whatever case."""
    return [
        name for name, content in prepd.files().items() if any(w.encode() in content.lower() for w in words)
    ]


def test_a_person_is_gone_from_every_file_and_the_others_stay(two):
    assert tells_of(two, "dana", "reyes") != []
    said = two("forget", "dana@example.com", "--yes")
    assert said.code == 0, said
    assert "Forgotten: Dana (dana@example.com): 9 1:1s and 9 entries of the ledger." in said.out
    assert "1 prep document and 2 reflection slots" in said.out
    assert 'email = "dana@example.com"  one_on_one = false' in said.out
    assert tells_of(two, "dana", "reyes") == []
    people = {c["person"]["email"] for c in two.ask("history")["changes"]}
    assert people == {"sam@example.com"}
    slots = two.slots()
    two.settle()
    assert two.slots() == slots
    assert "dana@example.com" in {c["person"]["email"] for c in two.ask("history")["changes"]}


def test_reports_that_left_the_machine_are_named(two):
    assert "weekly report" not in two("forget", "sam", "--yes").out
    two.configure('[report]\ndeliver = ["file", "calendar"]\n')
    assert two("report", "--deliver").code == 0
    said = two("forget", "dana", "--yes").out
    assert "1 weekly report on your calendar may tell of them: delete what does" in said
    assert "and 1 delivered report. Backups went too." in said
    assert "notification services" not in said


@pytest.mark.parametrize("given", ["dana", "DANA@EXAMPLE.COM", "dan", " Dana  "])
def test_an_address_or_part_of_a_name_will_do(two, given):
    assert two("forget", given, "--yes").code == 0
    assert tells_of(two, "dana") == []


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ("example", 2, "may be Dana (dana@example.com), sam@example.com"),
        ("kim", 1, "Nothing is known of “kim”. On record: Dana (dana@example.com), sam@example.com"),
        ("", 1, "Nothing is known of “”"),
        ("\x1b[31mx\u202e", 1, "Nothing is known of “x”"),
    ],
)
def test_who_is_meant_must_be_clear(two, given, code, said):
    before = two.files()
    told = two("forget", given, "--yes")
    assert (told.code, said in told.err) == (code, True), told
    assert two.files() == before


def test_nobody_on_record_is_nothing_to_forget(prepd):
    told = prepd("forget", "dana", "--yes")
    assert (told.code, told.err) == (1, "prepd: Nobody is on record, so there is nothing to forget.\n")


def test_without_a_terminal_and_without_yes_it_says_what_to_do(two, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    before = two.files()
    told = two("forget", "dana")
    assert told.code == 2
    assert "--yes" in told.err
    assert two.files() == before


@pytest.mark.parametrize(
    ("answer", "gone"), [("y\n", True), ("yes\n", True), ("\n", False), ("", False), ("no", False)]
)
def test_it_asks_and_shows_how_much_there_is(two, monkeypatch, answer, gone):
    monkeypatch.setattr(sys, "stdin", Keyboard(answer))
    told = two("forget", "dana")
    assert told.code == (0 if gone else 1)
    assert "Dana (dana@example.com): 9 1:1s and 9 entries of the ledger." in told.out
    assert (tells_of(two, "dana") == []) is gone


def test_delivered_reports_that_mention_them_go_too(two):
    two.clock.advance(days=4, hours=10)
    two.sync()
    two("report", "--deliver")
    about = [name for name in tells_of(two, "dana") if name.startswith("reports/")]
    assert about != []
    assert two("forget", "dana", "--yes").code == 0
    assert tells_of(two, "dana", "reyes") == []


def test_whom_the_config_keeps_away_is_told_so_and_stays_away(two):
    config = two.config.read_text().replace('role = "manager"', 'role = "manager"\none_on_one = false')
    two.config.write_text(config)
    two.clock.advance(days=1)
    two.sync()
    said = two("forget", "dana", "--yes")
    assert "The config keeps them away" in said.out
    two.clock.advance(days=1)
    two.settle()
    assert tells_of(two, "dana", "reyes") == []
