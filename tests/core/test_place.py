"""Where a reflection slot goes."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.model import Times
from daemon.core.planning.place import is_free, place
from tests.build import HOUR, MINUTE, NOW, at, times

TEN = timedelta(minutes=10)
MEETING = at("11-23 12:00")


def placed(*taken, meeting=MEETING, length=TEN, look_back=2 * HOUR, now=NOW):
    return place(meeting, length, look_back, taken, now)


def test_with_nothing_taken_it_ends_when_the_meeting_starts():
    found = placed()
    assert (found.times, found.overlaps, found.reason) == (
        times("11-23 11:50", 10),
        False,
        "directly before the 1:1",
    )


def test_a_meeting_before_pushes_it_to_before_that_one():
    found = placed(times("11-23 11:30"))
    assert (found.times, found.overlaps) == (times("11-23 11:20", 10), False)
    assert found.reason == "the latest free stretch before the 1:1"


def test_a_gap_that_is_just_long_enough_is_taken():
    assert placed(times("11-23 11:50", 10), times("11-23 11:10")).times == times("11-23 11:40", 10)


def test_a_gap_that_is_too_short_is_passed_over():
    assert placed(times("11-23 11:50", 10), times("11-23 11:11")).times == times("11-23 11:01", 10)


def test_a_meeting_that_ends_ten_minutes_before_leaves_its_place():
    assert placed(times("11-23 11:20", 30)).times == times("11-23 11:50", 10)


def test_with_nothing_free_it_is_directly_before_all_the_same_and_says_so():
    found = placed(times("11-23 09:00", 180))
    assert (found.times, found.overlaps) == (times("11-23 11:50", 10), True)
    assert "nothing is free in the 120 minutes before it" in found.reason


def test_a_free_stretch_further_back_than_look_back_does_not_count():
    assert placed(times("11-23 10:05", 115)).overlaps is True
    assert placed(times("11-23 10:10", 110)).times == times("11-23 10:00", 10)


def test_it_never_begins_before_now():
    assert placed(now=at("11-23 11:51")) is None
    assert placed(now=at("11-23 11:50")).times == times("11-23 11:50", 10)
    assert placed(times("11-23 11:30"), now=at("11-23 11:25")).overlaps is True


def test_a_look_back_shorter_than_the_slot_still_lets_it_stand_directly_before():
    assert placed(look_back=timedelta(0)).times == times("11-23 11:50", 10)


BLOCKS = st.lists(
    st.tuples(st.integers(-60, 260), st.integers(0, 120)).map(
        lambda b: Times(NOW + b[0] * MINUTE, NOW + (b[0] + b[1]) * MINUTE)
    ),
    max_size=8,
)


@given(BLOCKS, st.integers(-20, 240), st.integers(1, 45), st.integers(0, 180))
@settings(max_examples=150, deadline=None)
def test_it_is_the_latest_free_stretch_or_says_that_there_is_none(blocks, minutes, length, back):
    meeting, length, back = NOW + minutes * MINUTE, length * MINUTE, back * MINUTE
    found = place(meeting, length, back, blocks, NOW)
    earliest = max(meeting - max(back, length), NOW)
    ends = [meeting - n * MINUTE for n in range(400) if meeting - n * MINUTE - length >= earliest]
    free = next((end for end in ends if is_free(Times(end - length, end), blocks)), None)
    if meeting - length < NOW:
        assert found is None
    elif free is None:
        assert (found.end, found.overlaps) == (meeting, True)
    else:
        assert (found.end, found.overlaps) == (free, False)
        assert is_free(found.times, blocks)
        assert found.start >= earliest
    assert found is None or found.end - found.start == length


def test_only_what_overlaps_takes_a_place():
    slot = times("11-23 11:50", 10)
    assert is_free(slot, [times("11-23 11:20"), times("11-23 12:00"), times("11-23 08:00")])
    assert not is_free(slot, [times("11-23 11:21")])
    assert not is_free(slot, [times("11-23 11:59", 1)])
