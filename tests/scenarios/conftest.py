"""A world for each scenario."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sandbox import Clock
from sandbox.microsoft import MicrosoftSandbox
from tests.outlook_world import BothWorld, OutlookWorld
from tests.world import World


@pytest.fixture
def world(google, tmp_path) -> World:
    return World(google, tmp_path)


@pytest.fixture
def microsoft(request) -> Iterator[MicrosoftSandbox]:
    """A running Microsoft. Whoever mails a guest through it fails the test."""
    clock = (
        request.getfixturevalue("google").clock
        if "both" in request.fixturenames
        else Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    )
    with MicrosoftSandbox(clock) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


@pytest.fixture
def outlook(microsoft, tmp_path) -> OutlookWorld:
    return OutlookWorld(microsoft, tmp_path)


@pytest.fixture
def both(google, microsoft, tmp_path) -> BothWorld:
    return BothWorld(google, microsoft, tmp_path)


@pytest.fixture
def sent_by_this_process(monkeypatch) -> None:
    """Messages go out without a process of their own, which takes most of a second to load its library."""

    def asked(order, environment):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            return {number: child._sent(url, order) for number, url in enumerate(order.urls)}

    child = importlib.import_module("daemon.notify.child")  # Apprise with it
    monkeypatch.setattr("daemon.notify._asked", asked)
