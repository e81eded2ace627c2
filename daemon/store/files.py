"""Files that are either whole or not there, and nobody else's to read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


class StateError(Exception):
    """The state can't be read or written. The message says which file, and what to do."""


def read_bytes(path: Path) -> bytes | None:
    """:returns: None where there is no such file. :raises StateError: it is there, but can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"{path} can't be read ({error.strerror}). Check who owns it.") from error


def write_durably(path: Path, content: bytes, *, backup: Path | None = None) -> None:
    """Replaces a file so that a crash at any instruction leaves the old one or the new one, of mode 0600.

    :param backup: where the old one is kept.
    :raises StateError: it can't be written; the old one is still there.
    """
    with _replacing(path) as fresh:
        _write_synced(fresh, content)
        if backup is not None and path.exists():
            _keep(path, backup)
        fresh.replace(path)
        _sync_folder(path.parent)


def write_without_trace(path: Path, content: bytes, backup: Path, traces: Iterable[Path] = ()) -> None:
    """Replaces a file and its backup durably. Nothing older outlives the old file: backup and `traces` go first.

    A crash at any instruction leaves the old file, with or without its backup, or the new one.

    :raises StateError: it can't be written; the old one is still there.
    """
    with _replacing(path) as fresh:
        _write_synced(fresh, content)
        for trace in (backup, *traces):
            trace.unlink(missing_ok=True)
        _sync_folder(path.parent)
        fresh.replace(path)
        _sync_folder(path.parent)
        _keep(path, backup)


def write_quickly(path: Path, content: bytes) -> bool:
    """Replaces a small file that is no loss: whole or not at all, but not synced. Failures are not raised.

    :returns: whether it was written.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        _write(fresh, content, sync=False)
        fresh.replace(path)
    except OSError:
        return False
    return True


def delete(path: Path) -> None:
    """:raises StateError: it is there, and can't be deleted."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StateError(f"{path} can't be deleted ({error.strerror}). Check who owns its folder.") from error


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """The file beside `path` that is to take its place. Where that fails, it is gone, and StateError says why."""
    fresh = path.with_name(path.name + ".new")
    try:
        yield fresh
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise StateError(
            f"{path} can't be written ({error.strerror}). What was recorded is unharmed. "
            f"Make room or restore the right to write there, then try again."
        ) from error


def _write_synced(path: Path, content: bytes) -> None:
    _write(path, content, sync=True)


def _write(path: Path, content: bytes, *, sync: bool) -> None:
    # O_EXCL after removing: a file left behind by a crash, or planted, must not lend its mode to this one.
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        if sync:
            os.fsync(descriptor)


def _keep(path: Path, backup: Path) -> None:
    """Lets `backup` be the file as it is, without a moment at which there is none."""
    spare = backup.with_name(backup.name + ".new")
    with contextlib.suppress(FileNotFoundError):
        spare.unlink()
    try:
        os.link(path, spare)
    except OSError:
        # Some file systems have no hard links.
        _write_synced(spare, path.read_bytes())
    spare.replace(backup)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
