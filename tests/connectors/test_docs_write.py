"""Pages and headings as batches of requests, carried out on a model of a document."""

from copy import deepcopy

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from connectors.google.docs_model import find_wording, parse
from connectors.google.docs_read import find_page, read
from connectors.google.docs_write import clean, prepend, retitle
from connectors.values import Block, BlockKind, PageDraft, Span
from tests.connectors.paper_doc import PaperDoc, text_of, units

unhurried = settings(deadline=None, max_examples=80)

# --- anything that may stand in a document, or come from other people -----------------------------------

kept_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters="\u2028\u2029\ufffc"),
    max_size=12,
) | st.sampled_from(["👩‍👩‍👧 family", "é́", "🇬🇧🎉", "x" * 30, ""])
any_text = st.text(max_size=15) | st.sampled_from(
    [
        "\tTab",
        "a\nb",
        "a\r\nb",
        "\x0b\x00\x1b[31m",
        "\ue907",
        "\ud83d",
        "# no heading",
        "[x](javascript:1)",
        "👋🏽",
    ]
)
spans = st.builds(
    Span,
    text=any_text,
    bold=st.booleans(),
    italic=st.booleans(),
    url=st.sampled_from([None, "https://example.com/a?b=c#d", "javascript:alert(1)", "https://e x"]),
)
blocks = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    spans=st.lists(spans, max_size=3).map(tuple),
    level=st.integers(0, 8),
)
drafts = st.builds(
    PageDraft, key=st.just("new"), heading=any_text, blocks=st.lists(blocks, max_size=8).map(tuple)
)
paragraphs = st.fixed_dictionaries(
    {
        "text": kept_text,
        "style": st.sampled_from(["NORMAL_TEXT", "NORMAL_TEXT", "HEADING_1", "HEADING_3", "TITLE"]),
        "bullet": st.sampled_from([None, None, "BULLET_CHECKBOX", "BULLET_DISC_CIRCLE_SQUARE", "NUMBERED"]),
        "text_style": st.sampled_from([{}, {"bold": True}, {"strikethrough": True, "link": {"url": "u"}}]),
    },
    optional={"alignment": st.just("CENTER"), "indentStart": st.just({"magnitude": 7, "unit": "PT"})},
)


@st.composite
def documents(draw):
    doc = PaperDoc(grows_at_start=draw(st.booleans()), grows_at_end=draw(st.booleans()))
    for paragraph in draw(st.lists(paragraphs, min_size=1, max_size=5)):
        doc.type_paragraph(**paragraph)
    return doc


def fresh():
    doc = PaperDoc()
    doc.type_paragraph("")
    return doc


def put(doc, draft):
    doc.apply(prepend(draft, parse(doc.answer()).tabs[0]))


def page(doc, key):
    return find_page(parse(doc.answer()), key)


def expected_text(block):
    return "".join(clean(span.text) for span in block.spans)


# --- pages ----------------------------------------------------------------------------------------------


@unhurried
@given(documents(), drafts)
def test_what_stood_in_the_document_is_unchanged_below_the_new_page(doc, draft):
    before = deepcopy(doc.cells)
    put(doc, draft)
    assert doc.cells[-len(before) :] == before


@unhurried
@given(documents(), drafts)
def test_the_new_page_reads_as_its_draft(doc, draft):
    size = len(list(doc.lines()))
    put(doc, draft)
    lines = list(doc.lines())
    new = lines[: len(lines) - size]
    assert new[0][0] == (clean(draft.heading).strip() or "Untitled")
    assert [text for text, _ in new[1 : len(draft.blocks) + 1]] == [expected_text(b) for b in draft.blocks]
    assert [text for text, _ in new[len(draft.blocks) + 1 :]] in ([], [""])


@unhurried
@given(documents(), drafts)
def test_new_paragraphs_have_the_styles_and_bullets_of_their_blocks_and_none_of_their_neighbours(doc, draft):
    put(doc, draft)
    for block, (_, paragraph) in zip(draft.blocks, list(doc.lines())[1:], strict=False):
        style = {k: v for k, v in paragraph["style"].items() if k != "headingId"}
        level = min(max(block.level, 1), 6)
        heading = block.kind is BlockKind.HEADING
        assert style == {"namedStyleType": f"HEADING_{level}" if heading else "NORMAL_TEXT"}
        presets = {BlockKind.BULLET: "BULLET_DISC_CIRCLE_SQUARE", BlockKind.CHECKBOX: "BULLET_CHECKBOX"}
        assert (paragraph["bullet"] or {}).get("preset") == presets.get(block.kind)


@unhurried
@given(documents(), drafts)
def test_text_is_bold_italic_and_linked_exactly_where_its_spans_say(doc, draft):
    put(doc, draft)
    at = len(units(next(doc.lines())[0])) + 1
    for block in draft.blocks:
        for span in block.spans:
            size = len(units(clean(span.text)))
            wanted = {k: True for k in ("bold", "italic") if getattr(span, k)}
            if span.url == "https://example.com/a?b=c#d":
                wanted["link"] = {"url": span.url}
            assert all(cell.style == wanted for cell in doc.cells[at : at + size])
            at += size
        at += 1


@unhurried
@given(documents(), drafts)
def test_the_blank_line_below_a_page_has_no_style_of_the_text_that_it_pushed_down(doc, draft):
    assume(next(doc.lines())[0])
    size = len(doc.cells)
    put(doc, draft)
    assert [cell.style for cell in doc.cells[-size - 2 : -size] if cell.unit == 10][-1] == {}


@unhurried
@given(documents(), drafts, drafts)
def test_each_page_is_found_by_its_key_whatever_comes_before_it(doc, first, second):
    put(doc, PageDraft("first", first.heading, first.blocks))
    heading, content = page(doc, "first").heading, read(page(doc, "first"))
    put(doc, PageDraft("second", second.heading, second.blocks))
    found = page(doc, "first")
    assert (found.heading.text, found.heading.heading_id) == (heading.text, heading.heading_id)
    assert read(found) == content
    newest = page(doc, "second")
    assert newest.heading.start == 1
    assert newest.heading.heading_id not in {"", heading.heading_id}


@unhurried
@given(documents(), drafts)
def test_the_heading_is_marked_with_exactly_the_words_that_were_written(doc, draft):
    put(doc, draft)
    found = page(doc, "new")
    marks = found.marks("new")
    assert len(marks) == 2
    words = text_of(doc.cells[marks[0].start - 1 : marks[0].end - 1])
    assert words == found.heading.text == (clean(draft.heading).strip() or "Untitled")
    extents = [find_wording(found.heading, m) for m in marks if m.name.startswith("prepd-words:")]
    assert extents == [(marks[0].start, marks[0].end)]


def test_the_empty_line_of_a_new_document_closes_the_first_page():
    doc = fresh()
    put(doc, PageDraft("a", "Monday", (Block(BlockKind.CHECKBOX, (Span("Goals"),)),)))
    assert [text for text, _ in doc.lines()] == ["Monday", "Goals", ""]
    put(doc, PageDraft("b", "Tuesday", ()))
    assert [text for text, _ in doc.lines()] == ["Tuesday", "", "Monday", "Goals", ""]


def test_neighbouring_boxes_and_bullets_are_lists_of_their_own():
    doc = fresh()
    kinds = [BlockKind.CHECKBOX, BlockKind.CHECKBOX, BlockKind.BULLET, BlockKind.PARAGRAPH, BlockKind.BULLET]
    put(doc, PageDraft("a", "Monday", tuple(Block(kind, (Span("x"),)) for kind in kinds)))
    lists = [(p["bullet"] or {}).get("listId") for _, p in doc.lines()]
    assert lists[1] == lists[2]
    assert len({*lists}) == 4


def test_a_page_goes_below_a_table_that_opens_the_document():
    doc = fresh()
    answer = doc.answer()
    cell = {"content": [{"startIndex": 4, "endIndex": 5, "paragraph": {"elements": []}}]}
    table = {"startIndex": 1, "endIndex": 6, "table": {"tableRows": [{"tableCells": [cell]}]}}
    line = {"startIndex": 6, "endIndex": 7, "paragraph": {"elements": []}}
    answer["body"]["content"] = [{"endIndex": 1}, table, line]
    insert = next(
        r["insertText"] for r in prepend(PageDraft("a", "M", ()), parse(answer).tabs[0]) if "insertText" in r
    )
    assert insert == {"location": {"index": 6}, "text": "M\n"}


def test_requests_name_the_tab_where_there_are_tabs():
    doc = fresh()
    answer = doc.answer()
    tabs = {"revisionId": "1", "tabs": [{"tabProperties": {"tabId": "t.0"}, "documentTab": answer}]}
    requests = prepend(PageDraft("a", "M", ()), parse(tabs).tabs[0])
    places = [b.get("location") or b.get("range") for r in requests for b in r.values()]
    assert {place["tabId"] for place in places} == {"t.0"}


@unhurried
@given(any_text)
def test_clean_text_is_one_line_of_what_google_keeps(text):
    cleaned = clean(text)
    assert not {c for c in cleaned if ord(c) < 32 or 0xD800 <= ord(c) <= 0xF8FF or c in "\u2028\u2029\x7f"}
    assert clean(cleaned) == cleaned


# --- other headings -------------------------------------------------------------------------------------


def type_in(doc, index, text):
    doc.apply([{"insertText": {"location": {"index": index}, "text": text}}])


@unhurried
@given(documents(), drafts, drafts, any_text)
@example(fresh(), PageDraft("new", "🎉", ()), PageDraft("new", "x", ()), "🎉🎉")
def test_retitling_changes_the_words_of_one_heading_and_nothing_else(doc, old, newer, heading):
    put(doc, PageDraft("old", old.heading, old.blocks))
    put(doc, PageDraft("newer", newer.heading, newer.blocks))
    before = list(deepcopy(list(doc.lines())))
    was = page(doc, "old")
    content = read(was)
    doc.apply(retitle(was, "old", heading))
    after, found = list(doc.lines()), page(doc, "old")
    wanted = clean(heading).strip() or "Untitled"
    number = next(
        i for i, (_, p) in enumerate(before) if p["style"].get("headingId") == was.heading.heading_id
    )
    before[number] = (wanted, before[number][1])
    assert after == before
    assert (found.heading.text, found.heading.heading_id) == (wanted, was.heading.heading_id)
    assert read(found) == content
    assert retitle(found, "old", heading) == []


@unhurried
@given(documents(), st.tuples(kept_text, kept_text, kept_text, kept_text), st.booleans())
def test_words_that_the_user_typed_around_the_heading_stay(doc, texts, twice):
    heading, front, back, new = texts
    put(doc, PageDraft("p", heading, ()))
    size = len(units(page(doc, "p").heading.text))
    type_in(doc, 1 + size, f" – {back}")
    type_in(doc, 1, front)
    heading = clean(heading).strip() or "Untitled"
    assume(heading not in front)
    assume(page(doc, "p").heading.text.index(heading) == len(front))
    for title in (new, "again") if twice else (new,):
        assume(title == new or (clean(new).strip() or "Untitled") not in front)
        doc.apply(retitle(page(doc, "p"), "p", title))
    last = "again" if twice else (clean(new).strip() or "Untitled")
    assert page(doc, "p").heading.text == f"{front}{last} – {back}"


def test_words_of_the_heading_that_the_user_changed_stay_changed():
    doc = fresh()
    put(doc, PageDraft("p", "Monday 10:00", ()))
    type_in(doc, 4, "!")
    assert retitle(page(doc, "p"), "p", "Tuesday") == []


@pytest.mark.parametrize("key", ["k" * 180, "k" * 181, "ключ" * 100, "🎉" * 100])
def test_long_keys_make_names_that_fit(key):
    doc = fresh()
    put(doc, PageDraft(key, "Monday", ()))
    assert page(doc, key).heading.text == "Monday"
