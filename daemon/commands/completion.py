"""`prepd completion`: what a shell needs to complete prepd's verbs and options. The one door to shtab."""

from __future__ import annotations

import argparse

from daemon.commands.context import Context
from daemon.exits import Exit

SHELLS = ("bash", "zsh", "tcsh")


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.set_defaults(run=_completion)


def _completion(context: Context) -> Exit:
    import shtab

    from daemon.commands.main import whole_parser

    print(shtab.complete(whole_parser(), context.args.shell))
    return Exit.OK
