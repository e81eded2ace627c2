"""Curves as an SVG that is legible on light and dark pages: small panels, each with one line for each provider."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 250, 150
LEFT, TOP, RIGHT, BOTTOM = 52, 34, 14, 34
STYLE = """\
text{font:11px system-ui,sans-serif;fill:#444c56}.title{font-weight:600;fill:#1f2328}
.axis{stroke:#8b949e;stroke-width:1;fill:none}.grid{stroke:#8b949e;stroke-opacity:.25}
.line0{stroke:#0969da}.line1{stroke:#bc4c00}.line0,.line1{stroke-width:2;fill:none}
.dot0{fill:#0969da}.dot1{fill:#bc4c00}
@media (prefers-color-scheme:dark){text{fill:#b1bac4}.title{fill:#e6edf3}.line0{stroke:#58a6ff}.line1{stroke:#f0883e}
.dot0{fill:#58a6ff}.dot1{fill:#f0883e}}"""


@dataclass(frozen=True, slots=True)
class Panel:
    """`lines` are the points of each series by name; `logarithmic` holds for both axes."""

    title: str
    below: str
    lines: dict[str, Sequence[tuple[float, float]]]
    logarithmic: bool = False


def picture(rows: Sequence[Sequence[Panel]], title: str, description: str) -> str:
    """The whole SVG. The first row's names of lines are the legend."""
    width = max(len(row) for row in rows) * WIDTH
    height = len(rows) * HEIGHT + 26
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>',
        f"<style>{STYLE}</style>",
    ]
    for number, name in enumerate(rows[0][0].lines):
        at = LEFT + number * 90
        parts.append(f'<path class="line{number}" d="M{at} 14h18"/><text x="{at + 24}" y="18">{name}</text>')
    for row, panels in enumerate(rows):
        for column, panel in enumerate(panels):
            parts.append(
                f'<g transform="translate({column * WIDTH} {row * HEIGHT + 22})">{_panel(panel)}</g>'
            )
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel) -> str:
    points = [point for line in panel.lines.values() for point in line]
    xs, ys = (
        _axis([x for x, _ in points], panel.logarithmic),
        _axis([y for _, y in points], panel.logarithmic),
    )
    inner, deep = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        across = _along(x, xs, panel.logarithmic) * inner + LEFT
        return round(across, 1), round(TOP + deep - _along(y, ys, panel.logarithmic) * deep, 1)

    parts = [f'<text class="title" x="{LEFT}" y="24">{escape(panel.title)}</text>']
    for tick in ys:
        _, y = place(xs[0], tick)
        parts.append(f'<path class="grid" d="M{LEFT} {y}h{inner}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{_short(tick)}</text>')
    for tick in xs:
        x, _ = place(tick, ys[0])
        parts.append(f'<text x="{x}" y="{TOP + deep + 14}" text-anchor="middle">{_short(tick)}</text>')
    parts.append(f'<path class="axis" d="M{LEFT} {TOP}v{deep}h{inner}"/>')
    parts.append(
        f'<text x="{LEFT + inner}" y="{TOP + deep + 27}" text-anchor="end">{escape(panel.below)}</text>'
    )
    for number, line in enumerate(panel.lines.values()):
        spots = [place(*point) for point in line]
        path = "L".join(f"{x} {y}" for x, y in spots)
        parts.append(f'<path class="line{number}" d="M{path}"/>')
        parts += [f'<circle class="dot{number}" cx="{x}" cy="{y}" r="2.5"/>' for x, y in spots]
    return "".join(parts)


def _axis(values: Sequence[float], logarithmic: bool) -> list[float]:
    """Round values from just below the least to just above the greatest."""
    low, high = min(values), max(values)
    if logarithmic:
        first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
        return [10.0**power for power in range(first, max(last, first + 1) + 1)]
    step = 10.0 ** math.floor(math.log10(high / 3))
    step = next(step * factor for factor in (1, 2, 5, 10, 20) if high / (step * factor) <= 4.5)
    return [step * number for number in range(math.ceil(high / step - 1e-9) + 1)]


def _along(value: float, axis: Sequence[float], logarithmic: bool) -> float:
    if logarithmic:
        return math.log(value / axis[0]) / math.log(axis[-1] / axis[0])
    return (value - axis[0]) / (axis[-1] - axis[0])


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"
