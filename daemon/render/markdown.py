"""The weekly report as Markdown."""

from __future__ import annotations

from daemon.core.report_model import Report


def render(report: Report) -> str:
    """Names the week, to begin with."""
    return f"{report.week.name}\n"
