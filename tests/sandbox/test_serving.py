"""`python -m sandbox`, as another program starts and ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_ended_by_a_signal_it_leaves_nothing_but_the_client_secrets(tmp_path):
    secrets, temporary = tmp_path / "client.json", tmp_path / "tmp"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--secrets", str(secrets)],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        said = [serving.stdout.readline() for _ in range(4)]
        assert list(temporary.iterdir()) != []
        serving.terminate()
        assert serving.wait(20) == 0
    assert said[0].startswith('api_root = "https://')
    assert list(temporary.iterdir()) == []
    assert secrets.exists()
