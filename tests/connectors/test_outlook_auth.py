"""Signing in to the emulated Microsoft: the browser, the device code, renewal, and every way in which it fails."""

from __future__ import annotations

import json
import logging
import stat
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from connectors import tokens
from connectors.errors import ConnectorError, Misconfigured, SignInNeeded, Unavailable
from connectors.outlook import auth, scopes, standing
from connectors.outlook.denials import denied
from connectors.outlook.grant import read_grant
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.transport import Graph
from tests.outlook_account import HASTE, settings_for, signed_in

ME = ("/me/calendar", "asking", {"$select": "id"})


class Told:
    """What the user was told while it waited."""

    def __init__(self, then=lambda url, code: None):
        self.urls, self.codes, self.then = [], [], then

    def show_url(self, url, port):
        self.urls.append(url)
        self.then(url, port)

    def show_code(self, url, code):
        self.codes.append((url, code))
        self.then(url, code)


@pytest.fixture
def alex(microsoft):
    alex = microsoft.account("Alex@example.com", name="Alex Kim")
    microsoft.approve(as_=alex)
    return alex


@pytest.fixture
def browser(microsoft):
    """Opens addresses beside the program, as a browser does."""

    def open_beside(url):
        threading.Thread(target=lambda: microsoft.browse(url), daemon=True).start()

    return open_beside


def query(url):
    return {name: value for name, (value,) in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()}


# --- the whole way --------------------------------------------------------------------------------------


def test_the_browser_signs_in_with_pkce_and_the_least_permissions(microsoft, alex, browser, tmp_path):
    settings, told = settings_for(microsoft, tmp_path), Told()
    assert auth.login(settings, told, browser, time_limit=10) == "alex@example.com"
    asked = query(told.urls[0])
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].startswith("http://localhost:")
    assert set(asked["scope"].split()) == {
        "Calendars.ReadWrite", "Files.ReadWrite.AppFolder", "openid", "profile", "offline_access"
    }  # fmt: skip
    assert stat.S_IMODE(settings.token_file.stat().st_mode) == 0o600
    state = standing.state(settings)
    assert (state.signed_in, state.address, state.missing_scopes, state.error) == (
        True, "alex@example.com", (), None
    )  # fmt: skip
    assert Graph(settings, HASTE).get(*ME)["id"]


def test_a_code_signs_in_where_there_is_no_browser(microsoft, alex, tmp_path):
    settings = settings_for(microsoft, tmp_path)
    told = Told(lambda url, code: microsoft.enter_code(code, as_=alex))
    assert auth.login(settings, told, None, time_limit=10) == "alex@example.com"
    assert told.codes[0][0].startswith("https://")
    assert Graph(settings, HASTE).get(*ME)["id"]


def test_a_port_means_the_browser_even_if_none_can_be_opened_here(microsoft, alex, browser, tmp_path):
    settings = settings_for(microsoft, tmp_path)
    with_port = Told(lambda url, port: browser(url))
    free = _free_port()
    assert auth.login(settings, with_port, None, port=free, time_limit=10) == "alex@example.com"
    assert query(with_port.urls[0])["redirect_uri"] == f"http://localhost:{free}"


def test_a_code_that_is_slow_to_be_entered_is_waited_for(microsoft, alex, tmp_path):
    microsoft.settings.device_slow_down = 1
    settings = settings_for(microsoft, tmp_path)

    def later(url, code):
        microsoft.faults.drop("before", path="*/token")
        microsoft.enter_code(code, as_=alex)

    assert auth.login(settings, Told(later), None, time_limit=20)


def test_who_is_told_to_slow_down_asks_five_seconds_later_from_then_on():
    busy = SimpleNamespace(poll=lambda flow: {"error": "slow_down"})
    flow = {"interval": 5}
    waits = [auth._interval(flow)]
    for _ in range(2):
        assert auth._polled(busy, flow)["error"] == "slow_down"
        waits.append(auth._interval(flow))
    assert waits == [5, 10, 15]


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"documents": False}, {scopes.CALENDARS}),
        ({}, {scopes.CALENDARS, scopes.APP_FOLDER}),
        ({"sharing": True}, {scopes.CALENDARS, scopes.APP_FOLDER, scopes.FILES}),
        ({"documents": False, "sharing": True}, {scopes.CALENDARS}),
    ],
)
def test_permissions_are_asked_for_as_they_are_needed(microsoft, tmp_path, more, wanted):
    assert set(scopes.needed(settings_for(microsoft, tmp_path, **more))) == wanted


def test_other_clouds_have_hosts_and_permissions_of_their_own(tmp_path):
    settings = OutlookSettings("gov", "id", tmp_path / "t", tmp_path, cloud="us-gov")
    assert settings.root == "https://graph.microsoft.us/v1.0"
    assert settings.sign_in_at == "https://login.microsoftonline.us/organizations"
    assert scopes.asked_for(settings)[0] == "https://graph.microsoft.us/Calendars.ReadWrite"
    assert scopes.split("https://graph.microsoft.us/Calendars.ReadWrite openid") == (
        "Calendars.ReadWrite",
        "openid",
    )


def test_signing_out_deletes_the_tokens(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    assert auth.logout(settings) is False
    assert not settings.token_file.exists()
    assert auth.logout(settings) is False
    assert not standing.state(settings).signed_in


def test_the_state_is_told_without_the_network(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    assert standing.state(settings).signed_in
    other = settings_for(
        microsoft, tmp_path, authority=microsoft.authority.replace("organizations", "common")
    )
    assert "another client_id, tenant or cloud" in standing.state(other).error
    settings.token_file.write_text("{}")
    state = standing.state(settings)
    assert (state.signed_in, state.missing_scopes) == (False, scopes.needed(settings))
    assert "damaged" in state.error
    assert microsoft.requests.lines() == []


# --- what Microsoft may say -----------------------------------------------------------------------------


def test_a_sign_in_that_was_declined_says_so(microsoft, alex, browser, tmp_path):
    microsoft.deny()
    settings = settings_for(microsoft, tmp_path)
    with pytest.raises(SignInNeeded, match="access was not given"):
        auth.login(settings, Told(), browser, time_limit=10)
    with pytest.raises(SignInNeeded, match="access was not given"):
        auth.login(
            settings, Told(lambda url, code: microsoft.enter_code(code, as_=alex)), None, time_limit=10
        )
    assert not settings.token_file.exists()


@pytest.mark.parametrize("code", ["AADSTS90094", "AADSTS65001"])
def test_an_administrator_is_told_what_to_approve(microsoft, alex, browser, tmp_path, code):
    microsoft.settings.admin_consent_error = code
    microsoft.require_admin_consent()
    settings = settings_for(microsoft, tmp_path, sharing=True)
    with pytest.raises(Misconfigured) as raised:
        auth.login(settings, Told(), browser, time_limit=10)
    message = str(raised.value)
    assert f"({code})" in message
    assert settings.client_id in message
    assert "Calendars.ReadWrite, Files.ReadWrite.AppFolder, Files.ReadWrite" in message
    assert f"{settings.sign_in_at}/v2.0/adminconsent?client_id=" in message


def test_a_tenant_that_blocks_codes_says_how_to_go_on(microsoft, alex, tmp_path):
    microsoft.settings.device_code_blocked = True
    told = Told(lambda url, code: microsoft.enter_code(code, as_=alex))
    with pytest.raises(SignInNeeded, match=r"AADSTS53003.*--port 8400"):
        auth.login(settings_for(microsoft, tmp_path), told, None, time_limit=10)


def test_a_code_that_expires_is_said_to_have(microsoft, alex, tmp_path):
    told = Told(lambda url, code: microsoft.expire_device_codes())
    with pytest.raises(SignInNeeded, match="not entered in time"):
        auth.login(settings_for(microsoft, tmp_path), told, None, time_limit=10)


def test_permissions_that_were_not_given_are_named_and_the_rest_is_kept(microsoft, alex, browser, tmp_path):
    microsoft.approve(as_=alex, scopes=["Calendars.ReadWrite", "offline_access", "openid", "profile"])
    settings = settings_for(microsoft, tmp_path)
    with pytest.raises(SignInNeeded, match="OneDrive folder"):
        auth.login(settings, Told(), browser, time_limit=10)
    assert standing.state(settings).missing_scopes == (scopes.APP_FOLDER,)
    assert Graph(settings, HASTE).get(*ME)["id"]


def test_an_application_that_nobody_knows_is_a_matter_of_the_config(microsoft, alex, tmp_path):
    with pytest.raises(Misconfigured, match="client_id"):
        auth.login(settings_for(microsoft, tmp_path, client_id="11111111"), Told(), None, time_limit=5)


def test_an_authority_without_https_is_a_matter_of_the_config(microsoft, tmp_path):
    settings = settings_for(microsoft, tmp_path, authority="http://localhost/organizations")
    with pytest.raises(Misconfigured, match="https"):
        auth.login(settings, Told(), None, time_limit=5)


@pytest.mark.parametrize(("status", "kind"), [(404, Misconfigured), (503, Unavailable), (429, Unavailable)])
def test_a_sign_in_server_that_gives_no_endpoints(microsoft, tmp_path, status, kind):
    microsoft.faults.status(status, path="*/openid-configuration")
    with pytest.raises(kind):
        auth.login(settings_for(microsoft, tmp_path), Told(), None, time_limit=5)


def test_garbage_from_the_sign_in_server_is_no_traceback(microsoft, alex, tmp_path):
    for path in ("*/openid-configuration", "*/devicecode", "*/token"):
        microsoft.faults.garbage(path=path)
        told = Told(lambda url, code: microsoft.enter_code(code, as_=alex))
        with pytest.raises(ConnectorError):
            auth.login(settings_for(microsoft, tmp_path), told, None, time_limit=5)


# --- staying signed in ----------------------------------------------------------------------------------


def test_an_access_token_is_renewed_and_kept(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    microsoft.expire_access_tokens()
    before = read_grant(settings).cache
    assert Graph(settings, HASTE).get(*ME)["id"]
    assert read_grant(settings).cache != before
    microsoft.requests.clear()
    assert Graph(settings, HASTE).get(*ME)["id"]
    assert len(microsoft.requests) == 1


def test_threads_and_processes_renew_once(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    microsoft.expire_access_tokens()
    graphs = [Graph(settings, HASTE) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda n: graphs[n % 4].get(*ME)["id"], range(16)))
    assert sum("/token" in line for line in microsoft.requests.lines()) == 1


def test_a_held_lock_is_waited_for_and_then_given_up(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path, timeout=0.1)
    microsoft.expire_access_tokens()
    with tokens.locked(settings.token_file, "client", 1), pytest.raises(Unavailable, match="another process"):
        Graph(settings, HASTE).get(*ME)


def test_claims_are_asked_for_and_the_request_is_sent_again(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    microsoft.expire_access_tokens()
    graph = Graph(settings, HASTE)
    assert graph.get(*ME)["id"]
    microsoft.challenge(alex)
    microsoft.requests.clear()
    assert graph.get(*ME)["id"]
    assert sum("/token" in line for line in microsoft.requests.lines()) == 1


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        (lambda m, a: m.revoke(a), "expired or was taken back (AADSTS50173)"),
        (lambda m, a: m.expire_refresh_tokens(a), "expired or was taken back (AADSTS700082)"),
        (lambda m, a: m.require_mfa(a), "second factor (AADSTS50076)"),
    ],
)
def test_a_sign_in_that_is_over_names_its_remedy(microsoft, alex, tmp_path, refuse, words):
    settings = signed_in(microsoft, alex, tmp_path)
    refuse(microsoft, alex)
    microsoft.expire_access_tokens()
    with pytest.raises(SignInNeeded) as raised:
        Graph(settings, HASTE).get(*ME)
    assert words in str(raised.value)
    assert "prepd auth login client" in str(raised.value)


def test_consent_that_was_withdrawn_is_asked_for_again(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    microsoft.withdraw_consent(alex)
    microsoft.expire_access_tokens()
    with pytest.raises(SignInNeeded, match="AADSTS65001"):
        Graph(settings, HASTE).get(*ME)


def test_a_refusal_is_not_remembered_after_a_new_sign_in(microsoft, alex, browser, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    microsoft.require_mfa(alex)
    microsoft.expire_access_tokens()
    graph = Graph(settings, HASTE)
    with pytest.raises(SignInNeeded):
        graph.get(*ME)
    auth.login(settings, Told(), browser, time_limit=10)
    assert graph.get(*ME)["id"]


def test_a_sign_in_server_that_is_down_is_waited_for(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    microsoft.expire_access_tokens()
    microsoft.faults.status(503, path="*/token", times=2)
    microsoft.faults.drop("before", path="*/token")
    assert Graph(settings, HASTE).get(*ME)["id"]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        ({"error": "invalid_grant", "error_description": "AADSTS70008: x"}, SignInNeeded, "expired"),
        ({"error": "invalid_grant", "suberror": "consent_required"}, SignInNeeded, "agree again"),
        ({"error": "invalid_grant", "suberror": "basic_action"}, SignInNeeded, "something done at sign-in"),
        ({"error": "interaction_required"}, SignInNeeded, "wants to see you"),
        ({"error": "invalid_grant"}, SignInNeeded, "no longer accepts"),
        (
            {"error": "invalid_client", "error_description": "AADSTS7000218: x"},
            Misconfigured,
            "public client flows",
        ),
        ({"error": "x", "error_description": "AADSTS50194: x"}, Misconfigured, "tenant"),
        ({"error": "temporarily_unavailable"}, Unavailable, "for now"),
        ({"error": ["not", "a", "word"], "error_codes": "x"}, SignInNeeded, "no reason given"),
    ],
)
def test_what_the_sign_in_server_says_is_told_by_who_must_act(tmp_path, reply, kind, words):
    error = denied(OutlookSettings("client", "id", tmp_path / "t", tmp_path), reply, renewing=True)
    assert type(error) is kind
    assert words in str(error)


def test_a_damaged_cache_inside_the_token_file_is_no_traceback(microsoft, alex, tmp_path):
    settings = signed_in(microsoft, alex, tmp_path)
    content = json.loads(settings.token_file.read_text())
    for cache in ({}, {"AccessToken": []}, {"AccessToken": {"a": {"secret": 1}}, "Account": {"b": 2}}):
        settings.token_file.write_text(json.dumps(content | {"cache": cache}))
        with pytest.raises(SignInNeeded, match="prepd auth login client"):
            Graph(settings, HASTE).get(*ME)


def test_no_secret_gets_into_a_log(microsoft, alex, browser, tmp_path, caplog):
    with caplog.at_level(logging.DEBUG, logger="connectors"):
        settings = settings_for(microsoft, tmp_path)
        auth.login(settings, Told(), browser, time_limit=10)
        microsoft.expire_access_tokens()
        Graph(settings, HASTE).get(*ME)
    grant = read_grant(settings)
    assert "alex@example.com" not in caplog.text
    assert "secret" not in repr(grant)


def _free_port():
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
