"""The tick, and the one thread that works at it. The one door to schedule, which is no more than the tick.

The main thread waits for orders, so that SIGTERM ends the service at once, in the middle of anything: the commits
are atomic, and what was cut off is planned again. Signal handlers do no more than put an order in: that can't meet a
lock that the interrupted code holds, as setting an event can.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import Enum
from queue import SimpleQueue

import schedule

from daemon.service.said import Said
from daemon.service.work import Work, sentence

log = logging.getLogger(__name__)

GRACE = 1.5
"""Seconds that a cycle is given to end between two actions once the service is told to stop."""
_TICK = 1.0
_LOOK = 5
"""Seconds between looks at what other processes did. While nothing is due, there is no tick in between."""


class Order(Enum):
    """What the service is told to do while it runs."""

    STOP = "stop"
    RELOAD = "reload"


class Service:
    """Has the work done until it is ordered to stop. `orders` may come from signal handlers."""

    def __init__(self, work: Work, orders: SimpleQueue[Order] | None = None) -> None:
        self._work = work
        self._orders: SimpleQueue[Order] = orders or SimpleQueue()
        self._awake = threading.Event()
        self._said = Said()
        self._broken = False

    def run(self) -> bool:
        """Ready at once, and at work until told to stop. False if the work ended by itself: only a bug can do that."""
        notifier = self._work.notifier
        worker = threading.Thread(target=self._keep_working, name="work", daemon=True)
        notifier.ready()
        worker.start()
        while self._orders.get() is Order.RELOAD:
            self._work.reload.set()
            self._awake.set()
        self._work.stop.set()
        self._awake.set()
        notifier.stopping()
        worker.join(GRACE)
        log.info("stopped")
        return not self._broken

    def _keep_working(self) -> None:
        stop = self._work.stop
        try:
            tick = self.ticking()
            while not stop.is_set():
                tick = self.in_step(tick)
                tick.run_pending()
                self._work.notifier.alive()
                self._awake.wait(self.pause())
                self._awake.clear()
        finally:
            # Only what no job may do, like running out of memory, ends it before it is told to.
            self._broken = not stop.is_set()
            self._orders.put(Order.STOP)

    def pause(self) -> float:
        """Seconds to the next tick: when something is due, and often enough to look around, and for the watchdog."""
        watchdog = self._work.notifier.watchdog
        longest = min(_LOOK, watchdog.total_seconds() / 3) if watchdog else _LOOK
        return min(max(self._work.rest(), _TICK), longest)

    def ticking(self) -> schedule.Scheduler:
        tick = schedule.Scheduler()
        tick.every(1).seconds.do(self.guarded, self._work.step)
        tick.every(_LOOK).seconds.do(self.guarded, self._work.look_around)
        return tick

    def in_step(self, tick: schedule.Scheduler) -> schedule.Scheduler:
        """The same, or a new one where local time went back: schedule counts in it without a zone, and would stand
        still for an hour every autumn.
        """
        idle = tick.idle_seconds
        return tick if idle is not None and idle <= 2 * _LOOK else self.ticking()

    def guarded(self, job: Callable[[], None]) -> None:
        """Runs a job. schedule would run one that raises again at once, and for ever."""
        what = f"prepd ({job.__name__.replace('_', ' ')})"
        try:
            job()
        except Exception as error:  # noqa: BLE001  # the loop outlives whatever a job meets
            self._said.wrong(what, sentence(error), logging.ERROR)
        else:
            self._said.well(what)
