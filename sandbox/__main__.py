"""Serves an emulated Google until interrupted: `python -m sandbox [--port N] [--secrets FILE]`."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
from datetime import datetime, time, timedelta
from pathlib import Path

from sandbox import GoogleSandbox


def main() -> int:
    """Start it with two people and a weekly 1:1, say where it is, and wait."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="An emulated Google on loopback.")
    parser.add_argument("--port", type=int, default=0, help="default: one that is free")
    parser.add_argument(
        "--secrets", type=Path, default=Path("google-client.json"), help="where to write the client secrets"
    )
    options = parser.parse_args()
    # SIGTERM ends it as Ctrl-C does: what it made for itself goes with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), GoogleSandbox(port=options.port) as google:
        alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        dana = google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        tomorrow = datetime.now(alex.time_zone).date() + timedelta(days=1)
        start = datetime.combine(tomorrow, time(10), alex.time_zone)
        dana.schedule("1:1 Alex / Dana", start, guests=[alex], weekly=True)
        google.write_client_secrets(options.secrets)
        sys.stdout.write(
            f'api_root = "{google.root}"\n'
            f'client_secrets = "{options.secrets}"\n'
            f'ca_bundle = "{google.ca_path}"\n'
            f"Signs in {alex.email}, who has a weekly 1:1 with {dana.email}. Ctrl-C ends it.\n"
        )
        sys.stdout.flush()
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
