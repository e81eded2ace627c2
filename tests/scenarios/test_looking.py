"""What the commands that only look make of a cycle's results: the documents of docs/design.md, 6.2."""

from __future__ import annotations

import pytest

from daemon.core.ledger.marking import Unmarkable, UserMark, find_one_on_one, marked
from daemon.core.model import Kind
from daemon.render.documents import agenda_entry
from tests.world import at

AGENDA = "id account calendar event_id series_id title person start end response prep_doc slot"


def test_an_entry_of_the_agenda_has_all_its_fields(world):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    state = world.state
    entry = agenda_entry(world.record_at(at(3)), state, world.config)
    assert entry.keys() >= set(AGENDA.split())
    assert (entry["account"], entry["calendar"]) == ("work", "primary")
    assert entry["prep_doc"]["attached_to"] == ["invite", "slot"]


@pytest.mark.parametrize("kind", [Kind.HELD, Kind.NO_SHOW])
def test_a_cancelled_one_on_one_that_is_still_to_come_was_neither_held_nor_missed(world, kind):
    meeting = world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex])
    world.cycle()
    world.dana.cancel(meeting)
    world.wait(minutes=1)
    one = find_one_on_one(world.record_at(at(3)).id, world.state.records, world.ledger)
    with pytest.raises(Unmarkable, match="still to come"):
        marked(one, UserMark(kind, None, None, world.now))
