"""The line that `systemctl status` shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from daemon.config import Config
from daemon.config.options import OutlookAccount, PersonOptions, Provider
from daemon.service.status_line import status_line
from daemon.store.heartbeat import AccountPulse, Heartbeat, Trouble
from daemon.store.state import Meta, State
from tests.build import record as recorded
from tests.world import at

NOW = at(2, 12, 4)
LAST = at(2, 12, 3)
ZONE = ZoneInfo("Europe/London")
ACCOUNTS = tuple(
    OutlookAccount(name=n, provider=Provider.OUTLOOK, client_id="abc") for n in ("work", "client")
)
CONFIG = Config(
    timezone=ZONE, account=ACCOUNTS, person=(PersonOptions(email="dana@example.com", name="Dana"),)
)
WELL = {"work": AccountPulse(last_success=LAST), "client": AccountPulse(last_success=LAST)}


def line(state=None, *, now=NOW, **more) -> str:
    pulses = more.pop("pulses", {})
    return status_line(CONFIG, state or State(), Heartbeat(accounts=WELL | pulses), now, **more)


def ill(trouble: Trouble) -> AccountPulse:
    return AccountPulse(LAST, "why", trouble, failing_since=at(2, 11, 20))


def coming(start, **more) -> State:
    record = replace(
        recorded(), start=start, end=start + timedelta(minutes=30), person="dana@example.com", **more
    )
    return State(records={record.id: record})


def test_all_is_well():
    assert line(coming(at(3, 10))) == "last sync 12:03 · next 1:1 Dana Tue 10:00"


def test_times_are_as_short_as_tells_them():
    assert line(coming(at(2, 15))).endswith("Dana 15:00")
    assert line(coming(at(9, 10))).endswith("Dana Mon  9 Nov 10:00")
    assert line(now=at(4, 12)).startswith("last sync Mon  2 Nov 12:03")


def test_one_that_has_begun_is_not_the_next():
    assert line(coming(at(2, 12))) == "last sync 12:03"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble.SIGN_IN, "work: sign in again"),
        (Trouble.BRAKE, "work: stopped to ask, see prepd status"),
        (Trouble.SET_UP, "work: a setting is wrong, see prepd check"),
        (Trouble.LATER, "work: can't be reached since 11:20"),
        (Trouble.BROKEN, "work: can't be served since 11:20"),
    ],
)
def test_what_is_wrong_comes_first(trouble, said):
    assert line(pulses={"work": ill(trouble)}) == f"{said} · last sync 12:03"


def test_what_the_user_must_do_comes_before_what_time_heals():
    pulses = {"work": ill(Trouble.LATER), "client": ill(Trouble.SIGN_IN)}
    assert line(pulses=pulses).startswith("client: sign in again · work: can't be reached")


def test_an_account_that_is_no_longer_in_the_config_says_nothing():
    assert line(pulses={"old": ill(Trouble.SIGN_IN)}) == "last sync 12:03"


def test_paused_it_says_how_to_go_on():
    assert line(State(meta=Meta(paused=True))) == "paused, prepd resume goes on"


def test_names_are_left_out_where_everybody_can_read_them():
    assert line(coming(at(3, 10)), names=False) == "last sync 12:03 · next 1:1 Tue 10:00"


def test_before_the_first_cycle_there_was_none():
    assert status_line(CONFIG, State(), Heartbeat(), NOW) == "no sync yet"
