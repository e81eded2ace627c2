"""What keeps an account from being served, whom it calls, and with what a command ends."""

from __future__ import annotations

import pytest

from connectors.errors import (
    BadAnswer,
    ConnectorError,
    Misconfigured,
    Refused,
    SignInNeeded,
    Throttled,
    Unavailable,
)
from daemon.exits import Exit
from daemon.store.heartbeat import AccountPulse, Heartbeat, PendingWork, Trouble
from daemon.troubles import AccountOutcome, Braked, beat_after, exit_code, trouble_of
from tests.build import HOUR, NOW


@pytest.mark.parametrize(
    ("error", "trouble", "code"),
    [
        (None, None, Exit.OK),
        (SignInNeeded("why"), Trouble.SIGN_IN, Exit.SIGN_IN),
        (Throttled("why"), Trouble.LATER, Exit.LATER),
        (Unavailable("why"), Trouble.LATER, Exit.LATER),
        (Misconfigured("why"), Trouble.SET_UP, Exit.CONFIG),
        (Braked("why"), Trouble.BRAKE, Exit.ERROR),
        (BadAnswer("why"), Trouble.BROKEN, Exit.ERROR),
        (Refused("why"), Trouble.BROKEN, Exit.ERROR),
        (ConnectorError("why"), Trouble.BROKEN, Exit.ERROR),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_failure_calls_whom_it_concerns(error, trouble, code):
    assert trouble_of(error) is trouble
    assert exit_code([trouble]) is code


def test_of_several_a_sign_in_comes_first_then_what_time_heals_then_a_setting():
    troubles = [Trouble.BRAKE, Trouble.SET_UP, Trouble.LATER, Trouble.SIGN_IN]
    codes = [exit_code([None, *troubles[:n]]) for n in range(5)]
    assert codes == [Exit.OK, Exit.ERROR, Exit.CONFIG, Exit.LATER, Exit.SIGN_IN]


# --- the heartbeat ---------------------------------------------------------------------------------------


def outcome(error=None, *, read=True, name="work"):
    return AccountOutcome(name, error, read=read, requests=1, events_read=0, full=False)


def after(*outcomes, before=None, pending=()):
    return beat_after(before or Heartbeat(), outcomes, pending, NOW)


def test_an_account_that_was_read_is_well_from_then_on():
    failing = AccountPulse(NOW - 2 * HOUR, "It failed.", Trouble.LATER, NOW - HOUR)
    beat = after(outcome(), before=Heartbeat(accounts={"work": failing}))
    assert beat.accounts == {"work": AccountPulse(NOW)}
    assert beat.at == NOW


def test_trouble_began_when_it_was_first_seen_and_its_last_success_stays():
    first = after(outcome(Unavailable("It failed."), read=False))
    assert first.accounts["work"] == AccountPulse(None, "It failed.", Trouble.LATER, NOW)
    before = AccountPulse(NOW - 2 * HOUR, "It failed.", Trouble.LATER, NOW - HOUR)
    later = after(outcome(SignInNeeded("Sign in."), read=False), before=Heartbeat(accounts={"work": before}))
    assert later.accounts["work"] == AccountPulse(NOW - 2 * HOUR, "Sign in.", Trouble.SIGN_IN, NOW - HOUR)


def test_an_account_that_was_read_and_could_not_be_written_is_in_trouble_and_was_read():
    pulse = after(outcome(Unavailable("It failed."), read=True)).accounts["work"]
    assert (pulse.last_success, pulse.trouble, pulse.failing_since) == (NOW, Trouble.LATER, NOW)


def test_accounts_that_a_cycle_did_not_serve_stay_as_they_were():
    other = AccountPulse(NOW - HOUR, "It failed.", Trouble.LATER, NOW - HOUR)
    work = (PendingWork("create_slot", "x", "why"),)
    beat = after(outcome(), before=Heartbeat(accounts={"client": other}), pending=work)
    assert beat.accounts == {"client": other, "work": AccountPulse(NOW)}
    assert beat.pending == work
