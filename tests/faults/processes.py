"""The other end of `tests.faults.runner`: orders a command to be run, and hears how it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KILLED = -signal.SIGKILL
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """`code` is an exit code or, negative, a signal; `requests` and `files` are known of those that were not killed."""

    code: int
    requests: int = 0
    files: tuple[str, ...] = ()


class Processes:
    """A context manager: the process that forks is started with it, and ends with it."""

    def __init__(self, authorities: Path, log: Path) -> None:
        self._log = log
        self._forks = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.runner", str(authorities)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert self._forks.stdout.readline() == "ready\n"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._forks.stdin.close()
        self._forks.wait(10)
        self._forks.stdout.close()

    def run(self, words, now, **fault) -> Ended:
        """Runs a command to its end. `fault` is `die` or `fail`, as the runner takes them."""
        return self.start(words, now, **fault)()

    def start(self, words, now, **fault) -> Callable[[], Ended]:
        """Begins a command, and gives what waits for its end."""
        order = {"words": [*words], "now": now.isoformat(), "log": str(self._log), **fault}
        self._forks.stdin.write(json.dumps(order) + "\n")
        self._forks.stdin.flush()
        return self._ended

    def _ended(self) -> Ended:
        told = json.loads(self._forks.stdout.readline())
        return Ended(told["ended"], told.get("requests", 0), tuple(told.get("files", ())))
