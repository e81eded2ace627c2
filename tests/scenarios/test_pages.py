"""Prep pages: one doc for each person, one open page, for the next 1:1."""

from __future__ import annotations

import pytest

from tests.world import at


def test_a_one_on_one_put_off_past_the_ones_after_it_gets_a_page_of_its_own(world):
    series = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    world.dana.move(world.dana.instances(series)[0], at(19))
    world.wait(minutes=1)
    assert world.headings() == ["Tue 10 Nov 2026, 10:00"]
    world.wait(days=8, hours=4)
    world.wait(days=7)
    assert world.headings() == [
        "Thu 19 Nov 2026, 10:00",
        "Tue 17 Nov 2026, 10:00",
        "Tue 10 Nov 2026, 10:00",
    ]
    assert world.linked() == ["19.11. 10:00"]


def test_a_doc_thrown_away_is_replaced_in_the_cycle_that_needs_it(world):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    thrown_away = world.doc
    thrown_away.trash()
    world.dana.move(meeting, at(4))
    result = world.wait(minutes=1)
    assert [a.error for a in result.accounts] == [None]
    assert {a.result.value for a in result.actions} == {"done"}
    (doc,) = [d for d in world.google.documents() if not d.trashed]
    assert [line.text for line in doc.lines() if line.style == "HEADING_1"] == ["Wed 4 Nov 2026, 10:00"]
    assert [a["fileUrl"].partition("#")[0] for a in world.alex.event(meeting)["attachments"]] == [doc.url]
    assert world.wait(minutes=1).actions == ()
    assert doc.id in world.slots()[0]["description"]


@pytest.mark.parametrize("path", ["*/drive/v3/files/*", "*/documents/*"])
def test_a_doc_that_is_missing_for_a_moment_keeps_its_page_and_what_is_written_on_it(world, path):
    series = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    world.doc.append("Ask for the budget", under="Progress")
    world.dana.cancel(world.dana.instances(series)[0])
    world.google.faults.status(404, path=path)
    world.wait(minutes=1)
    world.wait(minutes=1)
    assert world.headings() == ["Tue 10 Nov 2026, 10:00"]
    assert "Ask for the budget" in world.doc.text
    assert world.linked() == ["10.11. 10:00"]


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("path", ["*/drive/v3/files/*", "*/documents/*"])
def test_a_doc_that_is_missing_for_a_moment_gets_each_page_once(world, path, nth):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    world.google.faults.status(404, path=path, nth=nth)
    world.wait(days=1, hours=4)
    world.google.faults.clear()
    world.wait(minutes=1)
    assert world.headings() == ["Tue 10 Nov 2026, 10:00", "Tue 3 Nov 2026, 10:00"]
