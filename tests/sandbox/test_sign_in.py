"""Signing in as a desktop client does, with the libraries that do it."""

import base64
import json
import threading

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import InstalledAppFlow

EVENTS = "https://www.googleapis.com/auth/calendar.events.owned"
FILES = "https://www.googleapis.com/auth/drive.file"
IDENTITY = ["openid", "https://www.googleapis.com/auth/userinfo.email"]


@pytest.fixture
def session(google):
    with requests.Session() as session:
        session.verify = str(google.ca_path)
        yield session


@pytest.fixture
def flow(google, tmp_path):
    path = google.write_client_secrets(tmp_path / "client.json")
    return InstalledAppFlow.from_client_secrets_file(
        path, [*IDENTITY, EVENTS, FILES], redirect_uri="http://localhost:1/"
    )


def redirected(google, session, flow, **more):
    url, state = flow.authorization_url(**more)
    location = session.get(url, allow_redirects=False).headers["Location"]
    assert f"state={state}" in location
    return location.replace("http://", "https://")


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_library_signs_in_through_its_own_listener(google, flow, alex, monkeypatch):
    def open_browser(url, *_, **__):
        threading.Thread(target=google.browse, args=(url,), daemon=True).start()
        return True

    class Browser:
        open = staticmethod(open_browser)

    monkeypatch.setattr("webbrowser.get", lambda *_: Browser)
    flow.oauth2session.verify = str(google.ca_path)
    credentials = flow.run_local_server(port=0, timeout_seconds=10)
    assert credentials.refresh_token
    assert set(credentials.scopes) == {*IDENTITY, EVENTS, FILES}
    told = claims(credentials.id_token)
    assert (told["email"], told["email_verified"], told["aud"]) == (alex.email, True, google.client_id)


def test_a_code_is_good_once_and_only_with_its_verifier(google, session, flow, alex):
    location = redirected(google, session, flow)
    verifier = flow.code_verifier
    flow.code_verifier = "x" * 64
    with pytest.raises(Exception, match="invalid_grant"):
        flow.fetch_token(authorization_response=location, verify=str(google.ca_path))
    flow.code_verifier = verifier
    with pytest.raises(Exception, match="invalid_grant"):
        flow.fetch_token(authorization_response=location, verify=str(google.ca_path))
    location = redirected(google, session, flow)
    assert flow.fetch_token(authorization_response=location, verify=str(google.ca_path))["expires_in"] == 3599


def test_who_sits_at_the_browser_goes_before_whom_the_client_hints_at(google, session, flow, alex, dana):
    for seated, hint, expected in ((None, dana.email, dana), (alex, dana.email, alex)):
        google.approve(as_=seated)
        location = redirected(google, session, flow, login_hint=hint)
        token = flow.fetch_token(authorization_response=location, verify=str(google.ca_path))
        assert claims(token["id_token"])["email"] == expected.email


def test_a_box_left_unticked_is_missing_from_the_grant(google, session, flow, alex):
    google.approve(as_=alex, scopes=[EVENTS])
    location = redirected(google, session, flow)
    assert "drive.file" not in location
    with pytest.raises(Warning, match="Scope has changed"):
        flow.fetch_token(authorization_response=location, verify=str(google.ca_path))


def test_somebody_who_declines_is_access_denied(google, session, flow, alex):
    google.deny()
    assert "error=access_denied" in redirected(google, session, flow)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": "x"}, (401, "invalid_client")),
        ({"redirect_uri": "https://example.com/"}, (400, "redirect_uri_mismatch")),
        ({"scope": "made.up"}, (400, "invalid_scope")),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, (400, "invalid_request")),
    ],
)
def test_a_wrong_request_ends_on_an_error_page(google, session, alex, changes, expected):
    query = {
        "client_id": google.client_id,
        "redirect_uri": "http://127.0.0.1:1/",
        "scope": EVENTS,
        "response_type": "code",
    }
    page = session.get(f"{google.root}/o/oauth2/auth", params=query | changes, allow_redirects=False)
    assert (page.status_code, page.text.split("Error ")[1].split("<")[0]) == (
        expected[0],
        f"{expected[0]}: {expected[1]}",
    )


@pytest.fixture
def credentials(google, alex):
    token = google.issue_token(alex)
    return Credentials(
        token["access_token"],
        refresh_token=token["refresh_token"],
        token_uri=f"{google.root}/token",
        client_id=google.client_id,
        client_secret=google.client_secret,
    )


def test_an_expired_token_is_401_until_refreshed(google, session, credentials):
    google.expire_access_tokens()
    url = f"{google.root}/calendar/v3/calendars/primary/events"
    refused = session.get(url, headers={"Authorization": f"Bearer {credentials.token}"})
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (401, "authError")
    credentials.refresh(Request(session))
    assert session.get(url, headers={"Authorization": f"Bearer {credentials.token}"}).status_code == 200


def test_a_revoked_grant_is_invalid_grant(google, session, credentials, alex):
    google.revoke(alex)
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(Request(session))


def test_a_client_can_revoke_its_own_grant(google, session, credentials):
    assert session.post(f"{google.root}/revoke", data={"token": credentials.refresh_token}).status_code == 200
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(Request(session))


def test_tokens_expire_by_the_clock_only_if_told_so(google, session, credentials):
    def status():
        url = f"{google.root}/calendar/v3/calendars/primary/events"
        return session.get(url, headers={"Authorization": f"Bearer {credentials.token}"}).status_code

    google.clock.advance(days=3)
    assert status() == 200
    google.settings.tokens_expire = True
    assert status() == 401
