"""Where the config and the state are: by option, environment, or the XDG base directories.

Nothing here reads the config; only `ready` touches the disk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from connectors.frozen import dataclass
from daemon.exits import Stopped

PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of the state directory."""

    state: Path

    @property
    def ledger(self) -> Path:
        return self.state / "prepd.json"

    @property
    def reports(self) -> Path:
        return self.state / "reports"

    @property
    def cache(self) -> Path:
        """For what may be deleted at any time."""
        return self.state / "cache"

    def token(self, account: str) -> Path:
        """The sign-in of one account. Names of accounts are fit for file names: the config sees to it."""
        return self.state / "tokens" / f"{account}.json"


def config_file(given: Path | None, environment: Mapping[str, str]) -> Path:
    """--config, $PREPD_CONFIG, then prepd/config.toml in the user's config folder."""
    if given is not None:
        return given.expanduser().absolute()
    if named := environment.get("PREPD_CONFIG"):
        return Path(named).expanduser().absolute()
    return _xdg("XDG_CONFIG_HOME", ".config", environment) / "prepd" / "config.toml"


def state_dir(given: Path | None, environment: Mapping[str, str]) -> Path:
    """--state-dir, $PREPD_STATE_DIR, the first in systemd's $STATE_DIRECTORY, then the XDG place."""
    if given is not None:
        return given.expanduser().absolute()
    if named := environment.get("PREPD_STATE_DIR"):
        return Path(named).expanduser().absolute()
    if first := environment.get("STATE_DIRECTORY", "").split(":")[0]:
        return Path(first).absolute()
    return _xdg("XDG_STATE_HOME", ".local/state", environment) / "prepd"


def ready(folder: Path) -> Paths:
    """Makes the state directory where there is none, and sees that only its owner can look into it.

    :raises Stopped: it can't be made or used.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        found = folder.stat()
        if stat.S_IMODE(found.st_mode) & 0o077 and found.st_uid == os.geteuid():
            folder.chmod(PRIVATE_FOLDER)
    except OSError as wrong:
        raise _unusable(folder, wrong.strerror or type(wrong).__name__) from wrong
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise _unusable(folder, "it is not writable for you")
    return Paths(folder)


def _unusable(folder: Path, reason: str) -> Stopped:
    return Stopped(
        f"The state directory {folder} can't be used: {reason}. Make it yours to write, "
        "or name another with --state-dir or PREPD_STATE_DIR."
    )


def _xdg(variable: str, default: str, environment: Mapping[str, str]) -> Path:
    """One of the base directories. Relative values are to be ignored, says the XDG specification."""
    named = Path(environment.get(variable, ""))
    if named.is_absolute():
        return named
    home = environment.get("HOME")
    return Path(home, default) if home else _home() / default


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise Stopped("No home directory is known: name the files with --config and --state-dir.") from None
