"""Where a sign-in is kept: one small file for each account, readable by its owner only.

Knows files and the sentence for a file that is no good; refuses to know what a provider writes into it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from connectors.errors import Misconfigured, SignInNeeded, Unavailable

Fingerprint = tuple[int, int, int]


def sign_in_again(account: str) -> str:
    """The remedy for every lost sign-in, as it ends a sentence."""
    return f"Sign in with: prepd auth login {account}"


def read_text(path: Path, account: str) -> str:
    """The file's text.

    :raises SignInNeeded: there is none, or it can't be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SignInNeeded(f"Account {account} is not signed in. {sign_in_again(account)}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text"
        raise SignInNeeded(
            f"The token file of account {account} can't be read ({reason}). {sign_in_again(account)}"
        ) from None


def read_object(path: Path, account: str) -> dict[str, object]:
    """The file's text as a JSON object.

    :raises SignInNeeded: as `read_text`, or it is not what prepd wrote.
    """
    text = read_text(path, account)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise SignInNeeded(f"The token file of account {account} is damaged. {sign_in_again(account)}")
    return content


def write_text(path: Path, text: str, what: str = "token file") -> None:
    """Puts `text` in place, whole or not at all, 0600 from the first byte. `what` is the file's, in messages.

    :raises Misconfigured: the folder or the disk does not allow it; the old file is still there.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(path, text.encode("utf-8"))
    except OSError as error:
        raise Misconfigured(
            f"The {what} {path} can't be written ({error.strerror or 'unknown reason'}). "
            "Make its folder writable, or free some space"
        ) from None


def write_object(path: Path, content: dict[str, object]) -> None:
    """As `write_text`, a JSON object."""
    write_text(path, json.dumps(content, indent=1) + "\n")


def remove(path: Path) -> bool:
    """Deletes the file; False where there was none.

    :raises Misconfigured: it is there and can't be deleted.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Misconfigured(
            f"The token file {path} can't be deleted ({error.strerror or 'unknown reason'}). "
            "Delete it by hand"
        ) from None
    return True


def fingerprint(path: Path) -> Fingerprint | None:
    """Changes whenever the file was replaced or rewritten; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


@contextlib.contextmanager
def locked(path: Path, account: str, patience: float) -> Iterator[None]:
    """Keeps other processes from renewing or replacing the sign-in at the same time, for `patience` seconds.

    A file beside it is what is locked, as the file itself is replaced whole. It is left there: to delete it
    would let two processes hold two locks.

    :raises Unavailable: somebody else holds it all that time.
    :raises Misconfigured: the folder can't be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        handle = os.open(path.with_name(f".{path.name}.lock"), flags, 0o600)
    except OSError as error:
        raise Misconfigured(
            f"The folder {path.parent} can't be written ({error.strerror or 'unknown reason'}). Make it writable"
        ) from None
    try:
        _take(handle, account, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)


def _take(handle: int, account: str, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                raise Unavailable(
                    f"Account {account}: another process has been renewing the sign-in for too long"
                ) from None
            time.sleep(0.05)
        else:
            return


def _replace(path: Path, content: bytes) -> None:
    import tempfile  # with all that makes archives: whoever only reads does without

    # mkstemp creates with O_EXCL and mode 0600 whatever the umask: no moment at which others could read it.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
