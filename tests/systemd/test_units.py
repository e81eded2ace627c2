"""The units under a real systemd."""

from __future__ import annotations

import re
import stat
import time

from tests.systemd.conftest import Unit
from tests.systemd.manager import hidden


def test_it_is_ready_before_the_network_and_says_what_is_next(unit: Unit):
    unit.meeting()
    unit.google.faults.slow(2, path="*", times=1)
    unit.start()
    assert unit.show("ActiveState") == "active"
    assert not (unit.state / "prepd.json").exists()
    unit.until(lambda: unit.status().startswith("last sync"))
    assert re.fullmatch(r"last sync \d\d:\d\d · next 1:1 Dana [A-Z][a-z]{2} \d\d:\d\d", unit.status())


def test_its_state_is_its_owners_alone(unit: Unit):
    unit.start()
    unit.until((unit.state / "prepd.json").exists)
    assert stat.S_IMODE(unit.state.stat().st_mode) == 0o700
    files = [path for path in unit.state.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_its_log_has_the_journals_priorities_and_nobodys_name(unit: Unit):
    unit.meeting()
    unit.start()
    unit.until(lambda: unit.status().startswith("last sync"))
    entries = unit.manager.log(unit.name)
    assert {entry["PRIORITY"] for entry in entries} == {"6"}
    said = " ".join(entry["MESSAGE"] for entry in entries)
    assert "running: every 60 seconds" in said
    assert "<6>" not in said
    assert "Dana" not in said
    assert "@" not in said


def test_killed_it_is_started_again_and_does_nothing_twice(unit: Unit):
    unit.meeting()
    unit.drop_in(more="RestartSec=100ms\n")
    unit.start()
    unit.until(lambda: unit.status().startswith("last sync"))
    events = len(unit.alex.events())
    unit.manager.ctl("kill", "--kill-who=main", "--signal=SIGKILL", unit.name)
    unit.until(lambda: unit.show("NRestarts") == "1" and unit.show("ActiveState") == "active")
    unit.until(lambda: unit.status().startswith("last sync"))
    assert len(unit.alex.events()) == events


def test_a_cycle_that_hangs_is_killed_by_the_watchdog(unit: Unit):
    # Long enough for a busy machine to load the provider's client within it.
    unit.drop_in(more="WatchdogSec=6\nRestartSec=100ms\nTimeoutAbortSec=1\n")
    unit.google.faults.slow(55, path="*/events", times=1)
    unit.start()
    unit.until(lambda: unit.show("NRestarts") != "0", 40)
    unit.until(lambda: unit.status().startswith("last sync"), 40)
    assert any("watchdog" in entry["MESSAGE"].lower() for entry in unit.manager.log())


def test_stopped_in_the_middle_of_a_cycle_it_ends_within_two_seconds(unit: Unit):
    unit.meeting()
    unit.google.faults.slow(20, path="*/events", times=1)
    unit.start()
    unit.until(lambda: unit.google.faults.pending == 0)
    began = time.monotonic()
    unit.manager.ctl("stop", unit.name)
    took = time.monotonic() - began
    # A busy machine is given some more, but not as long as systemd waits before it kills.
    assert took < 6
    assert unit.show("Result") == "success"
    unit.start()
    unit.until(lambda: "next 1:1 Dana" in unit.status())


def test_a_sign_in_that_expired_is_said_and_ends_nothing(unit: Unit):
    unit.start()
    unit.until(lambda: unit.status().startswith("last sync"))
    unit.google.revoke(unit.alex)
    unit.manager.ctl("restart", unit.name)
    unit.until(lambda: unit.status().startswith("work: sign in again"))
    assert unit.show("ActiveState") == "active"
    assert unit.show("NRestarts") == "0"


def test_a_config_that_is_wrong_at_the_start_is_not_tried_again(unit: Unit):
    unit.drop_in(more="RestartSec=100ms\n")
    unit.configure("wrong = 1\n")
    assert unit.manager.run("systemctl", "--user", "start", unit.name).returncode != 0
    time.sleep(0.5)
    assert (unit.show("ActiveState"), unit.show("ExecMainStatus")) == ("failed", "78")
    assert unit.show("NRestarts") == "0"


def test_a_reload_takes_a_good_config_up_and_refuses_a_wrong_one(unit: Unit):
    unit.start()
    unit.until(lambda: unit.status().startswith("last sync"))
    unit.configure("wrong = 1\n")
    unit.manager.ctl("reload", unit.name)
    unit.until(lambda: unit.status().startswith("the config is wrong and the old one goes on"))
    assert unit.show("ActiveState") == "active"
    unit.configure()
    unit.manager.ctl("reload", unit.name)
    unit.until(lambda: unit.status().startswith("last sync"))
    assert unit.show("NRestarts") == "0"


def test_client_secrets_come_by_load_credential(unit: Unit):
    hidden = unit.manager.home / "client-of-root.json"
    (unit.folder / "client.json").replace(hidden)
    unit.drop_in(more=f"LoadCredential=client.json:{hidden}\n")
    unit.meeting()
    unit.start()
    unit.until(lambda: "next 1:1 Dana" in unit.status())


def test_the_system_units_hardening_lets_the_whole_job_be_done(unit: Unit):
    """The file of the system unit, without the user that this machine need not have."""
    # Its own /tmp would hide a checkout that lies there.
    more = "|PrivateTmp" if hidden() else ""
    leave_out = re.compile(
        rf"(?m)^(User|Group|LoadCredential|ProtectHome|PrivateUsers|Wants|After{more})=.*\n"
    )
    file = unit.manager.units / unit.name
    unit.install("prepd-system.service", "run")
    text = leave_out.sub("", (unit.manager.units / "prepd-system.service").read_text())
    file.write_text(text)
    unit.drop_in(more=f"Environment=PREPD_STATE_DIR={unit.state}\nReadWritePaths={unit.state}\n")
    unit.meeting()
    unit.start()
    unit.until(lambda: "next 1:1 Dana" in unit.status())
    assert [e for e in unit.alex.events() if e["summary"].startswith("Reflect")]


# --- the timer ----------------------------------------------------------------------------------------------


def test_the_timer_has_a_cycle_done(unit: Unit):
    unit.meeting()
    timer = ("OnCalendar=*:0/5", "OnCalendar=*:*:0/1"), ("RandomizedDelaySec=30", "RandomizedDelaySec=0")
    unit.install("prepd-sync.service", "sync")
    unit.install("prepd-sync.timer", "sync", *timer, ("AccuracySec=10", "AccuracySec=10ms"))
    unit.manager.ctl("start", "prepd-sync.timer")
    unit.until((unit.state / "prepd.json").exists)
    unit.until(lambda: len([e for e in unit.alex.events() if e["summary"].startswith("Reflect")]) == 1)


def test_a_oneshot_without_a_sign_in_fails_with_77_and_is_not_repeated(unit: Unit):
    unit.install("prepd-sync.service", "sync")
    unit.token.unlink()
    unit.manager.run("systemctl", "--user", "start", "prepd-sync.service")
    assert unit.manager.show("prepd-sync.service", "ExecMainStatus") == "77"
    assert unit.manager.show("prepd-sync.service", "ActiveState") == "failed"
    assert unit.manager.show("prepd-sync.service", "NRestarts") == "0"
