"""Lists and sync tokens: pages, deltas, tombstones, windows, and tokens that end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from googleapiclient.errors import HttpError

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 2, 9, tzinfo=LONDON)
WINDOW = {"timeMin": "2026-11-01T00:00:00Z", "timeMax": "2026-12-01T00:00:00Z"}
SINGLE = {"calendarId": "primary", "singleEvents": True}


def reason(error):
    return error.value.status_code, error.value.error_details[0]["reason"]


def ids(answer):
    return [(event["id"], event["status"]) for event in answer["items"]]


@pytest.fixture
def read(service, alex):
    events = service(alex).events()

    def send(**query):
        return events.list(**{"calendarId": "primary", **query}).execute()

    return send


def test_a_list_says_whose_calendar_it_is(read, alex):
    answer = read()
    assert {name: answer[name] for name in ("kind", "summary", "timeZone", "accessRole", "items")} == {
        "kind": "calendar#events",
        "summary": alex.email,
        "timeZone": "Europe/London",
        "accessRole": "owner",
        "items": [],
    }
    assert "nextSyncToken" in answer
    assert "nextPageToken" not in answer


def test_a_delta_has_what_changed_since_and_nothing_else(read, alex):
    kept, changed, gone = (alex.schedule(name, MONDAY) for name in ("kept", "changed", "gone"))
    token = read(**SINGLE, **WINDOW)["nextSyncToken"]
    alex.rename(changed, "new name")
    alex.delete(gone)
    made = alex.schedule("made", MONDAY)
    answer = read(**SINGLE, syncToken=token)
    assert sorted(ids(answer)) == sorted([(changed, "confirmed"), (gone, "cancelled"), (made, "confirmed")])
    assert kept not in str(answer)
    assert read(**SINGLE, syncToken=answer["nextSyncToken"])["items"] == []
    assert len(read(**SINGLE, syncToken=token)["items"]) == 3


def test_a_tombstone_is_an_id_and_of_an_instance_also_which_one(read, google, alex, dana):
    single = alex.schedule("gone", MONDAY)
    series = dana.schedule("1:1", MONDAY, guests=[alex], weekly=True)
    token = read(**SINGLE, **WINDOW)["nextSyncToken"]
    alex.delete(single)
    dana.cancel(f"{series}_20261109T090000Z")
    first, second = read(**SINGLE, syncToken=token)["items"]
    assert set(first) == {"kind", "etag", "id", "status"}
    assert set(second) == {"kind", "etag", "id", "status", "recurringEventId", "originalStartTime"}
    google.settings.incremental_cancelled = "full"
    first, second = read(**SINGLE, syncToken=token)["items"]
    assert (first["summary"], second["attendees"][1]["self"]) == ("gone", True)


def test_a_touched_series_gives_all_its_instances_within_the_window_or_far_beyond(read, google, alex, dana):
    series = dana.schedule("1:1", MONDAY, guests=[alex], weekly=True)
    token = read(**SINGLE, **WINDOW)["nextSyncToken"]
    dana.rename(series, "Catch-up")
    assert len(read(**SINGLE, syncToken=token)["items"]) == 5
    google.settings.token_window = "ignored"
    pages, query = [], {"syncToken": token}
    while "pageToken" not in query or query["pageToken"]:
        answer = read(**SINGLE, **query, maxResults=2500)
        pages.append(answer)
        query["pageToken"] = answer.get("nextPageToken")
    assert len(pages[0]["items"]) > 500


def test_a_cut_series_leaves_bare_ids_of_what_it_had(read, alex, dana):
    series = dana.schedule("1:1", MONDAY, guests=[alex], weekly=True)
    token = read(**SINGLE, **WINDOW)["nextSyncToken"]
    new = dana.move_following(f"{series}_20261116T090000Z", datetime(2026, 11, 17, 9, tzinfo=LONDON))
    answer = read(**SINGLE, syncToken=token)
    assert ids(answer) == [
        (f"{series}_20261102T090000Z", "confirmed"),
        (f"{series}_20261109T090000Z", "confirmed"),
        (f"{series}_20261116T090000Z", "cancelled"),
        (f"{series}_20261123T090000Z", "cancelled"),
        (f"{series}_20261130T090000Z", "cancelled"),
        (f"{new}_20261117T090000Z", "confirmed"),
        (f"{new}_20261124T090000Z", "confirmed"),
    ]
    assert "recurringEventId" not in answer["items"][2]


def test_without_expansion_a_delta_has_the_series_and_its_exception(read, alex, dana):
    series = dana.schedule("1:1", MONDAY, guests=[alex], weekly=True)
    token = read()["nextSyncToken"]
    dana.move(f"{series}_20261109T090000Z", datetime(2026, 11, 10, 9, tzinfo=LONDON))
    assert ids(read(syncToken=token)) == [(series, "confirmed"), (f"{series}_20261109T090000Z", "confirmed")]


@pytest.mark.parametrize(
    ("how", "expected"), [("shown", "confirmed"), ("tombstone", "cancelled"), ("silent", None)]
)
def test_what_leaves_the_window_is_shown_or_a_tombstone_or_nothing(read, google, alex, how, expected):
    event = alex.schedule("1:1", MONDAY)
    token = read(**SINGLE, **WINDOW)["nextSyncToken"]
    alex.move(event, MONDAY + timedelta(days=60))
    google.settings.moved_out_of_window = how
    assert ids(read(**SINGLE, syncToken=token)) == ([(event, expected)] if expected else [])


def test_what_was_never_in_the_window_stays_out_while_it_persists(read, google, alex):
    token = read(**SINGLE, **WINDOW)["nextSyncToken"]
    alex.schedule("later", MONDAY + timedelta(days=60))
    assert read(**SINGLE, syncToken=token)["items"] == []
    google.settings.token_window = "ignored"
    assert len(read(**SINGLE, syncToken=token)["items"]) == 1


@pytest.mark.parametrize("why", ["fullSyncRequired", "updatedMinTooLongAgo"])
def test_an_expired_token_is_410_with_its_reason(read, google, why):
    token = read()["nextSyncToken"]
    google.expire_sync_tokens(why)
    with pytest.raises(HttpError) as error:
        read(syncToken=token)
    assert reason(error) == (410, why)
    assert read(syncToken=read()["nextSyncToken"])["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"timeMin": WINDOW["timeMin"]},
        {"timeMax": WINDOW["timeMax"]},
        {"q": "x"},
        {"orderBy": "updated"},
        {"iCalUID": "x"},
        {"updatedMin": WINDOW["timeMin"]},
        {"privateExtendedProperty": "a=b"},
        {"sharedExtendedProperty": "a=b"},
        {"showDeleted": False},
        {"singleEvents": True},
    ],
)
def test_a_token_goes_with_no_other_choice_of_events(read, query):
    token = read()["nextSyncToken"]
    with pytest.raises(HttpError) as error:
        read(syncToken=token, **query)
    assert error.value.status_code == 400


def test_only_the_last_page_has_the_sync_token_and_pages_may_be_short_or_empty(read, google, alex):
    for hour in range(5):
        alex.schedule("e", MONDAY + timedelta(hours=hour))
    google.settings.page_size = 2
    google.settings.empty_pages = 1
    sizes, token, query = [], None, {}
    while token is None:
        answer = read(**query)
        sizes.append(len(answer["items"]))
        token = answer.get("nextSyncToken")
        assert ("nextPageToken" in answer) == (token is None)
        query = {"pageToken": answer.get("nextPageToken")}
    assert sizes == [0, 2, 2, 1]


def test_what_changes_between_two_pages_comes_with_the_token(read, google, alex):
    events = [alex.schedule("e", MONDAY + timedelta(hours=hour)) for hour in range(3)]
    google.settings.page_size = 2
    first = read()
    alex.rename(events[0], "changed meanwhile")
    last = read(pageToken=first["nextPageToken"])
    assert ids(read(syncToken=last["nextSyncToken"])) == [(events[0], "confirmed")]


def test_the_window_is_by_end_and_start_and_exclusive(read, alex):
    alex.schedule("ends as it opens", datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    alex.schedule("starts as it closes", datetime(2026, 12, 1, tzinfo=UTC))
    inside = alex.schedule("reaches in", datetime(2026, 10, 31, 23, 45, tzinfo=UTC))
    assert ids(read(**SINGLE, **WINDOW)) == [(inside, "confirmed")]


def test_deleted_events_are_shown_when_asked_for(read, google, alex, dana):
    single = alex.schedule("gone", MONDAY)
    series = dana.schedule("1:1", MONDAY, guests=[alex], rule="FREQ=WEEKLY;COUNT=2")
    alex.delete(single)
    dana.cancel(f"{series}_20261109T090000Z")
    instance = f"{series}_20261109T090000Z"
    assert ids(read(**SINGLE)) == [(f"{series}_20261102T090000Z", "confirmed")]
    assert ids(read()) == [(series, "confirmed"), (instance, "cancelled")]
    shown = read(**SINGLE, showDeleted=True)
    assert set(ids(shown)) >= {(single, "cancelled"), (instance, "cancelled")}
    assert all(event["summary"] for event in shown["items"])
    google.settings.cancelled_details = "bare"
    assert "summary" not in read(**SINGLE, showDeleted=True)["items"][0]


def test_events_are_ordered_searched_and_told_by_uid(read, google, alex):
    late = alex.schedule("Late lunch", MONDAY + timedelta(hours=4))
    google.clock.advance(minutes=5)
    early = alex.schedule("Early tea", MONDAY, description="with lemon")
    assert [e["id"] for e in read(**SINGLE, orderBy="startTime")["items"]] == [early, late]
    assert [e["id"] for e in read(orderBy="updated")["items"]] == [late, early]
    assert [e["id"] for e in read(q="LEMON tea")["items"]] == [early]
    assert [e["id"] for e in read(iCalUID=f"{late}@google.com")["items"]] == [late]
    assert [e["id"] for e in read(updatedMin="2026-11-02T08:01:00Z")["items"]] == [early]
    with pytest.raises(HttpError) as error:
        read(orderBy="startTime")
    assert error.value.status_code == 400


def test_times_are_shown_in_the_zone_asked_for(read, alex):
    alex.schedule("e", MONDAY)
    (event,) = read(timeZone="America/New_York")["items"]
    assert event["start"] == {"dateTime": "2026-11-02T04:00:00-05:00", "timeZone": "Europe/London"}


def test_a_partial_response_has_the_fields_asked_for(read, alex):
    event = alex.schedule("e", MONDAY)
    answer = read(fields="items(id,start/dateTime),nextPageToken")
    assert answer == {"items": [{"id": event, "start": {"dateTime": "2026-11-02T09:00:00Z"}}]}


@pytest.mark.parametrize(
    "query",
    [{"orderBy": "title"}, {"timeMin": "2026-11-01"}, {"timeMin": "2026-11-01T00:00:00"}, {"nonsense": "1"}],
)
def test_a_parameter_that_the_method_has_not_is_400(google, alex, query):
    import requests

    token = google.issue_token(alex)["access_token"]
    url = f"{google.root}/calendar/v3/calendars/primary/events"
    answer = requests.get(
        url, params=query, headers={"Authorization": f"Bearer {token}"}, verify=str(google.ca_path), timeout=5
    )
    assert answer.status_code == 400
