"""Brings a document of an older version to this one, table by table, before anything is decoded.

To change the format: raise VERSION in state.py, and add the step from the old version here, with a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daemon import codec
from daemon.store.files import StateError
from daemon.store.state import VERSION

Tables = dict[str, bytes]
STEPS: Mapping[int, Callable[[Tables], Tables]] = {}
"""For each version, the step that leads to the next."""


def migrated(tables: Tables) -> Tables:
    """:raises StateError: the document was written by a newer prepd, or its version can't be told."""
    version = _version(tables)
    if version > VERSION:
        raise StateError(
            f"The state was written by a newer prepd (format {version}; this one knows {VERSION}). "
            f"Upgrade prepd; nothing was changed."
        )
    while version < VERSION:
        tables = STEPS[version](tables)
        version += 1
    return tables


def _version(tables: Tables) -> int:
    try:
        rows = codec.decode(tables["meta"], dict[str, dict[str, object]])
        version = rows["1"]["version"]
    except (KeyError, codec.CodecError) as error:
        raise StateError(
            "The state file does not say which version it is of. Restore it from a copy."
        ) from error
    if not isinstance(version, int) or version < 1:
        raise StateError("The state file does not say which version it is of. Restore it from a copy.")
    return version
