"""Where logs go: to stderr, and with priorities for the journal under systemd.

Only our own loggers are heard. Libraries log URLs and bodies, which hold addresses and titles.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping

OURS = ("connectors", "daemon", "sandbox")

# sd-daemon(3): a line may begin with its syslog priority.
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


def set_up(environment: Mapping[str, str], *, verbose: bool) -> None:
    """Sends our loggers to stderr, with `verbose` from DEBUG on; those of others nowhere.

    A command's result says what was done: beside it only warnings are logged. The journal gets all.
    """
    handler = logging.StreamHandler(sys.stderr)
    journal = goes_to_journal(environment)
    if journal:
        handler.setFormatter(_JournalLines("%(message)s"))
    elif verbose:
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
        )
    logging.getLogger().handlers = [logging.NullHandler()]
    for name in OURS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.DEBUG if verbose else logging.INFO if journal else logging.WARNING)


def goes_to_journal(environment: Mapping[str, str]) -> bool:
    """Whether stderr is the journal: $JOURNAL_STREAM holds its device and inode (systemd.exec(5))."""
    try:
        found = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # closed, or replaced by something that is no file
        return False
    return environment.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


class _JournalLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        priority = _PRIORITIES.get(record.levelno, 6)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())
