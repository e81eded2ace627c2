"""What `prepd init` has to know, and the questions for it, each with what the user has to do first."""

from __future__ import annotations

import re
from dataclasses import field
from pathlib import Path

from connectors.errors import Misconfigured
from connectors.frozen import dataclass
from connectors.google.secrets import read_client_secrets
from daemon.commands.init import steps
from daemon.commands.init.questions import Questions

_ADDRESS = re.compile(r"[^@\s\"]+@[^@\s\"]+\.[^@\s\".]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TENANT = re.compile(r"[A-Za-z0-9._-]+")
_NOBODYS = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "Zulu", "Etc/Universal"})
GOOGLE, OUTLOOK = "google", "outlook"


@dataclass(frozen=True, slots=True)
class AccountAnswers:
    """`secrets` is the downloaded client of a Google account; `client_id` and `tenant` are Microsoft's."""

    name: str
    provider: str
    secrets: Path | None = None
    client_id: str = ""
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class PersonAnswers:
    email: str
    name: str
    role: str


@dataclass(slots=True)
class Answers:
    zone: str
    accounts: list[AccountAnswers] = field(default_factory=list)
    people: list[PersonAnswers] = field(default_factory=list)
    me: list[str] = field(default_factory=list)


def ask_for_all(questions: Questions, folder: Path) -> Answers:
    """:param folder: where the config goes; a client file that lies there is offered."""
    found = Answers(_zone(questions))
    while True:
        provider = questions.one_of("Where is your calendar?", (GOOGLE, OUTLOOK), GOOGLE)
        found.accounts.append(_account(questions, provider, folder, [a.name for a in found.accounts]))
        if not questions.yes("Another account?", default=False):
            break
    _say(questions, steps.PEOPLE)
    while address := questions.until("Your manager's address (empty: none, or no more):", _address_or_none):
        name = questions.ask("What do you call them?", address.split("@")[0].split(".")[0].capitalize())
        found.people.append(PersonAnswers(address, name, "manager"))
    own = "Another address of yours that invites go to (empty: none, or no more):"
    while address := questions.until(own, _address_or_none):
        found.me.append(address)
    return found


def _say(questions: Questions, text: str) -> None:
    questions.terminal.line()
    for line in text.strip().splitlines():
        questions.terminal.line(line)


def _zone(questions: Questions) -> str:
    from daemon.config import system_zone
    from daemon.config.kinds import Zone

    known = system_zone()

    def read(answer: str) -> str:
        try:
            return Zone().parse(answer, Path()).key
        except ValueError as wrong:
            end = "" if str(wrong).endswith("?") else "."
            raise ValueError(f"That is no time zone: {wrong}{end}") from None

    if known and known.key in _NOBODYS:
        questions.terminal.line(
            f"This machine goes by {known.key}. Give the zone that you live in, like Europe/London: times of the "
            "report and of your prep docs go by it."
        )
    return questions.until("Your time zone?", read, known.key if known else "Europe/London")


def _account(questions: Questions, provider: str, folder: Path, taken: list[str]) -> AccountAnswers:
    def read_name(answer: str) -> str:
        if not _NAME.fullmatch(answer):
            raise ValueError("A short name of letters, digits, dots and dashes, please.")
        if answer in taken:
            raise ValueError("That name is taken: each account needs its own.")
        return answer

    default = next(name for name in ("work", "client", "home", f"account{len(taken)}") if name not in taken)
    name = questions.until("What do you call this account?", read_name, default)
    if provider == GOOGLE:
        _say(questions, steps.GOOGLE)
        beside = folder / "google-client.json"
        downloads = sorted((Path.home() / "Downloads").glob("client_secret_*.json"))
        offered = str(beside) if beside.exists() else str(downloads[-1]) if downloads else ""
        secrets = questions.until("The downloaded JSON file?", _client_file, offered)
        return AccountAnswers(name, provider, secrets=secrets)
    _say(questions, steps.OUTLOOK)
    client_id = questions.until("The Application (client) ID?", _application)
    _say(questions, steps.TENANT)
    tenant = questions.until("The tenant?", _tenant, "organizations")
    return AccountAnswers(name, provider, client_id=client_id, tenant=tenant)


def _client_file(answer: str) -> Path:
    if not answer:
        raise ValueError("The path of the file, please.")
    file = Path(answer.strip("'\"")).expanduser().absolute()
    if not file.is_file():
        raise ValueError(f"There is no file {file}. Give the path of what you downloaded in step 4.")
    try:
        read_client_secrets(file)
    except Misconfigured as wrong:
        raise ValueError(f"{wrong}.") from None
    return file


def _application(answer: str) -> str:
    if not _UUID.fullmatch(answer):
        raise ValueError("It looks like 11111111-2222-3333-4444-555555555555, on the app's overview.")
    return answer.lower()


def _tenant(answer: str) -> str:
    if not _TENANT.fullmatch(answer):
        raise ValueError("An id, a domain, organizations, consumers or common, please.")
    return answer


def _address_or_none(answer: str) -> str:
    if answer and not _ADDRESS.fullmatch(answer):
        raise ValueError("That is not an e-mail address. Leave it empty to go on.")
    return answer.lower()
