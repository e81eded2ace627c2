"""The door to Apprise, with real services on loopback: what arrives, what is said of what does not, and no secrets."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from daemon import notify
from daemon.config.options import Network
from daemon.notify import Message, NotSent, send, url_key
from sandbox.tls import ca_path, server_context
from tests.listening import Listening

MESSAGE = Message("Title", "One line\nand <b>another</b> *one* \\n 🙂")
SECRET = "/hush-hush"


@pytest.fixture
def service():
    with Listening() as listening:
        yield listening


@pytest.fixture
def secure():
    with Listening(server_context()) as listening:
        yield listening


def network(**more):
    return Network(**({"timeout": timedelta(seconds=5)} | more))


def sent(urls, tmp_path, **more) -> NotSent | None:
    try:
        send(urls, MESSAGE, network(**more), tmp_path)
    except NotSent as error:
        return error
    return None


def test_a_message_arrives_as_it_was_written(service, tmp_path):
    assert sent([service.url()], tmp_path) is None
    (heard,) = service.heard
    assert (heard["title"], heard["message"]) == (MESSAGE.title, MESSAGE.text)


def test_the_users_authority_is_trusted_and_no_other(secure, tmp_path):
    assert "could not be reached" in str(sent([secure.url()], tmp_path))
    assert secure.heard == []
    assert sent([secure.url()], tmp_path, ca_bundle=ca_path()) is None
    assert len(secure.heard) == 1


def test_an_authority_that_is_none_is_said_to_be(service, tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text("no certificate")
    assert "ca_bundle" in str(sent([service.url()], tmp_path, ca_bundle=bundle))
    assert service.asked == []


def test_one_that_refuses_keeps_it_from_no_other(service, tmp_path):
    urls = [service.url("/good"), service.url(SECRET), "nosuch://hush-hush", "json://localhost:1/hush-hush"]
    service.answers[SECRET] = 403
    error = sent(urls, tmp_path)
    assert [m["title"] for m in service.heard] == ["Title"]
    assert error.taken == {url_key(urls[0])}
    said = str(error)
    assert "json: it answered HTTP 403" in said
    assert "nosuch: Apprise can't read this URL" in said
    assert "could not be reached" in said


def test_one_that_never_answers_is_given_up(service, tmp_path):
    service.answers[SECRET] = 0
    error = sent([service.url(SECRET), service.url("/good")], tmp_path, timeout=timedelta(seconds=1))
    assert "did not answer in time" in str(error)
    assert error.taken == {url_key(service.url("/good"))}


def test_a_process_that_hangs_is_ended_and_what_it_said_counts(tmp_path, monkeypatch):
    hangs = """print('{"number":1,"why":""}\\nchatter', flush=True); import time; time.sleep(600)"""
    monkeypatch.setattr(notify, "_STARTING", 0.5)
    monkeypatch.setattr(notify, "_CHILD", ("-c", hangs))
    error = sent(["one://a", "two://b"], tmp_path, timeout=timedelta(seconds=1))
    assert error.taken == {url_key("two://b")}
    assert "one: it did not answer in time" in str(error)


@pytest.mark.parametrize("status", [0, 403, 500])
def test_what_is_said_and_logged_never_holds_the_url(service, tmp_path, caplog, status):
    caplog.set_level(0)
    service.answers[SECRET] = status
    url = service.url(SECRET).replace("json://", "json://user:passw0rd@")
    error = sent([url, "weird+Kind://hush-hush"], tmp_path, timeout=timedelta(seconds=1))
    for secret in ("hush-hush", "passw0rd", "user", "localhost"):
        assert secret not in f"{error!r} {error} {error.__cause__} {error.taken} {caplog.text}"


def test_nothing_secret_stands_on_the_command_line(service, tmp_path, monkeypatch):
    commands = []
    real = subprocess.run

    def noted(command, **more):
        commands.append((command, more["env"]))
        return real(command, **more)

    monkeypatch.setattr(subprocess, "run", noted)
    sent([service.url()], tmp_path)
    ((command, environment),) = commands
    assert not [part for part in (*command, *environment.values()) if "hush-hush" in part]


def test_the_users_netrc_and_apprise_files_are_not_read(service, tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".config" / "apprise" / "plugins").mkdir(parents=True)
    (home / ".netrc").write_text("machine localhost login user password passw0rd\n")
    (home / ".config" / "apprise" / "apprise.yml").write_text(f"urls:\n  - {service.url('/from-a-file')}\n")
    (home / ".config" / "apprise" / "plugins" / "own.py").write_text(f"open({str(home / 'ran')!r}, 'w')\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    assert sent([service.url()], tmp_path) is None
    assert service.asked == [SECRET]
    assert not (home / "ran").exists()
    assert not (home / ".local").exists()


def test_without_services_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)
    assert sent([], tmp_path) is None


def test_the_service_does_not_load_apprise():
    code = "import daemon.round, daemon.notify, sys; print('apprise' in sys.modules)"
    root = Path(__file__).parents[1]
    said = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert said.stdout == b"False\n"
