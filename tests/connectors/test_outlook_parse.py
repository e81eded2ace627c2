"""Graph's event JSON: each file of tests/data/outlook is named by its quirk."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.outlook import body
from connectors.outlook.parse import MARK, parse_event
from connectors.outlook.people import Viewer, viewer_of
from connectors.outlook.rounds import filled
from connectors.outlook.series import series_of
from connectors.outlook.zones import zone_named
from connectors.values import (
    Attendee,
    Event,
    Link,
    Organizer,
    Response,
    Series,
    Skipped,
    Status,
    Tombstone,
)

FOLDER = Path(__file__).parents[1] / "data" / "outlook"
QUIRKS = sorted(FOLDER.glob("*.json"))
ALEX = Viewer(frozenset({"alex@example.com"}))
DANA = Attendee("dana@example.com", "Dana Reyes", is_organizer=True)


def raw(quirk, **more):
    return json.loads((FOLDER / f"{quirk}.json").read_text("utf-8")) | more


def parsed(quirk, viewer=ALEX, **more):
    return parse_event(raw(quirk, **more), viewer)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_an_ordinary_meeting_is_read_in_full():
    assert parsed("ordinary_meeting") == Event(
        id="e1",
        title="1:1 Alex / Dana",
        start=utc(2026, 11, 3, 10),
        end=utc(2026, 11, 3, 10, 30),
        ical_uid="uid1",
        etag='W/"k1"',
        organizer=Organizer("dana@example.com", "Dana Reyes"),
        attendees=(
            Attendee("dana@example.com", "Dana Reyes", is_organizer=True),
            Attendee("alex@example.com", "Alex Kim", Response.ACCEPTED, is_self=True),
        ),
        created=datetime(2026, 10, 1, 9, 0, 0, 123456, UTC),
        updated=utc(2026, 10, 2, 9),
        body_digest=body.digest("Hi"),
        url="https://outlook.example/e1",
    )


@pytest.mark.parametrize("path", QUIRKS, ids=lambda path: path.stem)
def test_no_quirk_is_a_traceback(path):
    payload = json.loads(path.read_text("utf-8"))
    for listed in (True, False):
        assert isinstance(parse_event(payload, ALEX, listed=listed), (Event, Tombstone, Skipped, type(None)))


# --- people ---------------------------------------------------------------------------------------------


def test_the_organizer_takes_part_though_their_own_copy_does_not_list_them():
    event = parsed("organizers_copy")
    assert event.organizer == Organizer("alex@example.com", "Alex Kim", is_self=True)
    assert event.attendees == (
        Attendee("dana@example.com", "Dana Reyes", Response.TENTATIVE),
        Attendee("alex@example.com", "Alex Kim", Response.ACCEPTED, is_self=True, is_organizer=True),
    )


def test_an_appointment_of_ones_own_has_nobody_on_it():
    assert parsed("organizers_copy", attendees=[]).attendees == ()


def test_an_alias_organizes_on_ones_own_calendar_and_on_nobody_elses():
    stranger = Viewer(frozenset({"kim@example.com"}))
    assert parsed("organizers_copy", stranger).organizer.is_self
    theirs = Viewer(frozenset({"kim@example.com"}), own=False)
    assert not parsed("organizers_copy", theirs).organizer.is_self


def test_a_group_that_organizes_is_no_person():
    viewer = viewer_of(ALEX.addresses, "https://g.example/v1.0/$metadata#groups('1')/events/$entity")
    event = parsed("organizers_copy", viewer)
    assert [a.is_resource for a in event.attendees] == [False, True]
    assert not any(a.is_self for a in event.attendees)


@pytest.mark.parametrize("quirk", ["room_invited_as_required", "room_as_resource"])
def test_a_room_is_a_resource_however_it_was_invited(quirk):
    event = parsed(quirk)
    assert {a.address: a.is_resource for a in event.attendees} == {
        "room1@example.com": True,
        "alex@example.com": False,
        "dana@example.com": False,
    }


def test_attendees_that_can_t_be_read_are_somebody_all_the_same():
    event = parsed("odd_attendees")
    assert [a.address for a in event.attendees] == [
        "",
        "",
        "",
        "",
        "",
        "",
        "alex@example.com",
        "dana@example.com",
    ]


def test_of_a_long_list_fifty_and_the_user_are_kept():
    many = [{"emailAddress": {"address": f"p{n}@example.com"}} for n in range(5_000)]
    event = parsed("ordinary_meeting", attendees=[*many, {"emailAddress": {"address": "ALEX@example.com"}}])
    assert len(event.attendees) == 52
    assert event.my_response is Response.ACCEPTED


def test_a_hidden_list_is_hidden_from_guests_only():
    assert parsed("hidden_guests").guests_hidden
    assert not parsed("organizers_copy", hideAttendees=True).guests_hidden


# --- times ----------------------------------------------------------------------------------------------


def test_windows_zones_are_understood():
    event = parsed("windows_zone")
    assert (event.start, event.end) == (utc(2026, 11, 3, 9), utc(2026, 11, 3, 9, 30))
    assert zone_named("Eastern Standard Time").key == "America/New_York"
    assert zone_named("../../etc/passwd") is None


def test_a_zone_that_nobody_knows_is_no_time():
    assert parsed("custom_zone") == Skipped("e1", "its start is in a time zone that nobody knows")
    assert parsed("utc_address_zone").start == utc(2026, 11, 3, 10)


@pytest.mark.parametrize("quirk", ["year_one", "year_4501", "no_times", "end_before_start"])
def test_times_that_make_no_sense_are_skipped(quirk):
    assert isinstance(parsed(quirk), Skipped)


def test_a_moved_occurrence_says_where_it_was():
    event = parsed("moved_occurrence")
    assert (event.series_id, event.original_start, event.ical_uid) == ("m1", utc(2026, 11, 3, 10), None)


def test_a_stub_is_filled_in_from_its_series():
    event = parse_event(filled(raw("occurrence_stub"), raw("series")), ALEX)
    assert (event.id, event.series_id, event.etag) == ("o1", "m1", 'W/"k2"')
    assert event.start == event.original_start == utc(2026, 11, 10, 10)
    assert len(event.attendees) == 2
    assert isinstance(parse_event(filled(raw("occurrence_stub"), None), ALEX), Skipped)


def test_a_series_ends_at_the_end_of_its_last_day_in_its_own_zone():
    found = series_of("m1", raw("series"))
    assert replace(found, rhythm=None) == Series("m1", live=True, until=utc(2026, 12, 2, 4, 59, 59))


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"interval": 1}, [3, 10, 17, 24]),
        ({"interval": 2, "daysOfWeek": ["tuesday"]}, [3, 17]),
        ({"interval": 2, "daysOfWeek": ["tuesday", "sunday"]}, [3, 15, 17]),
        ({"interval": 2, "daysOfWeek": ["tuesday", "sunday"], "firstDayOfWeek": "monday"}, [3, 8, 17, 22]),
    ],
)
def test_the_pattern_of_a_series_tells_its_dates_by_its_own_days(pattern, days):
    recurrence = raw("series")["recurrence"] | {"pattern": {"type": "weekly"} | pattern}
    rhythm = series_of("m1", raw("series", recurrence=recurrence)).rhythm
    late = [utc(2026, 11, day + 1, 3) for day in range(1, 29)]  # still the day before in New York
    assert [day for day, moment in enumerate(late, 1) if rhythm.has(moment)] == days


@pytest.mark.parametrize(
    "pattern",
    [{"type": "absoluteMonthly", "interval": 1}, {"type": "weekly", "interval": 0}, {"type": "weekly"}, None],
)
def test_a_pattern_that_is_not_of_whole_weeks_tells_no_dates(pattern):
    recurrence = raw("series")["recurrence"] | {"pattern": pattern}
    assert series_of("m1", raw("series", recurrence=recurrence)).rhythm is None


@pytest.mark.parametrize("never", ["0001-01-01", "4501-01-01"])
def test_never_is_written_in_two_ways(never):
    limits = {"range": {"type": "endDate", "endDate": never}}
    assert series_of("m1", raw("series", recurrence=limits)) == Series("m1", live=True)


def test_a_counted_series_is_bounded_and_a_cancelled_one_dead():
    limits = {"range": {"type": "numbered", "numberOfOccurrences": 5}}
    assert series_of("m1", raw("series", recurrence=limits)).bounded
    assert not series_of("m1", raw("series", isCancelled=True)).live


# --- the rest -------------------------------------------------------------------------------------------


def test_nulls_are_nothing():
    event = parsed("nulls")
    assert (event.title, event.attendees, event.organizer, event.ical_uid) == ("", (), None, None)
    assert (event.body_digest, event.links, event.busy) == ("", (), True)


def test_a_cancelled_event_is_known_by_its_flag():
    assert parsed("cancelled").status is Status.CANCELLED
    assert parsed("cancelled", isCancelled=False).status is Status.CONFIRMED


def test_the_mark_is_read_whatever_the_case_of_its_name():
    marked = [{"id": MARK.upper(), "value": "v1"}, "text", {"id": 5}]
    assert parsed("ordinary_meeting", singleValueExtendedProperties=marked).mark == "v1"


def test_a_removed_entry_is_a_tombstone_and_a_series_of_its_own_is_no_event():
    assert parsed("removed") == Tombstone("e1")
    assert parsed("series") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(raw("ordinary_meeting"))), JSON))
def test_any_field_may_be_anything(changes):
    found = parse_event(raw("ordinary_meeting") | changes, ALEX, listed=False)
    assert isinstance(found, (Event, Tombstone, Skipped))


# --- bodies ---------------------------------------------------------------------------------------------

LINK = Link("https://d.example/x?a=1&b=2#h", 'Prep "1:1" <Alex> & Dana')
BODIES = [
    "",
    "<p>Agenda</p>",
    "<html><head><style>p{}</style></head><body>\r\n<p>Agenda</p>\r\n</body></html>\r\n",
    "<BODY>x</BODY>",
    "no html at all < > & <",
    '<div>____<br><a href="https://teams.example/l/meetup">Join</a><br>____</div>',
]


@pytest.mark.parametrize("content", BODIES)
@pytest.mark.parametrize("kind", ["html", "text"])
def test_our_block_comes_and_goes_and_leaves_no_trace(content, kind):
    there = body.with_block(content, kind, LINK)
    assert LINK.url in body.links(there, kind)
    assert body.has_block(there, kind)
    if kind == "html":
        assert body.digest(there) == body.digest(content)
    gone = body.without_link(there, kind, LINK.url)
    assert gone.split() == content.split()
    assert body.without_link(gone, kind, LINK.url) == gone


@pytest.mark.parametrize(
    "rewritten",
    [
        '<div class="x"><span style="a">Added by\r\nprepd:&nbsp;</span> <a href="{0}" target="_blank">t</a></div>',
        "<P>Added by prepd: <A HREF='{0}'><font>t</font></A></P>",
        'Added by prepd: <a href="{0}">t</a>',
    ],
)
def test_our_block_is_known_again_however_exchange_writes_it(rewritten):
    there = "<p>before</p>" + rewritten.format("https://d.example/x?a=1&amp;b=2#h") + "<p>after</p>"
    assert body.digest(there) == body.digest("<p>before</p><p>after</p>")
    assert body.without_link(there, "html", LINK.url) == "<p>before</p><p>after</p>"


def test_a_link_of_the_users_is_taken_off_without_what_is_around_it():
    there = '<p>See <a href="https://d.example/x">notes</a> please</p>'
    assert body.without_link(there, "html", "https://d.example/x") == "<p>See  please</p>"


def test_words_links_and_emphasis_make_a_difference_and_nothing_else_does():
    same = body.digest('<p id="x_1">a <b>b</b></p>')
    assert (
        same
        == body.digest('<!-- c --><div style="s">a\r\n<strong class="k">b</strong></div>')
        != body.digest("a b")
    )
    assert body.digest('<a href="https://a">x</a>') != body.digest('<a href="https://b">x</a>')
    assert body.digest("<p>&nbsp;</p><header></header>") == ""


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<a",
        "<!--",
        "<p>x</p>",
        '<a href="',
        "&",
        "<style>",
        "<head",
        "Added by prepd: ",
        "<b><i>",
        "\r\n",
    ],
)
def test_a_megabyte_of_anything_is_read(unit):
    """What takes time by the square of the length would take minutes here."""
    content = unit * (1_000_000 // len(unit))
    assert len(body.digest(content)) in (0, 16)
    assert body.links(content) == ()
    for kind in ("html", "text"):
        assert body.without_link(content, kind, LINK.url) == content


@given(st.text(alphabet='<>/abp"=&; \n!-:', max_size=60))
def test_html_that_is_no_html_takes_a_link_and_gives_it_back(content):
    there = body.with_block(content, "html", LINK)
    if LINK.url in body.links(there):
        assert body.without_link(there, "html", LINK.url).split() == content.split()
