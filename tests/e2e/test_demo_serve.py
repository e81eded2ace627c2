"""`prepd demo --serve`, as the installed command."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from daemon.commands.demo.serve.web import listening
from daemon.commands.main import main
from daemon.exits import Stopped

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_where_the_pages_are_and_ends_cleanly_when_interrupted(tmp_path, number):
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "daemon.commands.main", "demo", "--serve"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            address = next(line.strip() for line in running.stdout if line.startswith("http://127.0.0.1:"))
            with urllib.request.urlopen(address, timeout=30) as page:
                assert "2 to 8 November 2026" in page.read().decode()
            running.send_signal(number)
            rest, errors = running.communicate(timeout=30)
        finally:
            running.kill()
    assert (running.returncode, errors) == (0, "")
    assert "Now your own calendars" in rest
    assert list(tmp_path.iterdir()) == []


def test_a_port_without_pages_makes_no_sense(capsys):
    assert main(["demo", "--port", "8000"]) == 2
    assert capsys.readouterr().err == "prepd: --port and --open go with --serve.\n"


def test_a_port_that_can_not_be_listened_on_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port in (taken.getsockname()[1], 70_000):
            with (
                pytest.raises(Stopped, match=f"port {port} of this machine can't be listened on"),
                listening(None, port),
            ):
                pytest.fail("it listens")
