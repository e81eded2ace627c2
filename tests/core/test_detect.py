"""What is a 1:1, rule by rule."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.values import Attendee, Event, EventKind, Organizer, Response, Status
from daemon.core.detect import Acquaintance, OneOff, Rules, Verdict, by_known_titles, label
from daemon.core.model import Attendance, Owner, Role
from tests.build import (
    DANA,
    HOUR,
    KIM,
    ME,
    NOW,
    RULES,
    answered,
    cancelled,
    event,
    guest,
    occurrence,
    organizer,
)

ALL = replace(RULES, one_off=OneOff.ALL)
ROOM = Attendee("room-5@resource.calendar.google.com", "Room 5")


def knowing(**more):
    dana = Acquaintance(DANA, "Dana R.", Role.MANAGER, **more)
    return replace(RULES, people={DANA: dana, "d.reyes@old.example": dana})


def verdict(seen, rules=RULES):
    return label(seen, rules).verdict


# --- two people -------------------------------------------------------------------------------------------


def test_two_people_and_a_title_that_says_so_are_a_one_on_one():
    found = label(event(), RULES)
    assert (found.verdict, found.person, found.name, found.owner, found.attendance) == (
        Verdict.ONE_ON_ONE,
        DANA,
        "Dana Reyes",
        Owner.THEM,
        Attendance.ACCEPTED,
    )
    assert found.reason == "two people, and its title says so"


def test_three_people_are_not():
    found = label(event(guests=(ME, DANA, KIM)), RULES)
    assert (found.verdict, found.reason) == (Verdict.NOT, "3 people take part")
    assert found.people == (DANA, KIM)


def test_somebody_who_declined_still_counts_as_one_of_two():
    assert verdict(event(them=Response.DECLINED)) is Verdict.ONE_ON_ONE


def test_a_third_who_declined_still_counts_as_a_third():
    three = event(guests=(ME, DANA, KIM))
    assert (
        verdict(replace(three, attendees=(*three.attendees[:2], guest(KIM, Response.DECLINED))))
        is Verdict.NOT
    )


def test_nobody_else_is_no_one_on_one():
    assert label(event(by=ME, guests=(ME,)), RULES).reason == "nobody else takes part"
    assert label(event(by=ME, guests=()), RULES).reason == "nobody else takes part"


def test_an_event_that_the_user_has_no_part_in_is_none():
    assert label(event(guests=(DANA, KIM)), RULES).reason == "you are not among its guests"


@pytest.mark.parametrize(
    "extra",
    [
        ROOM,
        Attendee("projector@example.com", is_resource=True),
        Attendee("team@group.calendar.google.com"),
        Attendee("fred@fireflies.ai", "Fireflies"),
        Attendee("notetaker@anything.example"),
        Attendee("notes@otter.ai"),
    ],
)
def test_rooms_resources_and_notetakers_are_no_people(extra):
    seen = event()
    assert verdict(replace(seen, attendees=(*seen.attendees, extra))) is Verdict.ONE_ON_ONE


def test_addresses_that_the_user_ignores_are_no_people():
    seen = event(guests=(ME, DANA, "bot@tools.example"))
    assert verdict(seen, replace(RULES, ignore=("*@tools.example",))) is Verdict.ONE_ON_ONE
    assert verdict(seen) is Verdict.NOT


def test_the_user_is_known_by_any_of_their_addresses():
    seen = event(guests=("moss@alias.example", DANA))
    assert verdict(seen) is Verdict.NOT
    assert verdict(seen, replace(RULES, me=frozenset({ME, "moss@alias.example"}))) is Verdict.ONE_ON_ONE


def test_the_user_twice_over_is_one_person():
    seen = event(guests=(ME, "moss@alias.example", DANA))
    assert verdict(seen, replace(RULES, me=frozenset({ME, "moss@alias.example"}))) is Verdict.ONE_ON_ONE


def test_two_entries_that_both_say_self_are_the_user():
    seen = event()
    other = Attendee("alex@personal.example", "Alex", is_self=True)
    assert verdict(replace(seen, attendees=(*seen.attendees, other))) is Verdict.ONE_ON_ONE


def test_a_person_with_two_addresses_is_one_and_shown_by_the_configured_one():
    found = label(event(guests=(ME, "d.reyes@old.example")), knowing())
    assert (found.person, found.name) == (DANA, "Dana R.")
    assert verdict(event(guests=(ME, DANA, "d.reyes@old.example")), knowing()) is Verdict.ONE_ON_ONE


def test_the_organizer_under_an_alias_is_still_them():
    seen = event(by="d.reyes@old.example")
    assert label(seen, knowing()).owner is Owner.THEM


# --- organizers who are not on the list -------------------------------------------------------------------


def test_the_user_who_organizes_without_being_listed_takes_part():
    found = label(event(by=ME, guests=(DANA,)), RULES)
    assert (found.verdict, found.owner, found.attendance) == (
        Verdict.ONE_ON_ONE,
        Owner.ME,
        Attendance.ORGANIZER,
    )


def test_two_guests_of_an_unlisted_user_are_three_people():
    assert label(event(by=ME, guests=(DANA, KIM)), RULES).reason == "3 people take part"


def test_an_unlisted_organizer_takes_part_where_the_user_is_the_only_guest():
    found = label(event(guests=(ME,)), RULES)
    assert (found.verdict, found.person, found.owner) == (Verdict.ONE_ON_ONE, DANA, Owner.THEM)


def test_the_only_guest_beside_a_room_is_still_the_only_one():
    seen = event(guests=(ME,))
    assert verdict(replace(seen, attendees=(*seen.attendees, ROOM))) is Verdict.ONE_ON_ONE


def test_an_unlisted_organizer_of_two_is_only_a_scheduler():
    found = label(event(by=KIM), RULES)
    assert (found.verdict, found.person, found.owner) == (Verdict.ONE_ON_ONE, DANA, Owner.OTHER)


@pytest.mark.parametrize(
    "nobody", ["team@group.calendar.google.com", "unknownorganizer@calendar.google.com", ""]
)
def test_an_organizer_who_is_no_person_does_not_take_part(nobody):
    assert verdict(replace(event(guests=(ME,)), organizer=Organizer(nobody))) is Verdict.NOT


def test_on_a_secondary_calendar_the_calendar_itself_organizes_for_the_user():
    own = Organizer("c1@group.calendar.google.com", "Coaching", is_self=True)
    found = label(replace(event(guests=(DANA,)), organizer=own), RULES)
    assert (found.verdict, found.owner) == (Verdict.ONE_ON_ONE, Owner.ME)


# --- not decidable ----------------------------------------------------------------------------------------


def test_a_hidden_guest_list_tells_nothing():
    assert "hidden" in label(event(guests_hidden=True), RULES).reason
    assert verdict(event(guests_hidden=True), ALL) is Verdict.NOT


def test_a_guest_without_an_address_is_nobody_to_prepare_for():
    seen = event(guests=(ME,))
    assert verdict(replace(seen, attendees=(*seen.attendees, Attendee("", "Somebody")))) is Verdict.NOT


def test_guests_who_bring_others_make_more_than_two():
    seen = event()
    more = replace(seen.attendees[1], additional_guests=1)
    assert (
        label(replace(seen, attendees=(seen.attendees[0], more)), RULES).reason
        == "a guest brings others along"
    )


def test_a_known_kind_of_mailing_list_is_no_person():
    assert verdict(event(guests=(ME, "team@googlegroups.com"))) is Verdict.NOT


# --- not a meeting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [k for k in EventKind if k is not EventKind.MEETING])
def test_no_other_kind_of_event_is_a_one_on_one(kind):
    assert verdict(event(kind=kind)) is Verdict.NOT


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"all_day": True}, "it lasts all day"),
        ({"busy": False}, "it is shown as free"),
        ({"minutes": 0}, "it has no length"),
        ({"minutes": 181}, "it is longer than detect.max_duration (3h)"),
    ],
)
def test_what_is_no_timed_meeting_says_why(more, reason):
    found = label(event(**more), RULES)
    assert (found.verdict, found.reason) == (Verdict.NOT, reason)


def test_exactly_the_longest_duration_still_counts():
    assert verdict(event(minutes=180)) is Verdict.ONE_ON_ONE
    assert verdict(event(minutes=61), replace(RULES, max_duration=HOUR)) is Verdict.NOT


def test_free_because_the_user_declined_or_it_was_cancelled_still_counts():
    assert verdict(event(busy=False, me=Response.DECLINED)) is Verdict.ONE_ON_ONE
    assert verdict(cancelled(event(busy=False))) is Verdict.ONE_ON_ONE
    unflagged = event(busy=False, me=Response.DECLINED)
    mine = replace(unflagged.attendees[0], is_self=False)
    assert verdict(replace(unflagged, attendees=(mine, unflagged.attendees[1]))) is Verdict.ONE_ON_ONE


def test_a_cancelled_event_is_judged_as_if_it_were_live():
    assert label(cancelled(event()), RULES) == label(event(), RULES)


def test_what_prepd_made_is_ours():
    assert verdict(event(mark="1 abc 0 20261124T095000Z h")) is Verdict.OURS


# --- one-offs and series ----------------------------------------------------------------------------------


def test_occurrences_of_a_series_are_one_on_ones_whatever_their_title():
    assert verdict(occurrence("11-24 10:00", title="Budget")) is Verdict.ONE_ON_ONE


def test_each_occurrence_is_judged_by_itself():
    assert verdict(occurrence("11-24 10:00", guests=(ME, DANA, KIM))) is Verdict.NOT


@pytest.mark.parametrize(
    ("one_off", "title", "expected"),
    [
        (OneOff.TITLED, "1:1", Verdict.ONE_ON_ONE),
        (OneOff.TITLED, "Budget", Verdict.TWO_PEOPLE),
        (OneOff.ALL, "Budget", Verdict.ONE_ON_ONE),
        (OneOff.NEVER, "1:1", Verdict.TWO_PEOPLE),
    ],
)
def test_one_offs_count_as_the_config_says(one_off, title, expected):
    assert verdict(event(title=title), replace(RULES, one_off=one_off)) is expected


def test_a_one_off_titled_with_the_two_names_says_so():
    assert verdict(event(title="Dana / Alex")) is Verdict.ONE_ON_ONE
    assert verdict(event(title="Dana / Kim")) is Verdict.TWO_PEOPLE


def test_the_config_can_count_every_meeting_with_a_person_or_none():
    assert verdict(event(title="Budget"), knowing(one_on_one=True)) is Verdict.ONE_ON_ONE
    none = label(occurrence("11-24 10:00"), knowing(one_on_one=False))
    assert (none.verdict, none.by_config) == (Verdict.NOT, True)


def test_a_one_off_titled_like_a_series_with_the_same_person_counts():
    series, extra = (
        occurrence("11-24 10:00", title="Dana sync"),
        event("11-26 15:00", id="x", title="dana  SYNC"),
    )
    labels = {e.id: (e, label(e, RULES)) for e in (series, extra)}
    assert by_known_titles(labels, [], RULES)["x"][1].verdict is Verdict.ONE_ON_ONE
    alone = {"x": labels["x"]}
    assert by_known_titles(alone, [(DANA, "Dana sync")], RULES)["x"][1].verdict is Verdict.ONE_ON_ONE
    assert by_known_titles(alone, [(KIM, "Dana sync")], RULES)["x"][1].verdict is Verdict.TWO_PEOPLE


def test_having_no_title_is_not_being_titled_alike():
    extra = event(id="x", title="")
    labels = {"x": (extra, label(extra, RULES))}
    assert by_known_titles(labels, [(DANA, "")], RULES)["x"][1].verdict is Verdict.TWO_PEOPLE


# --- answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Response.ACCEPTED, Attendance.ACCEPTED),
        (Response.DECLINED, Attendance.DECLINED),
        (Response.TENTATIVE, Attendance.TENTATIVE),
        (Response.NEEDS_ACTION, Attendance.NEEDS_ACTION),
    ],
)
def test_the_users_answer_is_told(answer, expected):
    assert label(event(me=answer), RULES).attendance is expected


def test_their_answer_is_told():
    assert label(answered(event(), them=Response.TENTATIVE), RULES).their_response is Response.TENTATIVE


# --- anything -----------------------------------------------------------------------------------------------

ADDRESSES = st.sampled_from(
    [ME, DANA, KIM, "", "x@resource.calendar.google.com", "d.reyes@old.example", "*@[x"]
)
GUESTS = st.builds(
    Attendee,
    ADDRESSES,
    st.text(max_size=5),
    st.sampled_from(Response),
    is_self=st.booleans(),
    is_organizer=st.booleans(),
    is_resource=st.booleans(),
    additional_guests=st.integers(0, 2),
)
EVENTS = st.builds(
    Event,
    id=st.just("e"),
    title=st.text(max_size=20),
    start=st.just(NOW),
    end=st.sampled_from([NOW - HOUR, NOW, NOW + HOUR, NOW + 4 * HOUR]),
    status=st.sampled_from(Status),
    kind=st.sampled_from(EventKind),
    all_day=st.booleans(),
    busy=st.booleans(),
    series_id=st.sampled_from([None, "s"]),
    organizer=st.none() | st.builds(Organizer, ADDRESSES, st.text(max_size=5), st.booleans()),
    attendees=st.lists(GUESTS, max_size=4).map(tuple),
    guests_hidden=st.booleans(),
)


@given(EVENTS, st.sampled_from([RULES, ALL, knowing(one_on_one=True), knowing(one_on_one=False), Rules()]))
@settings(max_examples=150, deadline=None)
def test_every_event_has_an_answer_and_a_reason(seen, rules):
    found = label(seen, rules)
    assert found.reason
    if found.verdict in (Verdict.ONE_ON_ONE, Verdict.TWO_PEOPLE):
        assert found.person
        assert found.name
        assert found.person not in rules.me
        assert found.person == rules.canonical(found.person)


@given(EVENTS, st.permutations(range(4)))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_guest_list_does_not_matter(seen, order):
    shuffled = tuple(seen.attendees[i] for i in order if i < len(seen.attendees))
    first, second = label(seen, RULES), label(replace(seen, attendees=shuffled), RULES)
    assert (first.verdict, first.person) == (second.verdict, second.person)


def test_a_list_of_ten_thousand_guests_is_no_matter():
    seen = event(guests=(ME, *(f"p{i}@example.com" for i in range(10_000))))
    found = label(seen, RULES)
    assert found.verdict is Verdict.NOT
    assert len(found.people) <= 10


def test_an_event_with_nothing_in_it_is_no_one_on_one():
    assert verdict(Event("e", "", NOW, NOW + HOUR)) is Verdict.NOT
    assert verdict(Event("e", "", NOW, NOW + HOUR, organizer=organizer(ME))) is Verdict.NOT
