"""What results look like: tables, notes and JSON on stdout. The one door to rich, loaded only for a terminal.

Piped, a table is plain aligned columns, whole and without colour. Text that others wrote goes through `clean`
before it gets near a terminal: it can hold escape sequences.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO, TypeAlias

from connectors.frozen import dataclass
from daemon.render.lines import Style, Styled, harmless, width
from daemon.render.wrap import wrapped

if TYPE_CHECKING:
    from rich.console import Console

_MISSING = "–"
_GAP = "  "
_NARROWEST = 6


Cell: TypeAlias = str | Styled | None
"""What stands in a table; None is shown as a dash."""


@dataclass(frozen=True, slots=True)
class Column:
    """`right` is for numbers. `flexible` columns give way where a terminal is too narrow for all."""

    title: str
    right: bool = False
    flexible: bool = False


class Terminal:
    """Stdout, as a person at a terminal sees it, or as another program reads it."""

    def __init__(self, stream: TextIO | None = None, environment: Mapping[str, str] | None = None) -> None:
        self.stream = stream or sys.stdout
        self._environment = environment or {}
        self._console: Console | None = None

    @property
    def interactive(self) -> bool:
        return self.stream.isatty() and self._environment.get("TERM") != "dumb"

    @property
    def columns(self) -> int | None:
        """How wide the terminal is; None where there is none."""
        return self._rich().width if self.interactive else None

    def line(self, *cells: str | Styled) -> None:
        """One line, of texts that are put together without spaces between them."""
        if not self.interactive:
            print("".join(map(_text, cells)), file=self.stream)
            return
        from rich.text import Text

        parts = [(_text(cell), str(_style(cell))) for cell in cells]
        self._rich().print(Text.assemble(*parts), soft_wrap=True)

    def paragraph(self, *cells: str | Styled, rest: str = "") -> None:
        """Prose: broken between words at a terminal, where `rest` begins the further lines; whole where it is piped."""
        if (room := self.columns) is None:
            self.line(*cells)
            return
        first, *others = (Styled(_text(cell), _style(cell)) for cell in cells)
        begun = Styled(first.text.lstrip(" "), first.style)
        indent = " " * (len(first.text) - len(begun.text))
        for line in wrapped([begun, *others], room, indent, rest, addresses=True):
            self.line(*line)

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], below: Sequence[str] = ()
    ) -> None:
        """Columns under quiet titles; nothing at all where there are no rows.

        On a terminal that is too narrow, flexible columns are cut. `below` is what stands under each row.
        """
        if not rows:
            return
        lines = [[Styled(column.title, Style.QUIET) for column in columns], *rows]
        widths = [max(width(_text(cell)) for cell in cells) for cells in zip(*lines, strict=True)]
        if self.interactive:
            widths = _fitting(widths, columns, self._rich().width)
        for number, line in enumerate(lines):
            cells = [_fitted(*entry) for entry in zip(line, widths, columns, strict=True)]
            self.line(*_spaced(cells))
            if below and number:
                self._indented(below[number - 1])

    def _indented(self, text: str) -> None:
        for part in textwrap.wrap(text, max((self.columns or 80) - len(_GAP), _NARROWEST)):
            self.line(Styled(f"{_GAP}{part}", Style.QUIET))

    def page(self, text: str) -> None:
        """A page of HTML or Markdown as it is: in UTF-8, which HTML says of itself, whatever the stream speaks."""
        if isinstance(self.stream, TextIOWrapper):
            self.stream.flush()
            self.stream.buffer.write(text.encode("utf-8", "replace"))
            self.stream.buffer.flush()
        else:
            self.stream.write(text)

    def json(self, document: object) -> None:
        """A document of the design's JSON, on stdout alone."""
        from daemon import codec

        self.json_text(codec.indented(document))

    def json_text(self, text: str) -> None:
        """JSON as it is; in ASCII where the stream is not in UTF-8."""
        if (self.stream.encoding or "utf-8").lower().replace("_", "-") not in ("utf-8", "utf8"):
            import json
            import re

            text = re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)
        print(text, file=self.stream)

    def _rich(self) -> Console:
        """Colour and width are rich's to find out; it honours NO_COLOR and COLUMNS."""
        if self._console is None:
            from rich.console import Console

            environment = dict(self._environment)
            self._console = Console(
                file=self.stream, highlight=False, markup=False, emoji=False, _environ=environment
            )
        return self._console


def _fitting(widths: list[int], columns: Sequence[Column], room: int) -> list[int]:
    """Takes what is too much off the widest flexible columns, and leaves them readable."""
    fitted = list(widths)
    flexible = [at for at, column in enumerate(columns) if column.flexible]
    while flexible and sum(fitted) + len(_GAP) * (len(fitted) - 1) > room:
        widest = max(flexible, key=lambda at: fitted[at])
        if fitted[widest] <= _NARROWEST:
            break
        fitted[widest] -= 1
    return fitted


def _fitted(cell: Cell, to: int, column: Column) -> Styled:
    text = _text(cell)
    while (wide := width(text)) > to:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    blank = " " * (to - wide)
    return Styled(blank + text if column.right else text + blank, _style(cell))


def _spaced(cells: Sequence[Styled]) -> list[str | Styled]:
    """With gaps between them, and none of the blanks that would end the line."""
    spaced: list[str | Styled] = []
    for cell in cells:
        spaced += [cell, _GAP]
    while spaced and not _text(spaced[-1]).strip():
        spaced.pop()
    last = spaced[-1] if spaced else ""
    return [*spaced[:-1], Styled(_text(last).rstrip(), _style(last))]


def _text(cell: Cell) -> str:
    """Once more without control characters: text that nobody cleaned must not reach a terminal."""
    if cell is None:
        return _MISSING
    text = cell.text if isinstance(cell, Styled) else cell
    return text if text.isprintable() else harmless(text)


def _style(cell: Cell) -> Style:
    if cell is None:
        return Style.QUIET
    return cell.style if isinstance(cell, Styled) else Style.PLAIN
