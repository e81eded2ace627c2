"""Whatever request of a first sync fails, and however: after the next ones all is as if nothing had failed."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import GoogleSandbox
from tests.e2e.at_work import Prepd, at, started

REQUESTS = 15
KINDS = {
    "dropped before it is carried out": lambda faults, nth: faults.drop("before", nth=nth),
    "dropped after it is carried out": lambda faults, nth: faults.drop("after", nth=nth),
    "a 500": lambda faults, nth: faults.status(500, nth=nth),
    "nothing but 500s from it on": lambda faults, nth: faults.status(500, nth=nth, times=99),
    "garbage": lambda faults, nth: faults.garbage(nth=nth),
}
_undisturbed: list[Any] = []


def outcome(prepd: Prepd):
    """The calendar, the documents, the ledger and the folders as they stand, without ids and addresses."""
    calendar = [
        (e["summary"], started(e), len(e.get("attachments", [])), "Prep page" in e.get("description", ""))
        for e in prepd.events()
        if started(e) < "11-20"
    ]
    documents = [(doc.title, doc.text, doc.shared_with) for doc in prepd.google.documents()]
    ledger = [(c["kind"], c["by"], c["from"], c["to"]) for c in prepd.ask("history")["changes"]]
    return calendar, documents, ledger, list(prepd.google.folders().values())


@pytest.fixture
def undisturbed(google, providers, tmp_path_factory, capsys, sign_in):
    """What comes out where nothing fails: found out once, on another Google with the same clock."""
    if not _undisturbed:
        now = google.clock.now()
        with GoogleSandbox(google.clock) as other:
            alex = other.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
            dana = other.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
            dana.schedule("1:1 Alex / Dana", at("11-03 10:00"), guests=[alex], weekly=True)
            prepd = Prepd(other, alex, tmp_path_factory.mktemp("undisturbed"), capsys)
            other.approve(as_=alex)
            providers.append(other)
            assert prepd("auth", "login", "work").code == 0
            prepd.settle()
            _undisturbed.append(outcome(prepd))
            providers.remove(other)
        google.clock.set(now)
    return _undisturbed[0]


def test_a_first_sync_takes_as_many_requests_as_are_tried_here(prepd, weekly):
    prepd.google.requests.clear()
    prepd.sync()
    assert len(prepd.google.requests) == REQUESTS


@pytest.mark.parametrize("nth", range(1, REQUESTS + 1))
@pytest.mark.parametrize("kind", KINDS)
def test_a_first_sync_heals(undisturbed, prepd, weekly, kind, nth):
    KINDS[kind](prepd.google.faults, nth)
    prepd.google.clock.advance(minutes=5)
    first = prepd("sync")
    assert first.code in (0, 1, 75), first
    assert "bug" not in first.err
    prepd.google.faults.clear()
    prepd.settle()
    assert outcome(prepd) == undisturbed
