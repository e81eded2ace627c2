"""The same meeting through two calendars: one 1:1, and its shadow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.values import Response, Tombstone
from daemon.core.ledger.classify import classify
from daemon.core.ledger.same import fold_copies
from daemon.core.model import Attendance, How, Kind, State
from daemon.core.remembered import Shadow
from tests.build import (
    DAY,
    HOUR,
    KIM,
    ME,
    NOW,
    at,
    cancelled,
    event,
    look,
    moved,
    occurrence,
    on_record,
    record,
    weekly,
)

WORK_FIRST = ("work", "client")


def work(*items, **more):
    return look(*items, account="work", **more)


def client(*items, **more):
    return look(*items, account="client", **more)


def theirs(start="11-24 10:00", **more):
    """The same event as the other account has it."""
    return event(start, **({"id": "c1"} | more))


def fold(*looks, records=(), shadows=(), accounts=WORK_FIRST):
    return fold_copies(looks, on_record(*records), shadows, accounts)


def shown(folded):
    """Which events are left in the looks."""
    return {seen.event.id for each in folded.looks for seen in each.sights.values()}


def shadow(of, *items, state=State.STANDING, **more):
    """What is remembered of another copy, as the other account once showed it."""
    copies = [record(seen, account="client", state=state, **more) for seen in items]
    return [Shadow(one.id, replace(c, account="client")) for one, c in zip(of, copies, strict=True)]


# --- what is the same meeting -----------------------------------------------------------------------------


@pytest.mark.parametrize(("accounts", "kept"), [(WORK_FIRST, "e1"), (("client", "work"), "c1")])
def test_a_meeting_on_two_calendars_is_that_of_the_account_listed_first(accounts, kept):
    for looks in ((work(event()), client(theirs())), (client(theirs()), work(event()))):
        folded = fold(*looks, accounts=accounts)
        assert shown(folded) == {kept}
        (copy,) = folded.shadows
        assert {copy.copy.event_id, kept} == {"e1", "c1"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (event(), theirs(), True),
        (event(ical_uid="u1"), theirs(ical_uid="u1", title="Dana"), True),
        (event(ical_uid="u1"), theirs(ical_uid="u2"), True),
        (event(), theirs(title="1:1 Alex"), False),
        (event(), theirs("11-24 10:15"), False),
        (event(), theirs(minutes=45), False),
        (event(ical_uid="u1"), theirs("11-24 11:00", ical_uid="u1"), True),
        (event(ical_uid="u1"), theirs(ical_uid="u1", guests=(ME, KIM), by=KIM), False),
        (occurrence("11-24 10:00", ical_uid="u1"), occurrence("12-01 10:00", id="c1", ical_uid="u1"), False),
        (
            occurrence("11-24 10:00", ical_uid="u1"),
            occurrence("11-25 10:00", id="c1", original="11-24 10:00", ical_uid="u1"),
            True,
        ),
    ],
    ids=[
        "the same title and times",
        "the same iCal UID",
        "a UID in each calendar",
        "another title",
        "another start",
        "another length",
        "the same UID at another time",
        "another person",
        "another date of the series",
        "the same date of the series, moved",
    ],
)
def test_what_is_the_same_meeting(one, other, same):
    assert shown(fold(work(one), client(other))) == ({one.id} if same else {one.id, other.id})


def test_two_alike_in_one_calendar_are_two():
    assert shown(fold(work(event(), event(id="e2")))) == {"e1", "e2"}


def test_a_meeting_on_record_keeps_its_account_whichever_is_listed_first():
    known = record(theirs(), account="client")
    folded = fold(work(event()), client(theirs()), records=[known])
    assert shown(folded) == {"c1"}
    assert [(s.of, s.copy.event_id) for s in folded.shadows] == [(known.id, "e1")]


def test_a_copy_of_what_is_over_is_a_copy():
    held = record(event("11-23 07:00"), state=State.OVER)
    assert shown(fold(client(theirs("11-23 07:00")), records=[held])) == set()


def test_a_copy_is_held_against_the_meeting_as_it_is_now():
    known = record(event())
    assert shown(fold(work(event("11-25 15:00")), client(theirs("11-25 15:00")), records=[known])) == {"e1"}


# --- what is cancelled ------------------------------------------------------------------------------------


def test_what_both_calendars_show_as_cancelled_is_one_cancellation():
    folded = fold(work(cancelled(event())), client(cancelled(theirs(title="Cancelled: 1:1"))))
    assert shown(folded) == {"e1"}


def test_what_is_left_of_a_cancelled_copy_says_nothing_of_the_one_that_stands():
    known = record(event())
    folded = fold(work(event()), client(cancelled(theirs())), records=[known])
    assert shown(folded) == {"e1"}
    again = fold(client(cancelled(theirs()), now=NOW + HOUR), records=[known], shadows=folded.shadows)
    assert shown(again) == set()


def test_a_copy_that_is_gone_for_good_is_forgotten():
    known = record(event())
    shadows = shadow([known], theirs())
    assert fold(client(Tombstone("c1")), records=[known], shadows=shadows).shadows == ()
    assert fold(records=[], shadows=shadows).shadows == (), "and so is one of a 1:1 that is not on record"


# --- the other copy takes over ----------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [Tombstone("e1"), cancelled(event())], ids=["without a trace", "cancelled"])
def test_where_its_own_copy_goes_and_another_stands_it_goes_on_as_that_one(gone):
    known = record(event())
    copy = theirs(me=Response.TENTATIVE, ical_uid="u2", url="https://c")
    folded = fold(work(gone), client(copy), records=[known], shadows=shadow([known], theirs()))
    after = folded.records[known.id]
    assert (after.account, after.event_id, after.attendance) == ("client", "c1", Attendance.TENTATIVE)
    assert (after.ical_uid, after.url) == ("u2", "https://c")
    outcome = classify(folded.records, folded.looks, (), NOW, 7 * DAY)
    assert outcome.changes == ()
    later = fold(work(gone, now=NOW + HOUR), records=[after], shadows=folded.shadows)
    assert shown(later) == set(), "what is left of the first copy stays nobody's"


@pytest.mark.parametrize("state", [State.CANCELLED, State.OVER, State.ENDED])
def test_one_that_is_closed_does_not_go_on(state):
    known = record(event(), state=state)
    folded = fold(work(Tombstone("e1")), records=[known], shadows=shadow([known], theirs()))
    assert folded.records[known.id].account == "work"


def test_one_whose_other_copy_was_cancelled_too_does_not_go_on():
    known = record(event())
    shadows = shadow([known], theirs(), state=State.CANCELLED)
    folded = fold(work(cancelled(event())), client(cancelled(theirs())), records=[known], shadows=shadows)
    assert folded.records[known.id] == known
    assert shown(folded) == {"e1"}


# --- series -----------------------------------------------------------------------------------------------

OURS, THEIRS = weekly("11-24 10:00", 3), weekly("11-24 10:00", 3, series="c1")
KNOWN = [record(d) for d in OURS]
SHADOWS = shadow(KNOWN, *THEIRS)


@pytest.mark.parametrize(
    "new",
    [weekly("11-25 15:00", 3), weekly("11-25 15:00", 3, series="s1_R20261125")],
    ids=["under new ids", "as a new series"],
)
def test_a_series_that_moved_on_its_own_calendar_first_goes_on_there(new):
    gone = [Tombstone(d.id, d.series_id) for d in OURS]
    folded = fold(work(*gone, *new), records=KNOWN, shadows=SHADOWS)
    assert {r.account for r in folded.records.values()} == {"work"}
    outcome = classify(folded.records, folded.looks, (), NOW, 7 * DAY)
    assert [(c.kind, c.how) for c in outcome.changes] == [(Kind.RESCHEDULED, How.MOVED)]


def test_a_series_that_is_gone_from_its_own_calendar_goes_on_as_the_other_copy():
    gone = [Tombstone(d.id, d.series_id) for d in OURS]
    folded = fold(work(*gone, Tombstone("s1")), records=KNOWN, shadows=SHADOWS)
    assert {r.event_id for r in folded.records.values()} == {d.id for d in THEIRS}


def test_dates_far_ahead_that_come_into_view_do_not_keep_a_lost_one():
    folded = fold(
        work(Tombstone(OURS[0].id, "s1"), occurrence("12-15 10:00")), records=KNOWN, shadows=SHADOWS
    )
    assert folded.records[KNOWN[0].id].event_id == THEIRS[0].id


def test_a_date_that_has_another_id_on_its_own_calendar_goes_on_there():
    renamed = occurrence("12-30 15:00", id="exception", original="11-24 10:00")
    folded = fold(work(Tombstone(OURS[0].id, "s1"), renamed), records=KNOWN, shadows=SHADOWS)
    assert folded.records[KNOWN[0].id].account == "work"


@pytest.mark.parametrize("series", ["c1", "c2"], ids=["under new ids", "as a new series"])
def test_copies_of_a_series_that_moved_stay_copies(series):
    gone = [Tombstone(d.id, "c1") for d in THEIRS]
    new = weekly("11-25 15:00", 3, series=series)
    folded = fold(client(*gone, *new), records=KNOWN, shadows=SHADOWS)
    assert shown(folded) == set()
    assert {(s.of, s.copy.event_id) for s in folded.shadows} == {
        (one.id, copy.id) for one, copy in zip(KNOWN, new, strict=True)
    }


def test_a_copy_that_has_another_id_since_it_was_changed_stays_a_copy():
    renamed = replace(moved(THEIRS[0], "11-26 15:00"), id="exception")
    folded = fold(client(Tombstone(THEIRS[0].id, "c1", absent=True), renamed), records=KNOWN, shadows=SHADOWS)
    assert shown(folded) == set()
    assert {s.copy.event_id: s.of for s in folded.shadows}["exception"] == KNOWN[0].id
    assert at("11-26 15:00") in {s.copy.start for s in folded.shadows}


def test_a_date_that_stands_under_two_other_ids_is_followed_to_one_of_them():
    twice = [replace(moved(THEIRS[0], "11-26 15:00"), id=i) for i in ("exception", "again")]
    folded = fold(client(Tombstone(THEIRS[0].id, "c1", absent=True), *twice), records=KNOWN, shadows=SHADOWS)
    assert shown(folded) == {"again"}
    assert {s.copy.event_id: s.of for s in folded.shadows}["exception"] == KNOWN[0].id


def test_a_copy_of_a_single_event_does_not_become_a_date_of_a_new_series():
    known = record(event())
    new = weekly("11-25 15:00", 2, series="c2")
    folded = fold(client(Tombstone("c1"), *new), records=[known], shadows=shadow([known], theirs()))
    assert shown(folded) == {d.id for d in new}


def test_copies_of_a_series_do_not_become_dates_with_somebody_else():
    gone = [Tombstone(d.id, "c1") for d in THEIRS]
    kims = weekly("11-25 15:00", 3, series="c2", guests=(ME, KIM), by=KIM)
    folded = fold(client(*gone, *kims), records=KNOWN, shadows=SHADOWS)
    assert shown(folded) == {d.id for d in kims}


def test_a_single_event_beside_it_does_not_keep_a_series_on_its_own_calendar():
    gone = [Tombstone(d.id, d.series_id) for d in OURS]
    folded = fold(work(*gone, event("11-25 15:00")), records=KNOWN, shadows=SHADOWS)
    assert {r.account for r in folded.records.values()} == {"client"}


def test_copies_of_a_series_follow_their_own_before_any_new_one():
    gone = [Tombstone(d.id, "c1") for d in THEIRS]
    own, other = weekly("11-25 15:00", 3, series="c1"), weekly("11-25 09:00", 3, series="c0")
    folded = fold(client(*gone, *other, *own), records=KNOWN, shadows=SHADOWS)
    assert shown(folded) == {d.id for d in other}


def test_one_that_could_not_be_asked_for_waits_though_its_series_is_gone():
    asked = work(Tombstone("s1"), unresolved=(OURS[0].id,))
    folded = fold(asked, records=KNOWN, shadows=SHADOWS)
    assert [folded.records[one.id].account for one in KNOWN] == ["work", "client", "client"]
