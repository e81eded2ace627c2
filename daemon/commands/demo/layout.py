"""How the demo's texts lie on a terminal: beside the times, within its width; and what did not come out as it must."""

from __future__ import annotations

import shutil
import textwrap

from daemon.commands.terminal import Terminal
from daemon.render.lines import Style, Styled

MARGIN = 18
"""Where texts begin, right of the times."""
_WIDEST = 96


class Layout:
    """Writes to a terminal, and remembers in `wrong` what did not come out as the story has it."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.line = terminal.line
        self.width = min(shutil.get_terminal_size((88, 24)).columns, _WIDEST)
        self.wrong: list[str] = []

    def expect(self, otherwise: str, right: bool) -> None:
        if not right:
            self.wrong.append(otherwise)

    def bullet(self, what: Styled, text: str, indent: int = MARGIN) -> None:
        room = self.width - indent - 2
        first, *rest = textwrap.wrap(what.text + text, room)
        self.line(" " * indent, Styled("● ", what.style), what, first[len(what.text) :])
        for line in rest:
            self.line(" " * (indent + 2), line)

    def arrow(self, text: str) -> None:
        first, *rest = textwrap.wrap(text, self.width - MARGIN - 2)
        self.line(" " * MARGIN, Styled("→ ", Style.STRONG), first)
        for line in rest:
            self.line(" " * (MARGIN + 2), line)

    def text(self, text: str, style: Style, indent: int = MARGIN) -> None:
        for line in textwrap.wrap(text, self.width - indent):
            self.line(" " * indent, Styled(line, style))
