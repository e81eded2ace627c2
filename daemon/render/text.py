"""The weekly report as plain text of at most 80 columns."""

from __future__ import annotations

from daemon.core.report_model import Report


def plain(report: Report) -> str:
    """Names the week, to begin with."""
    return f"{report.week.name}\n"
