"""Writing events through Google's own client: defaults, ids, etags, refusals."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from googleapiclient.errors import HttpError

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 3, 10, tzinfo=LONDON)
BODY = {
    "summary": "Reflect",
    "start": {"dateTime": "2026-11-03T09:50:00Z"},
    "end": {"dateTime": "2026-11-03T10:00:00Z"},
}
SILENT = {"calendarId": "primary", "sendUpdates": "none"}


def reason(error):
    return error.value.status_code, error.value.error_details[0]["reason"]


def test_an_inserted_event_has_what_real_ones_have(service, alex):
    event = service(alex).events().insert(**SILENT, body=BODY).execute()
    assert {name: event[name] for name in event if name not in ("id", "etag", "htmlLink", "iCalUID")} == {
        "kind": "calendar#event",
        "status": "confirmed",
        "created": "2026-11-02T08:00:00.000Z",
        "updated": "2026-11-02T08:00:00.000Z",
        "summary": "Reflect",
        "creator": {"email": "alex@example.com", "displayName": "Alex Kim", "self": True},
        "organizer": {"email": "alex@example.com", "displayName": "Alex Kim", "self": True},
        "start": {"dateTime": "2026-11-03T09:50:00Z", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-11-03T10:00:00Z", "timeZone": "Europe/London"},
        "sequence": 0,
        "reminders": {"useDefault": True},
        "eventType": "default",
    }
    assert event["iCalUID"] == f"{event['id']}@google.com"


def test_the_id_of_a_deleted_event_stays_taken(service, google, alex):
    events = service(alex).events()
    events.insert(**SILENT, body={**BODY, "id": "prepd0123"}).execute()
    events.delete(**SILENT, eventId="prepd0123").execute()
    for _ in range(2):
        with pytest.raises(HttpError) as error:
            events.insert(**SILENT, body={**BODY, "id": "prepd0123"}).execute()
        assert reason(error) == (409, "duplicate")
        google.forget_deleted()


def test_deleting_twice_is_410_and_the_event_is_still_shown_until_forgotten(service, google, alex):
    events = service(alex).events()
    event = events.insert(**SILENT, body=BODY).execute()
    events.delete(**SILENT, eventId=event["id"]).execute()
    with pytest.raises(HttpError) as error:
        events.delete(**SILENT, eventId=event["id"]).execute()
    assert reason(error) == (410, "deleted")
    shown = events.get(calendarId="primary", eventId=event["id"]).execute()
    assert (shown["status"], shown["summary"]) == ("cancelled", "Reflect")
    google.settings.cancelled_details = "bare"
    bare = events.get(calendarId="primary", eventId=event["id"]).execute()
    assert set(bare) == {"kind", "etag", "id", "status"}
    google.forget_deleted()
    with pytest.raises(HttpError) as error:
        events.get(calendarId="primary", eventId=event["id"]).execute()
    assert reason(error) == (404, "notFound")


def test_a_stale_etag_is_412(service, alex):
    events = service(alex).events()
    event = events.insert(**SILENT, body=BODY).execute()
    alex.rename(event["id"], "Think")
    request = events.patch(**SILENT, eventId=event["id"], body={"summary": "x"})
    request.headers["If-Match"] = event["etag"]
    with pytest.raises(HttpError) as error:
        request.execute()
    assert reason(error) == (412, "conditionNotMet")
    assert alex.event(event["id"])["summary"] == "Think"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start": None}, "required"),
        ({"end": {"dateTime": "2026-11-03T09:00:00Z"}}, "timeRangeEmpty"),
        ({"end": {"date": "2026-11-04"}}, "invalid"),
        ({"start": {"dateTime": "2026-11-03T09:50:00"}}, "required"),
        ({"id": "UPPER"}, "invalid"),
        ({"id": "abcd"}, "invalid"),
        ({"no_such_field": 1}, "badRequest"),
        ({"summary": 1}, "invalid"),
        ({"transparency": "glassy"}, "invalid"),
        ({"recurrence": ["RRULE:FREQ=WEEKLY"]}, "required"),
        ({"attendees": [{"email": "nobody"}]}, "invalid"),
    ],
)
def test_a_malformed_event_is_400(service, alex, changes, expected):
    body = {name: value for name, value in (BODY | changes).items() if value is not None}
    with pytest.raises(HttpError) as error:
        service(alex).events().insert(**SILENT, body=body).execute()
    assert reason(error) == (400, expected)


def test_attachments_are_ignored_unless_the_client_says_that_it_knows_them(service, google, alex):
    events = service(alex).events()
    url = f"{google.root}/document/d/doc1/edit"
    event = events.insert(**SILENT, body={**BODY, "attachments": [{"fileUrl": url}]}).execute()
    assert "attachments" not in event
    event = events.patch(
        **SILENT,
        eventId=event["id"],
        supportsAttachments=True,
        body={"attachments": [{"fileUrl": url, "title": "P"}]},
    ).execute()
    assert event["attachments"] == [{"fileUrl": url, "title": "P", "fileId": "doc1"}]
    events.patch(**SILENT, eventId=event["id"], body={"attachments": []}).execute()
    assert alex.event(event["id"])["attachments"] == event["attachments"]


def test_a_scope_that_does_not_cover_the_method_is_403(service, alex):
    calendar = service(alex, scopes=["https://www.googleapis.com/auth/calendar.events"])
    calendar.events().list(calendarId="primary").execute()
    with pytest.raises(HttpError) as error:
        calendar.calendars().get(calendarId="primary").execute()
    assert error.value.status_code == 403
    assert "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in error.value.content.decode()


def test_long_extended_properties_are_cut_and_long_keys_dropped(service, alex):
    private = {"prepd": "v" * 2000, "k" * 45: "gone"}
    event = (
        service(alex)
        .events()
        .insert(**SILENT, body={**BODY, "extendedProperties": {"private": private}})
        .execute()
    )
    assert event["extendedProperties"] == {"private": {"prepd": "v" * 1024}}


def test_a_patch_merges_objects_and_a_put_starts_from_defaults(service, alex):
    events = service(alex).events()
    body = {**BODY, "location": "here", "extendedProperties": {"private": {"a": "1"}}}
    event = events.insert(**SILENT, body=body).execute()
    patched = events.patch(
        **SILENT, eventId=event["id"], body={"extendedProperties": {"private": {"b": "2"}}}
    ).execute()
    assert patched["extendedProperties"]["private"] == {"a": "1", "b": "2"}
    replaced = events.update(**SILENT, eventId=event["id"], body=BODY).execute()
    assert "location" not in replaced
    assert "extendedProperties" not in replaced
    assert replaced["id"] == event["id"]


def test_focus_time_is_for_primary_calendars_and_timed(service, alex):
    events = service(alex).events()
    team = alex.add_calendar("Team")
    with pytest.raises(HttpError) as error:
        events.insert(calendarId=team, sendUpdates="none", body={**BODY, "eventType": "focusTime"}).execute()
    assert reason(error) == (400, "eventTypeRestriction")
    assert (
        events.insert(**SILENT, body={**BODY, "eventType": "focusTime"}).execute()["eventType"] == "focusTime"
    )


def test_on_a_secondary_calendar_the_calendar_itself_organizes(service, alex):
    team = alex.add_calendar("Team")
    event = service(alex).events().insert(calendarId=team, sendUpdates="none", body=BODY).execute()
    assert event["organizer"] == {"email": team, "displayName": "Team", "self": True}
    assert event["creator"] == {"email": "alex@example.com", "displayName": "Alex Kim"}


def test_somebody_elses_calendar_is_404_until_shared_and_403_to_write(service, alex, dana):
    events = service(alex).events()
    with pytest.raises(HttpError) as error:
        events.list(calendarId=dana.email).execute()
    assert reason(error) == (404, "notFound")
    dana.share_calendar(alex)
    assert events.list(calendarId=dana.email).execute()["accessRole"] == "reader"
    with pytest.raises(HttpError) as error:
        events.insert(calendarId=dana.email, sendUpdates="none", body=BODY).execute()
    assert reason(error) == (403, "requiredAccessLevel")
