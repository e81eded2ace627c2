"""Red flags: when a manager cancels too often, and what is said of it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.kept import Busy
from daemon.core.detect import Acquaintance
from daemon.core.model import By, How, Kind, Owner, Role, Times
from daemon.core.weeks import week_named
from tests.build import DANA, DAY, HOUR, KIM, at, record
from tests.core.entries import FRIDAY, LONDON, RULES, Told, lenient


def thrice(**more):
    told = Told()
    for start in ("10-06 10:00", "10-20 10:00", "11-17 10:00"):
        told.cancelled(start, **more)
    return told


def flagged(told, **more):
    """How many acts the flag counts; None where there is none."""
    flags = told.report(**more).red_flags
    return flags[0].acts if flags else None


# --- the rule -------------------------------------------------------------------------------------------


def test_more_than_two_cancellations_by_a_manager_are_a_red_flag():
    told = thrice()
    (flag,) = told.report().red_flags
    assert (flag.person.email, flag.acts) == (DANA, 3)
    assert [c.was.start for c in flag.cancellations] == [
        at("10-06 10:00"),
        at("10-20 10:00"),
        at("11-17 10:00"),
    ]
    assert flagged(told, rules=lenient(3)) is None


def test_two_are_none():
    told = Told()
    told.cancelled("10-20 10:00")
    told.cancelled("11-17 10:00")
    told.cancelled("11-18 10:00", by=By.ME)
    told(Kind.NO_SHOW, "11-19 10:00", noticed="11-19 12:00")
    assert flagged(told) is None


@pytest.mark.parametrize("role", [Role.REPORT, Role.PEER, Role.OTHER])
def test_only_managers_raise_one(role):
    known = Acquaintance(DANA, "Dana", role, None)
    assert flagged(thrice(), rules=replace(RULES, people={DANA: known})) is None
    assert flagged(thrice(), rules=replace(RULES, people={})) is None


def test_the_days_end_with_the_reports_week():
    told = Told()
    told.cancelled("08-24 23:00")  # midnight in London, 90 days before Monday 23 November
    told.cancelled("10-20 10:00")
    told.cancelled("11-17 10:00")
    assert flagged(told) == 3
    told = Told()
    told.cancelled("08-24 22:59")
    told.cancelled("10-20 10:00")
    told.cancelled("11-17 10:00")
    assert flagged(told) is None
    assert flagged(told, week=week_named("2026-W46", LONDON)) is None


def test_a_flag_looks_further_back_than_the_twelve_weeks_that_list_people():
    told = Told()
    for start in ("08-25 10:00", "08-26 10:00", "08-27 10:00"):
        told.cancelled(start)
    assert flagged(told) == 3
    assert told.report().people == ()


def test_what_was_cancelled_ahead_counts_from_when_it_was_noticed():
    told = thrice()
    told.changes = told.changes[:2]
    told.cancelled("12-01 10:00", noticed="11-19 10:00", ahead=12 * 24 * 60)
    assert flagged(told) == 3
    assert "to 22 November and after" in told.report().red_flags[0].rule
    assert flagged(told, week=week_named("2026-W46", LONDON)) is None


@pytest.mark.parametrize(
    "corrected",
    [
        lambda told, c: told.rebooked("11-17 10:00", "11-19 10:00", corrects=c),
        lambda told, c: told(Kind.REINSTATED, "11-17 10:00", corrects=c, noticed="11-16 22:00"),
        lambda told, c: told(Kind.EXCUSED, "11-17 10:00", corrects=c, noticed="11-18 22:00"),
        lambda told, c: told.held("11-17 10:00", corrects=c, noticed="11-18 22:00"),
        lambda told, c: told.cancelled("11-17 10:00", by=By.ME, corrects=c, noticed="11-18 22:00"),
        lambda told, c: told.moved("11-17 10:00", None, corrects=c, noticed="11-18 22:00"),
    ],
    ids=["rebooked", "reinstated", "excused", "held", "mine", "moved"],
)
def test_what_was_corrected_does_not_count(corrected):
    told = thrice()
    corrected(told, told.changes[-1])
    assert flagged(told) is None


def test_a_series_that_ended_does_not_count():
    told = thrice()
    told.changes.pop()
    told.series_ended("11-17 10:00")
    assert flagged(told) is None


def test_the_same_1_1_cancelled_twice_counts_once():
    told = thrice()
    told.changes.pop()
    again = told.changes[0]
    told(Kind.REINSTATED, "10-06 10:00", corrects=again, noticed="10-05 20:00")
    told.cancelled("10-06 10:00", one=again.one_on_one, noticed="10-06 02:00", ahead=480)
    assert flagged(told) is None


# --- declines -------------------------------------------------------------------------------------------


def with_decline(owner):
    told = thrice()
    told.changes.pop()
    told.declined("11-17 10:00", one="mine")
    return told, {"mine": record(id="mine", owner=owner)}


def test_a_decline_of_what_the_user_organizes_counts_and_is_called_a_decline():
    told, records = with_decline(Owner.ME)
    (flag,) = told.report(records=records).red_flags
    assert flag.cancellations[-1].kind is Kind.DECLINED
    assert flag.rule.startswith("2 cancellations and 1 decline by a manager")


@pytest.mark.parametrize("owner", [Owner.THEM, Owner.OTHER, None])
def test_a_decline_of_what_the_user_does_not_organize_or_nobody_knows_whose_does_not(owner):
    told, records = with_decline(owner or Owner.ME)
    assert flagged(told, records=records if owner else {}) is None


def test_a_decline_that_was_taken_back_or_rebooked_does_not_count():
    told, records = with_decline(Owner.ME)
    told(Kind.REINSTATED, "11-17 10:00", one="mine", corrects=told.changes[-1], noticed="11-17 02:00")
    assert flagged(told, records=records) is None
    told, records = with_decline(Owner.ME)
    told.rebooked("11-17 10:00", "11-18 10:00", corrects=told.changes[-1])
    assert flagged(told, records=records) is None


# --- one act --------------------------------------------------------------------------------------------


def acted(told, *pairs, **more):
    """Cancellations of these starts, at those times."""
    for start, when in pairs:
        ahead = int((at(start) - at(when)).total_seconds() // 60)
        told.cancelled(start, noticed=when, ahead=ahead, **more)
    return told


def test_a_holiday_cancelled_at_once_counts_once():
    holiday = [
        ("11-03 10:00", "10-30 09:00"),
        ("11-10 10:00", "10-30 09:10"),
        ("11-17 10:00", "10-30 09:55"),
    ]
    assert flagged(acted(Told(), *holiday), rules=lenient(1)) is None
    told = acted(Told(), *holiday, ("10-06 10:00", "10-05 10:00"), ("10-13 10:00", "10-12 10:00"))
    (flag,) = told.report().red_flags
    assert (flag.acts, len(flag.cancellations)) == (3, 5)
    assert "what was cancelled at once counts once, which makes 3" in flag.rule


def test_an_hour_apart_is_another_act():
    apart = [
        ("11-03 10:00", "10-30 09:00"),
        ("11-10 10:00", "10-30 10:00"),
        ("11-17 10:00", "10-30 11:00"),
    ]
    assert flagged(acted(Told(), *apart)) == 3


def test_a_marked_one_was_cancelled_when_the_calendar_says():
    told = acted(
        Told(),
        ("11-03 10:00", "10-30 09:00"),
        ("11-10 10:00", "10-30 09:00"),
        ("11-17 10:00", "10-30 09:00"),
        by=By.UNKNOWN,
    )
    for n, change in enumerate(tuple(told.changes)):
        told(
            Kind.CANCELLED,
            f"{change.was.start:%m-%d %H:%M}",
            by=By.THEM,
            corrects=change,
            noticed=f"11-1{n} 12:00",
        )
    assert flagged(told, rules=lenient(1)) is None


def test_one_that_was_marked_twice_was_cancelled_when_the_calendar_says():
    told = acted(
        Told(),
        ("11-03 10:00", "10-30 09:00"),
        ("11-10 10:00", "10-30 09:00"),
        ("11-17 10:00", "10-30 09:00"),
        by=By.UNKNOWN,
    )
    for change in tuple(told.changes):
        start, noticed = f"{change.was.start:%m-%d %H:%M}", "11-18 12:00"
        mine = told(Kind.CANCELLED, start, by=By.ME, corrects=change, noticed=noticed)
        told(Kind.CANCELLED, start, by=By.THEM, corrects=mine, noticed=noticed)
    assert flagged(told, rules=lenient(0)) == 1


def test_the_users_word_on_what_passed_for_held_counts_for_each():
    told = Told()
    for start in ("11-03 10:00", "11-10 10:00", "11-17 10:00"):
        told.cancelled(start, corrects=told.held(start), ahead=None, noticed="11-18 10:00")
    assert flagged(told) == 3


def test_what_the_first_read_found_and_nothing_dates_is_one_act():
    assert flagged(thrice(ahead=None, backfilled=True), rules=lenient(1)) is None
    assert flagged(thrice(backfilled=True)) == 3


# --- by nobody knows whom -------------------------------------------------------------------------------


def test_unknown_ones_raise_nothing_and_are_listed_where_they_would():
    told = thrice(by=By.UNKNOWN)
    report = told.report()
    assert report.red_flags == ()
    (near,) = report.almost
    assert near.unknown == tuple(told.changes)
    assert near.rule.startswith("0 cancellations by a manager in the 90 days to 22 November, and 3 more")


def test_unknown_ones_that_are_too_few_are_not_listed():
    told = thrice(by=By.UNKNOWN)
    told.changes.pop()
    assert told.report().almost == ()


def test_unknown_ones_count_with_those_by_them():
    told = thrice()
    told.changes[1] = replace(told.changes[1], by=By.UNKNOWN)
    (near,) = told.report().almost
    assert near.unknown == (told.changes[1],)
    marked = told(Kind.CANCELLED, "10-20 10:00", by=By.THEM, corrects=told.changes[1], noticed="11-19 10:00")
    assert told.report().almost == ()
    assert marked in told.report().red_flags[0].cancellations


def test_an_unknown_one_of_the_same_act_adds_nothing_and_is_not_listed():
    told = acted(Told(), ("11-03 10:00", "10-30 09:00"), ("10-06 10:00", "10-05 10:00"))
    acted(told, ("11-10 10:00", "10-30 09:05"), by=By.UNKNOWN)
    assert told.report().almost == ()
    acted(told, ("11-17 10:00", "11-16 09:05"), by=By.UNKNOWN)
    (near,) = told.report().almost
    assert near.unknown == (told.changes[-1],)


# --- what is said ---------------------------------------------------------------------------------------


def test_the_rule_is_said_with_its_numbers():
    told = thrice()
    told.held("11-10 10:00")
    (flag,) = told.report().red_flags
    assert flag.rule == (
        "3 cancellations by a manager in the 90 days to 22 November, of 4 1:1s that were due. "
        "More than 2 cancellations within 90 days are a red flag."
    )


def test_the_words_offer_free_times_in_the_users_zone():
    new_york = replace(RULES, zone=ZoneInfo("America/New_York"))
    (flag,) = thrice().report(rules=new_york, busy_until=FRIDAY + 14 * DAY).red_flags
    assert "these meetings are important to me; when can we reschedule?" in flag.words
    assert len(flag.free_times) == 3
    assert flag.words.endswith(
        "I could do Friday 20 November at 13:00, Monday 23 November at 13:30 or Tuesday 24 November at 09:00."
    )


def test_nothing_is_offered_where_nobody_knows_what_is_free():
    (flag,) = thrice().report().red_flags
    assert (flag.free_times, flag.words.endswith("reschedule?")) == ((), True)


def test_the_times_are_as_long_as_the_next_1_1_or_the_last():
    known = {"busy_until": FRIDAY + 14 * DAY}
    (flag,) = thrice(minutes=45).report(**known).red_flags
    assert {t.end - t.start for t in flag.free_times} == {0.75 * HOUR}
    coming = record(start=at("12-15 10:00"), end=at("12-15 11:00"))
    (flag,) = thrice(minutes=45).report(records={"x": coming}, **known).red_flags
    assert {t.end - t.start for t in flag.free_times} == {HOUR}


def test_times_are_half_an_hour_long_where_the_last_1_1_had_no_length():
    (flag,) = thrice(minutes=0).report(busy_until=FRIDAY + 14 * DAY).red_flags
    assert {t.end - t.start for t in flag.free_times} == {0.5 * HOUR}


def test_after_a_move_times_are_as_long_as_the_1_1_has_become():
    told = thrice()
    move = told.moved("11-18 10:00", "11-18 12:00")
    longer = Times(move.now_at.start, move.now_at.start + HOUR)
    told.changes[-1] = replace(move, now_at=longer)
    (flag,) = told.report(busy_until=FRIDAY + 14 * DAY).red_flags
    assert {t.end - t.start for t in flag.free_times} == {HOUR}


def test_no_two_managers_are_offered_the_same_time():
    told = thrice()
    for start in ("10-06 10:00", "10-20 10:00", "11-17 10:00"):
        told.cancelled(start, person=KIM)
    people = RULES.people | {KIM: Acquaintance(KIM, "Kim", Role.MANAGER, None)}
    first, second = told.report(rules=replace(RULES, people=people), busy_until=FRIDAY + 14 * DAY).red_flags
    assert (first.person.name, second.person.name) == ("Dana", "Kim")
    assert not {t.start for t in first.free_times} & {t.start for t in second.free_times}


def test_what_is_offered_is_free_on_all_calendars():
    week = [Busy(at("11-20 00:00") + n * DAY, at("11-20 14:00") + n * DAY, "x") for n in range(8)]
    (flag,) = thrice().report(busy=tuple(week), busy_until=FRIDAY + 14 * DAY).red_flags
    assert all(t.start.hour >= 14 for t in flag.free_times)


# --- whatever happens -----------------------------------------------------------------------------------

CANCELLED = st.tuples(
    st.sampled_from([Kind.CANCELLED, Kind.DECLINED, Kind.HELD, Kind.RESCHEDULED]),
    st.sampled_from(list(By)),
    st.integers(0, 100),
    st.integers(0, 5000),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(CANCELLED, max_size=12), st.integers(1, 4))
def test_a_flag_counts_only_what_they_did_and_unknown_ones_never(drawn, limit):
    told = Told()
    for kind, by, day, ahead in drawn:
        start = f"{at('08-20 10:00') + day * DAY:%m-%d %H:%M}"
        told(
            kind,
            start,
            by=None if kind is Kind.HELD else by,
            ahead=None if kind is Kind.HELD else ahead,
            how=How.MOVED if kind is Kind.RESCHEDULED else None,
        )
    report = told.report(rules=lenient(limit))
    by_them = [c for c in told.changes if c.kind is Kind.CANCELLED and c.by is By.THEM]
    for flag in report.red_flags:
        assert set(flag.cancellations) <= set(by_them)
        assert limit < flag.acts <= len(flag.cancellations)
    for near in report.almost:
        assert not report.red_flags
        assert {c.by for c in near.unknown} == {By.UNKNOWN}
