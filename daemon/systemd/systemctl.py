"""What is asked of systemd, by its own command: the user's manager, or the system's.

The command line and `prepd check` use this; the service itself speaks to systemd by `sd_notify` alone.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from connectors.frozen import dataclass

_PATIENCE = 90.0
"""Seconds; starting a unit waits until it is ready."""


class Unreachable(Exception):
    """systemd, or the manager that is asked for, is not there. The message says what to do."""


class Failed(Exception):
    """systemctl said no. The message is its own."""


@dataclass(frozen=True, slots=True)
class UnitState:
    """What systemd knows of a unit. `active` is its word: active, activating, failed, inactive …"""

    active: str
    enabled: bool
    status: str
    result: str
    exit_code: int
    restarts: int

    @property
    def runs(self) -> bool:
        return self.active in ("active", "reloading")


class Manager:
    """The user's manager, or with `system` the system's.

    :raises Unreachable: it is not there.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ, *, system: bool = False) -> None:
        self.system = system
        self._environment = dict(environment)
        if not Path("/run/systemd/system").is_dir() or shutil.which("systemctl") is None:
            raise Unreachable(
                "This machine does not run systemd. Start `prepd run` by what it has instead, "
                "or `prepd sync` from cron."
            )
        if not system:
            self._find_user_manager()

    def _find_user_manager(self) -> None:
        """After su or sudo, the variable that leads there is missing, though it may be there."""
        runtime = Path(f"/run/user/{os.getuid()}")
        if "XDG_RUNTIME_DIR" not in self._environment and runtime.is_dir():
            self._environment["XDG_RUNTIME_DIR"] = str(runtime)
        if self._run("show-environment").returncode != 0:
            raise Unreachable(
                f"systemd's user manager is not there for {user()}. Log in as that user directly (not by su or "
                f"sudo), or have it always run: sudo loginctl enable-linger {user()}. "
                "Or install for the system: sudo prepd service install --system."
            )

    def act(self, *words: str) -> None:
        """:raises Failed: with what systemctl says."""
        done = self._run(*words)
        if done.returncode != 0:
            raise Failed(done.stderr.strip() or f"systemctl {' '.join(words)} exited {done.returncode}")

    def state(self, unit: str) -> UnitState | None:
        """None where there is no such unit."""
        wanted = "LoadState,ActiveState,UnitFileState,StatusText,Result,ExecMainStatus,NRestarts"
        told = self._run("show", "--property", wanted, unit).stdout
        found = dict(line.partition("=")[::2] for line in told.splitlines())
        if found.get("LoadState", "not-found") == "not-found":
            return None
        return UnitState(
            active=found.get("ActiveState", ""),
            enabled=found.get("UnitFileState", "").startswith("enabled"),
            status=found.get("StatusText", ""),
            result=found.get("Result", ""),
            exit_code=int(found.get("ExecMainStatus") or 0),
            restarts=int(found.get("NRestarts") or 0),
        )

    @property
    def word(self) -> str:
        """How people call it on the command line."""
        return "systemctl" if self.system else "systemctl --user"

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        whose = "--system" if self.system else "--user"
        return subprocess.run(  # noqa: S603  # no shell, and no word of it is foreign
            ["systemctl", whose, "--no-pager", *words],  # noqa: S607  # wherever the system has it
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=_PATIENCE,
            check=False,
        )


def user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return f"#{os.getuid()}"


def lingers() -> bool:
    """Whether the user's manager goes on while they are logged out."""
    return Path("/var/lib/systemd/linger", user()).exists()
