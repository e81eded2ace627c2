"""Word files: what is written is read again, whoever saved the file in between."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.action_items import open_items
from connectors.errors import BadAnswer
from connectors.outlook import docx_parts, docx_read
from connectors.outlook.docx_write import LastTime, write
from connectors.values import Block, BlockKind, PageDraft, Span
from connectors.wording import one_line
from tests.connectors.word_file import changed, p, package, word_file

ITEMS = Block(BlockKind.HEADING, (Span("Action items"),), 2)
FRAME = 2  # lines before the first block: title, and what the page was opened for

# XML takes all of these; what it does not take is cut away on writing
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
plain = texts.map(one_line)
spans = st.builds(
    Span, plain, st.booleans(), st.booleans(), st.sampled_from([None, "https://example.com/?a=b&c"])
)
blocks = st.builds(
    Block, st.sampled_from(BlockKind), st.lists(spans, max_size=3).map(tuple), st.integers(2, 6)
)


def page(*content, key="k", heading="Mon 2 Nov 2026, 10:00"):
    return write(PageDraft(key, heading, content), "1:1 Alex – Dana", None)


def box(text):
    return Block(BlockKind.CHECKBOX, (Span(text),))


def said(content):
    return [line.text for line in docx_read.lines(content)]


def items(content):
    return open_items(docx_read.lines(content))


def state(content):
    return [(line.text, line.ticked, line.struck) for line in docx_read.lines(content)]


def wording(block):
    text = "".join(span.text for span in block.spans)
    return text.lstrip() if block.kind is BlockKind.CHECKBOX else text


# --- what is written is read --------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks, max_size=8))
def test_blocks_come_back_with_their_texts_levels_and_kinds(drafted):
    lines = docx_read.lines(page(*drafted))[FRAME:]
    assert [line.text for line in lines] == [wording(block) for block in drafted]
    for line, block in zip(lines, drafted, strict=True):
        heading = block.kind is BlockKind.HEADING
        assert line.level == (block.level - 1 if heading else 0)
        assert line.listed == (block.kind in {BlockKind.BULLET, BlockKind.CHECKBOX})
        assert not line.ticked


@settings(max_examples=40, deadline=None)
@given(texts, texts, texts)
def test_any_text_is_data(title, heading, text):
    content = write(PageDraft("k", heading, (box(text),)), title, LastTime(text, "https://example.com/"))
    assert said(content)[-1] == one_line(text).lstrip()
    assert docx_read.marks(content) == (docx_parts.page_mark("k"),)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{3,8} [a-z]{3,8}x", fullmatch=True), max_size=5))
@settings(max_examples=30, deadline=None)
def test_action_items_come_back_in_order(wanted):
    content = page(
        ITEMS, *map(box, wanted), Block(BlockKind.HEADING, (Span("Takeaways"),), 2), box("no item")
    )
    assert items(content) == tuple(wanted)


def test_a_page_says_what_it_is_about_and_where_the_last_one_is():
    content = write(
        PageDraft("k", "Tue 10 Nov", ()), "1:1 Alex – Dana", LastTime("Mon 2 Nov", "https://example.com/a")
    )
    assert said(content) == [
        "1:1 Alex – Dana",
        "Opened for Tue 10 Nov. If it moves, this file's name tells the new time.",
        "Last time: Mon 2 Nov",
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert 'Target="https://example.com/a"' in archive.read("word/_rels/document.xml.rels").decode()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "\\\\server\\share"]
)
def test_a_link_that_is_none_is_text(url):
    content = page(Block(BlockKind.PARAGRAPH, (Span("here", url=url),)))
    assert said(content)[-1] == "here"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "hyperlink" not in archive.read("word/document.xml").decode()


def test_a_file_is_known_by_its_key_and_tells_nothing_else_of_it():
    content = page(key="dana@example.com" * 40)
    assert docx_read.marks(content) == (docx_parts.page_mark("dana@example.com" * 40),)
    assert docx_read.marks(page(key="other")) != docx_read.marks(content)
    assert b"example" not in content


def test_a_file_is_small_and_names_neither_its_library_nor_an_old_date():
    content = page(ITEMS, *(box(f"Item {n}") for n in range(50)))
    assert len(content) < 25_000
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        properties = archive.read("docProps/core.xml").decode()
        settings_part = archive.read("word/settings.xml").decode()
        assert "thumbnail" not in "".join(archive.namelist())
    assert "python" not in properties
    assert "2013" not in properties
    # in compatibility mode Word lets nobody tick a box
    assert (
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
        in settings_part
    )


def test_neither_library_is_loaded_before_a_page_is_made_or_read():
    code = (
        "import connectors.outlook.documents, sys; print([m for m in ('docx', 'lxml') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# --- ticking ------------------------------------------------------------------------------------------------


def ticked(content, *, state=True, sign="☑"):
    """The first box ticked, as Word does it (state and sign), or as other programs do (one of them)."""

    def change(xml):
        xml = xml.replace('w14:checked w14:val="0"', 'w14:checked w14:val="1"', 1) if state else xml
        return xml.replace("☐", sign, 1)

    return changed(content, "word/document.xml", change)


@pytest.mark.parametrize(("state", "sign"), [(True, "☑"), (True, "☒"), (False, "☒"), (True, "☐")])
def test_a_ticked_box_is_done(state, sign):
    content = ticked(page(ITEMS, box("Send the plan"), box("Book a room")), state=state, sign=sign)
    assert items(content) == ("Book a room",)
    assert said(content)[-2:] == ["Send the plan", "Book a room"]


def test_what_is_typed_on_the_line_after_a_box_is_an_item_without_one():
    def change(xml):
        style = '<w:pPr><w:pStyle w:val="ActionItem"/></w:pPr>'
        return xml.replace("<w:sectPr", f"<w:p>{style}<w:r><w:t>Ask Sam</w:t></w:r></w:p><w:sectPr", 1)

    content = changed(page(ITEMS, box("Send the plan")), "word/document.xml", change)
    assert items(content) == ("Send the plan", "Ask Sam")


TITLE = p("Action items", '<w:pStyle w:val="berschrift2"/>')
STYLES = (
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My heading"/>'
    '<w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Round"><w:name w:val="Round"/><w:basedOn w:val="Round"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Dots"><w:name w:val="List Bullet"/>'
    '<w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:strike/></w:rPr></w:style>'
)
LISTED = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>'
SDT = (
    "<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='{}'/></w14:checkbox></w:sdtPr>"
    "<w:sdtContent>{}</w:sdtContent></w:sdt>"
)
FORM = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/>'
    "</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:t>It</w:t></w:r></w:p>"
)
REVISED = (
    f"<w:p><w:pPr>{LISTED}</w:pPr><w:ins><w:r><w:t>It</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText>Old</w:delText></w:r></w:del></w:p>"
)


@pytest.mark.parametrize(
    "done",
    [
        p("It", LISTED, "<w:strike/>"),
        p("It", LISTED, "<w:dstrike w:val='true'/>"),
        p("It", LISTED, '<w:rStyle w:val="Gone"/>'),
        p("[x] It", LISTED),
        p("✔ It"),
        p("☒ It"),
        p("It – done", LISTED),
        f"<w:p>{SDT.format(1, '<w:r><w:t>☒</w:t></w:r>')}<w:r><w:t xml:space='preserve'> It</w:t></w:r></w:p>",
        SDT.format("true", p("☒ It")),
        f"<w:tbl><w:tr><w:tc>{SDT.format(1, p('☒'))}</w:tc><w:tc>{p('It')}</w:tc></w:tr></w:tbl>",
        f"<w:tbl><w:tr>{SDT.format(1, '<w:tc>' + p('☒') + '</w:tc>')}<w:tc>{p('It')}</w:tc></w:tr></w:tbl>",
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:t> It</w:t></w:r></w:p>',
        FORM,
    ],
)
def test_done_in_all_the_ways_of_word(done):
    content = word_file(TITLE + done + p("Other", LISTED), STYLES)
    assert items(content) == ("Other",)
    assert any(line.text.strip().endswith(("It", "It – done")) for line in docx_read.lines(content))


@pytest.mark.parametrize(
    "still_open",
    [
        p("It", LISTED),
        p("It", LISTED, "<w:strike w:val='0'/>"),
        p("It", '<w:pStyle w:val="Dots"/>'),
        p("☐ It"),
        p("[ ] It"),
        f"<w:p>{SDT.format(0, '<w:r><w:t>☐</w:t></w:r>')}<w:r><w:t>It</w:t></w:r></w:p>",
        SDT.format(0, p("☐ It")),
        f"<w:tbl><w:tr><w:tc>{SDT.format(0, p('☐'))}</w:tc><w:tc>{p('It')}</w:tc></w:tr></w:tbl>",
        f"<w:ins>{p('It', LISTED)}</w:ins>",
        REVISED,
        f"<w:p><w:pPr>{LISTED}</w:pPr><w:hyperlink><w:r><w:t>It</w:t></w:r></w:hyperlink></w:p>",
        f"<w:sdt><w:sdtContent>{p('It', LISTED)}</w:sdtContent></w:sdt>",
    ],
)
def test_open_in_all_the_ways_of_word(still_open):
    assert items(word_file(TITLE + still_open, STYLES)) == ("It",)


def test_a_bullet_taken_away_from_a_styled_line_makes_it_no_item():
    none = p("It", '<w:pStyle w:val="Dots"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert items(word_file(TITLE + none, STYLES)) == ()


def test_headings_are_known_by_style_name_outline_and_descent():
    content = word_file(
        p("A", '<w:pStyle w:val="berschrift2"/>')
        + p("B", '<w:pStyle w:val="Mine"/>')
        + p("C", '<w:outlineLvl w:val="2"/>')
        + p("D", '<w:pStyle w:val="Round"/>')
        + p("E", '<w:pStyle w:val="Nowhere"/>')
        + p("F", '<w:pStyle w:val="Verzeichnis1"/>'),
        STYLES,
    )
    assert [(line.text, line.level) for line in docx_read.lines(content)] == [
        ("A", 2),
        ("B", 1),
        ("C", 3),
        ("D", 0),
        ("E", 0),
    ]


def test_a_text_box_is_read_once_and_hidden_text_not_at_all():
    inside = f"<w:txbxContent>{p('In a box')}</w:txbxContent>"
    choice = f"<mc:Choice>{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>"
    both = f"<mc:AlternateContent>{choice}</mc:AlternateContent>"
    content = word_file(
        f"<w:p><w:r><w:t>Around</w:t></w:r><w:r>{both}</w:r></w:p>" + p("no", run="<w:vanish/>")
    )
    assert said(content) == ["Around", "In a box", ""]


def test_the_strict_kind_of_word_file_and_an_odd_name_of_its_main_part_are_read():
    assert items(word_file(TITLE + p("It", LISTED), STYLES, strict=True)) == ("It",)
    assert items(word_file(TITLE + p("It", LISTED), STYLES, main="word/document2.xml")) == ("It",)


def test_a_run_split_by_word_says_the_same():
    whole = word_file(p("Business"))
    split = word_file(
        "<w:p><w:r><w:t>Busi</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t>ness</w:t></w:r></w:p>"
    )
    assert said(whole) == said(split)


# --- hostile files ------------------------------------------------------------------------------------------

DOCTYPE = '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def deep(depth):
    return "<w:tbl><w:tr><w:tc>" * depth + p("It") + "</w:tc></w:tr></w:tbl>" * depth


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x" * 1000, id="no zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, id="protected by a password"),
        pytest.param(package({}), id="empty zip"),
        pytest.param(package({"word/document.xml": "<a/>"}), id="no relations"),
        pytest.param(word_file("")[:-40], id="cut off"),
        pytest.param(word_file("").replace(b"PK\x01\x02", b"PK\x01\x03"), id="broken directory"),
        pytest.param(word_file("<w:p>"), id="no XML"),
        pytest.param(word_file("&i;", prolog=DOCTYPE + "]>"), id="entities"),
        pytest.param(word_file("", prolog='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), id="doctype"),
        pytest.param(word_file("<w:p/>" * 400_000), id="too many tags"),
        pytest.param(word_file(p(" " * 9_000_000)), id="zip bomb"),
        pytest.param(word_file(deep(700)), id="deep"),
        pytest.param(b"\0" * (docx_parts.MOST_BYTES + 1), id="too large"),
        pytest.param(package({f"{n}": "" for n in range(6_000)}), id="too many parts"),
    ],
)
def test_what_is_no_sane_word_file_is_a_bad_answer_and_costs_little(content):
    tracemalloc.start()
    try:
        with pytest.raises(BadAnswer):
            docx_read.lines(content)
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_a_bad_answer(data):
    content = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for read in (docx_read.lines, docx_read.marks):
        with contextlib.suppress(BadAnswer):
            read(bytes(content))


SAMPLE = page(ITEMS, box("Send the plan"))


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "x"])
def test_numbers_that_are_none_do_no_harm(number):
    listed = f'<w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="{number}"/></w:numPr>'
    properties = f'<w:outlineLvl w:val="{number}"/>{listed}'
    assert said(word_file(p("It", properties))) == ["It"]
