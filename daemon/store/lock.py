"""One writer at a time: a lock on the state, that ends with its process whatever happens to it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from daemon.store.files import StateError

PATIENCE = 10.0
"""Seconds that a writer waits for another."""


class Locked(Exception):
    """Somebody else holds the lock. The message says who."""


@contextlib.contextmanager
def locked(path: Path, what: str, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the lock file at `path`, and says in it who does: `what` and the process.

    :raises Locked: somebody else held it for `patience` seconds. :raises StateError: it can't be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(f"{path} can't be opened ({error.strerror}). Check who owns its folder.") from error
    try:
        _acquire(descriptor, path, patience)
        with contextlib.suppress(OSError):  # on a full disk nobody can tell who holds it, but it is held
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{what} (process {os.getpid()})".encode(), 0)
        yield
    finally:
        os.close(descriptor)  # and with it the lock


def holder(path: Path) -> str | None:
    """Who holds the lock at `path` now: what it says in it. None where nobody does.

    Looking takes a shared lock for an instant: whoever wants it for good must not give up at the first try.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(path)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def _acquire(descriptor: int, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Locked(f"{_holder(path)} is at work on the same state ({path.parent})") from None
            time.sleep(0.05)
        else:
            return


def _holder(path: Path) -> str:
    with contextlib.suppress(OSError):
        if text := path.read_text(errors="replace").strip():
            return text
    return "Another prepd"
