"""`prepd run` and what goes on beside it, in processes of their own and by the machine's clock."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from daemon.store.lock import locked
from sandbox import Clock, GoogleSandbox
from tests.e2e.at_work import Prepd


@pytest.fixture
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox(Clock.real()) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


@pytest.fixture
def meeting(dana, alex) -> str:
    tomorrow = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    return dana.schedule("1:1 Alex / Dana", tomorrow, guests=[alex], weekly=True)


@pytest.fixture
def running(prepd: Prepd):
    """Starts `prepd run`, and sees that none is left."""
    started = []

    def run():
        process = prepd.start("run")
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def wait_for(what, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def slots(prepd: Prepd) -> int:
    return len([e for e in prepd.events() if e["summary"].startswith("Reflect")])


def test_signing_in_on_a_machine_without_a_browser(signed_out, alex):
    signed_out.google.approve(as_=alex)
    process = signed_out.start("auth", "login", "work", "--no-browser")
    url = process.stdout.readline().strip()
    assert signed_out.google.browse(url)[0] == 200
    # communicate() reads past what readline() has buffered already.
    out, err = process.stdout.read(), process.stderr.read()
    assert (process.wait(timeout=20), err) == (0, "")
    assert "ssh -L" in out
    assert "alex@example.com" in out


def test_the_installed_command_does_the_whole_job(prepd, meeting):
    process = prepd.start("sync")
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "prep page opened" in out
    assert "\x1b" not in out
    assert slots(prepd) == 2


def test_run_does_a_cycle_at_once_and_ends_promptly_on_sigterm(prepd, meeting, running):
    process = running()
    wait_for(lambda: slots(prepd) == 2)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert time.monotonic() - began < 3


def test_many_signals_at_once_deadlock_nothing(prepd, running):
    process = running()
    lock = prepd.state / "run.lock"
    wait_for(lambda: lock.exists() and str(process.pid) in lock.read_text())
    for _ in range(300):
        process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0


def test_a_second_run_ends_at_once_and_says_who_runs(prepd, running):
    first = running()
    lock = prepd.state / "run.lock"
    wait_for(lambda: lock.exists() and str(first.pid) in lock.read_text())
    second = prepd.start("run")
    _, err = second.communicate(timeout=20)
    assert second.returncode == 1
    assert str(first.pid) in err
    assert first.poll() is None


def test_syncs_beside_a_run_do_nothing_twice(prepd, meeting, running):
    process = running()
    syncs = [prepd.start("sync") for _ in range(2)]
    for sync in syncs:
        _, err = sync.communicate(timeout=40)
        assert sync.returncode == 0, err
    wait_for(lambda: slots(prepd) == 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert (slots(prepd), len(prepd.google.documents()), len(prepd.links())) == (2, 1, 1)
    found = [c["one_on_one"] for c in prepd.ask("history")["changes"]]
    assert len(found) == len(set(found)) > 4


def test_run_needs_no_sign_in_and_takes_an_account_up_soon_after_one(prepd, meeting, running, sign_in):
    assert prepd("auth", "logout", "work").code == 0
    process = running()
    wait_for(lambda: (prepd.state / "heartbeat.json").exists() or process.poll() is not None)
    time.sleep(0.5)
    assert process.poll() is None
    sign_in(prepd)
    wait_for(lambda: slots(prepd) == 2, seconds=12)


def test_a_config_that_is_wrong_ends_run_with_78(prepd):
    prepd.config.write_text("wrong = 1\n")
    process = prepd.start("run")
    process.communicate(timeout=20)
    assert process.returncode == 78


def test_a_second_writer_waits_and_then_says_who_holds_the_lock(prepd, monkeypatch):
    prepd.sync()
    monkeypatch.setattr("daemon.store.lock.locked.__wrapped__.__defaults__", (0.2,))
    with locked(prepd.state / "lock", "prepd sync"):
        said = prepd("sync")
    assert said.code == 75
    assert "prepd sync (process" in said.err
    assert prepd("sync").code == 0


def test_commands_that_only_read_take_no_lock(prepd):
    prepd.sync()
    with locked(prepd.state / "lock", "prepd sync"):
        assert prepd("agenda").code == 0
        assert prepd("sync", "--dry-run").code == 0
