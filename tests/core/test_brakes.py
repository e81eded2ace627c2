"""When prepd stops and asks before it records anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.values import Delta, Tombstone, Window
from daemon.core.brakes import emptied, turned_over
from daemon.core.model import State
from tests.build import (
    DAY,
    NOW,
    at,
    cancelled,
    event,
    look,
    moved,
    on_record,
    record,
    weekly,
)
from tests.core.judging import after, gone_all, judged

FIVE = [record(d) for d in weekly("11-24 10:00", 5)]
NOTHING = Delta(Window(NOW, NOW + 60 * DAY), complete=True)


# --- a calendar that is suddenly empty --------------------------------------------------------------------


def test_a_full_read_that_shows_nothing_where_five_were_to_come_is_taken_for_a_fault():
    why = emptied(NOTHING, FIVE, NOW)
    assert "though 5 1:1s to come were on it" in why
    assert "prepd sync --accept" in why
    assert emptied(NOTHING, FIVE[1:], NOW) is None


@pytest.mark.parametrize(
    "change", [{"state": State.CANCELLED}, {"state": State.DECLINED}, {"end": NOW}], ids=str
)
def test_only_what_stands_and_is_to_come_counts(change):
    assert emptied(NOTHING, [*FIVE[1:], replace(FIVE[0], **change)], NOW) is None


@pytest.mark.parametrize(
    "shown",
    [
        {"complete": False},
        {"events_read": 1},
        {"items": (cancelled(event()),)},
    ],
    ids=["what changed alone", "an event of whatever kind", "asked for by its id"],
)
def test_a_read_that_shows_anything_or_not_all_is_no_fault(shown):
    assert emptied(replace(NOTHING, **shown), FIVE, NOW) is None


def test_bare_words_that_all_is_gone_are_no_sign_of_life():
    gone = replace(NOTHING, items=tuple(Tombstone(r.event_id, absent=True) for r in FIVE))
    assert emptied(gone, FIVE, NOW) is not None


# --- a cycle that would turn too much over ----------------------------------------------------------------

ONES = [record(event(f"11-{24 + n} 10:00", id=f"e{n}")) for n in range(3)]


def stopped(records, *looks, most, account="work"):
    outcome = judged(records, *looks)
    return turned_over(on_record(*records), outcome, account, most)


def test_more_than_so_many_moves_and_cancellations_stop_it():
    shown = look(cancelled(event("11-24 10:00", id="e0")), moved(event(id="e1"), "11-30 10:00"))
    assert stopped(ONES, shown, most=2) is None
    why = stopped(ONES, shown, most=1)
    assert "2 1:1s would be recorded" in why
    assert "sync.max_changes is 1" in why


def test_new_one_on_ones_and_what_was_held_are_not_counted():
    held = record(event("11-23 07:00", id="over"))
    assert stopped([held], look(event(), event("11-26 10:00", id="b")), most=0) is None


def test_what_is_reinstated_is_counted():
    gone = replace(ONES[0], state=State.CANCELLED, closing_change="x.2")
    assert stopped([gone], look(event("11-24 10:00", id="e0")), most=0) is not None


def test_each_date_of_a_series_that_moves_or_ends_is_counted_though_it_has_no_entry():
    dates = weekly("11-24 10:00", 4)
    records = [record(d) for d in dates]
    for shown in (look(Tombstone("s1")), look(*gone_all(dates), *weekly("11-25 14:00", 4))):
        assert len(judged(records, shown).changes) == 1
        assert "4 1:1s" in stopped(records, shown, most=3)
        assert stopped(records, shown, most=4) is None


def test_each_account_is_counted_by_itself():
    mine, other = record(), record(event(id="o"), account="client")
    shown = [look(cancelled(event())), look(cancelled(event(id="o")), account="client")]
    assert stopped([mine, other], *shown, most=1) is None
    assert stopped([mine, other], *shown, most=0, account="client") is not None


def test_what_the_first_read_finds_in_the_past_is_not_counted():
    found = look(cancelled(event("11-20 10:00", updated=at("11-19 10:00"))), since=None)
    assert judged([], found).changes != ()
    assert stopped([], found, most=0) is None


def test_a_new_length_or_title_turns_nothing_over():
    records = [record()]
    longer = look(event(title="Dana", minutes=45))
    assert after(records, judged(records, longer)) != records
    assert stopped(records, longer, most=0) is None


def test_one_that_was_dragged_about_when_it_was_over_turns_nothing_over():
    over = record(event("11-21 10:00"), state=State.OVER)
    assert stopped([over], look(event("11-20 10:00"), since=NOW - DAY), most=0) is None
