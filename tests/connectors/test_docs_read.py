"""Documents as the Docs API gives them: which page is where, and what is on it."""

import pytest

from connectors.errors import BadAnswer
from connectors.google.docs_model import parse
from connectors.google.docs_read import find_page, home, read, section
from connectors.google.docs_write import prepend
from connectors.values import Block, BlockKind, PageDraft, Span
from tests.connectors.paper_doc import PaperDoc


def build(*elements, marks=()):
    """A document of paragraphs (text or element parts, style, bullet) and raw elements, with indices."""
    content, at = [{"endIndex": 1, "sectionBreak": {}}], 1
    for element in elements:
        if "paragraph" in element:
            for part in element["paragraph"]["elements"]:
                part["startIndex"] = at
                at += len(part["textRun"]["content"]) if "textRun" in part else 1
                part["endIndex"] = at
            element["startIndex"], element["endIndex"] = element["paragraph"]["elements"][0]["startIndex"], at
        else:
            element["startIndex"], element["endIndex"] = at, at + 1
            at += 1
        content.append(element)
    named = {
        name: {
            "namedRanges": [
                {"namedRangeId": name, "name": name, "ranges": [{"startIndex": a, "endIndex": b}]}
            ]
        }
        for name, a, b in marks
    }
    return {"revisionId": "r", "body": {"content": content}, "namedRanges": named}


def line(*parts, style="NORMAL_TEXT", bullet=None, heading_id=""):
    runs = [{"textRun": {"content": p}} if isinstance(p, str) else p for p in parts]
    paragraph = {
        "elements": [*runs, {"textRun": {"content": "\n"}}],
        "paragraphStyle": {"namedStyleType": style},
    }
    if heading_id:
        paragraph["paragraphStyle"]["headingId"] = heading_id
    if bullet is not None:
        paragraph["bullet"] = {"listId": "l", "nestingLevel": bullet}
    return {"paragraph": paragraph}


def struck(text):
    return {"textRun": {"content": text, "textStyle": {"strikethrough": True}}}


def texts(document, key="p", heading_id=""):
    return [p.text for p in section(find_page(parse(document), key, heading_id))]


def h1(text="Monday", heading_id=""):
    return line(text, style="HEADING_1", heading_id=heading_id)


def table(*cells, at):
    """A table of one column that begins at an index, of one-letter cells."""
    rows = []
    for number, cell in enumerate(cells):
        start = at + 3 + 4 * number
        cell.update(startIndex=start, endIndex=start + 2)
        for offset, part in enumerate(cell["paragraph"]["elements"]):
            part.update(startIndex=start + offset, endIndex=start + offset + 1)
        rows.append({"tableCells": [{"content": [cell]}]})
    return {"table": {"tableRows": rows}}


MARK = ("prepd:p", 1, 7)


def test_a_page_ends_at_the_next_heading_of_level_1():
    document = build(h1(), line("a"), line("b", style="HEADING_2"), h1("Older"), line("c"), marks=[MARK])
    assert texts(document) == ["a", "b"]


def test_a_page_ends_at_the_next_page_even_if_the_user_made_its_heading_plain():
    document = build(h1(), line("a"), line("Older"), line("c"), marks=[MARK, ("prepd:q", 10, 15)])
    assert texts(document) == ["a"]


def test_an_empty_heading_and_an_empty_range_end_nothing():
    document = build(h1(), line("a"), h1(""), line("b"), marks=[MARK, ("prepd:gone", 11, 11)])
    assert texts(document) == ["a", "", "b"]


def test_the_last_page_reaches_to_the_end():
    assert texts(build(line("Before"), h1(), line("a"), line(""), marks=[("prepd:p", 8, 14)])) == ["a", ""]


def test_a_page_whose_range_is_gone_is_found_by_its_headings_id():
    document = build(h1(heading_id="h.1"), line("a"))
    assert texts(document, heading_id="h.1") == ["a"]
    assert find_page(parse(document), "p") is None
    assert find_page(parse(document), "p", "h.2") is None


def test_a_range_that_grew_over_text_in_front_still_finds_the_heading():
    document = build(line("Note"), h1("Monday"), line("a"), marks=[("prepd:p", 1, 12)])
    assert find_page(parse(document), "p").heading.text == "Monday"


def test_a_page_is_found_in_whatever_tab_it_is_and_indices_stay_those_of_the_tab():
    ours = build(h1(), line("a"), marks=[MARK])
    tabs = [
        {"tabProperties": {"tabId": "t.1"}, "documentTab": build(line("x"))},
        {
            "tabProperties": {"tabId": "t.2"},
            "documentTab": build(line("y")),
            "childTabs": [{"tabProperties": {"tabId": "t.0"}, "documentTab": ours}],
        },
    ]
    found = find_page(parse({"revisionId": "r", "tabs": tabs}), "p")
    assert (found.tab.id, found.heading.start) == ("t.0", 1)
    assert home(parse({"tabs": tabs})) == found.tab
    assert home(parse({"tabs": tabs[:1]})).id == "t.1"


def test_tables_are_read_tables_of_contents_are_not():
    toc = {"tableOfContents": {"content": [line("Monday")]}}
    cells = table(line("x", bullet=0), line("y", style="HEADING_1"), line("z"), at=9)
    document = build(h1(), toc, cells, marks=[MARK])
    page = find_page(parse(document), "p")
    assert [p.text for p in section(page)] == ["x", "y", "z"]
    assert [p.in_table for p in page.tab.paragraphs] == [False, True, True, True]


def test_chips_are_read_as_what_they_show():
    person = {"person": {"personProperties": {"name": "Dana", "email": "dana@example.com"}}}
    link = {"richLink": {"richLinkProperties": {"title": "Plan", "uri": "https://example.com"}}}
    date = {"dateElement": {"dateElementProperties": {"displayText": "Nov 24"}}}
    image = {"inlineObjectElement": {"inlineObjectId": "i"}}
    action = line(person, " sends ", link, image, " by ", date, bullet=0)
    document = build(h1(), line("Action items", style="HEADING_2"), action, marks=[MARK])
    assert read(find_page(parse(document), "p")).open_items == ("Dana sends Plan by Nov 24",)


def test_action_items_are_read_with_nested_ones_and_without_struck_ones():
    document = build(
        h1(),
        line("Next steps 🎯", style="HEADING_3"),
        line("One", bullet=0),
        line("Two", bullet=2),
        line(struck("Gone"), bullet=0),
        line(struck("Half "), "done by Friday", bullet=0),
        line(""),
        line("☐ Typed"),
        line("Feedback", style="HEADING_3"),
        line("Not this", bullet=0),
        marks=[MARK],
    )
    assert read(find_page(parse(document), "p")).open_items == ("One", "Two", "Half done by Friday", "Typed")


@pytest.mark.parametrize(
    "change",
    [
        [line("b")],
        [line(struck("a"))],
        [line("a", bullet=0)],
        [line("a"), line("more")],
    ],
)
def test_the_digest_changes_when_somebody_typed_struck_out_or_made_a_list(change):
    before = read(find_page(parse(build(h1(), line("a"), marks=[MARK])), "p"))
    after = read(find_page(parse(build(h1(), *change, marks=[MARK])), "p"))
    assert before.digest != after.digest


def test_the_digest_does_not_change_with_the_heading_or_with_pages_above():
    doc = PaperDoc()
    doc.type_paragraph("")
    block = Block(BlockKind.CHECKBOX, (Span("Goals "), Span("today", bold=True)))
    doc.apply(prepend(PageDraft("p", "Monday", (block,)), parse(doc.answer()).tabs[0]))
    before = read(find_page(parse(doc.answer()), "p"))
    doc.apply(prepend(PageDraft("q", "Tuesday", (block,)), parse(doc.answer()).tabs[0]))
    assert read(find_page(parse(doc.answer()), "p")) == before
    assert read(find_page(parse(doc.answer()), "q")) == before


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"body": None},
        {"body": {"content": [{"paragraph": {}}]}},
        {"body": {"content": []}, "namedRanges": [{}]},
        {"tabs": [{"documentTab": {}}]},
    ],
)
def test_an_answer_that_is_no_document_is_a_bad_answer(answer):
    with pytest.raises(BadAnswer):
        parse(answer)
