"""How an entry of the ledger is told in a story."""

from __future__ import annotations

from daemon.core.model import Change, Scope
from tests.histories.story import shown


def short(change: Change) -> str:
    """What, by whom, from and to when."""
    kind = change.how.value if change.how else change.kind.value.replace("_", " ")
    series = "series " if change.scope is Scope.SERIES and change.how else ""
    by = f" by {change.by.value}" if change.by else ""
    times = " -> ".join(shown(t.start) for t in (change.was, change.now_at) if t is not None)
    return f"{series}{kind}{by}: {times}"


def in_full(change: Change, entries: list[Change]) -> list[str]:
    """The same, with what always has to be told beside it."""
    parts = [short(change)]
    if change.person != "dana@example.com":
        parts.append(f"with {change.person.partition('@')[0].title()}")
    if change.corrects is not None:
        (corrected,) = [c for c in entries if c.id == change.corrects]
        parts.append(f"corrects {(corrected.how or corrected.kind).value.replace('_', ' ')}")
    if change.backfilled:
        parts.append("backfilled")
    return parts
