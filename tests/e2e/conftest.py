"""Alex's accounts, the people Alex meets, and prepd at work for Alex. The two providers go by one clock."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from connectors.retry import Retry
from daemon import cycle
from daemon.apply.desk import Desk
from daemon.commands.context import Context
from sandbox import GoogleSandbox
from sandbox.google.account import Account
from sandbox.microsoft import Account as OutlookAccount
from sandbox.microsoft import MicrosoftSandbox
from tests.e2e.at_work import BothPrepd, Commands, OnGoogle, OnOutlook, OutlookPrepd, Prepd, at


@pytest.fixture(autouse=True)
def _by_the_sandbox_clock(google: GoogleSandbox, monkeypatch: pytest.MonkeyPatch):
    """Commands in this process go by the sandbox's clock, and wait for nothing between two tries."""
    real = Context.__init__

    def init(self, args, *more, clock=google.clock.now):
        real(self, args, *more, clock=clock)

    monkeypatch.setattr(Context, "__init__", init)
    monkeypatch.setattr(Retry, "_pause", lambda self, seconds: True)
    monkeypatch.setattr(cycle, "Desk", partial(Desk, sleep=lambda seconds: None))
    # Reading the usual authorities takes longer than all else that a cycle does here; none of them is met.
    monkeypatch.setattr("certifi.where", lambda: str(google.ca_path))
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
def providers(google: GoogleSandbox) -> list[GoogleSandbox | MicrosoftSandbox]:
    """Those that a browser finds."""
    return [google]


@pytest.fixture
def browser(providers: list[GoogleSandbox | MicrosoftSandbox], monkeypatch) -> None:
    """What opens when prepd opens a browser: somebody who does as the sandbox was told."""

    def opened(url: str) -> bool:
        (there,) = (provider for provider in providers if url.startswith(provider.root))
        threading.Thread(target=there.browse, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", opened)
    monkeypatch.setenv("BROWSER", "the sandbox's")


@pytest.fixture
def sign_in(google: GoogleSandbox, alex: Account, browser) -> Callable[..., None]:
    """Signs in to an account of the config as somebody, by loopback and PKCE, with a browser that says yes."""

    def login(prepd: Commands, as_: Account | None = None, account: str = "work") -> None:
        google.approve(as_=as_ or alex)
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


# --- the client's Outlook -------------------------------------------------------------------------------


@pytest.fixture
def microsoft(google: GoogleSandbox, providers) -> Iterator[MicrosoftSandbox]:
    """Whoever mails somebody through it fails the test."""
    with MicrosoftSandbox(google.clock) as running:
        providers.append(running)
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


@pytest.fixture
def alex_there(microsoft: MicrosoftSandbox) -> OutlookAccount:
    """Alex, as the client knows them."""
    return microsoft.account("alex@client.example", name="Alex Kim", time_zone="Europe/London")


@pytest.fixture
def noor(microsoft: MicrosoftSandbox) -> OutlookAccount:
    return microsoft.account("noor@client.example", name="Noor Haddad", time_zone="Europe/London")


@pytest.fixture
def pat(microsoft: MicrosoftSandbox) -> OutlookAccount:
    return microsoft.account("pat@client.example", name="Pat Brown", time_zone="Europe/London")


@pytest.fixture
def weekly_there(noor: OutlookAccount, alex_there: OutlookAccount) -> str:
    """Noor's 1:1 with Alex, Tuesdays at 10:00, an online meeting."""
    return noor.schedule(
        "1:1 Alex / Noor", at("11-03 10:00"), guests=[alex_there], weekly=True, isOnlineMeeting=True
    )


@pytest.fixture
def sign_in_there(microsoft: MicrosoftSandbox, alex_there: OutlookAccount, browser) -> Callable[..., None]:
    """As `sign_in`, at Microsoft."""

    def login(prepd: Commands, as_: OutlookAccount | None = None) -> None:
        microsoft.approve(as_=as_ or alex_there)
        said = prepd("auth", "login", "client")
        assert said.code == 0, said

    return login


@pytest.fixture
def signed_out_there(microsoft: MicrosoftSandbox, alex_there, tmp_path, capsys) -> OutlookPrepd:
    return OutlookPrepd(microsoft, alex_there, tmp_path, capsys)


@pytest.fixture
def outlook(signed_out_there: OutlookPrepd, sign_in_there) -> OutlookPrepd:
    """prepd with the client's account alone, signed in."""
    sign_in_there(signed_out_there)
    return signed_out_there


@pytest.fixture
def settled(weekly_there: str, outlook: OutlookPrepd) -> OutlookPrepd:
    """With Noor's weekly 1:1 read, prepared and settled."""
    outlook.settle()
    return outlook


@pytest.fixture
def both(google, alex, microsoft, alex_there, sign_in, sign_in_there, tmp_path, capsys) -> BothPrepd:
    """prepd with both accounts, signed in to both."""
    prepd = BothPrepd(OnGoogle(google, alex), OnOutlook(microsoft, alex_there), tmp_path, capsys)
    sign_in(prepd)
    sign_in_there(prepd)
    return prepd
