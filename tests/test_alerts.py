"""What the user is told of trouble as time goes by, decided look by look."""

from __future__ import annotations

from pathlib import Path

from daemon.config.read import parse
from daemon.health import alerts
from daemon.health.alert_texts import Condition
from daemon.health.alerts import due, followed, not_sent, sent, tried
from daemon.notify import NotSent
from daemon.store.heartbeat import AccountPulse, Heartbeat, Trouble, write_heartbeat
from tests.build import DAY, HOUR, MINUTE, NOW

SIGN_IN, LATER, BROKEN = Trouble.SIGN_IN, Trouble.LATER, Trouble.BROKEN
KEY = "account work"
STEP = 5
"""Minutes between two looks."""


class Looks:
    """One account, looked at every five minutes. `down` are the services that take nothing, of "a" and "b"."""

    def __init__(self):
        self.now, self.before, self.alerts = NOW, None, {}
        self.told = []
        self.down = set()

    def last(self, minutes, trouble):
        """The trouble (None: all is well) for so many minutes."""
        for _ in range(minutes // STEP):
            self.now += STEP * MINUTE
            self.look(trouble)
        return self.told

    def look(self, trouble):
        found = [Condition(KEY, trouble, self.now, "why", "work")] if trouble else []
        self.alerts = followed(self.alerts, found, self.now, self.before)
        self.before = self.now
        for notice in due(self.alerts, found, self.now):
            alert = tried(self.alerts[KEY], notice, self.now)
            took = {"a", "b"} - self.down - set(alert.taken)
            said = notice.condition.trouble.value if notice.condition else "well"
            self.told += [(said, "".join(sorted(took)))] * bool(took)
            failed = NotSent("it is down", frozenset(took))
            self.alerts[KEY] = (
                not_sent(alert, failed, self.now) if self.down else sent(alert, notice, self.now)
            )


def test_what_only_the_user_can_heal_is_told_at_once_and_once():
    assert Looks().last(180, SIGN_IN) == [("sign_in", "ab")]


def test_what_time_may_heal_is_told_after_an_hour_of_looks():
    looks = Looks()
    assert looks.last(60, LATER) == []
    assert looks.last(STEP, LATER) == [("later", "ab")]


def test_out_of_reach_and_failing_is_one_trouble():
    looks = Looks()
    looks.last(35, LATER)
    assert looks.last(120, BROKEN) == [("broken", "ab")]


def test_the_time_of_what_the_user_could_heal_is_not_that_of_what_time_may_heal():
    looks = Looks()
    looks.last(55, SIGN_IN)
    assert looks.last(60, LATER)[1:] == []
    assert looks.last(STEP, LATER)[1:] == [("later", "ab")]


def test_what_the_user_must_do_is_told_also_while_the_rest_is_told_already():
    looks = Looks()
    looks.last(65, LATER)
    looks.last(10, SIGN_IN)
    assert looks.last(120, LATER) == [("later", "ab"), ("sign_in", "ab")]


def test_its_end_is_told_once():
    looks = Looks()
    looks.last(10, SIGN_IN)
    assert looks.last(120, None)[1:] == [("well", "ab")]


def test_the_end_of_what_nobody_was_told_of_is_told_to_nobody():
    looks = Looks()
    looks.last(55, LATER)
    assert looks.last(60, None) == []


def test_what_comes_back_soon_has_to_last_an_hour():
    looks = Looks()
    looks.last(10, SIGN_IN)
    looks.last(30, None)
    assert looks.last(60, SIGN_IN)[2:] == []
    assert looks.last(STEP, SIGN_IN)[2:] == [("sign_in", "ab")]


def test_what_comes_back_later_is_told_at_once():
    looks = Looks()
    looks.last(10, SIGN_IN)
    looks.last(70, None)
    assert looks.last(STEP, SIGN_IN)[2:] == [("sign_in", "ab")]


def test_trouble_that_comes_back_before_its_end_could_be_told_was_never_over_to_the_user():
    looks = Looks()
    looks.last(10, SIGN_IN)
    looks.down = {"a", "b"}
    looks.last(30, None)
    looks.down = set()
    assert looks.last(120, SIGN_IN) == [("sign_in", "ab")]
    assert looks.last(60, None)[1:] == [("well", "ab")]


def test_a_service_that_took_it_does_not_get_it_again_but_does_get_its_end():
    looks = Looks()
    looks.down = {"b"}
    looks.last(15, SIGN_IN)
    looks.down = set()
    looks.last(30, SIGN_IN)
    assert looks.last(30, None) == [("sign_in", "a"), ("sign_in", "b"), ("well", "ab")]


def test_a_service_that_took_one_trouble_is_told_of_another():
    looks = Looks()
    looks.down = {"b"}
    looks.last(65, LATER)
    looks.down = set()
    looks.last(STEP, SIGN_IN)
    assert looks.last(30, SIGN_IN) == [("later", "a"), ("sign_in", "ab")]


def test_an_end_that_nobody_could_be_told_of_is_not_told_where_its_beginning_was_not():
    looks = Looks()
    looks.down = {"a", "b"}
    looks.last(30, SIGN_IN)
    looks.down = set()
    assert looks.last(120, None) == []


def test_a_failed_message_waits_ever_longer_up_to_an_hour():
    looks = Looks()
    looks.down = {"a", "b"}
    looks.look(SIGN_IN)
    waits = []
    for _ in range(9):
        waits.append(looks.alerts[KEY].retry_at - looks.now)
        looks.now = looks.alerts[KEY].retry_at
        looks.look(SIGN_IN)
    assert waits == [n * MINUTE for n in (1, 2, 4, 8, 16, 32, 60, 60, 60)]


def test_a_clock_that_was_set_back_keeps_no_message_waiting():
    looks = Looks()
    looks.down = {"a", "b"}
    looks.last(15, SIGN_IN)
    looks.down = set()
    looks.now -= DAY
    looks.look(SIGN_IN)
    assert looks.told == [("sign_in", "ab")]


def test_a_night_between_two_looks_counts_as_half_an_hour():
    looks = Looks()
    looks.look(LATER)
    looks.now += 9 * HOUR
    looks.look(LATER)
    assert looks.alerts[KEY].lasted == 30 * 60


def test_whoever_is_told_to_stop_sends_no_more_and_the_rest_is_told_by_the_next(tmp_path, monkeypatch):
    names = ("work", "client")
    accounts = [{"name": n, "provider": "google", "client_secrets": "x.json"} for n in names]
    config = parse({"account": accounts, "notify": {"urls": ["json://example.com"]}}, Path("config.toml"))
    pulses = {n: AccountPulse(None, "Sign in.", SIGN_IN, NOW) for n in names}
    write_heartbeat(tmp_path, Heartbeat(at=NOW, accounts=pulses))
    said = []
    monkeypatch.setattr(alerts, "send", lambda _urls, message, *_: said.append(message.title))
    alerts.alert(config, tmp_path, NOW, lambda: bool(said))
    assert said == ["prepd: account work needs you to sign in"]
    alerts.alert(config, tmp_path, NOW + MINUTE, lambda: False)
    assert said[1:] == ["prepd: account client needs you to sign in"]
