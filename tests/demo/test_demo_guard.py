"""What the demo's pages refuse: other hosts, other origins, wrong methods, odd forms; with a page that says so."""

from __future__ import annotations

import socket

import pytest

from daemon.commands.demo.serve.site import Site
from daemon.commands.demo.serve.web import Server


def raw(visitor, request):
    with socket.create_connection(("127.0.0.1", visitor.port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", "", None]
)
def test_another_host_is_refused(visitor, host):
    status, _, text = visitor.send("GET", "/", Host=host and host.format(port=visitor.port))
    assert status == 421
    assert "Alex" not in text


def test_two_hosts_are_refused(visitor):
    both = f"GET / HTTP/1.1\r\nHost: {visitor.host}\r\nHost: evil.example\r\n\r\n"
    assert raw(visitor, both.encode()).startswith("HTTP/1.1 421 ")


def test_this_machine_may_be_called_localhost(visitor):
    host = f"localhost:{visitor.port}"
    assert visitor.send("GET", "/", Host=host)[0] == 200
    assert visitor.post("/act/time", {"how": "sync"}, Host=host, Origin=f"http://{host}")[0] == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_forms_from_elsewhere_change_nothing(visitor, headers):
    before = visitor.stage.now
    status, _, _ = visitor.post("/act/time", {"how": "day"}, **headers)
    assert (status, visitor.stage.now) == (403, before)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_other_methods_are_not_allowed(visitor, method):
    status, headers, text = visitor.send(method, "/")
    assert (status, headers["Allow"]) == (405, "GET, HEAD, POST")
    assert 'href="/"' in text


def test_head_is_get_without_the_page(visitor):
    status, headers, text = visitor.send("HEAD", "/ledger")
    assert (status, text) == (200, "")
    assert int(headers["Content-Length"]) > 1000


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/invite/work/nothing",
        "/invite/nowhere/x",
        "/invite/work/",
        "/invite/client/%00%ff",
        "/doc/work/x",
        "/doc/nowhere/x",
        "/?week=2026-W99",
        "/?week=-1",
        "/?calendar=other",
        "/report?week=x",
        "/../../etc/passwd",
        "//evil.example/",
        "/act/time",
        "/%3Cscript%3E",
    ],
)
def test_a_page_that_is_not_there_shows_the_way_back(visitor, path):
    status, headers, text = visitor.send("GET", path)
    assert status == 404
    assert 'href="/"' in text
    assert "<script" not in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("act", "fields", "status"),
    [
        ("nothing", {}, 404),
        ("time", {"how": "year"}, 422),
        ("move", {}, 422),
        ("cancel", {"account": "work", "event": "x", "as": "dana@example.com"}, 422),
        ("book", {"who": "work nobody@example.com", "title": "x", "day": "2026-11-06", "time": "10:00"}, 422),
        ("book", {"who": "work lee@example.com", "title": "x", "day": "2026-11-31", "time": "10:00"}, 422),
        ("book", {"who": "work lee@example.com", "title": "x", "day": "9999-11-01", "time": "10:00"}, 422),
        (
            "book",
            {"who": "work lee@example.com", "title": "\u202e\x00", "day": "2026-11-06", "time": "10:00"},
            422,
        ),
        ("type", {"account": "work", "doc": "x", "text": "y", "heading": "Goals"}, 422),
        ("tick", {"account": "client", "doc": "", "item": ""}, 422),
    ],
)
def test_a_form_that_makes_no_sense_is_answered_with_a_sentence(visitor, act, fields, status):
    answered, _, text = visitor.post(f"/act/{act}", fields)
    assert answered == status
    assert 'href="/"' in text


def test_nobody_acts_on_an_event_that_they_have_no_part_in(visitor):
    event = visitor.invite("1:1 Noor / Alex").rsplit("/", 1)[-1].replace("%3D", "=")
    fields = {"account": "client", "event": event, "as": "pat@client.example"}
    assert visitor.post("/act/cancel", fields)[0] == 422


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\r\nX: y", "javascript:x", "\\\\evil"]
)
def test_a_form_leads_nowhere_else(visitor, back):
    status, headers, _ = visitor.post("/act/time", {"how": "sync", "back": back})
    assert status == 303
    assert headers["Location"].startswith("/?told=")
    assert headers["X"] is None


def test_a_form_is_read_only_as_long_as_it_may_be(visitor):
    fields = {"how": "sync"}
    assert visitor.post("/act/time", fields, Content_Length="9999999")[0] == 413
    assert visitor.post("/act/time", fields, Content_Length="9" * 30)[0] == 413
    assert visitor.post("/act/time", fields, Content_Length="-5")[0] == 411
    assert visitor.post("/act/time", fields, Transfer_Encoding="chunked")[0] == 411
    assert visitor.post("/act/time", fields, Content_Type="text/plain")[0] == 415


def test_what_is_no_http_is_answered_and_does_no_harm(visitor):
    told = raw(visitor, b"<script> <script>\r\n\r\n") + raw(visitor, b"GET / HTTP/<script>\r\n\r\n")
    assert told.count("That is no request that can be answered.") == 2
    assert "script" not in told
    assert " 414 " in raw(visitor, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n")[:20]
    assert visitor.send("GET", "http://evil.example/")[0] == 400
    assert visitor.send("GET", "/")[0] == 200


def test_what_is_answered_stays_with_this_browser(visitor):
    _, headers, _ = visitor.send("GET", "/")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Server"] == "prepd"


def test_only_this_machine_is_listened_to(visitor):
    server = Server(Site(visitor.stage), 0)
    try:
        assert server.server_address[0] == "127.0.0.1"
    finally:
        server.server_close()
