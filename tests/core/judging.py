"""Batches of looks, judged, and what is asked of the outcome."""

from __future__ import annotations

from connectors.values import Response, Tombstone
from daemon.core.ledger.classify import classify
from daemon.core.model import By, State
from tests.build import DAY, NOW, event, on_record, record

NO = Response.DECLINED


def judged(records, *looks, candidates=(), window=7 * DAY):
    return classify(on_record(*records), looks, candidates, looks[-1].at if looks else NOW, window)


def after(records, outcome):
    return list({**on_record(*records), **on_record(*outcome.records)}.values())


def summary(outcome):
    """What happened, in short."""
    return [(c.kind, c.how, c.by) for c in outcome.changes]


def only(outcome):
    assert len(outcome.changes) == 1, summary(outcome)
    return outcome.changes[0]


def state(outcome):
    return [r.state for r in outcome.records]


def cancelled_record(seen=None, when=NOW - DAY, **more):
    return record(
        seen or event(),
        state=State.CANCELLED,
        closed_at=when,
        closed_by=By.THEM,
        closing_change="x.2",
        changes=2,
        **more,
    )


def gone_all(dates, absent=True):
    return [Tombstone(d.id, d.series_id, absent=absent) for d in dates]
