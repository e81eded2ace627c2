"""The tick, and the one thread that works at it. The one door to schedule, which is no more than the tick.

The main thread waits for a signal, so that SIGTERM ends the service at once, in the middle of anything: the commits
are atomic, and what was cut off is planned again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import schedule

from daemon.service.said import Said
from daemon.service.work import Work, sentence

log = logging.getLogger(__name__)

GRACE = 1.5
"""Seconds that a cycle is given to end between two actions once the service is told to stop."""
_TICK = 1.0
_LOOK = 5
"""Seconds between looks at what other processes did."""


class Service:
    """Has the work done, every second, until `work.stop` is set."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._said = Said()
        self._broken = False

    def run(self) -> bool:
        """Ready at once, and at work until told to stop. False if the work ended by itself: only a bug can do that."""
        stop, notifier = self._work.stop, self._work.notifier
        worker = threading.Thread(target=self._keep_working, name="work", daemon=True)
        notifier.ready()
        worker.start()
        stop.wait()
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
                stop.wait(_TICK)
        finally:
            # Only what no job may do, like running out of memory, ends it before it is told to.
            self._broken = not stop.is_set()
            stop.set()

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
        try:
            job()
        except Exception as error:  # noqa: BLE001  # the loop outlives whatever a job meets
            self._said.wrong("prepd", sentence(error), logging.ERROR)
