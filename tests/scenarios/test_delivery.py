"""The weekly report goes where it is wanted, once, whatever happens on the way."""

from __future__ import annotations

import html
import stat
from datetime import datetime, timedelta

import pytest

from daemon.delivery import places
from daemon.delivery.places import cut
from daemon.store.files import StateError
from daemon.store.heartbeat import read_heartbeat
from daemon.store.store import Store
from tests.listening import Listening
from tests.world import LONDON, Killed, at


@pytest.fixture
def service(sent_by_this_process):
    with Listening() as listening:
        yield listening


def to(*places, more=""):
    named = ", ".join(f'"{p}"' for p in places)
    return f"{more}[report]\ndeliver = [{named}]\n"


def notified_at(*urls):
    named = ", ".join(f'"{u}"' for u in urls)
    return f"[notify]\nurls = [{named}]\n"


def reports(world):
    return sorted(p.name for p in (world.state_folder / "reports").glob("*"))


def delivered(result):
    return [(d.action.to, d.action.week, d.result.value) for d in result.deliveries]


def until(world, moment, **options):
    """Lets time go by up to a moment, and runs a cycle."""
    return world.wait(seconds=(moment - world.now).total_seconds(), **options)


def events(world):
    return [e for e in world.alex.events() if e["summary"].startswith("1:1 report")]


def meet(world):
    return world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)


# --- when ------------------------------------------------------------------------------------------------


def test_a_report_is_put_into_files_when_it_is_due_and_not_again(world):
    meet(world)
    assert world.cycle().deliveries == ()
    assert delivered(until(world, at(6, 15, 59))) == []
    assert delivered(world.wait(minutes=1)) == [("file", "2026-W45", "done")]
    assert reports(world) == ["2026-W45.html", "2026-W45.md"]
    folder = world.state_folder / "reports"
    assert [stat.S_IMODE(p.stat().st_mode) for p in (folder, *folder.iterdir())] == [0o700, 0o600, 0o600]
    assert "Dana" in (folder / "2026-W45.md").read_text()
    assert delivered(world.wait(minutes=1)) == []
    assert delivered(until(world, at(13, 16))) == [("file", "2026-W46", "done")]


def test_a_first_install_delivers_no_report_of_a_week_before_it(world):
    world.configure('[report]\non = "sunday 18:00"\n')
    assert delivered(world.cycle()) == []
    assert delivered(until(world, at(8, 18))) == [("file", "2026-W45", "done")]


def test_of_several_reports_that_were_missed_the_last_is_made_up_for(world):
    world.cycle()
    until(world, at(25, 9), cycle=False)
    assert delivered(world.cycle()) == [("file", "2026-W47", "done")]
    assert delivered(world.wait(minutes=1)) == []
    assert reports(world) == ["2026-W47.html", "2026-W47.md"]


def test_a_report_due_on_a_monday_is_on_the_week_that_has_just_ended(world):
    world.configure('[report]\non = "monday 08:30"\n')
    world.cycle()
    assert delivered(world.wait(minutes=30)) == [("file", "2026-W44", "done")]


@pytest.mark.parametrize("on", ["friday 17:00", "monday 09:00", "friday 15:00"])
def test_a_week_that_was_delivered_is_not_delivered_again_when_the_config_names_another_time(world, on):
    meet(world)
    world.cycle()
    until(world, at(13, 16))
    assert delivered(until(world, at(20, 16))) == [("file", "2026-W47", "done")]
    world.configure(f'[report]\non = "{on}"\n')
    assert delivered(world.wait(minutes=30)) == []
    assert delivered(world.wait(minutes=40)) == []
    assert delivered(until(world, at(30, 10))) == [("file", "2026-W48", "done")]


def test_a_place_that_is_added_gets_the_report_that_was_due_last_and_no_other(world):
    meet(world)
    world.cycle()
    until(world, at(6, 16))
    until(world, at(11, 9))
    world.configure(to("file", "calendar"))
    assert delivered(world.wait(minutes=1)) == [("calendar", "2026-W45", "done")]
    assert delivered(world.wait(minutes=1)) == []
    assert [e["summary"] for e in events(world)] == ["1:1 report, week 45"]


def test_a_report_is_due_at_the_same_local_time_after_the_clocks_changed(world):
    """London's clocks go forward on 28 March 2027."""
    world.cycle()
    before, after = datetime(2027, 3, 26, 16, tzinfo=LONDON), datetime(2027, 4, 2, 16, tzinfo=LONDON)
    assert (after - timedelta(minutes=1)).utcoffset() != before.utcoffset()
    assert delivered(until(world, before)) == [("file", "2027-W12", "done")]
    assert delivered(until(world, after - timedelta(minutes=1))) == []
    assert delivered(world.wait(minutes=1)) == [("file", "2027-W13", "done")]


def test_a_dry_run_shows_what_would_be_delivered_and_delivers_nothing(world):
    world.configure(to("file", "calendar"))
    world.cycle()
    planned = until(world, at(6, 16), cycle=False) or world.cycle(dry_run=True)
    assert delivered(planned) == [("file", "2026-W45", "planned"), ("calendar", "2026-W45", "planned")]
    assert (reports(world), events(world), world.state.deliveries) == ([], [], ())


def test_a_cycle_for_one_account_delivers_no_report(world):
    world.cycle()
    until(world, at(6, 16), cycle=False)
    assert delivered(world.cycle(only=["work"])) == []
    assert delivered(world.cycle()) == [("file", "2026-W45", "done")]


def test_nothing_is_delivered_where_nobody_wants_it_or_can_be_told(world):
    world.configure(to())
    world.cycle()
    assert delivered(until(world, at(6, 16))) == []
    world.configure(to("notify"))
    assert delivered(world.wait(minutes=1)) == []


# --- on the calendar -------------------------------------------------------------------------------------


def test_the_calendar_holds_the_report_as_a_private_event_that_takes_no_time(world):
    world.configure(to("calendar"))
    meet(world)
    world.cycle()
    assert delivered(until(world, at(6, 16))) == [("calendar", "2026-W45", "done")]
    (event,) = events(world)
    assert event["summary"] == "1:1 report, week 45"
    assert "Dana" in event["description"]
    assert (event["visibility"], event["transparency"]) == ("private", "transparent")
    assert "attendees" not in event
    assert datetime.fromisoformat(event["start"]["dateTime"]) == at(6, 16)
    assert [e.event_id for e in world.state.report_events.values()] == [event["id"]]


def test_an_outlook_calendar_holds_the_report_and_prepd_takes_it_for_nothing_else(outlook):
    outlook.configure(to("calendar"))
    outlook.dana.schedule("1:1 Alex / Dana", at(3), guests=[outlook.alex], weekly=True)
    outlook.cycle()
    assert delivered(until(outlook, at(6, 16))) == [("calendar", "2026-W45", "done")]
    told, slots = outlook.told(), outlook.slot_times()

    def there():
        return [e for e in outlook.alex.events() if e["subject"].startswith("1:1 report")]

    (event,) = there()
    assert (event["subject"], event["showAs"], event["sensitivity"]) == (
        "1:1 report, week 45",
        "free",
        "private",
    )
    assert (event["attendees"], event["isReminderOn"]) == ([], False)
    assert "Dana" in outlook.alex.event(event["id"])["body"]["content"]
    for _ in range(2):
        outlook.wait(minutes=1)
    assert [a.requests for a in outlook.wait(minutes=1).accounts] == [1]
    assert (outlook.told(), outlook.slot_times()) == (told, slots)
    outlook.wait(days=1, minutes=1)  # read in full
    assert len(there()) == 1


def test_a_lost_answer_from_outlook_leaves_one_event(outlook):
    outlook.configure(to("calendar"))
    outlook.cycle()
    until(outlook, at(6, 16), cycle=False)
    outlook.microsoft.faults.drop("after", method="POST", path="*/events", times=9)
    outcome = outlook.cycle()
    outlook.microsoft.faults.clear()
    outlook.wait(minutes=6)
    assert outcome.deliveries
    assert [d.to for d in outlook.state.deliveries] == ["calendar"]
    assert len([e for e in outlook.alex.events() if e["subject"].startswith("1:1 report")]) == 1


def test_with_two_accounts_the_first_ones_calendar_holds_the_report(both):
    both.configure(to("calendar"))
    both.cycle()
    assert delivered(until(both, at(6, 16))) == [("calendar", "2026-W45", "done")]
    assert len([e for e in both.alex.events() if e["summary"].startswith("1:1 report")]) == 1
    assert both.outlook_alex.events() == []


def test_a_report_goes_out_with_the_gap_in_it_while_one_account_is_down(both):
    both.configure(to("file"))
    both.cycle()
    until(both, at(6, 14))
    both.microsoft.faults.status(503, path="*", times=10_000)
    both.wait(minutes=1)
    assert delivered(until(both, at(6, 16))) == [("file", "2026-W45", "done")]
    assert "client" in (both.state_folder / "reports" / "2026-W45.md").read_text()


def test_prepd_takes_its_report_for_no_meeting_and_no_slot(world):
    world.configure(to("calendar"))
    meet(world)
    world.cycle()
    until(world, at(6, 16))
    slots, told = world.slot_times(), world.told()
    for _ in range(2):
        world.wait(minutes=1)
    world.wait(days=1, minutes=1)  # read in full
    assert len(events(world)) == 1
    assert (world.told(), [s for s in world.live_slots() if s.start.hour == 16]) == (told, [])
    assert world.slot_times()[: len(slots)] == slots


def test_a_report_that_the_user_deleted_stays_away(world):
    world.configure(to("calendar"))
    world.cycle()
    until(world, at(6, 16))
    world.alex.delete(events(world)[0]["id"])
    assert delivered(world.wait(minutes=1)) == []
    assert events(world) == []


def test_a_long_report_is_cut_at_a_line_and_says_so():
    report = "".join(f"line {n} of <many> & long ones\n" for n in range(1000))
    kept = cut(report, 8000, "The rest is elsewhere.")
    assert len(html.escape(kept, quote=False).encode()) <= 8000
    assert kept.endswith(" & long ones\n\nThe rest is elsewhere.")
    assert len(kept) > 5000
    assert cut("short\n", 8000, "no") == "short\n"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_while_the_event_is_made_leaves_one_event(world, when):
    world.configure(to("file", "calendar"))
    world.cycle()
    until(world, at(6, 16), cycle=False)
    killed = 0
    while world.killed_at(killed + 1, when, world.cycle) and killed < 20:
        killed += 1
        assert len(events(world)) <= 1
    assert killed
    world.wait(minutes=1)
    assert len(events(world)) == 1
    assert {(d.to, d.week) for d in world.state.deliveries} == {
        ("file", "2026-W45"),
        ("calendar", "2026-W45"),
    }


def test_while_the_calendar_cannot_be_written_the_file_is_delivered_and_the_rest_later(world):
    world.configure(to("calendar", "file"))
    world.cycle()
    until(world, at(6, 16), cycle=False)
    world.google.faults.status(503, path="*/events", method="POST", times=9)
    assert delivered(world.cycle()) == [("calendar", "2026-W45", "pending"), ("file", "2026-W45", "done")]
    beat = read_heartbeat(world.state_folder)
    assert beat.undelivered.keys() == {"calendar"}
    assert [(p.kind, p.one_on_one) for p in beat.pending] == [("deliver", None)]
    world.google.faults.clear()
    assert delivered(world.wait(minutes=1)) == []
    assert delivered(world.wait(minutes=4)) == [("calendar", "2026-W45", "done")]
    beat = read_heartbeat(world.state_folder)
    assert (beat.undelivered, beat.pending) == ({}, ())
    assert len(events(world)) == 1


# --- to notification services ----------------------------------------------------------------------------


def test_notification_services_get_the_report_as_text_once(world, service):
    world.configure(to("notify", more=notified_at(service.url())))
    meet(world)
    world.cycle()
    assert delivered(until(world, at(6, 16))) == [("notify", "2026-W45", "done")]
    assert delivered(world.wait(minutes=1)) == []
    reports = [m for m in service.heard if "week 45" in m["title"]]
    assert [("Dana" in m["message"], len(m["message"]) < 3600) for m in reports] == [(True, True)]


def test_a_service_that_took_the_report_does_not_get_it_again_when_another_failed(world, service):
    world.configure(to("notify", more=notified_at(service.url("/one"), service.url("/two"))))
    world.cycle()
    service.answers["/two"] = 503
    outcome = until(world, at(6, 16))
    assert delivered(outcome) == [("notify", "2026-W45", "pending")]
    assert "json" in outcome.deliveries[0].reason
    assert "two" not in outcome.deliveries[0].reason
    assert delivered(world.wait(minutes=1)) == []
    service.answers.clear()
    assert delivered(world.wait(minutes=4)) == [("notify", "2026-W45", "done")]
    assert sorted(service.asked[:2]) == ["/one", "/two"]
    assert service.asked[2:] == ["/two"]


def test_what_fails_is_tried_ever_more_seldom(world, service):
    world.configure(to("notify", more=notified_at(service.url())))
    world.cycle()
    service.answers["/"] = 500
    tries = [bool(until(world, at(6, 16)).deliveries)]
    tries += [bool(world.wait(minutes=1).deliveries) for _ in range(36)]
    assert [minute for minute, tried in enumerate(tries) if tried] == [0, 5, 15, 35]


def test_a_report_that_failed_all_week_gives_way_to_the_next(world, service):
    world.configure(to("notify", more=notified_at(service.url())))
    world.cycle()
    service.answers["/"] = 500
    until(world, at(6, 16))
    service.answers.clear()
    assert delivered(until(world, at(13, 16))) == [("notify", "2026-W46", "done")]
    assert world.state.attempts == {}


def test_a_kill_while_a_report_is_sent_repeats_it_once_and_not_at_once(world, service, monkeypatch):
    world.configure(to("notify", more=notified_at(service.url())))
    world.cycle()
    until(world, at(6, 16), cycle=False)
    dies_after_sending(monkeypatch)
    with pytest.raises(Killed):
        world.cycle()
    monkeypatch.undo()
    assert delivered(world.wait(minutes=1)) == []
    assert delivered(world.wait(minutes=5)) == [("notify", "2026-W45", "done")]
    assert len(service.heard) == 2


def test_where_nothing_can_be_written_down_nothing_is_sent(world, service, monkeypatch):
    world.configure(to("notify", more=notified_at(service.url())))
    world.cycle()
    until(world, at(6, 16), cycle=False)
    world.cycle(only=["work"])

    def full(*_):
        raise StateError("The disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "commit", full)
        assert delivered(world.wait(minutes=1)) == [("notify", "2026-W45", "pending")]
    assert service.asked == []
    assert delivered(world.wait(minutes=1)) == [("notify", "2026-W45", "done")]


def dies_after_sending(monkeypatch):
    real = places.send

    def deadly(*args):
        real(*args)
        raise Killed

    monkeypatch.setattr(places, "send", deadly)


# --- while accounts are down -----------------------------------------------------------------------------


def test_a_report_waits_an_hour_for_an_account_that_can_be_read(world):
    world.cycle()
    until(world, at(6, 15, 50))
    world.google.faults.status(503, path="*", times=10_000)
    assert delivered(until(world, at(6, 16))) == []
    assert delivered(world.wait(minutes=59)) == []
    assert delivered(world.wait(minutes=2)) == [("file", "2026-W45", "done")]


def test_a_machine_that_wakes_up_without_a_network_delivers_when_it_can_read(world):
    world.cycle()
    until(world, at(9, 9), cycle=False)
    world.google.faults.status(503, path="*", times=10_000)
    assert delivered(world.cycle()) == []
    world.google.faults.clear()
    assert delivered(world.wait(minutes=1)) == [("file", "2026-W45", "done")]


# --- next to nothing -------------------------------------------------------------------------------------


def test_a_cycle_in_which_nothing_is_due_asks_once_and_writes_nothing(world):
    world.configure(to("file", "calendar"))
    meet(world)
    world.cycle()
    until(world, at(6, 16))
    world.wait(minutes=1)
    before = (world.state_folder / "prepd.json").read_bytes()
    assert [a.requests for a in world.wait(minutes=1).accounts] == [1]
    assert (world.state_folder / "prepd.json").read_bytes() == before
