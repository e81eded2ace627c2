"""What the weekly report says, and in which order."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from daemon.core.model import By, Gap
from daemon.core.report.model import Seen
from daemon.render import blocks, html, markdown, outline, sentences, text
from tests.render import reports
from tests.render.reports import change, counts, person, report, upcoming

RENDERINGS = [text.plain, markdown.render, html.render]


def told(rendering, made) -> str:
    """What a reader reads, without markup, on one line."""
    said = rendering(made)
    if rendering is html.render:
        said = " ".join(lxml_html.document_fromstring(said).find("body").itertext())
    elif rendering is markdown.render:
        tokens = MarkdownIt("commonmark").enable("table").parse(said)
        said = " ".join(c.content for t in tokens for c in t.children or (t,))
    return re.sub(r"\s+([,.;])", r"\1", " ".join(said.replace("│", " ").split()))


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_sections_come_in_the_order_of_their_weight(rendering):
    said = told(rendering, reports.ordinary())
    order = [
        "Your 1:1s in week 44",
        "26 October to 1 November 2026",
        "Red flag: Dana",
        "Nearly a red flag: Noor",
        "Cancelled or declined by you",
        "Person by person",
        "Meet less often, but reliably",
        "Still open to rebooking",
        "The last twelve weeks",
        "Since the last report",
        "Gaps and troubles",
        "Coming up",
    ]
    places = [said.index(heading) for heading in order]
    assert places == sorted(places)


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_a_red_flag_has_its_dates_its_rule_the_words_and_that_they_are_not_sent(rendering):
    said = told(rendering, reports.ordinary())
    for part in (
        reports.RULE,
        "Tue 22 Sep 10:00, cancelled by them, 17 h notice",
        "Tue 6 Oct 10:00, cancelled by them",
        "Tue 27 Oct 10:00, cancelled by them",
        "These meetings are important to me; when can we reschedule?",
        "The times are free for you, for 30 minutes each, in your working hours.",
        "prepd never sends them",
    ):
        assert part in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_what_nobody_is_known_to_have_cancelled_can_be_told_with_one_command(rendering):
    said = told(rendering, reports.ordinary())
    assert "prepd mark k3qvd2m7a6bz cancelled --by them" in said
    assert "prepd mark k3qvd2m7a6bz cancelled --by me" in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_the_users_own_cancellations_stand_before_the_people(rendering):
    said = told(rendering, reports.ordinary())
    assert "Sam: Thu 15 Oct 14:00, cancelled by you, 50 min notice" in said
    assert "Priya: Wed 2 Sep 15:00, declined by you, 2 days notice" in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_without_any_of_ones_own_that_is_said_of_how_many(rendering):
    assert "None, of 12 that were due in the last twelve weeks." in told(
        rendering, report(people=(person(),))
    )


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_next_weeks_1_on_1s_tell_how_their_pages_stand(rendering):
    said = told(rendering, reports.ordinary())
    for part in (
        "Nothing on it yet; topics are due Mon 2 Nov 10:00. Its page asks for the monthly career check.",
        "Ask Finance about a second hire",
        "Topics are on the page.",
        "The page is ready; topics are due Wed 4 Nov 14:00.",
        "declined by them",
    ):
        assert part in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_gaps_and_troubles_are_told(rendering):
    gaps = (
        Gap("client", reports.at("10-20 09:00"), reports.at("10-20 14:00"), "the sign-in expired"),
        Gap("work", reports.at("10-23 09:00"), None, "Google can't be reached. Is this machine online?"),
        Gap(None, reports.at("10-24 09:00"), None, "not running"),
    )
    said = told(rendering, report(gaps=gaps, troubles=("client: sign in again",)))
    assert "client: sign in again" in said
    assert "client could not be read from Tue 20 Oct 09:00 to Tue 20 Oct 14:00: the sign-in expired." in said
    assert "prepd was not running since Sat 24 Oct 09:00, and still." in said
    assert "and still: Google can't be reached. Is this machine online?" in said
    assert "online?." not in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_somebody_new_is_named_without_empty_tables(rendering):
    new = replace(person(reports.SAM, " ".join("-" * 12), week=counts(), window=counts()), last_held=None)
    said = told(rendering, report(people=(person(), new)))
    assert "Nothing on record yet: Sam." in said
    assert "none due" not in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_a_quiet_week_and_a_first_one_read_well(rendering):
    assert "A quiet week: no 1:1s were due." in told(rendering, reports.quiet())
    assert "Nothing to count yet: none of your 1:1s has been due so far." in told(
        rendering, reports.first_week()
    )
    assert "No 1:1s yet. prepd sync reads your calendars" in told(rendering, report())


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (report(people=(person(week=counts(3, 1)),)), "3 of 4 1:1s took place; 1 cancelled by them."),
        (report(people=(person(week=counts(1)),)), "1 of 1 1:1 took place."),
        (
            report(people=(person(week=counts(2, me=1, moved=1)),)),
            "2 of 3 1:1s took place; 1 moved, 1 cancelled by you.",
        ),
        (reports.quiet(people=(person(week=counts(moved=1)),)), "A quiet week: no 1:1s were due (1 moved)."),
        (
            reports.quiet(upcoming=(upcoming(start="10-31 10:00"),)),
            "None of this week's 1:1s has been due so far.",
        ),
    ],
)
def test_a_week_is_summed_up_in_a_sentence(made, said):
    assert sentences.summary(made) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (counts(), "none due"),
        (counts(4), "4 of 4 held"),
        (counts(3, 1), "3 of 4 held"),
        (counts(4, 1), "4 of 5 held (80%)"),
        (counts(5), "5 of 5 held (100%)"),
        (counts(6, 3), "6 of 9 held (67%)"),
        (counts(1, 2), "1 of 3 held"),
        (counts(2, 4), "2 of 6 held (33%)"),
        (counts(299, 1), "299 of 300 held (99%)"),
        (counts(1, 299), "1 of 300 held (1%)"),
        (counts(0, 6), "0 of 6 held (0%)"),
        (counts(1200), "1,200 of 1,200 held (100%)"),
    ],
)
def test_counts_have_their_denominator_and_fewer_than_five_no_percentage(found, said):
    assert sentences.held(found) == said


UNREAD = reports.quiet(reads={"work": reports.at("10-20 09:00"), "client": reports.at("10-18 09:00")})
HALF_READ = {"work": reports.MADE, "client": reports.at("10-18 09:00")}
PARTLY = {"work": reports.at("10-27 09:00")}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (UNREAD, "Not known: no calendar was read since Tue 20 Oct 09:00."),
        (reports.quiet(reads=HALF_READ), "Not known: account client was not read since Sun 18 Oct 09:00."),
        (
            report(people=(person(week=counts(1)),), reads=HALF_READ),
            "1 of 1 1:1 took place. Account client was not read since Sun 18 Oct 09:00: what came later is not known.",
        ),
        (
            reports.quiet(reads=PARTLY),
            (
                "No 1:1s were due as far as is known. No calendar was read since Tue 27 Oct 09:00: "
                "what came later is not known."
            ),
        ),
        (reports.quiet(reads={"work": reports.MADE}), "A quiet week: no 1:1s were due."),
        (reports.quiet(made_at=reports.at("10-20 09:00")), "This week is still to come."),
        (
            report(people=(person(week=counts(0, 1)),), made_at=reports.at("10-20 09:00")),
            "This week is still to come; so far 1 cancelled by them.",
        ),
        (
            reports.quiet(begins=reports.at("11-03 10:00")),
            "Nothing is on record of this week: the record begins on Tue 3 Nov 2026.",
        ),
    ],
)
def test_a_week_that_is_not_known_is_not_called_quiet(made, said):
    assert sentences.summary(made) == said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_what_was_not_read_is_neither_none_due_nor_to_come(rendering):
    before, last = reports.weeks("h h h h h h h h h h s -")[-2:]
    strip = (
        *person().strip[:10],
        replace(before, seen=Seen.UNREAD, unread=(0,)),
        replace(last, seen=Seen.UNREAD),
    )
    trend = reports.trend(*[counts(1)] * 11, counts())
    trend = (*trend[:11], replace(trend[11], seen=Seen.UNREAD))
    said = told(rendering, report(people=(replace(person(week=counts()), strip=strip),), trend=trend))
    assert "none due" not in said
    assert "to come" not in said
    assert "not read" in said
    assert "?" in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_a_1_1_that_this_week_has_still_to_come_is_not_called_none_due(rendering):
    made = report(people=(person(strip_of="h h h h h h h h h h h s", week=counts(), window=counts(11)),))
    said = told(rendering, made)
    assert "to come" in said
    assert "none due" not in said


def test_what_only_moved_away_leaves_nothing_else_due():
    assert sentences.counted(counts(moved=1)) == "1 moved, nothing else due"


def test_a_run_of_none_is_no_run():
    assert sentences.regularity(person(streak=0), reports.LONDON) == "last held Thu 29 Oct, 1 day ago"


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_a_trouble_that_lasts_is_told_once(rendering):
    error = "Account client, reading the calendar: not reached. prepd tries again."
    gap = Gap("client", reports.at("10-20 09:00"), None, error)
    said = told(rendering, report(gaps=(gap,), troubles=(error, "Account work: sign in.")))
    assert said.count("not reached. prepd tries again") == 1
    assert "since Tue 20 Oct 09:00, and still: reading the calendar: not reached. prepd tries" in said
    assert "Account work: sign in." in said


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_a_strip_says_that_it_shows_how_each_ended(rendering):
    assert "How each 1:1 ended, oldest week first" in told(rendering, reports.ordinary())


def test_no_end_of_a_line_parts_a_number_from_its_unit():
    page = html.render(reports.ordinary())
    assert "17\N{NO-BREAK SPACE}h notice" in page
    assert "2\N{NO-BREAK SPACE}days notice" in page
    assert "17 h" not in page


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (change(), "cancelled by them, 17 h notice"),
        (change(by=By.UNKNOWN, notice_minutes=None), "cancelled (unknown by whom)"),
        (change(by=By.ME, notice_minutes=-5), "cancelled by you, after it began"),
    ],
)
def test_a_change_says_by_whom_and_with_what_notice(done, said):
    assert sentences.what(done) == said


def test_a_week_over_the_turn_of_the_year_names_both_years():
    made = report(week=reports.week_of(reports.date(2026, 12, 31), reports.LONDON))
    assert sentences.dates(made) == "28 December 2026 to 3 January 2027"
    assert sentences.title(made) == "Your 1:1s in week 53"


def test_of_many_people_those_with_something_to_tell_are_told_in_full_and_the_others_in_a_line():
    (people,) = (s for s in outline.outline(reports.crowd(100)) if s.part is blocks.Part.PEOPLE)
    full = [b for b in people.blocks if isinstance(b, blocks.PersonEntry)]
    (others,) = (b for b in people.blocks if isinstance(b, blocks.Others))
    assert [e.name for e in full] == [f"Person {n}" for n in range(0, 100, 7)]
    assert len(full) + len(others.entries) == 100


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_a_thousand_people_are_all_there(rendering):
    said = told(rendering, reports.crowd(1000))
    assert all(f"Person {n} " in said for n in range(1000))


def test_the_text_of_every_kind_of_report_fits_eighty_columns():
    for made in (reports.ordinary(), reports.quiet(), reports.first_week(), reports.crowd(50), report()):
        assert max(len(line) for line in text.plain(made).splitlines()) <= 80


@pytest.mark.parametrize("room", [40, 60, 72])
def test_a_narrower_terminal_gets_narrower_lines_that_say_the_same(room):
    for made in (reports.ordinary(), reports.quiet(), reports.crowd(50)):
        lines = ["".join(part.text for part in line) for line in text.lines(made, room)]
        assert max(map(len, lines)) <= room
        assert "Your 1:1s in week 44" in lines[0]
    made = reports.ordinary()
    narrow = " ".join("".join(part.text for part in line) for line in text.lines(made, room))
    said, usual = (" ".join(re.sub("[│█░]+", " ", shown).split()) for shown in (narrow, text.plain(made)))
    assert said == usual


def test_a_page_is_in_good_order_for_those_who_listen_to_it():
    page = lxml_html.document_fromstring(html.render(reports.ordinary()))
    assert page.get("lang") == "en"
    levels = [int(node.tag[1]) for node in page.iter("h1", "h2", "h3")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in page.iter("table"):
        assert table.find("caption").text
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for picture in page.iter("svg"):
        if picture.get("aria-hidden") != "true":
            assert picture.get("role") == "img"
            assert set(picture.get("aria-labelledby").split()) <= set(ids)
            assert picture.find("title").text
            assert picture.find("desc").text


def test_a_page_runs_nothing_and_loads_nothing():
    source = html.render(reports.ordinary())
    page = lxml_html.document_fromstring(source)
    assert not list(page.iter("script", "link", "img", "iframe", "object", "embed", "form", "base"))
    attributes = {name for node in page.iter() for name in node.attrib}
    assert not {name for name in attributes if name.startswith("on")} | (
        attributes & {"src", "srcset", "style"}
    )
    assert {
        url for node in page.iter("a") for url in [node.get("href")] if not url.startswith("https://")
    } == set()
    assert not re.search(r"@import|url\((?!#)", source)
    (policy,) = (m.get("content") for m in page.iter("meta") if m.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


CSS = (Path(html.__file__).parent / "report.css").read_text("utf-8")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize("ground", ["paper", "card", "flag", "almost", "code"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "held", "moved", "fell", "you", "link"])
def test_whatever_is_written_can_be_read_against_its_ground(scheme, ground, ink):
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", blocks[scheme]))
    assert len(blocks) == 3
    lighter, darker = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_marks_differ_in_shape_and_not_only_in_colour():
    from daemon.render.drawing import _PATHS

    assert len(set(_PATHS.values())) == len(_PATHS)
    kinds = [replace(person(), strip=reports.weeks("h c d m n e s x - hh hc hhhhc"))]
    page = html.render(report(people=tuple(kinds)))
    assert "week 44: 4 held, cancelled" in page
