"""When reports and topics are due, in the user's time, and when to try again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.kept import Notebook, PageRef
from daemon.core.artefacts import OpenPage
from daemon.core.due import (
    moment_of,
    next_try,
    report_moment,
    reported_week,
    topics_fallen_due,
    topics_key,
)
from daemon.core.model import State
from daemon.core.weeks import week_named
from tests.build import DANA, DAY, HOUR, MINUTE, NOW, at, event, record

LONDON, NEW_YORK, KIRITIMATI = (
    ZoneInfo(n) for n in ("Europe/London", "America/New_York", "Pacific/Kiritimati")
)
FOUR = time(16)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("11-27 15:59", "11-20 16:00"),
        ("11-27 16:00", "11-27 16:00"),
        ("11-29 23:00", "11-27 16:00"),
        ("12-03 09:00", "11-27 16:00"),
        ("2027-01-01 16:00", "2027-01-01 16:00"),
    ],
)
def test_a_report_is_due_from_its_moment_until_the_next_one(now, due):
    assert report_moment(4, FOUR, LONDON, at(now)) == at(due)


def test_a_moment_is_of_the_users_day_and_not_of_the_worlds():
    """Friday 00:30 in Kiribati is Thursday 10:30 in the world."""
    moment = report_moment(4, time(0, 30), KIRITIMATI, at("11-26 12:00"))
    assert moment == at("11-26 10:30")
    assert reported_week(moment, KIRITIMATI).name == "2026-W48"


@pytest.mark.parametrize(
    ("zone", "clock", "now", "due"),
    [
        (
            LONDON,
            time(1, 30),
            datetime(2027, 3, 28, 12, tzinfo=UTC),
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        ),
        (
            LONDON,
            time(1, 30),
            datetime(2026, 10, 25, 12, tzinfo=UTC),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
        (NEW_YORK, FOUR, datetime(2026, 11, 1, 22, tzinfo=UTC), datetime(2026, 11, 1, 21, tzinfo=UTC)),
        (NEW_YORK, FOUR, datetime(2026, 10, 25, 22, tzinfo=UTC), datetime(2026, 10, 25, 20, tzinfo=UTC)),
    ],
    ids=["a time that is skipped", "a time that comes twice", "winter", "summer"],
)
def test_a_moment_is_right_across_changes_of_the_clocks(zone, clock, now, due):
    assert report_moment(6, clock, zone, now) == due


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("week", ["2026-W44", "2026-W53", "2027-W01", "2027-W12"])
def test_a_week_is_reported_at_the_moment_that_reports_it(weekday, week):
    moment = moment_of(week_named(week, LONDON), weekday, FOUR, LONDON)
    assert reported_week(moment, LONDON).name == week
    assert report_moment(weekday, FOUR, LONDON, moment) == moment


def test_what_fails_is_tried_after_minutes_then_hours():
    waits = [(next_try(n, NOW) - NOW) // MINUTE for n in (1, 2, 3, 4, 5, 6, 7, 1000)]
    assert waits == [5, 10, 20, 40, 80, 120, 120, 120]


def fallen_due(meeting, now, opened_at=NOW - 7 * DAY):
    page = OpenPage(DANA, "work", Notebook("n", ""), PageRef("k", "p", ""), meeting.id, "", opened_at)
    return [r.id for _, r in topics_fallen_due([page], {meeting.id: meeting}, DAY, now)]


def test_topics_are_due_from_a_day_before_until_the_one_on_one_begins():
    meeting = record(event("11-24 10:00"))
    moments = ["11-23 09:59", "11-23 10:00", "11-24 09:59", "11-24 10:00"]
    assert [bool(fallen_due(meeting, at(m))) for m in moments] == [False, True, True, False]


@pytest.mark.parametrize("state", [s for s in State if s is not State.STANDING])
def test_topics_of_what_does_not_stand_are_not_due(state):
    assert fallen_due(record(event("11-24 10:00"), state=state), at("11-24 09:00")) == []


def test_topics_of_a_page_opened_minutes_before_are_not_due():
    meeting = record(event("11-24 10:00"))
    opened = [timedelta(minutes=14), timedelta(minutes=15), HOUR]
    due = [bool(fallen_due(meeting, at("11-24 09:59"), meeting.start - before)) for before in opened]
    assert due == [False, True, True]


def test_a_one_on_one_at_another_time_has_topics_of_its_own():
    meeting = record(event("11-24 10:00"))
    again = record(event("11-24 11:00"))
    assert meeting.id == again.id
    assert topics_key(meeting) != topics_key(again)


@pytest.mark.parametrize(
    "name", ["2026-W00", "2026-W54", "2025-W53", "2026W47", "W47", "0001-W01", "9999-W52", "2026-W4٧"]
)
def test_a_name_of_no_week_that_a_report_can_be_on_is_refused(name):
    with pytest.raises(ValueError):
        week_named(name, LONDON)


def test_a_week_holds_its_monday_and_not_the_next_one():
    week = week_named("2026-W48", LONDON)
    assert [week.holds(at(m)) for m in ("11-22 23:59", "11-23 00:00", "11-29 23:59", "11-30 00:00")] == [
        False,
        True,
        True,
        False,
    ]
