"""What became of each 1:1: the decision table, case by case, and what must hold for any case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from connectors.values import Response, Series, Status, Tombstone
from daemon.core.detect import Acquaintance, OneOff
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
    with_guest,
)
from tests.core.judging import NO, after, judged, only, state, summary

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
        (event(), cancelled(event(by=ME, guests=(ME, DANA, KIM))), By.ME),
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


def test_what_becomes_of_a_declined_one_that_was_over_at_the_last_look_is_no_news():
    declined = record(
        event("11-22 10:00", me=NO), state=State.DECLINED, closed_by=By.ME, closing_change="x.2"
    )
    for shown in (with_guest(event("11-22 10:00", me=NO), KIM), event("11-22 10:00")):
        assert judged([declined], look(shown, since=NOW - HOUR)).changes == ()


def test_a_decline_is_not_taken_back_when_the_time_is_over():
    declined = record(event("11-23 07:00", them=NO), state=State.DECLINED, closed_by=By.THEM)
    assert judged([declined], look(event("11-23 07:00"))).changes == ()
    longer = record(event("11-23 07:45", them=NO), state=State.DECLINED, closed_by=By.THEM)
    assert only(judged([longer], look(event("11-23 07:45")))).kind is Kind.REINSTATED


def test_one_that_comes_back_when_it_was_over_at_the_last_look_stays_cancelled():
    seen = event("11-22 10:00", updated=at("11-22 09:00"))
    gone = record(seen, state=State.CANCELLED, closing_change="x.2")
    assert judged([gone], look(seen, since=NOW - HOUR)).changes == ()
    assert [c.kind for c in judged([gone], look(seen)).changes] == [Kind.REINSTATED, Kind.HELD]


def test_a_time_that_is_yet_to_come_says_nothing_of_when_it_was_removed():
    seen = event("11-23 08:30")
    outcome = judged([record(seen)], look(cancelled(seen, updated=NOW + DAY)))
    assert only(outcome).kind is Kind.CANCELLED


def test_who_moved_it_is_told_by_whom_it_belongs_to_now():
    outcome = judged([record()], look(moved(event(by=ME), "11-25 14:00")))
    assert only(outcome).by is By.ME
    open_to_guests = moved(event(guests_can_modify=True), "11-25 14:00")
    assert only(judged([record()], look(open_to_guests))).by is By.UNKNOWN


def test_the_users_no_to_a_meeting_that_grew_before_it_went_is_theirs():
    shown = cancelled(event(me=NO, guests=(ME, DANA, KIM)))
    assert only(judged([record()], look(shown))).by is By.ME


def test_one_that_was_given_to_somebody_else_before_it_went_was_organized_by_whom_it_was():
    shown = cancelled(event(by=KIM, guests=(ME, KIM)))
    change = only(judged([record(event(by=KIM))], look(shown)))
    assert "somebody else organizes it" in change.evidence


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
