"""The man page and the completions tell every verb and option there is."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from daemon.commands.main import VERBS, main

ROOT = Path(__file__).parents[2]


def test_the_man_page_is_what_the_parser_says_now():
    made = runpy.run_path(str(ROOT / "docs" / "manpage.py"))["page"]()
    assert (ROOT / "man" / "prepd.1").read_text() == made, "run: make man"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_man_page_is_good_roff():
    said = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "man/prepd.1"], cwd=ROOT, capture_output=True, text=True
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "auth login" in re.sub(".\\x08", "", said.stdout)


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_completion_knows_every_verb(shell, capsys):
    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    for verb in VERBS:
        assert verb.name in said


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_takes_its_completion(tmp_path, capsys):
    main(["completion", "bash"])
    script = tmp_path / "prepd"
    script.write_text(capsys.readouterr().out)
    said = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
