"""The access token goes to the configured server alone, whatever an answer says: links, redirects, upload addresses.

A second server on this machine, trusted as the first one is, records what it is asked.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from connectors.errors import BadAnswer, ConnectorError
from connectors.google import auth as google_auth
from connectors.google.account import GoogleAccount
from connectors.outlook.account import OutlookAccount
from connectors.outlook.transport import Call, Graph, _origin
from connectors.values import Window
from sandbox import Clock, tls
from sandbox.microsoft import MicrosoftSandbox
from sandbox.server import _Handler
from tests import google_account, outlook_account

WINDOW = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


class Stranger:
    """Answers everything with an empty success, and remembers it. With TLS or without."""

    def __init__(self, *, secure: bool) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if secure:
            self._server.socket = tls.server_context().wrap_socket(self._server.socket, server_side=True)
        self.root = f"http{'s' if secure else ''}://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        stranger = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                stranger.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                body = b'{"value": [], "items": []}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_) -> None:
                pass

        return Handler


@pytest.fixture(params=["https", "http"])
def stranger(request) -> Iterator[Stranger]:
    found = Stranger(secure=request.param == "https")
    yield found
    found.close()


@pytest.fixture
def microsoft() -> Iterator[MicrosoftSandbox]:
    with MicrosoftSandbox(Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))) as running:
        yield running


@pytest.fixture
def kit(microsoft, tmp_path):
    person = microsoft.account("kit@example.com", name="Kit")
    noor = microsoft.account("noor@example.com", name="Noor")
    for day in range(3, 9):
        noor.schedule("1:1", datetime(2026, 11, day, 10, tzinfo=UTC), guests=[person])
    person.add_calendar("Team")
    settings = outlook_account.signed_in(microsoft, person, tmp_path)
    account = OutlookAccount(settings, outlook_account.HASTE)
    yield account
    account.close()


@pytest.fixture
def altered(monkeypatch):
    """Has every JSON answer of a sandbox changed on its way."""

    def altering(change):
        real = _Handler._respond

        def respond(handler, request):
            response = real(handler, request)
            try:
                content = json.loads(response.body)
            except ValueError:
                return response
            if not isinstance(content, dict):
                return response
            body = json.dumps(change(content)).encode()
            return type(response)(
                response.status, body, response.headers, response.account, response.operation
            )

        monkeypatch.setattr(_Handler, "_respond", respond)

    return altering


def read_all(calendar, token=None):
    pages = list(calendar.pages(WINDOW, token))
    return pages[-1].token


# --- links of Graph's ----------------------------------------------------------------------------------------


def forms(root, host):
    """One address in the spellings that parsers are known to disagree about."""
    return [
        f"{root}/v1.0/me/x",
        f"{root.replace('://', '://' + host + '@')}/v1.0/x",
        f"{root.replace('://', ':///')}/v1.0/x",
        f"{root}\\@{host}/v1.0/x",
        f"{root}#@{host}/v1.0/x",
        f"//{root.partition('://')[2]}/v1.0/x",
    ]


@pytest.mark.parametrize("name", ["@odata.nextLink", "@odata.deltaLink"])
@pytest.mark.parametrize("form", range(6))
def test_a_link_to_another_server_is_not_followed(kit, microsoft, stranger, altered, name, form):
    evil = forms(stranger.root, microsoft.root.partition("://")[2])[form]

    def change(content):
        return {**content, name: evil} if "value" in content else content

    altered(change)
    calendar = kit.calendar("default")
    # A next link is followed at once, a delta link by the next read.
    with pytest.raises(ConnectorError):
        read_all(calendar, read_all(calendar))
    assert stranger.seen == []


def test_the_pages_of_all_other_lists_are_not_followed_either(kit, stranger, altered):
    altered(lambda content: {**content, "@odata.nextLink": f"{stranger.root}/v1.0/x"})
    with pytest.raises(ConnectorError):
        kit.calendar("Team")
    with pytest.raises(ConnectorError):
        kit.documents().find_notebook("a key")
    with pytest.raises(ConnectorError):
        read_all(kit.calendar("default"))
    assert stranger.seen == []


@pytest.mark.parametrize(
    "link", [7, True, {"a": 1}, ["https://x"], "", " ", "\x00", "https://[", "x" * 100_000]
)
def test_a_link_that_is_none_ends_in_a_sentence(kit, altered, link):
    altered(lambda content: {**content, "@odata.nextLink": link} if "value" in content else content)
    for act in (
        lambda: read_all(kit.calendar("default")),
        lambda: kit.calendar("Team"),
        lambda: kit.documents().find_notebook("a key"),
    ):
        with contextlib.suppress(ConnectorError):
            act()


HOST = "graph.example.com"


@given(
    st.lists(
        st.sampled_from(
            [HOST, "https:", "http:", "//", "/", "\\", "@", "#", "?", ":", ":443", ":0443", "evil.example", ".", "%40",
             "%2f", "\t", "\n", " ", "[", "]", "::1", ";", "user", "HTTPS:", HOST.upper(), "。", "\u2024", "\u00ad"]
        ),
        max_size=9,
    ).map("".join)
)  # fmt: skip
@example(f"https://{HOST}/v1.0/me")
@example(f"https://{HOST}\\@evil.example/")
@example(f"https://user@{HOST}/")
def test_what_counts_as_ours_is_where_the_library_would_go(link):
    """Two parsers look at a link: the one that allows it, and the one that connects."""
    if _origin(link) != _origin(f"https://{HOST}/v1.0") or _origin(link) is None:
        return
    try:
        seen = parse_url(link)
    except Exception:  # noqa: BLE001  # then it goes nowhere
        return
    assert (seen.scheme, seen.port or 443) == ("https", 443)
    assert (seen.host or "").lower() in {HOST, ""}
    assert seen.auth is None


# --- redirects -----------------------------------------------------------------------------------------------


@pytest.fixture
def redirected(monkeypatch, stranger):
    """Every answer of a sandbox that matches sends elsewhere."""

    def redirecting(status, matches=lambda request: True):
        real = _Handler._respond

        def respond(handler, request):
            response = real(handler, request)
            if not matches(request):
                return response
            headers = {"Location": f"{stranger.root}/taken"}
            return type(response)(status, b"", headers, response.account, response.operation)

        monkeypatch.setattr(_Handler, "_respond", respond)

    return redirecting


CODES = [301, 302, 303, 307, 308]


@pytest.mark.parametrize("status", CODES)
def test_graph_is_not_followed_elsewhere(kit, redirected, stranger, status):
    kit.calendar("default")
    redirected(status)
    for act in (
        lambda: read_all(kit.calendar("default")),
        lambda: kit.calendar("default").delete("an-id", None),
    ):
        with pytest.raises(ConnectorError):
            act()
    assert stranger.seen == []


@pytest.mark.parametrize("method", ["PATCH", "POST", "DELETE", "PUT"])
def test_a_write_that_is_sent_elsewhere_counts_as_none(microsoft, tmp_path, redirected, stranger, method):
    settings = outlook_account.signed_in(microsoft, microsoft.account("k@example.com"), tmp_path)
    graph = Graph(settings, outlook_account.HASTE)
    redirected(302)
    with pytest.raises(BadAnswer):
        graph.send(Call(method, "/me/events/1", "writing", body={}))
    graph.close()
    assert stranger.seen == []


def test_a_file_that_is_elsewhere_is_fetched_without_the_token(microsoft, tmp_path, redirected, stranger):
    settings = outlook_account.signed_in(microsoft, microsoft.account("k@example.com"), tmp_path)
    graph = Graph(settings, outlook_account.HASTE)
    redirected(302, lambda request: request.path.endswith("/content"))
    try:
        graph.download("/me/drive/items/1/content", "reading a file")
    except BadAnswer:
        assert stranger.root.startswith("http:")
        assert stranger.seen == []
    else:
        ((path, headers),) = stranger.seen
        assert path == "/taken"
        assert "authorization" not in headers
        assert "cookie" not in headers
    finally:
        graph.close()


@pytest.fixture
def google_kit(google, tmp_path):
    person = google.account("kit@example.com", name="Kit", time_zone="Europe/London")
    dana = google.account("dana@example.com", name="Dana", time_zone="Europe/London")
    for day in range(3, 9):
        dana.schedule("1:1", datetime(2026, 11, day, 10, tzinfo=UTC), guests=[person])
    account = GoogleAccount(google_account.signed_in(google, person, tmp_path), google_account.HASTE)
    yield account
    account.close()


@pytest.mark.parametrize("status", CODES)
def test_google_is_not_followed_elsewhere(google_kit, redirected, stranger, status):
    calendar = google_kit.calendar("primary")
    redirected(status)
    for act in (
        lambda: read_all(calendar),
        lambda: calendar.delete("an-id", "an-etag"),
        lambda: google_kit.documents().find_notebook("a key"),
    ):
        with pytest.raises(ConnectorError):
            act()
    assert stranger.seen == []


@pytest.mark.parametrize(
    "token", ["{root}/x", "//evil.example", "../../x?a=b#c", "&calendarId=other", "\r\nHost: x"]
)
def test_googles_page_tokens_are_values_and_no_addresses(google, google_kit, stranger, altered, token):
    token = token.replace("{root}", stranger.root)
    altered(lambda content: {**content, "nextPageToken": token} if "items" in content else content)
    google.requests.clear()
    with pytest.raises(ConnectorError):
        read_all(google_kit.calendar("primary"))
    assert stranger.seen == []
    asked_with = [entry.query.get("pageToken") for entry in google.requests]
    assert (
        token in asked_with
    ) == token.isprintable()  # a new header can't be smuggled in: it isn't sent at all
    assert {entry.path for entry in google.requests} == {"/calendar/v3/calendars/primary/events"}


def test_renewing_a_sign_in_is_not_followed_elsewhere(google, google_kit, redirected, stranger):
    """The refresh token and the client's secret are in that request."""
    google.expire_access_tokens()
    redirected(307, lambda request: request.path.endswith("/token"))
    with pytest.raises(ConnectorError):
        read_all(google_kit.calendar("primary"))
    assert stranger.seen == []


def test_renewing_a_sign_in_at_microsoft_is_not_followed_elsewhere(microsoft, kit, redirected, stranger):
    microsoft.expire_access_tokens()
    redirected(307, lambda request: request.path.endswith("/token"))
    with pytest.raises(ConnectorError):
        read_all(kit.calendar("default"))
    assert stranger.seen == []


def test_the_code_of_a_sign_in_is_not_sent_elsewhere(google, tmp_path, redirected, stranger):
    google.approve(as_=google.account("kit@example.com"))
    redirected(307, lambda request: request.path.endswith("/token"))

    class Told:
        def show_url(self, url, _port):
            threading.Thread(target=google.browse, args=(url,), daemon=True).start()

    settings = google_account.settings_for(google, tmp_path)
    with pytest.raises(ConnectorError):
        google_auth.login(settings, Told(), None, 0, 5)
    assert stranger.seen == []
    assert not settings.token_file.exists()


# --- what is opened for the user -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "--new-window", "http://docs.example/x"]
)
def test_open_opens_pages_over_https_alone(url, monkeypatch):
    """A page's address is the provider's: what is none is shown, and handed to no browser."""
    from types import SimpleNamespace

    from daemon.commands import agenda

    page = SimpleNamespace(person="p", one_on_one="1", ref=SimpleNamespace(url=url))
    state = SimpleNamespace(artefacts=SimpleNamespace(pages={"p": page}), records={})
    lines, opened = [], []
    context = SimpleNamespace(
        args=SimpleNamespace(person=None, print=False), now=WINDOW.start + timedelta(1),
        terminal=SimpleNamespace(line=lines.append),
    )  # fmt: skip
    monkeypatch.setattr(agenda, "stored", lambda context: state)
    monkeypatch.setattr(agenda, "matches", lambda *_: True)
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    agenda._open(context)
    assert (lines, opened) == ([url], [])
    page.ref.url = "https://docs.example/x"
    agenda._open(context)
    assert (lines, opened) == ([url], ["https://docs.example/x"])
