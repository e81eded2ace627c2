"""A page of a long list of Graph's: read one entry at a time, each for itself."""

from __future__ import annotations

import json

import pytest

from connectors.outlook.listing import listing

LINKS = {"@odata.context": "c", "@odata.nextLink": "https://x/next", "@odata.deltaLink": "https://x/delta"}


def page(*entries, **more):
    return json.dumps({**LINKS, "value": entries, **more}).encode()


def test_a_page_holds_its_entries_and_where_to_go_on():
    found = listing(page({"id": "1"}, 2, None, "x"))
    assert [*found.entries] == [{"id": "1"}, 2, None, "x"]
    assert (found.context, found.following, found.last) == ("c", "https://x/next", "https://x/delta")


@pytest.mark.parametrize("link", [None, ""])
def test_a_link_that_is_empty_leads_nowhere(link):
    found = listing(page(**{"@odata.nextLink": link, "@odata.deltaLink": link}))
    assert (found.following, found.last) == (None, None)


@pytest.mark.parametrize("name", ["@odata.nextLink", "@odata.deltaLink"])
@pytest.mark.parametrize("more", [{}, {"n": float("nan")}], ids=["quick", "lenient"])
@pytest.mark.parametrize("link", [7, False, ["https://x/next"]])
def test_a_page_whose_link_cannot_be_read_does_not_pass_for_the_last(name, more, link):
    assert listing(page({"id": "1"}, **{name: link}, **more)) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b'"x"', b"{}", b'{"value": null}', b'{"value": {}}', b"\xff{}", b"[" * 99_999],
)
def test_what_holds_no_list_is_none(body):
    assert listing(body) is None


def test_half_a_character_in_an_entry_harms_nobody():
    found = listing(page({"id": "1", "subject": "\ud83d"}, {"id": "2"}))
    assert [*found.entries] == [{"id": "1", "subject": "\ud83d"}, {"id": "2"}]


def test_what_is_nested_too_deep_to_be_read_is_no_list():
    deep = b"[" * 50_000 + b"]" * 50_000
    assert listing(b'{"value": [{"id": "1", "x": ' + deep + b"}]}") is None


def test_numbers_that_json_does_not_know_are_read():
    (entry,) = listing(b'{"value": [{"id": "1", "x": Infinity}]}').entries
    assert entry == {"id": "1", "x": float("inf")}


def test_a_page_that_begins_with_the_mark_of_its_encoding_is_read():
    assert [*listing(b"\xef\xbb\xbf" + page({"id": "1"})).entries] == [{"id": "1"}]


@pytest.mark.parametrize("text", [b'"\xff"', b"9" * 5_000])
def test_an_entry_that_cannot_be_read_harms_no_other(text):
    found = listing(b'{"value": [{"id": "1", "x": ' + text + b'}, {"id": "2"}]}')
    assert [*found.entries] == [None, {"id": "2"}]
