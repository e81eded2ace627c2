"""Requests to Google: sent once, repeated only where that is safe, and never a traceback."""

from __future__ import annotations

import json
import logging
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest

from connectors import tokens
from connectors.errors import (
    BadAnswer,
    ConnectorError,
    Misconfigured,
    NotFound,
    SignInNeeded,
    Throttled,
    Unavailable,
)
from connectors.google.grant import Grant, write_grant
from connectors.google.settings import GoogleSettings
from connectors.google.transport import Services
from connectors.google.wire import HttpOnce
from connectors.proxies import proxy_for
from connectors.tls import trusted_authorities
from tests.connectors.scripted import Handler, serving
from tests.google_account import HASTE, signed_in


@pytest.fixture
def server():
    with serving() as server:
        server.fixed["/token"] = token_answer()
        yield server


def token_answer(**more):
    return 200, json.dumps({"access_token": "new", "expires_in": 3600, **more}).encode(), {}


@pytest.fixture
def settings(server, tmp_path):
    client = {
        "client_id": "client",
        "client_secret": "secret",
        "auth_uri": server.root + "/auth",
        "token_uri": server.root + "/token",
    }
    (tmp_path / "client.json").write_text(json.dumps({"installed": client}))
    settings = GoogleSettings(
        "work", tmp_path / "client.json", tmp_path / "work.json", tmp_path / "cache", server.root, timeout=2
    )
    sign_in(settings, server)
    return settings


def sign_in(settings, server, access_token="old", lasts=timedelta(hours=1)):
    scopes = ("https://www.googleapis.com/auth/calendar.events.owned",)
    grant = Grant(
        "refresh", server.root + "/token", "client", scopes, None, access_token, datetime.now(UTC) + lasts
    )
    write_grant(settings, grant)


@pytest.fixture
def services(settings):
    services = Services(settings, HASTE)
    yield services
    services.close()


def reading(services):
    return services.calendar.events().list(calendarId="primary")


def writing(services):
    return services.calendar.events().insert(calendarId="primary", body={"id": "aaaaa"})


def run(services, request=reading, *, safe=True):
    return services.execute(request(services), safe=safe)


# --- once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("warm", [False, True])
def test_a_post_whose_connection_drops_is_sent_once(server, services, warm):
    if warm:
        run(services)
        server.seen.clear()
    server.script = ["drop"]
    with pytest.raises(Unavailable) as failure:
        run(services, writing, safe=False)
    assert failure.value.maybe_done
    assert len(server.seen) == 1


def test_a_safe_post_whose_connection_drops_is_repeated_by_us(server, services):
    server.script = ["drop", "drop"]
    assert run(services, writing) == {}
    assert len(server.seen) == 3


def test_a_post_that_never_left_was_surely_not_carried_out(settings, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        services = Services(
            GoogleSettings("work", settings.client_secrets, settings.token_file, tmp_path, nobody), HASTE
        )
        with pytest.raises(Unavailable) as failure:
            run(services, writing, safe=False)
    assert not failure.value.maybe_done


def test_a_connection_that_the_server_closed_while_idle_eats_no_post(server, services):
    server.script = [(200, b"{}", {"Connection": "close"})]
    run(services)
    assert run(services, writing, safe=False) == {}

    server.script = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"]
    run(services)
    threading.Event().wait(0.1)
    assert run(services, writing, safe=False) == {}


def test_a_connection_is_used_again(server, services):
    for _ in range(5):
        run(services)
    assert server.connections == 1
    assert services.requests == 5


def test_an_answer_that_is_late_is_a_failure_for_now_and_not_the_next_ones(server, settings, monkeypatch):
    quick = Services(
        GoogleSettings(
            "work", settings.client_secrets, settings.token_file, settings.cache_dir, server.root, timeout=0.2
        ),
        HASTE,
    )
    monkeypatch.setattr(
        Handler, "do_GET", lambda handler: (threading.Event().wait(0.4), handler.handle_any())
    )
    server.script = [(200, b'{"items": ["late"]}', {})] * 5
    with pytest.raises(Unavailable):
        run(quick)
    monkeypatch.undo()
    threading.Event().wait(0.5)
    assert len(server.seen) == 5
    assert run(quick) == {}


def test_the_clients_of_the_apis_are_made_once(services):
    assert services.docs.documents() is services.docs.documents()
    assert services.calendar.events() is services.calendar.events()
    assert services.drive.files() is services.drive.files()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server, services, status):
    server.script = [(status, b"", {"Location": server.root + "/elsewhere"})]
    with pytest.raises(BadAnswer):
        run(services)
    assert len(server.seen) == 1


# --- answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"hello", {}),
        (200, b"", {}),
        (200, b"[]", {}),
        (200, b"null", {}),
        (200, b"7", {}),
        (200, b"\xff\xfe", {}),
        (200, b"[" * 200_000, {}),
        (200, b'{"a": 1', {}),
        (200, b"\x1f\x8bnot gzip", {"Content-Encoding": "gzip"}),
        (404, b"<html>", {}),
    ],
)
def test_an_answer_that_makes_no_sense_is_a_bad_answer(server, services, answer):
    server.script = [answer] * 9
    with pytest.raises(BadAnswer):
        run(services)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"",
    ],
)
def test_what_is_hardly_http_is_a_failure_for_now(server, services, answer):
    server.script = [answer] * 9
    with pytest.raises(Unavailable):
        run(services)


def test_an_error_whose_message_is_a_number_is_read_all_the_same(server, services):
    server.script = [(404, b'{"error": {"message": 5}}', {})]
    with pytest.raises(NotFound):
        run(services)


def test_a_deletion_has_no_answer(server, services):
    server.script = [(204, b"", {})]
    assert run(services, lambda s: s.calendar.events().delete(calendarId="primary", eventId="x")) == {}


def test_throttling_is_waited_out_and_then_said(server, services):
    server.script = [(429, b"{}", {"Retry-After": "1"})]
    assert run(services, writing, safe=False) == {}
    server.script = [(429, b"{}", {"Retry-After": "3600"})]
    with pytest.raises(Throttled) as failure:
        run(services)
    assert failure.value.retry_after == 3600


def test_no_body_gets_into_the_logs(server, services, caplog):
    caplog.set_level(logging.INFO)
    server.script = [(409, b"secret body", {}), (500, b'{"error": {"message": "secret"}}', {})]
    for _ in range(2):
        with pytest.raises(ConnectorError):
            run(services, writing, safe=False)
    assert "secret" not in caplog.text


# --- the access token -----------------------------------------------------------------------------------


def tokens_used(server):
    return [headers["authorization"] for _, path, headers, _ in server.seen if path != "/token"]


def test_an_access_token_that_is_refused_is_renewed_once(server, services, settings):
    server.script = [(401, b"{}", {})]
    assert run(services) == {}
    assert tokens_used(server) == ["Bearer old", "Bearer new"]
    assert tokens.read_object(settings.token_file, "work")["access_token"] == "new"


def test_a_renewed_access_token_that_is_refused_is_a_lost_sign_in(server, services):
    server.script = [(401, b"{}", {})] * 9
    with pytest.raises(SignInNeeded, match="prepd auth login work"):
        run(services)
    assert len(tokens_used(server)) == 2


def test_an_access_token_that_ran_out_is_renewed_before_it_is_used(server, services, settings):
    sign_in(settings, server, lasts=timedelta(seconds=10))
    assert run(services) == {}
    assert tokens_used(server) == ["Bearer new"]


def test_a_renewal_is_kept_for_the_next_process(server, services, settings):
    sign_in(settings, server, lasts=timedelta(0))
    run(services)
    again = Services(settings, HASTE)
    run(again)
    assert [path for _, path, _, _ in server.seen].count("/token") == 1


def test_a_sign_in_by_another_process_is_taken_up(server, services, settings):
    run(services)
    sign_in(settings, server, access_token="newer")
    run(services)
    assert tokens_used(server) == ["Bearer old", "Bearer newer"]


def test_a_sign_in_made_during_a_renewal_wins(server, services, settings, monkeypatch):
    sign_in(settings, server, lasts=timedelta(0))
    original = Handler.do_POST

    def meanwhile(self):
        if self.path == "/token":
            sign_in(settings, server, access_token="newer")
        original(self)

    monkeypatch.setattr(Handler, "do_POST", meanwhile)
    run(services)
    assert tokens_used(server) == ["Bearer newer"]
    assert tokens.read_object(settings.token_file, "work")["access_token"] == "newer"


def test_a_sign_out_by_another_process_ends_the_use(services, settings):
    run(services)
    settings.token_file.unlink()
    with pytest.raises(SignInNeeded):
        run(services)


def test_a_renewal_that_cannot_be_saved_is_used_all_the_same(server, services, settings, monkeypatch):
    sign_in(settings, server, lasts=timedelta(0))

    def full(*_):
        raise Misconfigured("full")

    monkeypatch.setattr(tokens, "write_object", full)
    assert run(services) == {}
    assert tokens_used(server) == ["Bearer new"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ((400, b'{"error": "invalid_grant"}', {}), SignInNeeded, "every seven days"),
        ((401, b'{"error": "invalid_client"}', {}), Misconfigured, "client_secrets"),
        ((503, b"", {}), Unavailable, "could not be renewed"),
        ((502, b"<html>", {}), Unavailable, "could not be renewed"),
        ((400, b"{}", {}), Unavailable, "could not be renewed"),
        ((200, b"<html>", {}), BadAnswer, "makes no sense"),
        ((200, b"null", {}), BadAnswer, "makes no sense"),
        ((200, b"{}", {}), Unavailable, "could not be renewed"),
        ((200, b'{"access_token": "x", "expires_in": "soon"}', {}), BadAnswer, "makes no sense"),
        ("drop", Unavailable, "for now"),
        (b"SSH-2.0\r\n", Unavailable, "for now"),
    ],
)
def test_a_renewal_that_fails_says_who_must_act(server, services, settings, monkeypatch, answer, kind, words):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    sign_in(settings, server, lasts=timedelta(0))
    server.fixed["/token"] = answer
    with pytest.raises(kind, match=words) as failure:
        run(services, writing, safe=False)
    assert not getattr(failure.value, "maybe_done", False)
    assert tokens_used(server) == []


def test_another_oauth_client_than_the_one_signed_in_with_is_noticed(server, services, settings):
    content = json.loads(settings.client_secrets.read_text())
    content["installed"]["client_id"] = "another"
    settings.client_secrets.write_text(json.dumps(content))
    sign_in(settings, server, lasts=timedelta(0))
    with pytest.raises(SignInNeeded, match="another OAuth client"):
        run(services)


def test_a_permission_that_is_missing_is_named(server, services):
    server.script = [(403, b'{"error": {"errors": [{"reason": "insufficientPermissions"}]}}', {})]
    with pytest.raises(SignInNeeded, match="Drive files made with prepd"):
        run(services)


# --- trust and proxies ----------------------------------------------------------------------------------


def test_an_authority_is_trusted_as_well_as_the_usual_ones(google, tmp_path):
    services = Services(signed_in(google, google.account("alex@example.com"), tmp_path), HASTE)
    assert run(services)["items"] == []
    combined = trusted_authorities(google.ca_path, tmp_path / "cache")
    usual = trusted_authorities(None, tmp_path / "cache")
    assert combined.read_text().startswith(usual.read_text())


def test_an_authority_that_is_not_trusted_is_a_failure_for_now_with_a_remedy(google, tmp_path):
    settings = signed_in(google, google.account("alex@example.com"), tmp_path)
    unaware = GoogleSettings("work", settings.client_secrets, settings.token_file, tmp_path, google.root)
    with pytest.raises(Unavailable, match=r"network\.ca_bundle") as failure:
        run(Services(unaware, HASTE), writing, safe=False)
    assert not failure.value.maybe_done


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"no certificate",
        b"\xff\xfe",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ],
)
def test_a_ca_bundle_that_is_no_good_is_a_matter_of_the_config(tmp_path, content):
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(Misconfigured, match=r"network\.ca_bundle"):
        trusted_authorities(bundle, tmp_path / "cache")


def test_a_proxy_carries_plain_requests(server, monkeypatch, tmp_path):
    monkeypatch.setenv("http_proxy", server.root.replace("http://", "http://me:pass@"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    http = HttpOnce(2, trusted_authorities(None, tmp_path))
    assert http.request("http://calendar.example/x")[1] == b"{}"
    assert server.seen[0][1] == "http://calendar.example/x"


def test_a_proxy_is_asked_for_a_tunnel(monkeypatch, tmp_path):
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def answer():
            connection, _ = proxy.accept()
            asked.append(connection.recv(4000))
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        http = HttpOnce(2, trusted_authorities(None, tmp_path))
        with pytest.raises(OSError, match="407"):
            http.request("https://calendar.example/x", "POST", b"{}")
    assert asked[0].startswith(b"CONNECT calendar.example:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in asked[0]
    assert not http.sent


def test_this_machine_is_reached_without_a_proxy(monkeypatch):
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "intern.example")
    assert proxy_for("https://localhost:8443/x") is None
    assert proxy_for("https://127.0.0.1/x") is None
    assert proxy_for("https://a.intern.example/x") is None
    assert proxy_for("https://www.googleapis.com/x") == "http://proxy.example:3128"


@pytest.mark.parametrize("proxy", ["socks5://proxy.example:1080", "http://", "http://proxy.example:port"])
def test_a_proxy_that_cannot_be_used_is_a_matter_of_the_config(monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(Misconfigured, match="HTTPS_PROXY"):
        proxy_for("https://www.googleapis.com/x")
