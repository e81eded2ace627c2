"""What goes wrong on order, and what the log says of it."""

import http.client

import httplib2
import pytest
from googleapiclient.errors import HttpError

BODY = {"start": {"date": "2026-11-03"}, "end": {"date": "2026-11-04"}}
SILENT = {"calendarId": "primary", "sendUpdates": "none"}


@pytest.fixture
def events(service, alex):
    return service(alex).events()


def test_an_error_is_in_googles_form_and_carries_nothing_out(google, events, alex):
    google.faults.status(429, method="POST", path="*/events", retry_after=7)
    with pytest.raises(HttpError) as error:
        events.insert(**SILENT, body=BODY).execute()
    assert error.value.error_details[0]["reason"] == "rateLimitExceeded"
    assert error.value.resp["retry-after"] == "7"
    assert alex.events() == []
    events.insert(**SILENT, body=BODY).execute()
    assert google.faults.pending == 0


def test_only_the_nth_matching_request_fails(google, events):
    google.faults.status(403, reason="quotaExceeded", path="*/events", nth=2)
    events.list(calendarId="primary").execute()
    with pytest.raises(HttpError) as error:
        events.list(calendarId="primary").execute()
    assert error.value.error_details[0]["reason"] == "quotaExceeded"
    events.list(calendarId="primary").execute()


def test_httplib2_sends_an_insert_again_and_the_id_keeps_it_single(google, events, alex):
    google.faults.drop("after", method="POST")
    with pytest.raises(HttpError) as error:
        events.insert(**SILENT, body={**BODY, "id": "prepd0001"}).execute()
    assert error.value.status_code == 409
    assert len(alex.events()) == 1
    assert [entry.status for entry in google.requests] == [0, 409]


def test_a_connection_dropped_before_carries_nothing_out(google, events, alex):
    google.faults.drop("before", method="DELETE", times=2)
    event = events.insert(**SILENT, body=BODY).execute()
    with pytest.raises((httplib2.HttpLib2Error, http.client.HTTPException, OSError)):
        events.delete(**SILENT, eventId=event["id"]).execute()
    assert len(alex.events()) == 1


def test_a_garbage_answer_is_no_json(google, events):
    google.faults.garbage()
    with pytest.raises(ValueError):
        events.list(calendarId="primary").execute()


def test_a_slow_answer_runs_into_the_clients_time_limit(google, events):
    google.faults.slow(0.4)
    events._http.http.timeout = 0.1
    with pytest.raises(TimeoutError):
        events.list(calendarId="primary").execute()


def test_the_log_has_every_request_as_it_went(google, events, alex):
    event = events.insert(**SILENT, body=BODY).execute()
    events.get(calendarId="primary", eventId=event["id"]).execute()
    assert google.requests.lines() == [
        "POST /calendar/v3/calendars/primary/events",
        f"GET /calendar/v3/calendars/primary/events/{event['id']}",
    ]
    assert google.requests.operations() == ["calendar.events.insert", "calendar.events.get"]
    first = google.requests[0]
    assert (first.query["sendUpdates"], first.body, first.status, first.account) == (
        "none",
        BODY,
        200,
        alex.email,
    )
