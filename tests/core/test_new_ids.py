"""The same 1:1, though its event has another id."""

from __future__ import annotations

from dataclasses import replace

from connectors.values import Tombstone
from daemon.core.model import By, How, Kind
from tests.build import (
    DAY,
    HOUR,
    NOW,
    WEEK,
    event,
    look,
    moved,
    record,
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
