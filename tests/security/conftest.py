"""Two providers with canaries in everything that is somebody's own, and prepd at work on both for Kit."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from sandbox.microsoft import MicrosoftSandbox
from sandbox.server import _Handler
from tests.e2e.at_work import BothPrepd, OnGoogle, OnOutlook, at
from tests.e2e.conftest import _by_the_sandbox_clock, browser, microsoft, providers  # noqa: F401
from tests.listening import Listening

CANARY = "kanarie"
"""Stands in every name, title, body and address of these tests, and in nothing of prepd's own."""

PERSON = """
[[person]]
email = "kanarie-dana@example.com"
name = "Kanarie-Dana"
role = "manager"
"""

_SECRET = ("code", "code_verifier", "client_secret", "refresh_token", "device_code", "token", "user_code")


class Secrets:
    """Every secret that went over the wire to either provider."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def take(self, request) -> None:
        if scheme_and_token := request.headers.get("authorization", ""):
            self.seen.add(scheme_and_token.partition(" ")[2])
        form = parse_qs(request.body.decode("utf-8", "replace"))
        for fields in (form, request.query):
            for name in _SECRET:
                self.seen.update(value for value in fields.get(name, ()) if len(value) > 7)


@pytest.fixture
def secrets(monkeypatch) -> Secrets:
    found = Secrets()
    real = _Handler._read

    def read(handler):
        request = real(handler)
        found.take(request)
        return request

    monkeypatch.setattr(_Handler, "_read", read)
    return found


@pytest.fixture
def listening() -> Iterator[Listening]:
    with Listening() as service:
        yield service


class Canaries(BothPrepd):
    """prepd with both accounts, and all that may give something away."""

    secrets: Secrets
    listening: Listening

    def given_away(self, text: str) -> list[str]:
        """What of all that is private stands in a text."""
        found = [secret for secret in self.secrets.seen if secret and secret in text]
        return found + re.findall(rf".*{CANARY}.*", text, re.IGNORECASE)


@pytest.fixture
def kit(
    google,
    microsoft: MicrosoftSandbox,  # noqa: F811
    browser,  # noqa: F811
    secrets,
    listening,
    tmp_path,
    capsys,
    monkeypatch,
) -> Canaries:
    """Signed in to both, with 1:1s, a calendar by name at each, and a notification service. Every logger hears all."""
    monkeypatch.setattr(logging.getLogger("sandbox"), "disabled", True)
    for name in ("sandbox.server", "sandbox.tls"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    there = [
        google.account("kanarie-kit@example.com", name="Kanarie-Kit", time_zone="Europe/London"),
        google.account("kanarie-dana@example.com", name="Kanarie-Dana", time_zone="Europe/London"),
    ]
    elsewhere = [
        microsoft.account("kanarie-kit@client.example", name="Kanarie-Kit", time_zone="Europe/London"),
        microsoft.account("kanarie-noor@client.example", name="Kanarie-Noor", time_zone="Europe/London"),
    ]
    # Named, so that the id (which prepd asks for) is an address.
    there[0].add_calendar("Kanarie-Team")
    elsewhere[0].add_calendar("Kanarie-Team")
    body = "kanarie: what only the two of us know"
    there[1].schedule(
        "1:1 kanarie with Kit", at("11-03 10:00"), guests=[there[0]], weekly=True, description=body
    )
    elsewhere[1].schedule("1:1 kanarie there", at("11-03 14:00"), guests=[elsewhere[0]], weekly=True)
    (tmp_path / "state").mkdir(mode=0o700)
    prepd = Canaries(OnGoogle(google, there[0]), OnOutlook(microsoft, elsewhere[0]), tmp_path, capsys)
    prepd.dana, prepd.noor = there[1], elsewhere[1]
    prepd.secrets, prepd.listening = secrets, listening
    named = 'calendars = ["{}", "Kanarie-Team"]\n[[account]]'
    first, second = prepd.accounts.split("[[account]]")[1:]
    prepd.accounts = (
        "[[account]]" + first + named.format("primary") + second + 'calendars = ["default", "Kanarie-Team"]\n'
    )
    notify = (
        f'[notify]\nurls = ["{listening.url("/kanarie-hush")}"]\nping = "http://127.0.0.1:9/kanarie-ping"\n'
        '[report]\ndeliver = ["file", "calendar", "notify"]\n'
    )
    prepd.configure(PERSON + notify)
    text = prepd.config.read_text()
    prepd.config.write_text(re.sub(r'\[\[person\]\]\nemail = "dana@.*?\n\n', "", text, flags=re.DOTALL))
    for name in (
        "urllib3",
        "requests",
        "httplib2",
        "google",
        "googleapiclient",
        "msal",
        "oauthlib",
        "",
        "asyncio",
    ):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "level", logging.DEBUG)
    google.approve(as_=there[0])
    microsoft.approve(as_=elsewhere[0])
    prepd.said = [prepd("auth", "login", "work", "--verbose"), prepd("auth", "login", "client", "--verbose")]
    assert [said.code for said in prepd.said] == [0, 0], prepd.said
    return prepd
