"""A body is written over only where the answer says what it holds."""

from __future__ import annotations

import pytest

from connectors.errors import BadAnswer
from connectors.outlook.payloads import body_of


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"body": None},
        {"body": None, "bodyPreview": None},
        {"body": {}},
        {"body": {"contentType": "html"}},
        {"body": {"contentType": "html", "content": None}},
        {"body": {"contentType": "html", "content": ""}, "bodyPreview": "Agenda"},
        {"body": {"contentType": "html", "content": 7}},
        {"body": {"contentType": "html", "content": 7}, "bodyPreview": ""},
        {"body": "Agenda", "bodyPreview": ""},
        {"bodyPreview": "Agenda"},
    ],
)
def test_a_body_that_nothing_says_to_be_empty_is_not_taken_for_an_empty_one(answer):
    with pytest.raises(BadAnswer):
        body_of(answer)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ({"body": {"contentType": "HTML", "content": "<p>Agenda</p>"}}, ("<p>Agenda</p>", "html")),
        ({"body": {"contentType": "Text", "content": "Agenda"}, "bodyPreview": "Agenda"}, ("Agenda", "text")),
        ({"body": {"contentType": "html", "content": ""}}, ("", "html")),
        ({"body": None, "bodyPreview": ""}, ("", "html")),
    ],
)
def test_a_body_is_read_in_its_form_and_an_empty_one_as_such(answer, body):
    assert body_of(answer) == body
