"""What should be done: pages, links and slots, and the user's hand in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.artefacts import Artefacts, LinkState, SlotState
from daemon.core.model import Attendance, By, Owner, State, Times
from daemon.core.planning.actions import (
    AttachLink,
    CreatePage,
    CreateSlot,
    MoveSlot,
    RemoveLink,
    UpdatePage,
    UpdateSlot,
)
from daemon.core.planning.hands import ADOPTED
from daemon.core.planning.place import is_free
from daemon.core.planning.plan import next_one_on_ones, plan
from daemon.core.planning.wishes import Wishes
from tests.build import (
    DANA,
    DAY,
    HOUR,
    KIM,
    ME,
    MINUTE,
    NOW,
    WEEK,
    at,
    event,
    occurrence,
    on_record,
    record,
    times,
)
from tests.core.carrying_out import carried_out

WISHES = Wishes(zone=UTC, horizon=14 * DAY, invite_links={"work": frozenset(Owner)})
SLOTS_ONLY = replace(WISHES, pages=False, link_invites=False, link_slots=False)


class Desk:
    """Somebody's 1:1s, and what prepd made for them so far."""

    def __init__(self, *records, wishes=WISHES, now=NOW):
        self.records = on_record(*records)
        self.made, self.wishes, self.now, self.other = Artefacts(), wishes, now, []

    @property
    def taken(self):
        there = (State.STANDING, State.DECLINED, State.NOT_ONE_ON_ONE, State.OVER)
        mine = [
            r.times
            for r in self.records.values()
            if r.state in there and r.attendance is not Attendance.DECLINED
        ]
        return [*self.other, *mine]

    def plan(self):
        return plan(self.records, self.made, self.taken, self.wishes, self.now)

    def cycle(self):
        """Plans, carries out, and says what was done."""
        planned = self.plan()
        self.made = carried_out(planned, self.records, self.wishes, self.now)
        return list(planned.actions)

    def change(self, one, **more):
        if "start" in more:
            more.setdefault("end", more["start"] + (one.end - one.start))
        self.records[one.id] = replace(self.records[one.id], **more)

    def hand(self, one, **more):
        """What the user does to a slot, as a look shows it."""
        if "start" in more:
            more.setdefault("end", more["start"] + 10 * MINUTE)
        self.made.slots[one.id] = replace(self.made.slots[one.id], **more)

    def slot(self, one):
        return self.made.slots[one.id]


def kinds(actions):
    return [a.kind for a in actions]


FIRST = record(occurrence("11-24 10:00"))
SECOND = record(occurrence("12-01 10:00"))
KIMS = record(event("11-25 15:00", id="k", by=KIM, guests=(ME, KIM)))


# --- pages and links ------------------------------------------------------------------------------------------


def test_the_next_one_on_one_gets_a_page_a_link_and_a_slot():
    desk = Desk(FIRST)
    assert kinds(desk.cycle()) == ["create_page", "attach_link", "create_slot"]
    assert desk.made.pages[DANA].heading == "Tue 24 Nov 2026, 10:00"
    assert desk.slot(FIRST).times == times("11-24 09:50", 10)
    assert desk.cycle() == []


def test_each_person_has_a_page_for_the_next_and_slots_for_all():
    desk = Desk(FIRST, SECOND, KIMS)
    done = desk.cycle()
    assert {a.one_on_one for a in done if isinstance(a, CreatePage)} == {FIRST.id, KIMS.id}
    assert {a.one_on_one for a in done if isinstance(a, AttachLink)} == {FIRST.id, KIMS.id}
    assert {a.one_on_one: a.with_link for a in done if isinstance(a, CreateSlot)} == {
        FIRST.id: True,
        SECOND.id: False,
        KIMS.id: True,
    }


def test_beyond_the_horizon_nothing_is_prepared():
    assert Desk(record(event("12-07 08:01"))).cycle() == []
    assert Desk(record(event("12-07 08:00"))).cycle() != []


@pytest.mark.parametrize("gone", [State.CANCELLED, State.ENDED, State.REPLACED, State.NOT_ONE_ON_ONE])
def test_when_it_falls_through_its_page_becomes_that_of_the_one_after(gone):
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    page = desk.made.pages[DANA].ref
    desk.change(FIRST, state=gone)
    done = desk.cycle()
    assert UpdatePage(SECOND.id, DANA, "Tue 1 Dec 2026, 10:00") in done
    assert AttachLink(SECOND.id, DANA) in done
    assert UpdateSlot(SECOND.id, with_link=True) in done
    assert (desk.made.pages[DANA].ref, desk.made.pages[DANA].one_on_one) == (page, SECOND.id)
    assert desk.cycle() == []


def test_the_link_is_taken_off_what_is_still_on_the_calendar():
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    desk.change(FIRST, state=State.NOT_ONE_ON_ONE)
    assert any(isinstance(a, RemoveLink) and a.one_on_one == FIRST.id for a in desk.cycle())


def test_a_moved_one_takes_its_heading_along():
    desk = Desk(FIRST)
    desk.cycle()
    desk.change(FIRST, start=at("11-25 14:00"))
    assert kinds(desk.cycle()) == ["update_page", "move_slot"]
    assert desk.made.pages[DANA].heading == "Wed 25 Nov 2026, 14:00"
    assert desk.slot(FIRST).times == times("11-25 13:50", 10)


def test_an_earlier_one_that_appears_takes_page_and_link():
    desk = Desk(SECOND)
    desk.cycle()
    desk.records[FIRST.id] = FIRST
    done = desk.cycle()
    assert kinds(done) == ["update_page", "remove_link", "attach_link", "create_slot", "update_slot"]
    assert done[-1] == UpdateSlot(SECOND.id, with_link=False)
    assert desk.cycle() == []


def test_after_one_was_held_the_next_gets_a_page_of_its_own():
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    desk.change(FIRST, state=State.OVER)
    desk.now = at("11-24 11:00")
    done = desk.cycle()
    assert any(isinstance(a, CreatePage) and a.one_on_one == SECOND.id for a in done)
    assert not any(isinstance(a, RemoveLink) for a in done), "what is over keeps its link"
    assert desk.cycle() == []


def test_a_page_is_not_reused_because_its_calendar_could_not_be_read_when_it_was_over():
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    desk.now = at("11-24 10:31")
    assert "update_page" not in kinds(desk.cycle())


def test_during_the_one_on_one_its_page_stays_open():
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    desk.now = at("11-24 10:15")
    assert desk.cycle() == []


def test_a_page_asks_for_a_career_check_once_a_month():
    desk = Desk(FIRST, SECOND)
    assert next(a for a in desk.plan().actions if isinstance(a, CreatePage)).career_check is True
    desk.cycle()
    desk.change(FIRST, state=State.OVER)
    desk.now = at("11-24 11:00")
    desk.change(SECOND, start=at("11-30 10:00"))
    assert next(a for a in desk.plan().actions if isinstance(a, CreatePage)).career_check is False
    desk.change(SECOND, start=at("12-01 10:00"))
    assert next(a for a in desk.plan().actions if isinstance(a, CreatePage)).career_check is True


def test_a_link_that_the_user_removed_is_not_put_back_for_good():
    desk = Desk(FIRST)
    desk.cycle()
    desk.made.links[FIRST.id] = replace(desk.made.links[FIRST.id], state=LinkState.REMOVED)
    assert desk.cycle() == []
    desk.change(FIRST, start=at("11-25 14:00"))
    assert "attach_link" not in kinds(desk.cycle())


def test_a_link_that_the_organizers_update_removed_is_put_back():
    desk = Desk(FIRST)
    desk.cycle()
    desk.made.links[FIRST.id] = replace(desk.made.links[FIRST.id], state=LinkState.OFF)
    assert kinds(desk.cycle()) == ["attach_link"]


def test_a_refusal_is_final_for_the_series():
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    desk.made.links[FIRST.id] = replace(desk.made.links[FIRST.id], state=LinkState.REFUSED)
    desk.change(FIRST, state=State.OVER)
    desk.now = at("11-24 11:00")
    assert "attach_link" not in kinds(desk.cycle())


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (replace(WISHES, pages=False, link_invites=False, link_slots=False), ["create_slot"]),
        (replace(WISHES, link_invites=False), ["create_page", "create_slot"]),
        (replace(WISHES, slots=False), ["create_page", "attach_link"]),
        (replace(WISHES, invite_links={}), ["create_page", "create_slot"]),
        (replace(WISHES, invite_links={"work": frozenset({Owner.ME})}), ["create_page", "create_slot"]),
        (replace(WISHES, link_invites=False, link_slots=False), ["create_page", "create_slot"]),
    ],
)
def test_only_what_the_config_asks_for_is_done(wishes, expected):
    desk = Desk(FIRST, wishes=wishes)
    assert kinds(desk.cycle()) == expected
    assert desk.cycle() == []


def test_the_next_is_the_earliest_that_stands():
    declined = record(event("11-23 12:00", id="x"), state=State.DECLINED)
    over = record(event("11-23 07:00", id="y"), state=State.OVER)
    assert next_one_on_ones(on_record(SECOND, declined, over, FIRST), NOW, 14 * DAY) == {DANA: FIRST}


# --- slots and the user's hand -----------------------------------------------------------------------------------


def desk_with_slot(one=FIRST, **more):
    desk = Desk(one, wishes=SLOTS_ONLY, **more)
    desk.cycle()
    return desk


def test_a_slot_that_the_user_deleted_does_not_come_back_moved_or_not():
    desk = desk_with_slot()
    desk.hand(FIRST, state=SlotState.DELETED)
    assert desk.cycle() == []
    desk.change(FIRST, start=at("11-26 10:00"))
    assert desk.cycle() == []


def test_an_edited_text_goes_along_with_a_move_and_is_not_rewritten():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True, body_digest="mine")
    desk.change(FIRST, start=at("11-26 10:00"))
    (done,) = desk.cycle()
    assert (done.kind, done.rewrite, desk.slot(FIRST).body_digest) == ("move_slot", False, "mine")
    assert desk.slot(FIRST).times == times("11-26 09:50", 10)


def test_an_edited_slot_stays_with_its_notes_when_its_one_on_one_falls_through():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True)
    desk.change(FIRST, state=State.CANCELLED)
    assert desk.cycle() == []
    assert desk.slot(FIRST).state is SlotState.RELEASED


def test_one_that_was_left_to_the_user_is_taken_up_again_when_the_one_on_one_is_back():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True)
    desk.change(FIRST, state=State.CANCELLED)
    desk.cycle()
    desk.change(FIRST, state=State.STANDING)
    assert desk.cycle() == []
    assert desk.slot(FIRST).state is SlotState.LIVE
    desk.change(FIRST, start=at("11-26 10:00"))
    assert kinds(desk.cycle()) == ["move_slot"]


def test_a_new_slot_keeps_off_one_that_was_left_to_the_user():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True)
    desk.change(FIRST, state=State.CANCELLED)
    desk.cycle()
    other = record(event("11-24 10:00", id="o", by=KIM, guests=(ME, KIM)))
    desk.records[other.id] = other
    desk.cycle()
    assert desk.slot(other).times == times("11-24 09:40", 10)


@pytest.mark.parametrize(
    ("where", "stays"),
    [
        ("11-24 08:00", True),
        ("11-24 09:50", True),
        ("11-24 09:51", False),
        ("11-23 16:00", False),
        ("11-25 08:00", False),
    ],
)
def test_a_dragged_slot_stays_as_long_as_it_ends_before_the_one_on_one_on_the_same_day(where, stays):
    desk = desk_with_slot()
    desk.hand(FIRST, start=at(where))
    assert kinds(desk.cycle()) == ([] if stays else ["move_slot"])
    assert desk.slot(FIRST).start == (at(where) if stays else at("11-24 09:50"))
    assert desk.cycle() == []


def test_a_dragged_slot_stays_through_a_move_on_the_same_day_and_is_placed_anew_after_others():
    desk = desk_with_slot()
    desk.hand(FIRST, start=at("11-24 08:00"))
    desk.change(FIRST, start=at("11-24 15:00"))
    assert desk.cycle() == []
    desk.change(FIRST, start=at("11-25 15:00"))
    assert kinds(desk.cycle()) == ["move_slot"]
    assert desk.slot(FIRST).start == at("11-25 14:50")


@pytest.mark.parametrize(
    ("zone", "stays"), [("UTC", False), ("America/Los_Angeles", True), ("Asia/Tokyo", True)]
)
def test_the_same_day_is_that_of_the_users_zone(zone, stays):
    late = record(event("11-25 01:00"))
    desk = Desk(late, wishes=replace(SLOTS_ONLY, zone=ZoneInfo(zone)))
    desk.cycle()
    desk.hand(late, start=at("11-24 23:00"))
    assert (desk.cycle() == []) is stays


def test_a_slot_goes_with_a_cancellation_and_comes_back_under_a_new_generation():
    desk = desk_with_slot()
    desk.change(FIRST, state=State.CANCELLED)
    assert kinds(desk.cycle()) == ["delete_slot"]
    desk.change(FIRST, state=State.STANDING)
    (done,) = desk.cycle()
    assert (done.kind, done.generation) == ("create_slot", 1)


@pytest.mark.parametrize(
    ("attendance", "closed_by", "expected"),
    [(Attendance.DECLINED, By.ME, ["delete_slot"]), (Attendance.ACCEPTED, By.THEM, [])],
)
def test_a_slot_goes_with_the_users_decline_and_stays_while_only_they_declined(
    attendance, closed_by, expected
):
    desk = desk_with_slot()
    desk.change(FIRST, state=State.DECLINED, attendance=attendance, closed_by=closed_by)
    assert kinds(desk.cycle()) == expected


def test_a_meeting_that_lands_on_an_untouched_slot_makes_it_move():
    desk = desk_with_slot()
    desk.other = [times("11-24 09:30")]
    assert kinds(desk.cycle()) == ["move_slot"]
    assert desk.slot(FIRST).times == times("11-24 09:20", 10)
    desk.other = []
    assert desk.cycle() == [], "a better place that becomes free does not"


def test_where_nothing_is_free_it_overlaps_and_stays_put():
    desk = desk_with_slot()
    desk.other = [times("11-24 07:00", 180)]
    desk.cycle()
    assert (desk.slot(FIRST).times, desk.slot(FIRST).overlaps) == (times("11-24 09:50", 10), True)
    assert desk.cycle() == []


def test_back_to_back_one_on_ones_have_slots_that_overlap_neither_each_other_nor_the_meetings():
    first, second = record(event("11-24 10:00")), record(event("11-24 10:30", id="b", guests=(ME, KIM)))
    desk = Desk(first, second, wishes=SLOTS_ONLY)
    desk.cycle()
    assert [desk.slot(r).times for r in (first, second)] == [
        times("11-24 09:50", 10),
        times("11-24 09:40", 10),
    ]


def test_a_slot_that_was_found_on_the_calendar_is_where_it_is_for_the_same_reason_as_any_other():
    desk = desk_with_slot()
    why = desk.slot(FIRST).reason
    desk.hand(FIRST, reason=ADOPTED)
    assert desk.cycle() == []
    assert (desk.slot(FIRST).reason, why) == (why, "directly before the 1:1")
    desk.hand(FIRST, reason=ADOPTED, start=at("11-24 08:00"), placed_start=at("11-24 08:00"))
    assert desk.cycle() == []
    assert desk.slot(FIRST).reason == ADOPTED


def test_one_that_begins_in_less_than_ten_minutes_gets_none():
    assert Desk(record(event("11-23 08:09")), wishes=SLOTS_ONLY).cycle() == []


def test_a_slot_that_cannot_follow_in_time_goes():
    desk = desk_with_slot()
    desk.change(FIRST, start=NOW + 5 * MINUTE)
    assert kinds(desk.cycle()) == ["delete_slot"]
    assert desk.cycle() == []


def test_what_is_over_keeps_its_slot():
    desk = desk_with_slot()
    desk.now = at("11-24 11:00")
    desk.change(FIRST, state=State.OVER)
    assert desk.cycle() == []


def test_slots_follow_moves_beyond_the_horizon():
    desk = desk_with_slot()
    desk.change(FIRST, start=at("12-20 10:00"))
    assert kinds(desk.cycle()) == ["move_slot"]


def test_a_slot_is_ten_minutes_before_on_both_sides_of_a_clock_change():
    london = ZoneInfo("Europe/London")
    wishes = replace(SLOTS_ONLY, zone=london, horizon=30 * DAY)
    ones = [record(event(day, id=day, minutes=30)) for day in ("2027-03-23 10:00", "2027-03-30 09:00")]
    desk = Desk(*ones, wishes=wishes, now=at("2027-03-20 08:00"))
    desk.cycle()
    assert [f"{desk.slot(r).start.astimezone(london):%H:%M}" for r in ones] == ["09:50", "09:50"]


def test_a_slot_that_prepd_set_out_to_take_away_is_not_made_before_it_was_seen_to_be_gone():
    desk = desk_with_slot()
    desk.hand(FIRST, state=SlotState.GOING, pending=True)
    assert desk.cycle() == []
    assert desk.slot(FIRST).state is SlotState.GOING


def test_one_that_was_left_to_the_user_follows_its_one_on_one_beyond_the_horizon_when_it_is_back():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True)
    desk.change(FIRST, state=State.CANCELLED)
    desk.cycle()
    desk.change(FIRST, state=State.STANDING, start=at("12-20 10:00"))
    assert kinds(desk.cycle()) == ["move_slot"]


def test_during_the_one_on_one_its_slot_is_left_alone():
    desk = desk_with_slot()
    desk.now = at("11-24 10:10")
    desk.change(FIRST, name="Dr Dana Reyes")
    assert desk.cycle() == []
    desk.hand(FIRST, start=at("11-24 10:15"))
    assert desk.cycle() == [], "the user put it there, and it is of use yet"


def test_a_slot_that_is_over_stays_whatever_becomes_of_its_one_on_one():
    desk = desk_with_slot()
    desk.now = at("11-24 10:00")
    desk.change(FIRST, state=State.CANCELLED)
    assert desk.cycle() == []


def test_a_slot_that_was_dragged_behind_a_one_on_one_that_took_place_goes():
    desk = desk_with_slot()
    desk.hand(FIRST, start=at("11-24 15:00"))
    desk.now = at("11-24 11:00")
    desk.change(FIRST, state=State.OVER)
    assert kinds(desk.cycle()) == ["delete_slot"]


def test_one_that_found_no_free_place_stays_where_it_is_when_one_becomes_free():
    desk = desk_with_slot()
    desk.other = [times("11-24 07:00", 180)]
    desk.cycle()
    desk.other = [times("11-24 09:30")]
    assert desk.cycle() == []
    assert desk.slot(FIRST).start == at("11-24 09:50")


def test_a_meeting_that_lands_on_a_slot_that_the_user_wrote_in_does_not_make_it_move():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True)
    desk.other = [times("11-24 09:30")]
    assert desk.cycle() == []


def test_a_slot_that_cannot_follow_in_time_stays_if_the_user_wrote_in_it():
    desk = desk_with_slot()
    desk.hand(FIRST, edited=True)
    desk.change(FIRST, start=NOW + 5 * MINUTE)
    assert desk.cycle() == []


def test_a_slot_that_cannot_follow_in_time_stays_if_it_is_before_its_one_on_one_all_the_same():
    desk = desk_with_slot()
    desk.now = at("11-24 09:58")
    desk.change(FIRST, start=at("11-24 10:05"))
    assert desk.cycle() == []


def test_slots_of_two_people_with_the_same_name_tell_them_apart():
    desk = desk_with_slot()
    desk.records[KIMS.id] = replace(KIMS, name=FIRST.name)
    done = desk.cycle()
    assert [(a.kind, a.one_on_one) for a in done] == [("update_slot", FIRST.id), ("create_slot", KIMS.id)]


def test_a_link_is_not_taken_off_where_that_would_mail_somebody():
    desk = Desk(FIRST, SECOND)
    desk.cycle()
    desk.change(FIRST, state=State.NOT_ONE_ON_ONE)
    desk.wishes = replace(WISHES, invite_links={"work": frozenset({Owner.ME})})
    assert not any(isinstance(a, RemoveLink | AttachLink) for a in desk.cycle())


def test_where_the_page_is_gone_the_link_to_it_gives_way_to_that_to_a_new_one():
    desk = Desk(FIRST)
    desk.cycle()
    del desk.made.pages[DANA]
    assert kinds(desk.cycle()) == ["create_page", "attach_link", "update_slot"]


def test_a_link_to_another_page_is_put_anew():
    desk = Desk(FIRST)
    desk.cycle()
    page = desk.made.pages[DANA]
    desk.made.pages[DANA] = replace(page, ref=replace(page.ref, key="another", url="https://n#another"))
    assert kinds(desk.cycle()) == ["attach_link", "update_slot"]


# --- anything -------------------------------------------------------------------------------------------------------

GRID = st.integers(-8, 70).map(lambda n: NOW + n * 15 * MINUTE)
ZONES = st.sampled_from(
    [UTC, ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/New_York")]
)
ALIVE = st.sampled_from([*State, State.STANDING, State.STANDING, State.STANDING])


@st.composite
def stories(draw):
    """Some 1:1s, what becomes of them, and what the user does to what prepd made."""
    count = draw(st.integers(1, 5))
    ones = [
        record(
            event(
                draw(GRID),
                id=f"e{n}",
                by=(person := draw(st.sampled_from([DANA, KIM]))),
                guests=(ME, person),
                minutes=draw(st.sampled_from([15, 30, 60])),
            ),
            state=draw(ALIVE),
        )
        for n in range(count)
    ]
    wishes = replace(
        WISHES,
        zone=draw(ZONES),
        pages=draw(st.booleans()),
        look_back=draw(st.sampled_from([30 * MINUTE, 2 * HOUR])),
        horizon=draw(st.sampled_from([6 * HOUR, 14 * DAY])),
    )
    turns = draw(
        st.lists(
            st.tuples(
                st.sampled_from(
                    [
                        "move",
                        "state",
                        "decline",
                        "delete",
                        "edit",
                        "drag",
                        "unlink",
                        "busy",
                        "wait",
                        "nothing",
                    ]
                ),
                st.integers(0, count - 1),
                GRID,
                ALIVE,
            ),
            max_size=6,
        )
    )
    return ones, wishes, turns


def play(desk, ones, turn):
    what, which, when, state = turn
    one = ones[which]
    slot = desk.made.slots.get(one.id)
    match what:
        case "move":
            desk.change(one, start=when)
        case "state":
            desk.change(one, state=state)
        case "decline":
            desk.change(one, state=State.DECLINED, attendance=Attendance.DECLINED)
        case "busy":
            desk.other.append(Times(when, when + 30 * MINUTE))
        case "wait":
            desk.now += 45 * MINUTE
        case "unlink" if one.id in desk.made.links:
            desk.made.links[one.id] = replace(desk.made.links[one.id], state=LinkState.REMOVED)
        case "delete" if slot and slot.state is SlotState.LIVE:
            desk.hand(one, state=SlotState.DELETED)
        case "edit" if slot and slot.state is SlotState.LIVE:
            desk.hand(one, edited=True, body_digest="mine")
        case "drag" if slot and slot.state is SlotState.LIVE:
            desk.hand(one, start=when)


@given(stories())
@settings(max_examples=120, deadline=None)
def test_what_was_carried_out_is_not_planned_again_and_the_users_hand_wins(story):
    ones, wishes, turns = story
    desk = Desk(*ones, wishes=wishes)
    desk.cycle()
    for turn in turns:
        play(desk, ones, turn)
        before = desk.made.copy()
        done = desk.cycle()
        after = desk.made
        again = desk.plan()
        assert again.actions == ()
        assert again.artefacts == after
        for action in done:
            slot = before.slots.get(action.one_on_one)
            if isinstance(action, CreateSlot):
                assert slot is None or slot.state is SlotState.GONE
            if isinstance(action, MoveSlot) and slot.edited:
                assert not action.rewrite
                assert after.slots[action.one_on_one].body_digest == "mine"
            if isinstance(action, AttachLink):
                link = before.links.get(action.one_on_one)
                assert link is None or link.state is not LinkState.REMOVED
            if isinstance(action, CreateSlot | MoveSlot) and not action.placement.overlaps:
                others = [s.times for i, s in after.slots.items() if i != action.one_on_one and _theirs(s)]
                assert is_free(action.placement.times, [*desk.taken, *others])
            if isinstance(action, CreateSlot | MoveSlot):
                assert action.placement.end <= desk.records[action.one_on_one].start
                assert action.placement.start >= desk.now
        untouched = [s for s in after.slots.values() if _untouched(s)]
        for n, slot in enumerate(untouched):
            assert is_free(slot.times, [s.times for s in untouched[n + 1 :]])
        for slot in untouched:
            one = desk.records[slot.one_on_one]
            if slot.state is SlotState.LIVE and one.state is State.STANDING and one.start > desk.now:
                assert is_free(slot.times, desk.taken)
        assert sum(link.state is LinkState.ON for link in _coming(desk)) <= len({o.person for o in ones})


def _theirs(slot):
    return slot.state in (SlotState.LIVE, SlotState.RELEASED)


def _untouched(slot):
    return slot.state is SlotState.LIVE and not slot.edited and not slot.dragged and not slot.overlaps


def _coming(desk):
    return [
        link
        for link in desk.made.links.values()
        if (one := desk.records[link.one_on_one]).end > desk.now
        and one.state in (State.STANDING, State.DECLINED, State.NOT_ONE_ON_ONE)
    ]


@given(
    st.lists(st.tuples(GRID, st.sampled_from([15, 30, 60])), min_size=1, max_size=6),
    st.lists(GRID, max_size=6),
)
@settings(max_examples=120, deadline=None)
def test_first_slots_overlap_no_meeting_and_no_other_slot_but_where_they_say_so(meetings, busy):
    ones = [
        record(event(when, id=f"e{n}", guests=(ME, f"p{n}@example.com"), minutes=minutes))
        for n, (when, minutes) in enumerate(meetings)
    ]
    desk = Desk(*ones, wishes=SLOTS_ONLY)
    desk.other = [Times(b, b + 25 * MINUTE) for b in busy]
    desk.cycle()
    placed = list(desk.made.slots.values())
    for slot in placed:
        others = [s.times for s in placed if s is not slot and not s.overlaps]
        assert slot.overlaps or is_free(slot.times, [*desk.taken, *others])
        assert slot.end - slot.start == timedelta(minutes=10)
        assert slot.start >= NOW


def test_a_slot_whose_one_on_one_is_no_longer_on_record_is_left_alone():
    desk = desk_with_slot()
    desk.records.clear()
    assert desk.cycle() == []


def test_weeks_ahead_are_planned_in_the_order_of_their_starts():
    ones = [record(occurrence(at("11-24 10:00") + n * WEEK)) for n in (1, 0)]
    done = Desk(*ones, wishes=SLOTS_ONLY).cycle()
    assert [a.one_on_one for a in done] == [ones[1].id, ones[0].id]
