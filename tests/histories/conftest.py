"""Both providers, and a second pair for the same history watched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from daemon.core.model import Change
from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox
from tests.histories.player import Player
from tests.outlook_world import OutlookWorld
from tests.world import World


def began() -> Clock:
    return Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))


@pytest.fixture
def microsoft() -> Iterator[MicrosoftSandbox]:
    """A running Microsoft. Whoever mails a guest through it fails the test."""
    with MicrosoftSandbox(began()) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []


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
