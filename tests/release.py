"""What is released is what was tested: sdist and wheel, built one from the other, and prepd tested from the wheel.

python tests/release.py [PYTHON ...]

Each Python gets an environment with the pinned requirements and the wheel, and nothing else, far from the checkout;
there the commands that need no account are run. Then what the tests need is added, and they run beside a copy of the
checkout that has none of the packages, so that it is the wheel that they import.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
PACKAGES = ("connectors", "daemon", "sandbox")
FROM_WHEEL = ("tests/core", "tests/contract", "tests/render", "tests/e2e", "tests/docs")
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None, expected: int = 0) -> str:
    """The standard output of a command. :raises SystemExit: with all it said, if its exit code is another"""
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != expected:
        words = " ".join(map(str, command))
        raise SystemExit(
            f"{words} exited with {done.returncode}:\n{done.stdout[-5000:]}{done.stderr[-5000:]}"
        )
    return done.stdout


def build(version: str, scratch: Path) -> tuple[Path, Path]:
    """The sdist of the checkout, and the wheel that is built from that sdist alone."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", cwd=ROOT)
    sdist = DIST / f"prepd-{version}.tar.gz"
    with tarfile.open(sdist) as archive:
        archive.extractall(scratch, filter="data")
    unpacked = scratch / f"prepd-{version}"
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", DIST, cwd=unpacked)
    return sdist, DIST / f"prepd-{version}-py3-none-any.whl"


def installed(python: str, wheel: Path, folder: Path) -> Path:
    """An environment with the wheel and its pinned requirements; the folder of its commands."""
    run(python, "-m", "venv", folder, cwd=folder.parent)
    pip = (folder / "bin/python", "-m", "pip", "--quiet", "install")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=folder.parent)
    run(*pip, "--no-deps", wheel, cwd=folder.parent)
    run(folder / "bin/python", "-m", "pip", "check", cwd=folder.parent)
    return folder / "bin"


def commands_work(bin_folder: Path, version: str, home: Path) -> None:
    """What needs no account, as somebody who has only the wheel, and an empty home."""
    home.mkdir()
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    prepd = bin_folder / "prepd"
    assert run(prepd, "--version", cwd=home, env=env).split() == ["prepd", version]
    assert "Red flag" in run(prepd, "demo", cwd=home, env=env)
    assert run(prepd, "config", "schema", cwd=home, env=env).startswith("{")
    assert "complete" in run(prepd, "completion", "bash", cwd=home, env=env)
    run(prepd, "status", cwd=home, env=env, expected=78)
    unit = "from daemon.systemd.unit_files import template; print(template('prepd.service'))"
    assert "ExecStart" in run(bin_folder / "python", "-c", unit, cwd=home, env=env)
    assert (bin_folder.parent / "share/man/man1/prepd.1").is_file()


def tests_pass(bin_folder: Path, checkout: Path) -> str:
    """The last line of pytest's, beside a checkout without the packages."""
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".*", "dist", "build", "__pycache__"))
    for package in PACKAGES:
        shutil.rmtree(checkout / package)
    pip = (bin_folder / "python", "-m", "pip", "--quiet", "install")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements-dev.txt", cwd=checkout)
    env = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}"}
    said = run(bin_folder / "python", "-m", "pytest", "-q", "-n", "auto", *FROM_WHEEL, cwd=checkout, env=env)
    return said.strip().splitlines()[-1]


def release(pythons: list[str]) -> int:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(), (
        f"CHANGELOG.md has no section for {version}"
    )
    with tempfile.TemporaryDirectory(prefix="prepd-release-") as name:
        scratch = Path(name)
        sdist, wheel = build(version, scratch)
        for built in (sdist, wheel):
            print(f"{built.name}: {built.stat().st_size // 1000} kB", flush=True)
        for python in pythons:
            folder = scratch / Path(python).name
            bin_folder = installed(python, wheel, folder)
            spoken = run(bin_folder / "python", "--version", cwd=scratch).strip()
            commands_work(bin_folder, version, scratch / f"{folder.name}-home")
            print(f"{spoken}: the wheel's commands and its demo work in an empty environment", flush=True)
            print(f"{spoken}: {tests_pass(bin_folder, scratch / f'{folder.name}-checkout')}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(release(sys.argv[1:] or [found for p in PYTHONS if (found := shutil.which(p))]))
