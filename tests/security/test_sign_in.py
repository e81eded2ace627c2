"""The listener that ends a sign-in: on this machine only, for the one request that bears its state, and once."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import socket
import threading
import urllib.parse
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ConnectorError, Misconfigured, SignInNeeded
from connectors.google import auth as google_auth
from connectors.loopback import Loopback, listening
from connectors.outlook import auth as outlook_auth
from sandbox import Clock
from sandbox.microsoft import MicrosoftSandbox
from tests import google_account, outlook_account

STATE = "a-state-that-nobody-guesses"


@pytest.fixture
def loopback():
    with listening(0, STATE) as found:
        yield found


def asked(loopback, target, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", loopback.port, timeout=5)
    try:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def answer_to(loopback):
    return loopback.wait(0.3)


def good(**more):
    return "/?" + urllib.parse.urlencode({"state": STATE, "code": "the-code", **more})


# --- which request ends it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/favicon.ico",
        "/?code=stolen",
        "/?code=stolen&state=",
        "/?code=stolen&state=another",
        f"/?code=stolen&state={STATE}x",
        f"/?code=stolen&state={STATE[:-1]}",
        f"/?state={STATE}",
        f"/callback?code=stolen&state={STATE}",
        f"//evil.example/?code=stolen&state={STATE}",
        f"/#code=stolen&state={STATE}",
        f"/;x?code=stolen&state={STATE}",
        "/?code=stolen&state=%ff%fe%00",
        f"/?code=stolen&state=%ed%a0%80&state={STATE}",
    ],
)
def test_another_path_and_a_wrong_state_end_nothing(loopback, target):
    answer, page = asked(loopback, target)
    assert answer.status in (400, 404)
    assert "stolen" not in page
    assert answer.getheader("Location") is None
    with pytest.raises(SignInNeeded):
        answer_to(loopback)
    assert asked(loopback, good())[0].status == 200
    assert answer_to(loopback)["code"] == "the-code"


def test_it_answers_once(loopback):
    first, _ = asked(loopback, good())
    second, page = asked(loopback, good(code="another"))
    third, _ = asked(loopback, good())
    assert [first.status, second.status, third.status] == [200, 404, 404]
    assert "Nothing here" in page
    assert answer_to(loopback)["code"] == "the-code"
    with pytest.raises(SignInNeeded):
        answer_to(loopback)


def test_of_many_at_the_same_moment_one_is_answered(loopback):
    statuses = []
    threads = [
        threading.Thread(
            target=lambda n=n: statuses.append(asked(loopback, good(code=f"code-{n}"))[0].status)
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(statuses) == [200] + [404] * 7


def test_a_refusal_counts_as_the_one_answer_too(loopback):
    asked(loopback, f"/?state={STATE}&error=access_denied")
    assert asked(loopback, good())[0].status == 404
    assert answer_to(loopback) == {"state": STATE, "error": "access_denied"}


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "TRACE"])
def test_other_methods_end_nothing(loopback, method):
    assert asked(loopback, good(), method)[0].status >= 400
    with pytest.raises(SignInNeeded):
        answer_to(loopback)


def test_until_the_state_is_known_nothing_ends_it():
    with listening(0) as found:
        assert asked(found, good())[0].status == 404
        assert asked(found, "/?code=stolen&state=None")[0].status == 404
        found.expect(STATE)
        assert asked(found, good())[0].status == 200


@given(st.text(), st.text(max_size=40))
def test_no_target_makes_it_raise_or_take_what_is_not_meant_for_it(target, state):
    """`take` alone, without a server."""
    found = Loopback.__new__(Loopback)
    found._state, found._taken = STATE, False
    assert found.take(target) is None
    assert found.take("/?" + urllib.parse.urlencode({"code": "1", "state": state}, errors="replace")) is None


# --- what it says, and where ---------------------------------------------------------------------------------


def test_its_page_holds_nothing_of_the_request_and_runs_nothing(loopback):
    script = "<script>alert(1)</script>"
    for target in (f"/?x={urllib.parse.quote(script)}", good(code=script, redirect="https://evil.example")):
        answer, page = asked(loopback, target)
        assert "<script" not in page
        assert "evil.example" not in page
        assert answer.getheader("Location") is None
        assert answer.getheader("Content-Security-Policy").startswith("default-src 'none'")
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Cache-Control") == "no-store"


def test_it_listens_on_this_machine_alone(loopback):
    assert loopback._server.server_address[0] == "127.0.0.1"
    assert loopback.address == f"http://127.0.0.1:{loopback.port}/"
    # Another address of this machine's own, where there is one, finds nobody.
    with socket.socket() as stranger:
        stranger.settimeout(2)
        assert stranger.connect_ex(("127.0.0.2", loopback.port)) != 0


def test_when_it_is_over_nobody_listens():
    with listening(0, STATE) as found:
        port = found.port
    with socket.socket() as late:
        assert late.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_that_somebody_listens_on_is_not_shared():
    with listening(0) as found, pytest.raises(Misconfigured), listening(found.port):
        pass


# --- whole sign-ins ------------------------------------------------------------------------------------------


class Told:
    def __init__(self, then):
        self.then = then

    def show_url(self, url, port):
        self.then(url, port)

    def show_code(self, *_):
        raise AssertionError("a browser was to be used")


@pytest.fixture
def microsoft():
    with MicrosoftSandbox(Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))) as running:
        yield running


@pytest.fixture(params=["google", "microsoft"])
def provider(request, google, microsoft, tmp_path):
    """Settings that are not signed in, the sandbox, and how one signs in."""
    there = {"google": google, "microsoft": microsoft}[request.param]
    there.approve(as_=there.account("kit@example.com"))
    if request.param == "google":
        settings = google_account.settings_for(google, tmp_path)
        return settings, there, lambda told: google_auth.login(settings, told, None, 0, 5)
    settings = outlook_account.settings_for(microsoft, tmp_path)
    # Without a browser of its own, but with one of the user's.
    return settings, there, lambda told: outlook_auth.login(settings, told, lambda url: None, 0, 5)


def parameters(url):
    return {k: v[0] for k, v in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()}


def test_pkce_is_s256_and_the_verifier_is_what_was_challenged(provider, secrets):
    _, there, login = provider
    asked_for = {}

    def open_it(url, _port):
        asked_for.update(parameters(url))
        threading.Thread(target=there.browse, args=(url,), daemon=True).start()

    login(Told(open_it))
    assert asked_for["code_challenge_method"] == "S256"
    assert len(asked_for["state"]) >= 16
    digests = {
        base64.urlsafe_b64encode(hashlib.sha256(seen.encode()).digest()).decode().rstrip("=")
        for seen in secrets.seen
    }
    assert asked_for["code_challenge"] in digests


def test_a_code_that_was_asked_for_with_another_challenge_is_good_for_nothing(provider):
    """What somebody gains who had the user sign in with a link of their own: the provider refuses the code."""
    settings, there, login = provider

    def open_another(url, _port):
        swapped = url.replace(parameters(url)["code_challenge"], "A" * 43)
        threading.Thread(target=there.browse, args=(swapped,), daemon=True).start()

    with pytest.raises(ConnectorError):
        login(Told(open_another))
    assert not settings.token_file.exists()


def test_a_code_with_a_strangers_state_is_never_exchanged(provider, secrets):
    settings, there, login = provider

    def open_forged(url, port):
        answer = f"http://127.0.0.1:{port}/?code=4/stolen-stolen&state=forged"
        threading.Thread(target=there.browse, args=(answer,), daemon=True).start()
        forged = url.replace(parameters(url)["state"], "forged")
        threading.Thread(target=there.browse, args=(forged,), daemon=True).start()

    with pytest.raises(SignInNeeded):
        login(Told(open_forged))
    assert not any("stolen" in secret for secret in secrets.seen)
    assert not settings.token_file.exists()


def test_two_sign_ins_share_neither_state_nor_challenge(provider):
    _, there, login = provider
    urls = []

    def open_it(url, _port):
        urls.append(parameters(url))
        threading.Thread(target=there.browse, args=(url,), daemon=True).start()

    login(Told(open_it))
    login(Told(open_it))
    for name in ("state", "code_challenge"):
        assert urls[0][name] != urls[1][name]


def test_the_token_is_its_owners_alone_whatever_the_umask(provider):
    settings, there, login = provider
    before = os.umask(0)
    try:
        login(Told(lambda url, _: threading.Thread(target=there.browse, args=(url,), daemon=True).start()))
    finally:
        os.umask(before)
    assert settings.token_file.stat().st_mode & 0o777 == 0o600
