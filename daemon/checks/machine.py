"""What has to be right on this machine: files and their modes, room, time zone, agenda template."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from daemon.apply.template import TemplateError, load_template
from daemon.checks.verdict import Check, told
from daemon.config import Config, system_zone
from daemon.config.options import GoogleAccount
from daemon.exits import Exit
from daemon.paths import Paths
from daemon.store.files import StateError
from daemon.store.store import Store

_ROOM = 50 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def machine_checks(config: Config, config_file: Path, paths: Paths) -> Iterator[Check]:
    yield _config(config, config_file)
    for options in config.account:
        if isinstance(options, GoogleAccount):
            yield from _private(options.client_secrets, "client secrets", options.name)
    for options in config.account:
        yield from _private(paths.token(options.name), "sign-in file", options.name)
    yield _state(paths)
    yield _room(paths)
    yield _template(config)
    yield _time_zone(config)


def _config(config: Config, file: Path) -> Check:
    """URLs of notification services hold passwords. Its group may read it: the system unit's user is in it."""
    secret = config.notify.urls or config.notify.ping
    if secret and file.stat().st_mode & stat.S_IRWXO:
        return Check(
            "config",
            False,
            f"{file} is right, but others can read the secrets in its [notify]",
            f"chmod o-rwx {shlex.quote(str(file))}",
        )
    return Check("config", True, f"{file} is right")


def _private(file: Path, what: str, account: str) -> Iterator[Check]:
    """Files that hold secrets are their owner's alone to read. Nothing where there is none."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        said = f"{file} can't be looked at ({error.strerror})"
        yield Check(what, False, said, "Check who owns it and its folder.", account)
        return
    if mode & _OTHERS:
        said = f"{file} can be read by others (mode {mode:04o})"
        yield Check(what, False, said, f"chmod 600 {shlex.quote(str(file))}", account)
    else:
        yield Check(what, True, f"{file} is yours alone", account=account)


def _time_zone(config: Config) -> Check:
    """Reports and what is told go by the config's; the machine may have moved since, or stand elsewhere."""
    system, wanted = system_zone(), config.timezone
    told = f"times are told as in {wanted.key}"
    if system is None or _alike(system, wanted):
        return Check("time zone", True, told)
    where = system.key if system.key in available_timezones() else "another one"
    remedy = "If you moved, change timezone in the config; without it, the machine's is taken."
    return Check("time zone", True, f"{told}; this machine is set to {where}", remedy)


def _alike(one: ZoneInfo, other: ZoneInfo) -> bool:
    """Whether both tell the same time over a year: many zones have two names."""
    year = [datetime(datetime.now(UTC).year, month, 15, tzinfo=UTC) for month in range(1, 13)]
    return one.key == other.key or all(
        one.utcoffset(at.astimezone(one)) == other.utcoffset(at.astimezone(other)) for at in year
    )


def _state(paths: Paths) -> Check:
    try:
        state = Store(paths.state).state()
    except StateError as error:
        return Check("state", False, *told(str(error)))
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
