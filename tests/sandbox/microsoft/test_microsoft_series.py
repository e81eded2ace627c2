"""Series: where the occurrences fall, what is an exception, and what becomes of both copies."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.microsoft.errors import GraphError

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 10, 20, 9, tzinfo=LONDON)
NOVEMBER = {"startDateTime": "2026-11-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z"}


@pytest.fixture
def series(dana, alex):
    return dana.schedule("1:1", START, guests=[alex], weekly=True)


def starts(account, count=4):
    return [each["start"]["dateTime"][:16] for each in account.events()][:count]


def test_a_series_keeps_its_local_time_when_the_clocks_change(series, alex):
    assert starts(alex) == ["2026-10-20T08:00", "2026-10-27T09:00", "2026-11-03T09:00", "2026-11-10T09:00"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"type": "daily", "interval": 2}, ["10-20", "10-22", "10-24"]),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["tuesday", "thursday"]},
            ["10-20", "10-22", "11-03"],
        ),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 20}, ["10-20", "11-20", "12-20"]),
        (
            {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["tuesday"], "index": "third"},
            ["10-20", "11-17", "12-15"],
        ),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "GMT Standard Time"])
def test_patterns_are_expanded(graph, alex, pattern, expected, zone):
    limits = {"type": "numbered", "numberOfOccurrences": 3, "startDate": "2026-10-20"}
    made = graph(alex).post(
        "/me/events",
        start={"dateTime": "2026-10-20T09:00:00", "timeZone": zone},
        end={"dateTime": "2026-10-20T09:30:00", "timeZone": zone},
        recurrence={"pattern": pattern, "range": limits},
    )
    assert made.json()["type"] == "seriesMaster"
    assert [start[5:10] for start in starts(alex)] == expected
    assert made.json()["recurrence"]["range"]["recurrenceTimeZone"] == zone


@pytest.mark.parametrize(
    "recurrence",
    [
        {"pattern": {"type": "weekly", "interval": 1}, "range": {"type": "noEnd", "startDate": "2026-10-20"}},
        {"pattern": {"type": "daily", "interval": 1}, "range": {"type": "noEnd", "startDate": "2026-10-21"}},
        {"pattern": {"type": "daily", "interval": 0}, "range": {"type": "noEnd", "startDate": "2026-10-20"}},
        {"pattern": {"type": "daily", "interval": 1}, "range": {"type": "endDate", "endDate": "2026-10-01"}},
    ],
)
def test_bad_patterns_are_refused(graph, alex, recurrence):
    when = {"dateTime": "2026-10-20T09:00:00", "timeZone": "Europe/London"}
    refused = graph(alex).post("/me/events", start=when, end=when, recurrence=recurrence)
    assert refused.json()["error"]["code"] == "ErrorInvalidRecurrencePattern"


@pytest.mark.parametrize("kept", [True, False])
def test_a_moved_occurrence_is_an_exception_on_both_copies(microsoft, graph, series, alex, dana, kept):
    microsoft.settings.exception_id = "kept" if kept else "new"
    (first, second) = alex.instances(series)[:2]
    dana.move(dana.instances(series)[1], datetime(2026, 10, 28, 14, tzinfo=LONDON))
    page = graph(alex).get(
        f"/me/events/{alex.event(series)['id']}/instances",
        **NOVEMBER | {"startDateTime": "2026-10-19T00:00:00Z"},
    )
    moved = page["value"][1]
    assert (moved["type"], moved["originalStart"]) == ("exception", "2026-10-27T09:00:00Z")
    assert moved["start"]["dateTime"] == "2026-10-28T14:00:00.0000000"
    assert (moved["id"] == second) is kept
    assert (graph(alex).call("GET", f"/me/events/{second}").status_code == 200) is kept
    assert page["value"][0]["id"] == first
    assert moved["responseStatus"]["response"] == "notResponded"


def test_an_occurrence_can_not_cross_its_neighbours_day(graph, series, alex, dana):
    second = dana.instances(series)[1]
    for day in (20, 19):
        with pytest.raises(GraphError, match="adjacent"):
            dana.move(second, datetime(2026, 10, day, 18, tzinfo=LONDON))
    body = {"start": {"dateTime": "2026-11-03T08:00:00", "timeZone": "UTC"}}
    refused = graph(dana).patch(f"/me/events/{second}", **body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ErrorOccurrenceCrossingBoundary")
    dana.move(second, datetime(2026, 11, 2, 18, tzinfo=LONDON))
    assert starts(alex, 3)[1] == "2026-11-02T18:00"


def test_a_cancelled_occurrence_goes_for_the_organizer_and_stays_for_the_attendee(series, alex, dana):
    dana.cancel(dana.instances(series)[1])
    assert starts(dana, 3) == ["2026-10-20T08:00", "2026-11-03T09:00", "2026-11-10T09:00"]
    second = alex.events()[1]
    assert (second["isCancelled"], second["type"], second["subject"]) == (True, "exception", "Canceled: 1:1")


def test_a_declined_occurrence_goes_from_the_attendees_copy_alone(series, alex, dana):
    alex.respond(alex.instances(series)[1], "declined")
    assert starts(alex, 2) == ["2026-10-20T08:00", "2026-11-03T09:00"]
    second = dana.events()[1]
    assert second["attendees"][0]["status"]["response"] == "declined"
    assert dana.events()[0]["attendees"][0]["status"]["response"] == "accepted"


def test_a_cancelled_series_is_cancelled_as_a_whole(series, alex, dana):
    dana.move(dana.instances(series)[1], datetime(2026, 10, 28, 14, tzinfo=LONDON))
    dana.cancel_series(dana.instances(series)[2])
    assert dana.events() == []
    assert {each["isCancelled"] for each in alex.events()} == {True}
    alex.cancel_series(series)
    assert alex.events() == []


def test_a_moved_series_forgets_its_exceptions(series, alex, dana):
    dana.move(dana.instances(series)[1], datetime(2026, 10, 28, 14, tzinfo=LONDON))
    dana.cancel(dana.instances(series)[2])
    dana.move_series(series, datetime(2026, 10, 22, 11, tzinfo=LONDON))
    expected = ["2026-10-22T10:00", "2026-10-29T11:00", "2026-11-05T11:00", "2026-11-12T11:00"]
    assert starts(alex) == starts(dana) == expected


def test_this_and_following_ends_one_series_and_begins_another(series, alex, dana):
    new = dana.move_following(dana.instances(series)[2], datetime(2026, 11, 4, 15, tzinfo=LONDON))
    assert starts(alex) == ["2026-10-20T08:00", "2026-10-27T09:00", "2026-11-04T15:00", "2026-11-11T15:00"]
    assert alex.event(new)["seriesMasterId"] is None
    assert alex.event(new)["responseStatus"]["response"] == "accepted"
    dana.end_series(dana.instances(new)[1])
    assert len(alex.events()) == 3


def test_a_third_person_can_come_to_one_occurrence(microsoft, series, alex, dana):
    bo = microsoft.account("bo@example.com")
    _, second = dana.instances(series)[:2]
    dana.invite(second, bo)
    assert [len(each["attendees"]) for each in alex.events()[:2]] == [2, 3]
    (only,) = bo.events()
    assert (only["type"], only["start"]["dateTime"][:10]) == ("singleInstance", "2026-10-27")
    bo.respond(only["id"], "declined")
    assert dana.event(second)["attendees"][1]["status"]["response"] == "declined"
    dana.uninvite(second, bo)
    assert len(alex.events()[1]["attendees"]) == 2


@pytest.mark.parametrize("same", [True, False])
def test_an_occurrences_ical_uid_may_be_its_own(microsoft, series, alex, dana, same):
    microsoft.settings.occurrence_ical_uid = "same" if same else "differs"
    found = {each["iCalUId"] for each in alex.events()[:3]}
    assert len(found) == (1 if same else 3)
    assert found == {each["iCalUId"] for each in dana.events()[:3]}


def test_own_data_of_a_series_is_not_its_occurrences(graph, alex):
    own = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "x"}
    event = alex.schedule("Mine", START, weekly=True, extensions=[own])
    first = alex.instances(event)[0]
    expand = "?$expand=extensions($filter=id eq 'x')"
    client = graph(alex)
    assert "extensions" in client.get(f"/me/events/{event}{expand}")
    assert "extensions" not in client.get(f"/me/events/{first}{expand}")
    client.post(f"/me/events/{first}/extensions", **own)
    assert "extensions" in client.get(f"/me/events/{first}{expand}")
