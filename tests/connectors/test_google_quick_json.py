"""Google's answers, parsed quickly, are what its client makes of them."""

from __future__ import annotations

import pytest
from googleapiclient.model import JsonModel

from connectors.google.quick_json import QuickJson

ANSWERS = [
    b'{"items": [{"id": "1", "self": true, "n": 7, "x": null}], "nextPageToken": "2"}',
    '{"summary": "Zürich 👋"}'.encode(),
    rb'{"summary": "\ud83d"}',
    b'{"id": "1", "id": "2"}',
    b'{"n": Infinity, "big": 123456789012345678901234567890, "f": 1e3}',
    b"[1, 2]",
    b"null",
    b"",
    b"<html>a portal</html>",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_what_the_client_makes_of_it(answer):
    assert QuickJson().deserialize(answer) == JsonModel().deserialize(answer)


@pytest.mark.parametrize(
    ("answer", "error"), [(b'{"x": "\xff"}', ValueError), (b"[" * 99_999, RecursionError)]
)
def test_what_cannot_be_read_fails_as_it_does_in_the_client(answer, error):
    for model in (QuickJson(), JsonModel()):
        with pytest.raises(error):
            model.deserialize(answer)
