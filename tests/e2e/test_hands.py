"""The user's hand wins: slots and links that somebody touched, and places that somebody took."""

from __future__ import annotations

from tests.e2e.at_work import at, is_slot, started


def slot_now(prepd, when: str = "11-03"):
    """The slot of that day, as it stands on the calendar."""
    return next(e for e in prepd.events() if is_slot(e) and started(e).startswith(when))


def test_a_slot_goes_to_the_latest_free_stretch_before_the_1_1(prepd, weekly, alex):
    alex.schedule("Design review", at("11-03 09:30"), minutes=30)
    prepd.settle()
    assert prepd.slots() == ["11-03 09:20", "11-10 09:50"]
    (event,) = prepd.ask("explain", "1:1 Alex")["events"]
    assert "the latest free stretch" in event["slot_reason"]


def test_a_meeting_that_lands_on_a_slot_makes_it_move_and_a_better_place_does_not(at_rest, alex):
    meeting = alex.schedule("Design review", at("11-03 09:30"), minutes=30)
    at_rest.settle()
    assert at_rest.slots() == ["11-03 09:20", "11-10 09:50"]
    alex.delete(meeting)
    at_rest.settle()
    assert at_rest.slots() == ["11-03 09:20", "11-10 09:50"]


def test_where_nothing_is_free_the_slot_is_directly_before_and_says_so(prepd, weekly, alex):
    alex.schedule("Workshop", at("11-03 08:00"), minutes=120, guests=["lee@example.com"])
    prepd.settle()
    assert prepd.slots()[0] == "11-03 09:50"
    assert prepd.agenda()[0]["slot"]["overlaps"] is True


def test_back_to_back_1_1s_have_slots_that_overlap_nothing(prepd, weekly, alex, sam):
    alex.schedule("Sam <> Alex", at("11-03 10:30"), guests=[sam])
    alex.schedule("Lee <> Alex 1:1", at("11-03 11:00"), guests=["lee@example.com"])
    prepd.settle()
    assert prepd.slots()[:3] == ["11-03 09:30", "11-03 09:40", "11-03 09:50"]


def test_a_slot_is_private_busy_and_without_guests(at_rest):
    slot = slot_now(at_rest)
    assert slot["visibility"] == "private"
    assert slot.get("transparency", "opaque") == "opaque"
    assert "attendees" not in slot
    assert "Prep page: " in slot["description"]


def test_a_slot_that_was_deleted_stays_away_also_when_the_1_1_moves(at_rest, alex, dana):
    alex.delete(at_rest.slot("11-03 09:50"))
    at_rest.settle()
    dana.move(at_rest.meeting("11-03 10:00"), at("11-04 15:00"))
    at_rest.settle()
    assert at_rest.slots() == ["11-10 09:50"]
    (event,) = at_rest.ask("explain", "1:1 Alex")["events"]
    assert "you deleted it" in event["slot_reason"]


def test_a_slot_that_was_dragged_stays_where_it_makes_sense(at_rest, alex, dana):
    alex.move(at_rest.slot("11-03 09:50"), at("11-03 08:30"))
    at_rest.settle()
    assert at_rest.slots()[0] == "11-03 08:30"
    dana.move(at_rest.meeting("11-03 10:00"), at("11-03 11:00"))
    at_rest.settle()
    assert at_rest.slots()[0] == "11-03 08:30"
    dana.move(at_rest.meeting("11-03 11:00"), at("11-04 11:00"))
    at_rest.settle()
    assert at_rest.slots()[0] == "11-04 10:50"


def test_a_slot_that_was_edited_follows_with_its_text(at_rest, alex, dana):
    alex.change(at_rest.slot("11-03 09:50"), description="Say thanks!")
    at_rest.settle()
    dana.move(at_rest.meeting("11-03 10:00"), at("11-04 15:00"))
    at_rest.settle()
    slot = slot_now(at_rest, "11-04")
    assert (started(slot), slot["description"]) == ("11-04 14:50", "Say thanks!")


def test_a_slot_that_was_edited_stays_when_its_1_1_is_cancelled(at_rest, alex, dana):
    alex.change(at_rest.slot("11-03 09:50"), description="Say thanks!")
    at_rest.settle()
    dana.cancel(at_rest.meeting("11-03 10:00"))
    at_rest.settle()
    assert slot_now(at_rest)["description"] == "Say thanks!"
    assert at_rest.slots() == ["11-03 09:50", "11-10 09:50"]


def test_a_link_that_the_user_took_off_stays_off_whatever_the_organizer_changes_later(at_rest, alex, dana):
    alex.detach(at_rest.meeting("11-03 10:00"))
    at_rest.settle()
    assert at_rest.links() == []
    dana.rename(at_rest.meeting("11-03 10:00"), "1:1 Dana / Alex")
    at_rest.settle()
    assert at_rest.links() == []
    assert at_rest.agenda()[0]["prep_doc"]["attached_to"] == ["slot"]


def test_a_link_that_an_update_of_the_organizer_took_off_is_put_back(at_rest, dana):
    dana.change(at_rest.meeting("11-03 10:00"), summary="1:1 Dana / Alex", description="Agenda: careers")
    at_rest.settle()
    assert at_rest.links() == ["11-03 10:00"]


def test_attachments_of_others_stay(prepd, weekly, dana):
    dana.attach(prepd.meeting("11-03 10:00"), "https://docs.example.com/budget", "Budget")
    prepd.settle()
    urls = [a["fileUrl"] for a in prepd.alex.event(prepd.meeting("11-03 10:00"))["attachments"]]
    assert len(urls) == 2
    assert "https://docs.example.com/budget" in urls


def test_where_guests_may_not_attach_the_link_is_on_the_slot_alone(prepd, weekly, dana):
    prepd.google.settings.guest_attachments = "forbidden"
    done = prepd.sync()
    assert [a["outcome"] for a in done["actions"] if a["kind"] == "attach_link"] == ["refused"]
    prepd.settle()
    assert prepd.links() == []
    assert prepd.agenda()[0]["prep_doc"]["attached_to"] == ["slot"]
    assert "Prep page: " in slot_now(prepd)["description"]
    dana.cancel(prepd.meeting("11-03 10:00"))
    done = prepd.sync()
    assert "attach_link" not in [a["kind"] for a in done["actions"]]


def test_with_attach_to_slot_every_invite_is_left_alone(prepd, weekly):
    prepd.configure(more='[prep_doc]\nattach_to = "slot"')
    before = prepd.alex.event(prepd.meeting("11-03 10:00"))
    prepd.settle()
    assert prepd.alex.event(prepd.meeting("11-03 10:00")) == before
    assert "Prep page: " in slot_now(prepd)["description"]


def test_a_doc_that_was_thrown_away_is_made_anew_for_the_next_page(at_rest, dana):
    at_rest.google.documents()[0].delete()
    dana.cancel(at_rest.meeting("11-03 10:00"))
    at_rest.sync()
    at_rest.settle()
    (doc,) = at_rest.google.documents()
    assert "Tue 10 Nov 2026, 10:00" in doc.text
    assert at_rest.links() == ["11-10 10:00"]


def test_what_was_typed_on_a_page_is_never_touched(at_rest, dana):
    (doc,) = at_rest.google.documents()
    doc.append("Mine: 🦄 and a line", under="Takeaways")
    dana.move(at_rest.meeting("11-03 10:00"), at("11-04 10:00"))
    at_rest.settle()
    (doc,) = at_rest.google.documents()
    assert "Mine: 🦄 and a line" in doc.section("Takeaways")
    assert "Wed 4 Nov 2026, 10:00" in doc.text
