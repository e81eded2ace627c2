"""Both providers, and a second pair for the same history watched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.core.model import Change
from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox
from tests.histories.player import Player
from tests.outlook_world import OutlookWorld
from tests.world import World


def pytest_collection_modifyitems(items):
    """What is said of one history goes together: it is watched once for both, where one process runs them."""
    mine = [number for number, item in enumerate(items) if item.path.parent == HERE]
    ordered = sorted((items[number] for number in mine), key=_story)
    for number, item in zip(mine, ordered, strict=True):
        items[number] = item


def _story(item) -> tuple[str, str]:
    return item.callspec.params["story"].name, item.callspec.params["on"]


def began() -> Clock:
    return Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))


@pytest.fixture
def microsoft() -> Iterator[MicrosoftSandbox]:
    """A running Microsoft. Whoever mails a guest through it fails the test."""
    with MicrosoftSandbox(began()) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


HERE = Path(__file__).parent


class Watched:
    """The ledgers of stories that were watched as they happened, each played once."""

    def __init__(self, folders) -> None:
        self._folders = folders
        self.known: dict[tuple[str, str], list[Change]] = {}

    def __call__(self, story, provider):
        key = story.name, provider
        if key not in self.known:
            server = GoogleSandbox if provider == "google" else MicrosoftSandbox
            with server(began()) as running:
                world = (World if provider == "google" else OutlookWorld)(running, self._folders.mktemp("w"))
                player = Player(story, world, provider)
                player.play()
                self.known[key] = player.entries()
        return self.known[key]


@pytest.fixture(scope="session")
def watched(tmp_path_factory):
    return Watched(tmp_path_factory)
