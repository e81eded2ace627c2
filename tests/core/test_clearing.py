"""What is taken off the calendars when prepd has to go, and what stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.core.artefacts import Artefacts, InviteLink, LinkState, Slot, SlotState
from daemon.core.mark import report_mark
from daemon.core.model import Owner, State
from daemon.core.planning.actions import DeleteSlot, RemoveLink
from daemon.core.planning.clearing import clearing
from tests.build import HOUR, MINUTE, NOW, at, cancelled, event, look, on_record, record, slot_event

ONE = record()
URL = "https://docs.example/d/1"
MAILS_NOBODY = {"work": frozenset({Owner.ME, Owner.THEM})}
SLOT = Slot(
    ONE.id,
    "work",
    "primary",
    "slot",
    0,
    at("11-24 09:50"),
    at("11-24 10:00"),
    at("11-24 09:50"),
    ONE.start,
    "h",
    "d",
    "Reflect",
    "why",
    etag="1",
)
LINK = InviteLink(ONE.id, "work", "primary", "e1", URL, LinkState.ON)


def cleared(
    *looks, slots=(), links=(), records=(ONE,), invite_links=MAILS_NOBODY, in_reach=("work",), **more
):
    made = Artefacts(slots={s.one_on_one: s for s in slots}, links={n.one_on_one: n for n in links})
    return clearing(on_record(*records), made, looks, invite_links, in_reach, NOW, **more)


# --- slots ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [SlotState.LIVE, SlotState.GOING])
def test_a_slot_to_come_goes_and_is_put_down_as_going_before_it_does(state):
    found = cleared(slots=[replace(SLOT, state=state)])
    assert found.actions == (DeleteSlot(ONE.id, SLOT.times),)
    assert found.ahead.slots[ONE.id] == replace(SLOT, state=SlotState.GOING, pending=True)


@pytest.mark.parametrize("state", [SlotState.DELETED, SlotState.GONE])
def test_a_slot_that_is_not_there_is_not_taken(state):
    found = cleared(slots=[replace(SLOT, state=state)])
    assert (found.actions, found.ahead.slots[ONE.id].state, found.edited) == ((), state, 0)


def test_a_slot_that_is_over_stays():
    over = replace(SLOT, start=NOW - 10 * MINUTE, end=NOW)
    assert cleared(slots=[over]).actions == ()


@pytest.mark.parametrize(
    "written", [replace(SLOT, edited=True), replace(SLOT, state=SlotState.RELEASED)], ids=["live", "released"]
)
def test_a_slot_that_the_user_wrote_in_stays_theirs_and_is_counted(written):
    found = cleared(slots=[written])
    assert (found.actions, found.edited) == ((), 1)
    assert found.ahead.slots[ONE.id].state is SlotState.RELEASED


def test_a_slot_on_an_account_out_of_reach_is_asked_for_and_not_put_down_as_going():
    found = cleared(slots=[SLOT], in_reach=())
    assert found.actions == (DeleteSlot(ONE.id, SLOT.times),)
    assert found.ahead.slots[ONE.id] == SLOT


def test_what_stands_on_an_account_that_the_config_does_not_name_is_told_and_left():
    slot, link = replace(SLOT, account="old"), replace(LINK, account="older")
    found = cleared(slots=[slot], links=[link])
    assert (found.actions, found.unnamed) == ((), {"old", "older"})
    for nothing in ({"start": NOW - HOUR, "end": NOW}, {"state": SlotState.DELETED}):
        assert cleared(slots=[replace(slot, **nothing)]).unnamed == frozenset()


# --- links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.STANDING, State.DECLINED, State.NOT_ONE_ON_ONE])
def test_a_link_on_an_invite_to_come_goes(state):
    found = cleared(links=[LINK], records=[replace(ONE, state=state)])
    assert found.actions == (RemoveLink(ONE.id, URL),)
    assert found.ahead.links[ONE.id].state is LinkState.OFF


def test_a_link_whose_going_would_mail_somebody_stays_and_is_counted():
    found = cleared(links=[LINK], invite_links={"work": frozenset({Owner.ME})})
    assert (found.actions, found.mailing, found.ahead.links[ONE.id]) == ((), 1, LINK)


@pytest.mark.parametrize(
    "one",
    [replace(ONE, state=State.CANCELLED), replace(ONE, start=NOW - HOUR, end=NOW), replace(ONE, id="other")],
    ids=["cancelled", "over", "not on record"],
)
def test_a_link_on_what_is_not_to_come_stays(one):
    assert cleared(links=[LINK], records=[one]).actions == ()


def test_a_link_that_is_put_down_as_off_goes_where_it_still_stands():
    off = replace(LINK, state=LinkState.OFF)
    assert cleared(look(event(links=(URL,))), links=[off]).actions == (RemoveLink(ONE.id, URL),)
    assert cleared(look(event()), links=[off]).actions == ()
    assert cleared(look(event(links=(URL,)), calendar="other"), links=[off]).actions == ()


@pytest.mark.parametrize("state", [LinkState.REMOVED, LinkState.REFUSED])
def test_a_link_that_the_user_or_the_provider_took_off_is_not_taken_again(state):
    found = cleared(look(event(links=(URL,))), links=[replace(LINK, state=state)])
    assert found.actions == ()


# --- events of prepd's own that are no slot on record ---------------------------------------------------------------


def lost(**more):
    return slot_event(ONE, at("11-24 09:50"), **more)


def test_a_slot_that_was_lost_is_put_on_record_by_its_mark_and_goes():
    found = cleared(look(lost(generation=2)))
    assert found.actions == (DeleteSlot(ONE.id, SLOT.times),)
    assert (found.strays, found.ahead.slots[ONE.id].generation) == ((), 2)


def test_a_second_slot_of_the_same_one_on_one_is_a_stray():
    found = cleared(look(lost(event_id="second")), slots=[SLOT])
    assert [(s.event_id, s.report) for s in found.strays] == [("second", False)]
    assert found.ahead.slots[ONE.id].event_id == "slot"


def test_one_that_was_taken_away_and_stands_there_is_a_stray():
    gone = replace(SLOT, state=SlotState.GONE, generation=1)
    assert [s.event_id for s in cleared(look(lost()), slots=[gone]).strays] == ["slot"]
    assert cleared(look(lost()), slots=[SLOT]).strays == ()


def test_one_that_is_over_cancelled_or_nobodys_mark_is_no_stray():
    over = slot_event(ONE, NOW - HOUR)
    found = cleared(look(over, cancelled(lost(event_id="b")), event(id="c")))
    assert (found.actions, found.strays, found.ahead.slots) == ((), (), {})


def test_a_slot_that_was_lost_and_changed_since_it_was_made_stays_and_is_counted():
    made = at("11-20 09:00")
    found = cleared(look(lost(created=made, updated=made + HOUR)))
    assert (found.actions, found.strays, found.changed) == ((), (), 1)


def test_a_report_to_come_goes_unless_somebody_changed_it():
    made = at("11-20 09:00")
    report = event(
        "11-27 16:00",
        id="report",
        mark=report_mark("2026-W48"),
        guests=(),
        etag="7",
        created=made,
        updated=made + HOUR,
    )
    as_left = cleared(look(report), reports={"report": "7"})
    assert [(s.event_id, s.report, s.etag) for s in as_left.strays] == [("report", True, "7")]
    changed = cleared(look(report), reports={"report": "6"})
    assert (changed.strays, changed.changed) == ((), 1)
