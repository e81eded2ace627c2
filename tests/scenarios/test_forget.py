"""Forgetting a person: nothing on this machine tells of them, and nothing on a calendar is made twice afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.config import load
from daemon.configured import canonical
from daemon.core.artefacts import Artefacts
from daemon.core.remembered import Candidate, Shadow
from daemon.removal.forgetting import Known, forget, known_people, matching, reports_about, traces, without
from daemon.store.heartbeat import PendingWork, read_heartbeat, write_heartbeat
from daemon.store.state import State
from daemon.store.store import Store
from tests.build import KIM, ME, NOW, event, on_record, record
from tests.store.states import ONE, full_state
from tests.world import at


@pytest.fixture(params=["google", "outlook"])
def anyone(request):
    """The world on either provider."""
    return request.getfixturevalue({"google": "world", "outlook": "outlook"}[request.param])


def person(world, given="dana@example.com"):
    store = Store(world.state_folder)
    people = known_people(store.state(), store.changes(), canonical(world.config))
    (found,) = matching(given, people, {})
    return replace(found, names=found.names | {"Dana"})


def forgotten(world):
    store = Store(world.state_folder)
    with store.lock("prepd forget"):
        forget(person(world), store, world.state_folder / "reports")


def tells_of(world, *words):
    """The files below the state directory that hold any of these words, in whatever case."""
    found = []
    for file in world.state_folder.rglob("*"):
        content = file.read_bytes().lower() if file.is_file() else b""
        if any(word.lower().encode() in content for word in words):
            found.append(file.name)
    return found


def meet(world, *, other=True):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    moved = world.dana.schedule("1:1 Dana again", at(5), guests=[world.alex])
    world.dana.schedule("Lunch with Dana", at(6), guests=[world.alex])
    world.cycle()
    world.wait(minutes=1)
    world.dana.move(moved, at(5, 15))
    world.wait(minutes=1)
    return world.slot_times(), world.linked()


def papers(world):
    if hasattr(world, "microsoft"):
        return world.files()
    return [(doc.title, world.headings()) for doc in world.google.documents()]


def test_nothing_on_this_machine_tells_of_somebody_who_was_forgotten(anyone):
    meet(anyone)
    assert tells_of(anyone, "dana") != []
    reports = anyone.state_folder / "reports"
    reports.mkdir()
    (reports / "2026-W44.html").write_text("<p>Dana&nbsp;<b>Reyes</b>")
    (reports / "2026-W43.json").write_text('{"name": "D\\u0061na Reyes"}')
    (reports / "2026-W42.md").write_text("dana@example\\.com")
    (reports / "2026-W41.md").write_text("Kim")
    for name in ("prepd.json.bak.new", "prepd.json.damaged", "heartbeat.json.new"):
        (anyone.state_folder / name).write_text("dana@example.com")
    forgotten(anyone)
    assert tells_of(anyone, "dana", "reyes") == []
    assert [f.name for f in reports.iterdir()] == ["2026-W41.md"]


def test_what_stands_on_the_calendar_and_in_the_doc_is_found_again_and_nothing_is_doubled(anyone):
    slots, links = meet(anyone)
    before = papers(anyone)
    forgotten(anyone)
    anyone.wait(minutes=1)
    anyone.wait(minutes=1)
    assert (anyone.slot_times(), anyone.linked(), papers(anyone)) == (slots, links, before)
    assert {"scheduled 03.11. 10:00", "scheduled 05.11. 15:00"} <= set(anyone.told())
    assert anyone.told("resch") == [], "what was before is forgotten"
    assert anyone.wait(minutes=1).actions == ()


def test_the_page_of_a_later_one_on_one_is_found_again_too(anyone):
    meet(anyone)
    anyone.wait(days=1, hours=3)  # the first one is over: the second page opens
    anyone.wait(minutes=1)
    before, slots = papers(anyone), anyone.slot_times()
    forgotten(anyone)
    anyone.wait(minutes=1)
    anyone.wait(minutes=1)
    assert (papers(anyone), anyone.slot_times()) == (before, slots)


def test_a_slot_that_the_user_wrote_in_keeps_its_text(anyone):
    meet(anyone)
    body = (
        {"description": "mine"}
        if hasattr(anyone, "google")
        else {"body": {"contentType": "text", "content": "mine"}}
    )
    anyone.clock.advance(hours=1)
    anyone.alex.change(anyone.slots()[0]["id"], **body)
    forgotten(anyone)
    anyone.wait(minutes=1)
    anyone.wait(minutes=1)
    slot = anyone.alex.event(anyone.slots()[0]["id"])
    assert "mine" in str(slot.get("description") or slot.get("body"))


def test_somebody_whom_the_config_keeps_away_does_not_come_back(anyone):
    meet(anyone)
    anyone.configure()
    file = anyone.folder / "config.toml"
    file.write_text(file.read_text().replace('role = "manager"\n', 'role = "manager"\none_on_one = false\n'))
    anyone.config = load(file)
    anyone.wait(days=1)
    assert anyone.slot_times() == []
    forgotten(anyone)
    for _ in range(3):
        anyone.wait(hours=13)
    assert tells_of(anyone, "dana", "reyes") == []
    assert anyone.ledger == []


def test_a_process_that_is_at_work_does_not_bring_them_back(world, monkeypatch):
    """As a service does, which keeps its store from one cycle to the next."""
    meet(world)
    kept = Store(world.state_folder)
    kept.state()
    monkeypatch.setattr("tests.world.Store", lambda folder: kept)
    world.wait(minutes=1)
    forgotten_elsewhere = Store(world.state_folder)
    forget(person(world), forgotten_elsewhere, world.state_folder / "reports")
    assert kept.state().records == {}
    world.wait(minutes=1)
    assert world.told("resch") == []
    assert len(world.ledger) == len(world.told("scheduled"))


def test_what_waits_for_them_is_forgotten_and_what_waits_for_others_stays(world):
    meet(world)
    ids = list(world.state.records)
    beat = read_heartbeat(world.state_folder)
    work = (PendingWork("create_slot", ids[0], "Dana"), PendingWork("create_slot", "other", "why"))
    write_heartbeat(world.state_folder, replace(beat, pending=work))
    forgotten(world)
    assert read_heartbeat(world.state_folder).pending == work[1:]


def test_what_is_known_of_others_stays_to_the_letter(world):
    kim = world.google.account("kim@example.com", name="Kim Oh")
    kim.schedule("1:1 Kim / Alex", at(4), guests=[world.alex], weekly=True)
    meet(world)
    theirs = [c for c in world.ledger if c.person == "kim@example.com"]
    records = {i: r for i, r in world.state.records.items() if r.person == "kim@example.com"}
    forgotten(world)
    assert world.ledger == theirs
    assert world.state.records == records
    assert len(world.state.artefacts.slots) == 2


def of_everything(one, address):
    """A state with one of everything that tells of somebody, or belongs to their 1:1."""
    full = full_state()
    slot, link = full.artefacts.slots[ONE.id], full.artefacts.links[ONE.id]
    doc, page = full.artefacts.docs[ONE.person], full.artefacts.pages[ONE.person]
    return State(
        calendars=full.calendars,
        records=on_record(one),
        artefacts=Artefacts(
            {one.id: replace(slot, one_on_one=one.id)},
            {one.id: replace(link, one_on_one=one.id)},
            {address: replace(doc, person=address)},
            {address: replace(page, person=address)},
        ),
        candidates=(Candidate(one),),
        shadows=(Shadow(one.id, one),),
        intents={address: NOW},
    )


def test_all_that_is_on_record_of_somebody_goes_whatever_it_is():
    dana = Known(ONE.person, frozenset({ONE.person}), frozenset())
    left = without(dana, of_everything(ONE, ONE.person), {ONE.id})
    assert replace(left, calendars={}) == State()
    assert [c.token for c in left.calendars.values()] == [None]


def test_nothing_that_is_on_record_of_others_goes():
    kim = record(event("11-26 15:00", id="k", guests=(ME, KIM), by=KIM))
    dana, before = Known(ONE.person, frozenset({ONE.person}), frozenset()), of_everything(kim, KIM)
    left = without(dana, before, {ONE.id})
    assert replace(left, calendars={}) == replace(before, calendars={})


def test_whoever_is_interrupted_can_begin_again(world, monkeypatch):
    meet(world)
    reports = world.state_folder / "reports"
    reports.mkdir()
    (reports / "2026-W44.md").write_text("Dana Reyes")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "rewrite", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            forgotten(world)
    forgotten(world)
    assert tells_of(world, "dana", "reyes") == []


def test_a_report_that_only_has_similar_letters_in_it_stays(world):
    meet(world)
    reports = world.state_folder / "reports"
    reports.mkdir()
    (reports / "2026-W44.md").write_text("Bandana and Danae")
    assert reports_about(person(world), reports) == []


def test_counts_tell_what_there_is(world):
    meet(world)
    store = Store(world.state_folder)
    found = traces(person(world), store.state(), store.changes(), world.state_folder / "reports", world.now)
    assert (found.entries, found.documents, found.slots) == (11, 1, 3)
