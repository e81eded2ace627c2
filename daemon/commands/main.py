"""The command line: which verbs there are, the options of them all, and how a call ends.

A verb's module is imported only when the verb is called. Its interface is one function, `configure(parser,
verb, common)`, that adds arguments and sets the default `run`: a function from Context to Exit. A verb with
verbs of its own gives each of their parsers `parents=[common]`.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple, NoReturn

from daemon.commands.context import Context
from daemon.commands.logs import set_up
from daemon.exits import Exit


class Verb(NamedTuple):
    """`looks`: it shows what is on record, and is over before there is garbage worth looking for."""

    name: str
    help: str
    module: str
    looks: bool = False


VERBS = (
    Verb("demo", "the main job on emulated calendars, in a few seconds", "daemon.commands.demo"),
    Verb("init", "write a first config, asking", "daemon.commands.init"),
    Verb("auth", "sign in to an account, out of it, or see where you are signed in", "daemon.commands.auth"),
    Verb("sync", "read the calendars once, and do what is to be done", "daemon.commands.sync"),
    Verb("run", "the service: sync again and again", "daemon.commands.run"),
    Verb(
        "service", "install the background service, take it away, or see how it is", "daemon.commands.service"
    ),
    Verb("agenda", "the 1:1s to come, with page and slot", "daemon.commands.agenda", looks=True),
    Verb("open", "open the next prep page in the browser", "daemon.commands.agenda"),
    Verb("history", "the ledger: what became of each 1:1", "daemon.commands.history", looks=True),
    Verb("report", "the week in 1:1s", "daemon.commands.report", looks=True),
    Verb("explain", "say why an event is, or is not, a 1:1", "daemon.commands.explain"),
    Verb("mark", "overrule the ledger", "daemon.commands.mark"),
    Verb("forget", "erase a person from the ledger and all else that is kept", "daemon.commands.forget"),
    Verb("clean", "take back what stands on the calendars, and pause", "daemon.commands.clean"),
    Verb("resume", "go on after clean", "daemon.commands.clean"),
    Verb("status", "how each account is", "daemon.commands.status", looks=True),
    Verb("check", "whether all that prepd needs is right, with remedies", "daemon.commands.check"),
    Verb("completion", "print what a shell needs to complete prepd", "daemon.commands.completion"),
    Verb("config", "print the JSON Schema of the config", "daemon.commands.config"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Carries out one call, and returns its exit code. No error leaves here as a traceback."""
    words = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        # What can't be written in the encoding of a terminal must not keep the rest from it.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        parser = parser_for(words)
        if words and not words[0].startswith("-") and all(verb.name != words[0] for verb in VERBS):
            _unknown(parser, words[0])
        args = parser.parse_args(words)
        if not hasattr(args, "run"):
            return _without_verb(getattr(args, "parser", parser))
        if not args.looks:
            gc.enable()
        context = Context(args)
        set_up(os.environ, verbose=context.verbose)
        code = args.run(context)
        sys.stdout.flush()
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  # each becomes a sentence and an exit code
        return _failed(error, verbose="--verbose" in words)
    return int(code)


def script() -> NoReturn:
    """What the installed command calls."""
    for name in ("stdout", "stderr"):
        # Closed by who called: nobody hears it, and no file of ours may be opened in its place.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123  # to the end
    # All that is made while modules load is kept: looking for garbage in it takes time and finds none.
    gc.disable()
    code = main()
    gc.freeze()  # nor does it at the end
    sys.exit(code)


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for a call. Only verbs that stand in it get their arguments, and their modules imported."""
    common = _common_options()
    parser = argparse.ArgumentParser(
        prog="prepd",
        description="Makes 1:1s count: a prep doc for each, ten minutes before it, and an honest ledger.",
        epilog="prepd VERB --help tells more about each.",
        parents=[common],
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", prog="prepd")
    # Where the first word is a verb, nothing shows the others.
    begins_with_one = bool(words) and any(verb.name == words[0] for verb in VERBS)
    for verb in VERBS:
        if begins_with_one and verb.name not in words:
            continue
        own = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=_capital(verb.help),
            parents=[common],
            allow_abbrev=False,
            formatter_class=_formatter,
        )
        if verb.name in words:
            own.set_defaults(parser=own, looks=verb.looks)
            import_module(verb.module).configure(own, verb.name, common)
    return parser


def whole_parser() -> argparse.ArgumentParser:
    """With the arguments of every verb, for what describes them all: completion, the man page."""
    return parser_for([verb.name for verb in VERBS])


def _common_options() -> argparse.ArgumentParser:
    """Options that stand before or after the verb; no defaults, so that one place doesn't undo the other."""
    common = argparse.ArgumentParser(
        add_help=False, argument_default=argparse.SUPPRESS, formatter_class=_formatter
    )
    group = common.add_argument_group("everywhere")
    group.add_argument("--config", type=Path, metavar="FILE", help="the config to use")
    group.add_argument("--state-dir", type=Path, metavar="DIR", help="where the ledger and sign-ins are kept")
    group.add_argument("--verbose", action="store_true", help="log what is done, and more about errors")
    return common


def _formatter(prog: str) -> argparse.HelpFormatter:
    """The usual one, told its width: to find it, each would load what makes archives (shutil), help or no help."""
    try:
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    except (ValueError, AttributeError, OSError):
        columns = 80
    return argparse.HelpFormatter(prog, width=columns - 2)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("prepd")
        except PackageNotFoundError:
            number = "(not installed)"
        print(f"prepd {number}")
        parser.exit()


def _without_verb(parser: argparse.ArgumentParser) -> Exit:
    """Wrong usage, of somebody who is probably here for the first time."""
    parser.print_help(sys.stderr)
    return Exit.USAGE


def _unknown(parser: argparse.ArgumentParser, word: str) -> NoReturn:
    from daemon.config.kinds import near

    close = near(word, [verb.name for verb in VERBS])
    parser.error(f'there is no verb "{word}"{close or "; prepd --help lists them all"}')


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _failed(error: BaseException, *, verbose: bool) -> Exit:
    from daemon.commands.failures import failure_of, tell

    failure = failure_of(error)
    if failure.exit_code is Exit.PIPE_CLOSED or isinstance(error, OSError):
        # What is still in the buffer can't be written: Python would try again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    tell(failure, error, verbose=verbose)
    return failure.exit_code


if __name__ == "__main__":
    script()
