"""The tick, and the thread that works at it."""

from __future__ import annotations

import datetime as dt
import threading
from queue import SimpleQueue
from types import SimpleNamespace

import pytest
import schedule

from daemon.service import Order, Service
from daemon.systemd.sd_notify import Notifier


class Idle:
    """Work that counts its steps. `then` is what a step does; nothing else is due for `due` seconds."""

    def __init__(self, notifier=None, then=lambda: None, due=60.0) -> None:
        self.stop, self.reload, self.steps, self.then = threading.Event(), threading.Event(), 0, then
        self.notifier = notifier or Notifier({})
        self.due = due

    def rest(self) -> float:
        return self.due

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
    assert Service(Idle(Notifier({"NOTIFY_SOCKET": manager.address})), orders(Order.STOP)).run()
    told = manager.told()
    assert (told[0], told[-1]) == ("READY=1", "STOPPING=1")


def orders(*given: Order) -> SimpleQueue[Order]:
    queue = SimpleQueue()
    for order in given:
        queue.put(order)
    return queue


def test_a_stop_between_two_ticks_is_heard_at_once(monkeypatch):
    monkeypatch.setattr("daemon.service.loop._LOOK", 3600)
    given = orders()
    threading.Timer(0.05, given.put, (Order.STOP,)).start()
    assert Service(Idle(due=3600), given).run()
    assert "work" not in {thread.name for thread in threading.enumerate()}


def test_an_order_to_reload_ends_no_service_and_reaches_the_work():
    work, given = Idle(), orders(Order.RELOAD, Order.RELOAD, Order.STOP)
    assert Service(work, given).run()
    assert work.reload.is_set()


@pytest.mark.parametrize(
    ("due", "watchdog", "pause"),
    [(60.0, "0", 5), (3.5, "0", 3.5), (-9.0, "0", 1), (60.0, "300000000", 5), (60.0, "6000000", 2)],
)
def test_it_ticks_when_something_is_due_and_as_often_as_it_looks_around_and_is_watched(due, watchdog, pause):
    assert Service(Idle(Notifier({"WATCHDOG_USEC": watchdog}), due=due)).pause() == pause


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
