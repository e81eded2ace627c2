"""What failed is tried again later, by whichever process, and whatever the clock does meanwhile."""

from __future__ import annotations

from daemon.delivery import attempts
from daemon.store.state import State
from tests.build import DAY, HOUR, MINUTE, NOW

KEY = attempts.delivery_key("notify", "2026-W47")


def failed(times, now=NOW):
    state = State()
    for _ in range(times):
        state = attempts.failed(state, KEY, "it is down", now)
    return state


def test_what_never_failed_waits_for_nothing():
    assert not attempts.waits(State(), KEY, NOW)


def test_each_failure_makes_the_wait_longer_up_to_two_hours():
    waits = [failed(n).attempts[KEY].next_at - NOW for n in range(1, 8)]
    assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 80 * MINUTE, 2 * HOUR, 2 * HOUR]


def test_it_waits_until_then_and_no_longer():
    state = failed(2)
    assert attempts.waits(state, KEY, NOW + 10 * MINUTE - MINUTE)
    assert not attempts.waits(state, KEY, NOW + 10 * MINUTE)


def test_a_clock_that_was_set_back_is_no_reason_to_wait():
    state = failed(2)
    assert not attempts.waits(state, KEY, NOW - DAY)
    assert not attempts.waits(state, KEY, NOW - MINUTE)
    assert attempts.waits(state, KEY, NOW)


def test_it_failed_since_the_first_time_and_says_why_it_did_last():
    state = attempts.failed(failed(2), KEY, "it answered HTTP 500", NOW + HOUR)
    found = state.attempts[KEY]
    assert (found.since, found.tries, found.error) == (NOW, 3, "it answered HTTP 500")


def test_what_was_begun_and_not_finished_waits_without_counting_as_a_failure():
    before = attempts.failed(State(), KEY, "it is down", NOW, frozenset({"a"}))
    state = attempts.begun(before, KEY, NOW + HOUR)
    found = state.attempts[KEY]
    assert (found.tries, found.since, found.taken) == (1, NOW, ("a",))
    assert attempts.waits(state, KEY, NOW + HOUR)
    assert not attempts.waits(state, KEY, NOW + HOUR + 5 * MINUTE)


def test_who_took_it_is_remembered_over_all_tries():
    state = attempts.failed(State(), KEY, "b is down", NOW, frozenset({"a"}))
    state = attempts.failed(state, KEY, "c is down", NOW, frozenset({"b"}))
    assert attempts.taken(state, KEY) == {"a", "b"}
    assert attempts.taken(state, "another") == frozenset()


def test_what_succeeded_is_forgotten_and_nothing_else():
    state = attempts.failed(failed(1), "another", "it is down", NOW)
    assert attempts.settled(state, KEY).attempts.keys() == {"another"}
    assert attempts.settled(state, "unknown") is state
