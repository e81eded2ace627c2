"""A stage on each provider."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox
from tests.faults.processes import Processes
from tests.faults.stages import OnGoogle, OnOutlook

PROVIDERS = {"google": (GoogleSandbox, OnGoogle), "outlook": (MicrosoftSandbox, OnOutlook)}


@pytest.fixture
def stage(request, tmp_path):
    """On the provider that the test is parametrized with (indirectly)."""
    sandbox, kind = PROVIDERS[request.param]
    with (
        sandbox(Clock(datetime(2026, 11, 2, 8, tzinfo=UTC))) as provider,
        Processes(provider.ca_path, tmp_path / "log") as processes,
    ):
        yield kind(provider, tmp_path, processes)
        assert provider.bugs == []
        assert provider.mailbox.sent_by_clients() == []


def pytest_terminal_summary(terminalreporter):
    """How much was tried, and what came of it."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [properties for r in reports if "faults" in (properties := dict(r.user_properties))]
    tried = Counter()
    for properties in told:
        tried.update(properties["faults"])
    if told:
        differences = sum(properties["differences"] for properties in told)
        terminalreporter.section("faults")
        for fault, times in sorted(tried.items()):
            terminalreporter.line(f"{times:6} {fault}")
        terminalreporter.line(f"{tried.total():6} faults, {differences} differences")
