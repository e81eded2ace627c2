"""What has to be right on this machine: files and their modes, room, time zone, agenda template."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from daemon.checks.verdict import Check
from daemon.config import Config
from daemon.config.options import GoogleAccount
from daemon.exits import Exit
from daemon.paths import Paths
from daemon.store.files import StateError
from daemon.store.store import Store
from daemon.template import TemplateError, load_template

_ROOM = 50 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def machine_checks(config: Config, config_file: Path, paths: Paths) -> Iterator[Check]:
    yield Check("config", True, f"{config_file} is right")
    for options in config.account:
        if isinstance(options, GoogleAccount) and options.client_secrets.exists():
            yield _private(options.client_secrets, "client secrets", options.name)
    for options in config.account:
        if paths.token(options.name).exists():
            yield _private(paths.token(options.name), "sign-in file", options.name)
    yield _state(paths)
    yield _room(paths)
    yield _template(config)
    yield Check("time zone", True, f"times are told as in {config.timezone.key}")


def _private(file: Path, what: str, account: str) -> Check:
    """Files that hold secrets are their owner's alone to read."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError as error:
        return Check(
            what,
            False,
            f"{file} can't be looked at ({error.strerror})",
            "Check who owns it and its folder.",
            account,
        )
    if mode & _OTHERS:
        return Check(
            what, False, f"{file} can be read by others (mode {mode:04o})", f"chmod 600 {file}", account
        )
    return Check(what, True, f"{file} is yours alone", account=account)


def _state(paths: Paths) -> Check:
    try:
        state = Store(paths.state).state()
    except StateError as error:
        return Check("state", False, str(error), "See the page on troubles: damaged state.")
    since = f", begun on {state.meta.began_at:%d %b %Y}" if state.meta.began_at else ""
    entries = f"{state.meta.entries} ledger entr{'y' if state.meta.entries == 1 else 'ies'}"
    return Check("state", True, f"{paths.state} is readable and yours: {entries}{since}")


def _room(paths: Paths) -> Check:
    """A commit writes a whole new file before the old one goes."""
    try:
        free = shutil.disk_usage(paths.state).free
        probe = paths.state / ".check"
        probe.unlink(missing_ok=True)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        return Check(
            "disk",
            False,
            f"{paths.state} can't be written ({error.strerror})",
            "Make room or make it writable, or name another folder with --state-dir.",
        )
    if free < _ROOM:
        return Check("disk", False, f"only {free // 1024**2} MB are free at {paths.state}", "Make some room.")
    return Check("disk", True, f"{free / 1024**3:.1f} GB are free")


def _template(config: Config) -> Check:
    named = config.prep_doc.template
    try:
        load_template(named)
    except TemplateError as error:
        return Check("agenda template", False, str(error), "Mend the file.", exit_code=Exit.CONFIG)
    return Check("agenda template", True, f"{named} can be used" if named else "the built-in one")
