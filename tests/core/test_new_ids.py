"""The same 1:1, though its event has another id."""

from __future__ import annotations

from dataclasses import replace

from connectors.values import Tombstone
from daemon.core.model import By, How, Kind, State
from tests.build import (
    DAY,
    HOUR,
    KIM,
    ME,
    NOW,
    WEEK,
    event,
    look,
    moved,
    occurrence,
    record,
    times,
    weekly,
)
from tests.core.judging import cancelled_record, judged, only, summary


def test_a_single_event_that_comes_back_as_another_item_is_reinstated():
    gone = cancelled_record(event(ical_uid="u1"))
    outcome = judged([gone], look(event(id="again", ical_uid="u1", created=NOW)))
    assert (only(outcome).kind, only(outcome).corrects) == (Kind.REINSTATED, "x.2")
    assert [(r.id, r.event_id) for r in outcome.records] == [(gone.id, "again")]


def test_two_items_of_one_single_event_are_one_one_on_one():
    first = event(ical_uid="u1", created=NOW - WEEK)
    again = replace(first, id="again", created=NOW - DAY)
    outcome = judged([record(first)], look(first, again))
    assert (outcome.changes, [r.event_id for r in outcome.records]) == ((), ["again"])
    later = judged(outcome.records, look(first, again, now=NOW + HOUR, since=NOW))
    assert (later.changes, later.records) == ((), ())


def test_an_occurrence_that_is_given_another_id_when_it_changes_is_the_same_one_on_one():
    """Some calendars give an exception an id of its own; the old one is gone without a trace."""
    first, second = weekly("11-24 10:00", 2)
    on_it = [record(replace(first, original_start=None)), record(second)]
    renamed = moved(replace(first, id="exception"), "11-25 15:00")
    told = judged(on_it, look(Tombstone(first.id, "s1", absent=True), renamed))
    assert summary(told) == [(Kind.RESCHEDULED, How.MOVED, By.THEM)]
    assert [(r.id, r.event_id) for r in told.records] == [(on_it[0].id, "exception")]


def test_an_occurrence_that_only_has_another_id_is_no_change():
    """Putting a link on it is enough to make an exception of it."""
    first, second = weekly("11-24 10:00", 2)
    told = judged([record(first), record(second)], look(Tombstone(first.id), replace(first, id="exception")))
    assert told.changes == ()
    assert [r.event_id for r in told.records] == ["exception"]


def test_an_exception_under_another_id_is_the_one_on_one_that_is_open_there():
    """The date was somebody else's for a while: what that left on record is closed."""
    seen = occurrence("11-24 10:00")
    kims = occurrence("11-24 10:00", guests=(ME, KIM), by=KIM)
    for dana_id, kim_id in ("ab", "ba"):
        closed = record(seen, id=dana_id, state=State.NOT_ONE_ON_ONE, closing_change="x.2")
        standing = record(kims, id=kim_id)
        outcome = judged([closed, standing], look(Tombstone(seen.id), replace(kims, id="exception")))
        assert [r.id for r in outcome.records if r.event_id == "exception"] == [kim_id]


def test_a_single_event_that_repeats_from_now_on_is_the_date_at_its_time():
    single = record(event("11-24 10:00", id="s1"))
    earlier, same = occurrence("11-23 10:00", title="1:1"), occurrence("11-24 10:00", title="1:1")
    outcome = judged([single], look(Tombstone("s1"), earlier, same))
    assert [(c.kind, c.now_at) for c in outcome.changes] == [(Kind.SCHEDULED, times("11-23 10:00"))]
    assert next(r for r in outcome.records if r.id == single.id).event_id == same.id


def test_what_is_over_is_no_date_of_the_series_that_it_is_made_to_later():
    over = record(event("11-20 10:00", id="s1"), state=State.OVER, closing_change="x.2")
    outcome = judged([over], look(Tombstone("s1"), occurrence("11-24 10:00"), occurrence("12-01 10:00")))
    assert [c.kind for c in outcome.changes] == [Kind.SCHEDULED, Kind.SCHEDULED]


def test_a_date_that_was_cancelled_is_not_what_is_left_of_a_series_at_another_time():
    gone = cancelled_record(occurrence("11-24 10:00"))
    outcome = judged([gone], look(event("11-26 15:00", id="s1", created=NOW - 30 * DAY)))
    assert only(outcome).kind is Kind.SCHEDULED
    lost = record(occurrence("11-24 10:00"))
    left = judged([lost], look(Tombstone(lost.event_id), event("11-26 15:00", id="s1")))
    assert (only(left).kind, only(left).how) == (Kind.RESCHEDULED, How.MOVED)


def test_one_that_a_third_person_joined_may_come_back_as_another_item():
    three = record(event(ical_uid="u1"), state=State.NOT_ONE_ON_ONE, closing_change="x.2")
    outcome = judged([three], look(Tombstone("e1"), event(id="again", ical_uid="u1", created=NOW)))
    assert (only(outcome).kind, only(outcome).corrects) == (Kind.REINSTATED, "x.2")


def test_another_item_of_the_same_event_with_somebody_else_is_another_one_on_one():
    first = event(ical_uid="u1")
    kims = event(id="e2", ical_uid="u1", guests=(ME, KIM), by=KIM)
    outcome = judged([record(first)], look(first, kims))
    assert [(c.kind, c.person) for c in outcome.changes] == [(Kind.SCHEDULED, KIM)]


def test_a_date_of_a_series_is_no_other_item_of_a_single_event():
    """A series' dates share its iCal UID, and a single event may have been made of one of them."""
    first = event(ical_uid="u1")
    outcome = judged([record(first)], look(first, occurrence("12-01 10:00", ical_uid="u1")))
    assert only(outcome).kind is Kind.SCHEDULED


def test_an_id_that_was_left_begins_a_one_on_one_with_an_id_of_its_own():
    went_on = record(event(), event_id="e2")
    outcome = judged([went_on], look(event(id="e2"), event("11-26 10:00")))
    assert only(outcome).kind is Kind.SCHEDULED
    assert only(outcome).one_on_one != went_on.id


def test_one_that_was_held_and_comes_back_as_another_item_on_a_later_day_was_moved_there():
    held = record(event("11-22 10:00", ical_uid="u1"), state=State.OVER, closing_change="x.2")
    again = event("11-26 10:00", id="again", ical_uid="u1", created=NOW - HOUR)
    outcome = judged([held], look(Tombstone("e1"), again, since=NOW - HOUR))
    assert (only(outcome).how, only(outcome).corrects) == (How.MOVED, "x.2")
    assert [(r.id, r.event_id, r.state) for r in outcome.records] == [(held.id, "again", State.STANDING)]


def test_a_second_event_at_the_same_date_of_a_series_is_not_the_first_under_another_id():
    seen = occurrence("11-24 10:00")
    twin = occurrence("11-24 15:00", id="twin", original="11-24 10:00")
    outcome = judged([record(seen)], look(seen, twin))
    assert (only(outcome).kind, only(outcome).now_at) == (Kind.SCHEDULED, times("11-24 15:00"))


def test_a_series_with_somebody_else_does_not_go_on_from_a_single_event():
    dana = record(event("11-24 10:00", id="s1"))
    kims = [occurrence(f"11-2{day} 10:00", guests=(ME, KIM), by=KIM) for day in (4, 5)]
    outcome = judged([dana], look(Tombstone("s1"), *kims))
    told = [(c.kind, c.person) for c in outcome.changes]
    assert told == [(Kind.CANCELLED, dana.person), (Kind.SCHEDULED, KIM), (Kind.SCHEDULED, KIM)]


def test_another_item_does_not_take_over_from_one_of_which_there_is_no_word():
    known = record(event(ical_uid="u1"))
    outcome = judged([known], look(event("11-26 10:00", id="again", ical_uid="u1")))
    assert (outcome.changes, outcome.records) == ((), ())
