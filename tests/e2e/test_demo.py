"""`prepd demo`, as a newcomer runs it."""

from __future__ import annotations

import io
import stat
import subprocess
import sys
from pathlib import Path

from daemon.commands.demo import story
from daemon.commands.demo.ending import called, next_steps
from daemon.commands.demo.layout import Layout
from daemon.commands.main import main
from daemon.commands.terminal import Terminal

ROOT = Path(__file__).parents[2]


def test_the_demo_tells_its_story_without_any_configuration(tmp_path):
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "daemon.commands.main", "demo"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for said in (
        "Nobody was mailed by prepd",
        "rebooked by them",
        "Ask Finance",
        "not a 1:1",
        "in a row",
        "Red flag: Dana",
    ):
        assert said in done.stdout
    for said in (
        "to Microsoft, 0 mails",
        "client can't be read",
        "cancelled by them: Noor",
        "one 1:1, with one slot",
    ):
        assert said in " ".join(done.stdout.split())
    assert "prepd init " in done.stdout.split("Now your own calendars")[1].splitlines()[1]
    assert "\x1b" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_demo_keeps_what_it_made_where_it_is_told(tmp_path, capsys):
    folder = tmp_path / "kept"
    assert main(["demo", "--keep", str(folder)]) == 0
    where = ["--config", str(folder / "config.toml"), "--state-dir", str(folder / "state")]
    assert stat.S_IMODE((folder / "google-client.json").stat().st_mode) == 0o600
    assert "Red flag: Dana" in (folder / "report.html").read_text("utf-8")
    assert main(["history", "dana", *where]) == 0
    assert "cancelled" in capsys.readouterr().out
    assert main(["history", "nobody", *where]) == 1
    assert (
        capsys.readouterr().err == "prepd: Nothing is known of “nobody”. There is: Dana, Noor, Priya, Sam.\n"
    )
    assert main(["demo", "--keep", str(folder)]) == 2


def test_the_demo_fails_when_the_story_comes_out_otherwise(tmp_path, capsys, monkeypatch):
    scene = story.Scene(story.WEEKS[0].scenes[1].at, "Nobody does anything", did=("move_slot",))
    first = story.WEEKS[0].scenes[0]
    monkeypatch.setattr(story, "WEEKS", (story.Week("A week", (first, scene)),))
    assert main(["demo"]) == 1
    assert "Not as it must be: Nobody does anything" in capsys.readouterr().out


def test_what_to_call_next_fits_the_terminal_however_prepd_is_called(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.argv", [str(tmp_path / ("long" * 12) / "venv" / "bin" / "prepd")])
    monkeypatch.setenv("COLUMNS", "80")
    said = io.StringIO()
    next_steps(Layout(Terminal(said)), kept=None)
    lines = said.getvalue().splitlines()
    command = next(n for n, line in enumerate(lines) if line.endswith(" init"))
    assert lines[command + 1] == "    writes your config, asking, and signs you in"
    monkeypatch.setattr("sys.argv", ["prepd"])
    next_steps(Layout(Terminal(said)), kept=None)
    assert max(len(line) for line in said.getvalue().splitlines()[len(lines) :]) <= 80
    assert "  prepd init            writes your config" in said.getvalue()


def test_the_demo_names_the_command_as_it_was_called(tmp_path, monkeypatch):
    here, there = tmp_path / "checkout" / "prepd", tmp_path / "bin" / "prepd"
    for file in (here, there):
        file.parent.mkdir()
        file.write_text("")
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(there.parent))
    for given, shown in ((here, str(here)), (there, "prepd"), (tmp_path / "main.py", "prepd")):
        monkeypatch.setattr("sys.argv", [str(given)])
        assert called() == shown
