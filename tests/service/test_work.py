"""What the service does as time goes by, on both emulated providers."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from daemon.store.files import write_quickly
from daemon.store.heartbeat import Trouble
from daemon.store.lock import holder
from daemon.store.store import Store
from tests.world import at

HOUR = 3600.0
SECRET = "the title of somebody's meeting"


@pytest.fixture
def quiet(running):
    """After the first cycle, and with nothing to do."""
    running.tick()
    return running


def test_the_first_cycle_is_at_once_and_the_next_after_sync_every(running):
    running.tick()
    running.live(130)
    assert running.served("work") == running.served("client")
    assert [round(at) for at in running.served("work")] == [0, 63, 126]


def test_an_account_in_trouble_waits_by_itself(quiet, both):
    both.microsoft.faults.status(503, path="/v1.0/*", times=10_000)
    quiet.live(400)
    assert len(quiet.served("work")) == 7
    retries = quiet.served("client")[1:]
    gaps = [later - earlier for earlier, later in pairwise(retries)]
    assert gaps == [5, 10, 20, 40, 80, 160]


def test_an_account_that_is_back_keeps_the_others_pace_again(quiet, both):
    both.microsoft.faults.status(503, path="/v1.0/*", times=10_000)
    quiet.live(100)
    both.microsoft.faults.clear()
    quiet.live(200)
    before = len(quiet.cycles)
    quiet.live(200)
    assert [names for _, names in quiet.cycles[before:]] == [{"work", "client"}] * 3


def test_a_network_that_comes_late_is_found_within_seconds(running, both):
    both.google.faults.drop("before", times=10_000)
    both.microsoft.faults.drop("before", times=10_000)
    running.live(8)
    assert running.beat.accounts["work"].last_success is None
    both.google.faults.clear()
    both.microsoft.faults.clear()
    running.live(20)
    assert running.beat.accounts["work"].last_success is not None
    assert running.beat.accounts["client"].last_success is not None


def test_a_throttled_account_is_left_alone_for_as_long_as_its_provider_asked(quiet, both):
    both.google.faults.status(429, reason="rateLimitExceeded", retry_after=600, path="*/events", times=3)
    quiet.live(600)
    first = quiet.served("work")[1]
    assert [at for at in quiet.served("work") if first < at < first + 600] == []
    quiet.live(70)
    assert len(quiet.served("work")) == 3


def test_signing_in_ends_the_wait_within_ten_seconds(running, both):
    running.paths.token("work").unlink()
    running.live(HOUR, step=10)
    assert running.beat.accounts["work"].last_success is None
    tries = len(running.served("work"))
    running.sign_in()
    running.live(10)
    assert len(running.served("work")) == tries + 1
    assert running.beat.accounts["work"].last_success is not None


@pytest.mark.parametrize("account", ["work", "client"])
def test_signing_out_ends_what_the_service_holds_open(quiet, account):
    quiet.live(70)
    quiet.paths.token(account).unlink()
    quiet.live(70)
    assert quiet.beat.accounts[account].trouble is Trouble.SIGN_IN
    assert not quiet.paths.token(account).exists()


def test_the_heartbeat_is_written_under_the_lock_alone(running, monkeypatch):
    by = []

    def write(path, content):
        by.append(holder(running.paths.state / "lock"))
        return write_quickly(path, content)

    monkeypatch.setattr("daemon.store.heartbeat.write_quickly", write)
    running.live(130)
    assert len(running.cycles) == 3
    assert len(by) > 3
    assert None not in by


def test_an_account_that_somebody_else_served_is_well(quiet, both):
    both.google.faults.status(503, path="*/events", times=10_000)
    quiet.live(1000)
    both.google.faults.clear()
    quiet.live(5)
    tries = len(quiet.served("work"))
    both.cycle()
    quiet.live(64)
    assert len(quiet.served("work")) > tries


def test_a_machine_that_slept_does_one_cycle_at_once(quiet):
    quiet.live(10)
    before = len(quiet.cycles)
    quiet.jump(hours=9)
    assert len(quiet.cycles) == before + 1
    quiet.live(60)
    assert len(quiet.cycles) == before + 1


def test_a_clock_set_back_neither_stops_the_cycles_nor_adds_one(quiet):
    quiet.live(10)
    before = len(quiet.cycles)
    quiet.jump(hours=-1)
    assert len(quiet.cycles) == before
    quiet.live(54)
    assert len(quiet.cycles) == before + 1


def test_a_cycle_that_raises_has_its_accounts_wait_and_says_so_once(quiet, monkeypatch, caplog, manager):
    monkeypatch.setattr("daemon.service.work.run_round", _bug)
    with caplog.at_level(logging.INFO, logger="daemon"):
        quiet.live(300)
    said = [r for r in caplog.records if "a bug in prepd" in r.getMessage()]
    assert len(said) == 1
    assert SECRET not in caplog.text
    assert "a bug in prepd, see the log" in manager.status()


def _bug(*_):
    raise ValueError(SECRET)


def test_what_is_wrong_is_logged_when_it_begins_and_when_it_is_over(quiet, both, caplog):
    both.google.faults.status(503, path="*/events", times=10_000)
    with caplog.at_level(logging.INFO, logger="daemon"):
        quiet.live(600)
        both.google.faults.clear()
        quiet.live(400)
    told = [r.getMessage() for r in caplog.records if r.getMessage().startswith("account work")]
    assert len(told) == 2
    assert told[1] == "account work: well again"


def test_a_state_that_cannot_be_written_is_tried_again_and_told(quiet, both, manager, monkeypatch):
    both.dana.schedule("1:1 Alex / Dana", at(5), guests=[both.alex])

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("daemon.store.files._write_synced", full)
        quiet.live(200)
        assert "No space left" in manager.status()
    quiet.live(200)
    assert "No space left" not in manager.status()
    assert len(Store(quiet.paths.state).state().records) == 1


def test_paused_it_idles_and_says_so_once(quiet, caplog, manager):
    store = Store(quiet.paths.state)
    state = store.state()
    store.commit(replace(state, meta=replace(state.meta, paused=True)))
    with caplog.at_level(logging.INFO, logger="daemon"):
        quiet.live(200)
        assert "paused, prepd resume goes on" in manager.status()
        store.commit(state)
        quiet.live(70)
    told = [r.getMessage() for r in caplog.records if r.getMessage().startswith("cycles")]
    assert told == ["cycles: paused since `prepd clean`", "cycles: well again"]


def test_every_step_of_the_work_is_a_sign_of_life(running, both, manager):
    both.dana.schedule("1:1 Alex / Dana", at(5), guests=[both.alex])
    running.work.step()
    # A page of each calendar, and the page, link and slot that are made.
    assert manager.told().count("WATCHDOG=1") >= 5


def test_the_weekly_report_is_made_while_an_account_is_in_trouble(quiet, both):
    both.microsoft.faults.status(503, path="/v1.0/*", times=10_000)
    both.clock.set(at(6, 15, 50))
    quiet.live(1200, step=10)
    assert (quiet.paths.state / "heartbeat.json").exists()
    assert [d.week for d in Store(quiet.paths.state).state().deliveries] == ["2026-W45"]


# --- the config ---------------------------------------------------------------------------------------------


def reload(running) -> None:
    running.work.reload.set()
    running.tick()


def test_a_config_that_is_wrong_is_refused_and_the_old_one_goes_on(quiet, manager, caplog):
    good = quiet.config_file.read_text()
    quiet.config_file.write_text(good.replace("timezone", "timezoen"))
    manager.told()
    reload(quiet)
    told = manager.told()
    assert told[0].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert told[1] == "READY=1"
    assert told[2].startswith("STATUS=the config is wrong and the old one goes on")
    assert "timezoen" in caplog.text
    quiet.live(64)
    assert len(quiet.cycles) == 2
    quiet.config_file.write_text(good)
    reload(quiet)
    assert "config" not in manager.status()


def test_a_reload_tells_systemd_when_it_began(quiet, manager):
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    manager.told()
    reload(quiet)
    stamp = int(manager.told()[0].rpartition("=")[2])
    assert before <= stamp <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def test_an_account_taken_out_of_the_config_is_closed_and_no_longer_served(quiet, both):
    quiet.live(10)
    text = quiet.config_file.read_text()
    start = text.index("[[account]]", text.index("[[account]]") + 1)
    end = text.index("[network]")
    quiet.config_file.write_text(text[:start] + text[end:])
    reload(quiet)
    assert quiet.cycles[-1][1] == {"work"}
    assert list(quiet.work._open._opened) == ["work"]
    quiet.config_file.write_text(text)
    reload(quiet)
    assert quiet.cycles[-1][1] == {"work", "client"}


def test_a_time_out_longer_than_the_watchdog_is_warned_of(quiet, caplog):
    """The tests' watchdog waits a second. An answer may take twice the time-out."""
    text = quiet.config_file.read_text()
    quiet.work.notifier.watchdog = timedelta(minutes=5)
    for timeout, said in (("30s", False), ("149s", False), ("150s", True)):
        quiet.config_file.write_text(
            re.sub(r'timeout = "\w+"', "", text).replace("[network]", f'[network]\ntimeout = "{timeout}"')
        )
        reload(quiet)
        assert ("Raise WatchdogSec" in caplog.text) is said


def test_a_new_pace_is_kept_from_the_reload_on(quiet):
    quiet.config_file.write_text(quiet.config_file.read_text() + '\n[sync]\nevery = "10m"\n')
    reload(quiet)
    quiet.live(620)
    assert len(quiet.cycles) == 2
    assert quiet.beat.next_cycle == quiet.world.now + timedelta(seconds=10)
