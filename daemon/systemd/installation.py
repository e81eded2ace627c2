"""What `prepd service install` puts where: which files, with which paths, and what systemd is then told."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from connectors.frozen import dataclass
from daemon import paths
from daemon.config import Config, GoogleAccount, load
from daemon.exits import Exit, Stopped
from daemon.systemd.systemctl import Manager
from daemon.systemd.unit_files import (
    FILES,
    STARTED,
    SYSTEM_CONFIG,
    SYSTEM_FOLDER,
    SYSTEM_STATE,
    SYSUSERS,
    Flavour,
    filled,
    is_ours,
    marked,
    template,
)

_USER = "prepd"
_HIDDEN = (Path("/home"), Path("/root"), Path("/run/user"))
"""What ProtectHome= hides from the system unit."""


@dataclass(frozen=True, slots=True)
class Installation:
    """`as_its_user` is how the command line is called as the system unit's user; "" for the user's own units."""

    flavour: Flavour
    files: tuple[tuple[Path, str], ...]
    config_file: Path
    as_its_user: str = ""

    def manager(self, environment: Mapping[str, str]) -> Manager:
        return manager_of(self.flavour, environment)

    def replaces(self, manager: Manager) -> Iterator[Flavour]:
        """Takes the user's other unit away: a service and a timer would do the same work twice."""
        others = {Flavour.USER: Flavour.TIMER, Flavour.TIMER: Flavour.USER}
        other = others.get(self.flavour)
        folder = self.files[0][0].parent
        if other is None or not all((folder / file.name).exists() for file in FILES[other]):
            return
        _refuse_changed([folder / file.name for file in FILES[other]], force=False)
        yield other
        manager.act("disable", "--now", STARTED[other])
        for file in FILES[other]:
            (folder / file.name).unlink()

    def put(self, manager: Manager, *, force: bool) -> Iterator[str]:
        """Writes what differs, starts it, and says what was done.

        :raises Stopped: a file was changed by hand; nothing was written. :raises Failed: systemd did not take it.
        """
        _refuse_changed([file for file, _ in self.files], force=force)
        changed = [file for file, text in self.files if _write(file, text)]
        for file, _ in self.files:
            yield f"{file}: {'written' if file in changed else 'in place already'}"
        if self.flavour is Flavour.SYSTEM:
            _make_user(self.config_file)
        unit = STARTED[self.flavour]
        before = manager.state(unit)
        manager.act("daemon-reload")
        manager.act("enable", unit)
        if changed and before is not None and before.runs:
            manager.act("restart", unit)
        else:
            manager.act("start", unit)
        yield f"{unit} is started, and will be at every {'boot' if manager.system else 'login'}."


def installation(
    flavour: Flavour, given: tuple[Path | None, Path | None], environment: Mapping[str, str], program: str
) -> Installation:
    """What is to be put in place for the prepd that runs now.

    :param given: --config and --state-dir. :param program: sys.argv[0].
    :raises ConfigError: there is no config that could be run. :raises Stopped: it can't run from where it is.
    """
    command = [*_program(program)]
    if flavour is Flavour.SYSTEM:
        return _for_system(command, given)
    config_file = paths.config_file(given[0], environment)
    load(config_file)
    state = paths.state_dir(given[1], environment)
    home = {"HOME": environment.get("HOME", "")}
    if config_file != paths.config_file(None, home):
        command += ["--config", str(config_file)]
    if state != paths.state_dir(None, home):
        command += ["--state-dir", str(state)]
    verb = "run" if flavour is Flavour.USER else "sync"
    folder = unit_folder(flavour, environment)
    files = tuple(
        (folder / file.name, _text(file.template, [*command, verb], f"systemctl --user edit {file.name}"))
        for file in FILES[flavour]
    )
    return Installation(flavour, files, config_file)


def _for_system(command: list[str], given: tuple[Path | None, Path | None]) -> Installation:
    if given[1] is not None and given[1].absolute() != SYSTEM_STATE:
        raise Stopped(
            f"The system unit keeps its state in {SYSTEM_STATE}: leave --state-dir out.", Exit.USAGE
        )
    config_file = (given[0] or SYSTEM_CONFIG).expanduser().absolute()
    for needed in (Path(command[0]), config_file):
        if any(needed.is_relative_to(hidden) for hidden in _HIDDEN):
            raise Stopped(
                f"The system unit can't see {needed}: it is in somebody's home. Install prepd for the whole "
                "machine (in its checkout: python3 -m venv /opt/prepd && /opt/prepd/bin/pip install .), "
                f"and keep its config in {SYSTEM_CONFIG}."
            )
    config = load(config_file)
    words = [*command, "--config", str(config_file)]
    unit = FILES[Flavour.SYSTEM][0]
    text = filled(template(unit.template), [*words, "run"], _credentials(config))
    files = (
        (SYSUSERS, marked(template("prepd-sysusers.conf"), "another file there")),
        (SYSTEM_FOLDER / unit.name, marked(text, f"systemctl edit {unit.name}")),
    )
    secrets = f"env CREDENTIALS_DIRECTORY=/run/credentials/{unit.name} "
    line = shlex.join([*words, "--state-dir", str(SYSTEM_STATE)])
    return Installation(Flavour.SYSTEM, files, config_file, f"sudo -u {_USER} {secrets}{line}")


def _credentials(config: Config) -> list[tuple[str, Path]]:
    """The client secrets of the config, each once, under the name that the config is to call it by.

    :raises Stopped: one is not there; systemd would start nothing without it.
    """
    found = {a.client_secrets.name: a.client_secrets for a in config.account if isinstance(a, GoogleAccount)}
    for file in found.values():
        if not file.exists():
            raise Stopped(
                f"There is no {file}, which the config names as client_secrets. Put it there first."
            )
    return sorted(found.items())


def _program(program: str) -> list[str]:
    """The command as it was called, not what links lead to: those of pipx and uv outlive an upgrade."""
    found = shutil.which(program)
    if found is not None and Path(found).name == "prepd":
        return [str(Path(found).absolute())]
    return [sys.executable, "-m", "daemon.commands.main"]


def _text(name: str, command: list[str], edit: str) -> str:
    text = template(name)
    return marked(filled(text, command) if "ExecStart=" in text else text, edit)


def unit_folder(flavour: Flavour, environment: Mapping[str, str]) -> Path:
    if flavour is Flavour.SYSTEM:
        return SYSTEM_FOLDER
    return paths.config_file(None, {**environment, "PREPD_CONFIG": ""}).parents[1] / "systemd" / "user"


def manager_of(flavour: Flavour, environment: Mapping[str, str]) -> Manager:
    """:raises Unreachable: systemd or the user's manager is not there."""
    return Manager(environment, system=flavour is Flavour.SYSTEM)


def installed(flavour: Flavour, environment: Mapping[str, str]) -> bool:
    folder = unit_folder(flavour, environment)
    return any((folder / file.name).exists() for file in FILES[flavour])


def remove(flavour: Flavour, environment: Mapping[str, str], *, force: bool) -> Iterator[str]:
    """Stops a unit and takes its files away; drop-ins stay. :raises Stopped: a file was changed by hand."""
    folder, unit = unit_folder(flavour, environment), STARTED[flavour]
    files = [folder / file.name for file in FILES[flavour]]
    if flavour is Flavour.SYSTEM:
        files.append(SYSUSERS)
    files = [file for file in files if file.exists()]
    _refuse_changed(files, force=force)
    manager = manager_of(flavour, environment)
    manager.act("disable", "--now", unit)
    for file in files:
        file.unlink()
        yield f"{file}: taken away"
        if (drop_in := file.with_name(file.name + ".d")).is_dir():
            yield f"{drop_in}: yours, and still there"
    manager.act("daemon-reload")


def _refuse_changed(files: list[Path], *, force: bool) -> None:
    for file in files:
        if not force and file.exists() and not is_ours(file.read_text("utf-8", "replace")):
            raise Stopped(
                f"{file} was written or changed by hand, and nothing was done. Put your changes into a drop-in "
                f"(systemctl edit, with --user for your own units), then call this again with --force."
            )


def _write(file: Path, text: str) -> bool:
    """Whether anything had to be written."""
    if file.exists() and file.read_text("utf-8", "replace") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, "utf-8")
    fresh.chmod(0o644)
    fresh.replace(file)
    return True


def _make_user(config_file: Path) -> None:
    """The user of the unit, who may read the config; client secrets are handed over by systemd."""
    subprocess.run(["systemd-sysusers", str(SYSUSERS)], check=False, capture_output=True)  # noqa: S603, S607
    try:
        for path, mode in ((config_file.parent, 0o750), (config_file, 0o640)):
            if path.is_relative_to(SYSTEM_CONFIG.parent):
                shutil.chown(path, group=_USER)
                path.chmod(mode)
    except LookupError:
        raise Stopped(
            f"The user {_USER} could not be made: sudo useradd --system {_USER}, then again."
        ) from None
    except OSError as error:
        raise Stopped(f"{error.filename}: {os.strerror(error.errno or 0)}. Run this as root.") from error
