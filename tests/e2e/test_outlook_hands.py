"""The user's hand wins in Outlook too: slots, and links, which are blocks of text there."""

from __future__ import annotations

import pytest

from connectors.outlook.body import LABEL
from tests.e2e.at_work import at, is_slot, started

PARAGRAPH = "<p>We talk about <b>Berlin</b>.</p>"


def slot_now(prepd, when: str = "11-03"):
    """The slot of that day, as it stands on the calendar."""
    return next(e for e in prepd.events() if is_slot(e) and started(e).startswith(when))


def without_block(body: str) -> str:
    """The body after a person has selected our line and deleted it."""
    return "\n".join(line for line in body.split("\n") if LABEL not in line)


# --- slots ----------------------------------------------------------------------------------------------


def test_a_slot_is_private_busy_and_without_guests(settled):
    slot = slot_now(settled)
    assert (slot["sensitivity"], slot["showAs"], slot["attendees"]) == ("private", "busy", [])
    assert slot["isReminderOn"] is False
    assert settled.agenda()[0]["prep_doc"]["url"] in slot["body"]["content"]


def test_a_meeting_that_lands_on_a_slot_makes_it_move_and_a_better_place_does_not(settled, alex_there):
    meeting = alex_there.schedule("Design review", at("11-03 09:30"), minutes=30)
    settled.settle()
    assert settled.slots() == ["11-03 09:20", "11-10 09:50"]
    alex_there.delete(meeting)
    settled.settle()
    assert settled.slots() == ["11-03 09:20", "11-10 09:50"]


def test_a_slot_that_was_deleted_stays_away_also_when_the_1_1_moves(settled, alex_there, noor):
    alex_there.delete(settled.slot("11-03 09:50"))
    settled.settle()
    noor.move(settled.meeting("11-03 10:00"), at("11-04 15:00"))
    settled.settle()
    assert settled.slots() == ["11-10 09:50"]
    (event,) = settled.ask("explain", "1:1 Alex")["events"]
    assert "you deleted it" in event["slot_reason"]


def test_a_slot_that_was_dragged_stays_where_it_makes_sense(settled, alex_there, noor):
    alex_there.move(settled.slot("11-03 09:50"), at("11-03 08:30"))
    settled.settle()
    assert settled.slots()[0] == "11-03 08:30"
    noor.move(settled.meeting("11-03 10:00"), at("11-04 11:00"))
    settled.settle()
    assert settled.slots()[0] == "11-04 10:50"


def test_a_slot_that_was_edited_follows_with_its_text_and_stays_after_a_cancellation(
    settled, alex_there, noor
):
    alex_there.write_body(settled.slot("11-03 09:50"), "<p>Say thanks!</p>")
    settled.settle()
    noor.move(settled.meeting("11-03 10:00"), at("11-04 15:00"))
    settled.settle()
    assert started(slot_now(settled, "11-04")) == "11-04 14:50"
    noor.cancel(settled.meeting("11-04 15:00"))
    settled.settle()
    slot = slot_now(settled, "11-04")
    assert (started(slot), "Say thanks!" in slot["body"]["content"]) == ("11-04 14:50", True)


# --- links ----------------------------------------------------------------------------------------------


@pytest.fixture
def invited(outlook, noor, alex_there):
    """With a 1:1 whose invite has a text and an online meeting."""
    noor.schedule(
        "1:1 Alex / Noor",
        at("11-03 10:00"),
        guests=[alex_there],
        isOnlineMeeting=True,
        body={"contentType": "html", "content": PARAGRAPH},
    )
    outlook.settle()
    return outlook


def test_all_that_stands_on_an_invite_stays_and_the_organizers_copy_is_left_alone(invited, noor):
    body = invited.body("11-03 10:00")
    assert PARAGRAPH in body
    assert body.index("Join the meeting now") < body.index(LABEL)
    assert LABEL not in noor.event(invited.meeting("11-03 10:00"))["body"]["content"]
    assert invited.agenda()[0]["prep_doc"]["attached_to"] == ["invite", "slot"]


@pytest.mark.parametrize("html", ["stripped", "renamed", "kept"])
def test_a_link_that_the_user_took_off_stays_off_whatever_the_organizer_changes_later(
    invited, alex_there, noor, html
):
    invited.microsoft.settings.html = html
    meeting = invited.meeting("11-03 10:00")
    alex_there.write_body(meeting, without_block(invited.body("11-03 10:00")))
    invited.settle()
    assert invited.links() == []
    noor.rename(meeting, "1:1 Noor / Alex")
    invited.settle()
    assert invited.links() == []
    assert "Join the meeting now" in invited.body("11-03 10:00")
    assert invited.agenda()[0]["prep_doc"]["attached_to"] == ["slot"]


@pytest.mark.parametrize(
    "update",
    [
        {"subject": "1:1 Noor / Alex"},
        {"body": {"contentType": "html", "content": "<p>Agenda: careers</p>"}},
        {"location": {"displayName": "Room 4"}},
    ],
    ids=lambda update: next(iter(update)),
)
def test_a_link_that_an_update_of_the_organizer_took_off_is_put_back(invited, noor, update):
    meeting = invited.meeting("11-03 10:00")
    noor.change(meeting, **update)
    assert invited.links() == []
    invited.settle()
    assert invited.links() == ["11-03 10:00"]
    assert invited.body("11-03 10:00").count(LABEL) == 1


def test_what_the_user_wrote_beside_the_link_stays(invited, alex_there, noor):
    body = invited.body("11-03 10:00")
    alex_there.write_body(
        invited.meeting("11-03 10:00"), body.replace("</body>", "<p>Mine: thanks!</p></body>")
    )
    invited.settle()
    noor.cancel(invited.meeting("11-03 10:00"))
    invited.settle()
    assert invited.links() == []


def test_where_alex_organizes_the_link_is_on_the_slot_alone(outlook, alex_there, pat):
    alex_there.schedule("Pat <> Alex", at("11-04 14:00"), guests=[pat], weekly=True)
    before = outlook.body("11-04 14:00")
    outlook.settle()
    assert outlook.body("11-04 14:00") == before
    assert outlook.agenda()[0]["prep_doc"]["attached_to"] == ["slot"]
    assert outlook.agenda()[0]["prep_doc"]["url"] in slot_now(outlook, "11-04")["body"]["content"]
    (event,) = outlook.ask("explain", "pat")["events"]
    assert "on the slot only, since Outlook mails" in event["doc_reason"]


def test_guests_get_an_update_only_if_the_config_says_so_in_so_many_words(outlook, alex_there, pat):
    alex_there.schedule("Pat <> Alex", at("11-04 14:00"), guests=[pat], isOnlineMeeting=True)
    outlook.configure(more="[prep_doc]\noutlook_update_own_invites = true")
    outlook.settle()
    assert outlook.links() == ["11-04 14:00"]
    mails = [(mail.to, mail.kind) for mail in outlook.microsoft.mailbox.sent_by_clients()]
    assert mails == [(pat.email, "update")]
    event = alex_there.event(outlook.meeting("11-04 14:00"))
    assert event["isOnlineMeeting"] is True
    outlook.microsoft.mailbox.clear()


def test_with_attach_to_slot_every_invite_is_left_alone(outlook, weekly_there):
    outlook.configure(more='[prep_doc]\nattach_to = "slot"')
    before = outlook.body("11-03 10:00")
    outlook.settle()
    assert outlook.body("11-03 10:00") == before
    assert outlook.agenda()[0]["prep_doc"]["attached_to"] == ["slot"]


# --- pages ----------------------------------------------------------------------------------------------


def test_a_file_that_is_open_in_word_is_renamed_later(settled, noor):
    (page,) = settled.microsoft.documents()
    with page.opened_in_word():
        noor.move(settled.meeting("11-03 10:00"), at("11-04 10:00"))
        settled.sync()
        assert settled.slots()[0] == "11-04 09:50"
        assert page.title.startswith("Tue 3 Nov 2026")
    settled.settle()
    assert page.title.startswith("Wed 4 Nov 2026")


def test_what_was_typed_in_a_file_is_never_touched(settled, noor):
    (page,) = settled.microsoft.documents()
    page.append("Mine: 🦄 and a line", under="Takeaways")
    content = page.content
    noor.move(settled.meeting("11-03 10:00"), at("11-04 10:00"))
    settled.settle()
    assert page.content == content


def test_a_folder_that_was_thrown_away_is_made_anew_for_the_next_page(settled, noor):
    for page in settled.microsoft.documents():
        page.delete()
    noor.cancel(settled.meeting("11-03 10:00"))
    settled.sync()
    settled.settle()
    (page,) = settled.microsoft.documents()
    assert page.title.startswith("Tue 10 Nov 2026, 10.00")
    assert settled.links() == ["11-10 10:00"]
    assert page.url in settled.body("11-10 10:00")


def test_a_page_that_is_shared_is_shared_with_the_other_alone_and_without_a_mail(
    signed_out_there, weekly_there, sign_in_there, noor
):
    signed_out_there.configure(more='[prep_doc]\nshare = "edit"')
    sign_in_there(signed_out_there)
    signed_out_there.settle()
    (page,) = signed_out_there.microsoft.documents()
    assert page.shared_with == {noor.email: "write"}
    assert "awkward" not in page.text
    assert "awkward" in slot_now(signed_out_there)["body"]["content"]
