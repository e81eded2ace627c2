"""Which times the user can offer."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.model import Times
from daemon.core.report.free_times import LEAD, Hours, free_times
from tests.build import DAY, HOUR, MINUTE, NOW, at, times

LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = Hours(LONDON, time(9), time(17))
HALF_HOUR = timedelta(minutes=30)
MONDAY = NOW  # 23 November 2026, 08:00


def free(*taken, until=MONDAY + 14 * DAY, hours=NINE_TO_FIVE, length=HALF_HOUR, now=MONDAY):
    return [
        f"{t.start.astimezone(hours.zone):%a %H:%M}" for t in free_times(taken, until, hours, length, now)
    ]


def all_day(text, until="17:00"):
    return Times(at(f"{text} 00:00"), at(f"{text} {until}"))


def test_three_days_are_offered_in_turns_early_and_late():
    assert free() == ["Mon 10:00", "Tue 13:00", "Wed 09:00"]


def test_nothing_is_offered_where_nobody_knows_what_is_taken():
    assert free(until=None) == []
    assert free(until=MONDAY) == []
    assert free(until=at("11-23 10:30")) == ["Mon 10:00"]
    assert free(until=at("11-23 10:29")) == []
    assert free(until=at("11-24 10:30")) == ["Mon 10:00", "Mon 13:00", "Tue 09:00"]


def test_nothing_is_offered_within_two_hours():
    assert free(now=at("11-23 09:01"))[0] == "Mon 11:30"
    assert free(now=at("11-23 09:30"))[0] == "Mon 11:30"


def test_a_day_of_which_too_little_is_left_does_not_count():
    assert free(now=at("11-23 14:45"))[0] == "Tue 09:00"
    assert free(now=at("11-23 14:30"))[0] == "Mon 16:30"


def test_a_weekend_is_no_time_for_work():
    assert free(now=at("11-20 16:00")) == ["Mon 09:00", "Tue 13:00", "Wed 09:00"]


def test_no_more_than_five_working_days_are_looked_at():
    taken = [all_day(f"11-{day}") for day in (23, 24, 25, 26, 27)]
    assert free(*taken) == []
    assert free(*taken[:4]) == ["Fri 09:00", "Fri 09:30", "Fri 13:00"]


def test_a_quarter_is_offered_where_no_half_hour_is_free():
    taken = [Times(at("11-23 00:00"), at("11-23 11:15")), Times(at("11-23 11:45"), at("11-28 00:00"))]
    assert free(*taken) == ["Mon 11:15"]


def test_what_touches_is_free():
    taken = [Times(at("11-23 00:00"), at("11-23 11:00")), Times(at("11-23 11:30"), at("11-28 00:00"))]
    assert free(*taken) == ["Mon 11:00"]


def test_the_half_of_the_day_gives_way_to_another_day():
    assert free(Times(at("11-24 12:00"), at("11-24 18:00")))[1] == "Tue 09:00"


def test_a_length_that_fits_no_working_day_is_not_offered():
    assert free(length=9 * HOUR) == []
    assert free(length=timedelta(0)) == []
    assert free(length=8 * HOUR)[0] == "Tue 09:00"


def test_hours_are_those_of_the_users_clocks_on_both_sides_of_a_change():
    friday = datetime(2026, 10, 23, 15, tzinfo=UTC)  # London's clocks go back on Sunday the 25th
    found = free_times((), friday + 14 * DAY, NINE_TO_FIVE, HALF_HOUR, friday - DAY)
    assert [f"{t.start:%a %H:%M}" for t in found] == ["Fri 08:00", "Mon 13:00", "Tue 09:00"]


ZONES = st.sampled_from(
    [
        LONDON,
        *map(
            ZoneInfo, ["America/New_York", "Asia/Kolkata", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Gaza"]
        ),
    ]
)
MOMENTS = st.integers(0, 2 * 366 * 24 * 4).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * 15 * MINUTE)
TAKEN = st.lists(st.tuples(st.integers(-600, 14 * 1440), st.integers(0, 3000)), max_size=25)


@settings(max_examples=100, deadline=None)
@given(ZONES, MOMENTS, TAKEN, st.integers(1, 12), st.integers(0, 23), st.integers(1, 24), st.integers(0, 10))
def test_what_is_offered_is_free_in_working_hours_distinct_and_in_order(
    zone, now, drawn, length, opens, span, days
):
    taken = [Times(now + a * MINUTE, now + (a + b) * MINUTE) for a, b in drawn]
    closes = opens + span
    hours = Hours(zone, time(opens), time(closes) if closes < 24 else time(23, 59))
    until = now + days * DAY
    length = length * 15 * MINUTE
    found = free_times(taken, until, hours, length, now)
    assert len(found) <= 3
    assert list(found) == sorted(found, key=lambda t: t.start)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for offered in found:
        assert not any(t.start < offered.end and t.end > offered.start for t in taken)
        assert offered.end - offered.start == length
        assert now + LEAD <= offered.start
        assert offered.end <= until
        start, end = offered.start.astimezone(zone), offered.end.astimezone(zone)
        assert start.weekday() < 5
        assert start.minute % 15 == 0
        assert hours.opens <= start.time()
        assert (end.date(), end.time()) <= (start.date(), hours.closes)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, TAKEN)
def test_days_come_before_further_times_on_the_same_day(now, drawn):
    taken = [Times(now + a * MINUTE, now + (a + b) * MINUTE) for a, b in drawn]
    found = free_times(taken, now + 14 * DAY, NINE_TO_FIVE, HALF_HOUR, now)
    if len({t.start.date() for t in found}) < len(found):
        rest = [all_day_of(t) for t in found]
        assert free_times([*taken, *rest], now + 14 * DAY, NINE_TO_FIVE, HALF_HOUR, now) == ()


def all_day_of(offered):
    midnight = offered.start.replace(hour=0, minute=0)
    return Times(midnight, midnight + DAY)


def test_times_are_in_utc():
    (first, *_) = free_times((), MONDAY + 9 * DAY, NINE_TO_FIVE, HALF_HOUR, MONDAY)
    assert first == times("11-23 10:00")
    assert first.start.tzinfo is UTC
