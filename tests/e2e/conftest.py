"""Alex's Google account, the people Alex meets, and prepd at work for Alex."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable

import pytest

from connectors.retry import Retry
from daemon.commands.context import Context
from sandbox import GoogleSandbox
from sandbox.google.account import Account
from tests.e2e.at_work import Prepd, at


@pytest.fixture(autouse=True)
def _by_the_sandbox_clock(google: GoogleSandbox, monkeypatch: pytest.MonkeyPatch):
    """Commands in this process go by the sandbox's clock, and wait for nothing between two tries."""
    real = Context.__init__

    def init(self, args, *more, clock=google.clock.now):
        real(self, args, *more, clock=clock)

    monkeypatch.setattr(Context, "__init__", init)
    monkeypatch.setattr(Retry, "_pause", lambda self, seconds: True)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PREPD_CONFIG", "PREPD_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def alex(google: GoogleSandbox) -> Account:
    return google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")


@pytest.fixture
def dana(google: GoogleSandbox) -> Account:
    return google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")


@pytest.fixture
def sam(google: GoogleSandbox) -> Account:
    return google.account("sam@example.com", name="Sam Ortiz", time_zone="Europe/London")


@pytest.fixture
def weekly(dana: Account, alex: Account) -> str:
    """Dana's 1:1 with Alex, Tuesdays at 10:00."""
    return dana.schedule("1:1 Alex / Dana", at("11-03 10:00"), guests=[alex], weekly=True)


@pytest.fixture
def signed_out(google: GoogleSandbox, alex: Account, tmp_path, capsys) -> Prepd:
    return Prepd(google, alex, tmp_path, capsys)


@pytest.fixture
def browser(google: GoogleSandbox, monkeypatch) -> None:
    """What opens when prepd opens a browser: somebody who does as the sandbox was told."""

    def opened(url: str) -> bool:
        threading.Thread(target=google.browse, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", opened)
    monkeypatch.setenv("BROWSER", "the sandbox's")


@pytest.fixture
def sign_in(google: GoogleSandbox, browser) -> Callable[..., None]:
    """Signs in to an account of the config as somebody, by loopback and PKCE, with a browser that says yes."""

    def login(prepd: Prepd, as_: Account | None = None, account: str = "work") -> None:
        google.approve(as_=as_ or prepd.alex)
        said = prepd("auth", "login", account)
        assert said.code == 0, said

    return login


@pytest.fixture
def prepd(signed_out: Prepd, sign_in) -> Prepd:
    """Configured, and signed in."""
    sign_in(signed_out)
    return signed_out


@pytest.fixture
def at_rest(weekly: str, prepd: Prepd) -> Prepd:
    """With Dana's weekly 1:1 read, prepared and settled: 3, 10 and 17 November within the horizon's reach."""
    prepd.settle()
    return prepd
