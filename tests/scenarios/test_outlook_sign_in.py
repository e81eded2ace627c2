"""What becomes of a cycle when Microsoft no longer takes the sign-in, and what the user is told then."""

from __future__ import annotations

import logging

import pytest

from daemon.exits import Exit
from daemon.troubles import exit_code, trouble_of
from tests.world import at


@pytest.fixture
def at_work(outlook):
    """Something to do in each cycle."""
    outlook.meeting = outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    outlook.wait(minutes=1)
    return outlook


def refused(world):
    (account,) = world.wait(minutes=1).accounts
    return account


def revoked(world):
    world.microsoft.revoke(world.alex)


def unused(world):
    world.microsoft.expire_refresh_tokens(world.alex)
    world.microsoft.expire_access_tokens(world.alex)


def mfa(world):
    world.microsoft.require_mfa(world.alex)
    world.microsoft.expire_access_tokens(world.alex)


def withdrawn(world):
    world.microsoft.withdraw_consent(world.alex)
    world.microsoft.expire_access_tokens(world.alex)


@pytest.mark.parametrize("end", [revoked, unused, mfa, withdrawn], ids=lambda end: end.__name__)
@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required"])
def test_a_sign_in_that_ended_says_how_to_go_on_and_nothing_is_lost(at_work, end, error, caplog):
    caplog.set_level(logging.DEBUG)
    at_work.microsoft.settings.mfa_error = error
    end(at_work)
    at_work.dana.move(at_work.meeting, at(6))
    account = refused(at_work)
    assert "prepd auth login client" in str(account.error)
    assert exit_code([trouble_of(account.error)]) is Exit.SIGN_IN
    assert not account.read
    assert at_work.told("rescheduled") == []
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("daemon", "connectors"))]
    for line in (*ours, str(account.error)):
        assert "@" not in line
        assert "1:1 Alex" not in line


def test_tokens_that_run_out_while_the_calendar_is_read_are_renewed(at_work):
    at_work.microsoft.settings.page_size = 1
    at_work.dana.schedule("1:1 Alex / Dana weekly", at(6), guests=[at_work.alex], weekly=True)
    at_work.microsoft.expire_access_tokens(at_work.alex)
    assert [a.error for a in at_work.wait(minutes=1).accounts] == [None]


def test_a_challenge_in_the_middle_of_a_cycle_is_met(at_work):
    at_work.dana.move(at_work.meeting, at(6))
    at_work.microsoft.challenge(at_work.alex)
    assert [a.error for a in at_work.wait(minutes=1).accounts] == [None]
    assert at_work.told("rescheduled") == ["moved by them 05.11. 10:00 -> 06.11. 10:00"]
    assert at_work.slot_times() == ["06.11. 09:50-10:00"]
