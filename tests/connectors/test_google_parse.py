"""Google's event JSON: each file of tests/data/google is named by its quirk."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.google.parse import body_digest, parse_event
from connectors.google.series import series_of
from connectors.values import (
    Attendee,
    Event,
    EventKind,
    Organizer,
    Response,
    Series,
    Skipped,
    Status,
    Tombstone,
)

FOLDER = Path(__file__).parents[1] / "data" / "google"
QUIRKS = sorted(FOLDER.glob("*.json"))


def raw(quirk):
    return json.loads((FOLDER / f"{quirk}.json").read_text("utf-8"))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_an_ordinary_meeting_is_read_in_full():
    assert parse_event(raw("ordinary_meeting")) == Event(
        id="abc123",
        title="1:1 Alex / Dana",
        start=utc(2026, 11, 3, 10),
        end=utc(2026, 11, 3, 10, 30),
        ical_uid="abc123@google.com",
        etag='"1"',
        organizer=Organizer("dana@example.com", "Dana Reyes"),
        attendees=(
            Attendee("dana@example.com", "Dana Reyes", Response.TENTATIVE, is_organizer=True),
            Attendee("alex@example.com", "", Response.ACCEPTED, is_self=True),
        ),
        created=utc(2026, 10, 1, 8),
        updated=datetime(2026, 10, 2, 8, 0, 0, 123000, UTC),
        links=("https://docs.google.com/document/d/1/edit",),
        body_digest=body_digest("bring topics"),
        mark="v1",
        url="https://www.google.com/calendar/event?eid=x",
    )


def test_a_moved_occurrence_has_its_series_and_its_first_start():
    event = parse_event(raw("occurrence_moved_across_dst"))
    assert (event.series_id, event.start) == ("abc123", utc(2026, 10, 24, 9))
    assert event.original_start == utc(2026, 10, 25, 10)


@pytest.mark.parametrize(
    ("quirk", "start", "end"),
    [
        ("all_day_exclusive_end", utc(2026, 11, 3), utc(2026, 11, 5)),
        ("all_day_without_end", utc(2026, 11, 3), utc(2026, 11, 4)),
    ],
)
def test_an_all_day_event_runs_from_midnight_to_midnight(quirk, start, end):
    event = parse_event(raw(quirk))
    assert (event.start, event.end, event.all_day) == (start, end, True)


def test_a_time_without_offset_is_that_of_its_zone():
    assert parse_event(raw("time_without_offset")).start == utc(2026, 7, 3, 9)


def test_a_time_without_offset_and_zone_is_that_of_its_calendar():
    bare = {
        **raw("ordinary_meeting"),
        "start": {"dateTime": "2026-07-03T10:00:00"},
        "end": {"dateTime": "2026-07-03T11:00:00"},
    }
    assert parse_event(bare, "Europe/London").start == utc(2026, 7, 3, 9)
    assert parse_event(bare) == Skipped("abc123", "its start has no time zone")


def test_an_event_whose_end_is_unspecified_ends_as_it_starts():
    event = parse_event(raw("end_time_unspecified"))
    assert event.start == event.end == utc(2026, 11, 3, 10)


def test_a_cancelled_event_that_tells_its_times_is_an_event():
    event = parse_event(raw("cancelled_in_full"))
    assert (event.status, len(event.attendees)) == (Status.CANCELLED, 2)


def test_a_cancelled_stub_is_a_tombstone():
    assert parse_event(raw("cancelled_id_only")) == Tombstone("abc123")
    assert parse_event(raw("cancelled_occurrence_stub")) == Tombstone(
        "abc123_20261103T100000Z", "abc123", utc(2026, 11, 3, 10)
    )


def test_a_series_itself_is_no_item_of_a_list():
    assert parse_event(raw("series_itself")) is None
    assert parse_event(raw("series_itself_cancelled")) == Tombstone("abc123")
    assert isinstance(parse_event(raw("series_itself"), listed=False), Event)


def test_a_secondary_calendar_is_its_own_organizer():
    organizer = parse_event(raw("secondary_calendar_organizes_itself")).organizer
    assert organizer == Organizer("c_1@group.calendar.google.com", "Team", is_self=True)


def test_an_organizer_known_by_profile_only_has_no_address():
    assert parse_event(raw("organizer_with_profile_id_only")).organizer == Organizer("", "Somebody")


def test_an_unknown_organizer_is_nobody_and_a_private_copy_hides_the_guests():
    event = parse_event(raw("unknown_organizer_from_mail"))
    assert (event.organizer, event.guests_hidden) == (None, True)


def test_self_counts_as_text_too():
    assert parse_event(raw("self_as_text")).my_response is Response.ACCEPTED


def test_a_room_is_told_by_its_flag_or_its_address():
    assert [a.is_resource for a in parse_event(raw("room_by_flag_and_by_address")).attendees] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("quirk", "hidden"),
    [
        ("hidden_guest_list", True),
        ("hidden_guest_list_of_ones_own", False),
        ("attendees_omitted", True),
        ("ordinary_meeting", False),
    ],
)
def test_guests_are_hidden_from_all_but_who_organizes(quirk, hidden):
    assert parse_event(raw(quirk)).guests_hidden is hidden


def test_words_that_nobody_knows_mean_the_least():
    event = parse_event(raw("unknown_words"))
    assert (event.status, event.kind) == (Status.CONFIRMED, EventKind.OTHER)
    assert event.my_response is Response.NEEDS_ACTION


def test_fields_that_are_null_are_as_if_they_were_not_there():
    event = parse_event(raw("nulls_everywhere"))
    assert isinstance(event, Event)
    assert (event.title, event.organizer, event.links, event.mark, event.body_digest) == (
        "",
        None,
        (),
        None,
        "",
    )


def test_a_guest_that_cannot_be_read_is_still_somebody():
    readable = raw("ordinary_meeting") | {"attendees": raw("wrong_types_everywhere")["attendees"]}
    assert parse_event(readable).attendees == (Attendee(""), Attendee(""), Attendee(""))


@pytest.mark.parametrize(
    "field",
    [
        {"summary": 7},
        {"description": {}},
        {"attachments": {"a": 1}},
        {"attachments": ["x"]},
    ],
    ids=str,
)
def test_an_event_whose_texts_or_links_are_none_is_left_open_instead_of_read_as_edited(field):
    assert isinstance(parse_event(raw("ordinary_meeting") | field), Skipped)


def test_guests_that_somebody_brings_along_are_counted():
    assert parse_event(raw("additional_guests")).attendees[0].additional_guests == 2


@pytest.mark.parametrize(
    ("quirk", "reason"),
    [
        ("year_zero", "its start is no time"),
        ("year_9999", "its start is no time"),
        ("start_without_date_and_datetime", "its start is missing"),
        ("end_before_start", "it ends before it starts"),
        ("end_missing", "its end is missing"),
        ("zone_unknown", "its start has no time zone"),
    ],
)
def test_an_event_without_usable_times_is_skipped_with_a_reason(quirk, reason):
    assert parse_event(raw(quirk)) == Skipped("abc123", reason)


def test_a_title_is_on_one_line_and_has_no_control_characters():
    title = parse_event(raw("title_with_controls_and_half_a_surrogate")).title
    assert title == "1:1 [31m Alex / Dana    end"
    assert title.encode("utf-8")


def test_a_title_of_a_hundred_kilobytes_is_cut():
    assert len(parse_event({**raw("ordinary_meeting"), "summary": "x" * 100_000}).title) == 1_000


@pytest.mark.parametrize("event_id", [None, "", 5, "a\x00b", "\ud800"])
def test_an_entry_without_usable_id_is_skipped(event_id):
    assert parse_event({**raw("ordinary_meeting"), "id": event_id}) == Skipped(
        "", "an entry has no usable id"
    )


def test_of_ten_thousand_guests_fifty_and_the_user_are_kept():
    crowd = [{"email": f"p{n}@example.com"} for n in range(9_999)] + [
        {"email": "alex@example.com", "self": True}
    ]
    event = parse_event({**raw("ordinary_meeting"), "attendees": crowd})
    assert len(event.attendees) == 51
    assert event.attendees[-1].is_self


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({name for path in QUIRKS for name in json.loads(path.read_text("utf-8"))})


@given(json_values)
def test_nothing_at_all_makes_it_raise(value):
    parse_event(value)


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=5))
def test_no_field_of_an_event_makes_it_raise(fields):
    result = parse_event({**raw("ordinary_meeting"), **fields})
    assert result is None or isinstance(result, (Event, Tombstone, Skipped))


# --- series ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["RRULE:FREQ=WEEKLY"], Series("s", live=True)),
        (
            ["RRULE:FREQ=WEEKLY;UNTIL=20261130T235959Z"],
            Series("s", live=True, until=utc(2026, 11, 30, 23, 59, 59)),
        ),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260630"], Series("s", live=True, until=utc(2026, 6, 30, 22, 59, 59))),
        (["EXDATE:20261103T100000Z", "RRULE:FREQ=WEEKLY;COUNT=5"], Series("s", live=True, bounded=True)),
        (["RRULE:FREQ=WEEKLY;UNTIL=nonsense"], Series("s", live=True)),
        (None, Series("s", live=True, bounded=True)),
        ("RRULE", Series("s", live=True, bounded=True)),
        ([None, 5], Series("s", live=True, bounded=True)),
    ],
)
def test_a_series_says_how_long_it_goes_on(rules, expected):
    start = {"dateTime": "2026-11-03T10:00:00Z", "timeZone": "Europe/London"}
    found = series_of("s", {"id": "s", "status": "confirmed", "start": start, "recurrence": rules})
    assert replace(found, rhythm=None) == expected


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        (["RRULE:FREQ=WEEKLY"], [3, 10, 17, 24]),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2"], [3, 17]),
        (["RRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270101"], [3, 5, 10, 12, 17, 19, 24, 26]),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU"], [3, 15, 17]),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "EXDATE:20261103T100000Z"], [3, 8, 17, 22]),
    ],
)
def test_the_rule_of_a_series_tells_its_dates(rules, days):
    start = {"dateTime": "2026-11-03T10:00:00Z", "timeZone": "Europe/London"}
    rhythm = series_of("s", {"id": "s", "start": start, "recurrence": rules}).rhythm
    assert [day for day in range(1, 29) if rhythm.has(utc(2026, 11, day, 10))] == days


@pytest.mark.parametrize(
    "rules",
    [
        ["RRULE:FREQ=MONTHLY;BYDAY=1TU"],
        ["RRULE:FREQ=WEEKLY", "RDATE:20261105T100000Z"],
        ["RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;BYDAY=FR"],
        ["RRULE:FREQ=WEEKLY;BYSETPOS=1"],
        ["RRULE:FREQ=WEEKLY;INTERVAL=0"],
        ["RRULE:FREQ=WEEKLY;INTERVAL=some"],
        ["RRULE:FREQ=WEEKLY;BYDAY=XX"],
    ],
)
def test_a_rule_that_is_not_of_whole_weeks_tells_no_dates(rules):
    start = {"dateTime": "2026-11-03T10:00:00Z", "timeZone": "Europe/London"}
    assert series_of("s", {"id": "s", "start": start, "recurrence": rules}).rhythm is None


def test_a_cancelled_series_is_not_live():
    assert series_of("s", {"id": "s", "status": "cancelled"}) == Series("s", live=False)
