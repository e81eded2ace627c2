"""What a cycle without changes costs beside the request that it can't do without, and a commit beside the bare writing.

    python benchmarks/cycles.py idle FOLDER [CYCLES]     with a prepd that benchmarks/emulated.py signed in
    python benchmarks/cycles.py commit FOLDER [RUNS]

Both in turn with what they are held against; medians in milliseconds, as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import histories

YEARS = (1, 5, 20)


# --- a cycle without changes ----------------------------------------------------------------------------


def idle(folder: Path, cycles: int) -> dict[str, Any]:
    from daemon.accounts import open_account
    from daemon.config import load
    from daemon.cycle import Request
    from daemon.paths import ready
    from daemon.round import run_round
    from daemon.store.store import Store

    config, paths = load(folder / "config.toml"), ready(folder / "state")
    store = Store(paths.state)
    account = open_account(config, config.account[0], paths)

    def cycle() -> object:
        return run_round(config, store, lambda _: account, Request(now=datetime.now(UTC)))

    for _ in range(3):
        cycle()
    store.commit(store.state(), histories.ledger(5))
    cycle()
    bare = bare_call(account, next(iter(store.state().calendars.values())).token or "")
    document = (paths.state / "prepd.json").read_bytes()
    requests = account.requests
    took: list[float] = []
    called: list[float] = []
    for _ in range(cycles):
        took.append(cpu(cycle))
        called.append(cpu(bare))
    return {
        "cycle": statistics.median(took),
        "call": statistics.median(called),
        "beyond": statistics.median(a - b for a, b in zip(took, called, strict=True)),
        "requests": (account.requests - requests - cycles) / cycles,
        "unchanged": document == (paths.state / "prepd.json").read_bytes(),
        "one_on_ones": len(store.state().records),
        "megabytes": len(document) / 1e6,
    }


def bare_call(account: Any, token: str) -> Callable[[], object]:
    """The one request of an idle cycle, through the same client, its answer dropped."""
    if hasattr(account, "_services"):
        services = account._services  # noqa: SLF001
        query = {"calendarId": "primary", "singleEvents": True, "showDeleted": True, "maxResults": 500}
        return lambda: services.execute(services.calendar.events().list(**query, syncToken=token), safe=True)
    link, graph = json.loads(token)["link"], account._graph  # noqa: SLF001
    return lambda: graph.get(link, "reading the calendar")


def cpu(run: Callable[[], object]) -> float:
    before = time.process_time()
    run()
    return (time.process_time() - before) * 1000


# --- a commit -------------------------------------------------------------------------------------------


def commit(folder: Path, runs: int) -> dict[str, Any]:
    from daemon.store.files import write_durably
    from daemon.store.store import Store

    found: dict[str, Any] = {}
    places = {years: folder / f"{years}" for years in YEARS}
    for years, place in places.items():
        histories.write(place, years)
        (place / "bare").mkdir()
    stores = {years: Store(place) for years, place in places.items()}
    took: dict[int, list[tuple[float, float, float, float]]] = {years: [] for years in YEARS}
    for run in range(runs):
        for years, store in stores.items():
            state = store.state()
            one, record = next(iter(state.records.items()))
            changed = replace(state, records={**state.records, one: replace(record, title=f"1:1 {run}")})
            change = histories.one(10**9 + run, record.person, histories.Times(record.start, record.end))[:1]
            content = (places[years] / "prepd.json").read_bytes()
            bare = places[years] / "bare" / "prepd.json"
            ours = both(lambda store=store, changed=changed, change=change: store.commit(changed, change))
            theirs = both(
                lambda bare=bare, content=content: write_durably(
                    bare, content, backup=bare.with_suffix(".bak")
                )
            )
            took[years].append((*ours, *theirs))
    for years, rows in took.items():
        cpu_, wall, bare_cpu, bare_wall = (
            statistics.median(column) for column in zip(*rows[1:], strict=True)
        )
        size = (places[years] / "prepd.json").stat().st_size / 1e6
        found[str(years)] = {
            "cpu": cpu_, "wall": wall, "bare_cpu": bare_cpu, "bare_wall": bare_wall, "megabytes": size
        }  # fmt: skip
    return found


def both(run: Callable[[], object]) -> tuple[float, float]:
    """CPU time and elapsed time: a commit waits for the disk."""
    before, since = time.process_time(), time.perf_counter()
    run()
    return (time.process_time() - before) * 1000, (time.perf_counter() - since) * 1000


if __name__ == "__main__":
    measure, default = {"idle": (idle, 60), "commit": (commit, 15)}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else default)))
