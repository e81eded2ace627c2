"""What prepd writes on calendars, and that its times are the user's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.planning.plan import career_month
from daemon.core.texts import SlotWords, neutral_title, page_heading, slot_text
from tests.build import WEEK, at, event, occurrence, record

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "Europe/London",
            "Europe/Berlin",
            "America/New_York",
            "America/St_Johns",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "America/Sao_Paulo",
        )
    ]
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001 - drawn naive
    lambda t: t.replace(tzinfo=UTC, second=0, microsecond=0)
)


def test_a_heading_names_the_day_and_time_in_the_users_zone():
    assert page_heading(at("11-24 10:00"), UTC) == "Tue 24 Nov 2026, 10:00"
    assert page_heading(at("11-24 23:30"), ZoneInfo("Europe/Berlin")) == "Wed 25 Nov 2026, 00:30"
    assert page_heading(at("11-01 00:30"), ZoneInfo("America/New_York")) == "Sat 31 Oct 2026, 20:30"


def test_the_same_local_time_reads_the_same_on_both_sides_of_a_clock_change():
    new_york = ZoneInfo("America/New_York")
    before = datetime(2026, 10, 27, 10, tzinfo=new_york).astimezone(UTC)
    later = datetime(2026, 11, 3, 10, tzinfo=new_york).astimezone(UTC)
    assert later - before == WEEK + timedelta(hours=1)
    assert page_heading(before, new_york) == "Tue 27 Oct 2026, 10:00"
    assert page_heading(later, new_york) == "Tue 3 Nov 2026, 10:00"


@given(MOMENTS, ZONES)
@settings(max_examples=200, deadline=None)
def test_a_heading_says_what_a_clock_on_the_wall_says(moment, zone):
    read = datetime.strptime(page_heading(moment, zone), "%a %d %b %Y, %H:%M")  # noqa: DTZ007 - a wall clock
    assert read == moment.astimezone(zone).replace(tzinfo=None)
    assert career_month(moment, zone) == f"{read:%Y-%m}"


def test_a_slot_names_the_person_and_links_the_page():
    written = slot_text(record(), SlotWords(), "https://docs.example/p")
    assert written.title == "Reflect: 1:1 with Dana Reyes"
    assert "Prep page: https://docs.example/p" in written.text.splitlines()
    assert "Prep page" not in slot_text(record(), SlotWords(), None).text


def test_a_slot_asks_one_question_of_each_kind():
    assert (
        sum(line.startswith("- ") for line in slot_text(record(), SlotWords(), None).text.splitlines()) == 5
    )


def test_the_users_own_prompts_take_their_place():
    written = slot_text(record(), SlotWords("Think: {person}", ("Why?",), ("Only me",)), None)
    assert written.title == "Think: Dana Reyes"
    assert [line for line in written.text.splitlines() if line.startswith("- ")] == ["- Why?", "- Only me"]


def test_prompts_rotate_from_week_to_week_and_are_the_same_when_asked_again():
    texts = [
        slot_text(record(occurrence(at("11-24 10:00") + n * WEEK)), SlotWords(), None).text for n in range(3)
    ]
    assert len(set(texts)) == 3
    assert texts[0] == slot_text(record(occurrence("11-24 10:00")), SlotWords(), None).text


def test_an_occurrence_that_moved_keeps_its_prompts():
    moved = record(occurrence("12-03 10:00", original="11-24 10:00"))
    there = record(occurrence("11-24 10:00"))
    assert slot_text(moved, SlotWords(), None).text == slot_text(there, SlotWords(), None).text


def test_the_hash_of_a_slots_text_changes_with_title_or_text():
    one = slot_text(record(), SlotWords(), None)
    assert one.hash == slot_text(record(), SlotWords(), None).hash
    assert one.hash != slot_text(record(event(), name="Kim"), SlotWords(), None).hash
    assert one.hash != slot_text(record(), SlotWords(), "https://docs.example/p").hash


def test_a_name_with_braces_is_only_a_name():
    assert slot_text(record(name="{person}{0}"), SlotWords(), None).title == "Reflect: 1:1 with {person}{0}"


def test_a_title_that_both_may_see_is_neutral():
    assert neutral_title("alex.kim@example.com", "Dana") == "1:1 Alex / Dana"
    assert neutral_title(None, "Dana") == "1:1 Dana"
