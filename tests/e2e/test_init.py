"""`prepd init`: questions and answers, a config that works, and nothing overwritten."""

from __future__ import annotations

import io
import stat
from zoneinfo import ZoneInfo

import pytest

from daemon import accounts
from daemon.config import load

APP = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def answering(monkeypatch):
    """Answers the questions with these lines."""

    def answer(*lines):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return answer


@pytest.fixture
def fresh(signed_out):
    """A machine without a config, but with a downloaded client."""
    signed_out.config.unlink()
    (signed_out.folder / "client.json").rename(signed_out.folder / "download.json")
    return signed_out


def google(fresh, *after, name=""):
    """Time zone, provider, name, client; then what comes after the account."""
    return ("Europe/London", "google", name, str(fresh.folder / "download.json"), "no", *after)


def test_a_google_account_from_the_first_question_to_the_dry_run(
    fresh, weekly, answering, alex, browser, monkeypatch
):
    real = accounts.google_settings

    def at_the_sandbox(*given):
        import dataclasses

        return dataclasses.replace(real(*given), api_root=fresh.google.root)

    monkeypatch.setattr(accounts, "google_settings", at_the_sandbox)
    fresh.google.approve(as_=alex)
    answering(*google(fresh, "dana@example.com", "Dana", "", "me@example.org", "", "yes", "yes", "yes"))
    said = fresh("init")
    assert said.code == 0, said
    assert "Signed in to work as alex@example.com." in said.out
    assert "prep page opened" in said.out
    assert "A dry run: nothing was written anywhere." in said.out
    assert "Later: prepd service install" in said.out
    config = load(fresh.config)
    assert [(p.email, p.name, p.role.value) for p in config.person] == [
        ("dana@example.com", "Dana", "manager")
    ]
    assert config.detect.me == ("me@example.org",)
    assert fresh.slots() == []


def test_config_and_client_are_their_owners_alone(fresh, answering):
    answering(*google(fresh, "", "", "yes", "no", "no"))
    assert fresh("init").code == 0
    for file in (fresh.config, fresh.folder / "google-client.json"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_outlook_account_with_its_tenant(fresh, answering):
    answering("Europe/London", "outlook", "client", APP.upper(), "common", "no", "", "", "yes", "no", "no")
    said = fresh("init")
    assert said.code == 0
    (account,) = load(fresh.config).account
    assert (account.name, account.client_id, account.tenant) == ("client", APP, "common")
    assert "Later: prepd auth login client" in said.out


def test_two_accounts_get_two_names(fresh, answering):
    download = str(fresh.folder / "download.json")
    answering(
        "",
        "google",
        "work",
        download,
        "yes",
        "google",
        "work",
        "",
        download,
        "no",
        "",
        "",
        "yes",
        "no",
        "no",
        "no",
    )
    said = fresh("init")
    assert said.code == 0, said
    assert "That name is taken" in said.out
    assert [a.name for a in load(fresh.config).account] == ["work", "client"]


def test_answers_that_make_no_sense_are_asked_for_again(fresh, answering):
    answering(
        "Mars/Olympus", "Europe/London", "yahoo", "outlook", "a b", "work", "not-an-id", APP, "", "no",
        "dana", "dana@example.com", "D", "", "", "maybe", "yes", "no", "no",
    )  # fmt: skip
    said = fresh("init")
    assert said.code == 0, said
    for complaint in ("time zone", "one of: google, outlook", "short name", "It looks like", "yes or no"):
        assert complaint in said.out
    assert "That is not an e-mail address" in said.out


def test_a_client_file_that_is_no_good_says_why(fresh, answering):
    web = fresh.folder / "web.json"
    web.write_text('{"web": {}}')
    answering(
        "", "google", "", str(fresh.folder / "none.json"), str(web), str(fresh.folder / "download.json"),
        "no", "", "", "yes", "no", "no",
    )  # fmt: skip
    said = fresh("init")
    assert said.code == 0
    assert "There is no file " in said.out
    assert "web application" in said.out


def test_a_config_that_is_there_stays_as_it_is(prepd, answering):
    before = prepd.config.read_bytes()
    answering()
    said = prepd("init")
    assert said.code == 1
    assert "There is a config at" in said.err
    assert prepd.config.read_bytes() == before


def test_a_client_that_lies_beside_the_config_is_not_overwritten_by_another(fresh, answering):
    other = fresh.folder / "google-client.json"
    other.write_text("{}")
    answering(*google(fresh, "", "", "yes"))
    said = fresh("init")
    assert (said.code, other.read_text(), fresh.config.exists()) == (1, "{}", False)
    assert "google-client.json is there already, and is not the same" in said.err


def test_a_client_that_was_put_beside_the_config_before_is_taken_as_it_is(fresh, answering):
    other = fresh.folder / "google-client.json"
    other.write_bytes((fresh.folder / "download.json").read_bytes())
    answering(*google(fresh, "", "", "yes"))
    assert fresh("init").code == 0
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    assert load(fresh.config).account[0].client_secrets == other


def test_somebody_who_says_no_at_the_end_has_nothing_written(fresh, answering):
    answering(*google(fresh, "", "", "no"))
    said = fresh("init")
    assert (said.code, fresh.config.exists()) == (0, False)


def test_nobody_to_answer_is_an_error_that_says_what_to_do(fresh, answering):
    answering("Europe/London")
    said = fresh("init")
    assert said.code == 2
    assert "nobody answered" in said.err
    assert not fresh.config.exists()


def test_a_hostile_name_is_a_name(fresh, answering):
    answering(*google(fresh, "dana@example.com", 'Da"na\\ \x1b[31m', "", "", "yes", "no", "no"))
    said = fresh("init")
    assert "\x1b" not in said.out
    assert load(fresh.config).person[0].name.startswith('Da"na\\')


def test_a_sign_in_that_fails_can_be_tried_again_or_left(fresh, answering, alex, browser):
    fresh.google.deny()
    answering(*google(fresh, "", "", "yes", "yes", "no", "no"))
    said = fresh("init")
    assert said.code == 0
    assert "access was not given" in said.err
    assert "Later: prepd auth login work" in said.out


def test_answers_that_make_no_sense_are_said_in_sentences_and_the_copy_is_told(fresh, answering, monkeypatch):
    monkeypatch.setattr("daemon.config.system_zone", lambda: ZoneInfo("Etc/UTC"))
    zone, *rest = google(fresh, "", "", "yes", "no", "no")
    answering("Europe/Londn", zone, rest[0], rest[1], "/nowhere.json", *rest[2:])
    said = fresh("init")
    assert said.code == 0, said
    assert "This machine goes by Etc/UTC. Give the zone that you live in" in said.out
    assert "That is no time zone: expected" in said.out
    assert 'did you mean "Europe/London"?\n' in said.out
    assert "There is no file /nowhere.json. Give the path" in said.out
    assert "client_secrets to its path" not in said.out
    download, kept = fresh.folder / "download.json", fresh.folder / "google-client.json"
    assert f"{download} is copied to {kept}; you may delete the original." in said.out


@pytest.fixture
def interrupted_at(monkeypatch):
    """Answers with these lines, then with Ctrl-C."""

    class Typed(io.StringIO):
        def readline(self, size=-1):
            line = super().readline(size)
            if not line:
                raise KeyboardInterrupt
            return line

    def answer(*lines):
        monkeypatch.setattr("sys.stdin", Typed("".join(f"{line}\n" for line in lines)))

    return answer


def test_ctrl_c_at_a_question_says_that_nothing_was_written(fresh, interrupted_at):
    interrupted_at(*google(fresh, "", ""))
    said = fresh("init")
    assert said.code == 130
    assert said.out.endswith("\nNothing was written.\n")
    assert not fresh.config.exists()


def test_ctrl_c_after_the_config_was_written_says_where_it_is_and_how_to_go_on(fresh, interrupted_at):
    interrupted_at(*google(fresh, "", "", "yes"))
    said = fresh("init")
    assert said.code == 130
    assert said.out.endswith(f"\nThe config is {fresh.config}. What is still to do: prepd check.\n")
    assert fresh.config.exists()
