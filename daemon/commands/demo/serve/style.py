"""The looks of the pages: the report's, and what calendars and docs need besides."""

from __future__ import annotations

import functools
from importlib.resources import files

from daemon.commands.demo.serve.lanes import MOST
from daemon.commands.demo.serve.week_page import STEP

_OURS = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FILE_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; {_OURS}"
"""For the report as a file, which has its style sheet in it."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1d7357"/>'
    '<path d="M9 17l5 5 9-12" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)


@functools.cache
def sheet() -> str:
    report = files("daemon.render").joinpath("report.css").read_text("utf-8")
    ours = files("daemon.commands.demo.serve").joinpath("serve.css").read_text("utf-8")
    return f"{report}\n{ours}\n@media (min-width: 52rem) {{\n{_grid()}\n}}\n"


def _grid() -> str:
    """Places in a day: a class for each row, since the policy allows no style on an element."""
    an_hour = 60 // STEP
    rows = range(1, 24 * an_hour + 1)
    rules = [f".s{row} {{ grid-row-start: {row} }} .n{row} {{ grid-row-end: span {row} }}" for row in rows]
    rules += [
        f".h{hours} {{ grid-template-rows: repeat({hours * an_hour}, var(--row)) }}" for hours in range(1, 25)
    ]
    for lanes in range(1, MOST + 1):
        width = 6 // lanes
        rules += [
            f".l{lane}of{lanes} {{ grid-column: {(lane - 1) * width + 1} / span {width} }}"
            for lane in range(1, lanes + 1)
        ]
    return "\n".join(rules)
