"""Recurring events: instances, exceptions, splits, and clocks that change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from googleapiclient.errors import HttpError

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 10, 19, 9, tzinfo=LONDON)
END = datetime(2026, 11, 17, tzinfo=UTC)
SILENT = {"calendarId": "primary", "sendUpdates": "none"}


def starts(events):
    return [event["start"].get("dateTime") or event["start"]["date"] for event in events]


@pytest.fixture
def series(dana, alex):
    return dana.schedule("1:1 Alex / Dana", MONDAY, guests=[alex], weekly=True)


def test_a_weekly_meeting_stays_at_nine_when_the_clocks_change(series, alex):
    events = alex.events(end=END)
    assert starts(events) == [
        "2026-10-19T09:00:00+01:00",
        "2026-10-26T09:00:00Z",
        "2026-11-02T09:00:00Z",
        "2026-11-09T09:00:00Z",
        "2026-11-16T09:00:00Z",
    ]
    assert [event["id"].removeprefix(series) for event in events[:2]] == [
        "_20261019T080000Z",
        "_20261026T090000Z",
    ]
    assert events[0]["originalStartTime"] == events[0]["start"]


def test_instances_of_all_day_series_have_short_ids(alex):
    series = alex.schedule("Birthday", date(2026, 11, 3), rule="FREQ=DAILY;COUNT=2")
    assert alex.instances(series) == [f"{series}_20261103", f"{series}_20261104"]
    assert alex.event(f"{series}_20261104")["end"] == {"date": "2026-11-05"}


def test_exdate_and_until_and_count_are_kept(service, alex):
    body = {
        "start": {"dateTime": "2026-11-02T09:00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-11-02T09:30:00", "timeZone": "Europe/London"},
        "recurrence": [
            "EXDATE;TZID=Europe/London:20261103T090000",
            "RRULE:FREQ=DAILY;UNTIL=20261105T235959Z",
            "RDATE:20261110T120000Z",
        ],
    }
    event = service(alex).events().insert(**SILENT, body=body).execute()
    assert event["recurrence"] == body["recurrence"]
    days = [instance.rpartition("_")[2] for instance in alex.instances(event["id"])]
    assert days == ["20261102T090000Z", "20261104T090000Z", "20261105T090000Z", "20261110T120000Z"]


def test_a_moved_instance_keeps_its_id_and_original_start(series, alex, dana):
    instance = f"{series}_20261102T090000Z"
    dana.move(instance, datetime(2026, 11, 4, 14, tzinfo=LONDON), minutes=45)
    moved = alex.event(instance)
    assert moved["start"]["dateTime"] == "2026-11-04T14:00:00Z"
    assert moved["end"]["dateTime"] == "2026-11-04T14:45:00Z"
    assert moved["originalStartTime"]["dateTime"] == "2026-11-02T09:00:00Z"
    assert len(alex.events(end=END)) == 5


def test_a_cancelled_instance_leaves_the_others(series, alex, dana):
    instance = f"{series}_20261102T090000Z"
    dana.cancel(instance)
    assert instance not in alex.instances(series, end=END)
    assert alex.event(instance)["status"] == "cancelled"
    assert alex.event(series)["status"] == "confirmed"


def test_a_guest_who_deletes_one_instance_declines_that_one(series, alex, dana):
    instance = f"{series}_20261102T090000Z"
    alex.delete(instance)
    assert instance not in alex.instances(series, end=END)
    assert instance in dana.instances(series, end=END)
    assert dana.event(instance)["attendees"][1]["responseStatus"] == "declined"


def test_this_and_following_ends_one_series_and_starts_another(series, alex, dana):
    new = dana.move_following(f"{series}_20261102T090000Z", datetime(2026, 11, 3, 15, tzinfo=LONDON))
    assert new == f"{series}_R20261102T090000"
    assert alex.event(series)["recurrence"] == ["RRULE:FREQ=WEEKLY;UNTIL=20261101T235959Z"]
    assert alex.event(new)["iCalUID"] == f"{new}@google.com"
    assert [event["recurringEventId"] for event in alex.events(end=END)] == [series] * 2 + [new] * 2
    assert alex.event(f"{series}_20261109T090000Z")["status"] == "cancelled"


def test_moving_a_whole_series_gives_its_instances_new_ids(series, alex, dana):
    dana.cancel(f"{series}_20261102T090000Z")
    dana.move_series(series, datetime(2026, 10, 20, 10, tzinfo=LONDON))
    assert [event["id"].rpartition("_")[2] for event in alex.events(end=END)] == [
        "20261020T090000Z",
        "20261027T100000Z",
        "20261103T100000Z",
        "20261110T100000Z",
    ]


def test_cancelling_a_series_takes_every_instance_along(series, alex, dana):
    dana.move(f"{series}_20261102T090000Z", datetime(2026, 11, 4, 14, tzinfo=LONDON))
    dana.cancel_series(f"{series}_20261102T090000Z")
    assert alex.events() == []
    assert alex.event(f"{series}_20261102T090000Z")["status"] == "cancelled"
    assert alex.event(f"{series}_20261109T090000Z")["status"] == "cancelled"


def test_ending_a_series_keeps_what_came_before(series, alex, dana):
    dana.end_series(f"{series}_20261109T090000Z")
    assert len(alex.events()) == 3


def test_a_change_of_the_series_reaches_the_exceptions(series, alex, dana):
    instance = f"{series}_20261102T090000Z"
    dana.move(instance, datetime(2026, 11, 4, 14, tzinfo=LONDON))
    dana.rename(series, "Catch-up")
    dana.rename(f"{series}_20261109T090000Z", "Special")
    dana.change(series, location="Room 1")
    events = alex.events(datetime(2026, 11, 1, tzinfo=UTC), END)
    assert [(event["summary"], event["location"]) for event in events] == [
        ("Catch-up", "Room 1"),
        ("Special", "Room 1"),
        ("Catch-up", "Room 1"),
    ]


def test_instances_are_listed_and_an_unknown_one_is_404(service, series, alex):
    events = service(alex).events()
    page = events.instances(calendarId="primary", eventId=series, timeMax=END.isoformat()).execute()
    assert len(page["items"]) == 5
    one = events.instances(
        calendarId="primary", eventId=series, originalStart="2026-11-02T09:00:00Z", timeMax=END.isoformat()
    ).execute()
    assert [event["id"] for event in one["items"]] == [f"{series}_20261102T090000Z"]
    with pytest.raises(HttpError) as error:
        events.get(calendarId="primary", eventId=f"{series}_20261103T090000Z").execute()
    assert error.value.status_code == 404


def test_a_client_patches_one_instance_by_its_id(service, series, alex):
    body = {"extendedProperties": {"private": {"prepd": "1"}}}
    service(alex).events().patch(**SILENT, eventId=f"{series}_20261102T090000Z", body=body).execute()
    marked = service(alex).events().list(calendarId="primary", privateExtendedProperty="prepd=1").execute()
    assert [event["id"] for event in marked["items"]] == [f"{series}_20261102T090000Z"]
    assert "extendedProperties" not in alex.event(f"{series}_20261109T090000Z")
