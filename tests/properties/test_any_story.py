"""Whatever two people do, and whenever prepd looks: nobody is blamed for the other's act, nothing counts twice.

The stories are drawn by Hypothesis and played on a small reference calendar, which knows what really happened.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.properties.acts import Act, Pause, Step, Verb, glimpsed, watched
from tests.properties.meetings import MANNERS
from tests.properties.reference import Reference, entries
from tests.properties.shown import Observer, ShownCalendar
from tests.properties.verdicts import check_blame, check_counts, check_finals

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
MANY = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)
MANNER = st.sampled_from(sorted(MANNERS))


def prepd_for(manner):
    reference = Reference(START, MANNERS[manner])
    return reference, Observer(ShownCalendar(reference))


HOUR = timedelta(hours=1)
MADE = Act(Verb.SCHEDULE, shift=3 * HOUR)
TWO = Act(Verb.SCHEDULE, shift=26 * HOUR, count=2)
TWO_BY_ALEX = Act(Verb.SCHEDULE, shift=50 * HOUR, alex=True, count=2)


def unseen(*acts):
    """The first one is looked at, the others are not, before the last look."""
    first, *rest = acts
    return [Step(first), *(Step(act, looks=False) for act in rest)]


DECLINED_AND_MOVED = [Step(MADE), Step(Act(Verb.DECLINE)), Step(Act(Verb.MOVE, shift=HOUR))]
LAST_DATE_OF_A_SPLIT_SERIES = [Step(TWO), Step(Act(Verb.FOLLOWING, 1, HOUR)), Step(Act(Verb.CANCEL))]
CANCELLED_WHILE_ANOTHER_SERIES_IS_MADE = unseen(TWO, Act(Verb.CANCEL, 1), TWO_BY_ALEX)
CANCELLED_AND_THE_OTHER_ONE_MAKES_A_SERIES = unseen(TWO_BY_ALEX, Act(Verb.CANCEL_SERIES), TWO)
MOVED_AS_A_WHOLE_AND_ONE_DATE_CANCELLED = unseen(TWO, Act(Verb.MOVE_SERIES, shift=HOUR), Act(Verb.CANCEL, 1))
ONE_DATE_CANCELLED_AND_THEN_ALL = unseen(TWO, Act(Verb.CANCEL), Act(Verb.CANCEL_SERIES))

REMOVED_WHEN_IT_WAS_OVER = unseen(MADE, Pause(5 * HOUR), Act(Verb.BURY))


@given(watched(12), MANNER)
@example(DECLINED_AND_MOVED, "google")
@example(LAST_DATE_OF_A_SPLIT_SERIES, "google")
@MANY
def test_a_look_after_each_act_gives_exactly_what_happened(story, manner):
    reference, prepd = prepd_for(manner)
    prepd.look(reference.now)
    for step in story:
        _, expected = reference.play(step.what)
        told = sorted(entries(prepd.look(reference.now, full=step.full)))
        assert told == expected, f"after {step}"
    check_blame(reference, prepd.changes)
    assert check_counts(prepd.changes, prepd.records, reference) == reference.ended()


@given(glimpsed(16), MANNER)
@example(CANCELLED_WHILE_ANOTHER_SERIES_IS_MADE, "google")
@example(CANCELLED_AND_THE_OTHER_ONE_MAKES_A_SERIES, "google")
@example(CANCELLED_AND_THE_OTHER_ONE_MAKES_A_SERIES, "outlook")
@example(MOVED_AS_A_WHOLE_AND_ONE_DATE_CANCELLED, "google")
@example(ONE_DATE_CANCELLED_AND_THEN_ALL, "google")
@example(REMOVED_WHEN_IT_WAS_OVER, "google")
@example(REMOVED_WHEN_IT_WAS_OVER, "outlook")
@MANY
def test_looks_at_any_time_never_contradict_what_happened(story, manner):
    reference, prepd = prepd_for(manner)
    prepd.look(reference.now)
    for step in story:
        reference.play(step.what)
        if step.looks:
            prepd.look(reference.now, full=step.full)
    prepd.look(reference.now)
    check_blame(reference, prepd.changes)
    check_counts(prepd.changes, prepd.records, reference)
    check_finals(reference, prepd.changes)


@given(glimpsed(12), MANNER, st.booleans())
@MANY
def test_a_look_again_tells_nothing(story, manner, full):
    reference, prepd = prepd_for(manner)
    prepd.look(reference.now)
    for step in story:
        reference.play(step.what)
        if step.looks:
            prepd.look(reference.now, full=step.full)
            before = dict(prepd.records)
            assert prepd.look(reference.now, full=full) == ()
            assert prepd.records == before
