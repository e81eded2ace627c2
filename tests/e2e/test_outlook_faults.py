"""The same of Microsoft: whatever request of a first sync fails, and however, it heals to the same end."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.microsoft import MicrosoftSandbox
from tests.e2e.at_work import OutlookPrepd, at, started
from tests.outlook_account import signed_in

REQUESTS = range(1, 21)
WRITES = (6, 7, 10, 16, 18, 20)
"""Folders and file, link, slots: the others are the same whether they were carried out or not."""

KINDS = {
    "dropped before it is carried out": lambda faults, nth: faults.drop("before", nth=nth),
    "dropped after it was carried out": lambda faults, nth: faults.drop("after", nth=nth),
    "nothing but 500s from it on": lambda faults, nth: faults.status(500, nth=nth, times=99),
    "nothing but 429s from it on": lambda faults, nth: faults.status(429, nth=nth, times=99, retry_after=5),
    "garbage": lambda faults, nth: faults.garbage(nth=nth),
}
_undisturbed: list[Any] = []


def world(microsoft: MicrosoftSandbox, folder, capsys) -> OutlookPrepd:
    """Noor's weekly 1:1 with Alex, and prepd, signed in without a browser to be quick."""
    alex = microsoft.account("alex@client.example", name="Alex Kim", time_zone="Europe/London")
    noor = microsoft.account("noor@client.example", name="Noor Haddad", time_zone="Europe/London")
    noor.schedule("1:1 Alex / Noor", at("11-03 10:00"), guests=[alex], weekly=True)
    prepd = OutlookPrepd(microsoft, alex, folder, capsys)
    prepd.state.joinpath("tokens").mkdir(parents=True, mode=0o700)
    prepd.state.chmod(0o700)
    signed_in(microsoft, alex, prepd.state / "tokens")
    return prepd


def outcome(prepd: OutlookPrepd):
    """The calendar, the files, the ledger and the folders as they stand, without ids and addresses."""
    calendar = [
        (e["subject"], started(e), e["body"]["content"].count("</a>"))
        for e in prepd.events()
        if started(e) < "11-20"
    ]
    files = [(file.path, file.text, file.shared_with) for file in prepd.microsoft.documents()]
    ledger = [(c["kind"], c["by"], c["from"], c["to"]) for c in prepd.ask("history")["changes"]]
    return calendar, files, ledger, sorted(prepd.microsoft.folders().values())


@pytest.fixture
def client(microsoft, tmp_path, capsys) -> OutlookPrepd:
    return world(microsoft, tmp_path, capsys)


@pytest.fixture
def undisturbed(google, tmp_path_factory, capsys):
    """What comes out where nothing fails: found out once, on another Microsoft with the same clock."""
    if not _undisturbed:
        now = google.clock.now()
        with MicrosoftSandbox(google.clock) as other:
            prepd = world(other, tmp_path_factory.mktemp("undisturbed"), capsys)
            prepd.settle()
            _undisturbed.append(outcome(prepd))
        google.clock.set(now)
    return _undisturbed[0]


def test_a_first_sync_takes_the_requests_that_are_tried_here(client):
    client.microsoft.requests.clear()
    client.sync()
    sent = list(client.microsoft.requests)
    assert len(sent) == len(REQUESTS)
    assert tuple(n for n, each in enumerate(sent, 1) if each.method != "GET") == WRITES


@pytest.mark.parametrize(
    ("kind", "nth"), [(k, n) for k in KINDS for n in (WRITES if "after" in k else REQUESTS)]
)
def test_a_first_sync_heals(undisturbed, client, kind, nth):
    KINDS[kind](client.microsoft.faults, nth)
    client.clock.advance(minutes=5)
    first = client("sync")
    assert first.code in (0, 1, 75), first
    assert "bug" not in first.err
    client.microsoft.faults.clear()
    client.sync()
    assert client.sync()["actions"] == []
    assert outcome(client) == undisturbed
