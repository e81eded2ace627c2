"""What prepd writes is its user's alone from the first byte on, whatever the umask, and follows no planted link."""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
import threading
from pathlib import Path

import pytest

from connectors import tokens
from connectors.errors import Misconfigured
from daemon.commands.main import main
from daemon.store import files, lock
from daemon.store.files import StateError
from tests.e2e.conftest import alex, signed_out  # noqa: F401


class Watch:
    """Everything that comes into being below a folder, as it does: file or folder, by which call, with which mode."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.files: dict[str, int] = {}
        self.folders: dict[str, int] = {}
        self.wrong: list[str] = []

    def heard(self, event: str, args) -> None:
        if event == "open" and isinstance(args[0], (str, os.PathLike)) and self._here(args[0]):
            path, mode, flags = args
            new = flags & os.O_CREAT and not os.path.lexists(path)
            if new and mode is not None:
                # open() knows no mode: the umask alone would decide who may read.
                self.wrong.append(f"{path} was made by open()")
            if flags & os.O_CREAT and not flags & (os.O_EXCL | os.O_NOFOLLOW):
                self.wrong.append(f"{path} would be made through a link")
        elif event == "os.mkdir" and self._here(args[0]):
            self.folders[str(args[0])] = args[1]
        elif event == "os.chmod" and self._here(args[0]) and args[1] & 0o077:
            self.wrong.append(f"{args[0]} was opened to others")

    def opened(self, path, flags, mode) -> None:
        if flags & os.O_CREAT and isinstance(path, (str, os.PathLike)) and self._here(path):
            self.files[str(path)] = mode

    def _here(self, path) -> bool:
        return str(path).startswith(self.folder)

    def judge(self) -> None:
        assert self.wrong == []
        assert {p: oct(m) for p, m in self.files.items() if m & 0o077} == {}
        assert {p: oct(m) for p, m in self.folders.items() if m & 0o077} == {}


_watches: list[Watch] = []
_hooked = False


def _hook(event, args):
    if event in ("open", "os.mkdir", "os.chmod"):
        for watch in _watches:
            watch.heard(event, args)


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Watches the test's folder, under an umask that hides nothing."""
    global _hooked  # noqa: PLW0603  # an audit hook is for life
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    watch = Watch(tmp_path)
    real = os.open

    def opening(path, flags, mode=0o777, **more):
        watch.opened(path, flags, mode)
        return real(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", opening)
    before = os.umask(0)
    _watches.append(watch)
    yield watch
    _watches.remove(watch)
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): oct(stat.S_IMODE(p.lstat().st_mode))
        for p in [folder, *folder.rglob("*")]
        if stat.S_IMODE(p.lstat().st_mode) & 0o077
    }


# --- whole stories -------------------------------------------------------------------------------------------


def test_all_that_commands_leave_behind_is_its_owners_from_the_first_byte(kit, watched):
    shutil.rmtree(kit.state)
    kit.work.google.approve(as_=kit.work.alex)
    kit.client.microsoft.approve(as_=kit.client.alex)
    for words in (
        ["auth", "login", "work"],
        ["auth", "login", "client"],
        ["status"],
        ["sync"],
        ["report", "--deliver"],
        ["report", "--output", str(kit.folder / "out.html")],
        ["agenda"],
        ["explain", "1:1 kanarie"],
        ["sync"],
        ["clean"],
        ["resume"],
        ["forget", "Kanarie-Dana", "--yes"],
        ["auth", "status"],
        ["auth", "logout", "work"],
    ):
        said = kit(*words)
        assert said.code in (0, 77), (words, said)
        kit.clock.advance(minutes=5)
    kit.clock.advance(days=7)
    kit("sync")
    watched.judge()
    assert modes(kit.state) == {}
    made = {Path(path).name.strip(".").partition(".")[0] for path in watched.files}
    assert {"prepd", "heartbeat", "lock", "work", "client", "out"} <= made
    assert {Path(path).name for path in watched.folders} >= {"state", "tokens", "cache", "reports"}


def test_what_init_writes_is_its_owners_from_the_first_byte(signed_out, watched, monkeypatch):  # noqa: F811
    signed_out.config.unlink()
    (signed_out.folder / "client.json").rename(signed_out.folder / "download.json")
    answers = [
        "Europe/London",
        "google",
        "",
        str(signed_out.folder / "download.json"),
        "no",
        "",
        "",
        "yes",
        "no",
        "no",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert signed_out("init").code == 0
    watched.judge()
    assert {"config.toml", "google-client.json"} <= {Path(path).name for path in watched.files}


def test_the_service_too(kit, watched):
    from daemon.config import load
    from daemon.paths import ready
    from daemon.service import Clock, Work
    from daemon.systemd.sd_notify import Notifier

    work = Work(
        load(kit.config), ready(kit.state), threading.Event(), Clock(kit.clock.now, lambda: 0.0), Notifier({})
    )
    for _ in range(3):
        kit.clock.advance(days=1)
        work.step()
        work.look_around()
    watched.judge()
    assert modes(kit.state) == {}


def test_a_state_directory_that_others_could_look_into_is_closed(kit):
    kit.state.chmod(0o755)
    assert kit("status").code in (0, 75, 77)
    assert stat.S_IMODE(kit.state.stat().st_mode) == 0o700


# --- links that somebody planted -----------------------------------------------------------------------------


@pytest.fixture
def victim(tmp_path):
    """A file of the user's, elsewhere, that nothing may touch."""
    file = tmp_path / "victim"
    file.write_text("mine")
    file.chmod(0o644)
    yield file
    assert file.read_text() == "mine"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["prepd.json", "prepd.json.new", "prepd.json.bak", "prepd.json.bak.new"])
def test_a_write_goes_through_no_link(tmp_path, victim, name):
    (tmp_path / name).symlink_to(victim)
    files.write_durably(tmp_path / "prepd.json", b"state", backup=tmp_path / "prepd.json.bak")
    files.write_without_trace(tmp_path / "prepd.json", b"state 2", tmp_path / "prepd.json.bak")
    assert files.write_quickly(tmp_path / "prepd.json", b"state 3")
    assert (tmp_path / "prepd.json").read_bytes() == b"state 3"
    assert not (tmp_path / "prepd.json").is_symlink()
    assert stat.S_IMODE((tmp_path / "prepd.json").stat().st_mode) == 0o600


def test_a_lock_goes_through_no_link(tmp_path, victim):
    (tmp_path / "lock").symlink_to(victim)
    with pytest.raises(StateError), lock.locked(tmp_path / "lock", "a test"):
        pass
    (tmp_path / ".work.json.lock").symlink_to(victim)
    with pytest.raises(Misconfigured), tokens.locked(tmp_path / "work.json", "work", 0.1):
        pass


def test_a_token_goes_through_no_link(tmp_path, victim):
    (tmp_path / "work.json").symlink_to(victim)
    tokens.write_object(tmp_path / "work.json", {"refresh_token": "secret"})
    assert "secret" in (tmp_path / "work.json").read_text()
    assert stat.S_IMODE((tmp_path / "work.json").stat().st_mode) == 0o600


def test_nothing_of_a_story_goes_through_links_in_the_state(kit, victim):
    for name in (
        "prepd.json",
        "prepd.json.new",
        "heartbeat.json",
        "heartbeat.json.new",
        "reports/2026-W45.html",
    ):
        (kit.state / name).parent.mkdir(mode=0o700, exist_ok=True)
        (kit.state / name).unlink(missing_ok=True)
        (kit.state / name).symlink_to(victim)
    (kit.state / "prepd.json").unlink()
    assert kit("sync").code == 0
    assert kit("report", "--deliver").code == 0
    assert not (kit.state / "heartbeat.json").is_symlink()
    assert main(["status", *kit.where]) == 0
