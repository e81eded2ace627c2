"""The user's word on what became of a 1:1: the last one stands, alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.commands.history import news
from daemon.core.ledger.marking import Unmarkable, UserMark, find_one_on_one, marked
from daemon.core.model import By, How, Kind, State
from tests.build import event, record, times
from tests.core.entries import FRIDAY, Told

WEDNESDAY = "11-18 10:00"
MARKS = st.builds(
    UserMark,
    st.sampled_from([Kind.HELD, Kind.NO_SHOW, Kind.EXCUSED, Kind.CANCELLED, Kind.RESCHEDULED]),
    st.sampled_from([None, By.ME, By.THEM]),
    st.none(),
    st.just(FRIDAY),
)
HELD, CANCELLED, RESCHEDULED = (
    UserMark(kind, None, None, FRIDAY) for kind in (Kind.HELD, Kind.CANCELLED, Kind.RESCHEDULED)
)


class Marking:
    """A 1:1 of Wednesday, whose ledger is told, and the user who marks it, perhaps when its record is gone."""

    def __init__(self, *, on_record: bool = True) -> None:
        self.told = Told()
        self.id = "r1"
        self.records = {}
        if on_record:
            self.records = {self.id: record(event(WEDNESDAY), id=self.id, state=State.OVER)}

    def __call__(self, mark: UserMark, given: str = ""):
        one = find_one_on_one(given or self.id, self.records, self.told.changes)
        known, change = marked(one, mark)
        self.told.changes.append(change)
        if known is not None:
            self.records[known.id] = known
        return change

    @property
    def outcomes(self):
        """What history shows, but for moves that the calendar tells of."""
        return [
            c
            for c in news(self.told.changes)
            if c.how is not How.MOVED or c.evidence.startswith("you said so")
        ]

    def counted(self):
        """What the report counts of the twelve weeks: kinds, and by whom something was cancelled."""
        found = self.told.of().window
        return {
            "held": found.held,
            "no_show": found.no_show,
            "excused": found.excused,
            "moved": found.moved,
            "rebooked": found.rebooked,
            "cancelled": sum(found.cancelled.values()),
            "declined": sum(found.declined.values()),
        }


def _held(told):
    told.held(WEDNESDAY)


def _cancelled(told):
    told.cancelled(WEDNESDAY)


def _declined(told):
    told.declined(WEDNESDAY, by=By.ME)


def _rebooked(told):
    lost = told.cancelled(WEDNESDAY)
    told.rebooked(WEDNESDAY, "11-19 10:00", corrects=lost)


def _moved_and_held(told):
    before = told.moved("11-17 10:00", WEDNESDAY)
    told.held(WEDNESDAY, one=before.one_on_one)


BEGINNINGS = [_held, _cancelled, _declined, _rebooked, _moved_and_held]


@given(st.data(), st.sampled_from(BEGINNINGS), st.booleans(), st.lists(MARKS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_whatever_is_marked_in_turn_the_last_mark_stands_alone_and_counts_once(data, begin, on_record, marks):
    user = Marking(on_record=on_record)
    begin(user.told)
    moves = int(begin is _moved_and_held)
    for mark in marks:
        named = data.draw(st.sampled_from(["", *(c.id for c in user.told.changes[moves:])]))
        made = user(mark, named)
        assert user.outcomes == [made]
        assert made.corrects is not None
        kind = "moved" if mark.kind is Kind.RESCHEDULED else mark.kind.value
        expected = dict.fromkeys(user.counted(), 0) | {"moved": moves}
        expected[kind] += 1
        assert user.counted() == expected
        assert (made.was or made.now_at) == times(WEDNESDAY)


def test_a_mark_corrects_the_mark_before_it_also_where_that_said_moved():
    user = Marking()
    held = user.told.held(WEDNESDAY)
    moved = user(RESCHEDULED)
    cancelled = user(replace(CANCELLED, by=By.THEM))
    again = user(HELD)
    assert [c.corrects for c in (moved, cancelled, again)] == [held.id, moved.id, cancelled.id]


def test_a_mark_names_a_change_and_corrects_what_stands_for_it_now():
    user = Marking()
    held = user.told.held(WEDNESDAY)
    moved = user(RESCHEDULED)
    assert user(HELD, moved.id).corrects == moved.id
    assert user(CANCELLED, held.id).corrects == user.told.changes[-2].id


def test_nobody_is_blamed_for_what_the_user_took_back():
    user = Marking()
    user.told.held(WEDNESDAY)
    assert user(replace(CANCELLED, by=By.THEM)).by is By.THEM
    assert user(RESCHEDULED).by is By.THEM
    user(HELD)
    assert user(CANCELLED).by is By.UNKNOWN


def test_a_move_that_the_calendar_told_of_stays_true_and_cannot_be_named():
    user = Marking()
    _moved_and_held(user.told)
    move = user.told.changes[0]
    with pytest.raises(Unmarkable, match=r"stays true\. To say how it ended, mark") as refused:
        user(HELD, move.id)
    assert not refused.value.usage


def test_a_new_time_of_the_users_is_taken_back_with_the_mark_that_gave_it():
    user = Marking(on_record=False)
    user.told.held(WEDNESDAY)
    to = times("11-19 17:00")
    assert user(replace(RESCHEDULED, to=to.start)).now_at == to
    assert user(HELD).now_at == times(WEDNESDAY)


def test_an_id_that_nothing_has_is_no_misuse_but_one_of_two_is():
    user = Marking()
    user.told.held(WEDNESDAY)
    user.told.changes.append(replace(user.told.changes[0], one_on_one=f"{user.id}x", id=f"{user.id}x.1"))
    for given_id, misuse in (("zzzz", False), (f"{user.id}.7", False), (user.id[:1], True)):
        with pytest.raises(Unmarkable) as refused:
            user(HELD, given_id)
        assert refused.value.usage is misuse


def test_what_is_to_come_cannot_have_been_missed_but_can_have_fallen_through():
    user = Marking()
    declined = record(event("11-24 10:00"), id=user.id, state=State.DECLINED, pending=True)
    user.records[user.id] = declined
    for kind in (Kind.HELD, Kind.NO_SHOW):
        with pytest.raises(Unmarkable, match="still to come"):
            user(UserMark(kind, None, None, FRIDAY))
    assert user(CANCELLED).kind is Kind.CANCELLED
    left = user.records[user.id]
    assert (left.state, left.closed_by, left.pending) == (State.CANCELLED, By.UNKNOWN, False)


def test_a_mark_is_numbered_after_entries_that_are_no_longer_kept():
    user = Marking()
    user.records[user.id] = replace(user.records[user.id], changes=5)
    assert user(HELD).id == f"{user.id}.6"


def test_one_that_nothing_dates_cannot_be_marked():
    user = Marking(on_record=False)
    user.told.changes.append(replace(user.told.held(WEDNESDAY, one="r9"), one_on_one=user.id, now_at=None))
    with pytest.raises(Unmarkable, match="Nothing says when"):
        user(HELD)
