"""Asks, and asks again where an answer makes no sense. Answers may come from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from daemon.commands.terminal import Terminal
from daemon.exits import Exit, Stopped

T = TypeVar("T")


class NobodyAnswers(Stopped):
    """The end of what is typed or piped in."""


class Questions:
    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def ask(self, question: str, default: str = "") -> str:
        """One line of the user's; `default` where it is empty.

        :raises NobodyAnswers:
        """
        shown = f"{question} [{default}] " if default else f"{question} "
        print(shown, end="", file=self.terminal.stream, flush=True)
        answer = sys.stdin.readline()
        if not answer:
            print(file=self.terminal.stream)
            raise NobodyAnswers(
                "`prepd init` asks questions, and nobody answered: nothing was written. Run it at a terminal, or copy "
                "config.example.toml and fill it in.",
                Exit.USAGE,
            )
        if not sys.stdin.isatty():
            print(file=self.terminal.stream)
        return answer.strip() or default

    def until(self, question: str, read: Callable[[str], T], default: str = "") -> T:
        """Asks until `read` takes the answer; what it raises is said.

        :param read: raises ValueError with a sentence.
        """
        while True:
            answer = self.ask(question, default)
            try:
                return read(answer)
            except ValueError as wrong:
                self.terminal.line(str(wrong))

    def one_of(self, question: str, choices: Sequence[str], default: str) -> str:
        def read(answer: str) -> str:
            found = [choice for choice in choices if choice.startswith(answer.lower())]
            if answer and len(found) == 1:
                return found[0]
            raise ValueError(f"Please answer with one of: {', '.join(choices)}.")

        return self.until(f"{question} ({'/'.join(choices)})", read, default)

    def yes(self, question: str, *, default: bool = True) -> bool:
        def read(answer: str) -> bool:
            if answer.lower() in ("y", "yes"):
                return True
            if answer.lower() in ("n", "no"):
                return False
            raise ValueError("Please answer yes or no.")

        return self.until(question, read, "yes" if default else "no")

    def offer(self, question: str, *, default: bool = True) -> bool:
        """As `yes`; where nobody answers, it is a no."""
        try:
            return self.yes(question, default=default)
        except NobodyAnswers:
            return False
