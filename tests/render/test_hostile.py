"""Whatever other people write into titles and names, each rendering shows it as text, and stays what it is."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from daemon.render import html, markdown, text
from daemon.render.lines import clean, width
from daemon.render.markdown import escaped
from daemon.render.markup import element, written
from daemon.render.wrap import wrapped
from tests.render import reports

NASTY = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "'><img src=x onerror=alert(1)>",
    "</title></style></svg><script>x</script>",
    "--><!-- ]]>",
    "&lt;b&gt; &amp; &#x3c;",
    "# Heading",
    "1. one",
    "- item\n- item",
    "+ item",
    "===",
    "---",
    "> quote",
    "```\ncode",
    "`code` ``x``",
    "[link](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "[ref]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example/?a=b",
    "www.evil.example",
    "mail@evil.example",
    "a | b | c",
    "**bold** __bold__ *it* _it_ ~~gone~~",
    "\\* \\",
    ":smile: $x$ ^y^ {z}",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J",
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "line\nbreak\r\nand\u2028more\u2029\x85\x0b\x0c",
    "nul\x00byte\x7f\ufeff",
    "W" * 400,
    "漢字" * 150,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 ❤️ e\u0301\u0301",
    "",
    "   ",
)
FOREIGN = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join),
    st.text(max_size=80),
    st.text(alphabet="<>\"'&`*_[]()#+-.!|~\\:/@=x1 \n", max_size=40),
)
TAME = "Dana"


def shape(page: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every element of a page with its attributes, without its text."""
    tree = lxml_html.document_fromstring(page)
    return [
        (str(node.tag), tuple(node.attrib.items()))
        for node in tree.iter()
        if not (node.tag in ("text", "desc") or node.getparent() is None)
    ]


@settings(max_examples=60, deadline=None)
@given(FOREIGN)
def test_foreign_text_changes_nothing_of_the_page_but_its_text(foreign):
    page = html.render(reports.hostile(foreign))
    plain_page = html.render(reports.hostile(TAME if clean(foreign) else ""))
    assert shape(page) == shape(plain_page)
    if said := clean(foreign, 60):
        shown = " ".join(" ".join(lxml_html.document_fromstring(page).itertext()).split())
        assert " ".join(said.removesuffix("…").split()) in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


@settings(max_examples=100, deadline=None)
@given(FOREIGN)
def test_a_terminal_gets_eighty_columns_and_nothing_that_moves_it(foreign):
    for line in text.plain(reports.hostile(foreign)).splitlines():
        assert width(line) <= 80
        assert not [
            c
            for c in line
            if unicodedata.category(c) in ("Cc", "Cs") or c in "\u202a\u202e\u2066\u200f\ufeff"
        ]


@settings(max_examples=300, deadline=None)
@given(FOREIGN, st.sampled_from(["", "- ", "> ", "## ", "| ", "Dana: ", "*"]))
def test_markdown_shows_foreign_text_literally_wherever_it_stands(foreign, before):
    said = clean(foreign)
    if not said:
        return
    after = {"| ": " | x |\n| --- | --- |", "*": "*"}.get(before, "")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(before + escaped(said) + after)
    kinds = [t.type for t in tokens]
    (inline, *_) = [t for t in tokens if t.type == "inline"]
    allowed = {"text", "text_special", "softbreak"} | ({"em_open", "em_close"} if before == "*" else set())
    assert {t.type for t in inline.children} <= allowed
    assert "".join(t.content for t in inline.children).removeprefix("Dana: ") == said
    assert kinds == [t.type for t in MarkdownIt("commonmark").enable("table").parse(before + "Dana" + after)]


@pytest.mark.parametrize("text_below", ["===", "---", ":--", "- x", "1. x", "# x", "> x"])
def test_markdown_takes_nothing_at_the_beginning_of_a_line_for_more_than_text(text_below):
    tokens = MarkdownIt("commonmark").enable("table").parse(f"Above\n{escaped(text_below)}")
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]


def test_what_stands_in_an_attribute_stays_in_it():
    odd = "\"'><b onload='x'>&amp;"
    (link,) = lxml_html.fragments_fromstring("".join(written([element("a", "x", href=odd)])))
    assert (link.tag, dict(link.attrib), link.text) == ("a", {"href": odd}, "x")


@settings(max_examples=60, deadline=None)
@given(FOREIGN)
def test_markdown_keeps_its_structure(foreign):
    def structure(source):
        tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
        inside = [
            [c.type for c in t.children or () if c.type not in ("text", "text_special")] for t in tokens
        ]
        return [t.type for t in tokens], inside

    tame = reports.hostile(TAME if clean(foreign) else "")
    assert structure(markdown.render(reports.hostile(foreign))) == structure(markdown.render(tame))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "http://docs.example.com/",
        "//evil.example/",
        "https://",
        "https://user@evil.example/",
        "https://[::1",
        "https://docs.example.com/\nx",
        "\x01https://docs.example.com/",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_pages_over_https_are_linked(url):
    made = reports.report(upcoming=(reports.upcoming(page_url=url),))
    assert "<a " not in html.render(made)
    assert "](" not in markdown.render(made)


def test_a_link_keeps_to_itself_whatever_is_in_it():
    url = "https://docs.example.com/a b\"'<x>)](y)?a=1&b=%20#h=é"
    made = reports.report(upcoming=(reports.upcoming(page_url=url),))
    (link,) = lxml_html.document_fromstring(html.render(made)).iter("a")
    assert link.attrib == {
        "href": "https://docs.example.com/a%20b%22'%3Cx%3E)](y)?a=1&b=%20#h=%C3%A9",
        "rel": "noreferrer",
    }
    tokens = MarkdownIt().parse(markdown.render(made))
    links = [c for t in tokens for c in t.children or () if c.type == "link_open"]
    assert [
        dict(found.attrs)["href"].startswith("https://docs.example.com/a%20b%22'%3Cx%3E)") for found in links
    ] == [True]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab 漢e\u0301W", max_size=120), st.integers(10, 30))
def test_wrapped_text_fits_and_loses_nothing(said, room):
    lines = ["".join(part.text for part in line) for line in wrapped([said], room, "* ", "  ")]
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).removeprefix("*").split()) == "".join(said.split())
