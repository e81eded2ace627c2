"""Fixtures that several folders of tests share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sandbox import Clock, GoogleSandbox


@pytest.fixture(autouse=True, scope="session")
def _no_docstrings_of_methods():
    """Google's client writes the documentation of its methods anew at every call: most of a test's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("googleapiclient.schema.Schemas.prettyPrintSchema", lambda *_: "")
        patch.setattr("googleapiclient.schema.Schemas.prettyPrintByName", lambda *_: "")
        yield


@pytest.fixture
def google() -> Iterator[GoogleSandbox]:
    """A running Google, on Monday 2 November 2026 at 08:00 UTC. Whoever mails a guest through it fails the
    test.
    """
    with GoogleSandbox(Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []
