"""Logs hold nothing private, at any level, whatever goes wrong: everything private in these stories is a canary."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from connectors.errors import Misconfigured, named, unnamed
from daemon.bugs import where
from daemon.commands import logs
from daemon.config import ConfigError, load
from daemon.paths import ready
from daemon.service import Clock, Work
from daemon.systemd.sd_notify import Notifier

TITLE = "kanarie: the title of a meeting"


def quiet(prepd, said):
    """The command's log, which must not be empty where it is asked what it says of something."""
    assert prepd.given_away(said.err) == []
    return said.err


def sync(prepd, *words, **advance):
    prepd.clock.advance(**(advance or {"minutes": 5}))
    return prepd("sync", "--verbose", *words)


# --- sync --verbose ------------------------------------------------------------------------------------------


def test_signing_in_logs_no_code_no_token_and_no_address(kit):
    for said in kit.said:
        quiet(kit, said)
    assert len(kit.secrets.seen) >= 5


def test_a_first_sync_and_what_follows_log_nothing_private(kit):
    log = quiet(kit, sync(kit))
    assert "create_page done for 1:1" in log
    quiet(kit, sync(kit))
    event = kit.dana.events()[0]["id"]
    kit.dana.cancel(event)
    kit.noor.move_series(kit.noor.events()[0]["id"], kit.clock.now() + timedelta(days=3))
    quiet(kit, sync(kit))
    for paper in kit.work.google.documents():
        paper.append("kanarie: an item that is mine")
    for days in (1, 2, 3, 7):
        quiet(kit, sync(kit, days=days))
    assert kit.listening.titles  # the report and the topics were told of: logs tell that, and no more


FAULTS = {
    "401": {"status": 401},
    "403": {"status": 403, "reason": "forbidden"},
    "403 throttled": {"status": 403, "reason": "rateLimitExceeded"},
    "404": {"status": 404, "reason": "notFound"},
    "409": {"status": 409},
    "410": {"status": 410},
    "412": {"status": 412},
    "429": {"status": 429, "retry_after": 2},
    "500": {"status": 500},
    "503": {"status": 503},
    "garbage": None,
    "dropped": None,
}


def order(faults, fault, **where):
    match fault:
        case "garbage":
            faults.garbage(times=500, **where)
        case "dropped":
            faults.drop("after", times=500, **where)
        case _:
            faults.status(times=500, **FAULTS[fault], **where)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["POST", "*"])
def test_a_provider_that_fails_is_logged_without_names(kit, fault, method):
    if method == "*":
        sync(kit)
        kit.dana.cancel(kit.dana.events()[0]["id"])
    for there in (kit.work.google, kit.client.microsoft):
        order(there.faults, fault, method=method)
    said = sync(kit)
    assert said.code or method == "POST"
    quiet(kit, said)
    quiet(kit, sync(kit, "--accept"))


def test_a_calendar_that_disappears_is_named_to_the_user_and_not_to_the_log(kit):
    sync(kit)
    for account in (kit.work.alex, kit.client.alex):
        account.add_calendar("Kanarie-Other")
    text = kit.config.read_text().replace('"Kanarie-Team"', '"Kanarie-Nowhere"')
    kit.config.write_text(text)
    said = sync(kit)
    assert "Kanarie-Nowhere" in said.out
    assert "Kanarie-Other" in said.out
    assert "there is no calendar called" in quiet(kit, said)


def test_a_sign_in_that_was_taken_back_a_brake_and_a_bug_are_logged_without_names(kit, monkeypatch):
    sync(kit)
    kit.config.write_text(kit.config.read_text() + "[sync]\nmax_changes = 1\n")
    for event in kit.dana.events(kit.clock.now(), kit.clock.now() + timedelta(days=40)):
        kit.dana.rename(event["id"], "kanarie: no more")
        kit.dana.cancel(event["id"])
    said = sync(kit)
    assert said.code == 1
    assert "prepd sync --accept" in quiet(kit, said)
    kit.work.google.revoke(kit.work.alex)
    kit.client.microsoft.revoke(kit.client.alex)
    said = sync(kit)
    assert said.code == 77
    quiet(kit, said)


def test_a_bug_is_logged_by_its_place_alone(kit, monkeypatch):
    def broken(self, *_, **__):
        raise KeyError(TITLE)

    for target in (
        "daemon.apply.slots.create",
        "daemon.apply.pages.PageMaker.create",
        "daemon.apply.links.attach",
    ):
        monkeypatch.setattr(target, broken)
    log = quiet(kit, sync(kit))
    assert "a bug in prepd" in log
    monkeypatch.setattr("daemon.cycle.plan", broken)
    said = sync(kit)
    assert "a bug" in quiet(kit, said)


# --- under run -----------------------------------------------------------------------------------------------


@pytest.fixture
def service(kit, monkeypatch):
    """The service's work, as `prepd run` does it, its log on the stderr of the test."""
    monkeypatch.setattr("sys.stderr", heard := _Written())
    logs.set_up({}, verbose=True)
    work = Work(
        load(kit.config),
        ready(kit.state),
        threading.Event(),
        Clock(kit.clock.now, lambda: 0.0),
        Notifier({}),
        read_config=lambda: load(kit.config),
    )
    return work, heard


class _Written:
    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def live(kit, work, minutes=10):
    kit.clock.advance(minutes=minutes)
    work.step()
    work.look_around()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_service_logs_failures_without_names(kit, service, fault):
    work, heard = service
    live(kit, work)
    # Those requests that are about the calendars with names.
    order(kit.work.google.faults, fault, path="*/calendars/c_*")
    order(kit.client.microsoft.faults, fault, path="/v1.0/me/calendars/*")
    for _ in range(3):
        live(kit, work, minutes=70)
    assert kit.given_away(heard.text) == []
    assert "account work" in heard.text
    assert "account client" in heard.text


def test_the_service_logs_a_config_that_is_wrong_by_its_keys(kit, service):
    work, heard = service
    good = kit.config.read_text()
    kit.config.write_text(good.replace('"kanarie-dana@example.com"', '"kanarie at home"'))
    work.reload.set()
    live(kit, work)
    assert "person[0].email" in heard.text
    kit.config.write_text(good + '\nkanarie = "')
    work.reload.set()
    live(kit, work)
    assert kit.given_away(heard.text) == []


# --- the pieces ----------------------------------------------------------------------------------------------


def test_a_config_error_is_logged_by_its_keys(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[[account]]\nname = "work"\nprovider = "kanarie"\n[notify]\nurls = ["kanarie"]\n')
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert "kanarie" in str(caught.value)
    assert "kanarie" not in caught.value.logged
    assert "notify.urls[0]" in caught.value.logged


def test_what_stops_a_command_goes_to_the_journal_without_names(kit, monkeypatch, capsys):
    kit.config.write_text(kit.config.read_text() + '[report]\non = "kanarie"\n')
    monkeypatch.setattr("daemon.commands.logs.goes_to_journal", lambda environment: True)
    said = kit("sync")
    assert said.code == 78
    assert quiet(kit, said)


def test_a_bugs_place_holds_no_message():
    with pytest.raises(ValueError, match=TITLE) as caught:
        int(TITLE)
    assert "ValueError" in where(caught.value)
    assert "kanarie" not in where(caught.value)


@pytest.mark.parametrize(
    "name", ["Dana", "dana@example.com", "“quoted” Dana”", "Dana\nReyes", "Dana “", "", "” “ Dana"]
)
def test_names_in_messages_are_cut_out_whole(name):
    message = str(Misconfigured(f"Account work, calendar {named(name)}: it is not there"))
    assert name in message
    logged = unnamed(message)
    assert "Dana" not in logged
    assert "dana" not in logged
    assert logged.endswith(": it is not there")


def test_addresses_are_cut_out_wherever_they_stand():
    assert "dana" not in unnamed("to <dana.reyes+x@mail.example.com>, and 'dana@b'")
    assert len(unnamed("a" * 200_000)) == 200_000
