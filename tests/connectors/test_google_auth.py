"""Signing in to the emulated Google: the loopback listener, the scopes, and every way in which it fails."""

from __future__ import annotations

import base64
import json
import logging
import socket
import stat
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import tokens
from connectors.errors import Misconfigured, SignInNeeded, Unavailable
from connectors.google import auth, scopes, standing
from connectors.google.account import GoogleAccount
from connectors.google.secrets import read_client_secrets
from connectors.protocols import SignInState
from sandbox.exchange import Response
from tests.contract.calendar_contract import WINDOW
from tests.google_account import HASTE, settings_for, signed_in

OWNED, EVENTS, LIST, DRIVE = scopes.EVENTS_OWNED, scopes.EVENTS, scopes.CALENDAR_LIST, scopes.DRIVE_FILE


class Told:
    """What the user was told while it waited."""

    def __init__(self, then=lambda url, port: None):
        self.urls, self.ports, self.then = [], [], then

    def show_url(self, url, port):
        self.urls.append(url)
        self.ports.append(port)
        self.then(url, port)

    def show_code(self, *_):
        raise AssertionError("Google has no device code for calendars")


@pytest.fixture
def alex(google):
    alex = google.account("Alex@example.com", name="Alex Kim")
    google.approve(as_=alex)
    return alex


@pytest.fixture
def browser(google):
    """Opens addresses beside the program, as a browser does; what it saw is in `seen`."""

    class Browser:
        def __init__(self):
            self.seen, self.threads = [], []

        def __call__(self, url):
            self.threads.append(
                threading.Thread(target=lambda: self.seen.append(google.browse(url)), daemon=True)
            )
            self.threads[-1].start()

        def page(self):
            for thread in self.threads:
                thread.join(5)
            return self.seen[-1]

    return Browser()


def parameters(url):
    return {name: value for name, (value,) in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()}


# --- the whole way --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("alex")
def test_a_sign_in_gives_the_address_and_calendars_that_can_be_read(google, tmp_path, browser):
    settings = settings_for(google, tmp_path)
    told = Told()
    assert auth.login(settings, told, browser) == "alex@example.com"
    status, _, page = browser.page()
    assert (status, "You can close this window" in page) == (200, True)
    account = GoogleAccount(settings, HASTE)
    assert account.address == "alex@example.com"
    assert [page.items for page in account.calendar("primary").pages(WINDOW, None)] == [()]
    assert stat.S_IMODE(settings.token_file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("alex")
def test_the_page_is_asked_for_with_pkce_state_and_a_lasting_permission(google, tmp_path, browser):
    told = Told()
    auth.login(settings_for(google, tmp_path), told, browser)
    asked = parameters(told.urls[0])
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://127.0.0.1:{told.ports[0]}/"
    assert (asked["access_type"], asked["prompt"], len(asked["state"]) > 30) == ("offline", "consent", True)


@pytest.mark.usefixtures("alex")
def test_without_a_browser_the_address_is_shown_and_waited_for(google, tmp_path, browser):
    told = Told(then=lambda url, port: browser(url))
    assert auth.login(settings_for(google, tmp_path), told, None) == "alex@example.com"
    assert len(told.urls) == 1


@pytest.mark.usefixtures("alex")
def test_the_token_file_holds_what_it_must_and_not_the_clients_secret(google, tmp_path, browser):
    settings = settings_for(google, tmp_path)
    auth.login(settings, Told(), browser)
    content = tokens.read_object(settings.token_file, "work")
    assert content["address"] == "alex@example.com"
    assert content["scopes"] == list(scopes.needed(settings))
    assert content["client_id"] == google.client_id
    assert google.client_secret not in settings.token_file.read_text()


@pytest.mark.usefixtures("alex")
def test_nothing_secret_is_logged(google, tmp_path, browser, caplog):
    caplog.set_level(logging.INFO)
    settings = settings_for(google, tmp_path)
    auth.login(settings, Told(), browser)
    content = tokens.read_object(settings.token_file, "work")
    for secret in (content["refresh_token"], content["access_token"], google.client_secret, "alex@"):
        assert secret not in caplog.text


# --- the listener ---------------------------------------------------------------------------------------


def get(url):
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.usefixtures("alex")
def test_probes_icons_and_strangers_do_not_end_a_sign_in(google, tmp_path, browser):
    silent = []

    def visitors(url, port):
        here = f"http://127.0.0.1:{port}"
        silent.append(socket.create_connection(("127.0.0.1", port)))
        with socket.create_connection(("127.0.0.1", port)) as rude:
            rude.sendall(b"\x16\x03\x01 not http\r\n\r\n")
        assert get(f"{here}/")[0] == 404
        assert get(f"{here}/favicon.ico")[0] == 404
        assert get(f"{here}/?code=stolen&state=guessed")[0] == 404
        assert get(f"{here}/?code=stolen")[0] == 404
        assert get(f"{here}/?state={parameters(url)['state']}")[0] == 404
        browser(url)

    assert auth.login(settings_for(google, tmp_path), Told(then=visitors), None) == "alex@example.com"
    silent[0].close()


def test_nobody_came_in_time(google, tmp_path):
    with pytest.raises(SignInNeeded, match="not finished within"):
        auth.login(settings_for(google, tmp_path), Told(), None, time_limit=0.3)


def test_a_stop_ends_the_waiting(google, tmp_path):
    stop = threading.Event()
    settings = settings_for(google, tmp_path, stop=stop)
    with pytest.raises(SignInNeeded):
        auth.login(settings, Told(then=lambda url, port: stop.set()), None, time_limit=float("inf"))


@pytest.mark.usefixtures("alex")
def test_a_port_can_be_chosen_and_is_free_again_afterwards(google, tmp_path, browser):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"Port {port}"):
            auth.login(settings_for(google, tmp_path), Told(), browser, port=port)
    for _ in range(2):
        told = Told()
        auth.login(settings_for(google, tmp_path), told, browser, port=port)
        assert told.ports == [port]


# --- what goes wrong ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("alex")
def test_a_refusal_is_said(google, tmp_path, browser):
    google.deny()
    settings = settings_for(google, tmp_path)
    with pytest.raises(SignInNeeded, match="access was not given"):
        auth.login(settings, Told(), browser)
    assert "Not signed in" in browser.page()[2]
    assert not settings.token_file.exists()


def test_a_box_left_unticked_is_named_and_the_rest_is_kept(google, tmp_path, alex, browser):
    google.approve(as_=alex, scopes=[OWNED])
    settings = settings_for(google, tmp_path)
    with pytest.raises(SignInNeeded, match="without the permission to see and edit the Drive files"):
        auth.login(settings, Told(), browser)
    state = standing.state(settings)
    assert (state.signed_in, state.address, state.missing_scopes) == (True, "alex@example.com", (DRIVE,))
    assert "Drive files" in state.error
    assert GoogleAccount(settings, HASTE).calendar("primary").id == "primary"


@pytest.mark.usefixtures("alex")
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 500}, "sense|accept|reached"),
        ({"status": 400, "reason": "invalid_grant"}, "accept"),
    ],
)
def test_a_token_endpoint_that_fails_is_one_sentence(google, tmp_path, browser, fault, kind):
    google.faults.status(**fault, path="/token", times=9)
    with pytest.raises(Exception, match=kind) as failure:
        auth.login(settings_for(google, tmp_path), Told(), browser)
    assert type(failure.value).__module__ == "connectors.errors"


@pytest.mark.usefixtures("alex")
def test_a_token_endpoint_that_drops_the_line_is_unavailable(google, tmp_path, browser):
    google.faults.drop("before", path="/token", times=9)
    with pytest.raises(Unavailable):
        auth.login(settings_for(google, tmp_path), Told(), browser)


@pytest.mark.usefixtures("alex")
def test_a_token_endpoint_that_talks_nonsense_is_one_sentence(google, tmp_path, browser):
    google.faults.garbage(path="/token", times=9)
    with pytest.raises(Exception, match="work") as failure:
        auth.login(settings_for(google, tmp_path), Told(), browser)
    assert type(failure.value).__module__ == "connectors.errors"


@pytest.mark.usefixtures("alex")
def test_the_code_is_for_the_token_endpoint_and_for_no_address_that_it_names(
    google, tmp_path, browser, monkeypatch
):
    elsewhere = Response(307, b"", {"Location": f"{google.root}/elsewhere"})
    monkeypatch.setattr(type(google._oauth), "token", lambda oauth, request: elsewhere)
    with pytest.raises(Unavailable):
        auth.login(settings_for(google, tmp_path), Told(), browser)
    assert not [line for line in google.requests.lines() if "elsewhere" in line]


@pytest.mark.usefixtures("alex")
def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(google, tmp_path, browser, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert auth.login(settings_for(google, tmp_path), Told(), browser) == "alex@example.com"


SECRETS = {"client_id": "c", "client_secret": "s", "auth_uri": "https://a", "token_uri": "https://t"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no client secrets file"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is not one of Google's"),
        (b"{}", "is not that of a desktop client"),
        (json.dumps({"type": "service_account"}).encode(), "is not that of a desktop client"),
        (json.dumps({"web": SECRETS}).encode(), "web application"),
        (
            json.dumps({"installed": {"client_id": "c", "client_secret": None}}).encode(),
            "lacks client_secret, auth_uri",
        ),
    ],
)
def test_client_secrets_that_are_no_good_are_told_apart(tmp_path, content, words):
    path = tmp_path / "client.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured, match=words) as failure:
        read_client_secrets(path)
    assert "console.cloud.google.com" in str(failure.value)


def test_client_secrets_that_are_a_folder_are_unreadable(tmp_path):
    with pytest.raises(Misconfigured, match="can't be read"):
        read_client_secrets(tmp_path)


def test_a_token_uri_without_tls_is_refused(google, tmp_path, alex, browser):
    settings = settings_for(google, tmp_path)
    content = json.loads(settings.client_secrets.read_text())
    content["installed"]["token_uri"] = "http://localhost/token"
    settings.client_secrets.write_text(json.dumps(content))
    with pytest.raises(Misconfigured, match="without https://"):
        auth.login(settings, Told(), browser)


# --- out, and the state ---------------------------------------------------------------------------------


def test_signing_out_deletes_the_file_and_takes_the_access_back(google, tmp_path, alex):
    settings = signed_in(google, alex, tmp_path)
    kept = settings.token_file.read_text()
    assert auth.logout(settings) is True
    assert not settings.token_file.exists()
    settings.token_file.write_text(kept)
    with pytest.raises(SignInNeeded):
        list(GoogleAccount(settings, HASTE).calendar("primary").pages(WINDOW, None))


def test_signing_out_works_where_the_access_cannot_be_taken_back(google, tmp_path, alex):
    settings = signed_in(google, alex, tmp_path)
    google.faults.drop("before", path="/revoke")
    assert auth.logout(settings) is False
    assert not settings.token_file.exists()
    assert auth.logout(settings) is False
    settings.token_file.write_text("damaged")
    assert auth.logout(settings) is False
    assert not settings.token_file.exists()


def test_the_state_is_told_without_the_network(google, tmp_path, alex):
    settings = signed_in(google, alex, tmp_path)
    google.requests.clear()
    assert standing.state(settings) == SignInState(
        True, "alex@example.com", scopes.needed(settings), (), None
    )
    settings.client_secrets.unlink()
    assert "There is no client secrets file" in standing.state(settings).error
    settings.token_file.write_text("{}")
    state = standing.state(settings)
    assert (state.signed_in, state.missing_scopes) == (False, (OWNED, DRIVE))
    assert "damaged" in state.error
    assert len(google.requests) == 0


def test_a_revoked_sign_in_is_said_to_be_one(google, tmp_path, alex):
    settings = signed_in(google, alex, tmp_path)
    google.revoke(alex)
    with pytest.raises(SignInNeeded, match="prepd auth login work"):
        list(GoogleAccount(settings, HASTE).calendar("primary").pages(WINDOW, None))


# --- scopes and addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendars", "documents", "expected"),
    [
        (("primary",), True, [OWNED, DRIVE]),
        (("primary",), False, [OWNED]),
        (("primary", "team@group.calendar.google.com"), False, [EVENTS]),
        (("Team",), True, [EVENTS, LIST, DRIVE]),
    ],
)
def test_no_more_is_asked_for_than_is_needed(google, tmp_path, calendars, documents, expected):
    settings = settings_for(google, tmp_path, calendars=calendars, documents=documents)
    assert list(scopes.needed(settings)) == [scopes.OPENID, scopes.EMAIL, *expected]
    assert scopes.missing(settings, ()) == tuple(expected)
    assert scopes.missing(settings, expected) == ()


def test_a_wider_permission_covers_a_narrower_one():
    assert scopes.covered(OWNED, [EVENTS])
    assert scopes.covered(LIST, ["https://www.googleapis.com/auth/calendar"])
    assert not scopes.covered(EVENTS, [OWNED])


def test_both_spellings_of_the_address_permission_are_one():
    assert scopes.split("openid email") == scopes.split(["openid", scopes.EMAIL]) == ("openid", scopes.EMAIL)
    assert scopes.split(None) == scopes.split([1, None]) == ()


def id_token(claims):
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


def test_the_address_is_that_of_the_id_token():
    assert auth.address_in(id_token({"email": " Alex@Example.com"})) == "alex@example.com"
    for nothing in (
        None,
        "",
        "a.b",
        "a.b.c",
        "a.é.c",
        id_token([]),
        id_token({"email": 5}),
        id_token({"email": " "}),
    ):
        assert auth.address_in(nothing) is None


@given(st.text() | st.binary())
def test_no_id_token_makes_it_raise(text):
    assert auth.address_in(text) is None or "." in text
