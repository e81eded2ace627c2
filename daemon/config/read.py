"""Reads a config file strictly: all that is wrong with it at once, each with its key path.

What single values may look like is in `kinds`; what must hold between several is checked in `together`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, Field, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import unnamed
from connectors.frozen import dataclass
from daemon.config.kinds import expected_one_of, near, shown
from daemon.config.options import ACCOUNTS, AccountOptions, Config, GoogleAccount, Meta, Provider
from daemon.config.together import disagreements


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` is like ``account[1].calendars``, from 0; "": the whole file."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ConfigError(Exception):
    """The config can't be used. `file` is where it is, or should be."""

    def __init__(self, file: Path, errors: Iterable[Problem]) -> None:
        self.file = file
        self.errors = tuple(errors)
        super().__init__(str(self))

    def __str__(self) -> str:
        if len(self.errors) == 1 and not self.errors[0].path:
            return str(self.errors[0])
        count = "one error" if len(self.errors) == 1 else f"{len(self.errors)} errors"
        return "\n".join([f"{self.file} has {count}:", *(f"  {problem}" for problem in self.errors)])

    @property
    def logged(self) -> str:
        """For logs: where it is wrong. What stands there may be a secret, or somebody's address."""
        where = ", ".join(unnamed(problem.path) for problem in self.errors if problem.path)
        return f"{self.file} is wrong in {where}: `prepd check` says how" if where else unnamed(str(self))


def load(file: Path) -> Config:
    """Reads and checks the config at `file`.

    :raises ConfigError: with everything that is wrong, or why the file can't be read.
    """
    file = file.expanduser().absolute()
    return parse(_document(file), file)


def parse(document: dict[str, Any], file: Path) -> Config:
    """What `load` does, from a TOML document that is parsed already.

    :raises ConfigError: with everything that is wrong.
    """
    reading = _Reading(file.parent)
    values = reading.table(document, "", Config)
    if "timezone" not in document:
        values["timezone"] = reading.system_zone()
    config = Config(**values, folder=file.parent)
    reading.compare(config)
    if reading.problems:
        raise ConfigError(file, reading.problems)
    return config


def _document(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode())
    except FileNotFoundError:
        remedy = "`prepd init` writes one, asking; or name another with --config"
        raise ConfigError(file, [Problem("", f"There is no config at {file}: {remedy}.")]) from None
    except OSError as wrong:
        raise ConfigError(file, [Problem("", f"{file} can't be read: {wrong.strerror}.")]) from None
    except UnicodeDecodeError as wrong:
        problem = Problem("", f"{file} is not in UTF-8 (byte {wrong.start}).")
        raise ConfigError(file, [problem]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise ConfigError(file, [Problem("", f"{file} is not TOML: {wrong}.")]) from None


@dataclass(slots=True)
class _Reading:
    """A walk over the document along the classes of the options, gathering problems.

    What is missing or wrong is reported, and read as its default, else as "", so that the walk goes on.
    """

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def compare(self, config: Config) -> None:
        """Reports what disagrees, except in what is wrong already: there it would compare a default."""
        wrong = {problem.path for problem in self.problems}
        sections = {path.partition(".")[0] for path in wrong if "[" not in path}
        for path, message in disagreements(config):
            if path not in wrong and path.partition(".")[0] not in sections:
                self.report(path, message)

    def table(self, raw: object, path: str, of: type) -> dict[str, Any]:
        """The values of a table by the name of their field; those that are not given are left out."""
        if not isinstance(raw, dict):
            # Not the value: a URL that holds a secret may have come to stand one level too high.
            self.report(path, f"expected a table, got {_sort(raw)}")
            return {}
        known = {f.name: f for f in fields(of) if f.metadata}
        for key in raw.keys() - known.keys():
            self.report(_join(path, key), "there is no such option" + _instead(key, known, of))
        values = {}
        for name, f in known.items():
            if name in raw:
                values[name] = self.value(raw[name], _join(path, name), f)
            elif _required(f):
                self.report(_join(path, name), _missing(name))
                values[name] = () if name == "account" else ""
        return values

    def value(self, raw: object, path: str, f: Field[Any]) -> Any:
        if "accounts" in f.metadata:
            return tuple(self.account(entry, at) for entry, at in self.entries(raw, path, least=1))
        if "sections" in f.metadata:
            return tuple(self.made(f.metadata["sections"], e, at) for e, at in self.entries(raw, path))
        if "section" in f.metadata:
            return self.made(f.metadata["section"], raw, path)
        meta: Meta = f.metadata["option"]
        if meta.many:
            entries = self.entries(raw, path, least=meta.least)
            return tuple(self.single(entry, at, meta, instead="") for entry, at in entries)
        return self.single(raw, path, meta, instead="" if f.default is MISSING else f.default)

    def single(self, raw: object, path: str, meta: Meta, *, instead: object) -> object:
        try:
            return meta.kind.parse(raw, self.folder)
        except ValueError as wrong:
            self.report(path, str(wrong))
            return instead

    def entries(self, raw: object, path: str, *, least: int = 0) -> list[tuple[object, str]]:
        """The entries of a list, each with its path."""
        if not isinstance(raw, list):
            self.report(path, f"expected a list, got {_sort(raw)}" + _brackets(raw, path))
            return []
        if len(raw) < least:
            self.report(path, "must not be empty")
        return [(entry, f"{path}[{index}]") for index, entry in enumerate(raw)]

    def account(self, raw: object, path: str) -> AccountOptions:
        """An account of either provider; only the keys of its own provider are known in it."""
        named = raw.get("provider", Provider.GOOGLE) if isinstance(raw, dict) else Provider.GOOGLE
        if isinstance(named, str) and named not in list(Provider):
            self.report(f"{path}.provider", expected_one_of(Provider, named))
            return GoogleAccount(name="", provider=Provider.GOOGLE, client_secrets=self.folder)
        of = ACCOUNTS[Provider(named)] if isinstance(named, str) else GoogleAccount
        made: AccountOptions = self.made(of, raw, path)
        return made

    def made(self, of: type, raw: object, path: str) -> Any:
        values = self.table(raw, path, of)
        required = [f.name for f in fields(of) if _required(f)]
        return of(**dict.fromkeys(required, "") | values)

    def system_zone(self) -> ZoneInfo | None:
        zone = system_zone()
        if zone is None:
            self.report("timezone", "the system's can't be told: say it here, like \"Europe/London\"")
        return zone


def system_zone() -> ZoneInfo | None:
    """The system's time zone, if it can be told. Reading it takes a library, loaded only where it is needed."""
    import tzlocal

    try:
        return tzlocal.get_localzone()
    except Exception:  # noqa: BLE001  # broken links, unknown names, a bad TZ: each raises something else
        return None


def _required(f: Field[Any]) -> bool:
    return f.default is MISSING and f.default_factory is MISSING and f.name != "timezone"


def _missing(name: str) -> str:
    if name == "account":
        return "there is none; say which calendar to read in an [[account]] table"
    return "is missing, and required"


def _instead(key: str, known: Iterable[str], of: type) -> str:
    """Where an unknown key may belong, or which one it may mean."""
    for provider, other in ACCOUNTS.items():
        if of in ACCOUNTS.values() and of is not other and key in {f.name for f in fields(other)}:
            return f" here: it belongs to accounts of provider {provider}"
    return near(key, known)


def _brackets(raw: object, path: str) -> str:
    if isinstance(raw, dict) and path in {"account", "person"}:
        return f": write [[{path}]], in double brackets"
    return ": write it in brackets" if isinstance(raw, str) else ""


def _sort(raw: object) -> str:
    """What kind of value stands there."""
    return "text" if isinstance(raw, str) else shown(raw)


def _join(path: str, key: str) -> str:
    key = key if key.replace("_", "").replace("-", "").isalnum() else shown(key)
    return f"{path}.{key}" if path else key
