"""Runs programs in turn, and tells what each took. Loads little: a child's peak begins with its parent's."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass(frozen=True, slots=True)
class Program:
    """Something that is run again and again, each time as a process of its own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process: `cpu` is user and system time in milliseconds, `peak` in MiB, `said` its last line."""

    cpu: float
    peak: float
    said: str


def script(name: str, *words: object) -> list[str]:
    """One of the scripts beside this one, as a command."""
    return [sys.executable, str(HERE / name), *map(str, words)]


def once(program: Program) -> Run:
    """:raises RuntimeError: it failed; with the end of what it said."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | program.environment
    # An installed program has its byte code at hand; a checkout keeps it unless it is told not to.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen(program.command, env=environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode:
            raise RuntimeError(f"{program.name} failed: {err.read()[-2000:]}")
        lines = out.read().strip().splitlines()
    return Run((usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024, lines[-1] if lines else "")


def in_turn(programs: Sequence[Program], times: int) -> dict[str, Run]:
    """The medians of so many runs of each: A B C A B C …, so that what else the machine does meets them all alike.

    Each is run once before, so that files and byte code are at hand.
    """
    found: dict[str, list[Run]] = {program.name: [] for program in programs}
    for program in programs:
        once(program)
    for _ in range(times):
        for program in programs:
            found[program.name].append(once(program))
    return {
        name: Run(
            statistics.median(run.cpu for run in runs),
            statistics.median(run.peak for run in runs),
            runs[-1].said,
        )
        for name, runs in found.items()
    }
