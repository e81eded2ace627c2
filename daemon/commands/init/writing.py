"""The config as text, and into its place: whole or not at all, and never over another one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from daemon.commands.init.answers import GOOGLE, AccountAnswers, Answers
from daemon.exits import Stopped


def config_text(answers: Answers) -> str:
    """TOML. What is not in it has its default."""
    parts = [f"timezone = {_quoted(answers.zone)}"]
    parts += [_account(account) for account in answers.accounts]
    parts += [
        f"[[person]]\nemail = {_quoted(p.email)}\nname = {_quoted(p.name)}\nrole = {_quoted(p.role)}"
        for p in answers.people
    ]
    if answers.me:
        parts.append(f"[detect]\nme = [{', '.join(map(_quoted, answers.me))}]")
    return "\n\n".join(parts) + "\n"


def _account(account: AccountAnswers) -> str:
    lines = ["[[account]]", f"name = {_quoted(account.name)}", f"provider = {_quoted(account.provider)}"]
    if account.provider == GOOGLE:
        return "\n".join([*lines, f"client_secrets = {_quoted(client_file(account))}"])
    return "\n".join(
        [*lines, f"client_id = {_quoted(account.client_id)}", f"tenant = {_quoted(account.tenant)}"]
    )


def client_file(account: AccountAnswers) -> str:
    """The name under which a Google client is kept beside the config."""
    return "google-client.json" if account.name == "work" else f"google-client-{account.name}.json"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_config(file: Path, text: str, answers: Answers) -> list[tuple[Path, Path]]:
    """Also copies the Google clients beside it, for their owner's eyes alone: gives which, and where to.

    :raises Stopped: something can't be written; what was there is as it was.
    """
    copied = []
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for account in answers.accounts:
            if account.secrets is not None:
                target = file.parent / client_file(account)
                _copy(account.secrets, target)
                if not target.samefile(account.secrets):
                    copied.append((account.secrets, target))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
    except FileExistsError as error:
        raise Stopped(
            f"{error.filename} is there already, and is not the same; no config was written. Move it away, or give it "
            "as the answer."
        ) from error
    except OSError as error:
        raise Stopped(
            f"{error.filename or file} can't be written ({error.strerror}). Make {file.parent} yours to write, or name "
            "another place with --config."
        ) from error
    return copied


def _copy(source: Path, target: Path) -> None:
    if target.exists() and source.read_bytes() == target.read_bytes():
        target.chmod(0o600)
        return
    made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as content, os.fdopen(made, "wb") as out:
        shutil.copyfileobj(content, out)
