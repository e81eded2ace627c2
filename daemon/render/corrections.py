"""What an entry of the ledger corrects, and what corrected it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from daemon.core.model import Change
from daemon.render import words


class Corrections:
    """Of a ledger, or of a part of it that holds whole 1:1s."""

    def __init__(self, entries: Iterable[Change], zone: tzinfo) -> None:
        entries = tuple(entries)
        self._zone = zone
        self._by_id = {e.id: e for e in entries}
        self._later = {e.corrects: e for e in entries if e.corrects}

    def why(self, change: Change) -> str:
        """How it is known, with what notice, and what it corrects or what corrected it."""
        return "; ".join(filter(None, (change.evidence, words.notice_given(change), self.said(change))))

    def whole(self, change: Change) -> str:
        """The same, and when it was noticed."""
        return f"{self.why(change)}; noticed {words.in_text(change.noticed_at, self._zone)}"

    def said(self, change: Change) -> str:
        """ "corrects: cancelled by them (noticed Tue 17 Nov 10:00)", "corrected since: held", or nothing."""
        parts = []
        before = self._by_id.get(change.corrects or "")
        if before is not None:
            parts.append(
                f"corrects: {kind_and_who(before)} (noticed {words.in_text(before.noticed_at, self._zone)})"
            )
        after = self._later.get(change.id)
        if after is not None:
            parts.append(f"corrected since: {kind_and_who(after)}")
        return "; ".join(parts)


def kind_and_who(change: Change) -> str:
    """ "cancelled by them", "declined by you", "held" """
    by = words.by_whom(change)
    return f"{words.kind_of(change).text} by {by}" if by else words.kind_of(change).text
