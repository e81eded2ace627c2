"""Outlook's calendars: the contract with each answer that Microsoft may give, and what is Outlook's alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import (
    BadAnswer,
    Conflict,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    TokenExpired,
)
from connectors.outlook.account import OutlookAccount
from connectors.outlook.wire import Wire
from connectors.reading import Request
from connectors.reading import read as read_delta
from connectors.values import Edit, Event, EventKind, Known, Link, Status, Tombstone, Window
from sandbox import Clock
from sandbox.microsoft import MicrosoftSandbox
from tests.contract.calendar_contract import PREP, SLOT, WINDOW, CalendarContract, at, is_live, read
from tests.outlook_account import HASTE, signed_in

VERBS = {"insert": "POST", "edit": "PATCH", "delete": "DELETE", "attach": "PATCH"}

# Every answer of Microsoft's that is not known for sure, by the switch of the sandbox that gives it: what concerns
# reading and what concerns writing are independent, and go together.
SWITCHES = {
    "usual": {},
    "no masters, renamed ids": {
        "masters_in_delta": False,
        "html": "renamed",
        "repeated_transaction": "conflict",
    },
    "series resent, no etags": {
        "deleted_occurrence": "series_resent",
        "deleted_series": "master",
        "if_match": "ignored",
        "occurrence_ical_uid": "same",
    },
    "removals told, keys kept": {
        "deleted_occurrence": "removed",
        "deleted_series": "occurrences",
        "transaction_after_delete": "conflict",
        "html": "kept",
        "deleted_items_readable": False,
    },
    "exceptions alone, nothing repeated": {
        "exception_resends_series": False,
        "false_removed": False,
        "ids_of_either_kind": False,
        "own_fields_mail": True,
        "update_replaces_body": False,
    },
    "other ids for changed occurrences": {"exception_id": "new"},
    "small and repeated pages": {
        "page_size": 1,
        "empty_pages": 2,
        "delta_repeats": True,
        "responses_reset": False,
        "declined_stays": True,
        "attendee_delete": "declines",
    },
}


class Hand:
    """Alex, whose calendar it is, and Dana, in Outlook."""

    def __init__(self, microsoft, folder, **more):
        self.microsoft = microsoft
        self.alex = microsoft.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        self.dana = microsoft.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        self.settings = signed_in(microsoft, self.alex, folder, **more)
        self.account = OutlookAccount(self.settings, HASTE)
        self.calendar = self.account.calendar("default")

    def invitation(self, title, start, weekly=False):
        event_id = self.dana.schedule(title, start, guests=[self.alex], weekly=weekly)
        return self.alex.event(event_id)["id"]

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
        self.alex.write_body(event_id, f'<p>See <a href="{url}">my notes</a></p>')

    def expire_tokens(self):
        self.microsoft.expire_sync_tokens()

    def pages_of(self, count):
        self.microsoft.settings.page_size = count

    def lose_answer_to(self, verb):
        self.microsoft.faults.drop("after", method=VERBS[verb], path="*/events*")

    def mails(self):
        return self.microsoft.mailbox.sent_by_clients()


@pytest.fixture
def microsoft():
    """One through which mails may go: a change of the user's own meeting mails its guests."""
    with MicrosoftSandbox(Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))) as running:
        yield running
        assert running.bugs == []


@pytest.fixture
def hand(microsoft, tmp_path):
    hand = Hand(microsoft, tmp_path)
    yield hand
    hand.account.close()


class TestOutlookCalendar(CalendarContract):
    """The contract, whatever the answer to the open questions is."""

    keys_stay_taken = False
    own_updates_mail = True

    @pytest.fixture(params=SWITCHES)
    def hand(self, microsoft, tmp_path, request):
        for name, value in SWITCHES[request.param].items():
            setattr(microsoft.settings, name, value)
        hand = Hand(microsoft, tmp_path)
        yield hand
        hand.account.close()


# --- reading --------------------------------------------------------------------------------------------


def test_an_idle_cycle_is_one_request(hand):
    hand.invitation("1:1", at(1, 10), weekly=True)
    hand.calendar.insert(SLOT, "slot-1")
    _, token = read(hand.calendar)
    before = hand.account.requests
    assert read(hand.calendar, token)[0] == {}
    assert hand.account.requests - before == 1


def test_every_request_asks_for_immutable_ids_and_utc(hand, monkeypatch):
    asked = []
    send = Wire.send
    monkeypatch.setattr(Wire, "send", lambda wire, question: asked.append(question) or send(wire, question))
    event_id = hand.invitation("1:1", at(1, 10), weekly=True)
    hand.pages_of(2)
    _, token = read(hand.calendar)
    hand.dana.rename(event_id, "other")
    read(hand.calendar, token)
    hand.calendar.attach(hand.instances(event_id)[0], PREP)
    assert len(asked) == hand.account.requests > 5
    for question in asked:
        assert 'outlook.timezone="UTC"' in question.headers["Prefer"]
        assert 'IdType="ImmutableId"' in question.headers["Prefer"]


def test_stubs_are_filled_in_from_their_series(hand):
    hand.microsoft.settings.masters_in_delta = False
    hand.invitation("1:1", at(1, 10), weekly=True)
    hand.invitation("1:1 b", at(2, 10), weekly=True)
    events = read(hand.calendar)[0].values()
    assert {event.title for event in events} == {"1:1", "1:1 b"}
    assert all(len(event.attendees) == 2 for event in events)
    assert all(event.my_response is not None for event in events)
    assert hand.account.requests == 3


@pytest.mark.parametrize("told", ["silent", "series_resent", "removed"])
@pytest.mark.parametrize("readable", [True, False])
def test_a_deleted_occurrence_is_noticed_once_its_series_is_mentioned(hand, told, readable):
    hand.microsoft.settings.deleted_occurrence = told
    hand.microsoft.settings.deleted_items_readable = readable
    series_id = hand.meeting("1:1", at(1, 10), weekly=True)
    items, token = read(hand.calendar)
    dates = [*items]
    known = {e.id: Known(e.id, e.start, e.end, e.series_id) for e in items.values()}
    hand.alex.cancel(dates[1])
    hand.alex.rename(series_id, "other")
    delta = read_delta(hand.calendar, Request(WINDOW, token, known), lambda event: False)
    gone = {item.id for item in delta.items if isinstance(item, Tombstone)}
    assert gone == {dates[1]}
    assert {item.id for item in delta.items if isinstance(item, Event)} == {*dates} - gone


def test_a_false_removal_is_a_move_once_it_is_asked_about(hand):
    event_id = hand.invitation("1:1", at(1, 10))
    items, token = read(hand.calendar)
    known = {e.id: Known(e.id, e.start, e.end) for e in items.values()}
    hand.move(event_id, at(50, 9))
    (item,) = read_delta(hand.calendar, Request(WINDOW, token, known), lambda event: True).items
    assert isinstance(item, Event)
    assert item.start == at(50, 9)


def test_a_cancelled_invitation_says_that_it_is_cancelled(hand):
    event_id = hand.invitation("1:1", at(1, 10))
    _, token = read(hand.calendar)
    hand.organizer_cancels(event_id)
    item = read(hand.calendar, token)[0][event_id]
    assert isinstance(item, Event)
    assert item.status is Status.CANCELLED
    assert hand.calendar.get(event_id) == item


@pytest.mark.parametrize("readable", [True, False])
def test_an_event_in_deleted_items_is_gone_though_graph_still_knows_it(hand, readable):
    hand.microsoft.settings.deleted_items_readable = readable
    event_id = hand.invitation("1:1", at(1, 10))
    hand.user_deletes(event_id)
    with pytest.raises(NotFound):
        hand.calendar.get(event_id)


def test_a_window_that_slid_by_more_than_a_day_is_read_anew(hand):
    hand.invitation("1:1", at(1, 10))
    _, token = read(hand.calendar)
    hours = timedelta(hours=23)
    assert read(hand.calendar, token, Window(WINDOW.start + hours, WINDOW.end + hours))[0] == {}
    with pytest.raises(TokenExpired):
        read(hand.calendar, token, Window(WINDOW.start + 2 * hours, WINDOW.end + 2 * hours))
    with pytest.raises(TokenExpired):
        read(hand.calendar, token, Window(WINDOW.start - 2 * hours, WINDOW.end))


@pytest.mark.parametrize("code", ["syncStateNotFound", "SyncStateNotFound", "resyncRequired"])
@pytest.mark.parametrize("status", [410, 400, 404])
def test_an_expired_token_is_known_by_its_code(hand, code, status):
    _, token = read(hand.calendar)
    hand.microsoft.expire_sync_tokens(code, status=status)
    with pytest.raises(TokenExpired):
        read(hand.calendar, token)


def test_a_link_to_another_server_is_not_followed(hand):
    _, token = read(hand.calendar)
    elsewhere = token.replace(hand.microsoft.root, "https://example.org")
    with pytest.raises(BadAnswer, match="another server"):
        read(hand.calendar, elsewhere)


def test_the_token_stands_for_the_link_to_the_letter(hand):
    _, token = read(hand.calendar)
    read(hand.calendar, token)
    assert hand.microsoft.requests[-1].query.keys() == {"$deltatoken"}


def test_four_requests_at_once_are_never_exceeded(hand):
    hand.microsoft.settings.masters_in_delta = False
    hand.microsoft.settings.latency = 0.02
    for day in range(12):
        hand.invitation(f"1:1 {day}", at(day, 10), weekly=True)
    assert read(hand.calendar)[0]
    assert 1 < hand.microsoft.most_at_once(hand.alex) <= 4


def test_the_end_of_a_series_is_told_in_its_zone(hand):
    series_id = hand.invitation("1:1", at(1, 10), weekly=True)
    assert hand.calendar.series(series_id).until is None
    hand.dana.end_series(hand.instances(series_id)[2])
    until = hand.calendar.series(series_id).until
    assert until is not None
    assert at(8, 10) <= until < at(15, 10)


@pytest.mark.parametrize("readable", [True, False])
def test_a_series_of_the_users_own_that_was_deleted_is_not_live(hand, readable):
    hand.microsoft.settings.deleted_items_readable = readable
    series_id = hand.meeting("1:1", at(1, 10), weekly=True)
    hand.user_deletes(series_id)
    assert not hand.calendar.series(series_id).live


def test_out_of_office_is_a_kind_and_working_elsewhere_takes_no_time(hand):
    hand.alex.schedule("Away", at(1, 10), showAs="oof")
    hand.alex.schedule("Elsewhere", at(2, 10), showAs="workingElsewhere")
    away, elsewhere = sorted(read(hand.calendar)[0].values(), key=lambda e: e.start)
    assert (away.kind, away.busy) == (EventKind.OUT_OF_OFFICE, True)
    assert (elsewhere.kind, elsewhere.busy) == (EventKind.WORKING_LOCATION, False)


def test_a_hidden_guest_list_is_one_for_guests_only(hand):
    event_id = hand.dana.schedule("1:1", at(1, 10), guests=[hand.alex], hideAttendees=True)
    hand.alex.schedule("mine", at(2, 10), guests=[hand.dana], hideAttendees=True)
    items = read(hand.calendar)[0]
    hidden = {item.id: item.guests_hidden for item in items.values()}
    assert hidden.pop(hand.alex.event(event_id)["id"])
    assert [*hidden.values()] == [False]


# --- writing --------------------------------------------------------------------------------------------


def test_a_slot_is_private_and_rings_no_bell(hand):
    raw = hand.alex.event(hand.calendar.insert(SLOT, "slot-1").id)
    assert (raw["sensitivity"], raw["showAs"], raw["isReminderOn"]) == ("private", "busy", False)
    assert "1. How? &lt;b&gt;<br>" in raw["body"]["content"]
    assert "Why &amp; when" in raw["body"]["content"]


def test_a_mark_is_read_with_the_event_and_moves_along(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    edited = hand.calendar.edit(made.id, Edit("v2", start=at(0, 8), end=at(0, 9)), made.etag)
    assert edited.mark == "v2"
    assert read(hand.calendar)[0][made.id].mark == "v2"
    assert hand.calendar.get(made.id).mark == "v2"


def test_a_slot_that_was_lost_sight_of_is_adopted_by_its_key(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.calendar.edit(made.id, Edit("v2", start=at(5, 8), end=at(5, 9)), made.etag)
    found = hand.calendar.insert(SLOT, "slot-1")
    assert (found.id, found.mark, found.start) == (made.id, "v2", at(5, 8))


def test_only_what_bears_the_mark_is_edited_or_deleted(hand):
    theirs = hand.meeting("1:1", at(1, 10))
    etag = hand.calendar.get(theirs).etag
    for known in (etag, None):
        with pytest.raises(Refused):
            hand.calendar.edit(theirs, Edit("v1", title="T"), known)
        with pytest.raises(Refused):
            hand.calendar.delete(theirs, known)
    assert hand.alex.event(theirs)["subject"] == "1:1"


def test_a_412_without_reason_is_tried_again(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.microsoft.faults.status(412, method="PATCH", times=2)
    assert hand.calendar.edit(made.id, Edit("v2", title="T"), made.etag).title == "T"
    hand.microsoft.faults.status(412, method="DELETE", times=2)
    hand.calendar.delete(made.id, None)
    assert read(hand.calendar)[0] == {}


def test_an_event_that_keeps_changing_is_a_conflict_in_the_end(hand):
    made = hand.calendar.insert(SLOT, "slot-1")
    event_id = hand.invitation("1:1", at(1, 10))
    hand.microsoft.faults.status(412, method="PATCH", times=6)
    with pytest.raises(Conflict):
        hand.calendar.edit(made.id, Edit("v2", title="T"), made.etag)
    with pytest.raises(Conflict):
        hand.calendar.attach(event_id, PREP)


@pytest.fixture
def meanwhile(monkeypatch):
    """Something that happens right before the next write is sent."""

    def prepare(method, act):
        send = Wire.send

        def late(wire, question):
            if question.method == method:
                monkeypatch.undo()
                act()
            return send(wire, question)

        monkeypatch.setattr(Wire, "send", late)

    return prepare


def test_what_the_user_types_while_prepd_writes_is_not_written_over(hand, meanwhile):
    made = hand.calendar.insert(SLOT, "slot-1")
    meanwhile("PATCH", lambda: hand.user_retitles(made.id, "Mine"))
    with pytest.raises(Conflict):
        hand.calendar.edit(made.id, Edit("v2", title="Ours"), made.etag)
    assert hand.alex.event(made.id)["subject"] == "Mine"


def test_what_the_user_types_while_prepd_deletes_is_not_lost(hand, meanwhile):
    made = hand.calendar.insert(SLOT, "slot-1")
    meanwhile("DELETE", lambda: hand.user_retitles(made.id, "Mine"))
    with pytest.raises(Conflict):
        hand.calendar.delete(made.id, made.etag)
    assert not hand.alex.deleted(made.id)


def test_what_the_user_types_while_prepd_adds_a_link_stands_beside_it(hand, meanwhile):
    event_id = hand.invitation("1:1", at(1, 10))
    meanwhile("PATCH", lambda: hand.alex.write_body(event_id, "<p>my notes</p>"))
    assert hand.calendar.attach(event_id, PREP).links == (PREP.url,)
    assert "my notes" in hand.alex.event(event_id)["body"]["content"]


def test_nothing_that_prepd_does_to_an_invitation_or_a_slot_mails_anybody(hand):
    event_id = hand.invitation("1:1", at(1, 10), weekly=True)
    made = hand.calendar.insert(SLOT, "slot-1")
    hand.calendar.edit(made.id, Edit("v2", title="T", text="t"), made.etag)
    hand.calendar.attach(hand.instances(event_id)[0], PREP)
    hand.calendar.detach(hand.instances(event_id)[0], PREP.url)
    hand.calendar.delete(made.id, None)
    assert hand.mails() == []


# --- links ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["stripped", "renamed", "kept"])
def test_our_block_goes_and_leaves_the_rest_as_it_was(hand, policy):
    hand.microsoft.settings.html = policy
    event_id = hand.invitation("1:1", at(1, 10))
    hand.alex.write_body(
        event_id, '<p style="color:red">Agenda</p><div><a href="https://a.example/?x=1&amp;y=2">j</a></div>'
    )
    before = hand.alex.event(event_id)["body"]["content"]
    digest = hand.calendar.get(event_id).body_digest
    attached = hand.calendar.attach(event_id, Link("https://b.example/?a=1&b=2", "Prep <1:1> & more"))
    assert attached.body_digest == digest
    assert "Added by prepd:" in hand.alex.event(event_id)["body"]["content"]
    assert hand.calendar.detach(event_id, "https://b.example/?a=1&b=2").body_digest == digest
    words = hand.alex.event(event_id)["body"]["content"].split()
    assert words == before.split()


def test_the_block_is_put_back_after_an_update_by_the_organizer(hand):
    event_id = hand.invitation("1:1", at(1, 10))
    hand.calendar.attach(event_id, PREP)
    hand.dana.write_body(hand.alex.event(event_id)["id"], "<p>New agenda</p>")
    gone = hand.calendar.get(event_id)
    assert gone.links == ()
    again = hand.calendar.attach(event_id, PREP)
    assert again.links == (PREP.url,)
    assert again.body_digest == gone.body_digest


# --- the account ----------------------------------------------------------------------------------------


def test_a_calendar_is_found_by_its_name_or_id(microsoft, tmp_path):
    hand = Hand(microsoft, tmp_path)
    other = hand.alex.add_calendar("Team 1:1s")
    event_id = hand.alex.schedule("1:1", at(1, 10), guests=[hand.dana], calendar=other)
    for name in ("team 1:1s", other):
        calendar = hand.account.calendar(name)
        assert calendar.id == name
        assert read(calendar)[0].keys() == {event_id}
        assert calendar.get(event_id).id == event_id
    assert read(hand.calendar)[0] == {}
    made = hand.account.calendar("team 1:1s").insert(SLOT, "slot-1")
    assert made.id in read(hand.account.calendar(other))[0]
    with pytest.raises(Misconfigured, match="Team 1:1s"):
        hand.account.calendar("Nothing of the kind")


def test_a_calendar_that_is_not_there_is_a_matter_of_the_config(hand):
    calendar = hand.account.calendar("A" * 80)
    with pytest.raises(Misconfigured, match="no such calendar"):
        read(calendar)
    with pytest.raises(Misconfigured, match="no such calendar"):
        calendar.insert(SLOT, "slot-1")


def test_without_the_permission_nothing_is_asked(microsoft, tmp_path):
    alex = microsoft.account("alex@example.com")
    account = OutlookAccount(signed_in(microsoft, alex, tmp_path, scopes=["User.Read"]), HASTE)
    with pytest.raises(SignInNeeded, match="read and write your calendars"):
        account.calendar("default")
    with pytest.raises(SignInNeeded, match="OneDrive folder"):
        account.documents()
    assert microsoft.requests.lines() == []
    assert account.address == "alex@example.com"


def test_garbage_instead_of_a_page_is_a_bad_answer(hand):
    hand.microsoft.faults.garbage(path="*/delta")
    with pytest.raises(BadAnswer):
        read(hand.calendar)


@pytest.mark.parametrize("status", [429, 503, 504, 509])
def test_a_throttled_mailbox_is_asked_again(hand, status):
    event_id = hand.invitation("1:1", at(1, 10))
    hand.microsoft.faults.status(status, retry_after=1)
    assert read(hand.calendar)[0].keys() == {event_id}
    assert is_live(read(hand.calendar)[0][event_id])
