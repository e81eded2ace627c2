"""calendarView/delta: what a round tells of changes, and what it doesn't."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 3, 10, tzinfo=LONDON)


@pytest.fixture
def client(graph, alex):
    return graph(alex)


def kinds(rows):
    return ["@removed" if "@removed" in row else row["type"] for row in rows]


def days(rows):
    return [row["start"]["dateTime"][:10] for row in rows if row.get("type") in ("occurrence", "exception")]


def test_an_occurrence_is_a_stub_and_its_master_may_be_left_out(microsoft, client, alex, dana):
    dana.schedule("1:1", START, guests=[alex], weekly=True)
    rows, _ = client.round(client.november)
    assert kinds(rows) == ["seriesMaster"] + ["occurrence"] * 4
    stub = {"@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end"}
    assert [set(row) for row in rows[1:]] == [stub] * 4
    assert rows[1]["seriesMasterId"] == rows[0]["id"]
    microsoft.settings.masters_in_delta = False
    assert kinds(client.round(client.november)[0]) == ["occurrence"] * 4


def test_a_quiet_round_is_empty_and_a_link_can_be_used_twice(client, alex):
    _, link = client.round(client.november)
    assert client.round(link)[0] == []
    event = alex.schedule("Focus", START)
    for _ in range(2):
        assert [row["id"] for row in client.round(link)[0]] == [event]


def test_a_deletion_is_an_id_and_nothing_else(client, alex):
    event = alex.schedule("Focus", START)
    _, link = client.round(client.november)
    alex.delete(event)
    rows, link = client.round(link)
    assert rows == [{"@odata.type": "#microsoft.graph.event", "id": event, "@removed": {"reason": "deleted"}}]
    assert client.round(link)[0] == []


def test_ids_of_the_other_kind_are_told_to_whom_asks_for_them(client, alex):
    event = alex.schedule("Focus", START)
    (row,), link = client.round(client.november, prefer="")
    assert row["id"] != event
    alex.delete(event)
    (gone,), _ = client.round(link, prefer="")
    assert gone["id"] == row["id"]
    assert client.call("GET", f"/me/events/{row['id']}", headers={"Prefer": ""}).status_code == 404


def test_an_event_moved_out_of_the_window_is_called_removed_and_still_answers(client, alex):
    event = alex.schedule("Focus", START)
    _, link = client.round(client.november)
    alex.move(event, datetime(2027, 1, 5, 10, tzinfo=LONDON))
    rows, _ = client.round(link)
    assert kinds(rows) == ["@removed"]
    assert client.get(f"/me/events/{event}")["start"]["dateTime"].startswith("2027-01-05")


@pytest.mark.parametrize("false", [True, False])
def test_an_event_outside_the_window_may_be_called_removed_falsely(microsoft, client, alex, false):
    microsoft.settings.false_removed = false
    _, link = client.round(client.november)
    event = alex.schedule("Far away", datetime(2027, 3, 2, 10, tzinfo=LONDON))
    rows, link = client.round(link)
    assert [row["id"] for row in rows] == ([event] if false else [])
    alex.touch(event)
    assert len(client.round(link)[0]) == false


@pytest.mark.parametrize("again", [True, False])
def test_a_moved_occurrence_may_bring_its_series_again(microsoft, client, alex, dana, again):
    microsoft.settings.exception_resends_series = again
    series = dana.schedule("1:1", START, guests=[alex], weekly=True)
    _, link = client.round(client.november)
    dana.move(dana.instances(series)[1], datetime(2026, 11, 12, 15, tzinfo=LONDON))
    rows, link = client.round(link)
    moved = [row for row in rows if row["type"] == "exception"]
    assert [row["originalStart"] for row in moved] == ["2026-11-10T10:00:00Z"]
    assert moved[0]["subject"] == "1:1"
    assert len(rows) == (5 if again else 1)
    assert client.round(link)[0] == []


@pytest.mark.parametrize(("how", "told"), [("silent", 0), ("series_resent", 4), ("removed", 1)])
def test_a_deleted_occurrence_is_told_or_not(microsoft, client, alex, how, told):
    microsoft.settings.deleted_occurrence = how
    series = alex.schedule("1:1", START, guests=["dana@elsewhere.org"], weekly=True)
    _, link = client.round(client.november)
    gone = alex.instances(series)[1]
    alex.cancel(gone)
    rows, _ = client.round(link)
    assert len(rows) == told
    if how == "removed":
        assert rows[0]["id"] == gone
    if how == "series_resent":
        assert days(rows) == ["2026-11-03", "2026-11-17", "2026-11-24"]
    assert client.call("GET", f"/me/events/{gone}").status_code == 404
    shown = client.get(f"/me/events/{series}?$select=cancelledOccurrences")
    assert shown["cancelledOccurrences"] == [f"OID.{series}.2026-11-10"]


@pytest.mark.parametrize(("how", "count"), [("all", 5), ("master", 1), ("occurrences", 4)])
def test_a_deleted_series_names_master_or_occurrences(microsoft, client, alex, how, count):
    microsoft.settings.deleted_series = how
    series = alex.schedule("1:1", START, weekly=True)
    _, link = client.round(client.november)
    alex.delete(series)
    rows, _ = client.round(link)
    assert kinds(rows) == ["@removed"] * count
    assert (series in {row["id"] for row in rows}) is (how != "occurrences")


def test_a_changed_series_sends_all_its_occurrences_again(client, alex, dana):
    series = dana.schedule("1:1", START, guests=[alex], weekly=True)
    _, link = client.round(client.november)
    dana.rename(series, "Catch-up")
    rows, _ = client.round(link)
    assert kinds(rows) == ["seriesMaster"] + ["occurrence"] * 4
    assert rows[0]["subject"] == "Catch-up"


def test_an_occurrence_moved_out_of_the_window_is_removed(client, alex):
    series = alex.schedule("1:1", START, weekly=True)
    last = alex.instances(series)[3]
    fourth = "/me/calendarView/delta?startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-11-25T00:00:00Z"
    _, link = client.round(fourth)
    alex.move(last, datetime(2026, 11, 26, 10, tzinfo=LONDON))
    rows, _ = client.round(link)
    assert [row["id"] for row in rows if "@removed" in row] == [last]


def test_a_cancelled_meeting_stays_on_the_attendees_calendar(client, alex, dana):
    event = dana.schedule("1:1", START, guests=[alex])
    (row,), link = client.round(client.november)
    dana.cancel(event)
    (cancelled,), _ = client.round(link)
    assert (cancelled["id"], cancelled["isCancelled"], cancelled["subject"]) == (
        row["id"],
        True,
        "Canceled: 1:1",
    )


def test_pages_may_be_empty_or_repeat_themselves(microsoft, client, alex):
    for hour in range(9, 14):
        alex.schedule(f"At {hour}", START.replace(hour=hour))
    microsoft.settings.empty_pages = 2
    page = client.get(client.november)
    assert (page["value"], "@odata.nextLink" in page) == ([], True)
    rows, _ = client.round(client.november, prefer='IdType="ImmutableId", odata.maxpagesize=2')
    assert len(rows) == 5
    microsoft.settings.delta_repeats = True
    rows, _ = client.round(client.november, prefer='IdType="ImmutableId", odata.maxpagesize=2')
    assert len(rows) > 5
    assert len({row["id"] for row in rows}) == 5


def test_a_delta_may_lag_behind_and_loses_nothing(microsoft, client, alex):
    _, link = client.round(client.november)
    microsoft.settings.delta_lag = 2
    event = alex.schedule("Focus", START)
    seen = []
    for _ in range(4):
        rows, link = client.round(link)
        seen.append([row["id"] for row in rows])
    assert seen == [[], [], [event], []]


def test_options_are_refused(client):
    for option in (
        "$select=id",
        "$filter=type eq 'occurrence'",
        "$expand=extensions",
        "$orderby=id",
        "$search=x",
    ):
        refused = client.call("GET", f"{client.november}&{option}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ErrorInvalidUrlQuery")
    assert client.call("GET", "/me/calendarView/delta").status_code == 400


@pytest.mark.parametrize(
    ("code", "status", "location"),
    [("syncStateNotFound", 410, True), ("SyncStateNotFound", 404, False), ("resyncRequired", 410, True)],
)
def test_a_token_can_be_lost(microsoft, client, alex, code, status, location):
    _, link = client.round(client.november)
    microsoft.expire_sync_tokens(code, status=status, location=location)
    refused = client.call("GET", link)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert ("Location" in refused.headers) is location
    if location:
        assert client.round(refused.headers["Location"])[0] == []
    assert client.round(client.november)[0] == []


def test_a_token_is_only_its_owners(client, graph, dana):
    _, link = client.round(client.november)
    assert graph(dana).call("GET", link).status_code == 400


def test_each_calendar_has_its_own(client, alex):
    other = alex.add_calendar("Team")
    event = alex.schedule("Plan", START, calendar=other)
    assert client.round(client.november)[0] == []
    rows, link = client.round(f"/me/calendars/{other}{client.november.removeprefix('/me')}")
    assert [row["id"] for row in rows] == [event]
    assert f"/me/calendars/{other}/calendarView/delta?$deltatoken=" in link
    listed = client.get("/me/calendars")["value"]
    assert [(each["name"], each["isDefaultCalendar"]) for each in listed] == [
        ("Calendar", True),
        ("Team", False),
    ]


def test_pages_have_a_longest_length(microsoft, client, alex):
    alex.schedule("Daily", START, rule="FREQ=DAILY")
    assert len(client.get(client.november)["value"]) == 10
    microsoft.settings.page_size = 3
    assert (
        len(client.call("GET", client.november, headers={"Prefer": "odata.maxpagesize=50"}).json()["value"])
        == 3
    )
    assert len(client.round(client.november)[0]) == 29
