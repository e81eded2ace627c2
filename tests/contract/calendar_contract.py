"""What every provider's calendar does, whoever makes it.

A provider's test class inherits `CalendarContract` and gives a fixture `hand`: what people do beside prepd.

    calendar                     the Calendar under test, the user's own
    invitation(title, start, weekly=False) -> id        somebody else organizes, the user is invited
    meeting(title, start, weekly=False) -> id           the user organizes, somebody else is invited
    instances(series_id) -> [id]                        of the user's calendar, by start
    move(id, start)  organizer_cancels(id)  user_deletes(id)  user_retitles(id, title)  user_attaches(id, url)
    expire_tokens()  pages_of(count)  lose_answer_to(verb)  with verb one of insert, edit, delete, attach
    mails() -> list              what anybody was mailed because of prepd
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import AlreadyDeleted, Conflict, NotFound, TokenExpired
from connectors.values import Draft, Edit, Event, Link, Status, Tombstone, Window

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
WINDOW = Window(MONDAY, MONDAY + timedelta(days=28))
SLOT = Draft(
    "Reflect", MONDAY.replace(hour=9, minute=50), MONDAY.replace(hour=10), "1. How? <b>\n2. Why & when", "v1"
)
PREP = Link("https://docs.google.com/document/d/1AbCdEfGhIjKl/edit#heading=h.x1", "Prep: 1:1 Alex / Dana")


def at(day, hour, minute=0):
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def read(calendar, token=None, window=WINDOW):
    """All items of a read by id, and its token."""
    pages = list(calendar.pages(window, token))
    assert all(page.token is None for page in pages[:-1])
    assert [page.skipped for page in pages if page.skipped] == []
    return {item.id: item for page in pages for item in page.items}, pages[-1].token


class CalendarContract:
    keys_stay_taken = True
    """Whether the provider keeps a key of an event that was deleted since."""
    own_updates_mail = False
    """Whether a link on the user's own meeting mails its guests: the daemon asks for none then."""

    # --- reading ----------------------------------------------------------------------------------------

    def test_an_invitation_is_an_event_of_two_people(self, hand):
        event_id = hand.invitation("1:1", at(1, 10))
        (event,) = read(hand.calendar)[0].values()
        assert (event.id, event.title, event.start, event.end) == (event_id, "1:1", at(1, 10), at(1, 10, 30))
        assert sum(a.is_self for a in event.attendees) == 1
        assert {a.address for a in event.attendees} == {"alex@example.com", "dana@example.com"}
        assert event.organizer is not None
        assert event.organizer.address == "dana@example.com"
        assert not event.organizer.is_self

    def test_a_meeting_of_the_users_own_says_so(self, hand):
        hand.meeting("1:1", at(1, 10))
        (event,) = read(hand.calendar)[0].values()
        assert event.organizer is not None
        assert event.organizer.is_self

    def test_a_series_is_listed_as_its_occurrences(self, hand):
        hand.invitation("1:1", at(1, 10), weekly=True)
        events = read(hand.calendar)[0].values()
        assert [event.start for event in events] == [at(d, 10) for d in (1, 8, 15, 22)]
        assert len({event.series_id for event in events}) == 1
        assert all(event.series_id and event.original_start == event.start for event in events)

    def test_events_outside_the_window_are_not_listed(self, hand):
        hand.invitation("early", at(-2, 10))
        inside = hand.invitation("inside", at(2, 10))
        hand.invitation("late", at(40, 10))
        assert [*read(hand.calendar)[0]] == [inside]

    def test_many_pages_are_one_read(self, hand):
        ids = {hand.invitation(f"1:1 {n}", at(n, 10)) for n in range(7)}
        hand.pages_of(2)
        items, token = read(hand.calendar)
        assert items.keys() == ids
        assert token

    def test_an_incremental_read_shows_only_what_changed(self, hand):
        hand.invitation("stays", at(1, 10))
        moved = hand.invitation("moves", at(2, 10))
        _, token = read(hand.calendar)
        assert read(hand.calendar, token)[0] == {}
        hand.move(moved, at(3, 15))
        changed, later = read(hand.calendar, token)
        assert {item.id: item.start for item in changed.values()} == {moved: at(3, 15)}
        assert read(hand.calendar, later)[0] == {}

    def test_what_an_organizer_cancelled_is_gone_by_name(self, hand):
        event_id = hand.invitation("1:1", at(1, 10))
        _, token = read(hand.calendar)
        hand.organizer_cancels(event_id)
        item = read(hand.calendar, token)[0][event_id]
        assert isinstance(item, Tombstone) or item.status is Status.CANCELLED

    def test_a_moved_occurrence_is_known_by_its_series_and_its_original_start(self, hand):
        series_id = hand.invitation("1:1", at(1, 10), weekly=True)
        second = hand.instances(series_id)[1]
        before, token = read(hand.calendar)
        hand.move(second, at(9, 14))
        items = read(hand.calendar, token)[0].values()
        # Some calendars give it another id then.
        (item,) = [i for i in items if not isinstance(i, Tombstone) and i.start == at(9, 14)]
        assert (item.series_id, item.original_start) == (before[second].series_id, at(8, 10))

    def test_a_token_that_expired_is_said_to_be(self, hand):
        hand.invitation("1:1", at(1, 10))
        _, token = read(hand.calendar)
        hand.expire_tokens()
        with pytest.raises(TokenExpired):
            read(hand.calendar, token)

    def test_a_token_that_makes_no_sense_is_an_expired_one(self, hand):
        with pytest.raises(TokenExpired):
            read(hand.calendar, "no-such-token")

    def test_an_event_can_be_asked_for_after_it_was_cancelled(self, hand):
        event_id = hand.invitation("1:1", at(1, 10))
        hand.organizer_cancels(event_id)
        try:
            item = hand.calendar.get(event_id)
        except NotFound:
            return  # the provider takes it off the calendar
        assert isinstance(item, Tombstone) or item.status is Status.CANCELLED

    def test_an_id_that_never_was_is_not_found(self, hand):
        with pytest.raises(NotFound):
            hand.calendar.get("neverwas00000000000000000")

    def test_a_series_goes_on_until_it_is_cancelled(self, hand):
        series_id = hand.invitation("1:1", at(1, 10), weekly=True)
        assert hand.calendar.series(series_id).live
        hand.organizer_cancels(series_id)
        assert not hand.calendar.series(series_id).live

    # --- what prepd makes -------------------------------------------------------------------------------

    def test_an_inserted_event_is_as_drafted(self, hand):
        event = hand.calendar.insert(SLOT, "slot-1")
        assert (event.title, event.start, event.end, event.mark) == (SLOT.title, SLOT.start, SLOT.end, "v1")
        assert event.busy
        assert event.attendees == ()
        assert read(hand.calendar)[0][event.id] == event

    def test_an_inserted_event_that_takes_no_time_leaves_the_user_free(self, hand):
        event = hand.calendar.insert(replace(SLOT, busy=False), "report-1")
        assert not event.busy
        assert event.mark == "v1"
        assert read(hand.calendar)[0][event.id] == event
        assert hand.mails() == []

    def test_inserting_twice_with_one_key_makes_one_event(self, hand):
        first = hand.calendar.insert(SLOT, "slot-1")
        assert hand.calendar.insert(SLOT, "slot-1").id == first.id
        assert len(read(hand.calendar)[0]) == 1

    def test_an_insert_whose_answer_is_lost_makes_one_event(self, hand):
        hand.lose_answer_to("insert")
        event = hand.calendar.insert(SLOT, "slot-1")
        assert read(hand.calendar)[0].keys() == {event.id}

    def test_a_deleted_event_does_not_come_back_with_its_key(self, hand):
        event = hand.calendar.insert(SLOT, "slot-1")
        hand.user_deletes(event.id)
        if self.keys_stay_taken:
            with pytest.raises(AlreadyDeleted):
                hand.calendar.insert(SLOT, "slot-1")
        assert hand.calendar.insert(SLOT, "slot-1, made anew").id != event.id

    def test_an_edit_changes_what_it_names_and_nothing_else(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        moved = hand.calendar.edit(made.id, Edit("v2", start=at(1, 8), end=at(1, 9)), made.etag)
        assert (moved.start, moved.end, moved.mark) == (at(1, 8), at(1, 9), "v2")
        assert (moved.title, moved.body_digest) == (made.title, made.body_digest)
        retitled = hand.calendar.edit(made.id, Edit("v3", title="T", text="other"), moved.etag)
        assert (retitled.start, retitled.title) == (at(1, 8), "T")
        assert retitled.body_digest != made.body_digest

    def test_an_edit_of_what_the_user_changed_is_a_conflict(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        hand.user_retitles(made.id, "Mine")
        with pytest.raises(Conflict):
            hand.calendar.edit(made.id, Edit("v2", title="Ours"), made.etag)
        assert read(hand.calendar)[0][made.id].title == "Mine"

    def test_an_edit_whose_answer_is_lost_is_no_conflict(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        hand.lose_answer_to("edit")
        edit = Edit("v2", start=at(1, 8), end=at(1, 9), title="T", text="a <b> & c\nd")
        assert hand.calendar.edit(made.id, edit, made.etag).title == "T"

    def test_an_edit_of_what_is_gone_is_not_found(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        hand.user_deletes(made.id)
        with pytest.raises((NotFound, Conflict)):
            hand.calendar.edit(made.id, Edit("v2", title="T"), made.etag)
        with pytest.raises(NotFound):
            hand.calendar.edit(made.id, Edit("v2", title="T"), None)

    def test_deleting_twice_is_no_error(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        hand.calendar.delete(made.id, made.etag)
        hand.calendar.delete(made.id, made.etag)
        hand.calendar.delete(made.id, None)
        assert [i for i in read(hand.calendar)[0].values() if is_live(i)] == []

    def test_a_deletion_whose_answer_is_lost_is_no_error(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        hand.lose_answer_to("delete")
        hand.calendar.delete(made.id, made.etag)

    def test_what_the_user_changed_is_not_deleted(self, hand):
        made = hand.calendar.insert(SLOT, "slot-1")
        hand.user_retitles(made.id, "Mine")
        with pytest.raises(Conflict):
            hand.calendar.delete(made.id, made.etag)
        assert is_live(read(hand.calendar)[0][made.id])

    # --- links ------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("kind", ["invitation", "meeting"])
    def test_a_link_is_added_beside_what_stands_there(self, hand, kind):
        event_id = getattr(hand, kind)("1:1", at(1, 10))
        hand.user_attaches(event_id, "https://example.com/notes")
        event = hand.calendar.attach(event_id, PREP)
        assert event.links == ("https://example.com/notes", PREP.url)
        assert hand.calendar.attach(event_id, PREP).links == event.links
        assert bool(hand.mails()) == (self.own_updates_mail and kind == "meeting")

    def test_attaching_changes_nothing_but_the_links(self, hand):
        event_id = hand.invitation("1:1", at(1, 10), weekly=True)
        occurrence = hand.instances(event_id)[0]
        before = hand.calendar.get(occurrence)
        after = hand.calendar.attach(occurrence, PREP)
        assert [(name, getattr(after, name)) for name in CONTENT] == [
            (n, getattr(before, n)) for n in CONTENT
        ]
        assert hand.calendar.get(hand.instances(event_id)[1]).links == ()

    def test_an_attachment_whose_answer_is_lost_is_there_once(self, hand):
        event_id = hand.invitation("1:1", at(1, 10))
        hand.lose_answer_to("attach")
        assert hand.calendar.attach(event_id, PREP).links == (PREP.url,)

    def test_a_link_is_taken_off_alone(self, hand):
        event_id = hand.invitation("1:1", at(1, 10))
        hand.user_attaches(event_id, "https://example.com/notes")
        hand.calendar.attach(event_id, PREP)
        assert hand.calendar.detach(event_id, PREP.url).links == ("https://example.com/notes",)
        assert hand.calendar.detach(event_id, PREP.url).links == ("https://example.com/notes",)
        assert hand.mails() == []

    def test_a_link_for_what_is_gone_is_not_found(self, hand):
        event_id = hand.meeting("1:1", at(1, 10))
        hand.user_deletes(event_id)
        with pytest.raises(NotFound):
            hand.calendar.attach(event_id, PREP)
        with pytest.raises(NotFound):
            hand.calendar.detach(event_id, PREP.url)


CONTENT = ("title", "start", "end", "attendees", "organizer", "body_digest", "ical_uid", "kind", "busy")


def is_live(item):
    return isinstance(item, Event) and item.status is not Status.CANCELLED
