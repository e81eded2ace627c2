"""Retries: when, how long, and that they end."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import NotFound, Throttled, Unavailable
from connectors.retry import Retry, seconds_to_wait

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


class Script:
    """Fails as told, then answers; time passes only in its sleeps, and `each` seconds in every attempt."""

    def __init__(self, failures, each=0.0):
        self.failures, self.each = list(failures), each
        self.now, self.attempts, self.waits = 0.0, 0, []

    def __call__(self):
        self.attempts += 1
        self.now += self.each
        if self.failures:
            raise self.failures.pop(0)
        return "answer"

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds

    def run(self, *, safe=True, **policy):
        retry = Retry(sleep=self.sleep, clock=lambda: self.now, **policy)
        return retry.call(self, safe=safe)


def lost():
    return Unavailable("lost", maybe_done=True)


def test_an_answer_is_given_at_once():
    script = Script([])
    assert script.run() == "answer"
    assert (script.attempts, script.waits) == (1, [])


def test_a_safe_request_is_repeated_until_it_answers():
    script = Script([lost(), Unavailable("no"), lost()])
    assert script.run() == "answer"
    assert script.attempts == 4


def test_an_unsafe_request_that_may_have_been_carried_out_is_not_repeated():
    script = Script([lost()])
    with pytest.raises(Unavailable):
        script.run(safe=False)
    assert script.attempts == 1


def test_an_unsafe_request_that_surely_was_not_carried_out_is_repeated():
    script = Script([Unavailable("no connection"), Throttled("later", retry_after=1.0)])
    assert script.run(safe=False) == "answer"


def test_the_last_failure_tells_if_any_attempt_may_have_been_carried_out():
    script = Script([lost(), *(Unavailable("no") for _ in range(9))])
    with pytest.raises(Unavailable) as failure:
        script.run(attempts=3)
    assert failure.value.maybe_done


def test_what_is_an_answer_is_not_repeated():
    script = Script([NotFound("gone")])
    with pytest.raises(NotFound):
        script.run()
    assert script.attempts == 1


def test_a_short_retry_after_is_waited_out():
    script = Script([Throttled("later", retry_after=7.0)])
    assert script.run() == "answer"
    assert script.waits[0] >= 7.0


def test_a_long_retry_after_is_for_the_caller_to_wait():
    script = Script([Throttled("later", retry_after=21.0)])
    with pytest.raises(Throttled) as failure:
        script.run()
    assert (failure.value.retry_after, script.waits) == (21.0, [])


def test_a_stop_cuts_a_wait_short():
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    script = Script([lost()])
    with pytest.raises(Unavailable):
        Retry(stop=stop, uniform=lambda low, high: 50.0).call(script, safe=True)
    assert script.attempts == 1


failures = st.lists(
    st.one_of(
        st.builds(Unavailable, st.just("x"), maybe_done=st.booleans()),
        st.builds(Throttled, st.just("x"), retry_after=st.none() | st.floats(0, 100)),
    ),
    max_size=12,
)


@given(
    failures=failures,
    each=st.floats(0, 40),
    attempts=st.integers(1, 8),
    budget=st.floats(0, 120),
    patience=st.floats(0, 60),
    safe=st.booleans(),
)
def test_attempts_waits_and_time_are_bounded(failures, each, attempts, budget, patience, safe):
    script = Script(failures, each)
    with contextlib.suppress(Unavailable):
        script.run(safe=safe, attempts=attempts, budget=budget, patience=patience)
    assert script.attempts <= attempts
    assert all(0 <= wait <= 8.0 + patience for wait in script.waits)
    if script.attempts > 1:
        assert script.now - each <= budget + 1e-6


# --- Retry-After ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 5000, 9999999999.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("Mon, 02 Nov 2026 08:00:05 -0000", 5.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 99 Nov 2026 08:00:05 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_spellings(header, seconds):
    assert seconds_to_wait(header, NOW) == seconds


@given(st.text())
def test_no_retry_after_makes_it_raise(header):
    seconds = seconds_to_wait(header, NOW)
    assert seconds is None or seconds >= 0
