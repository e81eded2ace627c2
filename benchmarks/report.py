"""What a report over five years of 1:1s spends its time on, twenty a week, with a few people or with a thousand.

    python benchmarks/report.py [PEOPLE]

Medians of CPU time in milliseconds: reading the ledger and making the report; with PEOPLE, the profile of it too.
The whole command is among the figures of benchmarks/run.py.
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import histories

from daemon.config.read import load
from daemon.core.report.making import make_report
from daemon.core.weeks import week_of
from daemon.facts import facts, report_rules
from daemon.store.heartbeat import Heartbeat
from daemon.store.store import Store

YEARS, RUNS = 5, 9


def milliseconds(run: Callable[[], object]) -> float:
    run()
    took = []
    for _ in range(RUNS):
        before = time.process_time()
        run()
        took.append((time.process_time() - before) * 1000)
    return statistics.median(took)


def measure(people: int, folder: Path, *, profile: bool) -> None:
    changes = histories.write(folder, YEARS, people)
    config, now = load(folder / "config.toml"), histories.NOW
    size = (folder / "prepd.json").stat().st_size / 1e6
    print(f"{people} people, {len(changes):,} entries, {size:.1f} MB")
    week = week_of(now.astimezone(config.timezone).date(), config.timezone)
    rules = report_rules(config)

    def make() -> object:
        known = facts(Store(folder).state(), changes, Heartbeat(), config, now, week)
        return make_report(known, rules, week, now)

    print(f"  reading the ledger   {milliseconds(lambda: Store(folder).changes()):6.0f} ms")
    print(f"  making the report    {milliseconds(make):6.0f} ms")
    if profile:
        profiler = cProfile.Profile()
        profiler.runcall(make)
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(15)


def main() -> None:
    for people in [int(sys.argv[1])] if sys.argv[1:] else [20, 1000]:
        with tempfile.TemporaryDirectory() as folder:
            measure(people, Path(folder), profile=len(sys.argv) > 1)


if __name__ == "__main__":
    main()
