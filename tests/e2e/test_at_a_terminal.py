"""Tables at a terminal: what a narrow one has no room for stands below, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.e2e.at_work import at


@pytest.fixture
def busy(at_rest, dana, alex):
    """Dana moved the first 1:1, Alex declined the second, and has other meetings all the morning of the third."""
    dana.move(at_rest.meeting("11-03 10:00"), at("11-03 12:00"))
    alex.respond(at_rest.meeting("11-10 10:00"), "declined")
    alex.schedule("Workshop", at("11-17 06:00"), minutes=4 * 60)
    at_rest.clock.set(at("11-04 08:00"))
    at_rest.settle()
    return at_rest


def below(lines, row):
    """The row that holds this, and the line that follows it."""
    number = next(n for n, line in enumerate(lines) if row in line)
    return lines[number], lines[number + 1].strip()


def test_a_narrow_agenda_says_the_answer_below_and_a_wide_one_beside(busy):
    narrow, wide = busy.at_terminal("agenda", columns=60), busy.at_terminal("agenda")
    row, said = below(narrow, "Tue 10 Nov")
    assert ("declined" in row, said) == (False, "declined")
    row, said = below(wide, "Tue 10 Nov")
    assert ("declined" in row, said.startswith("Tue 17 Nov")) == (True, True)
    assert max(map(len, narrow)) <= 60


def test_a_slot_that_overlaps_is_said_below_at_a_terminal_and_in_the_row_where_it_is_piped(busy):
    row, said = below(busy.at_terminal("agenda", "--days", "20"), "Tue 17 Nov")
    assert (" 09:50 " in row, said) == (True, "its slot overlaps something else")
    assert "09:50 (overlaps)" in busy("agenda", "--days", "20").out


def test_a_narrow_history_says_below_where_a_1_1_went(busy):
    row, said = below(busy.at_terminal("history", columns=60), "moved by them")
    assert row.endswith("Tue  3 Nov 10:00")
    assert said.startswith("→ Tue 3 Nov 12:00; presumed: the same event has")
    row, said = below(busy.at_terminal("history"), "moved by them")
    assert row.endswith("Tue  3 Nov 10:00 → Tue  3 Nov 12:00")
    assert said.startswith("presumed: the same event has a new time")
    assert any("noticed Wed 4 Nov 08:" in line for line in busy.at_terminal("history"))
