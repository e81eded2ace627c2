"""`prepd init`: a first config, by asking; then the sign-in, a dry run, and the service, each if wished for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.exits import Exit, Stopped

if TYPE_CHECKING:
    from daemon.commands.init.questions import Questions


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_init)


def _init(context: Context) -> Exit:
    from daemon.commands.init.answers import ask_for_all
    from daemon.commands.init.questions import Questions
    from daemon.commands.init.writing import config_text, write_config

    file = context.config_file
    if file.exists():
        raise Stopped(
            f"There is a config at {file} already; nothing was changed. `prepd check` looks whether all is right, and "
            "--config names another place for a new one."
        )
    say = context.terminal.line
    questions = Questions(context.terminal)
    say("prepd asks a few questions, and writes a config. Nothing is changed before you see it.")
    try:
        answers = ask_for_all(questions, file.parent)
        text = config_text(answers)
        agreed = _agreed(questions, file, text)
    except KeyboardInterrupt:
        say()
        say("Nothing was written.")
        raise
    if not agreed:
        say("Nothing was written.")
        return Exit.OK
    for original, copy in write_config(file, text, answers):
        say(f"{original} is copied to {copy}; you may delete the original.")
    try:
        return _and_then(context, questions, [account.name for account in answers.accounts], file)
    except KeyboardInterrupt:
        say()
        say(f"The config is {file}. What is still to do: prepd check.")
        raise


def _agreed(questions: Questions, file: Path, text: str) -> bool:
    say = questions.terminal.line
    say()
    say(f"This goes into {file}:")
    say()
    for line in text.splitlines():
        say(f"    {line}" if line else "")
    say()
    return questions.yes("Write it?")


def _and_then(context: Context, questions: Questions, names: list[str], file: Path) -> Exit:
    """What the user would call next, one after the other. What does not work now can be done later."""
    from daemon.commands.init.calling import call

    say = context.terminal.line
    done = [name for name in names if _signed_in(context, questions, name)]
    for name in sorted(set(names) - set(done)):
        say(f"Later: prepd auth login {name}")
    if done and questions.offer(
        "See what the first sync would do? It reads the calendars, and changes nothing."
    ):
        say()
        call(context, "sync", "--dry-run")
        say()
    if questions.offer(
        "Let prepd run in the background from now on (a systemd user service)?", default=False
    ):
        call(context, "service", "install")
    else:
        say("Later: prepd service install; or by hand: prepd sync")
    say()
    say(f"The config is {file}: `prepd config schema` and config.example.toml tell all that can stand in it.")
    say("What comes: prepd agenda. How all is: prepd status. Whether all is right: prepd check.")
    return Exit.OK


def _signed_in(context: Context, questions: Questions, name: str) -> bool:
    from daemon.commands.init.calling import call

    while questions.offer(f"Sign in to {name} now?"):
        if call(context, "auth", "login", name) == Exit.OK:
            return True
    return False
