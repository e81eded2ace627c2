"""Signing in as a public client does, with msal."""

import base64
import json
import threading
from urllib.parse import parse_qsl, urlsplit

import msal
import pytest
import requests

SCOPES = ["Calendars.ReadWrite", "Files.ReadWrite.AppFolder"]
BACK = "http://localhost:1"


@pytest.fixture
def session(microsoft):
    with requests.Session() as session:
        session.verify = str(microsoft.ca_path)
        yield session


@pytest.fixture
def sign_in(microsoft, session):
    """An msal application; a new one each time, since it caches refusals."""

    def make(authority=None, cache=None, capabilities=None):
        return msal.PublicClientApplication(
            microsoft.client_id,
            authority=authority or microsoft.authority,
            instance_discovery=False,
            http_client=session,
            token_cache=cache,
            client_capabilities=capabilities,
        )

    return make


def by_browser(app, session, scopes=SCOPES, **more):
    with pytest.warns(UserWarning, match="form_post"):
        flow = app.initiate_auth_code_flow(scopes, redirect_uri=BACK, **more)
    location = session.get(flow["auth_uri"], allow_redirects=False).headers["Location"]
    return app.acquire_token_by_auth_code_flow(flow, dict(parse_qsl(urlsplit(location).query)))


def refreshed(app, scopes=SCOPES, **more):
    account = app.get_accounts()[0]
    return app.acquire_token_silent_with_error(scopes, account, force_refresh=True, **more)


def test_the_library_signs_in_through_its_own_listener(microsoft, sign_in, alex, monkeypatch):
    def open_browser(url, *_, **__):
        threading.Thread(target=microsoft.browse, args=(url,), daemon=True).start()
        return True

    class Browser:
        name = "test"
        open = staticmethod(open_browser)

    monkeypatch.setattr("webbrowser.get", lambda *_: Browser)
    monkeypatch.setattr("webbrowser.open", open_browser)
    answer = sign_in().acquire_token_interactive(SCOPES, timeout=10)
    assert answer["id_token_claims"]["preferred_username"] == alex.email
    assert set(SCOPES) <= set(answer["scope"].split())


def test_the_browser_comes_back_with_a_code_that_is_good_once(sign_in, session, alex):
    app = sign_in()
    with pytest.warns(UserWarning, match="form_post"):
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    location = session.get(flow["auth_uri"], allow_redirects=False).headers["Location"]
    answered = dict(parse_qsl(urlsplit(location).query))
    claims = app.acquire_token_by_auth_code_flow(flow, answered)["id_token_claims"]
    assert {claims["preferred_username"], claims["email"]} == {alex.email}
    assert {"oid", "tid", "nonce"} <= claims.keys()
    again = app.acquire_token_by_auth_code_flow(flow, answered)
    assert (again["error"], again["error_codes"]) == ("invalid_grant", [54005])


def test_a_code_needs_its_verifier(sign_in, session, alex):
    app = sign_in()
    with pytest.warns(UserWarning, match="form_post"):
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    location = session.get(flow["auth_uri"], allow_redirects=False).headers["Location"]
    flow["code_verifier"] = "x" * 64
    refused = app.acquire_token_by_auth_code_flow(flow, dict(parse_qsl(urlsplit(location).query)))
    assert refused["error_codes"] == [501481]


def test_whoever_declines_gives_no_code(microsoft, sign_in, session, alex):
    microsoft.deny()
    refused = by_browser(sign_in(), session)
    assert refused["error"] == "access_denied"
    assert refused["error_description"].startswith("AADSTS65004")


def test_a_silent_refresh_rotates(sign_in, session, alex):
    app = sign_in()
    first = by_browser(app, session)
    second = refreshed(app)
    assert second["token_source"] == "identity_provider"
    assert second["access_token"] != first["access_token"]


def test_what_was_not_granted_is_refused_at_the_refresh(microsoft, sign_in, session, alex):
    microsoft.approve(scopes=["Calendars.ReadWrite"])
    app = sign_in()
    assert "Files" not in by_browser(app, session)["scope"]
    refused = refreshed(app)
    assert (refused["error"], refused["error_codes"], refused["suberror"]) == (
        "invalid_grant",
        [65001],
        "consent_required",
    )


@pytest.mark.parametrize(
    ("how", "number"), [("revoke", 50173), ("expire_refresh_tokens", 700082), ("require_mfa", 50076)]
)
def test_a_refresh_is_refused_until_the_next_sign_in(microsoft, sign_in, session, alex, how, number):
    app = sign_in()
    by_browser(app, session)
    getattr(microsoft, how)(alex)
    refused = refreshed(app)
    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [number])
    assert refused["error_description"].startswith(f"AADSTS{number}:")
    assert "access_token" in by_browser(sign_in(), session)


def test_mfa_may_be_told_in_another_word(microsoft, sign_in, session, alex):
    microsoft.settings.mfa_error = "interaction_required"
    app = sign_in()
    by_browser(app, session)
    microsoft.require_mfa(alex)
    assert refreshed(app)["error"] == "interaction_required"


@pytest.mark.parametrize(
    ("setting", "error"), [("AADSTS90094", "access_denied"), ("AADSTS65001", "consent_required")]
)
def test_a_tenant_may_want_its_administrator(microsoft, sign_in, session, alex, setting, error):
    microsoft.settings.admin_consent_error = setting
    microsoft.require_admin_consent()
    refused = by_browser(sign_in(), session)
    assert refused["error"] == error
    assert refused["error_description"].startswith(setting)
    microsoft.grant_consent(alex, SCOPES)
    assert "access_token" in by_browser(sign_in(), session)


def test_a_device_code_is_waited_for(microsoft, sign_in, alex, dana):
    app = sign_in()
    flow = app.initiate_device_flow(SCOPES)
    assert flow["user_code"] in flow["message"]
    pending = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    assert pending["error"] == "authorization_pending"
    microsoft.enter_code(flow["user_code"], dana)
    answer = app.acquire_token_by_device_flow(flow)
    assert answer["id_token_claims"]["preferred_username"] == dana.email
    assert refreshed(app)["access_token"]


def test_a_device_code_can_be_typed_in_at_its_page(microsoft, sign_in, alex):
    app = sign_in()
    flow = app.initiate_device_flow(SCOPES)
    assert microsoft.browse(flow["verification_uri"])[0] == 200
    assert "signed in" in microsoft.browse(f"{flow['verification_uri']}?otc={flow['user_code']}")[2]
    assert "access_token" in app.acquire_token_by_device_flow(flow)


@pytest.mark.parametrize("how", ["declined", "expired", "blocked", "slow_down"])
def test_a_device_code_can_fail(microsoft, sign_in, alex, how):
    app = sign_in()
    flow = app.initiate_device_flow(SCOPES)
    if how == "expired":
        microsoft.expire_device_codes()
    else:
        microsoft.enter_code(flow["user_code"], declines=how == "declined")
    microsoft.settings.device_code_blocked = how == "blocked"
    microsoft.settings.device_slow_down = how == "slow_down"
    refused = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    expected = {"declined": "authorization_declined", "expired": "expired_token", "slow_down": "slow_down"}
    assert refused["error"] == expected.get(how, "invalid_grant")
    if how == "blocked":
        assert refused["error_codes"] == [53003]


def test_personal_accounts_have_their_own_tenants(microsoft, sign_in, session):
    microsoft.account("pat@outlook.example", personal=True)
    refused = by_browser(sign_in(), session)
    assert refused["error_description"].startswith("AADSTS500200")
    for tenant in ("common", "consumers"):
        answer = by_browser(sign_in(f"{microsoft.root}/{tenant}"), session)
        assert answer["id_token_claims"]["tid"] == "9188040d-6c67-4c5b-b112-36a304b66dad"


def test_a_challenge_wants_a_token_got_with_its_claims(microsoft, sign_in, session, alex):
    app = sign_in(capabilities=["CP1"])
    token = by_browser(app, session, [*SCOPES, "User.Read"])["access_token"]

    def me(token):
        return session.get(f"{microsoft.graph_root}/me", headers={"Authorization": f"Bearer {token}"})

    assert me(token).json()["mail"] == alex.email
    microsoft.challenge(alex)
    refused = me(token)
    header = refused.headers["WWW-Authenticate"]
    assert (refused.status_code, 'error="insufficient_claims"' in header) == (401, True)
    claims = base64.b64decode(header.partition('claims="')[2].partition('"')[0]).decode()
    assert "nbf" in json.loads(claims)["access_token"]
    assert me(refreshed(app)["access_token"]).status_code == 401
    account = app.get_accounts()[0]
    answer = app.acquire_token_silent_with_error(SCOPES, account, claims_challenge=claims)
    assert me(answer["access_token"]).status_code == 200


def test_a_client_that_did_not_declare_cp1_is_not_challenged(microsoft, graph, alex):
    client = graph(alex)
    microsoft.challenge(alex)
    assert client.get("/me")["mail"] == alex.email


def test_access_tokens_end(microsoft, graph, alex):
    microsoft.settings.tokens_expire = True
    client = graph(alex)
    microsoft.clock.advance(hours=2)
    refused = client.call("GET", "/me")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_every_permission_is_asked_for(graph, alex):
    reader = graph(alex, scopes=["Calendars.Read"])
    assert reader.call("GET", "/me/events").status_code == 200
    for refused in (reader.call("POST", "/me/events", json={}), reader.call("GET", "/me")):
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ErrorAccessDenied")
    refused = reader.call("GET", "/me/drive/special/approot")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "accessDenied")


def test_a_refresh_token_may_stay_the_same(microsoft, sign_in, session, alex):
    microsoft.settings.refresh_tokens_rotate = False
    app = sign_in()
    first = by_browser(app, session)["refresh_token"]
    assert app.acquire_token_by_refresh_token(first, SCOPES)["refresh_token"] == first
    microsoft.settings.refresh_tokens_rotate = True
    assert app.acquire_token_by_refresh_token(first, SCOPES)["refresh_token"] != first


def test_consent_can_be_withdrawn(microsoft, sign_in, session, alex):
    app = sign_in()
    by_browser(app, session)
    microsoft.withdraw_consent(alex, ["Files.ReadWrite.AppFolder"])
    assert refreshed(app)["error_codes"] == [65001]
    assert refreshed(app, ["Calendars.ReadWrite"])["access_token"]


def test_the_token_endpoint_fails_on_demand(microsoft, sign_in, session, alex):
    app = sign_in()
    by_browser(app, session)
    microsoft.faults.status(400, reason="temporarily_unavailable AADSTS90033", path="*/token")
    refused = refreshed(app)
    assert (refused["error"], refused["error_codes"]) == ("temporarily_unavailable", [90033])
    assert "access_token" in refreshed(app, ["Calendars.ReadWrite"])


def test_scopes_and_clients_that_are_none_are_refused(microsoft, sign_in, session, alex):
    refused = by_browser(sign_in(), session, ["Calendars.ReadWrit"])
    assert refused["error_description"].startswith("AADSTS70011")
    status, _, text = microsoft.browse(f"{microsoft.authority}/oauth2/v2.0/authorize?client_id=x")
    assert (status, "AADSTS700016" in text) == (400, True)
