"""Drops what is older than `ledger.retention`, once a day: entries of the ledger, 1:1s, gaps, delivered reports.

All that is on record of a 1:1 goes together, so that no correction refers to what is gone. Where nothing is old
enough, nothing is written.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.config import Config
from daemon.core.model import OPEN, Change, State
from daemon.paths import Paths
from daemon.store.files import delete
from daemon.store.heartbeat import read_heartbeat, write_heartbeat
from daemon.store.state import State as Stored
from daemon.store.store import Store

log = logging.getLogger(__name__)

_EVERY = timedelta(days=1)
_WEEK = re.compile(r"(\d{4})-W(\d\d)\.\w+")


def keep_house(config: Config, store: Store, now: datetime) -> None:
    """Drops what is too old, if that was not done for a day. The caller holds the store's lock.

    :raises StateError: the state can't be read or written.
    """
    retention = config.ledger.retention
    if retention is None:
        return
    beat = read_heartbeat(store.folder)
    # A clock that was set back must not keep it from being done for long.
    if beat.tidied_at is not None and abs(now - beat.tidied_at) < _EVERY:
        return
    drop_older(store, now - retention)
    write_heartbeat(store.folder, replace(read_heartbeat(store.folder), tidied_at=now))


def drop_older(store: Store, cutoff: datetime) -> int:
    """Drops all that lies before `cutoff`, backups included. How many entries of the ledger that were."""
    for report in _old_reports(Paths(store.folder).reports, cutoff):
        delete(report)
    state, ledger = store.state(), store.changes()
    old = _old_one_on_ones(ledger, cutoff) - {
        r.id for r in state.records.values() if _stays(r.end, r.state, cutoff)
    }
    kept = [c for c in ledger if c.one_on_one not in old]
    after = _without_old(state, cutoff)
    if len(kept) == len(ledger) and after == state:
        return 0
    store.rewrite(after, kept)
    log.info("%d entries older than ledger.retention were dropped", len(ledger) - len(kept))
    return len(ledger) - len(kept)


def _old_one_on_ones(ledger: Iterable[Change], cutoff: datetime) -> set[str]:
    """The 1:1s all of whose times lie before `cutoff`; where an entry has none, it is when it was noticed."""
    latest: dict[str, datetime] = {}
    for change in ledger:
        ends = [times.end for times in (change.was, change.now_at) if times is not None]
        last = max(ends, default=change.noticed_at)
        latest[change.one_on_one] = max(last, latest.get(change.one_on_one, last))
    return {one for one, last in latest.items() if last < cutoff}


def _stays(end: datetime, state: State, cutoff: datetime) -> bool:
    """What is not settled yet stays, however old it is."""
    return end >= cutoff or state in OPEN


def _without_old(state: Stored, cutoff: datetime) -> Stored:
    records = {i: r for i, r in state.records.items() if _stays(r.end, r.state, cutoff)}
    gone = state.records.keys() - records.keys()
    made = state.artefacts
    return replace(
        state,
        records=records,
        artefacts=replace(
            made.copy(),
            slots={i: s for i, s in made.slots.items() if i not in gone},
            links={i: link for i, link in made.links.items() if i not in gone},
        ),
        shadows=tuple(s for s in state.shadows if s.of not in gone),
        gaps=tuple(g for g in state.gaps if g.end is None or g.end >= cutoff),
    )


def _old_reports(folder: Path, cutoff: datetime) -> list[Path]:
    """Reports on weeks that were over by then."""
    if not folder.is_dir():
        return []
    return [
        file for file in sorted(folder.iterdir()) if (end := _end_of(file.name)) is not None and end <= cutoff
    ]


def _end_of(name: str) -> datetime | None:
    """When the week of a report was over; None for files that are no reports of prepd's."""
    named = _WEEK.fullmatch(name)
    if named is None:
        return None
    try:
        monday = datetime.fromisocalendar(int(named[1]), int(named[2]), 1)
    except ValueError:
        return None
    return monday.replace(tzinfo=UTC) + timedelta(weeks=1)
