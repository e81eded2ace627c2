"""Reading all calendars of the config: what is left of it in the process."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from daemon.config.options import Config
from daemon.fetch import Task, fetch
from daemon.store.state import State

TASK = Task(Config(timezone=None, account=()), State(), datetime(2026, 11, 22, tzinfo=UTC))


class Options:
    name = "work"
    calendars = ("primary",)


def test_rings_are_looked_for_less_often_while_calendars_are_read_and_as_before_afterwards():
    usual, seen = gc.get_threshold(), []

    class Account:
        requests = 0
        addresses = frozenset()

        def calendar(self, name):
            seen.append(gc.get_threshold()[0])
            raise KeyError(name)

    fetch(TASK, [Options()], lambda options: Account())
    assert seen[0] > usual[0]
    assert gc.get_threshold() == usual
