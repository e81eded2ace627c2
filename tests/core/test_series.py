"""Series that are moved, split, thinned out or ended: one change, and not one for each date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest

from connectors.values import Rhythm, Series, Tombstone
from daemon.core.model import By, How, Kind, Scope, State
from tests.build import (
    DANA,
    HOUR,
    ME,
    NOW,
    at,
    cancelled,
    look,
    moved,
    occurrence,
    record,
    times,
    weekly,
)
from tests.core.judging import after, gone_all, judged, only, state, summary


def test_a_series_cancelled_as_a_whole_is_one_change():
    dates = weekly("11-24 10:00", 4)
    outcome = judged(
        [record(d) for d in dates],
        look(*gone_all(dates), Tombstone("s1"), series=(Series("s1", live=False),)),
    )
    change = only(outcome)
    assert (change.kind, change.scope, change.by, change.was) == (
        Kind.SERIES_ENDED,
        Scope.SERIES,
        By.UNKNOWN,
        times("11-24 10:00"),
    )
    assert set(state(outcome)) == {State.ENDED}


def test_a_series_tombstone_alone_ends_it():
    dates = weekly("11-24 10:00", 4)
    assert only(judged([record(d) for d in dates], look(Tombstone("s1")))).kind is Kind.SERIES_ENDED


def test_a_series_that_is_cut_ends_at_its_first_lost_date():
    dates = weekly("11-24 10:00", 4)
    cut = Series("s1", live=True, until=at("12-05 00:00"))
    outcome = judged([record(d) for d in dates], look(*gone_all(dates[2:]), series=(cut,)))
    assert (only(outcome).kind, only(outcome).was) == (Kind.SERIES_ENDED, times("12-08 10:00"))


def test_several_dates_cancelled_in_one_act_are_a_cancellation_each():
    dates = weekly("11-24 10:00", 4)
    outcome = judged(
        [record(d) for d in dates],
        look(*(cancelled(d) for d in dates[:2])),
    )
    assert summary(outcome) == [(Kind.CANCELLED, None, By.THEM)] * 2


def test_the_last_known_dates_of_a_series_that_goes_on_are_cancelled_one_by_one():
    dates = weekly("11-24 10:00", 4)
    goes_on = Series("s1", live=True)
    outcome = judged([record(d) for d in dates], look(*(cancelled(d) for d in dates[2:]), series=(goes_on,)))
    assert [c.kind for c in outcome.changes] == [Kind.CANCELLED, Kind.CANCELLED]


def test_a_series_made_biweekly_in_place_is_one_move_to_the_next_date_left():
    dates = weekly("11-24 10:00", 6)
    biweekly = Series("s1", live=True, rhythm=Rhythm(date(2026, 11, 24), UTC, weeks=2))
    outcome = judged([record(d) for d in dates], look(*gone_all(dates[1::2]), series=(biweekly,)))
    change = only(outcome)
    assert (change.how, change.scope, change.by) == (How.MOVED, Scope.SERIES, By.THEM)
    assert (change.was, change.now_at) == (times("12-01 10:00"), times("12-08 10:00"))
    assert [(r.state, r.closing_change) for r in outcome.records] == [(State.ENDED, change.id)] * 3
    assert {r.id: r.changes for r in outcome.records}[change.one_on_one] == 2


def test_what_a_thinner_series_still_has_was_cancelled_and_what_was_declined_stays_so():
    dates = weekly("11-24 10:00", 6)
    biweekly = Series("s1", live=True, rhythm=Rhythm(date(2026, 11, 24), UTC, weeks=2))
    records = [record(d) for d in dates]
    records[1] = replace(records[1], state=State.DECLINED, closing_change="x.2", closed_by=By.ME)
    outcome = judged(records, look(*gone_all(dates[1:4]), series=(biweekly,)))
    assert sorted((c.kind, c.was) for c in outcome.changes) == [
        (Kind.CANCELLED, times("12-08 10:00")),
        (Kind.RESCHEDULED, times("12-15 10:00")),
    ]
    declined = next(r for r in outcome.records if r.start == records[1].start)
    assert (declined.state, declined.closing_change) == (State.ENDED, "x.2")


def test_this_and_following_moved_to_a_new_series_is_one_move():
    dates = weekly("11-24 10:00", 4)
    tail = weekly("12-03 15:00", 3, series="s1_R20261203T150000")
    outcome = judged(
        [record(d) for d in dates],
        look(*gone_all(dates[1:]), *tail, series=(Series("s1", live=True, until=at("11-30 00:00")),)),
    )
    change = only(outcome)
    assert (change.kind, change.how, change.scope, change.by) == (
        Kind.RESCHEDULED,
        How.MOVED,
        Scope.SERIES,
        By.THEM,
    )
    assert (change.was, change.now_at) == (times("12-01 10:00"), times("12-03 15:00"))
    assert {r.id for r in outcome.records} == {record(d).id for d in dates[1:]}
    assert [r.start for r in outcome.records] == [t.start for t in tail]


def test_a_split_that_changes_no_time_is_no_change():
    dates = weekly("11-24 10:00", 4)
    tail = weekly("12-01 10:00", 3, series="s1_R20261201T100000", title="Renamed")
    cut = Series("s1", live=True, until=at("11-30 00:00"))
    outcome = judged([record(d) for d in dates], look(*gone_all(dates[1:]), *tail, series=(cut,)))
    assert outcome.changes == ()
    assert {r.series_id for r in outcome.records} == {"s1_R20261201T100000"}


def test_a_whole_series_moved_under_new_ids_is_one_move():
    dates = weekly("11-24 10:00", 4)
    new = weekly("11-25 14:00", 4)
    outcome = judged(
        [record(d) for d in dates], look(*gone_all(dates), *new, series=(Series("s1", live=True),))
    )
    assert (only(outcome).how, only(outcome).scope) == (How.MOVED, Scope.SERIES)
    assert [r.event_id for r in outcome.records] == [n.id for n in new]


def test_a_whole_series_moved_and_moved_back_is_two_moves():
    dates = weekly("11-24 10:00", 4)
    new = weekly("11-25 14:00", 4)
    goes_on = (Series("s1", live=True),)
    records = [record(d) for d in dates]
    away = judged(records, look(*gone_all(dates), *new, series=goes_on))
    back = judged(
        after(records, away),
        look(*gone_all(new), *dates, series=goes_on, now=NOW + HOUR, since=NOW),
    )
    assert (only(back).how, only(back).scope, only(back).now_at) == (
        How.MOVED,
        Scope.SERIES,
        times("11-24 10:00"),
    )
    assert {r.id for r in back.records} == {r.id for r in records}


def test_what_is_left_of_the_old_ids_is_no_news():
    dates = weekly("11-24 10:00", 4)
    new = weekly("11-25 14:00", 4)
    records = [record(d) for d in dates]
    away = judged(records, look(*(cancelled(d) for d in dates), *new))
    later = judged(
        after(records, away), look(*(cancelled(d) for d in dates), *new, now=NOW + HOUR, since=NOW)
    )
    assert (later.changes, later.records) == ((), ())


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_date_cancelled_after_its_whole_series_was_moved_is_cancelled_and_the_others_moved(lost):
    old = weekly("11-24 10:00", 3)
    new = weekly("11-24 12:00", 3)
    new[lost] = cancelled(new[lost])
    outcome = judged([record(d) for d in old], look(*(Tombstone(d.id) for d in old), *new))
    assert sorted(summary(outcome)) == [
        (Kind.CANCELLED, None, By.THEM),
        (Kind.RESCHEDULED, How.MOVED, By.THEM),
    ]
    (gone,) = [c for c in outcome.changes if c.kind is Kind.CANCELLED]
    assert gone.was == times(f"{old[lost].start:%m-%d} 10:00")
    assert sum(r.state is State.STANDING for r in outcome.records) == 2


def test_a_series_shortened_while_it_moves_ends_the_dates_that_are_left_over():
    dates = weekly("11-24 10:00", 4)
    new = weekly("11-25 14:00", 2)
    outcome = judged([record(d) for d in dates], look(*gone_all(dates), *new))
    assert only(outcome).scope is Scope.SERIES
    assert sorted(state(outcome)) == [State.ENDED, State.ENDED, State.STANDING, State.STANDING]


def test_a_series_made_less_frequent_is_one_change():
    dates = weekly("11-24 10:00", 4)
    every_other = [occurrence(d.start, series="s2") for d in dates[::2]]
    outcome = judged([record(d) for d in dates], look(*gone_all(dates), *every_other, Tombstone("s1")))
    assert len(outcome.changes) == 1


def test_dates_that_only_come_into_view_do_not_stand_for_a_cancelled_one():
    last, next_one = occurrence("11-24 10:00"), occurrence("12-01 10:00")
    outcome = judged([record(last)], look(cancelled(last), next_one, series=(Series("s1", live=True),)))
    assert [(c.kind, c.by) for c in outcome.changes] == [(Kind.CANCELLED, By.THEM), (Kind.SCHEDULED, None)]


def test_another_series_does_not_continue_one_that_goes_on():
    last = occurrence("11-24 10:00")
    new = weekly("11-26 10:00", 3, series="s2")
    outcome = judged([record(last)], look(cancelled(last), *new, series=(Series("s1", live=True),)))
    assert [c.kind for c in outcome.changes] == [Kind.CANCELLED] + [Kind.SCHEDULED] * 3


def test_another_series_does_not_continue_one_whose_end_did_not_come_nearer():
    """Its last date was cancelled, in the hour in which the other series was made."""
    dates = weekly("11-24 10:00", 2)
    other = weekly("11-26 11:00", 2, series="s2")
    reaches = Series("s1", True, until=at("12-01 10:00"))
    outcome = judged([record(d) for d in dates], look(cancelled(dates[1]), *other, series=(reaches,)))
    assert (Kind.CANCELLED, None, By.THEM) in summary(outcome)
    assert [c.kind for c in outcome.changes].count(Kind.RESCHEDULED) == 0


def test_a_date_that_was_moved_beyond_the_end_of_its_series_is_cancelled_by_itself():
    first, second = weekly("11-24 10:00", 2)
    late = moved(second, "12-03 10:00")
    reaches = Series("s1", True, until=at("12-01 23:59"))
    outcome = judged([record(first), record(late)], look(cancelled(late), series=(reaches,)))
    assert summary(outcome) == [(Kind.CANCELLED, None, By.THEM)]


@pytest.mark.parametrize(("one", "other", "by"), [(ME, DANA, By.ME), (DANA, ME, By.THEM)])
def test_a_series_of_the_other_one_continues_none_and_its_maker_is_not_blamed(one, other, by):
    dates = weekly("11-24 10:00", 2, by=one)
    new = weekly("11-26 11:00", 2, series="s2", by=other)
    gone = [cancelled(d) for d in dates]
    outcome = judged([record(d) for d in dates], look(*gone, *new, series=(Series("s1", False),)))
    assert summary(outcome)[0] == (Kind.SERIES_ENDED, None, by)
    assert [c.kind for c in outcome.changes[1:]] == [Kind.SCHEDULED, Kind.SCHEDULED]


def test_nothing_is_told_of_a_series_before_all_of_its_lost_dates_were_asked_for():
    dates = weekly("11-24 10:00", 4)
    outcome = judged(
        [record(d) for d in dates], look(*gone_all(dates[:2]), unresolved=(dates[2].id, dates[3].id))
    )
    assert outcome.changes == ()
    assert [r.pending for r in outcome.records] == [True] * 4
    later = judged(
        outcome.records, look(*gone_all(dates), series=(Series("s1", live=False),), now=NOW + HOUR, since=NOW)
    )
    assert only(later).kind is Kind.SERIES_ENDED


def test_weeks_offline_reach_the_same_verdict_on_a_series_that_ended():
    dates = weekly("11-03 10:00", 6)
    outcome = judged(
        [record(dates[0], state=State.OVER), *(record(d, seen_at=at("11-01 08:00")) for d in dates[1:])],
        look(
            *gone_all(dates[1:]),
            series=(Series("s1", live=True, until=at("11-09 00:00")),),
            since=at("11-05 08:00"),
        ),
    )
    assert [c.kind for c in outcome.changes] == [Kind.SERIES_ENDED]


def test_a_split_that_changes_no_time_but_is_shorter_ends_the_series_where_it_is_cut():
    dates = weekly("11-24 10:00", 4)
    tail = weekly("12-01 10:00", 1, series="s1_R20261201T100000", title="Renamed")
    cut = Series("s1", live=True, until=at("11-30 00:00"))
    outcome = judged([record(d) for d in dates], look(*gone_all(dates[1:]), *tail, series=(cut,)))
    change = only(outcome)
    assert (change.kind, change.scope, change.was) == (
        Kind.SERIES_ENDED,
        Scope.SERIES,
        times("12-08 10:00"),
    )
    ended = [r for r in outcome.records if r.state is State.ENDED]
    assert [(r.start, r.closing_change) for r in ended] == [
        (at("12-08 10:00"), change.id),
        (at("12-15 10:00"), change.id),
    ]


def test_all_dates_of_a_series_that_ended_are_closed_by_its_one_entry():
    dates = weekly("11-24 10:00", 3)
    outcome = judged([record(d) for d in dates], look(Tombstone("s1")))
    assert {r.closing_change for r in outcome.records} == {only(outcome).id}


def test_a_declined_date_that_is_over_is_no_part_of_its_series_end():
    past, *coming = weekly("11-17 10:00", 3)
    declined = record(past, state=State.DECLINED, closed_by=By.ME, closing_change="x.2")
    outcome = judged([declined, *(record(d) for d in coming)], look(Tombstone("s1")))
    assert (only(outcome).kind, only(outcome).was) == (Kind.SERIES_ENDED, times("11-24 10:00"))


def test_a_date_that_went_past_before_it_could_be_asked_for_is_part_of_its_series_end():
    dates = weekly("11-17 10:00", 3)
    records = [record(dates[0], pending=True), *(record(d) for d in dates[1:])]
    outcome = judged(records, look(Tombstone("s1")))
    assert (only(outcome).kind, only(outcome).was) == (Kind.SERIES_ENDED, times("11-17 10:00"))


def test_dates_of_a_moved_series_that_are_over_take_no_part_in_the_pairing():
    dates = weekly("11-17 10:00", 3)
    new = weekly("11-18 14:00", 3)
    records = [record(dates[0], state=State.OVER), *(record(d) for d in dates[1:])]
    outcome = judged(records, look(*gone_all(dates), *new))
    assert (only(outcome).was, only(outcome).now_at) == (times("11-24 10:00"), times("11-25 14:00"))


def test_a_date_of_another_standing_series_that_comes_into_view_continues_none():
    ending, other = weekly("11-24 10:00", 2), weekly("11-26 15:00", 3, series="s2")
    records = [record(d) for d in (*ending, *other[:2])]
    outcome = judged(records, look(*gone_all(ending), *other, series=(Series("s1", live=False),)))
    assert [c.kind for c in outcome.changes] == [Kind.SERIES_ENDED, Kind.SCHEDULED]


def test_one_new_date_of_a_series_stands_for_none_of_two_that_were_cancelled():
    dates = weekly("11-24 10:00", 4)
    new = occurrence("12-10 15:00")
    goes_on = (Series("s1", live=True),)
    outcome = judged([record(d) for d in dates], look(*map(cancelled, dates[2:]), new, series=goes_on))
    assert sorted(c.kind for c in outcome.changes) == [Kind.CANCELLED, Kind.CANCELLED, Kind.SCHEDULED]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (("12-05 10:00", "s1_R20261201T100000", "Other"), ("11-25 10:00", "s2", "Catch-up")),
        (("12-05 10:00", "s3", "Catch-up"), ("11-25 10:00", "s2", "Other")),
        (("11-24 12:00", "s3", "Other"), ("11-23 09:00", "s2", "Other")),
    ],
    ids=["by its id", "by its title", "by how near it starts"],
)
def test_of_several_new_series_the_likest_continues_one(right, wrong):
    dates = weekly("11-24 10:00", 2)
    series = [weekly(start, 2, series=name, title=title) for start, name, title in (right, wrong)]
    for shown in (series, series[::-1]):
        outcome = judged([record(d) for d in dates], look(*gone_all(dates), *shown[0], *shown[1]))
        (move,) = [c for c in outcome.changes if c.scope is Scope.SERIES]
        assert move.now_at == times(right[0])


def test_a_series_of_so_many_dates_may_be_continued_by_another():
    dates = weekly("11-24 10:00", 2)
    new = weekly("11-26 11:00", 2, series="s2")
    counted = Series("s1", live=True, bounded=True)
    outcome = judged([record(d) for d in dates], look(*gone_all(dates), *new, series=(counted,)))
    assert (only(outcome).how, only(outcome).scope) == (How.MOVED, Scope.SERIES)


def test_a_single_date_of_a_series_that_nothing_is_known_of_was_cancelled():
    (date,) = weekly("11-24 10:00", 1)
    outcome = judged([record(date)], look(Tombstone(date.id, "s1")))
    assert (only(outcome).kind, only(outcome).scope) == (Kind.CANCELLED, Scope.OCCURRENCE)


@pytest.mark.parametrize(
    ("bounded", "lost", "expected"),
    [(True, 0, [Kind.SERIES_ENDED]), (True, 1, [Kind.CANCELLED] * 2), (False, 0, [Kind.CANCELLED] * 3)],
    ids=["all of so many", "the last of so many", "all that is in view of one without end"],
)
def test_dates_of_a_series_whose_entry_says_no_end_were_cancelled_but_where_all_of_so_many_go(
    bounded, lost, expected
):
    dates = weekly("11-24 10:00", 3)
    known = (Series("s1", live=True, bounded=bounded),)
    outcome = judged([record(d) for d in dates], look(*gone_all(dates[lost:]), series=known))
    assert [c.kind for c in outcome.changes] == expected


def test_remains_of_a_new_series_out_of_its_step_take_no_place_in_it():
    old, new = weekly("11-24 10:00", 2), weekly("11-25 14:00", 2, series="s2")
    stray = cancelled(occurrence("11-26 09:00", series="s2"))
    outcome = judged([record(d) for d in old], look(*gone_all(old), *new, stray))
    assert [c.scope for c in outcome.changes] == [Scope.SERIES]
    assert sorted(r.start for r in outcome.records) == [n.start for n in new]


def test_a_thinner_series_goes_on_with_the_next_date_that_was_not_cancelled():
    dates = weekly("11-24 10:00", 6)
    biweekly = Series("s1", live=True, rhythm=Rhythm(date(2026, 11, 24), UTC, weeks=2))
    gone = [*dates[1::2], dates[2]]
    outcome = judged([record(d) for d in dates], look(*gone_all(gone), series=(biweekly,)))
    (move,) = [c for c in outcome.changes if c.scope is Scope.SERIES]
    assert (move.was, move.now_at) == (times("12-01 10:00"), times("12-22 10:00"))


def test_the_next_date_of_a_thinner_series_may_have_come_into_view_just_now():
    dates = weekly("11-24 10:00", 3)
    other = occurrence("12-02 10:00", series="s2")
    biweekly = Series("s1", live=True, rhythm=Rhythm(date(2026, 11, 24), UTC, weeks=2))
    known = [record(d) for d in dates[:2]]
    outcome = judged(known, look(Tombstone(dates[1].id, "s1"), other, dates[2], series=(biweekly,)))
    (move,) = [c for c in outcome.changes if c.scope is Scope.SERIES]
    assert move.now_at == times("12-08 10:00")
