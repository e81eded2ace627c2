"""Which later event stands in for a cancelled 1:1."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.values import Tombstone
from daemon.core.model import By, How, Kind, State
from tests.build import (
    DAY,
    HOUR,
    KIM,
    ME,
    MINUTE,
    NOW,
    at,
    cancelled,
    event,
    look,
    occurrence,
    record,
    times,
    weekly,
)
from tests.core.judging import NO, after, cancelled_record, judged, only


def test_cancelled_and_booked_again_in_one_batch_is_one_rebooking():
    outcome = judged([record()], look(cancelled(event()), event("11-26 15:00", id="new", created=NOW)))
    told = {c.kind: c for c in outcome.changes}
    assert set(told) == {Kind.RESCHEDULED, Kind.SCHEDULED}
    change = told[Kind.RESCHEDULED]
    assert (change.how, change.by, change.was, change.now_at, change.corrects) == (
        How.REBOOKED,
        By.THEM,
        times("11-24 10:00"),
        times("11-26 15:00"),
        None,
    )
    assert {r.event_id: r.state for r in outcome.records} == {"e1": State.REPLACED, "new": State.STANDING}


def test_booked_again_later_corrects_the_cancellation():
    outcome = judged([cancelled_record()], look(event("11-26 15:00", id="new", created=NOW)))
    change = next(c for c in outcome.changes if c.kind is Kind.RESCHEDULED)
    assert (change.how, change.by, change.corrects) == (How.REBOOKED, By.THEM, "x.2")


@pytest.mark.parametrize(
    ("made", "title", "expected"),
    [
        (-25 * HOUR, "1:1", False),
        (-23 * HOUR, "1:1", True),
        (6 * DAY, "1:1", True),
        (7 * DAY + MINUTE, "1:1", False),
        (-23 * HOUR, "Budget", True),
        (23 * HOUR, "Budget", True),
        (25 * HOUR, "Budget", False),
        (-25 * HOUR, "Budget", False),
        (6 * DAY, "Old title", True),
    ],
)
def test_what_replaces_it_was_made_in_time_and_is_titled_alike_or_made_close_by(made, title, expected):
    when = at("11-15 08:00")
    gone = cancelled_record(event("11-30 10:00", title="Old title"), when)
    later = max(when + made, when)
    new = event("11-30 15:00", id="new", title=title, created=when + made)
    outcome = judged([gone], look(new, now=later + MINUTE, since=later - MINUTE))
    assert any(c.how is How.REBOOKED for c in outcome.changes) is expected
    assert {r.event_id for r in after([gone], outcome) if r.state is State.STANDING} == (
        {"new"} if expected or title == "1:1" else set()
    )


def test_where_the_calendar_does_not_tell_when_it_was_made_the_first_sight_counts():
    outcome = judged([cancelled_record()], look(event("11-26 15:00", id="new")))
    assert any(c.how is How.REBOOKED for c in outcome.changes)


def test_a_candidate_seen_before_the_cancellation_is_remembered():
    budget = event("11-26 15:00", id="new", title="Budget", created=NOW - HOUR)
    first = judged([record()], look(event(), budget))
    assert first.changes == ()
    assert [c.would_be.event_id for c in first.candidates] == ["new"]
    second = judged(
        [record()],
        look(cancelled(event()), now=NOW + HOUR, since=NOW),
        candidates=first.candidates,
    )
    assert {(c.kind, c.how) for c in second.changes} == {
        (Kind.SCHEDULED, None),
        (Kind.RESCHEDULED, How.REBOOKED),
    }
    assert second.candidates == ()


def test_candidates_are_kept_while_no_calendar_can_be_read():
    first = judged([], look(event(title="Budget")))
    assert judged([], candidates=first.candidates).candidates == first.candidates


def test_a_candidate_that_goes_is_forgotten():
    first = judged([], look(event(title="Budget")))
    assert judged([], look(Tombstone("e1")), candidates=first.candidates).candidates == ()


def test_the_nearest_start_wins_and_each_replaces_one():
    two = [cancelled_record(event("11-24 10:00")), cancelled_record(event("12-01 10:00", id="e2"))]
    outcome = judged(
        two,
        look(
            event("11-30 15:00", id="b", created=NOW),
            event("11-24 15:00", id="a", created=NOW),
            event("12-20 15:00", id="c", created=NOW),
        ),
    )
    pairs = {c.was.start: c.now_at.start for c in outcome.changes if c.how is How.REBOOKED}
    assert pairs == {at("11-24 10:00"): at("11-24 15:00"), at("12-01 10:00"): at("11-30 15:00")}


def test_one_that_replaced_another_replaces_no_second_one():
    stand = record(event("11-26 15:00", id="new", created=NOW - HOUR), replaces="other")
    outcome = judged([record(), stand], look(cancelled(event())))
    assert only(outcome).kind is Kind.CANCELLED


def test_an_occurrence_of_a_standing_series_replaces_nothing():
    dates = weekly("11-24 10:00", 3, created=NOW)
    first, *rest = dates
    outcome = judged([record(d) for d in dates], look(cancelled(first), *rest))
    assert only(outcome).kind is Kind.CANCELLED
    new = judged([cancelled_record()], look(occurrence("11-26 10:00", created=NOW)))
    assert [c.kind for c in new.changes] == [Kind.SCHEDULED]


def test_an_event_with_somebody_else_replaces_nothing():
    new = event("11-26 15:00", id="new", guests=(ME, KIM), by=KIM, created=NOW)
    assert [c.kind for c in judged([cancelled_record()], look(new)).changes] == [Kind.SCHEDULED]


def test_a_declined_one_can_be_rebooked_too():
    declined = record(
        event(them=NO),
        state=State.DECLINED,
        closed_by=By.THEM,
        closed_at=NOW - DAY,
        closing_change="x.2",
        changes=2,
    )
    outcome = judged([declined], look(event("11-26 15:00", id="new", created=NOW)))
    change = next(c for c in outcome.changes if c.kind is Kind.RESCHEDULED)
    assert (change.how, change.by, change.corrects) == (How.REBOOKED, By.THEM, "x.2")


def test_a_declined_one_that_was_booked_anew_may_stay_on_the_calendar():
    declined, new = event(them=NO), event("11-26 15:00", id="new", created=NOW)
    first = judged([record()], look(declined, new))
    told = {(c.kind, c.how) for c in first.changes}
    assert told == {(Kind.RESCHEDULED, How.REBOOKED), (Kind.SCHEDULED, None)}
    full = judged(after([record()], first), look(declined, new, now=NOW + HOUR, since=NOW))
    assert full.changes == ()
    taken_back = judged(after([record()], first), look(event(), new, now=NOW + HOUR, since=NOW))
    assert only(taken_back).kind is Kind.REINSTATED


def test_what_they_declined_takes_nobodys_place():
    gone = cancelled_record(event("11-30 10:00", id="e2"))
    declined = record(
        event(them=NO, title="Budget", created=NOW - DAY), state=State.DECLINED, closed_by=By.THEM
    )
    outcome = judged([gone, declined], look(event(them=NO, title="Budget", created=NOW - DAY)))
    assert outcome.changes == ()


@pytest.mark.parametrize("answers", [{"them": NO}, {"me": NO}])
def test_what_either_of_them_declined_stands_in_for_nothing(answers):
    budget = event("11-26 15:00", id="new", title="Budget", created=NOW, by=ME, **answers)
    first = judged([record()], look(cancelled(event()), budget))
    assert (only(first).kind, first.candidates) == (Kind.CANCELLED, ())
    accepted = event("11-26 15:00", id="new", title="Budget", created=NOW, by=ME)
    later = judged(after([record()], first), look(accepted, now=NOW + HOUR, since=NOW))
    assert {c.how for c in later.changes if c.kind is Kind.RESCHEDULED} == {How.REBOOKED}


def test_a_one_off_in_another_of_the_users_calendars_can_replace_it():
    outcome = judged(
        [record()],
        look(cancelled(event())),
        look(event("11-26 15:00", id="new", created=NOW), calendar="other"),
    )
    assert {c.how for c in outcome.changes if c.kind is Kind.RESCHEDULED} == {How.REBOOKED}


def test_what_took_place_before_the_cancellation_was_noticed_can_stand_in_for_it():
    held = record(event("11-23 06:00", id="new", created=NOW - 20 * HOUR), state=State.OVER)
    outcome = judged([record(), held], look(cancelled(event())))
    assert only(outcome).how is How.REBOOKED


def test_of_two_that_are_as_near_the_earlier_is_the_one_that_was_rebooked():
    two = [cancelled_record(event(f"11-{day} 10:00", id=f"e{day}")) for day in (26, 24)]
    outcome = judged(two, look(event("11-25 10:00", id="new", created=NOW)))
    assert [c.was for c in outcome.changes if c.how is How.REBOOKED] == [times("11-24 10:00")]


@pytest.mark.parametrize(("days", "kept"), [(6, True), (7, True), (8, False)])
def test_a_candidate_is_remembered_for_the_rebooking_window(days, kept):
    outcome = judged([], look(event(title="Budget", created=NOW - days * DAY)))
    assert bool(outcome.candidates) is kept


def test_where_the_calendar_does_not_tell_when_it_was_made_later_sights_make_it_no_younger():
    budget = event("11-26 15:00", id="new", title="Budget")
    first = judged([], look(budget, now=NOW - 2 * DAY, since=NOW - 3 * DAY))
    again = judged([record()], look(cancelled(event()), budget), candidates=first.candidates)
    assert only(again).kind is Kind.CANCELLED


def test_one_that_stood_in_for_another_does_not_do_so_again_in_a_later_batch():
    other = record(event("11-27 10:00", id="e2"))
    new = event("11-26 15:00", id="new", created=NOW)
    first = judged([record(), other], look(cancelled(event()), new))
    assert {c.how for c in first.changes} == {How.REBOOKED, None}
    gone = cancelled(event("11-27 10:00", id="e2"))
    second = judged(after([record(), other], first), look(gone, now=NOW + HOUR, since=NOW))
    assert only(second).kind is Kind.CANCELLED


@pytest.mark.parametrize("closed", [State.CANCELLED, State.DECLINED])
def test_the_evidence_says_how_it_fell_through_before(closed):
    was = replace(cancelled_record(event(them=NO)), state=closed)
    outcome = judged([was], look(event("11-26 15:00", id="new", created=NOW)))
    (change,) = [c for c in outcome.changes if c.how is How.REBOOKED]
    assert change.evidence.startswith(f"presumed: it had been {closed.value}; another event")


def test_what_was_cancelled_too_stands_in_for_nothing():
    budget = cancelled(event("11-26 15:00", id="new", title="Budget", created=NOW))
    outcome = judged([record()], look(cancelled(event()), budget))
    assert (only(outcome).kind, outcome.candidates) == (Kind.CANCELLED, ())
