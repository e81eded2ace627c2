"""Names by which people are told apart, and that can be put anywhere."""

import pytest

from daemon.core.names import ambiguous, distinct, in_full, legible, plain

A, B, C = "ann@a.example", "ann@b.example", "cy@example.com"


def test_whose_name_is_theirs_alone_is_shown_by_it():
    assert distinct({A: "Ann Lee", C: "Cy"}) == {A: "Ann Lee", C: "Cy"}


@pytest.mark.parametrize(
    "alike", ["ann  LEE", "Ann\u200b Lee", "\uff21nn Lee", "Ann\tLee"], ids=["case", "unseen", "width", "tab"]
)
def test_names_that_look_the_same_are_shown_with_their_addresses(alike):
    assert ambiguous({A: "Ann Lee", B: alike, C: "Cy"}) == {A, B}
    assert distinct({A: "Ann Lee", B: alike})[A] == "Ann Lee (ann@a.example)"


def test_a_name_that_was_told_apart_reads_back_plain():
    assert plain(in_full("Ann Lee", A), A) == "Ann Lee"
    assert plain("Ann Lee", A) == "Ann Lee"
    assert plain(in_full("Ann Lee", A), B) == "Ann Lee (ann@a.example)"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann  Lee ", "Ann Lee"),
        ("Ann\r\nLee\u2028x", "Ann Lee x"),
        ("Ann\u202egpj.exe", "Anngpj.exe"),
        ("\x1b[31mAnn", "[31mAnn"),
        ("अन्\u200dना", "अन्\u200dना"),
        ("\u200d\u200b\u2060", ""),
        ("\u200d", ""),
        ("", ""),
    ],
)
def test_a_legible_name_is_on_one_line_and_all_of_it_can_be_seen(name, shown):
    assert legible(name) == shown
