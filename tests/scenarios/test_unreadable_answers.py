"""Answers with something in them that can't be read: what they don't tell is not made up, and heals."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connectors.google.calendar import GoogleCalendar
from daemon.core.artefacts import LinkState
from tests.world import at


def spoiled(**fields):
    """The first event in an answer, with other fields in it."""

    def change(request, answer):
        content = json.loads(answer.body)
        listed = next((content[name] for name in ("items", "value") if name in content), [content])
        listed[0] |= fields
        return replace(answer, body=json.dumps(content).encode())

    return change


@pytest.mark.parametrize("body", [None, "text", {"contentType": "html"}, {"content": ["x"]}, {"content": ""}])
def test_an_invite_whose_body_cannot_be_read_is_not_written_over(outlook, body):
    agenda = {"contentType": "html", "content": "<p>Bring the plan</p>"}
    outlook.dana.schedule("1:1 Alex / Dana", at(3), guests=[outlook.alex], body=agenda)
    outlook.microsoft.faults.mangle(spoiled(body=body), method="GET", path="*/me/events/*", times=9)
    outlook.cycle()
    assert outlook.linked() == []
    outlook.microsoft.faults.clear()
    outlook.wait(minutes=10)
    (invite,) = outlook.meetings()
    assert "Bring the plan" in invite["body"]["content"]
    assert outlook.linked() == ["03.11. 10:00"]


@pytest.mark.parametrize("attachments", [None, {}, "", ["x"], [{"title": "Minutes"}]])
def test_an_invite_whose_attachments_cannot_be_read_keeps_them(world, attachments):
    minutes = [{"fileUrl": "https://example.com/minutes", "title": "Minutes"}]
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], attachments=minutes)
    world.google.faults.mangle(spoiled(attachments=attachments), method="GET", path="*/events/*", times=9)
    world.cycle()
    assert world.linked() == []
    world.google.faults.clear()
    world.wait(minutes=10)
    (invite,) = world.meetings()
    assert [entry["title"] for entry in invite["attachments"]] == ["Minutes", "1:1 Alex / Dana"]


@pytest.mark.parametrize("fields", [{"summary": ["x"]}, {"description": 7}], ids=str)
def test_a_slot_that_cannot_be_read_was_not_edited_by_the_user(world, fields):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    world.wait(minutes=1)
    (slot,) = world.slots()
    world.alex.change(slot["id"], colorId="3")
    world.google.faults.mangle(spoiled(**fields), path="*/events")
    world.wait(minutes=1)
    world.wait(minutes=10)
    (kept,) = world.live_slots()
    assert not kept.edited


def test_attachments_that_cannot_be_read_do_not_say_that_the_user_took_the_link_off(world):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    world.wait(minutes=1)
    world.alex.respond(meeting, "accepted", comment="See you")
    world.google.faults.mangle(spoiled(attachments={"0": {}}), path="*/events")
    world.wait(minutes=1)
    world.wait(minutes=10)
    assert [link.state for link in world.state.artefacts.links.values()] == [LinkState.ON]


def test_a_bug_in_reading_one_account_leaves_the_other_served(both, monkeypatch, caplog):
    both.everywhere("1:1 Alex / Dana", at(3))
    monkeypatch.setattr(GoogleCalendar, "pages", lambda *_: 1 / 0)
    result = both.cycle()
    told = {account.name: str(account.error) for account in result.accounts}
    assert told["work"].startswith("Account work: prepd ran into a bug of its own")
    assert told["client"] == "None"
    assert both.slot_times() == ["03.11. 09:50-10:00 client"]
    assert "a bug in prepd, in reading an account" in caplog.text
