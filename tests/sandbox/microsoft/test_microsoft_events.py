"""Events by themselves: what a request may hold, ids, etags, extended data, transactions, times, lists."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 3, 10, tzinfo=LONDON)
TIMES = {
    "start": {"dateTime": "2026-11-03T09:50:00", "timeZone": "UTC"},
    "end": {"dateTime": "2026-11-03T10:00:00", "timeZone": "UTC"},
}
PROPERTY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name prepd"


@pytest.fixture
def client(graph, alex):
    return graph(alex)


def refusal(response):
    return response.status_code, response.json()["error"]["code"]


def test_an_event_is_made_read_changed_and_deleted(client, alex):
    made = client.post("/me/events", subject="Reflect", showAs="busy", sensitivity="private", **TIMES)
    assert made.status_code == 201
    event = made.json()["id"]
    assert (made.json()["type"], made.json()["isOrganizer"]) == ("singleInstance", True)
    assert client.patch(f"/me/events/{event}", subject="Reflect more").json()["subject"] == "Reflect more"
    assert client.get(f"/me/events/{event}")["sensitivity"] == "private"
    assert client.delete(f"/me/events/{event}").status_code == 204
    assert alex.deleted(event)


@pytest.mark.parametrize(
    "body",
    [
        {"summary": "Google's word"},
        {"subject": 7},
        {"isReminderOn": "yes"},
        {"showAs": "away"},
        {"start": {"dateTime": "soon", "timeZone": "UTC"}},
        {"start": {"date": "2026-11-03"}},
        {"attendees": {"emailAddress": {"address": "a@example.com"}}},
        {"attendees": [{"email": "a@example.com"}]},
        {"extensions": [{"extensionName": None}]},
    ],
)
def test_what_the_schema_does_not_have_is_refused(client, body):
    assert refusal(client.post("/me/events", **{**TIMES, **body})) == (400, "RequestBodyRead")


def test_other_bad_requests_have_their_codes(client, alex):
    far = {"dateTime": "2026-11-02T09:50:00", "timeZone": "UTC"}
    assert refusal(client.post("/me/events", subject="x"))[1] == "ErrorPropertyValidationFailure"
    assert (
        refusal(client.post("/me/events", **{**TIMES, "end": far}))[1]
        == "ErrorCalendarEndDateIsEarlierThanStartDate"
    )
    mars = {"dateTime": "2026-11-03T09:50:00", "timeZone": "Mars Standard Time"}
    assert (
        refusal(client.post("/me/events", **{**TIMES, "start": mars}))[1] == "TimeZoneNotSupportedException"
    )
    assert refusal(client.post("/me/events", isAllDay=True, **TIMES))[1] == "ErrorInvalidRequest"
    assert refusal(client.call("GET", "/me/events/nonsense")) == (400, "ErrorInvalidIdMalformed")
    assert refusal(client.call("GET", f"/me/events/{'A' * 60}=")) == (404, "ErrorItemNotFound")
    assert refusal(client.call("GET", "/me/appointments"))[0] == 400
    assert refusal(client.call("GET", "/users/dana@example.com/events"))[0] == 403
    inner = client.call("GET", "/me/nothing").json()["error"]["innerError"]
    assert {"date", "request-id", "client-request-id"} == set(inner)


def test_an_etag_holds(microsoft, client, alex):
    event = alex.schedule("Focus", START)
    old = client.get(f"/me/events/{event}")["@odata.etag"]
    alex.rename(event, "Other")
    for method, more in (("PATCH", {"json": {"subject": "Mine"}}), ("DELETE", {})):
        refused = client.call(method, f"/me/events/{event}", headers={"If-Match": old}, **more)
        assert refusal(refused) == (412, "ErrorIrresolvableConflict")
    microsoft.settings.if_match = "ignored"
    assert client.call("DELETE", f"/me/events/{event}", headers={"If-Match": old}).status_code == 204


def test_a_repeated_transaction_is_dropped(microsoft, client, alex):
    first, again = (client.post("/me/events", transactionId="t1", subject="Slot", **TIMES) for _ in range(2))
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert len(alex.events()) == 1
    microsoft.settings.repeated_transaction = "conflict"
    assert client.post("/me/events", transactionId="t1", **TIMES).status_code == 409
    alex.delete(first.json()["id"])
    assert client.post("/me/events", transactionId="t1", **TIMES).status_code == 201
    microsoft.settings.transaction_after_delete = "conflict"
    alex.delete(alex.events()[0]["id"])
    assert client.post("/me/events", transactionId="t1", **TIMES).status_code == 409


def test_a_lost_answer_leaves_the_event(microsoft, client, alex):
    microsoft.faults.drop("after", method="POST", path="*/events")
    with pytest.raises(OSError):
        client.post("/me/events", transactionId="t1", **TIMES)
    assert client.post("/me/events", transactionId="t1", **TIMES).status_code == 201
    assert len(alex.events()) == 1


def test_open_extensions_are_read_by_their_name_alone(client):
    own = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "dev.prepd", "for": "abc"}
    event = client.post("/me/events", extensions=[own], **TIMES).json()["id"]
    path = f"/me/events/{event}"
    assert "extensions" not in client.get(path)
    (found,) = client.get(f"{path}?$expand=extensions($filter=id eq 'dev.prepd')")["extensions"]
    assert (found["for"], found["extensionName"]) == ("abc", "dev.prepd")
    assert found["id"] == "Microsoft.OutlookServices.OpenTypeExtension.dev.prepd"
    assert client.call("GET", f"{path}?$expand=extensions").status_code == 400
    assert client.patch(f"{path}/extensions/dev.prepd", **{"for": "def"}).json()["for"] == "def"
    assert client.get(f"{path}/extensions/{found['id']}")["for"] == "def"
    other = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "dev.other"}
    assert client.post(f"{path}/extensions", **other).status_code == 201
    assert client.post(f"{path}/extensions", **other).status_code == 409
    assert client.delete(f"{path}/extensions/dev.prepd").status_code == 204
    assert client.call("GET", f"{path}/extensions/dev.prepd").status_code == 404


def test_extended_properties_are_expanded_and_searched_by_their_id(client):
    own = [{"id": PROPERTY, "value": "abc"}]
    event = client.post("/me/events", singleValueExtendedProperties=own, **TIMES).json()["id"]
    client.post("/me/events", subject="Other", **TIMES)
    asked = f"/me/events/{event}?$expand=singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
    assert client.get(asked)["singleValueExtendedProperties"] == own
    for value, found in (("abc", [event]), ("x", [])):
        test = f"singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq '{value}')"
        assert [each["id"] for each in client.get("/me/events", **{"$filter": test})["value"]] == found
    client.patch(f"/me/events/{event}", singleValueExtendedProperties=[{"id": PROPERTY, "value": "def"}])
    assert client.get(asked)["singleValueExtendedProperties"][0]["value"] == "def"
    assert (
        refusal(
            client.post("/me/events", singleValueExtendedProperties=[{"id": "x", "value": "y"}], **TIMES)
        )[0]
        == 400
    )


@pytest.mark.parametrize("zone", ["GMT Standard Time", "Europe/London"])
def test_times_are_kept_in_utc_and_shown_in_the_zone_asked_for(client, zone):
    summer = {"start": {"dateTime": "2026-07-01T10:00:00", "timeZone": zone}}
    summer["end"] = {"dateTime": "2026-07-01T11:00:00.0000000", "timeZone": zone}
    made = client.post("/me/events", **summer).json()
    assert made["start"] == {"dateTime": "2026-07-01T09:00:00.0000000", "timeZone": "UTC"}
    assert made["originalStartTimeZone"] == zone
    prefer = {"Prefer": 'IdType="ImmutableId", outlook.timezone="Eastern Standard Time"'}
    answer = client.call("GET", f"/me/events/{made['id']}", headers=prefer)
    assert answer.json()["start"] == {
        "dateTime": "2026-07-01T05:00:00.0000000",
        "timeZone": "Eastern Standard Time",
    }
    assert "outlook.timezone" in answer.headers["Preference-Applied"]


def test_ids_of_the_two_kinds_differ_and_only_one_survives_deletion(microsoft, client, alex):
    event = alex.schedule("Focus", START)
    key = client.call("GET", f"/me/events/{event}", headers={"Prefer": ""}).json()["id"]
    assert key != event
    microsoft.settings.ids_of_either_kind = False
    assert client.call("GET", f"/me/events/{key}").status_code == 404
    assert client.call("GET", f"/me/events/{key}", headers={"Prefer": ""}).status_code == 200
    alex.delete(event)
    assert client.call("GET", f"/me/events/{key}", headers={"Prefer": ""}).status_code == 404
    assert client.call("GET", f"/me/events/{event}").status_code == 200
    assert client.call("GET", f"/me/calendar/events/{event}").status_code == 200
    assert client.call("GET", f"/me/calendars/{alex.default_calendar}/events/{event}").status_code == 404
    microsoft.settings.deleted_items_readable = False
    assert client.call("GET", f"/me/events/{event}").status_code == 404


@pytest.mark.parametrize(
    ("policy", "gone", "kept"),
    [("stripped", ["<!--", "id=", "data-x", "<script"], ["href=", "<b>"]),
     ("renamed", ["<!--", "data-x"], ['id="x_mine"']),
     ("kept", [], ["<!-- note -->", 'id="mine"', "data-x"])],
)  # fmt: skip
def test_a_body_is_cleaned_on_the_way_in(microsoft, client, policy, gone, kept):
    microsoft.settings.html = policy
    sent = '<div id="mine" data-x="1"><!-- note --><b>Hi</b> &amp; <a href="https://x.example/">there</a></div><script>1</script>'
    body = {"contentType": "html", "content": sent}
    made = client.post("/me/events", body=body, **TIMES).json()
    content = made["body"]["content"]
    assert content.startswith("<html>")
    assert [each for each in gone if each in content] == []
    assert [each for each in kept if each not in content] == []
    assert "Hi & there" in made["bodyPreview"]
    client.patch(f"/me/events/{made['id']}", body={"contentType": "html", "content": content})
    assert client.get(f"/me/events/{made['id']}")["body"]["content"] == content


def test_a_plain_body_is_kept_as_html_and_shown_as_text_when_asked(client):
    made = client.post(
        "/me/events", body={"contentType": "text", "content": "One <two>\nthree"}, **TIMES
    ).json()
    assert "One &lt;two&gt;<br>" in made["body"]["content"]
    prefer = {"Prefer": 'IdType="ImmutableId", outlook.body-content-type="text"'}
    shown = client.call("GET", f"/me/events/{made['id']}", headers=prefer).json()["body"]
    assert shown == {"contentType": "text", "content": "One <two>\r\nthree"}


def test_a_view_is_paged_filtered_ordered_and_selected(client, alex):
    for hour in (13, 9, 11):
        alex.schedule(f"At {hour}", START.replace(hour=hour))
    window = {"startDateTime": "2026-11-03T00:00:00Z", "endDateTime": "2026-11-04T00:00:00Z"}
    page = client.get("/me/calendarView", **window, **{"$top": "2", "$select": "subject"})
    assert [set(each) for each in page["value"]] == [{"@odata.etag", "id", "subject"}] * 2
    rest = client.get(page["@odata.nextLink"])
    assert [each["subject"] for each in rest["value"]] == ["At 13"]
    late = client.get(
        "/me/events", **{"$filter": "start/dateTime ge '2026-11-03T10:00:00Z' and isCancelled eq false"}
    )
    assert {each["subject"] for each in late["value"]} == {"At 11", "At 13"}
    backwards = client.get("/me/events", **{"$orderby": "start/dateTime desc"})["value"]
    assert [each["subject"] for each in backwards] == ["At 13", "At 11", "At 9"]
    assert client.call("GET", "/me/events?$filter=startswith(subject,'At')").status_code == 400
    assert client.call("GET", "/me/events?$select=summary").status_code == 400


def test_no_more_than_four_requests_at_once(microsoft, client, alex):
    import threading

    microsoft.settings.latency = 0.3
    seen = []
    callers = [
        threading.Thread(target=lambda: seen.append(client.call("GET", "/me/events").status_code))
        for _ in range(6)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(seen) == [200] * 4 + [429] * 2
    assert microsoft.most_at_once(alex) == 5


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "ApplicationThrottled"),
        (503, "ErrorServerBusy"),
        (504, "UnknownError"),
        (509, "bandwidthLimitExceeded"),
    ],
)
def test_load_is_refused_on_demand(microsoft, client, status, code):
    microsoft.faults.status(status, path="*/events", retry_after=7)
    refused = client.call("GET", "/me/events")
    assert (*refusal(refused), refused.headers["Retry-After"]) == (status, code, "7")
    assert client.call("GET", "/me/events").status_code == 200


def test_the_log_names_operations(microsoft, client, alex):
    client.get("/me/events")
    client.get(client.november)
    assert microsoft.requests.operations() == ["events.list", "calendarView.delta"]
    assert microsoft.requests[0].account == alex.email
