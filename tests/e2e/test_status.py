"""`prepd status` and what `prepd sync` tells others of itself, with services that really are called."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from daemon.store.lock import locked


class Notified(HTTPServer):
    """A notification service on this machine: keeps what it is told; `works` or answers 500."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.messages: list[dict] = []
        self.works = True

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/token-canary"


class _Answers(BaseHTTPRequestHandler):
    server: Notified

    def do_POST(self):  # as http.server calls it
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.works:
            self.server.messages.append(json.loads(body))
        self.send_response(200 if self.server.works else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def notified():
    with Notified() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def told(at_rest, notified):
    """prepd at rest, with somewhere to tell of trouble."""
    at_rest.configure(more=f'[notify]\nurls = ["{notified.url}"]')
    return at_rest


def revoke(prepd):
    prepd.google.revoke(prepd.alex)
    prepd.google.expire_access_tokens()


def test_an_alert_goes_out_once_when_a_sign_in_ends_and_once_when_there_is_another(told, notified, sign_in):
    revoke(told)
    for _ in range(3):
        told.sync(code=77)
    assert [m["title"] for m in notified.messages] == ["prepd: account work needs you to sign in"]
    assert "`prepd auth login work`" in notified.messages[0]["message"]
    account = told.ask("status", code=77)["accounts"][0]
    assert account["trouble"] == "sign_in"
    assert account["alert"] == {"sent_at": account["failing_since"], "error": None}
    assert "An alert was sent Mon" in told("status").out
    sign_in(told)
    told.sync()
    assert [m["title"] for m in notified.messages[1:]] == ["prepd: account work is well again"]
    account = told.ask("status")["accounts"][0]
    assert (account["trouble"], account["failing_since"], account["alert"]) == (None, None, None)


def test_an_alert_that_cannot_be_sent_stops_nothing_and_is_shown_without_its_secrets(told, notified):
    notified.works = False
    revoke(told)
    told.clock.advance(minutes=5)
    said = told("--verbose", "sync")
    assert said.code == 77
    shown = told("status")
    assert "The alert could not be sent" in shown.out
    error = told.ask("status", code=77)["accounts"][0]["alert"]["error"]
    for text in (said.err, said.out, shown.out, error):
        assert "canary" not in text


def test_a_ping_that_fails_is_shown_and_no_failure_of_the_cycle(at_rest):
    at_rest.configure(more='[notify]\nping = "http://127.0.0.1:9/canary"')
    at_rest.sync()
    status = at_rest.ask("status")
    assert status["ping"]["failing_since"]
    said = at_rest("status")
    assert said.code == 0
    assert "Ping: fails since" in said.out
    assert "canary" not in said.out + json.dumps(status)


def test_status_says_who_runs_and_when_the_next_cycle_is_only_while_somebody_does(at_rest):
    from dataclasses import replace

    from daemon.store.heartbeat import read_heartbeat, write_heartbeat

    at_rest.sync()
    soon = at_rest.clock.now()
    write_heartbeat(at_rest.state, replace(read_heartbeat(at_rest.state), next_cycle=soon))
    status = at_rest.ask("status")
    assert (status["service"], status["next_cycle"]) == ({"running": False, "by": None}, None)
    assert "not running" in at_rest("status").out
    with locked(at_rest.state / "run.lock", "prepd run"):
        status = at_rest.ask("status")
        assert status["service"]["running"] is True
        assert status["next_cycle"] is not None
        assert "Running: prepd run (process" in at_rest("status").out
        at_rest.clock.advance(hours=1)
        assert at_rest.ask("status")["overdue"] is True
        assert "Overdue: " in at_rest("status").out


def test_status_keeps_every_field_that_it_promised(at_rest):
    status = at_rest.ask("status")
    assert {"version", "accounts", "pending", "gaps", "next_cycle", "paused"} <= set(status)
    promised = {"name", "provider", "ok", "last_success", "signed_in", "error"}
    assert promised <= set(status["accounts"][0])


def test_a_report_that_cannot_be_delivered_is_shown(at_rest):
    from dataclasses import replace

    from daemon.store.heartbeat import Failing, read_heartbeat, write_heartbeat

    failing = {"calendar": Failing(at_rest.clock.now(), "Google does not allow it")}
    write_heartbeat(at_rest.state, replace(read_heartbeat(at_rest.state), undelivered=failing))
    assert [u["to"] for u in at_rest.ask("status")["undelivered"]] == ["calendar"]
    assert "Undelivered: the report (calendar) since" in at_rest("status").out


def test_an_agenda_that_nobody_brought_up_to_date_for_a_day_says_so(at_rest):
    assert "was read since" not in at_rest("agenda").out
    at_rest.clock.advance(days=2)
    said = at_rest("agenda").out.splitlines()[-1]
    assert said.startswith("No calendar was read since Mon 2 Nov 08:")
    assert said.endswith(": this is as it was then.")
    at_rest.sync()
    assert "was read since" not in at_rest("agenda").out
