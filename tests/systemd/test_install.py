"""`prepd service` under a real systemd."""

from __future__ import annotations

import sys

import pytest

from tests.systemd.conftest import Unit
from tests.systemd.manager import wait_for


@pytest.fixture
def bare(unit: Unit) -> Unit:
    """Without a unit file; a drop-in of the user's lets it find this checkout."""
    (unit.manager.units / "prepd.service").unlink()
    unit.drop_in("prepd-sync.service")
    return unit


def prepd(unit: Unit, *words: str, **environment: str):
    return unit.manager.run(sys.executable, "-m", "daemon.commands.main", "service", *words, **environment)


def test_install_starts_the_service_and_a_second_one_changes_nothing(bare: Unit):
    first = prepd(bare, "install", HTTPS_PROXY="http://127.0.0.1:9")
    assert (first.returncode, first.stderr) == (0, "")
    assert "HTTPS_PROXY is set here, and a unit knows nothing of it" in first.stdout
    assert "prepd.service: written" in first.stdout
    assert "loginctl enable-linger" in first.stdout
    assert bare.show("ActiveState") == "active"
    assert bare.show("UnitFileState") == "enabled"
    process = bare.show("MainPID")
    second = prepd(bare, "install")
    assert "PROXY" not in second.stdout
    assert "in place already" in second.stdout
    assert bare.show("MainPID") == process


def test_status_says_whether_it_runs_and_how_it_is(bare: Unit):
    none = prepd(bare, "status")
    assert (none.returncode, "No unit of prepd is installed" in none.stdout) == (1, True)
    prepd(bare, "install")
    wait_for(lambda: "last sync" in prepd(bare, "status").stdout)
    said = prepd(bare, "status")
    assert said.returncode == 0
    assert said.stdout.startswith("prepd.service (user): runs\n")
    bare.manager.ctl("stop", bare.name)
    assert prepd(bare, "status").returncode == 1


def test_a_unit_that_somebody_changed_is_left_alone_unless_forced(bare: Unit):
    prepd(bare, "install")
    file = bare.manager.units / "prepd.service"
    changed = file.read_text().replace("WatchdogSec=5min", "WatchdogSec=9min")
    file.write_text(changed)
    for verb in ("install", "uninstall"):
        said = prepd(bare, verb)
        assert said.returncode == 1
        assert "changed by hand" in said.stderr
        assert file.read_text() == changed
    assert prepd(bare, "install", "--force").returncode == 0
    assert "WatchdogSec=5min" in file.read_text()


def test_uninstall_leaves_drop_ins_and_nothing_else(bare: Unit):
    prepd(bare, "install")
    said = prepd(bare, "uninstall")
    assert said.returncode == 0, said.stderr
    assert "prepd.service.d: yours, and still there" in said.stdout
    assert not (bare.manager.units / "prepd.service").exists()
    assert not (bare.manager.units / "default.target.wants").exists() or not list(
        (bare.manager.units / "default.target.wants").iterdir()
    )
    assert bare.show("ActiveState") == "inactive"
    assert prepd(bare, "uninstall").stdout == "No unit of prepd is installed.\n"


def test_the_timer_takes_the_place_of_the_service(bare: Unit):
    prepd(bare, "install")
    said = prepd(bare, "install", "--timer")
    assert said.returncode == 0, said.stderr
    assert "The user unit is taken away" in said.stdout
    assert bare.show("ActiveState") == "inactive"
    assert bare.manager.show("prepd-sync.timer", "ActiveState") == "active"
    assert prepd(bare, "status").stdout.startswith("prepd-sync.timer (timer): runs")
    assert prepd(bare, "uninstall").returncode == 0


def test_without_a_users_manager_the_remedy_is_told(bare: Unit):
    said = bare.manager.run(
        sys.executable, "-m", "daemon.commands.main", "service", "install", XDG_RUNTIME_DIR="/nowhere"
    )
    assert said.returncode == 1
    assert "loginctl enable-linger" in said.stderr
    assert not (bare.manager.units / "prepd.service").exists()
