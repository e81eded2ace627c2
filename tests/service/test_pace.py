"""When accounts are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connectors.errors import SignInNeeded, Throttled, Unavailable
from daemon.service.pace import FIRST_RETRY, JITTER, LONGEST_RETRY, Pace
from daemon.troubles import AccountOutcome

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
EVERY = timedelta(minutes=1)


def most(_low: float, high: float) -> float:
    return high


def went(name: str, error=None, *, read: bool = False) -> AccountOutcome:
    return AccountOutcome(name, error, read=error is None or read, requests=1, events_read=0, full=False)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def failing(times: int, error, *, read: bool = False) -> list[float]:
    """How long an account waits after each of so many failures, in seconds."""
    pace, now, waits = Pace(), NOW, []
    for _ in range(times):
        pace = pace.after([went("work", error, read=read)], EVERY, now, most)
        waits.append((pace.waits["work"].until - now).total_seconds())
        now = pace.waits["work"].until
    return waits


def test_everything_is_due_at_the_start():
    assert Pace().due(["work", "client"], NOW) == {"work", "client"}


@given(draw=some.floats(0, 1))
def test_a_cycle_follows_the_last_within_the_jitter(draw):
    pace = Pace().after([went("work")], EVERY, NOW, lambda low, high: low + draw * (high - low))
    assert abs((pace.next_at - NOW) / EVERY - 1) <= JITTER + 1e-9
    assert not pace.due(["work"], pace.next_at - timedelta(microseconds=1))
    assert pace.due(["work"], pace.next_at) == {"work"}


def test_a_first_failure_is_tried_again_after_seconds_and_each_one_later():
    assert failing(5, Unavailable("down")) == [5, 10, 20, 40, 80]


def test_no_wait_is_longer_than_half_an_hour():
    assert failing(60, SignInNeeded("sign in"))[-1] == LONGEST_RETRY.total_seconds()


def test_an_account_that_could_be_read_is_tried_again_within_five_minutes():
    assert failing(60, Unavailable("no docs"), read=True)[-1] == 300


@pytest.mark.parametrize(("asked", "waits"), [(900, 900), (1, 5), (10**9, 86_400)])
def test_a_provider_that_says_how_long_to_wait_is_obeyed_up_to_a_day(asked, waits):
    assert failing(1, Throttled("slow down", retry_after=asked)) == [waits]


def test_the_others_go_on_at_their_pace():
    pace = Pace().after([went("work"), went("client", Unavailable("down"))], EVERY, NOW, most)
    assert pace.due(["work", "client"], after(5)) == {"client"}
    again = pace.after([went("client", Unavailable("down"))], EVERY, after(5), most)
    assert again.next_at == pace.next_at
    assert again.due(["work", "client"], pace.next_at) == {"work", "client"}


def test_success_ends_the_wait():
    pace = Pace().after([went("work", Unavailable("down"))], EVERY, NOW, most)
    assert Pace.after(pace, [went("work")], EVERY, after(5), most).waits == {}


def test_a_cycle_that_came_to_no_end_has_its_accounts_wait():
    pace = Pace().after_failure(["work"], EVERY, NOW, most)
    assert not pace.due(["work"], after(4))
    assert pace.due(["work"], after(5)) == {"work"}


def test_a_clock_set_back_changes_no_wait():
    pace = Pace().after([went("work"), went("client", Unavailable("down"))], EVERY, NOW, most)
    back = pace.shifted(timedelta(hours=-3))
    assert back.due(["work", "client"], NOW - timedelta(hours=3)) == set()
    assert back.due(["client"], after(5) - timedelta(hours=3)) == {"client"}
    assert back.next_at == pace.next_at - timedelta(hours=3)


def test_after_a_sleep_what_failed_is_tried_as_if_for_the_first_time():
    pace, now = Pace(), NOW
    for _ in range(20):
        pace = pace.after([went("work", Unavailable("down"))], EVERY, now, most)
        now = pace.waits["work"].until
    pace = pace.renewed()
    assert pace.due(["work"], now) == {"work"}
    pace = pace.after([went("work", Unavailable("down"))], EVERY, now, most)
    assert pace.waits["work"].until - now == FIRST_RETRY


def test_a_sleep_does_not_cut_short_what_a_provider_asked_for():
    pace = Pace().after([went("work", Throttled("slow down", retry_after=900))], EVERY, NOW, most).renewed()
    assert pace.due(["work"], after(899)) == set()
    assert pace.due(["work"], after(900)) == {"work"}


def test_the_next_cycle_is_the_earliest_of_what_is_due():
    assert Pace().next_due() is None
    pace = Pace().after([went("work"), went("client", Unavailable("down"))], EVERY, NOW, most)
    assert pace.next_due() == after(5)
