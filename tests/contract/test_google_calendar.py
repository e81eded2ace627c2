"""Google's calendars: the contract, and what is Google's alone."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import (
    AlreadyDeleted,
    BadAnswer,
    Conflict,
    Misconfigured,
    Refused,
    SignInNeeded,
)
from connectors.google.account import GoogleAccount
from connectors.google.calendar import event_id_for
from connectors.values import Draft, Edit, Link, Tombstone, Window
from tests.contract.calendar_contract import PREP, SLOT, WINDOW, CalendarContract, at, read
from tests.google_account import HASTE, signed_in

VERBS = {"insert": "POST", "edit": "PATCH", "delete": "DELETE", "attach": "PATCH"}


class Hand:
    """Alex, whose calendar it is, and Dana, at the web app."""

    def __init__(self, google, folder):
        self.google = google
        self.alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        self.dana = google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        self.settings = signed_in(google, self.alex, folder)
        self.account = GoogleAccount(self.settings, HASTE)
        self.calendar = self.account.calendar("primary")

    def invitation(self, title, start, weekly=False):
        return self.dana.schedule(title, start, guests=[self.alex], weekly=weekly)

    def meeting(self, title, start, weekly=False):
        return self.alex.schedule(title, start, guests=[self.dana], weekly=weekly)

    def instances(self, series_id):
        return self.alex.instances(series_id)

    def move(self, event_id, start):
        self.dana.move(event_id, start)

    def organizer_cancels(self, event_id):
        self.dana.cancel(event_id)

    def user_deletes(self, event_id):
        self.alex.delete(event_id)

    def user_retitles(self, event_id, title):
        self.alex.rename(event_id, title)

    def user_attaches(self, event_id, url):
        self.alex.attach(event_id, url)

    def expire_tokens(self):
        self.google.expire_sync_tokens()

    def pages_of(self, count):
        self.google.settings.page_size = count

    def lose_answer_to(self, verb):
        self.google.faults.drop("after", method=VERBS[verb], path="*/events*")

    def mails(self):
        return self.google.mailbox.sent_by_clients()


@pytest.fixture
def hand(google, tmp_path):
    hand = Hand(google, tmp_path)
    yield hand
    hand.account.close()


class TestGoogleCalendar(CalendarContract):
    """The contract."""


# --- reading --------------------------------------------------------------------------------------------


def test_a_full_read_asks_for_a_window_and_an_incremental_one_does_not(hand):
    _, token = read(hand.calendar)
    read(hand.calendar, token)
    full, incremental = (entry.query for entry in hand.google.requests)
    always = {"singleEvents": "true", "showDeleted": "true", "maxResults": "500", "alt": "json"}
    assert full == always | {"timeMin": "2026-11-02T00:00:00Z", "timeMax": "2026-11-30T00:00:00Z"}
    assert incremental == always | {"syncToken": token}


def test_empty_pages_before_the_first_event_are_read_over(hand):
    event_id = hand.invitation("1:1", at(1, 10))
    hand.google.settings.empty_pages = 3
    assert read(hand.calendar)[0].keys() == {event_id}
    assert len(hand.google.requests) == 4


@pytest.mark.parametrize("details", ["kept", "bare"])
def test_a_cancelled_event_is_read_with_and_without_its_details(hand, details):
    hand.google.settings.cancelled_details = details
    hand.google.settings.incremental_cancelled = "full"
    event_id = hand.invitation("1:1", at(1, 10))
    _, token = read(hand.calendar)
    hand.organizer_cancels(event_id)
    item = read(hand.calendar, token)[0][event_id]
    assert isinstance(item, Tombstone) == (details == "bare")


def test_the_end_of_a_series_is_told(hand):
    series_id = hand.invitation("1:1", at(1, 10), weekly=True)
    hand.dana.end_series(hand.instances(series_id)[2])
    until = hand.calendar.series(series_id).until
    assert until is not None
    assert at(8, 10) <= until < at(15, 10)


def test_a_calendar_that_is_not_there_is_a_matter_of_the_config(hand):
    calendar = hand.account.calendar("nobody@example.com")
    with pytest.raises(Misconfigured, match="no such calendar"):
        read(calendar)
    with pytest.raises(Misconfigured, match="no such calendar"):
        calendar.insert(SLOT, "slot-1")


def test_garbage_instead_of_a_page_is_a_bad_answer(hand):
    hand.google.faults.garbage(path="*/events")
    with pytest.raises(BadAnswer):
        read(hand.calendar)


# --- writing --------------------------------------------------------------------------------------------


def test_a_slot_is_private_and_rings_no_bell(hand):
    raw = hand.alex.event(hand.calendar.insert(SLOT, "slot-1").id)
    assert raw["visibility"] == "private"
    assert (raw["reminders"]["useDefault"], raw["reminders"].get("overrides", [])) == (False, [])
    assert raw["description"] == "1. How? &lt;b&gt;\n2. Why &amp; when"


def test_urls_in_a_text_stay_as_they_are(hand):
    draft = Draft("T", at(1, 9), at(1, 10), "see https://example.com/?a=1&b=2 & <more>", "v1")
    raw = hand.alex.event(hand.calendar.insert(draft, "slot-1").id)
    assert raw["description"] == "see https://example.com/?a=1&b=2 &amp; &lt;more&gt;"


def test_ids_are_made_of_the_key_alone_and_in_googles_alphabet():
    assert event_id_for("a") == event_id_for("a") != event_id_for("b")
    assert set(event_id_for("a")) <= set("0123456789abcdefghijklmnopqrstuv")
    assert len(event_id_for("a")) >= 32


def test_a_slot_that_the_user_made_an_all_day_event_can_be_given_a_time_again(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.alex.move(made.id, date(2026, 11, 4))
    dragged = hand.calendar.get(made.id)
    assert dragged.all_day
    moved = hand.calendar.edit(made.id, Edit("v2", start=at(1, 8), end=at(1, 9)), dragged.etag)
    assert (moved.all_day, moved.start, moved.end) == (False, at(1, 8), at(1, 9))


def test_an_event_that_has_our_id_and_no_longer_our_mark_is_not_taken_up(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.alex.change(made.id, extendedProperties={"private": {"prepd": None}})
    with pytest.raises(Refused, match="no longer bears"):
        hand.calendar.insert(SLOT, "slot-1")


def test_without_an_etag_only_what_bears_the_mark_is_edited_or_deleted(hand):
    theirs = hand.meeting("1:1", at(1, 10))
    with pytest.raises(Refused):
        hand.calendar.edit(theirs, Edit("v1", title="T"), None)
    with pytest.raises(Refused):
        hand.calendar.delete(theirs, None)
    assert hand.alex.event(theirs)["summary"] == "1:1"
    made = hand.calendar.insert(SLOT, "slot-1")
    assert hand.calendar.edit(made.id, Edit("v1", title="T"), None).title == "T"
    hand.calendar.delete(made.id, None)


def test_a_deleted_event_that_google_forgot_still_has_its_id_taken(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.calendar.delete(made.id, made.etag)
    hand.google.forget_deleted()
    with pytest.raises(AlreadyDeleted):
        hand.calendar.insert(SLOT, "slot-1")


def test_no_put_is_ever_sent_and_nobody_is_ever_mailed(hand):
    event_id = hand.meeting("1:1", at(1, 10))
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.calendar.edit(made.id, Edit("v2", title="T"), made.etag)
    hand.calendar.attach(event_id, PREP)
    hand.calendar.detach(event_id, PREP.url)
    hand.calendar.delete(made.id, None)
    writes = [entry for entry in hand.google.requests if entry.method != "GET"]
    assert [entry.method for entry in writes] == ["POST", "PATCH", "PATCH", "PATCH", "DELETE"]
    assert all(entry.query["sendUpdates"] == "none" for entry in writes)


# --- links ----------------------------------------------------------------------------------------------


def test_a_guest_who_may_not_attach_is_refused(hand):
    hand.google.settings.guest_attachments = "forbidden"
    with pytest.raises(Refused):
        hand.calendar.attach(hand.invitation("1:1", at(1, 10)), PREP)


def test_the_twenty_sixth_link_is_refused_without_asking(hand):
    event_id = hand.meeting("1:1", at(1, 10))
    for number in range(25):
        hand.alex.attach(event_id, f"https://example.com/{number}")
    with pytest.raises(Refused, match="25"):
        hand.calendar.attach(event_id, PREP)
    assert hand.google.requests.operations() == ["calendar.events.get"]


def test_a_link_cut_down_by_google_is_not_added_again(hand):
    event_id = hand.meeting("1:1", at(1, 10))
    hand.alex.attach(event_id, "https://docs.google.com/document/d/1AbCdEfGhIjKl/edit?usp=drive_web")
    assert len(hand.calendar.attach(event_id, PREP).links) == 1


def test_an_event_that_keeps_changing_is_a_conflict_in_the_end(hand):
    event_id = hand.meeting("1:1", at(1, 10))
    hand.google.faults.status(412, method="PATCH", times=3)
    with pytest.raises(Conflict):
        hand.calendar.attach(event_id, PREP)


def test_an_event_that_changed_once_gets_its_link(hand):
    event_id = hand.meeting("1:1", at(1, 10))
    hand.google.faults.status(412, method="PATCH")
    assert hand.calendar.attach(event_id, PREP).links == (PREP.url,)


def test_a_link_that_goes_to_another_heading_is_another_link(hand):
    event_id = hand.meeting("1:1", at(1, 10))
    hand.calendar.attach(event_id, PREP)
    other = Link(PREP.url.replace("h.x1", "h.x2"), "other")
    assert hand.calendar.attach(event_id, other).links == (PREP.url, other.url)


# --- the account ----------------------------------------------------------------------------------------


def test_a_calendar_is_found_by_its_name(google, tmp_path):
    hand = Hand(google, tmp_path)
    shared = hand.dana.add_calendar("Team 1:1s", share_with=[hand.alex], role="writer")
    settings = signed_in(google, hand.alex, tmp_path, calendars=("primary", "team 1:1s"))
    account = GoogleAccount(settings, HASTE)
    hand.dana.schedule("1:1", at(1, 10), calendar=shared)
    calendar = account.calendar("team 1:1s")
    assert calendar.id == "team 1:1s"
    assert len(read(calendar)[0]) == 1
    with pytest.raises(Misconfigured, match="Team 1:1s"):
        account.calendar("Nothing of the kind")


def test_a_name_is_not_looked_up_for_ids(hand):
    hand.account.calendar("primary")
    hand.account.calendar("dana@example.com")
    assert hand.google.requests.lines() == []


def test_without_the_permission_nothing_is_asked(google, tmp_path):
    alex = google.account("alex@example.com")
    account = GoogleAccount(signed_in(google, alex, tmp_path, scopes=["openid"]), HASTE)
    with pytest.raises(SignInNeeded, match="events on calendars that you own"):
        account.calendar("primary")
    with pytest.raises(SignInNeeded, match="Drive files"):
        account.documents()
    assert google.requests.lines() == []
    assert account.address == "alex@example.com"


def test_documents_and_calendars_share_one_count_of_requests(hand):
    read(hand.calendar)
    assert hand.account.documents().find_notebook("nobody") is None
    assert hand.account.requests == len(hand.google.requests)


def test_a_window_is_asked_for_in_utc(hand):
    auckland = ZoneInfo("Pacific/Auckland")
    read(hand.calendar, window=Window(WINDOW.start.astimezone(auckland), WINDOW.end.astimezone(auckland)))
    (entry,) = hand.google.requests
    assert (entry.query["timeMin"], entry.query["timeMax"]) == (
        "2026-11-02T00:00:00Z",
        "2026-11-30T00:00:00Z",
    )
