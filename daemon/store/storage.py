"""The TinyDB storage that survives a crash at any instruction.

TinyDB's own storage writes in place, so that a crash leaves half a document. This one writes a new file beside the
old one, syncs it, keeps the old one as a backup, and then renames. A checksum in the first table tells a whole
document from a torn one; then the backup is read instead. What the backup lacks is found again by reading the
calendars from the token that stands in it.

TinyDB rewrites and re-reads every table for each operation. The tables that only grow are therefore appended to
as bytes (`replace`), and cost the change rather than the history.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from connectors.frozen import dataclass
from daemon import codec
from daemon.store.files import StateError, read_bytes, write_durably, write_without_trace

log = logging.getLogger(__name__)

_HEAD = b'{"integrity":{"1":{"crc32":"%08x","length":"%012d"}}'
_HEAD_LENGTH = len(_HEAD % (0, 0))
EMPTY = b"{}"
LEDGER = "changes"
"""The table that only grows. It stands last, so that the others are found without reading through it."""
_GROWING = b',"changes":{'
"""How it begins. No other place can look so: quotes within texts are escaped, and no other key has this name and a
table."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which writing of a file this is, so that a reader can tell whether it changed."""

    inode: int
    size: int
    modified_ns: int


def identity(path: Path) -> Identity | None:
    """:returns: None where there is no such file. :raises StateError: its folder can't be looked into."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"{path} can't be read ({error.strerror}). Check who owns it.") from error
    return Identity(stat.st_ino, stat.st_size, stat.st_mtime_ns)


class DurableStorage:
    """A TinyDB storage on one file, with a backup beside it: TinyDB asks for `read`, `write` and `close` and for no
    class of its own, and is loaded only where it searches.

    :raises StateError: neither the file nor its backup can be read, or it can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.backup = path.with_name(path.name + ".bak")
        self.damaged = path.with_name(path.name + ".damaged")
        self._whole: Identity | None = None

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables as TinyDB wants them; None where nothing was stored yet."""
        tables = self.tables()
        if tables is None:
            return None
        return {name: codec.decode(rows) for name, rows in tables.items()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        self.replace({name: codec.encode(rows) for name, rows in data.items()})

    def close(self) -> None:
        """Nothing is open between two calls."""

    def tables(self) -> dict[str, bytes] | None:
        """Each table's JSON, not decoded: most callers want few of them."""
        content = self._newest_whole()
        if content is None:
            return None
        begin = content.find(_GROWING)
        head = content if begin < 0 else content[:begin] + b"}"
        found = {name: bytes(rows) for name, rows in codec.decode(head, dict[str, codec.Raw]).items()}
        found.pop("integrity")
        if begin >= 0:
            found[LEDGER] = content[begin + len(_GROWING) - 1 : -1]
        return found

    def replace(self, tables: Mapping[str, bytes]) -> None:
        """Writes the whole document. Either all of it is there afterwards, or the old one still is."""
        self._set_damage_aside()
        write_durably(self.path, _document(tables), backup=self.backup)
        self._whole = identity(self.path)

    def replace_for_good(self, tables: Mapping[str, bytes]) -> None:
        """The same, and nothing that was written before is left on the disk: no backup, no damaged file."""
        if self._newest_whole() is not None and self._whole != identity(self.path):
            self.replace(tables)  # the backup is all there is: it may go only once there is another
        spare = self.backup.with_name(self.backup.name + ".new")
        write_without_trace(self.path, _document(tables), self.backup, (spare, self.damaged))
        self._whole = identity(self.path)

    def _newest_whole(self) -> bytes | None:
        which = identity(self.path)
        content = read_bytes(self.path)
        if content is not None and _is_whole(content):
            self._whole = which
            return content
        spare = read_bytes(self.backup)
        if spare is not None and _is_whole(spare):
            log.warning("the state file was damaged or missing; going on from its backup")
            return spare
        if content is None and spare is None:
            return None
        raise StateError(
            f"The state file {self.path} is damaged, and so is its backup. Nothing was changed. Restore both from a "
            f"copy, or move them away to begin anew: then prepd forgets what became of past 1:1s."
        )

    def _set_damage_aside(self) -> None:
        """Before a write, so that a damaged file never becomes the backup. Kept for whoever wants to look.

        Not while reading: readers hold no lock, and could take away what a writer just wrote.
        """
        if self._whole is not None and identity(self.path) == self._whole:
            return
        content = read_bytes(self.path)
        if content is None or _is_whole(content):
            return
        try:
            self.path.replace(self.damaged)
        except OSError as error:
            raise StateError(
                f"{self.path} can't be written ({error.strerror}). Check who owns its folder."
            ) from error


def _document(tables: Mapping[str, bytes]) -> bytes:
    parts = []
    for name, rows in sorted(tables.items(), key=lambda table: table[0] == LEDGER):
        parts += [b",", codec.encode(name), b":", rows]
    parts.append(b"}")
    # Put together once: years of history are many megabytes.
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return b"".join([_HEAD % (checksum, sum(map(len, parts))), *parts])


def _is_whole(content: bytes) -> bool:
    body = memoryview(content)[_HEAD_LENGTH:]
    return content[:_HEAD_LENGTH] == _HEAD % (zlib.crc32(body), len(body))


def append_rows(table: bytes, count: int, rows: Sequence[bytes]) -> bytes:
    """A table's JSON with more rows at its end, without decoding those it has.

    :param count: how many it has; they are numbered from 1 on, as TinyDB does.
    """
    if not rows:
        return table
    added = b",".join(b'"%d":%s' % (count + number, row) for number, row in enumerate(rows, 1))
    return b"".join((memoryview(table)[:-1], b"," if count else b"", added, b"}"))
