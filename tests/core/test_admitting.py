"""What is told of 1:1s that were not on record."""

from __future__ import annotations

import pytest

from connectors.values import Series
from daemon.core.model import By, Kind, State
from tests.build import (
    DAY,
    HOUR,
    NOW,
    WEEK,
    at,
    cancelled,
    event,
    look,
    moved,
    occurrence,
    record,
    weekly,
)
from tests.core.judging import NO, judged, only


def test_the_first_read_tells_of_the_past_what_it_became_and_of_the_future_that_it_is_scheduled():
    dates = weekly("11-03 10:00", 4)
    outcome = judged([], look(*dates, since=None))
    assert [(c.kind, c.backfilled) for c in outcome.changes] == [
        (Kind.SCHEDULED, False),
        *[(Kind.HELD, True)] * 3,
    ]


def test_the_first_read_finds_moved_and_cancelled_dates_of_the_past():
    was_moved = occurrence("11-05 10:00", original="11-03 10:00")
    gone = cancelled(occurrence("11-10 10:00", updated=at("11-09 10:00")))
    outcome = judged([], look(was_moved, gone, occurrence("11-17 10:00"), since=None))
    assert [(c.kind, c.by, c.backfilled) for c in outcome.changes] == [
        (Kind.RESCHEDULED, By.THEM, True),
        (Kind.CANCELLED, By.THEM, True),
        (Kind.HELD, None, True),
        (Kind.HELD, None, True),
    ]


def test_cancelled_remains_of_a_series_that_ended_were_cancelled_by_nobody():
    """Calendars keep them; nobody ever saw them alive, and the series stands on no later date."""
    standing = weekly("11-24 10:00", 2)
    remains = [cancelled(d) for d in weekly("12-08 10:00", 3)]
    assert judged([record(d) for d in standing], look(*remains)).changes == ()
    assert judged([], look(*remains, since=None)).records == ()


def test_cancelled_remains_of_the_time_that_a_series_had_before_were_cancelled_by_nobody():
    now_at = weekly("11-26 10:00", 4)
    remains = [cancelled(d) for d in weekly("11-24 10:00", 3)]
    assert judged([record(d) for d in now_at], look(*remains)).changes == ()


def test_a_date_that_comes_into_view_cancelled_is_told_once_its_series_stands_on_a_later_one():
    gone = cancelled(occurrence("12-01 10:00", updated=NOW - 20 * DAY))
    on_it = record(occurrence("11-24 10:00"))
    assert judged([on_it], look(gone)).changes == ()
    outcome = judged([on_it], look(gone, occurrence("12-08 10:00")))
    told = next(c for c in outcome.changes if c.kind is Kind.CANCELLED)
    assert told.notice_minutes == (8 + 20) * 24 * 60 + 120, "from the act, not from when it came into view"


def test_dates_that_were_over_when_their_series_was_cancelled_were_held():
    dates = weekly("11-17 10:00", 3)
    all_gone = [cancelled(d, updated=NOW - HOUR) for d in dates]
    outcome = judged(
        [record(d) for d in dates],
        look(*all_gone, series=(Series("s1", live=False),), since=NOW - WEEK),
    )
    assert [(c.kind, (c.was or c.now_at).start) for c in outcome.changes] == [
        (Kind.SERIES_ENDED, at("11-24 10:00")),
        (Kind.HELD, at("11-17 10:00")),
    ]


def test_an_event_that_is_older_than_what_is_at_hand_begins_entries_of_its_own():
    """Its ids of a time long past stand in the ledger, which nobody reads in a cycle."""
    once = judged([], look(event("11-24 10:00", created=NOW)))
    comes_back = event("12-24 10:00", created=NOW)
    a_year_later = judged(
        [],
        look(moved(comes_back, "2027-12-24 10:00"), now=at("2027-12-20 10:00"), since=at("2027-12-19 10:00")),
    )
    assert only(a_year_later).one_on_one != only(once).one_on_one


def test_an_event_that_ended_when_the_last_look_was_taken_was_not_there_then():
    assert judged([], look(event("11-22 07:30"), since=at("11-22 08:00"))).records == ()
    assert judged([], look(event("11-22 07:31"), since=at("11-22 08:00"))).records != ()


def test_one_never_seen_alive_that_was_removed_when_it_was_over_was_not_cancelled():
    for updated, told in (("11-20 10:30", []), ("11-20 10:29", [Kind.CANCELLED])):
        gone = cancelled(event("11-20 10:00", updated=at(updated)))
        assert [c.kind for c in judged([], look(gone, since=None)).changes] == told


def test_a_decline_that_the_first_read_finds_in_the_past_has_no_notice_where_it_came_too_late():
    for updated, notice in (("11-20 12:00", None), ("11-20 10:00", 0), ("11-20 08:00", 120)):
        declined = event("11-20 10:00", me=NO, updated=at(updated))
        (change,) = judged([], look(declined, since=None)).changes
        assert (change.kind, change.notice_minutes, change.backfilled) == (Kind.DECLINED, notice, True)


BIWEEKLY = [occurrence(at("11-24 10:00") + n * 2 * WEEK) for n in range(4)]


@pytest.mark.parametrize(
    ("remains", "counts"),
    [("12-01 10:00", False), ("12-29 10:00", False), ("12-22 11:00", False), ("12-08 10:00", True)],
    ids=["between two", "before the last", "another hour", "in step"],
)
def test_where_a_series_stands_on_three_dates_their_rhythm_tells_what_was_a_date_of_it(remains, counts):
    standing = [d for d in BIWEEKLY if d.start != at(remains)]
    gone = cancelled(occurrence(remains, id="remains"))
    outcome = judged([record(d) for d in standing], look(gone))
    assert [c.kind for c in outcome.changes] == ([Kind.CANCELLED] if counts else [])


def test_dates_of_a_series_that_ended_before_make_no_date_of_what_is_left_of_it():
    ended = [record(d, state=State.ENDED) for d in weekly("12-08 10:00", 2)]
    assert judged(ended, look(cancelled(occurrence("12-01 10:00")))).changes == ()
