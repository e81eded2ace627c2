"""Writes man/prepd.1 from the command line's own parser: `make man`. A test sees that the page is up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from daemon.commands.main import VERBS, whole_parser

PAGE = Path(__file__).parents[1] / "man" / "prepd.1"

HEAD = """\
.TH PREPD 1
.SH NAME
prepd \\- makes 1:1s count: a prep doc for each, ten minutes before it, and an honest ledger
.SH SYNOPSIS
.B prepd
.RI [ OPTION ...]
.I VERB
.RI [ ARGUMENT ...]
.SH DESCRIPTION
.B prepd
reads your Google and Outlook calendars, finds the 1:1s, attaches a linked prep doc to each, blocks ten minutes of
reflection before it, and records what became of every 1:1: held, rescheduled or cancelled, and by whom. Once a
week it says so in a report. It runs on your own machine; nobody is ever mailed by it.
.PP
Begin with
.BR "prepd demo" ,
which needs no account, or
.BR "prepd init" ,
which writes a first config, asking.
"""

TAIL = """\
.SH FILES
.TP
.I $XDG_CONFIG_HOME/prepd/config.toml
The config; else ~/.config/prepd/config.toml.
.TP
.I $XDG_STATE_HOME/prepd/
Ledger, sign-ins and reports; else ~/.local/state/prepd/. Readable by its owner alone.
.SH ENVIRONMENT
.TP
.BR PREPD_CONFIG ", " PREPD_STATE_DIR
The config, and the state directory, where no option names them.
.TP
.B NO_COLOR
Where it is set, output has no colour.
.TP
.BR HTTPS_PROXY ", " NO_PROXY
The proxy to go through, and the hosts to reach without it.
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
An error; or a brake holds, and asks for a look.
.TP
.B 2
Wrong usage.
.TP
.B 75
Try again later.
.TP
.B 77
Sign in again.
.TP
.B 78
The config, or a setting at the provider, is wrong.
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)
"""


def page() -> str:
    """The whole page, as roff."""
    parser = whole_parser()
    verbs = _verbs(parser)
    parts = [HEAD, ".SH OPTIONS\n", *_options(parser), ".SH VERBS\n"]
    for verb in VERBS:
        parts += _verb(verb.name, verb.help, verbs[verb.name])
    return "".join([*parts, TAIL])


def _verb(name: str, about: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    inner = _verbs(parser)
    if inner:
        helps = {c.dest: c.help or "" for c in _choices(parser)}
        for each, own in inner.items():
            yield from _verb(f"{name} {each}", helps.get(each, about), own)
        return
    yield f".SS prepd {_plain(' '.join([name, *_places(parser)]))}\n{_sentence(about)}\n"
    yield from _options(parser, common=False)


def _places(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._positionals._group_actions:  # noqa: SLF001  # argparse shows them nowhere else
        shown = str(action.metavar or action.dest)
        yield f"[{shown}]" if action.nargs in ("?", "*") else shown


def _options(parser: argparse.ArgumentParser, *, common: bool = True) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001  # as above
        known = "--help" in action.option_strings or action.dest in ("config", "state_dir", "verbose")
        if not action.option_strings or (known and not common):
            continue
        takes = f" {action.metavar or action.dest.upper()}" if action.nargs != 0 else ""
        if action.choices and not action.metavar:
            takes = f" {'|'.join(map(str, action.choices))}"
        names = ", ".join(action.option_strings)
        yield f".TP\n.B {_plain(names + takes)}\n{_sentence(action.help or '')}\n"


def _verbs(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:  # noqa: SLF001  # as above
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            return dict(action.choices)
    return {}


def _choices(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001  # as above
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            return list(action._choices_actions)  # noqa: SLF001
    return []


def _plain(text: str) -> str:
    """Foreign to roff: backslashes, dashes that are meant, and a dot at the start of a line."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")


def _sentence(text: str) -> str:
    said = _plain(f"{text[:1].upper()}{text[1:]}".rstrip("."))
    return f"\\&{said}." if said.startswith((".", "'")) else f"{said}."


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE.name} is written\n")
