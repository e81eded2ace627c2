"""What systemd is told, and how."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from daemon.systemd.sd_notify import Notifier
from tests.service.conftest import Manager


@pytest.fixture(params=["path", "abstract"])
def address(request, tmp_path) -> str:
    return str(tmp_path / "socket") if request.param == "path" else f"@prepd-test-{os.getpid()}"


def test_messages_reach_the_socket_that_systemd_names(address):
    manager = Manager(address)
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.ready()
    notifier.stopping()
    assert manager.told() == ["READY=1", "STOPPING=1"]
    manager.close()


def test_a_status_is_one_line_whatever_is_in_it(manager):
    Notifier({"NOTIFY_SOCKET": manager.address}).status("next 1:1 Dana\nMAINPID=1\x1b[31m Tue")
    assert manager.told() == ["STATUS=next 1:1 Dana MAINPID=1 [31m Tue"]


def test_a_status_is_sent_when_it_changes(manager):
    notifier = Notifier({"NOTIFY_SOCKET": manager.address})
    for text in ("a", "a", "b"):
        notifier.status(text)
    assert manager.told() == ["STATUS=a", "STATUS=b"]


def test_a_status_that_nobody_took_is_sent_again(address):
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.status("a")
    manager = Manager(address)
    notifier.status("a")
    assert manager.told() == ["STATUS=a"]
    manager.close()


def test_a_manager_that_has_its_hands_full_does_not_hold_up_the_work(manager):
    notifier = Notifier({"NOTIFY_SOCKET": manager.address})
    room = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
    telling = Thread(target=lambda: [notifier.status(str(n)) for n in range(room + 3)], daemon=True)
    telling.start()
    telling.join(30)
    assert not telling.is_alive()


def test_signs_of_life_are_sent_only_where_systemd_waits_for_them(manager):
    Notifier({"NOTIFY_SOCKET": manager.address}).alive()
    Notifier({"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "1"}).alive()
    assert manager.told() == []
    watched = Notifier(
        {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "5000000", "WATCHDOG_PID": str(os.getpid())}
    )
    watched.alive()
    assert watched.watchdog == timedelta(seconds=5)
    assert manager.told() == ["WATCHDOG=1"]


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/at/all", "@"])
def test_without_a_manager_nothing_is_sent_and_nothing_fails(address):
    notifier = Notifier({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "nonsense"})
    notifier.ready()
    notifier.status("fine")
    assert notifier.watchdog is None


def test_a_systems_manager_is_told_apart_from_a_users():
    assert Notifier({"NOTIFY_SOCKET": "/run/systemd/notify"}).by_system
    assert not Notifier({"NOTIFY_SOCKET": "/run/user/1000/systemd/notify"}).by_system
    assert not Notifier({}).by_system
