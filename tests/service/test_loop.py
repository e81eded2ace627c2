"""The tick, and the thread that works at it."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
import schedule

from daemon.sd_notify import Notifier
from daemon.service import Service


class Idle:
    """Work that counts its steps. `then` is what a step does."""

    def __init__(self, notifier=None, then=lambda: None) -> None:
        self.stop, self.steps, self.then = threading.Event(), 0, then
        self.notifier = notifier or Notifier({})

    def step(self) -> None:
        self.steps += 1
        self.then()

    def look_around(self) -> None:
        pass


@pytest.fixture
def hand(monkeypatch):
    """Sets the local time that schedule goes by, which has no zone."""
    hand = SimpleNamespace(now=dt.datetime(2026, 10, 25, 1, 59))  # noqa: DTZ001  # as schedule has it

    class Local(dt.datetime):
        @classmethod
        def now(cls, tz=None):  # noqa: ARG003  # schedule gives none
            return hand.now

    monkeypatch.setattr(schedule.datetime, "datetime", Local)
    return hand


def test_told_to_stop_it_says_so_to_systemd_and_ends_well(manager):
    work = Idle(Notifier({"NOTIFY_SOCKET": manager.address}))
    work.then = work.stop.set
    assert Service(work).run()
    told = manager.told()
    assert (told[0], told[-1]) == ("READY=1", "STOPPING=1")


def test_a_stop_between_two_ticks_is_no_failure():
    work = Idle()
    threading.Timer(0.05, work.stop.set).start()
    assert Service(work).run()


def test_work_that_ends_by_itself_ends_the_service_as_failed(monkeypatch):
    def broken():
        raise MemoryError

    service = Service(Idle())
    monkeypatch.setattr(service, "ticking", broken)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    assert not service.run()


def test_a_job_that_raises_is_run_again_at_the_next_tick_and_not_before(hand):
    def bug():
        raise ValueError("no")

    work = Idle(then=bug)
    tick = Service(work).ticking()
    for second in range(4):
        hand.now += dt.timedelta(seconds=1)
        tick.run_pending()
        tick.run_pending()
        assert work.steps == second + 1


def test_local_time_that_goes_back_does_not_stop_the_tick(hand):
    work = Idle()
    service = Service(work)
    tick = service.ticking()
    hand.now += dt.timedelta(seconds=1)
    tick.run_pending()
    hand.now -= dt.timedelta(hours=1)
    for _ in range(3):
        hand.now += dt.timedelta(seconds=1)
        tick = service.in_step(tick)
        tick.run_pending()
    assert work.steps >= 3
