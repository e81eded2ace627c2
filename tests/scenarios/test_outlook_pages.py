"""Prep pages on OneDrive: a folder for each person, a Word file for each 1:1, whatever the user does with them."""

from __future__ import annotations

from tests.world import at


def test_a_file_that_is_open_in_word_follows_its_one_on_one_once_it_is_closed(outlook):
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    (paper,) = outlook.microsoft.documents()
    outlook.dana.move(meeting, at(6))
    with paper.opened_in_word():
        result = outlook.wait(minutes=1)
        assert {a.action.kind: a.result.value for a in result.actions}["update_page"] == "pending"
        assert outlook.slot_times() == ["06.11. 09:50-10:00"]
        assert outlook.linked() == ["06.11. 10:00"]
    outlook.wait(minutes=1)
    assert outlook.files() == ["Fri 6 Nov 2026, 10.00 – 1-1 Alex – Dana.docx"]
    assert outlook.linked() == ["06.11. 10:00"]
    assert paper.revision == outlook.microsoft.documents()[0].revision


def test_items_left_open_come_along_and_those_done_do_not(outlook):
    outlook.dana.schedule("1:1 Alex / Dana", at(3), guests=[outlook.alex], weekly=True)
    outlook.cycle()
    (paper,) = outlook.microsoft.documents()
    paper.append("Ask for the budget", under="Action items")
    paper.append("[x] Book the room", under="Action items")
    outlook.wait(days=1, hours=3)
    (last,) = [p for p in outlook.microsoft.documents() if p.id != paper.id]
    assert "Ask for the budget" in last.text
    assert "Book the room" not in last.text


def test_what_the_user_threw_away_is_made_anew_when_it_is_needed(outlook):
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    (paper,) = outlook.microsoft.documents()
    paper.trash()
    outlook.dana.move(meeting, at(6))
    for _ in range(3):
        outlook.wait(minutes=1)
    assert outlook.files() == ["Fri 6 Nov 2026, 10.00 – 1-1 Alex – Dana.docx"]
    assert outlook.linked() == ["06.11. 10:00"]
    (made,) = outlook.microsoft.documents()
    assert made.url in outlook.alex.event(meeting)["body"]["content"]
    assert outlook.alex.event(meeting)["body"]["content"].count("Added by prepd") == 1


def test_a_folder_is_shared_with_the_other_one_alone_and_without_a_mail(outlook):
    outlook.configure('[prep_doc]\nshare = "edit"\n')
    outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    (paper,) = outlook.microsoft.documents()
    assert paper.shared_with == {"dana@example.com": "write"}
    assert "awkward" not in paper.text


def test_with_sharing_off_the_permission_to_see_all_files_is_not_asked_for(outlook):
    assert outlook.open_account(outlook.config.account[0])._graph._token.grant.scopes == (
        "Calendars.ReadWrite",
        "Files.ReadWrite.AppFolder",
    )
