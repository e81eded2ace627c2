"""One read of a calendar: what it lists, what it asks for, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors import reading
from connectors.errors import BadAnswer, NotFound, Refused, SignInNeeded, Throttled, Unavailable
from connectors.kept import Busy
from connectors.reading import Request, read, takes_time
from connectors.values import Event, Known, Response, Series, Skipped, Status, Tombstone, Window
from tests.build import DAY, HOUR, ME, NOW, cancelled, event, moved, occurrence, organizer, weekly
from tests.fakes import FakeCalendar

WINDOW = Window(NOW - DAY, NOW + 30 * DAY)
ONE, TWO, THREE = (event(f"11-2{n} 10:00", id=f"e{n}") for n in (4, 5, 6))


def calendar(*events, **more):
    made = FakeCalendar(**more)
    made.put(*events)
    return made


def known(*events, **more):
    found = {e.id: Known(e.id, e.start, e.end, e.series_id) for e in events}
    return {"known": found} | more


def delta(of, token=None, keep=lambda seen: True, window=WINDOW, **more):
    return read(of, Request(window, token, **more), keep)


def asked(of):
    return [event_id for what, event_id in of.calls if what == "get"]


def items(found):
    return {i.id: i for i in found.items}


# --- full and incremental ---------------------------------------------------------------------------------------


def test_a_first_read_lists_the_window_over_all_pages_and_gives_a_token():
    found = delta(calendar(ONE, TWO, THREE))
    assert (set(items(found)), found.complete, found.token, found.events_read) == (
        {"e4", "e5", "e6"},
        True,
        "3",
        3,
    )


def test_a_read_by_token_lists_only_what_changed():
    cal = calendar(ONE, TWO)
    cal.put(moved(ONE, "11-27 10:00"))
    found = delta(cal, "2")
    assert (found.complete, found.items, found.token) == (False, (moved(ONE, "11-27 10:00"),), "3")


def test_nothing_new_is_one_call_and_an_empty_delta():
    cal = calendar(ONE)
    found = delta(cal, "1", **known(ONE))
    assert (found.items, found.events_read, cal.calls) == ((), 0, [("pages", "1")])


def test_an_expired_token_is_followed_by_a_full_read():
    cal = calendar(ONE, expired=True)
    found = delta(cal, "1")
    assert (found.complete, found.items, cal.calls) == (True, (ONE,), [("pages", "1"), ("pages", None)])


def test_what_came_before_a_token_expired_in_the_middle_does_not_count():
    class Expiring(FakeCalendar):
        def pages(self, window, token):
            if token is not None:
                yield next(iter(super().pages(window, "0")))
                raise reading.TokenExpired("in the middle")
            yield from super().pages(window, token)

    cal = Expiring(page_size=1)
    cal.put(ONE, TWO)
    cal.remove("e4", bare=False)
    found = delta(cal, "0")
    assert (found.complete, found.items, found.events_read) == (True, (TWO,), 1)


def test_a_provider_that_calls_no_token_expired_makes_no_sense():
    class Senseless(FakeCalendar):
        def pages(self, *asked):
            raise reading.TokenExpired(f"always: {asked}")

    with pytest.raises(BadAnswer):
        delta(Senseless(), "1")


def test_without_a_token_the_next_read_is_a_full_one():
    assert delta(calendar(ONE, gives_tokens=False)).token is None


def test_progress_counts_the_events_page_by_page():
    seen = []
    read(calendar(ONE, TWO, THREE), Request(WINDOW, None), lambda e: True, seen.append)
    assert seen == [2, 3]


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_what_nobody_wants_is_dropped_unless_it_is_known():
    found = delta(calendar(ONE, TWO), keep=lambda seen: False, **known(TWO))
    assert found.items == (TWO,)
    assert {b.event_id for b in found.busy} == {"e4", "e5"}


def test_a_delta_is_clipped_to_the_window():
    far = event("2027-11-24 10:00", id="far")
    cal = calendar(far, ONE)
    assert set(items(delta(cal, "0"))) == {"e4"}


def test_a_known_one_that_moved_out_of_the_window_is_told():
    cal = calendar(ONE)
    cal.put(moved(ONE, "2027-11-24 10:00"))
    assert delta(cal, "1", **known(ONE)).items == (moved(ONE, "2027-11-24 10:00"),)
    full = delta(cal, **known(ONE))
    assert (full.items, asked(cal)) == ((moved(ONE, "2027-11-24 10:00"),), ["e4"])


def test_the_last_word_on_an_event_counts():
    cal = calendar(ONE, moved(ONE, "11-27 10:00"))
    found = delta(cal, "0", **known(ONE))
    assert found.items == (moved(ONE, "11-27 10:00"),)
    assert [b.start for b in found.busy] == [moved(ONE, "11-27 10:00").start]


def test_an_event_that_is_no_longer_wanted_later_in_the_same_read_is_dropped():
    cal = calendar(ONE, replace(ONE, title="Budget"))
    assert delta(cal, "0", keep=lambda seen: seen.title == "1:1").items == ()


def test_one_that_was_deleted_and_made_again_in_one_read_is_there():
    cal = calendar(ONE)
    cal.remove("e4")
    cal.put(ONE)
    found = delta(cal, "0", **known(ONE))
    assert (found.items, asked(cal), found.freed) == ((ONE,), [], ())


# --- gone, or only missing ----------------------------------------------------------------------------------------


def test_a_bare_tombstone_of_a_known_one_is_asked_for():
    cal = calendar(ONE)
    cal.remove("e4")
    found = delta(cal, "1", **known(ONE))
    assert (found.items, asked(cal)) == ((Tombstone("e4"),), ["e4"])


def test_a_bare_tombstone_behind_which_the_provider_keeps_more_tells_more():
    cal = calendar(ONE)
    cal.log.append(Tombstone("e4"))
    cal.events["e4"] = cancelled(ONE)
    assert delta(cal, "1", **known(ONE)).items == (cancelled(ONE),)


def test_a_tombstone_whose_event_is_nowhere_stays_the_providers_word():
    cal = calendar(ONE)
    cal.remove("e4", bare=False)
    assert items(delta(cal, "1", **known(ONE)))["e4"].absent is False


def test_a_tombstone_of_what_nobody_knows_is_told_and_not_asked_for():
    cal = calendar(ONE)
    cal.remove("e4")
    assert (delta(cal, "1").items, asked(cal)) == ((Tombstone("e4"),), [])


def test_what_is_missing_from_a_full_read_is_asked_for_and_gone_only_then():
    cal = calendar(ONE, TWO)
    cal.remove("e4", bare=False, silently=True)
    found = delta(cal, **known(ONE, TWO))
    assert items(found) == {"e5": TWO, "e4": Tombstone("e4", absent=True)}
    assert asked(cal) == ["e4"]


def test_what_is_missing_but_there_is_there():
    class Forgetful(FakeCalendar):
        def pages(self, window, token):
            for page in super().pages(window, token):
                yield replace(page, items=())

    cal = Forgetful()
    cal.put(ONE)
    assert delta(cal, **known(ONE)).items == (ONE,)


def test_what_lies_outside_the_window_is_not_missed():
    far = event("2027-11-24 10:00", id="far")
    cal = calendar()
    assert (delta(cal, **known(far)).items, asked(cal)) == ((), [])


def test_what_is_missing_from_an_incremental_read_is_as_it_was():
    cal = calendar(ONE)
    assert (delta(cal, "1", **known(ONE)).items, asked(cal)) == ((), [])


def test_what_is_missing_of_a_series_that_was_listed_anew_is_asked_for():
    class Anew(FakeCalendar):
        def pages(self, window, token):
            for page in super().pages(window, token):
                yield replace(page, replaced=frozenset({second.series_id}))

    first, second, third = weekly("11-24 11:00", 3)
    cal = Anew()
    cal.put(ONE, second, first, third)
    cal.remove(second.id, bare=False, silently=True)
    found = delta(cal, "2", **known(ONE, first, second, third))
    assert items(found)[second.id] == Tombstone(second.id, second.series_id, absent=True)
    assert asked(cal) == [second.id]


@pytest.mark.parametrize("error", [Unavailable("down"), Throttled("slow"), BadAnswer("what"), Refused("no")])
def test_what_cannot_be_asked_for_is_neither_there_nor_gone(error):
    cal = calendar(ONE)
    cal.remove("e4")
    cal.failing["e4"] = error
    found = delta(cal, "1", **known(ONE))
    assert (found.items, found.unresolved) == ((), {"e4"})


def test_being_signed_out_in_the_middle_ends_the_read():
    cal = calendar(ONE)
    cal.remove("e4")
    cal.failing["e4"] = SignInNeeded("expired")
    with pytest.raises(SignInNeeded):
        delta(cal, "1", **known(ONE))


def test_what_was_left_open_is_asked_for_again():
    cal = calendar(ONE)
    found = delta(cal, "1", ask=frozenset({"e4"}), **known(ONE))
    assert (found.items, asked(cal)) == ((ONE,), ["e4"])


def test_what_was_left_open_and_is_listed_is_not_asked_for():
    cal = calendar(ONE)
    assert (delta(cal, ask=frozenset({"e4"}), **known(ONE)).items, asked(cal)) == ((ONE,), [])


def test_no_more_are_asked_for_than_is_decent_and_the_rest_stay_open(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ASKED", 2)
    cal = calendar(ONE, TWO, THREE)
    for each in (ONE, TWO, THREE):
        cal.remove(each.id)
    first = delta(cal, "3", **known(ONE, TWO, THREE))
    assert (set(items(first)), first.unresolved, asked(cal)) == ({"e4", "e5"}, {"e6"}, ["e4", "e5"])
    second = delta(cal, first.token, ask=first.unresolved, **known(THREE))
    assert (set(items(second)), second.unresolved) == ({"e6"}, frozenset())


def test_an_entry_that_cannot_be_read_is_told_and_a_known_one_left_open():
    cal = calendar(ONE)
    cal.log += [Skipped("e4", "it has no start"), Skipped("other", "it is no object")]
    found = delta(cal, "1", **known(ONE))
    assert ({s.id for s in found.skipped}, found.unresolved, found.items) == ({"e4", "other"}, {"e4"}, ())


def test_an_entry_that_can_be_read_again_is_settled():
    cal = calendar(ONE, page_size=1)
    cal.log += [Skipped("e4", "it has no start"), ONE]
    assert delta(cal, "1", **known(ONE)).unresolved == frozenset()


# --- series -----------------------------------------------------------------------------------------------------------

DATES = weekly("11-24 10:00", 3)


def test_with_a_series_tombstone_its_known_dates_are_asked_for():
    cal = calendar(*DATES)
    for each in DATES:
        cal.remove(each.id, bare=False, silently=True)
    cal.log.append(Tombstone("s1"))
    found = delta(cal, "3", **known(*DATES))
    assert asked(cal) == [d.id for d in DATES]
    assert all(items(found)[d.id] == Tombstone(d.id, "s1", absent=True) for d in DATES)
    assert set(found.freed) >= {d.id for d in DATES}, "its time is nobody's any more"
    assert found.series == (Series("s1", live=False),)


def test_a_date_that_lives_on_after_its_series_is_still_there():
    cal = calendar(*DATES)
    cal.remove(DATES[0].id, silently=True)
    cal.remove(DATES[1].id, silently=True)
    cal.log.append(Tombstone("s1"))
    found = delta(cal, "3", **known(*DATES))
    assert items(found)[DATES[2].id] == DATES[2]


def test_whether_a_series_goes_on_is_asked_where_all_known_dates_from_one_on_are_gone():
    cut = Series("s1", live=True, until=NOW + 2 * DAY)
    cal = calendar(*DATES, masters={"s1": cut})
    for each in DATES[1:]:
        cal.remove(each.id)
    assert delta(cal, "3", **known(*DATES)).series == (cut,)


def test_a_series_that_lost_several_dates_is_asked_for():
    goes_on = Series("s1", live=True)
    cal = calendar(*DATES, masters={"s1": goes_on})
    for each in DATES[:2]:
        cal.remove(each.id)
    assert delta(cal, "3", **known(*DATES)).series == (goes_on,)


def test_a_single_date_in_the_middle_asks_nothing_about_its_series():
    cal = calendar(*DATES)
    cal.remove(DATES[1].id)
    assert delta(cal, "3", **known(*DATES)).series == ()


def test_a_series_that_cannot_be_asked_for_is_not_told_of():
    cal = calendar(*DATES)
    for each in DATES:
        cal.remove(each.id)
    cal.failing["s1"] = Unavailable("down")
    assert delta(cal, "3", **known(*DATES)).series == ()


def test_a_series_with_dates_left_open_is_not_asked_for_yet():
    cal = calendar(*DATES)
    for each in DATES:
        cal.remove(each.id)
    cal.failing[DATES[1].id] = Unavailable("down")
    found = delta(cal, "3", **known(*DATES))
    assert (found.series, found.unresolved) == ((), {DATES[1].id})


# --- taken times ------------------------------------------------------------------------------------------------------


def test_taken_times_are_told_of_all_events_without_saying_by_what():
    found = delta(calendar(ONE), keep=lambda seen: False)
    assert found.busy == (Busy(ONE.start, ONE.end, "e4"),)


@pytest.mark.parametrize(
    "seen",
    [
        replace(ONE, busy=False),
        replace(ONE, all_day=True),
        cancelled(ONE),
        event("11-24 10:00", id="e4", me=Response.DECLINED),
    ],
)
def test_free_all_day_cancelled_and_declined_events_take_no_time_and_free_what_they_took(seen):
    assert takes_time(seen) is False
    cal = calendar(ONE)
    cal.put(seen)
    found = delta(cal, "1")
    assert (found.busy, found.freed) == ((), ("e4",))


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.TENTATIVE])
def test_tentative_events_take_time_too(status):
    assert takes_time(replace(ONE, status=status)) is True


def test_a_deleted_event_frees_its_time():
    cal = calendar(ONE)
    cal.remove("e4")
    assert delta(cal, "1").freed == ("e4",)


def test_taken_times_are_told_only_as_far_as_they_are_wanted():
    found = delta(calendar(ONE, TWO, THREE), busy=Window(WINDOW.start, TWO.start))
    assert {b.event_id for b in found.busy} == {"e4"}


def test_taken_times_that_are_past_are_not_told():
    found = delta(calendar(ONE, TWO, THREE), busy=Window(ONE.end, WINDOW.end))
    assert {b.event_id for b in found.busy} == {"e5", "e6"}


def test_an_event_moved_beyond_what_is_wanted_frees_its_time():
    cal = calendar(ONE)
    cal.put(moved(ONE, "12-20 10:00"))
    found = delta(cal, "1", busy=Window(NOW, NOW + 7 * DAY))
    assert (found.busy, found.freed) == ((), ("e4",))


def test_an_event_over_the_edge_of_the_window_counts():
    night = Event("n", "Night", WINDOW.start - HOUR, WINDOW.start + HOUR, organizer=organizer(ME))
    assert {b.event_id for b in delta(calendar(night)).busy} == {"n"}


def test_no_such_series_is_no_news():
    cal = calendar(occurrence("11-24 10:00"))
    cal.remove("s1_20261124T1000")
    cal.failing["s1"] = NotFound("gone")
    assert delta(cal, "1", **known(occurrence("11-24 10:00"))).series == ()
