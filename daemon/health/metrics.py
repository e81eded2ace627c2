"""Metrics as a textfile for node_exporter: the one door to prometheus-client. Counts and times, no people or titles."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from daemon.config import Config
from daemon.core.model import Kind
from daemon.core.upcoming import upcoming
from daemon.store.heartbeat import AccountPulse, Heartbeat, Trouble
from daemon.store.state import State as Stored

log = logging.getLogger(__name__)

_READABLE = 0o644
"""The exporter is another user."""
_unwritten: set[Path] = set()
"""What this process could not write last, and said so."""


def write_metrics(path: Path, config: Config, stored: Stored, beat: Heartbeat, now: datetime) -> None:
    """Replaces the file, whole or not at all. What keeps it from being written is logged when it begins."""
    registry = CollectorRegistry()
    registry.register(_Metrics(config, stored, beat, now))
    try:
        write_to_textfile(str(path), registry)
        path.chmod(_READABLE)
    except OSError as error:
        if path not in _unwritten:
            _unwritten.add(path)
            log.warning("the metrics (metrics.textfile) can't be written: %s", error.strerror)
    else:
        _unwritten.discard(path)


class _Metrics:
    """What there is to tell now, in the shape that prometheus-client collects."""

    def __init__(self, config: Config, stored: Stored, beat: Heartbeat, now: datetime) -> None:
        self._config, self._stored, self._beat, self._now = config, stored, beat, now

    def collect(self) -> Iterator[Metric]:
        yield from self._of_accounts()
        yield from self._of_cycles()
        coming = upcoming(self._stored.records.values(), self._now, self._now + self._config.sync.watch)
        yield GaugeMetricFamily("prepd_upcoming_one_on_ones", "1:1s to come, as far as watched.", len(coming))
        waiting = len(self._beat.pending)
        yield GaugeMetricFamily(
            "prepd_pending_work", "Things that are wanted and could not be done yet.", waiting
        )
        paused = float(self._stored.meta.paused)
        yield GaugeMetricFamily("prepd_paused", "1 since `prepd clean`, until `prepd resume`.", paused)

    def _of_accounts(self) -> Iterator[Metric]:
        last = GaugeMetricFamily(
            "prepd_account_last_success_timestamp_seconds",
            "When the account was last read.",
            labels=["account"],
        )
        trouble = GaugeMetricFamily(
            "prepd_account_trouble",
            "1 for what keeps the account from being served.",
            labels=["account", "trouble"],
        )
        for options in self._config.account:
            pulse = self._beat.accounts.get(options.name, AccountPulse())
            if pulse.last_success is not None:
                last.add_metric([options.name], pulse.last_success.timestamp())
            for kind in Trouble:
                trouble.add_metric([options.name, kind.value], float(pulse.trouble is kind))
        yield last
        yield trouble

    def _of_cycles(self) -> Iterator[Metric]:
        tally = self._beat.tally
        if self._beat.at is not None:
            at = self._beat.at.timestamp()
            yield GaugeMetricFamily("prepd_last_cycle_timestamp_seconds", "When the last cycle began.", at)
        yield GaugeMetricFamily(
            "prepd_cycle_duration_seconds", "How long the last round took.", tally.seconds
        )
        yield CounterMetricFamily("prepd_cycles", "Cycles run.", tally.cycles)
        requests = CounterMetricFamily("prepd_requests", "Requests to providers.", labels=["account"])
        for name, count in tally.requests.items():
            requests.add_metric([name], count)
        yield requests
        changes = CounterMetricFamily("prepd_changes", "Changes recorded in the ledger.", labels=["kind"])
        for kind in Kind:
            changes.add_metric([kind.value], tally.changes.get(kind.value, 0))
        yield changes
