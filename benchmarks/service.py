"""What the service costs: memory and processor time at rest, and how fast it starts and ends.

    python benchmarks/service.py [--events 10000] [--minutes 3]

It runs `prepd run` in a process of its own, at one cycle a minute, against an emulated calendar with so many events.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sandbox import Clock, GoogleSandbox  # noqa: E402
from tests.google_account import signed_in  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
CONFIG = """\
timezone = "Europe/London"

[sync]
every = "60s"

[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"
api_root = "{root}"

[network]
ca_bundle = "{ca}"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--json", action="store_true", help="print what it costs at rest as JSON, last")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, GoogleSandbox(Clock.real()) as google:
        found = measure(Path(folder), google, args.events, args.minutes)
    if args.json:
        print(json.dumps(found))


def measure(folder: Path, google: GoogleSandbox, events: int, minutes: float) -> dict[str, float]:
    fill(google, events)
    settings = signed_in(google, google.account("alex@example.com"), folder)
    token = folder / "state/tokens/work.json"
    token.parent.mkdir(parents=True)
    settings.token_file.replace(token)
    (folder / "config.toml").write_text(CONFIG.format(root=google.root, ca=google.ca_path))
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(str(folder / "notify"))
    command = [sys.executable, "-m", "daemon.commands.main", "run"]
    command += ["--config", str(folder / "config.toml"), "--state-dir", str(folder / "state")]
    environment = os.environ | {"NOTIFY_SOCKET": str(folder / "notify"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as service:
        began = time.monotonic()
        until(notify, "READY=1")
        print(
            f"start to READY        {time.monotonic() - began:.2f} s  (wall; {spent(service.pid):.2f} s of processor)"
        )
        began = time.monotonic()
        until(notify, "STATUS=last sync")
        print(f"first cycle           {time.monotonic() - began:.1f} s  ({events:,} events read)")
        print(f"memory after it       {resident(service.pid):.1f} MiB (at most {peak(service.pid):.1f})")
        time.sleep(5)
        before, since = spent(service.pid), time.monotonic()
        time.sleep(minutes * 60)
        took = time.monotonic() - since
        found = {
            "resident": resident(service.pid),
            "peak": peak(service.pid),
            "core": 100 * (spent(service.pid) - before) / took,
            "minutes": took / 60,
        }
        print(f"memory at rest        {found['resident']:.1f} MiB")
        print(f"processor at rest     {found['core']:.3f} % of a core")
        began = time.monotonic()
        service.send_signal(signal.SIGTERM)
        service.wait()
        print(f"SIGTERM to exit       {time.monotonic() - began:.2f} s")
    return found


def fill(google: GoogleSandbox, events: int) -> None:
    """Meetings over the next weeks, every twentieth a 1:1."""
    alex = google.account("alex@example.com", time_zone="Europe/London")
    people = [google.account(f"person{n}@example.com", time_zone="Europe/London") for n in range(12)]
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=20)
    for number in range(events):
        when = start + timedelta(minutes=10 * number)
        guests = people[number % 11 :][:1] if number % 20 == 0 else people[:4]
        title = f"1:1 Alex {number}" if number % 20 == 0 else f"Meeting {number}"
        alex.schedule(title, when, minutes=10, guests=guests)


def until(notify: socket.socket, message: str) -> None:
    while not notify.recv(65536).decode().startswith(message):
        pass


def resident(pid: int) -> float:
    return field(pid, "VmRSS") / 1024


def peak(pid: int) -> float:
    return field(pid, "VmHWM") / 1024


def field(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name + ":")).split()[1])


def spent(pid: int) -> float:
    """Processor time so far, in seconds, user and system: to the nanosecond where the kernel counts so."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    if counted := sum(int(thread.read_text().split()[0]) for thread in threads):
        return counted / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
