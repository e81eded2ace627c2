"""What the pages for users say is true: commands parse, config snippets load, quoted messages are prepd's own."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import connectors
import daemon
from daemon.commands.main import VERBS, parser_for
from daemon.config import load

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(p for p in (ROOT / "docs").glob("*.md") if p.name != "design.md")])
BASE = """
[[account]]
name = "base"
provider = "outlook"
client_id = "11111111-2222-3333-4444-555555555555"
"""


def blocks(page: Path) -> list[str]:
    """The indented and the fenced code of a page."""
    text = page.read_text()
    fenced = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE)
    indented = re.findall(
        r"(?:^(?: {4,}\S[^\n]*)?\n)+", re.sub(r"```.*?```", "", text, flags=re.DOTALL), flags=re.MULTILINE
    )
    return [block for block in [*fenced, *indented] if block.strip()]


def commands() -> list[tuple[str, str]]:
    found = set()
    for page in PAGES:
        said = re.findall(r"`(prepd [^`]+)`", page.read_text())
        said += [line.strip() for block in blocks(page) for line in block.splitlines()]
        found |= {
            (page.name, line.split("  #")[0].split("   ")[0].strip())
            for line in said
            if line.startswith("prepd ")
        }
    return sorted(found)


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_on_a_page_is_one(page, line, capsys):
    line = line.replace("…", "x").replace("[", "").replace("]", "")
    words = shlex.split(line)[1:]
    verbs = {verb.name for verb in VERBS}
    if len(words) == 1 and words[0] in verbs:
        return  # only its name
    if any(word in verbs for word in words):
        words = [word.replace("ACCOUNT", "work") for word in words if word != "--help"]
        parser_for(words).parse_args(words)
    else:
        assert words[0] in {"--help", "--version", "VERB"}, line


def snippets() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in blocks(page):
            lines = [line.strip() for line in block.splitlines()]
            if any(re.fullmatch(r"\[\[?[a-z_.]+\]\]?", line) for line in lines):
                found.append((page.name, "\n".join(lines)))
    return found


@pytest.mark.parametrize(("page", "text"), snippets())
def test_every_config_on_a_page_loads(page, text, tmp_path):
    tomllib.loads(text)
    config = tmp_path / "config.toml"
    config.write_text(text if "[[account]]" in text else BASE + text)
    for name in re.findall(r'"([^"]+\.(?:pem|json|md))"', text):
        (tmp_path / name).write_text("")
    load(config)


def quoted() -> list[str]:
    text = (ROOT / "docs" / "troubleshooting.md").read_text()
    return sorted({" ".join(said.split()) for said in re.findall(r'"([^"]+)"', text)})


def own_words() -> str:
    """All texts of the code on one line, with what is filled in taken out."""
    said = []
    for package in (connectors, daemon):
        for file in Path(package.__path__[0]).rglob("*.py"):
            joined = re.sub(r'"\s*\n\s*f?"', "", file.read_text())
            said.append(re.sub(r"\{[^{}]*\}", "…", joined))
    return " ".join(" ".join(said).split())


SAID = own_words()


@pytest.mark.parametrize("message", quoted())
def test_every_message_on_the_page_of_troubles_is_said_by_prepd(message):
    if message == "its title":
        return
    message = re.sub(r"Google (Calendar|Drive|Docs) API", "…", message)
    message = message.replace("8400", "…").replace("10 minutes", "… minutes").replace("Google", "G")
    pieces = [piece.strip(" .,") for piece in message.split("…") if len(piece.strip(" .,")) > 3]
    assert pieces
    for piece in pieces:
        assert piece in SAID.replace("Google", "G"), piece


def test_every_link_between_pages_leads_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
