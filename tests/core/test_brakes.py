"""When prepd stops and asks: a calendar that is suddenly empty, too much at once, a clock that was wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.values import Delta, Tombstone, Window
from daemon.core import brakes
from daemon.core.ledger.classify import Outcome
from daemon.core.model import Change, Kind, State
from tests.build import DANA, DAY, HOUR, NOW, WEEK, event, record

COMING = [record(event(NOW + n * DAY, id=f"e{n}")) for n in range(1, 6)]
NOTHING = Delta(Window(NOW - WEEK, NOW + WEEK), complete=True)


def emptied(delta=NOTHING, records=COMING):
    return brakes.emptied(delta, records, NOW)


def test_a_calendar_that_shows_nothing_where_five_were_to_come_stops_prepd_and_says_what_to_do():
    assert "5 1:1s to come" in emptied()
    assert "`prepd sync --accept`" in emptied()


def test_four_may_be_gone_at_once():
    assert emptied(records=COMING[1:]) is None


@pytest.mark.parametrize(
    "other", [replace(COMING[0], state=State.CANCELLED), record(event(NOW - DAY, id="over"))]
)
def test_only_those_that_stand_and_are_to_come_count(other):
    assert emptied(records=[*COMING[1:], other]) is None


@pytest.mark.parametrize(
    "delta",
    [
        replace(NOTHING, complete=False),
        replace(NOTHING, events_read=1),
        replace(NOTHING, items=(event(NOW + DAY, id="e1"),)),
    ],
    ids=["not the whole of it", "something else is there", "one was found by its id"],
)
def test_where_something_is_there_or_could_not_be_seen_the_calendar_is_not_empty(delta):
    assert emptied(delta) is None


def test_bare_tombstones_are_nothing():
    assert emptied(replace(NOTHING, items=tuple(Tombstone(r.event_id) for r in COMING)))


# --- too much at once ------------------------------------------------------------------------------------


def entry(one, kind=Kind.CANCELLED, **more):
    return Change(f"{one.id}.1", one.id, one.account, DANA, "Dana", kind, NOW, "why", **more)


def turned_over(*changes, records=(), before=COMING, most=1):
    known = {r.id: r for r in before}
    return brakes.turned_over(known, Outcome(tuple(records), changes, ()), "work", most)


def test_one_more_than_may_be_recorded_at_once_stops_prepd():
    told = [entry(one) for one in COMING]
    assert turned_over(*told[:1]) is None
    assert "2 1:1s would be recorded" in turned_over(*told[:2])
    assert turned_over(*told, most=5) is None


@pytest.mark.parametrize("kind", Kind)
def test_what_counts_is_what_moves_or_takes_away(kind):
    counts = {"rescheduled", "cancelled", "reinstated", "no_longer_one_on_one", "series_ended"}
    assert bool(turned_over(*(entry(one, kind) for one in COMING))) is (kind.value in counts)


def test_a_one_on_one_counts_once_however_much_is_told_of_it():
    one = COMING[0]
    assert turned_over(entry(one), entry(one, Kind.REINSTATED), records=[moved(one)]) is None


def test_what_the_first_read_finds_in_the_past_does_not_count():
    assert turned_over(*(entry(one, backfilled=True) for one in COMING)) is None


def test_another_accounts_do_not_count():
    assert turned_over(*(entry(replace(one, account="client")) for one in COMING)) is None


def moved(one):
    return replace(one, start=one.start + HOUR, end=one.end + HOUR)


@pytest.mark.parametrize(
    "after", [moved, lambda one: replace(one, state=State.ENDED)], ids=["moved", "ended"]
)
def test_dates_of_a_series_that_follow_it_without_an_entry_of_their_own_count(after):
    assert turned_over(records=[after(one) for one in COMING[:2]])
    assert turned_over(records=[after(one) for one in COMING[:1]]) is None


def test_new_ones_and_what_was_cancelled_before_do_not_count_nor_does_another_title():
    assert turned_over(records=COMING, before=()) is None
    assert turned_over(records=[replace(one, title="Catch-up") for one in COMING]) is None
    gone = [replace(one, state=State.CANCELLED) for one in COMING]
    assert turned_over(records=[moved(one) for one in gone], before=gone) is None
