"""How long a report takes over five years of 1:1s, twenty a week, with a few people or with a thousand.

    python benchmarks/report.py [PEOPLE]

Medians of CPU time in milliseconds: reading the ledger, making the report, and `prepd report` as a whole; and what
`make_report` spends its time on.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.values import Busy
from daemon.config.read import load
from daemon.core.model import Attendance, By, Change, How, Kind, OneOnOne, Owner, Times
from daemon.core.model import State as Standing
from daemon.core.report import make_report
from daemon.core.weeks import week_of
from daemon.facts import facts, report_rules
from daemon.store.heartbeat import Heartbeat
from daemon.store.state import CalendarState, State
from daemon.store.store import Store

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
YEARS, A_WEEK, RUNS = 5, 20, 9
CONFIG = """\
[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"

[[person]]
email = "p0@example.com"
name = "Dana"
role = "manager"
"""


def ledger(people: int) -> list[Change]:
    """Every fourth 1:1 was moved, every fifth cancelled, by turns by them, by me and by nobody knows whom."""
    changes = []
    number = 0
    for week in range(YEARS * 52, 0, -1):
        for nth in range(A_WEEK):
            start = NOW - timedelta(weeks=week, hours=-nth * 3)
            changes += one(
                number, f"p{number % people}@example.com", Times(start, start + timedelta(hours=0.5))
            )
            number += 1
    return sorted(changes, key=lambda c: c.noticed_at)


def one(number: int, person: str, at: Times) -> list[Change]:
    name, made = f"r{number:011}", []

    def tell(kind: Kind, ahead: timedelta, **more: object) -> None:
        made.append(
            Change(
                f"{name}.{len(made) + 1}", name, "work", person, f"Person {person}", kind, at.start - ahead,
                "the same event has a new time, and they organize it", **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip

    tell(Kind.SCHEDULED, timedelta(days=60), now_at=at)
    by = list(By)[number % 3]
    if number % 4 == 0:
        earlier = Times(at.start - timedelta(days=1), at.end - timedelta(days=1))
        tell(
            Kind.RESCHEDULED,
            timedelta(days=2),
            how=How.MOVED,
            by=by,
            was=earlier,
            now_at=at,
            notice_minutes=1440,
        )
    if number % 5 == 0:
        tell(Kind.CANCELLED, timedelta(hours=5), by=by, was=at, notice_minutes=300)
    else:
        tell(Kind.HELD, timedelta(hours=-1), now_at=at)
    return made


def records(people: int) -> dict[str, OneOnOne]:
    """What is at hand: three months past, two months to come."""
    found = {}
    for number in range(-12 * A_WEEK, 8 * A_WEEK):
        start = NOW + timedelta(hours=number * 7 * 24 / A_WEEK + 1)
        person = f"p{number % people}@example.com"
        state = Standing.STANDING if number >= 0 else Standing.OVER
        found[f"x{number}"] = OneOnOne(
            f"x{number}", "work", "primary", f"e{number}", person, f"Person {person}", "1:1", start,
            start + timedelta(hours=0.5), state, Owner.THEM, Attendance.ACCEPTED, NOW,
        )  # fmt: skip
    return found


def milliseconds(run: Callable[[], object]) -> float:
    run()
    took = []
    for _ in range(RUNS):
        before = time.process_time()
        run()
        took.append((time.process_time() - before) * 1000)
    return statistics.median(took)


def command(folder: Path, *words: str) -> float:
    """User and system time of a whole `prepd`, as a process."""
    environment = os.environ | {"PREPD_CONFIG": str(folder / "config.toml"), "PREPD_STATE_DIR": str(folder)}
    took = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "daemon.commands.main", *words],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return statistics.median(took)


def measure(people: int, folder: Path, *, profile: bool) -> None:
    (folder / "config.toml").write_text(CONFIG)
    config = load(folder / "config.toml")
    changes, at_hand = ledger(people), records(people)
    busy = tuple(
        Busy(NOW + timedelta(hours=h), NOW + timedelta(hours=h + 1), f"b{h}") for h in range(0, 384, 3)
    )
    calendar = CalendarState("work", "primary", "t", NOW, NOW, busy=busy)
    Store(folder).commit(State(calendars={"work/primary": calendar}, records=at_hand), changes)
    size = (folder / "prepd.json").stat().st_size / 1e6
    print(f"{people} people, {len(changes):,} entries, {size:.1f} MB")
    week = week_of(NOW.astimezone(config.timezone).date(), config.timezone)
    rules = report_rules(config)

    def read() -> list[Change]:
        return Store(folder).changes()

    def make() -> object:
        known = facts(Store(folder).state(), changes, Heartbeat(), config, NOW, week)
        return make_report(known, rules, week, NOW)

    print(f"  reading the ledger   {milliseconds(read):6.0f} ms")
    print(f"  making the report    {milliseconds(make):6.0f} ms")
    for words in (("report",), ("report", "--json"), ("history", "--json")):
        print(f"  prepd {' '.join(words):15}{command(folder, *words):6.0f} ms")
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
