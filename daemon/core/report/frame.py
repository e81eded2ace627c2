"""What one report is made of and on: the facts and rules, its weeks, and when it is made."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.frozen import dataclass
from daemon.core.model import Times
from daemon.core.report.model import Facts, ReportRules
from daemon.core.weeks import Week, weeks_to


@dataclass(frozen=True, slots=True)
class Frame:
    """`weeks` are the twelve that end with `week`, the report's own; `window` is from their start to their end."""

    facts: Facts
    rules: ReportRules
    week: Week
    weeks: tuple[Week, ...]
    window: Times
    now: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in the twelve weeks."""
        return self.window.start <= moment < self.window.end


def frame_of(facts: Facts, rules: ReportRules, week: Week, now: datetime) -> Frame:
    """:param week: in the zone of the rules. :param now: when the report is made."""
    weeks = weeks_to(week, rules.zone)
    return Frame(facts, rules, week, weeks, in_utc(weeks[0].start, week.end), now)


def in_utc(start: datetime, end: datetime) -> Times:
    """The same moments in UTC: two times of one zone would be compared by its clocks, and not as moments."""
    return Times(start.astimezone(UTC), end.astimezone(UTC))
