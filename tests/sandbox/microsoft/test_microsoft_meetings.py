"""Organizer's items and attendees' copies: what travels between them, and who is mailed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 3, 10, tzinfo=LONDON)
LINK = '<p><a href="https://onedrive.example/doc">Prep</a></p>'


@pytest.fixture
def event(dana, alex):
    return dana.schedule(
        "1:1", START, guests=[alex], body={"contentType": "html", "content": "<p>Agenda</p>"}
    )


def mails(microsoft):
    return [(mail.to, mail.kind, mail.cause) for mail in microsoft.mailbox]


def answers(event):
    return {each["emailAddress"]["address"]: each["status"]["response"] for each in event["attendees"]}


def test_copies_are_items_of_their_own(event, alex, dana):
    theirs, mine = dana.event(event), alex.event(event)
    assert theirs["id"] != mine["id"]
    assert theirs["iCalUId"] == mine["iCalUId"]
    assert (theirs["isOrganizer"], mine["isOrganizer"]) == (True, False)
    assert answers(theirs) == {alex.email: "accepted"}
    assert answers(mine) == {dana.email: "none", alex.email: "accepted"}
    assert (theirs["responseStatus"]["response"], mine["responseStatus"]["response"]) == (
        "organizer",
        "accepted",
    )


def test_an_invitation_is_tentative_until_it_is_answered(alex, dana):
    event = dana.schedule("1:1", START, guests=[alex], accepted=False)
    mine = alex.event(event)
    assert (mine["responseStatus"]["response"], mine["showAs"]) == ("notResponded", "tentative")
    alex.respond(event, "accepted")
    assert alex.event(event)["showAs"] == "busy"


def test_a_program_that_touches_an_organizers_event_mails(microsoft, graph, event, alex, dana):
    graph(dana).patch(f"/me/events/{dana.event(event)['id']}", body={"contentType": "html", "content": LINK})
    assert mails(microsoft)[-1] == (alex.email, "update", "client")
    microsoft.mailbox.clear()
    graph(dana).post("/me/events", attendees=[{"emailAddress": {"address": "bo@elsewhere.org"}}],
                     start={"dateTime": "2026-11-03T12:00:00"}, end={"dateTime": "2026-11-03T13:00:00"})  # fmt: skip
    assert mails(microsoft) == [("bo@elsewhere.org", "invite", "client")]
    microsoft.mailbox.clear()
    graph(dana).delete(f"/me/events/{event}")
    assert mails(microsoft) == [(alex.email, "cancellation", "client")]
    microsoft.mailbox.clear()


def test_an_organizers_own_properties_mail_only_if_it_is_so(microsoft, graph, event, alex, dana):
    graph(dana).patch(f"/me/events/{event}", categories=["Red"], isReminderOn=False)
    assert microsoft.mailbox.sent_by_clients() == []
    microsoft.settings.own_fields_mail = True
    graph(dana).patch(f"/me/events/{event}", categories=["Blue"])
    assert len(microsoft.mailbox.sent_by_clients()) == 1
    assert alex.event(event)["categories"] == []
    microsoft.mailbox.clear()


@pytest.mark.parametrize("replaced", [True, False])
def test_an_attendees_body_is_theirs_until_an_update(microsoft, graph, event, alex, dana, replaced):
    microsoft.settings.update_replaces_body = replaced
    mine = alex.event(event)
    body = {"contentType": "html", "content": mine["body"]["content"].replace("</body>", f"{LINK}</body>")}
    graph(alex).patch(f"/me/events/{mine['id']}", body=body)
    assert "onedrive.example" in alex.event(event)["body"]["content"]
    assert "onedrive.example" not in dana.event(event)["body"]["content"]
    dana.rename(event, "Catch-up")
    mine = alex.event(event)
    assert (mine["subject"], "Agenda" in mine["body"]["content"]) == ("Catch-up", True)
    assert ("onedrive.example" in mine["body"]["content"]) is not replaced
    dana.write_body(event, "<p>New agenda</p>")
    assert "onedrive.example" not in alex.event(event)["body"]["content"]


@pytest.mark.parametrize("reset", [True, False])
def test_a_new_time_may_take_back_the_responses(microsoft, event, alex, dana, reset):
    microsoft.settings.responses_reset = reset
    before = alex.event(event)["id"]
    dana.move(event, START.replace(hour=15))
    mine = alex.event(event)
    assert (mine["id"], mine["start"]["dateTime"][:13]) == (before, "2026-11-03T15")
    assert mine["responseStatus"]["response"] == ("notResponded" if reset else "accepted")
    assert answers(dana.event(event)) == {alex.email: "none" if reset else "accepted"}


def test_a_cancelled_copy_stays_until_it_is_removed(microsoft, graph, event, alex, dana):
    graph_dana = graph(dana)
    mine = alex.event(event)["id"]
    assert graph_dana.post(f"/me/events/{event}/cancel", Comment="Sorry").status_code == 202
    shown = alex.event(mine)
    assert (shown["isCancelled"], shown["subject"], shown["showAs"]) == (True, "Canceled: 1:1", "free")
    assert dana.deleted(event)
    assert graph_dana.get(f"/me/events/{event}")["isCancelled"] is True
    microsoft.mailbox.clear()
    graph(alex).delete(f"/me/events/{mine}")
    assert alex.events() == []
    assert list(microsoft.mailbox) == []


def test_only_an_organizer_cancels_and_only_a_guest_responds(graph, event, alex, dana):
    assert graph(alex).post(f"/me/events/{alex.event(event)['id']}/cancel").status_code == 400
    assert graph(dana).post(f"/me/events/{event}/accept").status_code == 400


@pytest.mark.parametrize("how", ["silent", "declines"])
def test_an_attendee_who_deletes_may_tell_nobody(microsoft, graph, event, alex, dana, how):
    microsoft.settings.attendee_delete = how
    microsoft.mailbox.clear()
    graph(alex).delete(f"/me/events/{alex.event(event)['id']}")
    assert alex.deleted(event)
    told = how == "declines"
    assert mails(microsoft) == ([(dana.email, "response", "client")] if told else [])
    assert answers(dana.event(event)) == {alex.email: "declined" if told else "accepted"}
    microsoft.mailbox.clear()


@pytest.mark.parametrize("again", [True, False])
def test_an_update_may_bring_back_a_deleted_copy(microsoft, event, alex, dana, again):
    microsoft.settings.update_revives_deleted = again
    alex.delete(event)
    dana.rename(event, "Catch-up")
    assert [each["subject"] for each in alex.events()] == (["Catch-up"] if again else [])


@pytest.mark.parametrize("sends", [True, False])
def test_a_decline_is_mailed_if_it_is_to_be_sent(microsoft, graph, event, alex, dana, sends):
    microsoft.mailbox.clear()
    path = f"/me/events/{alex.event(event)['id']}/decline"
    assert graph(alex).post(path, sendResponse=sends, comment="No time").status_code == 202
    assert mails(microsoft) == ([(dana.email, "response", "client")] if sends else [])
    assert answers(dana.event(event)) == {alex.email: "declined" if sends else "accepted"}
    assert alex.deleted(event)
    assert alex.event(event)["responseStatus"]["response"] == "declined"
    microsoft.mailbox.clear()


def test_a_declined_meeting_may_stay(microsoft, event, alex):
    microsoft.settings.declined_stays = True
    alex.respond(event, "declined")
    (mine,) = alex.events()
    assert (mine["responseStatus"]["response"], mine["showAs"]) == ("declined", "free")


def test_a_proposed_time_stands_at_the_organizers(event, alex, dana):
    alex.respond(event, "tentative", proposed=START.replace(hour=16))
    (attendee,) = dana.event(event)["attendees"]
    assert attendee["status"]["response"] == "tentativelyAccepted"
    assert attendee["proposedNewTime"]["start"]["dateTime"].startswith("2026-11-03T16:00")
    assert dana.event(event)["start"]["dateTime"].startswith("2026-11-03T10:00")


def test_guests_come_and_go(microsoft, event, alex, dana):
    bo = microsoft.account("bo@example.com")
    dana.invite(event, bo)
    assert len(bo.events()) == 1
    assert len(alex.event(event)["attendees"]) == 3
    dana.uninvite(event, alex)
    assert alex.event(event)["isCancelled"] is True
    assert bo.event(event)["isCancelled"] is False


def test_hidden_attendees_look_like_a_one_on_one(microsoft, alex, dana):
    bo = microsoft.account("bo@example.com")
    event = dana.schedule("All hands", START, guests=[alex, bo], hideAttendees=True)
    assert list(answers(alex.event(event))) == [alex.email]
    assert len(dana.event(event)["attendees"]) == 2


def test_losing_the_meeting_block_ends_the_online_meeting(graph, alex, dana):
    event = dana.schedule("1:1", START, guests=["bo@elsewhere.org"], isOnlineMeeting=True)
    shown = dana.event(event)
    url = shown["onlineMeeting"]["joinUrl"]
    assert url in shown["body"]["content"]
    dana.write_body(event, shown["body"]["content"].replace("</body>", LINK + "</body>"))
    assert dana.event(event)["onlineMeeting"] == {"joinUrl": url}
    dana.write_body(event, LINK)
    assert (dana.event(event)["isOnlineMeeting"], dana.event(event)["onlineMeeting"]) == (False, None)


def test_an_attendee_who_loses_the_block_ends_nothing(event, alex, dana):
    dana.change(event, isOnlineMeeting=True)
    assert alex.event(event)["isOnlineMeeting"] is True
    alex.write_body(event, "<p>mine</p>")
    assert alex.event(event)["isOnlineMeeting"] is dana.event(event)["isOnlineMeeting"] is True


def test_people_mail_and_it_is_theirs(microsoft, event, alex, dana):
    dana.move(event, START.replace(hour=11))
    alex.respond(event, "declined")
    dana.cancel(event)
    assert mails(microsoft) == [
        (alex.email, "invite", "person"),
        (dana.email, "response", "person"),
        (alex.email, "update", "person"),
        (dana.email, "response", "person"),
        (alex.email, "cancellation", "person"),
    ]


def test_a_cancelled_copys_subject_is_in_the_mailboxs_language(microsoft, event, alex, dana):
    microsoft.settings.cancelled_subject_prefix = "Abgesagt: "
    dana.cancel(event)
    assert alex.event(event)["subject"] == "Abgesagt: 1:1"


def test_deleted_items_can_be_emptied(microsoft, graph, event, alex, dana):
    dana.cancel(event)
    assert graph(dana).call("GET", f"/me/events/{event}").status_code == 200
    microsoft.forget_deleted()
    assert graph(dana).call("GET", f"/me/events/{event}").status_code == 404
    assert alex.deleted(alex.events()[0]["id"]) is False
