"""What became of each 1:1: the decision table, case by case, and what must hold for any case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from connectors.values import Response, Rhythm, Series, Status, Tombstone
from daemon.core.detect import Acquaintance, OneOff
from daemon.core.ledger.classify import classify
from daemon.core.model import Attendance, By, How, Kind, Owner, Scope, State
from tests.build import (
    DANA,
    DAY,
    HOUR,
    KIM,
    ME,
    MINUTE,
    NOW,
    RULES,
    WEEK,
    answered,
    at,
    cancelled,
    event,
    look,
    moved,
    occurrence,
    on_record,
    record,
    times,
    weekly,
    with_guest,
)

NO = Response.DECLINED


def judged(records, *looks, candidates=(), window=7 * DAY):
    return classify(on_record(*records), looks, candidates, looks[-1].at if looks else NOW, window)


def after(records, outcome):
    return list({**on_record(*records), **on_record(*outcome.records)}.values())


def summary(outcome):
    """What happened, in short."""
    return [(c.kind, c.how, c.by) for c in outcome.changes]


def only(outcome):
    assert len(outcome.changes) == 1, summary(outcome)
    return outcome.changes[0]


def state(outcome):
    return [r.state for r in outcome.records]


# --- scheduled ----------------------------------------------------------------------------------------------


def test_a_new_one_on_one_is_scheduled():
    outcome = judged([], look(event()))
    change = only(outcome)
    assert (change.kind, change.by, change.was, change.now_at) == (
        Kind.SCHEDULED,
        None,
        None,
        times("11-24 10:00"),
    )
    assert (change.person, change.notice_minutes, change.backfilled) == (DANA, None, False)
    assert state(outcome) == [State.STANDING]


def test_what_is_no_one_on_one_is_not_put_on_record():
    assert judged([], look(event(guests=(ME, DANA, KIM)), event(id="b", title="Budget"))).records == ()


def test_seeing_the_same_again_is_no_change():
    outcome = judged([record()], look(event()))
    assert (outcome.changes, outcome.records) == ((), ())


def test_seeing_nothing_of_it_is_no_change():
    assert judged([record()], look()).changes == ()


def test_a_new_title_or_length_is_no_change_to_the_ledger():
    outcome = judged([record()], look(event(title="Dana", minutes=45)))
    assert (outcome.changes, outcome.records[0].title, outcome.records[0].end) == (
        (),
        "Dana",
        at("11-24 10:45"),
    )


def test_a_past_event_that_was_not_there_before_is_no_news():
    assert judged([], look(event("11-21 10:00"))).records == ()


def test_one_that_began_and_ended_between_two_looks_is_scheduled_and_held():
    outcome = judged([], look(event("11-22 10:00")))
    assert [c.kind for c in outcome.changes] == [Kind.SCHEDULED, Kind.HELD]


# --- moved ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "more", "expected"),
    [
        (DANA, {}, By.THEM),
        (ME, {}, By.ME),
        (KIM, {}, By.UNKNOWN),
        (DANA, {"guests_can_modify": True}, By.UNKNOWN),
        (ME, {"guests_can_modify": True}, By.ME),
    ],
)
def test_the_same_event_at_another_time_was_moved_by_its_organizer(by, more, expected):
    seen = event(by=by, **more)
    outcome = judged([record(seen)], look(moved(seen, "11-25 14:00")))
    change = only(outcome)
    assert (change.kind, change.how, change.scope, change.by) == (
        Kind.RESCHEDULED,
        How.MOVED,
        Scope.OCCURRENCE,
        expected,
    )
    assert (change.was, change.now_at) == (times("11-24 10:00"), times("11-25 14:00"))
    assert (outcome.records[0].start, outcome.records[0].state) == (at("11-25 14:00"), State.STANDING)


def test_an_occurrence_that_moves_keeps_its_identity():
    seen = occurrence("11-24 10:00")
    outcome = judged([record(seen)], look(moved(seen, "11-26 10:00")))
    assert only(outcome).scope is Scope.OCCURRENCE
    assert outcome.records[0].id == record(seen).id


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


def test_notice_runs_to_the_earlier_of_the_two_starts():
    seen = event()
    later = judged([record(seen)], look(moved(seen, "11-25 14:00")))
    assert only(later).notice_minutes == 26 * 60
    earlier = judged([record(seen)], look(moved(seen, "11-23 09:00")))
    assert only(earlier).notice_minutes == 60


def test_notice_runs_from_the_act_where_the_provider_tells_it():
    seen = event()
    outcome = judged([record(seen)], look(moved(seen, "11-25 14:00", updated=NOW - HOUR)))
    assert only(outcome).notice_minutes == 27 * 60
    long_ago = judged([record(seen)], look(moved(seen, "11-25 14:00", updated=NOW - 9 * DAY)))
    assert only(long_ago).notice_minutes == 50 * 60, "not before the last look, which showed the old time"
    to_come = judged([record(seen)], look(moved(seen, "11-25 14:00", updated=NOW + 9 * DAY)))
    assert only(to_come).notice_minutes == 26 * 60, "not after this look"


def test_moved_twice_between_two_looks_is_one_move():
    seen = event()
    outcome = judged([record(seen)], look(moved(moved(seen, "11-25 09:00"), "11-26 09:00")))
    assert only(outcome).now_at == times("11-26 09:00")


def test_moved_and_then_cancelled_between_two_looks_is_cancelled_from_where_it_was_known_to_be():
    seen = event()
    outcome = judged([record(seen)], look(cancelled(moved(seen, "11-25 09:00"))))
    assert (only(outcome).kind, only(outcome).was) == (Kind.CANCELLED, times("11-24 10:00"))


def test_a_held_one_on_one_moved_to_the_future_stands_again():
    seen = event("11-22 10:00")
    held = record(seen, state=State.OVER, closing_change="x.2", changes=2)
    outcome = judged([held], look(moved(seen, "11-25 10:00"), since=NOW - HOUR))
    change = only(outcome)
    assert (change.kind, change.how, change.corrects) == (Kind.RESCHEDULED, How.MOVED, "x.2")
    assert outcome.records[0].state is State.STANDING


def test_a_held_one_on_one_dragged_about_in_the_past_stays_as_it_was():
    seen = event("11-21 10:00")
    held = record(seen, state=State.OVER)
    outcome = judged([held], look(moved(seen, "11-20 10:00")))
    assert outcome.changes == ()
    assert [r.start for r in after([held], outcome)] == [at("11-21 10:00")]


def test_moved_while_declined_stays_declined_by_who_declined():
    seen = event(me=NO)
    declined = record(
        seen, state=State.DECLINED, closed_by=By.ME, closing_change="x.2", closed_at=NOW - DAY, changes=2
    )
    outcome = judged([declined], look(moved(seen, "11-25 10:00")))
    assert (only(outcome).kind, only(outcome).by, only(outcome).corrects) == (Kind.RESCHEDULED, By.THEM, None)
    now = outcome.records[0]
    assert (now.state, now.closed_by, now.closing_change) == (State.DECLINED, By.ME, "x.2")


def test_moved_with_the_answers_asked_anew_is_a_move_that_corrects_the_decline():
    seen = event(me=NO)
    declined = record(seen, state=State.DECLINED, closed_by=By.ME, closing_change="x.2", changes=2)
    asked_anew = moved(answered(seen, me=Response.NEEDS_ACTION), "11-25 10:00")
    outcome = judged([declined], look(asked_anew))
    assert (only(outcome).kind, only(outcome).corrects) == (Kind.RESCHEDULED, "x.2")
    assert outcome.records[0].state is State.STANDING


# --- cancelled ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "shown", "expected"),
    [
        (event(), cancelled(event()), By.THEM),
        (event(by=KIM), cancelled(event(by=KIM)), By.THEM),
        (event(by=ME), cancelled(event(by=ME)), By.ME),
        (event(), cancelled(event(me=NO)), By.ME),
        (event(me=NO), cancelled(event()), By.ME),
        (event(by=ME), Tombstone("e1"), By.ME),
        (event(me=NO), Tombstone("e1"), By.ME),
        (event(), Tombstone("e1"), By.UNKNOWN),
        (event(), Tombstone("e1", absent=True), By.UNKNOWN),
        (event(them=NO), Tombstone("e1"), By.UNKNOWN),
        (event(), cancelled(event(by=ME, guests=(ME, KIM))), By.ME),
        (event(), cancelled(event(guests=(ME, DANA, KIM))), By.THEM),
    ],
)
def test_who_cancelled_is_told_where_it_can_be(seen, shown, expected):
    outcome = judged([record(seen)], look(shown))
    change = only(outcome)
    assert (change.kind, change.by) == (Kind.CANCELLED, expected)
    assert (change.was, change.now_at, change.notice_minutes) == (times("11-24 10:00"), None, 26 * 60)
    assert change.evidence
    assert state(outcome) == [State.CANCELLED]


def test_the_users_decline_under_another_address_is_theirs_too():
    rules = replace(RULES, me=frozenset({ME, "moss@alias.example"}))
    seen = event(guests=("moss@alias.example", DANA))
    declined = replace(seen.attendees[0], response=NO)
    shown = cancelled(replace(seen, attendees=(declined, seen.attendees[1])))
    outcome = judged([record(seen, person=DANA)], look(shown, rules=rules))
    assert only(outcome).by is By.ME


def test_what_is_cancelled_is_cancelled_once():
    gone = record(state=State.CANCELLED, closing_change="x.2")
    assert judged([gone], look(cancelled(event()))).changes == ()
    assert judged([gone], look(Tombstone("e1"))).changes == ()


def test_a_cancelled_one_on_one_that_comes_back_is_reinstated():
    gone = record(state=State.CANCELLED, closing_change="x.2", closed_by=By.UNKNOWN)
    outcome = judged([gone], look(event()))
    assert (only(outcome).kind, only(outcome).corrects, only(outcome).now_at) == (
        Kind.REINSTATED,
        "x.2",
        times("11-24 10:00"),
    )
    assert (outcome.records[0].state, outcome.records[0].closed_by) == (State.STANDING, None)


def test_an_event_whose_fate_is_unknown_is_pending_and_never_cancelled():
    outcome = judged([record()], look(unresolved=("e1",)))
    assert (outcome.changes, [r.pending for r in outcome.records]) == ((), [True])
    waiting = outcome.records
    assert judged(waiting, look(event())).records[0].pending is False


def test_what_is_pending_is_not_called_held_when_its_time_is_over():
    waiting = record(event("11-23 07:00"), pending=True)
    assert judged([waiting], look(unresolved=("e1",))).changes == ()


def test_what_was_pending_when_its_time_came_is_told_as_if_it_had_been_asked_for_then():
    waiting = record(event("11-23 07:00"), pending=True)
    outcome = judged([waiting], look(Tombstone("e1"), since=NOW - MINUTE))
    assert (only(outcome).kind, outcome.records[0].pending) == (Kind.CANCELLED, False)
    stood = judged([waiting], look(event("11-23 07:00"), since=NOW - MINUTE))
    assert only(stood).kind is Kind.HELD


def test_one_never_seen_alive_is_told_as_cancelled_where_the_calendar_still_shows_it():
    outcome = judged([], look(cancelled(event())))
    assert (only(outcome).kind, only(outcome).by) == (Kind.CANCELLED, By.THEM)


# --- what went past ---------------------------------------------------------------------------------------------


def test_what_went_past_while_it_stood_is_held():
    outcome = judged([record(event("11-23 07:00"))], look())
    assert (only(outcome).kind, only(outcome).by, only(outcome).now_at) == (
        Kind.HELD,
        None,
        times("11-23 07:00"),
    )
    assert state(outcome) == [State.OVER]


def test_held_waits_for_the_end():
    assert judged([record(event("11-23 07:45"))], look()).changes == ()
    assert only(judged([record(event("11-23 07:30"))], look())).kind is Kind.HELD


def test_held_waits_for_a_read_of_its_own_calendar():
    assert judged([record(event("11-23 07:00"))], look(calendar="other")).changes == ()


def test_what_was_declined_is_not_held():
    seen = event("11-23 07:00", me=NO)
    assert judged([record(seen, state=State.DECLINED, closed_by=By.ME)], look(seen)).changes == ()


def test_removing_a_past_event_is_no_cancellation():
    held = record(event("11-20 10:00"), state=State.OVER)
    assert judged([held], look(Tombstone("e1"))).changes == ()
    waited = record(event("11-20 10:00"))
    assert [c.kind for c in judged([waited], look(Tombstone("e1"))).changes] == [Kind.HELD]


def test_removed_after_its_end_between_two_looks_is_held_where_the_provider_tells_when():
    seen = event("11-23 06:00")
    outcome = judged([record(seen)], look(cancelled(seen, updated=at("11-23 07:00"))))
    assert only(outcome).kind is Kind.HELD
    before = judged([record(seen)], look(cancelled(seen, updated=at("11-23 05:00"))))
    assert only(before).kind is Kind.CANCELLED


# --- declined -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({"me": NO}, By.ME), ({"them": NO}, By.THEM), ({"me": NO, "them": NO}, By.ME)],
)
def test_a_decline_is_told_with_who_declined(answers, expected):
    outcome = judged([record()], look(event(**answers)))
    assert (only(outcome).kind, only(outcome).by, only(outcome).was) == (
        Kind.DECLINED,
        expected,
        times("11-24 10:00"),
    )
    assert state(outcome) == [State.DECLINED]


def test_a_decline_taken_back_is_reinstated_by_who_declined():
    declined = record(
        event(them=NO), state=State.DECLINED, closed_by=By.THEM, closing_change="x.2", changes=2
    )
    outcome = judged([declined], look(event()))
    assert (only(outcome).kind, only(outcome).by, only(outcome).corrects) == (
        Kind.REINSTATED,
        By.THEM,
        "x.2",
    )


def test_a_decline_by_the_other_one_too_is_told_and_mine_counts():
    declined = record(
        event(them=NO), state=State.DECLINED, closed_by=By.THEM, closing_change="x.2", changes=2
    )
    outcome = judged([declined], look(event(me=NO, them=NO)))
    assert (only(outcome).kind, only(outcome).by, only(outcome).corrects) == (Kind.DECLINED, By.ME, "x.2")


def test_declined_and_then_cancelled_is_cancelled_by_the_user():
    declined = record(event(me=NO), state=State.DECLINED, closed_by=By.ME, closing_change="x.2", changes=2)
    outcome = judged([declined], look(cancelled(event())))
    assert (only(outcome).kind, only(outcome).by, only(outcome).corrects) == (Kind.CANCELLED, By.ME, "x.2")


def test_moved_and_declined_at_once_are_two_changes():
    seen = event()
    outcome = judged([record(seen)], look(moved(answered(seen, me=NO), "11-25 10:00")))
    assert [c.kind for c in outcome.changes] == [Kind.RESCHEDULED, Kind.DECLINED]
    assert outcome.changes[1].was == times("11-25 10:00")


def test_one_found_declined_is_scheduled_and_declined():
    outcome = judged([], look(event(me=NO)))
    assert [c.kind for c in outcome.changes] == [Kind.SCHEDULED, Kind.DECLINED]


# --- no longer between the two ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "expected"), [(ME, By.ME), (DANA, By.UNKNOWN)])
def test_a_third_person_ends_it_and_nobody_is_blamed_who_need_not_have_asked_them(by, expected):
    seen = event(by=by)
    outcome = judged([record(seen)], look(with_guest(seen, KIM)))
    change = only(outcome)
    assert (change.kind, change.by, change.now_at) == (Kind.NO_LONGER, expected, times("11-24 10:00"))
    assert "3 people" in change.evidence
    assert state(outcome) == [State.NOT_ONE_ON_ONE]


def test_the_users_showing_it_as_free_is_not_blamed_on_them():
    outcome = judged([record()], look(event(busy=False)))
    assert (only(outcome).kind, only(outcome).by) == (Kind.NO_LONGER, By.UNKNOWN)


def test_the_third_person_leaving_reinstates_it():
    three = record(state=State.NOT_ONE_ON_ONE, closing_change="x.2")
    outcome = judged([three], look(event()))
    assert (only(outcome).kind, only(outcome).corrects) == (Kind.REINSTATED, "x.2")


def test_the_third_person_leaving_before_a_meeting_that_is_over_by_now_reinstates_it_where_the_calendar_tells_when():
    seen = event("11-23 07:00")
    was = record(seen, state=State.NOT_ONE_ON_ONE, closing_change="x.2", changes=2)
    told = judged([was], look(replace(seen, updated=at("11-23 06:00"))))
    assert [c.kind for c in told.changes] == [Kind.REINSTATED, Kind.HELD]
    assert judged([was], look(replace(seen, updated=at("11-23 07:45")))).changes == ()
    assert judged([was], look(seen)).changes == ()


def test_a_meeting_of_three_that_is_cancelled_is_no_cancelled_one_on_one():
    three = record(state=State.NOT_ONE_ON_ONE)
    outcome = judged([three], look(Tombstone("e1")))
    assert (outcome.changes, state(outcome)) == ((), [State.ENDED])


def test_the_users_config_ending_it_has_nobody_to_blame():
    never = replace(RULES, people={DANA: Acquaintance(DANA, "Dana", one_on_one=False)})
    assert only(judged([record()], look(event(), rules=never))).by is None


def test_an_occurrence_turned_into_another_persons_ends_one_and_schedules_the_other():
    seen = occurrence("11-24 10:00", by=ME)
    outcome = judged([record(seen)], look(occurrence("11-24 10:00", by=ME, guests=(ME, KIM))))
    assert [(c.kind, c.person) for c in outcome.changes] == [(Kind.NO_LONGER, DANA), (Kind.SCHEDULED, KIM)]
    both = after([record(seen)], outcome)
    assert len({r.id for r in both}) == 2
    back = judged(both, look(seen, now=NOW + HOUR, since=NOW))
    assert {(c.kind, c.person) for c in back.changes} == {(Kind.REINSTATED, DANA), (Kind.NO_LONGER, KIM)}


def test_a_one_off_keeps_counting_under_whatever_title_it_gets_later():
    assert judged([record()], look(event(title="Budget"))).changes == ()


# --- rebooked -----------------------------------------------------------------------------------------------------


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


def cancelled_record(seen=None, when=NOW - DAY, **more):
    return record(
        seen or event(),
        state=State.CANCELLED,
        closed_at=when,
        closed_by=By.THEM,
        closing_change="x.2",
        changes=2,
        **more,
    )


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


# --- series -------------------------------------------------------------------------------------------------------


def gone_all(dates, absent=True):
    return [Tombstone(d.id, d.series_id, absent=absent) for d in dates]


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
    assert [r.state for r in outcome.records] == [State.ENDED] * 3


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


# --- the first read -------------------------------------------------------------------------------------------------


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


# --- the whole table of docs/design.md, 5.4 -----------------------------------------------------------------------

GONE, THERE, ELSEWHERE = Tombstone("e1"), event(), event("11-25 10:00")
WITH_NO, WITH_KIM, NO_WORD, NOT_ASKED = event(them=NO), event(guests=(ME, DANA, KIM)), None, "unresolved"
COLUMNS = (GONE, THERE, ELSEWHERE, WITH_NO, WITH_KIM, NO_WORD, NOT_ASKED)
TABLE = {
    State.STANDING: ("cancelled", "", "rescheduled", "declined", "no_longer_one_on_one", "", "pending"),
    State.DECLINED: (
        "cancelled",
        "reinstated",
        "rescheduled",
        "declined",
        "no_longer_one_on_one",
        "",
        "pending",
    ),
    State.OVER: ("", "", "rescheduled", "", "", "", "pending"),
    State.CANCELLED: ("", "reinstated", "reinstated", "reinstated declined", "", "", "pending"),
    State.ENDED: ("", "reinstated", "reinstated", "reinstated declined", "", "", "pending"),
    State.REPLACED: ("", "reinstated", "reinstated", "", "", "", "pending"),
    State.NOT_ONE_ON_ONE: ("", "reinstated", "reinstated", "reinstated declined", "", "", "pending"),
}


@pytest.mark.parametrize("column", range(len(COLUMNS)))
@pytest.mark.parametrize("row", TABLE)
def test_each_cell_of_the_decision_table(row, column):
    """Declined: by the user; over: at a time before now. What is told corrects what the record was closed by."""
    closed = row is not State.STANDING
    seen = event(
        "11-23 07:00" if row is State.OVER else "11-24 10:00",
        me=NO if row is State.DECLINED else THERE.my_response,
    )
    more = (
        {"closed_by": By.ME, "closed_at": NOW - 8 * DAY, "closing_change": "x.2", "changes": 2}
        if closed
        else {}
    )
    shown = COLUMNS[column]
    if row is State.OVER and shown in (THERE, WITH_NO, WITH_KIM):
        shown = replace(shown, start=seen.start, end=seen.end)
    what = look(unresolved=("e1",)) if shown == NOT_ASKED else look(*[s for s in [shown] if s is not None])
    outcome = judged([record(seen, state=row, **more)], what)
    told = " ".join(c.kind.value for c in outcome.changes)
    pending = any(r.pending for r in outcome.records)
    assert ("pending" if pending else told) == TABLE[row][column]
    if closed and outcome.changes and outcome.changes[0].kind is not Kind.NO_LONGER:
        assert outcome.changes[0].corrects == "x.2"


# --- the same event under another id ---------------------------------------------------------------------------------


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


def test_an_event_that_is_older_than_what_is_at_hand_begins_entries_of_its_own():
    """Its ids of a time long past stand in the ledger, which nobody reads in a cycle."""
    once = judged([], look(event("11-24 10:00", created=NOW)))
    comes_back = event("12-24 10:00", created=NOW)
    a_year_later = judged(
        [],
        look(moved(comes_back, "2027-12-24 10:00"), now=at("2027-12-20 10:00"), since=at("2027-12-19 10:00")),
    )
    assert only(a_year_later).one_on_one != only(once).one_on_one


# --- two calendars ----------------------------------------------------------------------------------------------------


def test_the_same_id_in_two_calendars_is_two_events():
    outcome = judged([], look(event()), look(event("11-25 10:00", by=ME, guests=(ME, KIM)), calendar="other"))
    assert {(r.calendar, r.person) for r in outcome.records} == {("primary", DANA), ("other", KIM)}
    one_gone = judged(outcome.records, look(Tombstone("e1"), calendar="other", now=NOW + HOUR, since=NOW))
    assert [c.person for c in one_gone.changes] == [KIM]


# --- anything ------------------------------------------------------------------------------------------------------

STARTS = st.sampled_from(
    ["11-16 10:00", "11-22 10:00", "11-23 07:00", "11-23 07:45", "11-24 10:00", "12-01 10:00"]
)
ANSWERS = st.sampled_from(Response)
PEOPLE = st.sampled_from([(ME, DANA), (ME, KIM), (ME, DANA, KIM), (DANA, KIM), (ME,)])
STAMPS = st.sampled_from([None, NOW - 9 * DAY, NOW - 2 * HOUR, NOW, NOW + DAY])


@st.composite
def sights(draw, name):
    """Anything that a read can show of an event: alive or not, in whatever shape."""
    series = draw(st.sampled_from([None, "s1", "s2"]))
    if draw(st.integers(0, 4)) == 0:
        return Tombstone(name, series, absent=draw(st.booleans()))
    return event(
        draw(STARTS),
        id=name,
        title=draw(st.sampled_from(["1:1", "Budget"])),
        by=draw(st.sampled_from([ME, DANA, KIM])),
        guests=draw(PEOPLE),
        me=draw(ANSWERS),
        them=draw(ANSWERS),
        status=draw(st.sampled_from(Status)),
        busy=draw(st.booleans()),
        series_id=series,
        original_start=draw(STARTS.map(at)) if series else None,
        guests_can_modify=draw(st.booleans()),
        created=draw(STAMPS),
        updated=draw(STAMPS),
    )


IDS = ("a", "b", "c", "d")


@st.composite
def recorded(draw, name):
    series = draw(st.sampled_from([None, "s1", "s2"]))
    begin = draw(STARTS)
    shown = event(begin, id=name, guests=(ME, draw(st.sampled_from([DANA, KIM]))), series_id=series)
    where = draw(st.sampled_from(State))
    closed = where is not State.STANDING
    return record(
        shown,
        state=where,
        owner=draw(st.sampled_from(Owner)),
        attendance=draw(st.sampled_from(Attendance)),
        closed_at=NOW - draw(st.sampled_from([HOUR, 3 * DAY])) if closed else None,
        closed_by=draw(st.sampled_from([*By, None])) if closed else None,
        closing_change="x.1" if closed else None,
        pending=draw(st.booleans()),
        replaces=draw(st.sampled_from([None, "other"])),
    )


@st.composite
def batches(draw):
    """Records and a look at the same four events."""
    records = [draw(recorded(name)) for name in draw(st.lists(st.sampled_from(IDS), unique=True))]
    shown = [draw(sights(name)) for name in draw(st.lists(st.sampled_from(IDS), unique=True))]
    more = [Tombstone(s) for s in draw(st.lists(st.sampled_from(["s1", "s2"]), unique=True, max_size=1))]
    masters = [
        Series(s, draw(st.booleans()), draw(st.sampled_from([None, NOW])), draw(st.booleans()))
        for s in draw(st.lists(st.sampled_from(["s1", "s2"]), unique=True))
    ]
    unresolved = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=1))
    since = draw(st.sampled_from([None, NOW - MINUTE, NOW - DAY, NOW - 2 * WEEK]))
    rules = replace(RULES, one_off=draw(st.sampled_from(OneOff)))
    shown = [s for s in shown if s.id not in unresolved]
    return records, look(
        *shown, *more, series=tuple(masters), unresolved=tuple(unresolved), since=since, rules=rules
    )


def check_one_by_one(records, outcome):
    """What must hold of any batch's changes."""
    ids = [c.id for c in outcome.changes]
    assert len(ids) == len(set(ids)), "each change has an id of its own"
    kept = {r.id: r for r in after(records, outcome)}
    for change in outcome.changes:
        one = kept[change.one_on_one]
        assert change.evidence
        assert (change.was is not None, change.now_at is not None) == {
            Kind.RESCHEDULED: (True, True),
            Kind.CANCELLED: (True, False),
            Kind.DECLINED: (True, False),
            Kind.SERIES_ENDED: (True, False),
        }.get(change.kind, (False, True))
        assert (change.how is not None) == (change.kind is Kind.RESCHEDULED)
        assert change.notice_minutes is None or change.kind not in (Kind.HELD, Kind.SCHEDULED)
        assert int(change.id.rsplit(".", 1)[1]) <= one.changes


@given(batches())
@settings(max_examples=150, deadline=None)
def test_any_record_and_any_sight_of_it_have_an_answer_and_the_same_look_again_is_no_change(batch):
    records, shown = batch
    first = judged(records, shown)
    check_one_by_one(records, first)
    again = judged(after(records, first), shown, candidates=first.candidates)
    assert summary(again) == []
    assert again.records == ()
    assert again.candidates == first.candidates


@given(batches())
@settings(max_examples=120, deadline=None)
def test_the_next_look_at_the_same_calendar_is_no_change_either(batch):
    records, shown = batch
    first = judged(records, shown)
    later = replace(shown, since=shown.at, at=shown.at + MINUTE)
    again = judged(after(records, first), later, candidates=first.candidates)
    assert summary(again) == []


@given(batches())
@settings(max_examples=120, deadline=None)
def test_they_are_never_blamed_for_a_cancellation_when_the_user_declined_or_organizes(batch):
    records, shown = batch
    assume(shown.sights)
    before = on_record(*records)
    outcome = judged(records, shown)
    for change in outcome.changes:
        if change.by is not By.THEM or change.kind in (Kind.DECLINED, Kind.REINSTATED, Kind.NO_LONGER):
            continue
        was = before.get(change.one_on_one)
        if was is not None and was.closed_by is By.THEM:
            continue  # it was theirs before this look
        one = next(r for r in after(records, outcome) if r.id == change.one_on_one)
        seen = shown.sights.get(one.event_id)
        assert seen is not None, "a bare word that it is gone blames nobody"
        if change.how is How.MOVED:
            assert seen.label.owner is Owner.THEM
        elif was is None or was.closed_by is None:
            assert seen.event.my_response is not Response.DECLINED
            assert was is None or was.attendance is not Attendance.DECLINED
            assert seen.label.owner is not Owner.ME


@given(batches(), st.randoms())
@settings(max_examples=80, deadline=None)
def test_the_order_in_which_events_are_listed_does_not_matter(batch, random):
    records, shown = batch
    first = judged(records, shown)
    random.shuffle(records)
    order = list(shown.sights)
    random.shuffle(order)
    second = judged(records, replace(shown, sights={i: shown.sights[i] for i in order}))
    assert sorted(first.changes, key=lambda c: c.id) == sorted(second.changes, key=lambda c: c.id)
    assert on_record(*first.records) == on_record(*second.records)
