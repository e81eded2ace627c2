"""A real systemd user manager, in namespaces of its own, for the tests of the units."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_BOOT = Path(__file__).with_name("boot.sh")
_NAMESPACES = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--cgroup", "--ipc", "--uts"]


def why_not() -> str | None:
    """Why no manager can be started on this machine; None where it can."""
    if os.geteuid() != 0:
        return "only root may make the namespaces that a systemd of its own needs"
    for needed in ("/lib/systemd/systemd", "/lib/systemd/systemd-journald", "/usr/bin/nsenter"):
        if not Path(needed).exists():
            return f"there is no {needed}"
    mounted = "mount --make-rprivate / && umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup"
    tried = subprocess.run(
        ["unshare", *_NAMESPACES, "sh", "-c", mounted], capture_output=True, text=True, timeout=20
    )
    return None if tried.returncode == 0 else f"namespaces can't be made here: {tried.stderr.strip()}"


def hidden() -> list[str]:
    """The folders of prepd and its Python that lie where the manager has a tmpfs."""
    needed = {Path(__file__).resolve().parents[2], Path(sys.prefix), Path(sys.base_prefix)}
    return sorted(
        str(folder)
        for folder in needed
        if any(folder.is_relative_to(o) for o in ("/tmp", "/var/tmp", "/run"))
    )


class Manager:
    """The manager, and a home whose unit folder it reads. Nothing of it is left after `stop`."""

    def __init__(self) -> None:
        # Not in /tmp, which is another one inside.
        self.home = Path(tempfile.mkdtemp(prefix="prepd-systemd-", dir="/var/lib"))
        self.units = self.home / ".config/systemd/user"
        self.units.mkdir(parents=True)
        self._log = (self.home / "boot.log").open("w")
        self._unshare = subprocess.Popen(
            ["unshare", *_NAMESPACES, "bash", str(_BOOT), str(self.home), *hidden()],
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._inside = 0
        wait_for(self._boots, 20)

    def _boots(self) -> bool:
        assert self._unshare.poll() is None, (self.home / "boot.log").read_text()
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children").read_text().split()
        if not children:
            return False
        self._inside = int(children[0])
        return self.run("systemctl", "--user", "is-system-running").stdout.strip() in ("running", "degraded")

    def stop(self) -> None:
        if self._inside:
            # The first process of its own world: with it all others in there end.
            subprocess.run(["kill", "-KILL", str(self._inside)])
        self._unshare.wait(timeout=10)
        self._log.close()
        subprocess.run(["rm", "-rf", str(self.home)])

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command in there, as the user whose manager it is."""
        enter = ["nsenter", "-t", str(self._inside), "-m", "-p", "-C", "-i", "-u"]
        environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "XDG_RUNTIME_DIR": "/run/user/0",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **more,
        }
        return subprocess.run([*enter, *words], capture_output=True, text=True, env=environment, timeout=60)

    def ctl(self, *words: str) -> str:
        done = self.run("systemctl", "--user", "--no-pager", *words)
        assert done.returncode == 0, (words, done.stderr, self.log())
        return done.stdout

    def show(self, unit: str, name: str) -> str:
        return self.ctl("show", "--property", name, "--value", unit).strip()

    def log(self, unit: str = "") -> list[dict[str, str]]:
        """The journal, or what a unit's processes wrote to it."""
        said = self.run("journalctl", "--no-pager", "-o", "json").stdout.splitlines()
        lines = [json.loads(line) for line in said]
        if not unit:
            return [line for line in lines if line.get("_COMM") in ("systemd", "python", "prepd")]
        return [e for e in lines if e.get("_SYSTEMD_UNIT", e.get("_SYSTEMD_USER_UNIT")) == unit]

    def drop_in(self, unit: str, text: str) -> None:
        folder = self.units / f"{unit}.d"
        folder.mkdir(exist_ok=True)
        (folder / "test.conf").write_text(text)
        self.ctl("daemon-reload")


def wait_for(what: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
