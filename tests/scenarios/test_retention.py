"""What is older than ledger.retention is dropped once a day, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.core.model import Gap, Kind, State
from daemon.core.remembered import Shadow
from daemon.removal.housekeeping import drop_older, keep_house
from daemon.store.heartbeat import read_heartbeat
from daemon.store.store import Store
from tests.build import DAY, NOW, at, event, on_record, record, times
from tests.store.states import ONE, change, full_state, state
from tests.world import at as on

LONG_AGO = times("2025-01-07 10:00")


def entry(number, one, **more):
    """An entry about some 1:1, long ago unless it is said when."""
    more = {"was": LONG_AGO, "now_at": None, "noticed_at": at("2025-01-01 08:00")} | more
    return change(number, id=f"{one}.{number}", one_on_one=one, **more)


def kept(folder, *entries, cutoff=NOW - 90 * DAY, before=None):
    store = Store(folder)
    store.commit(before or state(), entries)
    drop_older(store, cutoff)
    return [c.id for c in Store(folder).changes()]


def test_all_entries_of_a_one_on_one_go_together(tmp_path):
    old = entry(1, "old"), entry(2, "old", corrects="old.1", kind=Kind.HELD)
    moved = entry(1, "moved"), entry(2, "moved", corrects="moved.1", now_at=times("11-24 10:00"))
    assert kept(tmp_path, *old, *moved) == ["moved.1", "moved.2"]


def test_an_entry_without_times_is_as_old_as_its_notice(tmp_path):
    bare = entry(1, "bare", was=None), entry(1, "new", was=None, noticed_at=NOW)
    assert kept(tmp_path, *bare) == ["new.1"]


def test_what_is_dropped_is_in_no_backup_either(tmp_path):
    store = Store(tmp_path)
    store.commit(state("a"), [entry(1, "old", name="Somebody Old")])
    store.commit(state("b"), [entry(1, "new", was=times("11-24 10:00"))])
    drop_older(store, NOW - 90 * DAY)
    assert all(b"Somebody Old" not in p.read_bytes() for p in tmp_path.iterdir())


def test_a_one_on_one_that_is_not_settled_stays_with_its_entries(tmp_path):
    one = record(event("2025-01-07 10:00"))
    over = replace(record(event("2025-01-08 10:00", id="e2")), state=State.OVER)
    before = replace(full_state(), records=on_record(one, over))
    assert kept(tmp_path, entry(1, one.id), entry(1, over.id), before=before) == [f"{one.id}.1"]
    assert list(Store(tmp_path).state().records) == [one.id]


def test_what_prepd_made_for_an_old_one_on_one_goes_with_it_and_so_do_old_gaps(tmp_path):
    old = record(event("2025-01-08 10:00", id="e2"), state=State.OVER)
    full = full_state()
    slot, link = full.artefacts.slots[ONE.id], full.artefacts.links[ONE.id]
    made = replace(
        full.artefacts,
        slots={ONE.id: slot, old.id: replace(slot, one_on_one=old.id)},
        links={ONE.id: link, old.id: replace(link, one_on_one=old.id)},
    )
    before = replace(
        full,
        records=on_record(ONE, old),
        artefacts=made,
        shadows=(Shadow(ONE.id, ONE), Shadow(old.id, old)),
        gaps=(Gap("work", old.start, old.end, "why"), *full.gaps),
    )
    kept(tmp_path, before=before)
    assert Store(tmp_path).state() == replace(
        full, records=on_record(ONE), shadows=(Shadow(ONE.id, ONE),), meta=Store(tmp_path).state().meta
    )


def test_reports_on_weeks_that_old_are_deleted_and_no_other_file(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    names = ["2025-W01.html", "2025-W01.md", "2026-W47.html", "2025-W99.html", "notes.txt", "2025-W01"]
    for name in names:
        (reports / name).write_text("")
    kept(tmp_path)
    assert sorted(f.name for f in reports.iterdir()) == sorted(names[2:])


def test_where_nothing_is_old_nothing_is_written(tmp_path):
    store = Store(tmp_path)
    store.commit(full_state(), [change(1), change(2)])
    before = (tmp_path / "prepd.json").stat()
    assert drop_older(store, NOW - 90 * DAY) == 0
    after = (tmp_path / "prepd.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.fixture
def old(world):
    """A week of 1:1s, half a year ago."""
    world.configure('[ledger]\nretention = "90d"\n')
    world.dana.schedule("1:1 Alex / Dana", on(3), guests=[world.alex])
    world.cycle()
    world.wait(days=2)
    assert world.told() == ["scheduled 03.11. 10:00", "held 03.11. 10:00"]
    return world


def test_a_cycle_drops_what_is_older_than_the_retention(old):
    old.clock.advance(days=80)
    old.cycle()
    assert len(old.ledger) == 2
    old.clock.advance(days=12)
    old.cycle()
    assert old.ledger == []
    old.wait(minutes=1)
    assert old.ledger == []


def test_it_is_looked_for_once_a_day(old, monkeypatch):
    looked = []
    monkeypatch.setattr(
        "daemon.removal.housekeeping.drop_older", lambda _store, cutoff: looked.append(cutoff)
    )
    first = read_heartbeat(old.state_folder).tidied_at
    assert first == old.now
    for _ in range(4):
        old.wait(hours=8)
    assert looked == [first + timedelta(days=1) - timedelta(days=90)]


def test_without_a_retention_the_ledger_is_not_even_read(world, monkeypatch):
    monkeypatch.setattr(Store, "changes", lambda *_: pytest.fail("the ledger was read"))
    keep_house(world.config, Store(world.state_folder), world.now)
    assert read_heartbeat(world.state_folder).tidied_at is None


def test_a_clock_that_was_set_back_does_not_keep_it_from_being_done(old, monkeypatch):
    old.wait(days=400)
    looked = []
    monkeypatch.setattr(
        "daemon.removal.housekeeping.drop_older", lambda _store, cutoff: looked.append(cutoff)
    )
    keep_house(old.config, Store(old.state_folder), old.now - timedelta(days=400))
    assert len(looked) == 1
