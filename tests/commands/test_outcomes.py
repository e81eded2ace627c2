"""Work that waits is told by reason."""

from __future__ import annotations

from daemon.commands.outcomes import Told, waiting

AWAY = "the account work can't be reached now"


def test_little_is_told_with_what_and_for_whom():
    two = [Told("prep page opened", "Dana, Tue  3 Nov 10:00", AWAY), Told("reflection slot", "", "why")]
    assert waiting(two) == [("prep page opened (Dana, Tue 3 Nov 10:00)", AWAY), ("reflection slot", "why")]


def test_much_that_waits_for_the_same_is_one_line():
    assert waiting([Told("reflection slot", "Dana", AWAY)] * 16) == [("16 things wait", AWAY)]
