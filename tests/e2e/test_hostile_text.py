"""Text of other people's, in what the commands show: nothing of it reaches a terminal but what can be read."""

from __future__ import annotations

import unicodedata

import pytest

from tests.e2e.at_work import at

EVIL = "Ann \x1b[31mred\x1b]0;x\x07 \u202egnp\u2066 <b>x</b> **y**\r\n\u2028\x9b2J\x00 " + "z" * 10_000
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.fixture
def met(prepd, google, alex):
    ann = google.account("ann@example.com", name=EVIL)
    guests = [
        {"email": "ann@example.com", "displayName": EVIL, "responseStatus": "accepted"},
        {"email": "alex@example.com", "responseStatus": "accepted"},
    ]
    ann.schedule(f"1:1 {EVIL}", at("11-03 10:00"), attendees=guests, rule="FREQ=WEEKLY;COUNT=3")
    return prepd


COMMANDS = [
    "sync",
    "agenda",
    "history",
    "report",
    "status",
    "explain 1:1",
    "history ann",
    "clean",
    "resume",
    "forget ann --yes",
]


def test_no_command_shows_what_cannot_be_read(met):
    for command in COMMANDS:
        said = met(*command.split())
        shown = said.out + said.err
        assert ("Ann" in shown) is (command != "resume"), command
        for line in shown.splitlines():
            odd = [c for c in line if unicodedata.category(c) in UNSEEN]
            assert odd == [], command
            assert len(line) < 1500, command
        assert "ran into a bug" not in said.err


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_at_a_terminal_it_stays_in_its_columns(met, columns):
    for command in ("sync", "agenda", "history", "history --all", "report", "status", "clean --dry-run"):
        lines = met.at_terminal(*command.split(), columns=columns)
        assert any("Ann" in line for line in lines), command
        for line in lines:
            assert not {unicodedata.category(c) for c in line} & UNSEEN, command
            assert len(line) <= columns, command


def test_json_says_it_as_it_is_and_is_json(met):
    met.ask("sync")
    (first, *_) = met.agenda()
    assert first["title"].startswith("1:1 Ann")
    assert first["person"]["email"] == "ann@example.com"
    assert met.ask("history")["changes"]
