"""The unit files: found where prepd is installed, filled with the paths of this machine, and known again later.

The first line of a file that prepd wrote holds a hash of the rest, so that one that somebody changed is never written
over without their saying so. Drop-ins (`systemctl edit`) are nobody's but theirs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from importlib import resources
from pathlib import Path

from connectors.frozen import dataclass


class Flavour(StrEnum):
    """How prepd is run: as the user's service, by the user's timer, or as the system's service."""

    USER = "user"
    TIMER = "timer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class UnitFile:
    """One file of a flavour: which template it is made of, and where it goes below the folder for units."""

    template: str
    name: str


FILES: dict[Flavour, tuple[UnitFile, ...]] = {
    Flavour.USER: (UnitFile("prepd.service", "prepd.service"),),
    Flavour.TIMER: (
        UnitFile("prepd-sync.service", "prepd-sync.service"),
        UnitFile("prepd-sync.timer", "prepd-sync.timer"),
    ),
    Flavour.SYSTEM: (UnitFile("prepd-system.service", "prepd.service"),),
}
STARTED: dict[Flavour, str] = {
    Flavour.USER: "prepd.service",
    Flavour.TIMER: "prepd-sync.timer",
    Flavour.SYSTEM: "prepd.service",
}
"""The unit that is enabled."""

SYSTEM_FOLDER = Path("/etc/systemd/system")
SYSUSERS = Path("/etc/sysusers.d/prepd.conf")
SYSTEM_STATE = Path("/var/lib/prepd")
SYSTEM_CONFIG = Path("/etc/prepd/config.toml")

_MARK = re.compile(r"# Written by prepd service install, ([0-9a-f]{16})\. [^\n]*\n")


def template(name: str) -> str:
    """A file of systemd/: beside the packages in a checkout, inside them where prepd is installed."""
    inside = resources.files("daemon.systemd").joinpath("units", name)
    if inside.is_file():
        return inside.read_text("utf-8")
    return Path(__file__).parents[2].joinpath("systemd", name).read_text("utf-8")


def filled(text: str, command: Sequence[str], credentials: Iterable[tuple[str, Path]] | None = None) -> str:
    """A template with the command of this machine.

    :param credentials: instead of the template's: the name of each, and the file that it is.
    """
    text = re.sub(r"(?m)^ExecStart=.*$", lambda _: f"ExecStart={command_line(command)}", text)
    if credentials is not None:
        lines = "".join(f"LoadCredential={name}:{_unspecified(str(path))}\n" for name, path in credentials)
        text = re.sub(r"(?m)^LoadCredential=.*\n", lambda _: lines, text)
    return text


def command_line(words: Sequence[str]) -> str:
    """Words as systemd.service(5) reads them back. The program's own path is not searched for variables."""
    return " ".join([_quoted(words[0]), *(_quoted(word.replace("$", "$$")) for word in words[1:])])


def _quoted(word: str) -> str:
    word = _unspecified(word)
    if re.fullmatch(r"[^\s\"'\\;]+", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unspecified(text: str) -> str:
    return text.replace("%", "%%")


def marked(text: str, edit: str) -> str:
    """The text under a first line that tells whose it is; `edit` is the command for changes."""
    return f"# Written by prepd service install, {_hash(text)}. Changes of your own go into: {edit}\n{text}"


def is_ours(content: str) -> bool:
    """Whether a file stands as prepd wrote it."""
    mark = _MARK.match(content)
    return mark is not None and mark[1] == _hash(content[mark.end() :])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
