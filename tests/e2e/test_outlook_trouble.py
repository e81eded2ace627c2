"""Signing in to Microsoft, and what goes wrong there: one clear sentence, the right exit code, nothing lost."""

from __future__ import annotations

import json

import pytest

from tests.e2e.at_work import at


def test_the_browser_signs_in_by_loopback_and_pkce(outlook):
    (account,) = outlook.ask("auth", "status")["accounts"]
    assert (account["provider"], account["signed_in"]) == ("outlook", True)
    assert account["address"] == "alex@client.example"
    assert account["missing_scopes"] == []
    assert outlook("auth", "logout", "client").code == 0
    assert outlook("sync").code == 77


@pytest.fixture
def by_code(signed_out_there, alex_there):
    """Signs in with a device code, which is entered as soon as it is shown: exit code, output and errors."""

    def login():
        process = signed_out_there.start("auth", "login", "client", "--no-browser")
        assert process.stdout.readline().startswith(signed_out_there.microsoft.root)
        signed_out_there.microsoft.enter_code(process.stdout.readline().split()[-1], alex_there)
        # communicate() reads past what readline() has buffered already.
        out, err = process.stdout.read(), process.stderr.read()
        return process.wait(timeout=20), out, err

    return login


def test_a_device_code_signs_in_where_there_is_no_browser(signed_out_there, weekly_there, by_code):
    code, out, err = by_code()
    assert (code, err) == (0, "")
    assert "alex@client.example" in out
    assert len(signed_out_there.sync()["actions"]) == 4


def test_a_tenant_that_takes_no_codes_says_what_to_do(signed_out_there, by_code):
    signed_out_there.microsoft.settings.device_code_blocked = True
    code, _, err = by_code()
    assert code == 77
    assert "AADSTS53003" in err
    assert "--port 8400" in err


def test_an_administrator_has_to_approve_and_is_told_what(signed_out_there, alex_there, browser):
    signed_out_there.microsoft.require_admin_consent()
    signed_out_there.microsoft.approve(as_=alex_there)
    said = signed_out_there("auth", "login", "client")
    assert said.code == 78
    for part in (signed_out_there.microsoft.client_id, "Calendars.ReadWrite", "adminconsent"):
        assert part in said.err
    assert said.err.count("\n") == 1


REFUSALS = {
    "revoked": lambda there, alex: there.revoke(alex),
    "a second factor is wanted": lambda there, alex: (
        there.require_mfa(alex),
        there.expire_access_tokens(alex),
    ),
    "consent was withdrawn": lambda there, alex: (
        there.withdraw_consent(alex),
        there.expire_access_tokens(alex),
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_sign_in_that_is_over_is_77_until_one_signs_in_again(
    settled, sign_in_there, noor, alex_there, refusal
):
    REFUSALS[refusal](settled.microsoft, alex_there)
    noor.cancel(settled.meeting("11-03 10:00"))
    done = settled.sync(code=77)
    assert "prepd auth login client" in done["accounts"][0]["error"]
    assert settled.ask("status", code=77)["accounts"][0]["ok"] is False
    sign_in_there(settled)
    assert [c["kind"] for c in settled.sync()["changes"]] == ["cancelled"]
    assert settled.ask("status")["accounts"][0]["ok"] is True


def test_a_claims_challenge_is_answered_without_a_word(settled, alex_there):
    settled.microsoft.challenge(alex_there)
    assert settled.sync()["accounts"][0]["ok"] is True


def test_sharing_needs_a_permission_that_is_asked_for_by_name(outlook, weekly_there, sign_in_there):
    outlook.configure(more='[prep_doc]\nshare = "comment"')
    (account,) = outlook.ask("auth", "status", code=77)["accounts"]
    assert account["missing_scopes"] == ["Files.ReadWrite"]
    sign_in_there(outlook)
    assert outlook("auth", "status").code == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_provider_that_fails_for_now_is_75_and_the_next_sync_heals(settled, noor, status):
    settled.microsoft.faults.status(status, path="*/delta", times=50)
    noor.cancel(settled.meeting("11-03 10:00"))
    before = settled.state.joinpath("prepd.json").read_bytes()
    done = settled.sync(code=75)
    assert done["accounts"][0]["ok"] is False
    assert settled.state.joinpath("prepd.json").read_bytes() == before
    settled.microsoft.faults.clear()
    assert [c["kind"] for c in settled.sync()["changes"]] == ["cancelled"]


def test_garbage_for_an_answer_is_no_crash_and_loses_nothing(settled):
    settled.microsoft.faults.garbage(path="*/delta", times=50)
    before = settled.state.joinpath("prepd.json").read_bytes()
    assert settled.sync(code=1)["accounts"][0]["error"]
    assert settled.state.joinpath("prepd.json").read_bytes() == before
    settled.microsoft.faults.clear()
    settled.sync()


def test_a_calendar_that_nobody_has_is_78_and_those_there_are_are_named(outlook):
    outlook.accounts += 'calendars = ["Nonesuch"]\n'
    outlook.configure()
    said = outlook("sync")
    assert said.code == 78
    assert "There are: default" in said.out


def test_the_sign_in_is_readable_by_its_owner_alone(settled):
    for path in settled.state.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path


def test_logs_hold_no_titles_and_no_addresses(settled, noor):
    noor.move(settled.meeting("11-03 10:00"), at("11-04 15:00"))
    settled.clock.advance(minutes=5)
    said = settled("--verbose", "sync", "--json")
    assert json.loads(said.out)["changes"]
    for private in ("noor", "Noor", "alex@", "1:1 Alex"):
        assert private not in said.err
