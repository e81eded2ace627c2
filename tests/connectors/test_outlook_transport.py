"""Requests to Graph: sent once, repeated only where that is safe, and never a traceback."""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from dataclasses import replace

import pytest

from connectors.errors import (
    BadAnswer,
    Conflict,
    ConnectorError,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    Throttled,
    TokenExpired,
    Unavailable,
)
from connectors.outlook import scopes
from connectors.outlook.failures import BadRequest, Locked, codes_in
from connectors.outlook.grant import Grant, write_grant
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.transport import Call, Graph, claims_in, segment
from connectors.outlook.wire import Answer, Question
from connectors.retry import Retry
from tests.connectors.scripted import serving
from tests.outlook_account import HASTE

OK = (200, b'{"id": "1"}', {})


@pytest.fixture
def server():
    with serving() as server:
        server.otherwise = OK
        server.root += "/v1.0"
        yield server


@pytest.fixture
def graph(server, tmp_path):
    settings = OutlookSettings(
        "client", "app", tmp_path / "t.json", tmp_path / "cache", graph_root=server.root, timeout=2
    )
    soon = str(int(time.time()) + 3600)
    token = {"secret": "token", "expires_on": soon, "client_id": "app", "target": "Calendars.ReadWrite"}
    cache = json.dumps({"AccessToken": {"a": token}})
    held = (scopes.CALENDARS, scopes.APP_FOLDER)
    write_grant(settings, Grant("app", settings.sign_in_at, held, None, frozenset(), cache))
    graph = Graph(settings, HASTE)
    yield graph
    graph.close()


def failing(status, code="", inner=(), headers=None):
    error = {"code": code, "message": "dana@example.com said: secret title"}
    level = error
    for each in inner:
        level["innerError"] = {"code": each}
        level = level["innerError"]
    return status, json.dumps({"error": error}).encode(), headers or {}


def read(graph):
    return graph.get("/me/events/1", "reading an event")


def write(graph, *, safe=False, method="POST"):
    return graph.send(Call(method, "/me/events", "making an event", body={"a": "ü"}, safe=safe))


# --- once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("warm", [False, True])
def test_a_post_whose_connection_drops_is_sent_once(server, graph, warm):
    if warm:
        read(graph)
    server.script += ["drop"]
    with pytest.raises(Unavailable) as raised:
        write(graph)
    assert raised.value.maybe_done
    assert len(server.seen) == 1 + warm


def test_a_safe_post_is_sent_again(server, graph):
    server.script += ["drop", failing(503), failing(429)]
    assert write(graph, safe=True) == {"id": "1"}
    assert [seen[3] for seen in server.seen] == [b'{"a": "\\u00fc"}'] * 4
    assert graph.requests == 4


def test_a_throttled_post_was_not_carried_out_and_is_sent_again(server, graph):
    server.script += [failing(429, "ApplicationThrottled", headers={"Retry-After": "1"}), failing(509)]
    assert write(graph) == {"id": "1"}


def test_a_server_that_is_not_there_was_told_nothing(graph, server):
    server.shutdown()
    server.server_close()
    with pytest.raises(Unavailable) as raised:
        write(graph)
    assert not raised.value.maybe_done


def test_a_retry_after_that_is_too_long_is_the_callers_to_wait(server, graph):
    server.script += [failing(503, headers={"Retry-After": "600"})]
    with pytest.raises(Throttled) as raised:
        read(graph)
    assert raised.value.retry_after == 600
    assert len(server.seen) == 1


def test_an_answer_that_is_late_is_a_failure_for_now(server, graph):
    server.pause = 1.0
    quick = Graph(replace(graph.settings, timeout=0.1), Retry(attempts=1))
    with pytest.raises(Unavailable, match="no answer in time") as raised:
        write(quick)
    assert raised.value.maybe_done


# --- what an answer means -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (failing(404, "ErrorItemNotFound"), NotFound),
        (failing(400, "ErrorInvalidIdMalformed"), NotFound),
        (failing(403, "ErrorAccessDenied"), Refused),
        (failing(409, "nameAlreadyExists"), Conflict),
        (failing(412, "ErrorIrresolvableConflict"), Conflict),
        (failing(423, "notAllowed"), Locked),
        (failing(410, "SyncStateNotFound"), TokenExpired),
        (failing(400, "BadRequest", inner=("x", "SYNCSTATENOTFOUND")), TokenExpired),
        (failing(404, "resyncRequired"), TokenExpired),
        (failing(404, "MailboxNotEnabledForRESTAPI"), Misconfigured),
        (failing(507, "insufficientStorage"), Refused),
        (failing(400, "ErrorInvalidRequest"), BadRequest),
        (failing(407), Misconfigured),
        ((404, b"<html>portal</html>", {}), BadAnswer),
        ((403, b"<html>portal</html>", {}), Unavailable),
        ((302, b"", {"Location": "https://portal.example/"}), BadAnswer),
        ((200, b"<html>portal</html>", {}), BadAnswer),
        ((200, b"[1]", {}), BadAnswer),
        ((200, b"{" * 100_000, {}), BadAnswer),
        (b"no http at all", Unavailable),
        ((500, b"", {}), Unavailable),
    ],
)
def test_an_answer_is_told_by_who_must_act(server, graph, answer, kind):
    server.script += [answer] * 5
    with pytest.raises(kind) as raised:
        read(graph)
    assert type(raised.value) is kind or isinstance(raised.value, (BadRequest, Throttled))
    assert "secret title" not in str(raised.value)
    assert "dana" not in str(raised.value)


def test_a_missing_permission_is_named(server, graph, tmp_path):
    settings = graph.settings
    content = json.loads(settings.token_file.read_text()) | {"scopes": ["Calendars.ReadWrite"]}
    settings.token_file.write_text(json.dumps(content))
    server.script += [failing(403, "accessDenied")]
    with pytest.raises(SignInNeeded, match="OneDrive folder"):
        read(graph)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"error": 5}', b'{"error": {"innerError": {"innerError": 1}}}']
)
def test_errors_without_sense_have_no_codes(body):
    assert not codes_in(body)


@pytest.mark.parametrize(
    "body", [b'{"error":{"code":"\xff', b"\x00\x01", b'{"error":{"code":["a"]}}', b"null"]
)
@pytest.mark.parametrize("status", [400, 401, 404, 418, 500])
def test_no_answer_is_a_traceback(server, graph, body, status):
    server.script += [
        (status, body, {"WWW-Authenticate": 'Bearer error="insufficient_claims", claims="?"'})
    ] * 6
    with pytest.raises(ConnectorError):
        read(graph)


def test_nothing_given_back_is_no_error_for_a_change(server, graph):
    server.script += [(204, b"", {}), (202, b"", {}), (200, b"", {})]
    assert [write(graph, method="DELETE") for _ in range(3)] == [{}, {}, {}]


# --- what is sent ---------------------------------------------------------------------------------------


def test_a_link_is_followed_to_the_letter(server, graph):
    link = f"{server.root}/me/calendarView/delta?$deltatoken=a%7Eb%2Dc+d'x'"
    graph.get(link, "reading")
    assert server.seen[0][1] == "/v1.0/me/calendarView/delta?$deltatoken=a%7Eb%2Dc+d'x'"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/x",
        "http://127.0.0.1:1/v1.0/x",
        "http://user@{host}/v1.0/x",
        "https://{host}/v1.0/x",
        "http://[",
    ],
)
def test_the_token_goes_to_the_configured_server_only(server, graph, link):
    link = link.replace("{host}", f"127.0.0.1:{server.server_port}")
    with pytest.raises(BadAnswer, match="another server"):
        graph.get(link, "reading")
    assert server.seen == []


def test_headers_say_who_we_are_and_what_we_prefer(server, graph):
    graph.send(Call("PATCH", "/me/events/1", "x", body={}, prefer=("a", "b"), etag='W/"1"'))
    headers = server.seen[0][2]
    assert headers["Authorization"] == "Bearer token"
    assert (headers["Prefer"], headers["If-Match"], headers["Content-Type"]) == (
        "a, b",
        'W/"1"',
        "application/json",
    )


def test_proxies_and_passwords_of_the_environment_are_left_alone(server, graph, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    assert read(graph) == {"id": "1"}
    assert server.seen[0][2]["Authorization"] == "Bearer token"


def test_ids_are_one_segment_of_a_path():
    assert segment("AAk/ALg+x=") == "AAk%2FALg%2Bx%3D"


def test_no_more_than_four_are_under_way_at_once(server, graph):
    server.pause = 0.03
    threads = [threading.Thread(target=read, args=(graph,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (server.most, len(server.seen)) == (4, 12)


def test_a_file_is_fetched_elsewhere_without_the_token(server, graph):
    server.script += [(302, b"", {"Location": "http://plain.example/file"})]
    with pytest.raises(BadAnswer, match="address that is none"):
        graph.download("/me/drive/items/1/content", "reading a file")
    server.script += [(200, b"bytes", {})]
    assert graph.download("/me/drive/items/1/content", "reading a file") == b"bytes"


def test_claims_are_read_out_of_the_challenge():
    claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    text = base64.b64encode(claims.encode()).decode().rstrip("=")
    header = f'Bearer realm="", authorization_uri="https://a/b", error="insufficient_claims", claims="{text}"'
    assert claims_in(header) == claims
    assert claims_in(header.replace("insufficient_claims", "invalid_token")) is None
    assert claims_in('Bearer error="insufficient_claims", claims="####"') is None
    assert claims_in("") is None


def test_no_address_of_a_request_gets_into_our_log(server, graph, caplog):
    server.script += [failing(503)]
    with caplog.at_level(logging.DEBUG, logger="connectors"):
        read(graph)
    assert caplog.text == ""


def test_what_goes_over_the_wire_shows_no_token_in_a_log():
    question = Question(
        "POST", "https://x/y", "here", {"Authorization": "Bearer s3cret"}, b"refresh_token=s3cret"
    )
    answer = Answer(200, {"set-cookie": "s3cret"}, b'{"access_token": "s3cret"}')
    assert "https://x/y" in repr(question)
    assert "200" in repr(answer)
    assert "s3cret" not in f"{question!r} {answer!r}"
