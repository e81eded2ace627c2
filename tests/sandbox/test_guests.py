"""Organizer's events and guests' copies: what travels, who may change what, and who is mailed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from googleapiclient.errors import HttpError

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 3, 10, tzinfo=LONDON)
SILENT = {"calendarId": "primary", "sendUpdates": "none"}
ATTACHMENT = {"fileUrl": "https://docs.google.com/document/d/doc1/edit", "title": "1:1 Alex / Dana"}


def reason(error):
    return error.value.status_code, error.value.error_details[0]["reason"]


def mails(google):
    return [(mail.to, mail.kind, mail.cause) for mail in google.mailbox]


@pytest.fixture
def event(dana, alex):
    return dana.schedule("1:1 Alex / Dana", START, guests=[alex])


def test_a_guests_copy_has_the_same_id_and_their_own_self(event, alex, dana):
    theirs, mine = dana.event(event), alex.event(event)
    assert (mine["id"], mine["iCalUID"]) == (theirs["id"], theirs["iCalUID"])
    assert theirs["organizer"]["self"] is True
    assert "self" not in mine["organizer"]
    assert mine["attendees"] == [
        {"email": "dana@example.com", "responseStatus": "accepted", "organizer": True},
        {"email": "alex@example.com", "responseStatus": "accepted", "self": True},
    ]


def test_an_invitation_made_through_the_api_need_not_list_its_organizer(dana, alex):
    event = dana.schedule("1:1", START, guests=[alex], attends=False, accepted=False)
    assert alex.event(event)["attendees"] == [
        {"email": "alex@example.com", "responseStatus": "needsAction", "self": True}
    ]


def test_shared_fields_travel_and_private_ones_stay(service, event, alex, dana):
    events = service(alex).events()
    private = {"private": {"mine": "1"}}
    events.patch(**SILENT, eventId=event, body={"colorId": "3", "extendedProperties": private}).execute()
    dana.change(event, summary="Catch-up", location="Room 1", colorId="9")
    mine = alex.event(event)
    assert (mine["summary"], mine["location"], mine["colorId"]) == ("Catch-up", "Room 1", "3")
    assert mine["extendedProperties"] == private
    assert "extendedProperties" not in dana.event(event)


def test_a_response_reaches_everybody(google, event, alex, dana):
    bo = google.account("bo@example.com")
    dana.invite(event, bo)
    alex.respond(event, "declined")
    for account in (alex, bo, dana):
        answers = {each["email"]: each["responseStatus"] for each in account.event(event)["attendees"]}
        assert answers[alex.email] == "declined"


def test_a_guest_who_deletes_declines(google, event, service, alex, dana):
    service(alex).events().delete(**SILENT, eventId=event).execute()
    mine, theirs = alex.event(event), dana.event(event)
    assert (mine["status"], theirs["status"]) == ("cancelled", "confirmed")
    assert theirs["attendees"][1]["responseStatus"] == mine["attendees"][1]["responseStatus"] == "declined"
    assert mine["summary"] == "1:1 Alex / Dana"
    dana.rename(event, "Other")
    assert alex.event(event)["status"] == "cancelled"


def test_an_organizer_who_cancels_cancels_for_all(event, alex, dana):
    dana.cancel(event)
    mine = alex.event(event)
    assert (mine["status"], mine["attendees"][1]["responseStatus"]) == ("cancelled", "accepted")


def test_a_guest_who_is_taken_off_loses_the_event(event, alex, dana):
    dana.uninvite(event, alex)
    assert alex.event(event)["status"] == "cancelled"
    dana.invite(event, alex)
    assert alex.event(event)["status"] == "confirmed"


def test_removing_the_last_guest_drops_the_key(alex, dana):
    event = dana.schedule("1:1", START, guests=[alex], attends=False)
    dana.uninvite(event, alex)
    assert "attendees" not in dana.event(event)


def test_a_guests_edit_stays_on_their_copy_until_the_organizer_updates(service, event, alex, dana):
    service(alex).events().patch(**SILENT, eventId=event, body={"location": "Home"}).execute()
    assert alex.event(event)["location"] == "Home"
    assert "location" not in dana.event(event)
    dana.rename(event, "Other")
    assert "location" not in alex.event(event)


def test_or_a_guests_edit_is_forbidden(google, service, event, alex):
    google.settings.guest_edits = "forbidden"
    with pytest.raises(HttpError) as error:
        service(alex).events().patch(**SILENT, eventId=event, body={"location": "Home"}).execute()
    assert reason(error) == (403, "forbiddenForNonOrganizer")


def test_a_guests_attachment_is_their_own_or_forbidden(google, service, event, alex, dana):
    def attach():
        body = {"attachments": [ATTACHMENT]}
        return (
            service(alex)
            .events()
            .patch(**SILENT, eventId=event, supportsAttachments=True, body=body)
            .execute()
        )

    google.settings.guest_attachments = "forbidden"
    with pytest.raises(HttpError) as error:
        attach()
    assert reason(error) == (403, "forbiddenForNonOrganizer")
    google.settings.guest_attachments = "own_copy"
    assert attach()["attachments"][0]["fileId"] == "doc1"
    assert "attachments" not in dana.event(event)
    google.settings.organizer_update_resets_guest_copy = False
    dana.rename(event, "Other")
    assert "attachments" in alex.event(event)
    google.settings.organizer_update_resets_guest_copy = True
    dana.rename(event, "Another")
    assert "attachments" not in alex.event(event)


def test_a_guest_cannot_put(service, event, alex):
    events = service(alex).events()
    with pytest.raises(HttpError) as error:
        events.update(**SILENT, eventId=event, body=alex.event(event)).execute()
    assert reason(error) == (403, "forbiddenForNonOrganizer")


def test_guests_can_modify_means_for_everybody(service, alex, dana):
    event = dana.schedule("1:1", START, guests=[alex], guestsCanModify=True)
    service(alex).events().patch(**SILENT, eventId=event, body={"location": "Park"}).execute()
    assert alex.event(event)["location"] == dana.event(event)["location"] == "Park"


def test_a_hidden_guest_list_shows_only_oneself(google, alex, dana):
    event = dana.schedule("1:1", START, guests=[alex, "bo@elsewhere.org"], guestsCanSeeOtherGuests=False)
    mine = alex.event(event)
    assert mine["attendeesOmitted"] is True
    assert [each["email"] for each in mine["attendees"]] == [alex.email]
    assert len(dana.event(event)["attendees"]) == 3


def test_people_mail_and_it_is_theirs(google, event, alex, dana):
    dana.move(event, START.replace(hour=11))
    alex.delete(event)
    dana.cancel(event)
    assert mails(google) == [
        ("alex@example.com", "invite", "person"),
        ("dana@example.com", "response", "person"),
        ("alex@example.com", "update", "person"),
        ("dana@example.com", "response", "person"),
        ("alex@example.com", "cancellation", "person"),
    ]


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        ({"sendUpdates": "none"}, []),
        ({"sendUpdates": "externalOnly"}, ["bo@elsewhere.org"]),
        ({"sendUpdates": "all"}, ["alex@example.com", "bo@elsewhere.org"]),
        ({"sendNotifications": False}, []),
        ({}, ["alex@example.com", "bo@elsewhere.org"]),
    ],
)
def test_a_client_mails_unless_it_says_none(google, service, alex, dana, send, expected):
    event = dana.schedule("1:1", START, guests=[alex, "bo@elsewhere.org"])
    google.mailbox.clear()
    events = service(dana).events()
    events.patch(calendarId="primary", eventId=event, body={"location": "x"}, **send).execute()
    assert [mail.to for mail in google.mailbox.sent_by_clients()] == expected
    google.mailbox.clear()
    events.delete(calendarId="primary", eventId=event, **send).execute()
    assert [mail.to for mail in google.mailbox.sent_by_clients()] == expected
    google.mailbox.clear()


def test_a_private_field_mails_nobody_whatever_is_said(google, service, event, dana):
    body = {"colorId": "1", "extendedProperties": {"private": {"a": "b"}}}
    service(dana).events().patch(calendarId="primary", eventId=event, sendUpdates="all", body=body).execute()
    assert google.mailbox.sent_by_clients() == []


def test_one_instance_can_have_another_guest(google, service, alex, dana):
    bo = google.account("bo@example.com")
    series = dana.schedule("1:1", START, guests=[alex], weekly=True)
    first, second = alex.instances(series)[:2]
    dana.invite(first, bo)
    assert [len(alex.event(each)["attendees"]) for each in (first, second)] == [3, 2]
    (only,) = bo.events()
    assert (only["id"], only["recurringEventId"]) == (first, series)
    dana.uninvite(first, bo)
    assert bo.events() == []


def test_a_guest_declines_one_instance(alex, dana):
    series = dana.schedule("1:1", START, guests=[alex], weekly=True)
    first, second = alex.instances(series)[:2]
    alex.respond(first, "declined")
    for account in (alex, dana):
        answers = [account.event(each)["attendees"][1]["responseStatus"] for each in (first, second)]
        assert answers == ["declined", "accepted"]


def test_an_invitation_from_outside_is_only_on_the_guests_calendar(google, service, alex):
    event = alex.receive("1:1", START, "pat@outside.org")
    assert alex.event(event)["organizer"] == {"email": "pat@outside.org"}
    alex.update_received(event, location="Café")
    assert (alex.event(event)["location"], alex.event(event)["sequence"]) == ("Café", 1)
    alex.respond(event, "accepted")
    assert mails(google) == [("pat@outside.org", "response", "person")]
    alex.update_received(event, status="cancelled")
    assert alex.event(event)["status"] == "cancelled"


def test_an_imported_event_keeps_its_organizer_and_invites_nobody(google, service, alex):
    body = {
        "iCalUID": "x@outside.org",
        "organizer": {"email": "pat@outside.org"},
        "attendees": [{"email": alex.email}],
        "start": {"date": "2026-11-03"},
        "end": {"date": "2026-11-04"},
    }
    event = service(alex).events().import_(calendarId="primary", body=body).execute()
    assert (event["iCalUID"], event["organizer"]["email"]) == ("x@outside.org", "pat@outside.org")
    assert len(google.mailbox) == 0


@pytest.mark.parametrize(("send", "expected"), [("none", []), ("all", ["dana@example.com"])])
def test_a_client_answers_for_a_guest(google, service, event, alex, dana, send, expected):
    google.mailbox.clear()
    body = {"attendees": [{"email": alex.email, "responseStatus": "declined", "comment": "ill"}]}
    events = service(alex).events()
    events.patch(calendarId="primary", eventId=event, sendUpdates=send, body=body).execute()
    theirs = {each["email"]: each for each in dana.event(event)["attendees"]}
    assert (theirs[alex.email]["responseStatus"], theirs[alex.email]["comment"]) == ("declined", "ill")
    assert len(alex.event(event)["attendees"]) == 2
    assert [mail.to for mail in google.mailbox.sent_by_clients()] == expected
    google.mailbox.clear()
