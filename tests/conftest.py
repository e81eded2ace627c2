"""Fixtures that several folders of tests share."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pkgutil import resolve_name

import pytest
import trustme
from hypothesis import HealthCheck, settings

from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox

# No clock decides whether a property holds: the machine may be busy.
settings.register_profile("prepd", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("prepd")


@pytest.fixture(autouse=True, scope="session")
def _no_docstrings_of_methods():
    """Google's client writes the documentation of its methods anew at every call: most of a test's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("googleapiclient.schema.Schemas.prettyPrintSchema", lambda *_: "")
        patch.setattr("googleapiclient.schema.Schemas.prettyPrintByName", lambda *_: "")
        yield


@pytest.fixture(autouse=True, scope="session")
def _clients_are_built_from_memory():
    """Google's client reads and spells its descriptions anew for each account: tests open them by the thousand."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("discovery_cache.get_static_doc", "discovery.key2param"):
            place = f"googleapiclient.{name}"
            patch.setattr(place, functools.cache(resolve_name(place)))
        yield


@pytest.fixture(autouse=True, scope="session")
def _disks_that_keep_what_is_written():
    """A test does not wait for the disk: what comes before and after the wait is what they look at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda handle: os.fstat(handle) and None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _few_authorities(tmp_path_factory):
    """One authority stands for the usual ones, which no test meets: to read those takes longer than a cycle."""
    usual = tmp_path_factory.mktemp("usual") / "authorities.pem"
    trustme.CA(organization_name="the usual authorities").cert_pem.write_to_path(str(usual))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("certifi.where", lambda: str(usual))
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


@pytest.fixture
def microsoft() -> Iterator[MicrosoftSandbox]:
    """A running Microsoft, at the same time of its own. Whoever mails somebody through it fails the test."""
    with MicrosoftSandbox(Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))) as running:
        yield running
        assert running.bugs == []
        assert running.mailbox.sent_by_clients() == []
