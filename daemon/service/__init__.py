"""`prepd run`: cycles again and again, until told to stop.

What is due follows from the time and from how the last cycle went (`pace`), by a clock that may jump (`clock`).
`loop` is the tick and the thread, `work` what is done in it, `open_accounts` what stays open from one cycle to the
next, `status_line` what systemd's users see of it.
"""

from daemon.service.clock import Clock
from daemon.service.loop import Order, Service
from daemon.service.work import Work

__all__ = ["Clock", "Order", "Service", "Work"]
