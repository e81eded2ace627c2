"""Taking back what prepd put on the calendars, the pause after it, and going on; also when it fails halfway."""

from __future__ import annotations

import pytest

from connectors.outlook.body import LABEL
from daemon.apply.actions import Result
from daemon.core.artefacts import SlotState
from daemon.core.weeks import week_named
from daemon.cycle import Request
from daemon.delivery.report import deliver_now
from daemon.removal.cleaning import Cleaned, clean, pause
from daemon.store.store import Store
from tests.world import LONDON, at


@pytest.fixture(params=["google", "outlook"])
def anyone(request):
    """The world on either provider."""
    return request.getfixturevalue({"google": "world", "outlook": "outlook"}[request.param])


def cleaned(world, *, dry_run=False, stopping=lambda: False) -> Cleaned:
    opened = []

    def open_account(options):
        opened.append(world.open_account(options))
        return opened[-1]

    request = Request(now=world.now, dry_run=dry_run, stopping=stopping)
    try:
        return clean(world.config, Store(world.state_folder), open_account, request)
    finally:
        for account in opened:
            account.close()


def resumed(world):
    pause(Store(world.state_folder), paused=False)
    return world.wait(minutes=1)


def prepared(world):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.cycle()
    world.wait(minutes=1)
    world.wait(minutes=1)
    return world.slot_times(), world.linked()


def papers(world):
    if hasattr(world, "microsoft"):
        return world.files()
    return [(doc.title, world.headings()) for doc in world.google.documents()]


def faults(world):
    return world.microsoft.faults if hasattr(world, "microsoft") else world.google.faults


def drag(world, event_id, start, end):
    form = "%Y-%m-%dT%H:%M:%S+00:00" if hasattr(world, "google") else "%Y-%m-%dT%H:%M:%S"
    times = [{"dateTime": t.strftime(form), "timeZone": "UTC"} for t in (start, end)]
    world.alex.change(event_id, start=times[0], end=times[1])


def write_in(world, event_id):
    if hasattr(world, "google"):
        world.alex.change(event_id, description="my notes")
    else:
        world.alex.change(event_id, body={"contentType": "text", "content": "my notes"})


def test_what_stands_on_the_calendar_goes_and_comes_back_after_the_pause(anyone):
    slots, links = prepared(anyone)
    assert slots
    assert links
    before, ledger = papers(anyone), anyone.told()
    result = cleaned(anyone)
    assert {(t.kind, t.result) for t in result.taken} == {
        ("delete_slot", Result.DONE),
        ("remove_link", Result.DONE),
    }
    assert (anyone.slot_times(), anyone.linked()) == ([], [])
    assert anyone.wait(minutes=1).paused
    assert (anyone.slot_times(), anyone.linked(), papers(anyone)) == ([], [], before)
    resumed(anyone)
    anyone.wait(minutes=1)
    assert (anyone.slot_times(), anyone.linked(), papers(anyone)) == (slots, links, before)
    assert anyone.told() == ledger


def test_a_dry_run_shows_all_of_it_and_changes_nothing(anyone):
    slots, links = prepared(anyone)
    before = {p: p.read_bytes() for p in anyone.state_folder.rglob("*.json*") if "token" not in str(p)}
    result = cleaned(anyone, dry_run=True)
    assert [t.result for t in result.taken] == [Result.PLANNED] * (len(slots) + len(links))
    assert (anyone.slot_times(), anyone.linked()) == (slots, links)
    assert {p: p.read_bytes() for p in before} == before


def test_a_second_time_there_is_nothing_to_do(anyone):
    prepared(anyone)
    cleaned(anyone)
    state = (anyone.state_folder / "prepd.json").read_bytes()
    assert cleaned(anyone).taken == ()
    assert (anyone.state_folder / "prepd.json").read_bytes() == state


def test_a_slot_with_the_users_notes_stays_and_one_that_they_only_dragged_goes(anyone):
    prepared(anyone)
    first, second = anyone.slots()
    anyone.clock.advance(hours=1)
    write_in(anyone, first["id"])
    drag(anyone, second["id"], at(10, 9), at(10, 9, 10))
    result = cleaned(anyone)
    assert result.clearing.edited == 1
    assert anyone.slot_times() == ["03.11. 09:50-10:00"]
    assert cleaned(anyone).clearing.edited == 1
    resumed(anyone)
    assert anyone.slot_times() == ["03.11. 09:50-10:00", "10.11. 09:50-10:00"]
    event = anyone.alex.event(anyone.slots()[0]["id"])
    assert "my notes" in str(event.get("description") or event.get("body"))


def test_what_the_user_took_away_stays_away_after_the_pause(anyone):
    prepared(anyone)
    anyone.alex.delete(anyone.slots()[0]["id"])
    anyone.wait(minutes=1)
    cleaned(anyone)
    resumed(anyone)
    anyone.wait(minutes=1)
    assert anyone.slot_times() == ["10.11. 09:50-10:00"]


def test_a_slot_that_the_user_took_away_during_the_pause_stays_away(anyone):
    prepared(anyone)
    anyone.clock.advance(hours=1)
    write_in(anyone, anyone.slots()[0]["id"])
    cleaned(anyone)
    anyone.alex.delete(anyone.slots()[0]["id"])
    resumed(anyone)
    anyone.wait(minutes=1)
    assert anyone.slot_times() == ["10.11. 09:50-10:00"]


def test_what_happens_during_the_pause_is_in_the_ledger_after_it(anyone):
    prepared(anyone)
    cleaned(anyone)
    anyone.dana.cancel(anyone.meetings()[0]["id"] if hasattr(anyone, "google") else _theirs(anyone)[0])
    resumed(anyone)
    assert anyone.told("cancelled") == ["cancelled by them 03.11. 10:00"]
    assert anyone.slot_times() == ["10.11. 09:50-10:00"]


def _theirs(world):
    return [e["id"] for e in world.dana.events() if "1:1" in (e["subject"] or "")]


def test_what_is_on_no_record_is_known_by_its_mark(anyone):
    slots, _ = prepared(anyone)
    assert len(slots) == 2
    for file in anyone.state_folder.glob("prepd.json*"):
        file.unlink()
    result = cleaned(anyone)
    assert [(t.kind, t.result) for t in result.taken] == [("delete_slot", Result.DONE)] * 2
    assert anyone.slot_times() == []
    resumed(anyone)
    anyone.wait(minutes=1)
    assert anyone.slot_times() == slots


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_could_not_be_taken_is_taken_the_next_time(anyone, status):
    slots, links = prepared(anyone)
    faults(anyone).status(status, method="DELETE", times=50)
    faults(anyone).status(status, method="PATCH", times=50)
    result = cleaned(anyone)
    assert result.left == len(slots) + len(links)
    assert anyone.state.meta.paused
    assert anyone.wait(minutes=1).paused
    faults(anyone).clear()
    assert cleaned(anyone).left == 0
    assert (anyone.slot_times(), anyone.linked()) == ([], [])
    resumed(anyone)
    anyone.wait(minutes=1)
    assert (anyone.slot_times(), anyone.linked()) == (slots, links)


def test_an_account_that_cannot_be_read_is_told_of_and_pauses_all_the_same(anyone):
    slots, links = prepared(anyone)
    faults(anyone).status(503, times=500)
    result = cleaned(anyone)
    assert not result.accounts[0].ok
    assert result.left == len(slots) + len(links)
    assert anyone.state.meta.paused
    faults(anyone).clear()
    assert (anyone.slot_times(), anyone.linked()) == (slots, links)
    assert cleaned(anyone).left == 0
    assert (anyone.slot_times(), anyone.linked()) == ([], [])


def test_going_on_after_half_of_it_failed_doubles_nothing(anyone):
    slots, links = prepared(anyone)
    faults(anyone).status(503, method="DELETE", times=50)
    cleaned(anyone)
    faults(anyone).clear()
    assert anyone.slot_times() == slots
    resumed(anyone)
    anyone.wait(minutes=1)
    assert (anyone.slot_times(), anyone.linked()) == (slots, links)
    assert len(anyone.live_slots()) == len(slots)


def reports(world):
    return [e for e in world.alex.events() if e.get("summary", e.get("subject", "")).startswith("1:1 report")]


def with_a_report_to_come(world):
    """The user had the report of this week put on the calendar before it was due."""
    world.configure('[report]\ndeliver = ["calendar"]\n')
    prepared(world)
    week, opened = week_named("2026-W45", LONDON), world.open_account(world.config.account[0])
    deliver_now(world.config, Store(world.state_folder), lambda _: opened, week, world.now)
    opened.close()
    assert len(reports(world)) == 1


def test_a_report_that_was_taken_before_it_was_due_comes_when_it_is(anyone):
    with_a_report_to_come(anyone)
    assert [t.kind for t in cleaned(anyone).taken].count("delete_report") == 1
    assert reports(anyone) == []
    resumed(anyone)
    assert reports(anyone) == []
    anyone.wait(days=4, hours=9)
    assert len(reports(anyone)) == 1
    assert len(anyone.state.report_events) == 1


def test_a_report_that_could_not_be_taken_is_not_doubled(anyone):
    with_a_report_to_come(anyone)
    faults(anyone).status(503, method="DELETE", times=50)
    cleaned(anyone)
    faults(anyone).clear()
    resumed(anyone)
    anyone.wait(days=4, hours=9)
    assert len(reports(anyone)) == 1


def test_a_report_that_the_user_deleted_before_the_rest_was_taken_stays_away(anyone):
    with_a_report_to_come(anyone)
    anyone.alex.delete(reports(anyone)[0]["id"])
    cleaned(anyone)
    resumed(anyone)
    anyone.wait(days=4, hours=9)
    assert reports(anyone) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("request_number", range(1, 9))
@pytest.mark.parametrize("again", [True, False], ids=["cleaned again", "resumed at once"])
def test_killed_at_any_request_nothing_of_it_passes_for_the_users_hand(world, request_number, when, again):
    slots, links = prepared(world)
    world.killed_at(request_number, when, lambda: cleaned(world))
    assert world.state.meta.paused
    if again:
        assert cleaned(world).left == 0
        assert (world.slot_times(), world.linked()) == ([], [])
    resumed(world)
    world.wait(minutes=1)
    assert (world.slot_times(), world.linked()) == (slots, links)
    assert not [s for s in world.state.artefacts.slots.values() if s.state is SlotState.DELETED]


def test_a_stop_in_the_middle_leaves_the_rest_for_the_next_time(anyone):
    prepared(anyone)
    left = [1]

    def stopping():
        left[0] -= 1
        return left[0] < 0

    result = cleaned(anyone, stopping=stopping)
    assert [t.result for t in result.taken].count(Result.PENDING) == len(result.taken) - 1
    assert cleaned(anyone).left == 0
    assert (anyone.slot_times(), anyone.linked()) == ([], [])


def test_an_event_of_prepds_that_somebody_changed_and_that_is_on_no_record_stays(anyone):
    prepared(anyone)
    anyone.clock.advance(hours=1)
    write_in(anyone, anyone.slots()[0]["id"])
    for file in anyone.state_folder.glob("prepd.json*"):
        file.unlink()
    assert cleaned(anyone).clearing.changed == 1
    assert anyone.slot_times() == ["03.11. 09:50-10:00"]


def test_one_account_that_fails_keeps_the_other_from_nothing(both):
    both.everywhere("1:1 Alex / Dana", at(3))
    both.outlook_dana.schedule("1:1 in Outlook", at(4), guests=[both.outlook_alex])
    both.cycle()
    both.wait(minutes=1)
    assert len(both.slot_times()) == 2
    both.microsoft.faults.status(503, times=500)
    result = cleaned(both)
    assert [a.ok for a in result.accounts] == [True, False]
    both.microsoft.faults.clear()
    assert [t.split()[-1] for t in both.slot_times()] == ["client"]
    assert cleaned(both).left == 0
    assert (both.slot_times(), both.linked()) == ([], [])


def test_a_link_on_an_invite_of_the_users_own_stays_where_taking_it_off_would_mail_the_guests(outlook):
    outlook.configure("[prep_doc]\noutlook_update_own_invites = true\n")
    outlook.alex.schedule("1:1 Alex / Dana", at(3), guests=[outlook.dana])
    outlook.cycle()
    assert outlook.linked() == ["03.11. 10:00"]
    outlook.microsoft.mailbox.clear()
    outlook.configure()
    result = cleaned(outlook)
    assert (result.clearing.mailing, outlook.linked()) == (1, ["03.11. 10:00"])
    assert outlook.microsoft.mailbox.sent_by_clients() == []
    assert outlook.slot_times() == []


def test_what_stands_on_an_account_that_the_config_no_longer_names_is_told_of(both):
    both.outlook_dana.schedule("1:1 in Outlook", at(4), guests=[both.outlook_alex])
    both.cycle()
    both.accounts_in_config = both.work.accounts_in_config
    both.configure()
    result = cleaned(both)
    assert (result.clearing.unnamed, result.left) == (frozenset({"client"}), 0)


def test_what_is_on_the_body_of_an_invite_stays_but_for_our_block(outlook):
    prepared(outlook)
    cleaned(outlook)
    assert all(LABEL not in e["body"]["content"] for e in outlook.meetings())
