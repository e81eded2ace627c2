"""Requests that fail: nothing is lost, nothing is made twice, and the cycle ends in order."""

from __future__ import annotations

import json

import pytest

from connectors.google.transport import _Door
from daemon.apply import pages
from tests.world import at


@pytest.mark.parametrize("path", ["*/events/*", "*/drive/v3/files/*", "*/drive/v3/files", "*/documents/*"])
@pytest.mark.parametrize("status", [403, 404, 409, 410, 412])
def test_a_cycle_ends_in_order_whatever_a_request_is_refused_with(world, path, status):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.google.faults.status(status, path=path)
    world.cycle()
    world.google.faults.clear()
    world.wait(minutes=1)
    assert world.slot_times() == ["03.11. 09:50-10:00", "10.11. 09:50-10:00"]
    assert world.headings() == ["Tue 3 Nov 2026, 10:00"]


def _answering(monkeypatch, part, change):
    """Has the next answer to an address with `part` in it changed before prepd reads it."""
    real, left = _Door.request, [1]

    def request(door, uri, *args, **kwargs):
        response, body = real(door, uri, *args, **kwargs)
        if part in uri and left[0]:
            left[0] = 0
            answer = json.loads(body)
            body = json.dumps(change(answer) or answer).encode()
        return response, body

    monkeypatch.setattr(_Door, "request", request)


def _first_paragraph(document):
    return next(e for e in document["tabs"][0]["documentTab"]["body"]["content"] if "paragraph" in e)


MALFORMED = {
    "files are no list": ("files?q=", lambda a: {"files": 7}),
    "files are no objects": ("files?q=", lambda a: {"files": [None, "x"]}),
    "a file's id is half a character": ("files?fields=", lambda a: a.update(id="\ud800")),
    "a file's address is no text": ("files?fields=", lambda a: a.update(webViewLink=[1])),
    "a doc is null": ("/documents/", lambda a: {"tabs": None, "body": None}),
    "a doc has no tabs": ("/documents/", lambda a: {"tabs": [{}]}),
    "an index is no number": ("/documents/", lambda a: _first_paragraph(a).update(startIndex="1")),
    "an index is out of this world": ("/documents/", lambda a: _first_paragraph(a).update(endIndex=10**30)),
    "a revision is no text": ("/documents/", lambda a: a.update(revisionId={})),
    "an event's attachments are no list": ("/events/", lambda a: a.update(attachments=5)),
    "an event is nothing": ("/events/", lambda a: {"id": None}),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_cycle_ends_in_order_when(world, monkeypatch, what):
    part, change = MALFORMED[what]
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    _answering(monkeypatch, part, change)
    world.cycle()
    assert len(world.told("scheduled")) == 9
    world.wait(minutes=1)
    world.wait(minutes=1)
    assert world.headings() == ["Tue 3 Nov 2026, 10:00"]
    assert world.linked() == ["03.11. 10:00"]
    assert world.slot_times() == ["03.11. 09:50-10:00", "10.11. 09:50-10:00"]


def test_a_bug_in_one_action_keeps_nothing_from_the_ledger_and_nothing_private_gets_into_the_log(
    world, monkeypatch, caplog
):
    private = "dana@example.com"

    def stumble(*_):
        raise KeyError(private)

    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    with monkeypatch.context() as patch:
        patch.setattr(pages.PageMaker, "create", stumble)
        result = world.cycle()
    assert len(world.told("scheduled")) == 9
    assert not result.accounts[0].ok
    assert [a.result.value for a in result.actions] == ["pending", "pending", "done", "done"]
    assert "test_failures.py" in caplog.text
    assert private not in caplog.text
    assert world.wait(minutes=1).accounts[0].ok
    assert world.linked() == ["03.11. 10:00"]
