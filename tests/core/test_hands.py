"""Whose hand it was: what the calendar shows of slots and links, compared with how prepd left them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.values import Tombstone
from daemon.core.artefacts import Artefacts, InviteLink, LinkState, Slot, SlotState
from daemon.core.mark import Mark, read_mark
from daemon.core.model import Attendance, State
from daemon.core.planning.hands import fingerprint, observe_artefacts, wants_slot
from tests.build import (
    KIM,
    MINUTE,
    NOW,
    at,
    cancelled,
    event,
    look,
    moved,
    occurrence,
    on_record,
    record,
    slot_event,
    with_guest,
)

ONE = record()
URL = "https://docs.example/d/1"


def slot(**more):
    begin = at("11-24 09:50")
    made = Slot(
        ONE.id,
        "work",
        "primary",
        "slot",
        0,
        begin,
        begin + 10 * MINUTE,
        begin,
        ONE.start,
        "h",
        "d",
        "Reflect",
        "why",
        etag="1",
    )
    return replace(made, **more)


def seen_slot(*items, one=ONE, **more):
    """The slot after a look that shows these."""
    made = observe_artefacts(Artefacts(slots={ONE.id: slot(**more)}), on_record(one), [look(*items)])
    return made.slots[ONE.id]


def shown(**more):
    return slot_event(ONE, at("11-24 09:50"), **more)


# --- slots ------------------------------------------------------------------------------------------------


def test_a_slot_that_stands_as_prepd_left_it_is_untouched():
    assert seen_slot(shown()) == slot()


def test_a_look_that_says_nothing_of_it_changes_nothing():
    assert seen_slot() == slot()
    other = look(Tombstone("slot"), calendar="other")
    made = observe_artefacts(Artefacts(slots={ONE.id: slot()}), on_record(ONE), [other])
    assert made.slots[ONE.id] == slot()


@pytest.mark.parametrize("gone", [Tombstone("slot"), Tombstone("slot", absent=True), cancelled(shown())])
def test_a_slot_that_is_gone_while_its_one_on_one_stands_was_deleted_by_the_user(gone):
    assert seen_slot(gone).state is SlotState.DELETED


@pytest.mark.parametrize("state", [State.CANCELLED, State.ENDED, State.REPLACED, State.NOT_ONE_ON_ONE])
def test_a_slot_that_is_gone_with_its_one_on_one_may_come_back_under_a_new_generation(state):
    found = seen_slot(Tombstone("slot"), one=replace(ONE, state=state))
    assert (found.state, found.generation) == (SlotState.GONE, 1)


def test_one_that_was_left_to_the_user_and_is_gone_was_deleted_by_them():
    released = seen_slot(Tombstone("slot"), one=replace(ONE, state=State.CANCELLED), state=SlotState.RELEASED)
    assert released.state is SlotState.DELETED


@pytest.mark.parametrize("state", [SlotState.DELETED, SlotState.GONE])
def test_one_that_prepd_no_longer_looks_after_is_not_looked_at(state):
    assert seen_slot(shown(digest="new", etag="2"), state=state) == slot(state=state)


def test_one_that_was_taken_away_and_stands_there_unchanged_never_went():
    still = seen_slot(shown(), state=SlotState.GONE, generation=1)
    assert (still.state, still.generation) == (SlotState.LIVE, 0)


@pytest.mark.parametrize("back", [shown(etag="2"), cancelled(shown()), replace(shown(), mark="")])
def test_one_that_was_taken_away_and_put_back_by_somebody_is_theirs(back):
    assert seen_slot(back, state=SlotState.GONE, generation=1).state is SlotState.GONE


@pytest.mark.parametrize(("generation", "event_id"), [(1, "new"), (0, "slot")])
def test_one_made_after_prepd_took_another_away_is_taken_up_by_its_mark(generation, event_id):
    made = shown(event_id="new", generation=generation)
    assert found(made, slots=(slot(state=SlotState.GONE, generation=1),))[ONE.id].event_id == event_id


@pytest.mark.parametrize("gone", [Tombstone("slot"), cancelled(shown())])
def test_one_that_prepd_set_out_to_take_away_and_that_is_gone_was_taken_by_prepd(gone):
    found = seen_slot(gone, state=SlotState.GOING, pending=True)
    assert (found.state, found.generation, found.pending) == (SlotState.GONE, 1, False)


def test_one_that_prepd_set_out_to_take_away_and_that_stands_is_looked_after_again():
    assert seen_slot(shown(), state=SlotState.GOING, pending=True) == slot()


def test_a_slot_that_could_not_be_asked_for_waits_until_it_is_seen():
    shown_so = [look(unresolved=("slot",))]
    made = observe_artefacts(Artefacts(slots={ONE.id: slot()}), on_record(ONE), shown_so)
    assert made.slots[ONE.id].pending
    assert seen_slot(pending=True).pending
    assert not seen_slot(shown(), pending=True).pending


@pytest.mark.parametrize("change", [{"digest": "new"}, {"title": "My own"}])
def test_another_text_or_title_is_the_users(change):
    assert seen_slot(shown(**change)).edited is True


def test_what_was_once_edited_stays_edited():
    assert seen_slot(shown(), edited=True).edited is True


def test_another_place_is_the_users():
    there = slot_event(ONE, at("11-24 08:00"), placed=at("11-24 09:50"))
    found = seen_slot(there)
    assert (found.dragged, found.start, found.edited) == (True, at("11-24 08:00"), False)


def test_a_write_of_ours_that_was_not_recorded_is_known_by_its_mark():
    there = slot_event(ONE, at("11-24 09:40"), text_hash="h2", digest="d2", title="Reflect again", etag="2")
    found = seen_slot(there)
    assert (found.dragged, found.edited, found.text_hash, found.body_digest, found.title, found.etag) == (
        False,
        False,
        "h2",
        "d2",
        "Reflect again",
        "2",
    )


def test_a_slot_that_is_not_on_record_is_taken_up_by_its_mark():
    made = observe_artefacts(Artefacts(), on_record(ONE), [look(shown(generation=2))])
    assert (made.slots[ONE.id].event_id, made.slots[ONE.id].generation) == ("slot", 2)
    assert made.slots[ONE.id].state is SlotState.LIVE


@pytest.mark.parametrize(
    "stray",
    [
        cancelled(shown()),
        replace(shown(), mark="1 somebody-else 0 20261124T095000Z h"),
        replace(shown(), mark="garbage"),
        replace(shown(), mark=""),
    ],
)
def test_what_has_no_mark_of_a_known_one_on_one_is_not(stray):
    assert observe_artefacts(Artefacts(), on_record(ONE), [look(stray)]).slots == {}


def test_a_second_one_for_the_same_one_on_one_is_not_taken_up():
    copy = slot_event(ONE, at("11-24 08:00"), event_id="copy")
    made = observe_artefacts(Artefacts(slots={ONE.id: slot()}), on_record(ONE), [look(shown(), copy)])
    assert made.slots == {ONE.id: slot()}


@pytest.mark.parametrize(
    ("state", "attendance", "expected"),
    [
        (State.STANDING, Attendance.ACCEPTED, True),
        (State.DECLINED, Attendance.ACCEPTED, True),
        (State.DECLINED, Attendance.DECLINED, False),
        (State.CANCELLED, Attendance.ACCEPTED, False),
        (State.OVER, Attendance.ACCEPTED, False),
        (State.NOT_ONE_ON_ONE, Attendance.ACCEPTED, False),
    ],
)
def test_one_on_ones_to_prepare_for_stand_or_were_declined_by_them_alone(state, attendance, expected):
    assert wants_slot(record(state=state, attendance=attendance)) is expected


# --- links ------------------------------------------------------------------------------------------------

LINKED = event(links=(URL,), body_digest="b", updated=NOW - MINUTE)


def link(seen=LINKED, **more):
    made = InviteLink(
        ONE.id, "work", "primary", "e1", URL, LinkState.ON, None, fingerprint(seen), left_at=seen.updated
    )
    return replace(made, **more)


def seen_link(*items, one=ONE, before=None):
    made = observe_artefacts(Artefacts(links={ONE.id: before or link()}), on_record(one), [look(*items)])
    return made.links[ONE.id]


def test_a_link_that_stands_stays_as_it_is():
    assert seen_link(LINKED) == link()
    assert seen_link() == link()


def test_a_link_gone_from_an_otherwise_unchanged_invite_was_taken_off_by_the_user():
    assert seen_link(replace(LINKED, links=())).state is LinkState.REMOVED


def test_a_link_gone_with_the_guests_changed_was_taken_off_by_the_organizers_update():
    assert seen_link(replace(with_guest(LINKED, KIM), links=())).state is LinkState.OFF
    turned = replace(LINKED, links=(), attendees=LINKED.attendees[::-1])
    assert seen_link(turned).state is LinkState.REMOVED, "the same guests in another order are no change"


def test_a_link_that_is_missing_when_its_cancelled_event_comes_back_was_not_taken_off_by_the_user():
    for gone in (cancelled(LINKED), Tombstone("e1")):
        went = seen_link(gone)
        assert seen_link(replace(LINKED, links=()), before=went).state is LinkState.OFF


@pytest.mark.parametrize(
    "update",
    [{"title": "New"}, {"body_digest": "new"}, {"end": at("11-24 11:00")}, {"start": at("11-24 09:30")}],
)
def test_a_link_gone_with_another_title_time_or_body_was_taken_off_by_the_organizers_update(update):
    assert seen_link(replace(LINKED, links=(), **update)).state is LinkState.OFF


def test_what_the_organizer_changed_while_the_link_stood_has_no_part_in_its_going_later():
    renamed = replace(LINKED, title="New")
    standing = seen_link(renamed)
    assert standing.state is LinkState.ON
    assert seen_link(replace(renamed, links=()), before=standing).state is LinkState.REMOVED


def test_other_links_beside_it_do_not_matter():
    assert seen_link(replace(LINKED, links=("https://other", URL))).state is LinkState.ON


def test_an_answer_older_than_the_link_says_nothing_of_it():
    old = replace(LINKED, links=(), updated=NOW - 5 * MINUTE)
    assert seen_link(old).state is LinkState.ON


def test_a_cancelled_event_says_nothing_of_its_link():
    assert seen_link(cancelled(replace(LINKED, links=()))).state is LinkState.ON


def test_what_the_user_removed_stays_removed_whatever_changes_later():
    removed = link(state=LinkState.REMOVED)
    assert seen_link(moved(replace(LINKED, links=()), "11-25 10:00"), before=removed) == removed
    assert seen_link(LINKED, before=removed) == removed


def test_an_occurrence_under_a_new_id_has_no_link_yet():
    renewed = replace(ONE, event_id="s1_new", series_id="s1")
    found = seen_link(occurrence("11-24 10:00", id="s1_new"), one=renewed)
    assert (found.state, found.event_id, found.series_id) == (LinkState.OFF, "s1_new", "s1")
    assert seen_link(one=renewed).state is LinkState.OFF, "nor where the new event was not shown"
    there = occurrence("11-24 10:00", id="s1_new", links=(URL,))
    assert seen_link(there, one=renewed).state is LinkState.ON
    refused = seen_link(one=renewed, before=link(state=LinkState.REFUSED))
    assert (refused.state, refused.event_id) == (LinkState.REFUSED, "s1_new")


# --- marks ------------------------------------------------------------------------------------------------


def test_a_mark_reads_back_as_it_was_written():
    mark = Mark(ONE.id, 3, at("11-24 09:50"), "h")
    assert read_mark(str(mark)) == mark


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "1",
        "2 a 0 20261124T095000Z h",
        "1 a x 20261124T095000Z h",
        "1 a 0 yesterday h",
        "1 a 0 20261124T095000Z h more",
        "1 a 99999999999999999999999 20261399T095000Z h",
        "1 a " + "9" * 5000 + " 20261124T095000Z h",
        "\n" * 1000,
    ],
)
def test_anything_else_is_no_mark(text):
    assert read_mark(text) is None


# --- slots that are not on record -----------------------------------------------------------------------------------


def found(*items, records=(ONE,), slots=()):
    """The slots after a look at events of prepd's own, of which only these are on record."""
    before = Artefacts(slots={s.one_on_one: s for s in slots})
    return observe_artefacts(before, on_record(*records), [look(*items)]).slots


def foreign(minutes_before=10, **more):
    """A slot whose mark names a 1:1 that nobody knows any more."""
    start = ONE.start - minutes_before * MINUTE
    more = {"title": f"Reflect: 1:1 with {ONE.name}", "event_id": "lost"} | more
    return slot_event(replace(ONE, id="unknown"), start, **more)


def test_a_slot_whose_one_on_one_has_another_id_since_is_that_of_the_person_whose_one_on_one_follows():
    later = record(event("11-25 10:00", id="later"))
    assert found(foreign(), records=(later, ONE))[ONE.id].event_id == "lost"


@pytest.mark.parametrize(
    "lost",
    [foreign(title="Reflect: 1:1 with Kim Oh"), foreign(minutes_before=60 * 13), foreign(minutes_before=5)],
    ids=["somebody else's", "a day before", "it overlaps"],
)
def test_a_slot_that_can_be_nobodys_is_left_alone(lost):
    assert found(lost) == {}


def test_a_slot_whose_one_on_one_is_not_known_is_of_the_next_one_that_is_to_be_prepared():
    gone = replace(ONE, id="gone", state=State.CANCELLED)
    later = record(event("11-24 11:00", id="later"))
    assert set(found(foreign(), records=(gone, later))) == {later.id}


def test_a_slot_that_is_on_record_is_not_replaced_by_one_that_is_not():
    assert found(foreign(), slots=(slot(),))[ONE.id].event_id == "slot"


def test_a_slot_of_which_nothing_is_known_may_be_the_users_if_it_was_changed_since_it_was_made():
    made = at("11-20 09:00")
    assert found(shown(created=made, updated=made + MINUTE))[ONE.id].edited is False
    assert found(shown(created=made, updated=made + 2 * MINUTE))[ONE.id].edited is True
    assert found(shown())[ONE.id].edited is False
