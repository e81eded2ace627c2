"""What the weekly report counts, of whom, and in which week."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.kept import Notebook, PageRef
from daemon.core.artefacts import Artefacts, OpenPage
from daemon.core.detect import Acquaintance
from daemon.core.model import By, Gap, How, Kind, Owner, Role, State, Times
from daemon.core.report.counting import counts
from daemon.core.report.outcomes import act_of, endings, told_of
from daemon.core.weeks import week_named, weeks_to
from tests.build import DANA, DAY, HOUR, KIM, MINUTE, at, on_record, record
from tests.core.entries import FRIDAY, LONDON, RULES, WEEK, Told


def kinds(strip):
    return {s.week.name: [k.value for k in s.outcomes] for s in strip if s.outcomes}


# --- how each 1:1 ended ---------------------------------------------------------------------------------


def test_a_week_and_twelve_weeks_are_counted_apart():
    told = Told()
    told.held("11-17 10:00")
    told.held("09-01 10:00")
    told.held("08-30 10:00")  # a Sunday: the week before the twelve
    dana = told.of()
    assert (dana.week.held, dana.window.held) == (1, 2)


def test_a_week_begins_on_monday_in_the_users_time_zone():
    told = Told()
    told.held("10-18 22:59")
    told.held("10-18 23:00")  # Monday 00:00 in London's summer
    weeks = {w.week.name: w.counts.held for w in told.report().trend}
    assert (weeks["2026-W42"], weeks["2026-W43"]) == (1, 1)


def test_what_was_due_counts_once_by_how_it_ended():
    told = Told()
    told.held("11-16 10:00")
    told(Kind.NO_SHOW, "11-17 10:00", corrects=told.held("11-17 10:00"))
    told(Kind.EXCUSED, "11-18 10:00", corrects=told.held("11-18 10:00"))
    told.cancelled("11-19 10:00", by=By.ME)
    told.declined("11-20 10:00", by=By.ME)
    told.rebooked("11-20 11:00", "11-26 10:00")
    found = told.of().week
    assert (found.held, found.no_show, found.excused, found.rebooked) == (1, 1, 1, 1)
    assert found.cancelled == {"them": 0, "me": 1, "unknown": 0}
    assert found.declined == {"them": 0, "me": 1}
    assert found.expected == 4


def test_a_move_counts_where_it_was_and_what_came_of_it_where_it_went():
    told = Told()
    told.scheduled("11-12 10:00", one="a")
    told.moved("11-12 10:00", "11-17 10:00", one="a")
    told.held("11-17 10:00", one="a")
    dana = told.of()
    assert (dana.week.held, dana.week.moved, dana.week.expected) == (1, 0, 1)
    assert (dana.window.held, dana.window.moved, dana.window.expected) == (1, 1, 1)
    assert kinds(dana.strip) == {"2026-W47": ["held"]}


def test_a_move_into_next_week_leaves_nothing_due_in_this_one():
    told = Told()
    told.moved("11-17 10:00", "11-24 10:00")
    dana = told.of()
    assert (dana.week.moved, dana.week.expected) == (1, 0)
    assert kinds(dana.strip) == {}


def test_what_was_rebooked_and_its_replacement_are_one_outcome():
    told = Told()
    lost = told.cancelled("11-12 10:00")
    told.rebooked("11-12 10:00", "11-17 15:00", corrects=lost)
    told.held("11-17 15:00")
    dana = told.of()
    assert (dana.window.held, dana.window.rebooked, dana.window.expected) == (1, 1, 1)
    assert dana.window.cancelled["them"] == 0
    assert kinds(dana.strip) == {"2026-W46": ["rescheduled"], "2026-W47": ["held"]}


def test_what_was_reinstated_and_held_was_not_cancelled():
    told = Told()
    lost = told.cancelled("11-17 10:00", noticed="11-13 10:00")
    told(Kind.REINSTATED, "11-17 10:00", by=By.THEM, corrects=lost, noticed="11-14 10:00")
    told.held("11-17 10:00", one=lost.one_on_one)
    assert (told.of().week.held, told.of().week.expected) == (1, 1)


def test_a_chain_of_corrections_counts_its_last():
    told = Told()
    held = told.held("11-17 10:00")
    marked = told.cancelled("11-17 10:00", corrects=held, ahead=None, noticed="11-18 10:00")
    told(Kind.NO_SHOW, "11-17 10:00", corrects=marked, noticed="11-19 10:00")
    found = told.of().week
    assert (found.held, found.cancelled["them"], found.no_show) == (0, 0, 1)


def test_a_decline_stands_when_the_time_changes_and_the_answer_does_not():
    told = Told()
    told.declined("11-17 10:00", one="a", noticed="11-16 10:00")
    told.moved("11-17 10:00", "11-18 10:00", one="a", noticed="11-16 12:00")
    found = told.of().week
    assert (found.declined["them"], found.moved, found.expected) == (1, 1, 1)


def test_a_decline_that_a_new_time_answered_is_no_decline():
    told = Told()
    lost = told.declined("11-17 10:00", noticed="11-16 10:00")
    told.moved("11-17 10:00", "11-18 10:00", corrects=lost, noticed="11-16 12:00")
    told.held("11-18 10:00", one=lost.one_on_one)
    found = told.of().week
    assert (found.declined["them"], found.moved, found.held) == (0, 1, 1)


def test_one_that_was_marked_as_moved_was_not_held():
    told = Told()
    told.moved("11-17 10:00", None, corrects=told.held("11-17 10:00"), ahead=None, noticed="11-18 10:00")
    assert (told.of().week.held, told.of().week.moved, told.of().week.expected) == (0, 1, 0)


def test_a_series_that_ended_counts_nowhere():
    told = Told()
    told.series_ended("11-17 10:00")
    told.held("11-16 10:00")
    assert told.of().week.expected == 1


def test_a_date_that_comes_back_does_not_take_back_the_end_of_its_series():
    told = Told()
    end = told.series_ended("11-17 10:00")
    told.scheduled("11-24 10:00", one="later")
    told(Kind.REINSTATED, "11-24 10:00", one="later", corrects=None, noticed="11-18 10:00")
    told.changes[-1] = replace(told.changes[-1], corrects=end.id)
    assert end in [t.change for t in told_of(told.changes)]


# --- streak, last held, days since, notice --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "streak"),
    [
        (Kind.HELD, 3),
        (Kind.EXCUSED, 2),
        (Kind.NO_SHOW, 1),
        (Kind.CANCELLED, 1),
        (Kind.DECLINED, 1),
        (Kind.SERIES_ENDED, 2),
    ],
)
def test_a_streak_is_the_latest_run_of_held(kind, streak):
    told = Told()
    told.held("11-03 10:00")
    told(kind, "11-10 10:00", by=By.ME, noticed="11-10 10:00")
    told.held("11-17 10:00")
    assert told.of().streak == streak


def test_a_streak_of_a_past_report_ends_with_its_week():
    told = Told()
    told.held("11-03 10:00")
    told.cancelled("11-17 10:00")
    assert told.of(week=week_named("2026-W46", LONDON)).streak == 1
    assert told.of().streak == 0


def test_days_since_the_last_one_are_days_of_the_calendar():
    told = Told()
    told.held("11-17 17:00")
    dana = told.of()
    assert (dana.last_held, dana.days_since) == (at("11-17 17:00"), 3)


def test_days_since_end_with_the_reports_week():
    told = Told()
    told.held("11-11 10:00")
    assert told.of(week=week_named("2026-W46", LONDON)).days_since == 4


def test_nothing_was_held_yet():
    told = Told()
    told.cancelled("11-17 10:00")
    assert (told.of().last_held, told.of().days_since, told.of().streak) == (None, None, 0)


@pytest.mark.parametrize(
    ("notices", "median"), [((), None), ((30,), 30), ((10, 600, 30), 30), ((10, 30), 20)], ids=str
)
def test_notice_is_the_median_of_what_they_cancelled_and_moved(notices, median):
    told = Told()
    told.cancelled("11-16 09:00", by=By.ME, ahead=5)
    told.declined("11-16 10:00", ahead=5)
    for day, notice in enumerate(notices):
        told.cancelled(f"11-{10 + day} 10:00", ahead=notice)
    assert told.of().notice_minutes == median


def test_the_users_own_are_told_with_the_same_prominence():
    told = Told()
    second = told.declined("11-17 10:00", by=By.ME)
    first = told.cancelled("11-10 10:00", by=By.ME)
    told.cancelled("11-18 10:00", by=By.UNKNOWN)
    told.cancelled("11-12 10:00", by=By.THEM)
    assert told.of().own == (first, second)


# --- who is listed, and under which name ----------------------------------------------------------------


def test_people_are_listed_by_role_and_then_name():
    told = Told()
    people = {
        a: Acquaintance(a, n, role, None)
        for a, n, role in [
            ("a@example.com", "zoe", Role.OTHER),
            ("b@example.com", "Abe", Role.OTHER),
            ("c@example.com", "Cy", Role.REPORT),
            ("d@example.com", "Di", Role.MANAGER),
        ]
    }
    for address in people:
        told.held("11-17 10:00", person=address)
    listed = [p.person.name for p in told.report(rules=replace(RULES, people=people)).people]
    assert listed == ["Di", "Cy", "Abe", "zoe"]


def test_who_has_nothing_in_twelve_weeks_is_listed_only_with_a_1_1_to_come():
    told = Told()
    told.held("08-04 10:00")
    assert told.report().people == ()
    coming = record(start=at("12-15 10:00"), end=at("12-15 10:30"))
    assert [p.person.email for p in told.report(records=on_record(coming)).people] == [DANA]


def test_somebody_on_record_of_whom_the_ledger_tells_nothing_is_not_listed():
    """As after an alias was taken out of the config: what is on record is under the other address."""
    told = Told()
    told.held("11-17 10:00")
    over = record(person="dana@married.example", state=State.OVER)
    assert [p.person.email for p in told.report(records=on_record(over)).people] == [DANA]


def test_who_only_cancelled_what_was_to_come_is_listed():
    told = Told()
    told.scheduled("11-26 10:00", one="a", noticed="08-01 10:00")
    told.cancelled("11-26 10:00", one="a", noticed="11-19 10:00")
    assert told.of().window.expected == 0
    told = Told()
    told.scheduled("11-26 10:00", one="a", noticed="11-18 10:00")
    told.series_ended("11-26 10:00", one="a", noticed="11-19 10:00")
    assert told.report().people == ()


def test_a_past_report_lists_nobody_for_what_was_cancelled_after_it():
    told = Told()
    told.scheduled("11-26 10:00", one="a", noticed="08-01 10:00")
    lost = told.cancelled("11-26 10:00", one="a", noticed="11-19 10:00")
    records = {"a": record(id="a", state=State.CANCELLED, closed_at=lost.noticed_at)}
    assert told.of(records=records).open_to_rebooking == (lost,)
    assert told.report(records=records, week=week_named("2026-W46", LONDON)).people == ()


def test_two_with_the_same_name_are_told_apart_by_their_addresses():
    told = Told()
    for address, name in [
        ("dana@a.example", "Dana Reyes"),
        ("dana@b.example", "dana  reyes\u200b"),
        (KIM, "Kim Oh"),
    ]:
        told.held("11-17 10:00", person=address, name=name)
    names = {p.person.email: p.person.name for p in told.report().people}
    assert names == {
        "dana@a.example": "Dana Reyes (dana@a.example)",
        "dana@b.example": "dana  reyes\u200b (dana@b.example)",
        KIM: "Kim Oh",
    }


def test_somebody_is_called_as_their_next_1_1_calls_them():
    told = Told()
    told.held("11-17 10:00", person=KIM, name="Kim Oh")
    later = record(person=KIM, name="Kim Oh-Lee", start=at("12-15 10:00"), end=at("12-15 10:30"), id="a")
    gone = record(person=KIM, name="K.", id="b", state=State.CANCELLED)
    assert told.of(KIM, records=on_record(later, gone)).person.name == "Kim Oh-Lee"


def test_a_name_that_is_somebody_elses_address_does_not_pass_for_them():
    told = Told()
    told.held("11-17 10:00", person=KIM, name="")
    told.held("11-17 10:00", person="mallory@example.com", name=KIM)
    names = {p.person.email: p.person.name for p in told.report().people}
    assert names == {KIM: KIM, "mallory@example.com": f"{KIM} (mallory@example.com)"}


# --- advice, and what is still open ---------------------------------------------------------------------


def fell_through(told, of, held, person=KIM):
    for n in range(of):
        start = f"11-{2 + n:02} 10:00"
        if n < held:
            told.held(start, person=person)
        else:
            told.cancelled(start, by=By.UNKNOWN, person=person)
    return told.of(person).advice


@pytest.mark.parametrize(
    ("of", "held", "advised"), [(6, 3, True), (6, 4, False), (5, 2, True), (4, 0, False)], ids=str
)
def test_who_is_no_manager_is_to_be_met_less_often_where_half_fall_through(of, held, advised):
    advice = fell_through(Told(), of, held)
    assert bool(advice) is advised
    assert not advised or f"{held} of the {of} 1:1s" in advice


def test_a_manager_is_not_to_be_met_less_often():
    assert fell_through(Told(), 6, 0, person=DANA) == ""


def test_a_cancellation_is_open_to_rebooking_for_a_week():
    told = Told()
    lost = told.cancelled("11-17 10:00", one="a")
    closed = record(id="a", state=State.CANCELLED, closed_at=FRIDAY - 7 * DAY)
    assert told.of(records={"a": closed}).open_to_rebooking == (lost,)
    assert told.of(records={"a": closed}, now=FRIDAY + MINUTE).open_to_rebooking == ()
    assert told.of().open_to_rebooking == ()
    back = replace(closed, state=State.REPLACED)
    assert told.of(records={"a": back}).open_to_rebooking == ()


# --- since last, gaps, what is to come ------------------------------------------------------------------


def test_what_came_to_light_since_the_last_delivery_is_told_with_the_next():
    told = Told()
    told.held("11-12 10:00", noticed="11-12 11:00")
    late = told.held("11-13 17:00", noticed="11-13 18:00", name="Dana Reyes")
    told.held("11-17 10:00", noticed="11-17 11:00")
    wrong = told.held("11-10 10:00", noticed="11-10 11:00")
    marked = told(Kind.NO_SHOW, "11-10 10:00", corrects=wrong, noticed="11-16 09:00")
    known = {"delivered_at": at("11-13 16:00"), "delivered_week": "2026-W46"}
    assert [c.id for c in told.report(**known).since_last] == [late.id, marked.id]
    assert {c.name for c in told.report(**known).since_last} == {"Dana"}
    assert told.report().since_last == ()


def test_a_week_that_no_report_was_delivered_of_was_not_reported():
    told = Told()
    told.held("11-12 10:00", noticed="11-12 11:00")
    made_up = {"delivered_at": at("11-09 09:00"), "delivered_week": "2026-W45"}
    assert told.report(**made_up).since_last == ()


def test_that_a_1_1_was_found_is_nothing_to_tell_late_nor_what_was_noticed_when_the_last_report_was_made():
    told = Told()
    told.scheduled("11-12 10:00", noticed="11-16 09:00")
    told.cancelled("11-11 10:00", noticed="11-13 16:00")
    late = told.cancelled("11-11 12:00", noticed="11-13 16:01")
    known = {"delivered_at": at("11-13 16:00"), "delivered_week": "2026-W46"}
    assert [c.id for c in told.report(**known).since_last] == [late.id]


def test_where_nothing_says_which_week_was_delivered_it_is_that_of_the_delivery():
    told = Told()
    told.held("11-11 10:00", noticed="11-12 09:00")
    before = told.held("11-05 10:00", noticed="11-12 10:00")
    assert [c.id for c in told.report(delivered_at=at("11-06 16:00")).since_last] == [before.id]


def test_the_same_report_again_does_not_list_its_own_week():
    told = Told()
    told.held("11-20 17:00", noticed="11-20 18:00")
    known = {"delivered_at": FRIDAY, "delivered_week": "2026-W47"}
    assert told.report(**known, now=FRIDAY + DAY).since_last == ()


def test_gaps_are_those_of_the_twelve_weeks_and_those_that_last():
    old = Gap("work", at("08-01 10:00"), at("08-31 00:00") - 2 * HOUR, "down")
    touching = Gap("work", at("08-01 10:00"), at("08-31 10:00"), "down")
    inside = Gap(None, at("10-01 10:00"), at("10-03 10:00"), "not running")
    lasting = Gap("work", at("11-23 10:00"), None, "sign in")
    later = Gap("work", at("11-23 10:00"), at("11-24 10:00"), "down")
    around = [
        Gap("work", at("08-01 10:00"), at("08-30 23:00"), "up to the twelve weeks"),
        Gap("work", at("11-23 00:00"), at("11-24 00:00"), "from their end on"),
    ]
    gaps = (old, touching, inside, lasting, later, *around)
    report = Told().report(gaps=gaps, troubles=("work: sign in",))
    assert report.gaps == (touching, inside, lasting)
    assert report.troubles == ("work: sign in",)


def test_what_comes_ends_with_the_next_week_and_tells_how_it_is_prepared():
    def coming(start, **more):
        return record(start=at(start), end=at(start) + HOUR, id=start, **more)

    tuesday, thursday = coming("11-24 10:00"), coming("11-26 10:00", state=State.DECLINED)
    sunday, monday = coming("11-29 23:30"), coming("11-30 00:30")
    gone = coming("11-25 10:00", state=State.CANCELLED)
    page = OpenPage(
        DANA,
        "work",
        Notebook("n", "https://docs.example/n"),
        PageRef("k", "p", "https://docs.example/p"),
        tuesday.id,
        "Tue",
        FRIDAY,
        untouched=True,
        open_items=("Book the offsite",),
        career_check=True,
    )
    found = (
        Told()
        .report(
            records=on_record(monday, sunday, thursday, tuesday, gone),
            artefacts=Artefacts(pages={DANA: page}),
        )
        .upcoming
    )
    assert [u.one_on_one for u in found] == [tuesday, thursday, sunday]
    first, second, _ = found
    assert (first.page_url, first.untouched, first.open_items) == (page.ref.url, True, page.open_items)
    assert (first.topics_due, first.career_check) == (at("11-23 10:00"), True)
    assert (second.page_url, second.topics_due, second.career_check) == (None, None, False)
    assert first.person.name == "Dana"


def test_a_quiet_week_has_a_report():
    report = Told().report()
    assert (report.people, report.red_flags, len(report.trend)) == ((), (), 12)


# --- whatever the ledger says ---------------------------------------------------------------------------

STARTS = st.integers(0, 14 * 7 * 24).map(lambda hours: at("08-24 00:00") + hours * HOUR)
ENTRIES = st.tuples(
    st.sampled_from(list(Kind)),
    st.integers(1, 12),
    STARTS,
    STARTS,
    st.sampled_from([None, *By]),
    st.booleans(),
    st.sampled_from([DANA, KIM]),
)


def ledger_of(drawn):
    told = Told()
    for kind, one, start, other, by, corrects, person in drawn:
        moved = kind is Kind.RESCHEDULED
        before = [c for c in told.changes if c.one_on_one == f"{person}{one}"]
        told(
            kind,
            start.isoformat()[:16],
            to=other.isoformat()[:16] if moved else None,
            by=by if by in (By.ME, By.THEM) or kind is not Kind.DECLINED else By.ME,
            one=f"{person}{one}",
            person=person,
            corrects=before[-1] if corrects and before else None,
            noticed="09-01 10:00",
            how=(How.REBOOKED if one % 2 else How.MOVED) if moved else None,
        )
    return told


def total(of):
    fields = ("held", "moved", "rebooked", "no_show", "excused", "expected")
    flat = {f: sum(getattr(c, f) for c in of) for f in fields}
    flat |= {f"cancelled {by}": sum(c.cancelled[by] for c in of) for by in ("them", "me", "unknown")}
    return flat | {f"declined {by}": sum(c.declined[by] for c in of) for by in ("them", "me")}


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=30))
def test_the_weeks_add_up_to_the_window_and_people_to_the_trend(drawn):
    report = ledger_of(drawn).report()
    assert total([t.counts for t in report.trend]) == total([p.window for p in report.people])
    assert report.trend[-1].counts.expected == sum(p.week.expected for p in report.people)
    for person in report.people:
        found = person.window
        outcomes = [found.held, found.no_show, *found.cancelled.values(), *found.declined.values()]
        assert found.expected == sum(outcomes)
        assert len(person.own) == found.cancelled["me"] + found.declined["me"]
        shown = [k for s in person.strip for k in s.outcomes]
        assert shown.count(Kind.HELD) == found.held
        assert sum(shown.count(k) for k in (Kind.HELD, Kind.NO_SHOW, Kind.CANCELLED, Kind.DECLINED)) == (
            found.expected
        )
        assert person.streak <= sum(c.kind is Kind.HELD for c in ledger_of(drawn).changes)


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=30))
def test_each_1_1_ends_once(drawn):
    changes = ledger_of(drawn).changes
    told = told_of(changes)
    ended = endings(told)
    assert len({t.change.one_on_one for t in ended}) == len(ended)
    ever = Times(at("2000-01-01 00:00"), at("2100-01-01 00:00"))
    assert counts(told, ended, ever).expected <= len({c.one_on_one for c in changes})


def test_twelve_weeks_follow_each_other_across_the_clock_change():
    weeks = weeks_to(WEEK, LONDON)
    assert [w.name for w in weeks] == [f"2026-W{n}" for n in range(36, 48)]
    assert all(a.end == b.start for a, b in pairwise(weeks))
    autumn = next(w for w in weeks if w.name == "2026-W43")
    assert autumn.end.astimezone(FRIDAY.tzinfo) - autumn.start.astimezone(FRIDAY.tzinfo) == 7 * DAY + HOUR


def test_the_person_who_organizes_is_no_part_of_the_counts():
    told = Told()
    told.cancelled("11-17 10:00", one="a")
    mine = record(id="a", owner=Owner.ME, state=State.CANCELLED)
    assert told.of(records={"a": mine}).week == told.of().week


def test_weeks_after_the_last_read_are_unread_and_those_to_come_are_no_such_thing():
    told = Told()
    told.held("11-03 10:00")
    told.scheduled("11-10 10:00")
    told.scheduled("11-24 10:00")
    made = told.report(reads={"work": at("11-04 12:00")}, week=week_named("2026-W48", LONDON))
    seen = ["read"] * 9 + ["unread", "unread", "to_come"]
    assert [w.seen.value for w in made.trend] == seen
    (dana,) = made.people
    assert [w.seen.value for w in dana.strip] == seen
    assert [w.unread for w in dana.strip] == [()] * 9 + [(0,), (), ()]
    assert dana.strip[9].outcomes == (Kind.SCHEDULED,)
    assert made.begins == at("11-03 10:00")


@pytest.mark.parametrize(("read", "seen"), [("11-16 00:00", "unread"), ("11-16 00:01", "read")])
def test_a_week_is_unread_where_more_than_a_day_of_it_went_by_since_the_last_read_before_it(read, seen):
    made = Told().report(reads={"work": at(read)}, now=at("11-17 00:01"))
    assert made.trend[-1].seen.value == seen
    assert Told().report(reads={"work": at(read)}, now=at("11-17 00:00")).trend[-1].seen.value == "read"


@pytest.mark.parametrize(
    "told_last",
    [
        lambda told: told.scheduled("11-18 10:00", one="a"),
        lambda told: told(Kind.REINSTATED, "11-18 10:00", one="a", noticed="11-10 10:00"),
        lambda told: told.moved("11-11 10:00", "11-18 10:00", one="a", noticed="11-10 10:00"),
    ],
    ids=["scheduled", "reinstated", "moved"],
)
@pytest.mark.parametrize(("read", "unread"), [("11-18 10:29", (0,)), ("11-18 10:30", ())])
def test_what_stood_when_it_was_last_read_is_unread_until_a_read_after_its_end(told_last, read, unread):
    told = Told()
    told_last(told)
    assert told.of(reads={"work": at(read)}).strip[-1].unread == unread


def test_a_1_on_1_that_is_still_going_on_is_not_unread():
    told = Told()
    told.scheduled("11-20 15:45")
    assert told.of(reads={"work": at("11-20 15:00")}).strip[-1].unread == ()


def test_a_person_is_unread_only_where_their_own_account_is():
    told = Told()
    told.scheduled("11-18 10:00")
    told.scheduled("11-18 11:00", person=KIM, account="client")
    made = told.report(reads={"work": FRIDAY, "client": at("11-04 12:00")})
    assert {p.person.email: p.strip[-1].seen.value for p in made.people} == {DANA: "read", KIM: "unread"}


def test_whose_account_was_never_read_is_as_unread_as_the_others():
    told = Told()
    told.scheduled("11-18 10:00")
    assert told.of(reads={"client": at("11-04 12:00")}).strip[-1].seen.value == "unread"


def test_an_entry_without_any_time_counts_nowhere():
    told = Told()
    told.changes.append(replace(told.held("11-17 10:00"), id="r1.2", now_at=None))
    assert told_of(told.changes[1:]) == []


def test_an_act_is_dated_by_its_own_notice_before_that_of_what_it_corrects():
    told = Told()
    declined = told.declined("11-17 10:00", ahead=5000)
    cancelled = told.cancelled("11-17 10:00", ahead=60, corrects=declined)
    marked = told.cancelled("11-17 10:00", ahead=None, corrects=cancelled)
    entries = {c.id: c for c in told.changes}
    assert [act_of(c, entries).at for c in (cancelled, marked)] == [at("11-17 09:00")] * 2
