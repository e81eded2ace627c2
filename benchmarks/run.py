"""Measures everything, and writes docs/performance.md with its picture: `make bench`.

    python benchmarks/run.py [--khal COMMAND] [--only SECTION …]

With --only, the other figures stay as they were last measured (build/bench.json).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from measured import ROOT, Program, in_turn, once, script

FOUND = ROOT / "build" / "bench.json"
EVENTS = (1_000, 3_000, 10_000, 30_000, 100_000)
ACCOUNTS = (1, 5, 10, 20, 50)
YEARS = (1, 5, 20)
ALL = "khal list, five years"
KHAL = """\
[calendars]
[[work]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/London
default_timezone = Europe/London
"""


@contextlib.contextmanager
def served(name: str, *words: object) -> Iterator[str]:
    """One of the servers beside this script, while it is needed: what it printed first."""
    command = script(name, *words)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


# --- the sections ---------------------------------------------------------------------------------------


def reading(folder: Path, _: str) -> dict[str, Any]:
    """Each of them reads 10,000 events, and in turn with that loads everything and reads none."""
    found: dict[str, Any] = {}
    with served("calendars.py", folder) as root:
        for provider in ("google", "outlook"):
            programs = [
                Program(f"{who} {count}", script("readers.py", provider, who, root, folder / "ca.pem", count))
                for who in ("prepd", "peer", "client", "floor")
                for count in (0, 10_000)
            ]
            runs = in_turn(programs, 5)
            found[provider] = {
                who: {
                    "cpu": runs[f"{who} 10000"].cpu,
                    "bare_cpu": runs[f"{who} 0"].cpu,
                    "peak": runs[f"{who} 10000"].peak,
                    "bare_peak": runs[f"{who} 0"].peak,
                    "events": int(runs[f"{who} 10000"].said.split()[0]),
                }
                for who in ("prepd", "peer", "client", "floor")
            }
            shares = script("readers.py", provider, "profile", root, folder / "ca.pem", 10_000)
            found[provider]["profile"] = json.loads(once(Program("profile", shares)).said)
    return found


def idle(folder: Path, _: str) -> dict[str, Any]:
    found = {}
    for provider in ("google", "outlook"):
        place = folder / provider
        place.mkdir()
        with served("emulated.py", provider, place, 400):
            run = once(Program("idle", script("cycles.py", "idle", place)))
        found[provider] = json.loads(run.said)
    return found


def commit(folder: Path, _: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(once(Program("commit", script("cycles.py", "commit", folder))).said)
    return found


def local(folder: Path, khal: str) -> dict[str, Any]:
    """Whole commands over five years; the report also over one and twenty."""
    for years in YEARS:
        more = [folder / "calendar"] if years == 5 else []
        once(Program("history", script("histories.py", folder / f"{years}", years, *more)))
    (folder / "khal.conf").write_text(KHAL.format(folder=folder))
    prepd = [str(Path(sys.executable).with_name("prepd"))]
    if not Path(prepd[0]).exists():
        prepd = [sys.executable, "-m", "daemon.commands.main"]
    listing = [khal, "-c", str(folder / "khal.conf"), "list"]
    programs = [Program("python", [sys.executable, "-c", "pass"])]
    if Path(khal).exists():
        programs.append(Program("khal list", [*listing, "today", "14d"]))
    for years in YEARS:
        at = {"PREPD_CONFIG": f"{folder}/{years}/config.toml", "PREPD_STATE_DIR": f"{folder}/{years}"}
        if years == 5:
            verbs = ("agenda", "history Dana", "history", "status")
            programs += [Program(f"prepd {words}", [*prepd, *words.split()], at) for words in verbs]
        programs.append(Program(f"prepd report, {years}", [*prepd, "report"], at))
        programs.append(Program(f"prepd agenda, {years}", [*prepd, "agenda"], at))
    found = in_turn(programs, 9)
    if Path(khal).exists():
        first = (datetime.now(UTC) - timedelta(weeks=261)).strftime("%Y-%m-%d")
        found |= in_turn([Program(ALL, [*listing, first, "1830d"])], 1)
    return {name: {"cpu": run.cpu, "peak": run.peak} for name, run in found.items()}


def service(_: Path, __: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        once(Program("service", script("service.py", "--json", "--minutes", 2))).said
    )
    return found


def growth(folder: Path, _: str) -> dict[str, Any]:
    """First reads of ever more events, and of ever more accounts with 200 events each."""
    found: dict[str, Any] = {}
    with served("calendars.py", folder) as root:
        for provider in ("google", "outlook"):
            at = ["readers.py", provider, "prepd", root, folder / "ca.pem"]
            steps = [(f"events {count}", script(*at, count)) for count in EVENTS]
            steps += [(f"accounts {count}", script(*at, 200, count)) for count in ACCOUNTS]
            for name, command in steps:
                times = 1 if name.endswith(("30000", "100000")) else 2
                runs = sorted((once(Program(name, command)) for _ in range(times)), key=lambda run: run.cpu)
                found[f"{provider} {name}"] = {
                    "cpu": runs[0].cpu, "peak": runs[0].peak, "requests": int(runs[0].said.split()[1])
                }  # fmt: skip
    return found


SECTIONS = {
    "reading": reading,
    "idle": idle,
    "commit": commit,
    "local": local,
    "service": service,
    "growth": growth,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--khal", type=Path, default=ROOT / ".venv-khal" / "bin" / "khal")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    args = parser.parse_args()
    found = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    for name in args.only:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found[name] = SECTIONS[name](Path(folder), str(args.khal.absolute()))
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        FOUND.parent.mkdir(exist_ok=True)
        FOUND.write_text(json.dumps(found, indent=1))
    once(Program("page", script("page.py", FOUND)))
    print("docs/performance.md is written")


if __name__ == "__main__":
    main()
