"""Whom the service tells of trouble, as time goes by: once when it begins, and once when it is over."""

from __future__ import annotations

import pytest

from daemon.health import alerts
from tests.scenarios.services import IN_CONFIG, URL, Services
from tests.world import at

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def services(monkeypatch) -> Services:
    listening = Services()
    monkeypatch.setattr(alerts, "send", listening.send)
    return listening


@pytest.fixture
def telling(running, both, services):
    """After the first cycle, with somewhere to tell of trouble."""
    configure(running, both, f"{IN_CONFIG}[sync]\n{SELDOM}\n")
    running.live(30, step=5)
    return running


SELDOM = 'every = "15m"'
"""The accounts that are well are read so seldom that hours go by in seconds."""


def configure(running, both, more):
    both.configure(more)
    running.work.reload.set()
    running.tick()


def test_a_sign_in_that_is_over_is_told_once_and_its_successor_within_seconds(telling, services):
    token = telling.paths.token("work")
    token.unlink()
    telling.live(2 * HOUR, step=30)
    assert services.titles == ["account work needs you to sign in"]
    telling.sign_in()
    telling.live(30, step=5)
    assert services.titles[1:] == ["account work is well again"]


def test_accounts_that_were_told_to_wait_for_a_day_are_told_of_within_two_hours(telling, both, services):
    both.google.faults.status(429, reason="rateLimitExceeded", retry_after=86_400, path="*/events", times=500)
    both.microsoft.faults.status(429, retry_after=86_400, path="/v1.0/*", times=500)
    telling.live(50 * MINUTE, step=30)
    assert services.titles == []
    served = len(telling.cycles)
    telling.live(HOUR, step=30)
    assert sorted(services.titles) == ["account client can't be reached", "account work can't be reached"]
    assert len(telling.cycles) == served


def test_an_alert_is_tried_again_while_its_account_waits(telling, services):
    services.down.add(URL)
    telling.paths.token("work").unlink()
    telling.live(45 * MINUTE, step=30)
    assert services.tries >= 3
    services.down.clear()
    telling.live(HOUR, step=30)
    assert services.titles == ["account work needs you to sign in"]


def test_an_account_that_a_brake_stops_is_told_once_and_the_other_goes_on(telling, both, services):
    extra = [both.dana.schedule("1:1 Alex / Dana", at(4 + n), guests=[both.alex]) for n in range(3)]
    configure(telling, both, f"{IN_CONFIG}[sync]\n{SELDOM}\nmax_changes = 2\n")
    telling.live(20 * MINUTE, step=30)
    for each in extra:
        both.dana.cancel(each)
    both.outlook_dana.schedule("1:1 Alex / Dana", at(9), guests=[both.outlook_alex])
    telling.live(HOUR, step=30)
    assert services.titles == ["account work has stopped to ask"]
    assert [s for s in both.slot_times() if s.endswith("client")] == ["09.11. 09:50-10:00 client"]
    assert both.told("cancelled") == []


def test_an_account_taken_out_of_the_config_is_not_called_well_again(telling, both, services):
    telling.paths.token("client").unlink()
    telling.live(20 * MINUTE, step=60)
    assert services.titles == ["account client needs you to sign in"]
    text = telling.config_file.read_text()
    second = text.index("[[account]]", text.index("[[account]]") + 1)
    telling.config_file.write_text(text[:second] + text[text.index("[network]") :])
    telling.work.reload.set()
    telling.live(20 * MINUTE, step=60)
    assert services.titles == ["account client needs you to sign in"]
    assert "account client" not in telling.beat.alerts


def test_a_network_that_is_away_for_half_an_hour_is_told_to_nobody(telling, both, services):
    both.google.faults.drop("before", times=10_000)
    both.microsoft.faults.drop("before", times=10_000)
    telling.live(30 * MINUTE, step=30)
    both.google.faults.clear()
    both.microsoft.faults.clear()
    telling.live(HOUR, step=30)
    assert services.tries == 0
