"""Reads and commits the state and the ledger.

One commit for each cycle that changed something: state, ledger entries and sync tokens in one atomic write. The
ledger's history stays on disk, as bytes, until somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from daemon import codec
from daemon.core.artefacts import Artefacts, InviteLink, OpenPage, PrepDoc, Slot
from daemon.core.model import Change, Gap, OneOnOne
from daemon.core.remembered import Candidate, Shadow
from daemon.store.files import StateError
from daemon.store.lock import locked
from daemon.store.migrations import migrated
from daemon.store.state import (
    Attempt,
    CalendarState,
    Delivery,
    Meta,
    ReportEvent,
    State,
    calendar_key,
)
from daemon.store.storage import EMPTY, LEDGER, DurableStorage, Identity, append_rows, identity

T = TypeVar("T")


class Store:
    """The state in one folder. Reading takes no lock; whoever writes holds `lock` from reading to committing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._storage = DurableStorage(folder / "prepd.json")
        self._state = State()
        self._read: Identity | None = None

    def lock(self, what: str) -> AbstractContextManager[None]:
        """:raises Locked: another process writes, and did so for ten seconds."""
        return locked(self.folder / "lock", what)

    def state(self) -> State:
        """The state as last committed, by whichever process.

        :raises StateError: it is damaged, or of a newer version.
        """
        # Told before it is read: what another process writes meanwhile must not pass for what was read.
        now = identity(self._storage.path)
        if now is None or now != self._read:
            tables = self._storage.tables()
            self._state = _decoded(migrated(tables)) if tables is not None else State()
            self._read = now
        return self._state

    def keep(self, state: State) -> None:
        """Has a state that is not worth a write, until the file changes: a new token of an empty delta."""
        self._state = state

    def commit(self, state: State, changes: Iterable[Change] = ()) -> State:
        """Writes the state, and adds to the ledger. :raises StateError: nothing was written."""
        stored = self._storage.tables()
        tables = migrated(stored) if stored is not None else {}
        rows = [codec.encode(c) for c in changes]
        ledger, entries = tables.get(LEDGER, EMPTY), _meta(tables).entries
        if (entries == 0) != (ledger == EMPTY):  # somebody else wrote it: a wrong count would garble it
            entries = len(codec.decode(ledger, dict[str, codec.Raw]))
        return self._write(state, append_rows(ledger, entries, rows), entries + len(rows))

    def rewrite(self, state: State, changes: Iterable[Change]) -> State:
        """Writes the state with another ledger in place of the old one; what its backups held is gone too.

        :raises StateError: nothing was written.
        """
        rows = [codec.encode(c) for c in changes]
        return self._write(state, append_rows(EMPTY, 0, rows), len(rows), for_good=True)

    def changes(self, person: str | None = None, one_on_one: str | None = None) -> list[Change]:
        """The ledger, or what it says of a person or a 1:1, oldest first."""
        if person is None and one_on_one is None:
            tables = self._storage.tables()
            return _ledger(migrated(tables)) if tables is not None else []
        try:
            entries = [codec.convert(row, Change) for row in self._rows_of(person, one_on_one)]
        except codec.CodecError as error:
            raise _unreadable(error) from error
        return sorted(entries, key=attrgetter("noticed_at"))

    def all(self) -> tuple[State, list[Change]]:
        """State and ledger, oldest first, of one commit. The file is read once."""
        tables = self._storage.tables()
        if tables is None:
            return State(), []
        tables = migrated(tables)
        return _decoded(tables), _ledger(tables)

    def _rows_of(self, person: str | None, one_on_one: str | None) -> list[dict[str, Any]]:
        from tinydb import TinyDB, where

        wanted = where("person") == person if one_on_one is None else where("one_on_one") == one_on_one
        with TinyDB(storage=_Migrating, path=self._storage.path) as database:
            return [dict(row) for row in database.table(LEDGER).search(wanted)]

    def _write(self, state: State, ledger: bytes, entries: int, *, for_good: bool = False) -> State:
        state = replace(
            state, meta=replace(state.meta, generation=state.meta.generation + 1, entries=entries)
        )
        tables = _encoded(state) | {LEDGER: ledger}
        if for_good:
            self._storage.replace_for_good(tables)
        else:
            self._storage.replace(tables)
        self._state, self._read = state, identity(self._storage.path)
        return state


class _Migrating(DurableStorage):
    """The same document, brought to this version before TinyDB sees it."""

    def tables(self) -> dict[str, bytes] | None:
        found = super().tables()
        return migrated(found) if found is not None else None


def _meta(tables: dict[str, bytes]) -> Meta:
    rows = codec.decode(tables.get("meta", EMPTY), dict[str, Meta])
    return next(iter(rows.values()), Meta())


def _ledger(tables: dict[str, bytes]) -> list[Change]:
    try:
        # The whole of it without a dict for each entry on the way: a third of the time.
        entries = codec.decode(tables.get(LEDGER, EMPTY), dict[str, Change])
    except codec.CodecError as error:
        raise _unreadable(error) from error
    return sorted(entries.values(), key=attrgetter("noticed_at"))


def _rows(values: Iterable[object]) -> bytes:
    return codec.encode({str(number): value for number, value in enumerate(values, 1)})


def _encoded(state: State) -> dict[str, bytes]:
    made = state.artefacts
    return {
        "meta": _rows([state.meta]),
        "calendars": _rows(state.calendars.values()),
        "one_on_ones": _rows(state.records.values()),
        "slots": _rows(made.slots.values()),
        "links": _rows(made.links.values()),
        "docs": _rows(made.docs.values()),
        "pages": _rows(made.pages.values()),
        "candidates": _rows(state.candidates),
        "shadows": _rows(state.shadows),
        "gaps": _rows(state.gaps),
        "deliveries": _rows(state.deliveries),
        "report_events": _rows(state.report_events.values()),
        "attempts": _rows(state.attempts.values()),
        "intents": _rows({"person": p, "at": at} for p, at in state.intents.items()),
    }


def _decoded(tables: dict[str, bytes]) -> State:
    def rows(name: str, of: type[T]) -> list[T]:
        decoded: dict[str, T] = codec.decode(tables.get(name, EMPTY), dict[str, of])  # type: ignore[valid-type]
        return list(decoded.values())

    try:
        intents = rows("intents", dict[str, Any])
        return State(
            meta=_meta(tables),
            calendars={calendar_key(c.account, c.calendar): c for c in rows("calendars", CalendarState)},
            records={r.id: r for r in rows("one_on_ones", OneOnOne)},
            artefacts=Artefacts(
                slots={s.one_on_one: s for s in rows("slots", Slot)},
                links={link.one_on_one: link for link in rows("links", InviteLink)},
                docs={d.person: d for d in rows("docs", PrepDoc)},
                pages={p.person: p for p in rows("pages", OpenPage)},
            ),
            candidates=tuple(rows("candidates", Candidate)),
            shadows=tuple(rows("shadows", Shadow)),
            gaps=tuple(rows("gaps", Gap)),
            deliveries=tuple(rows("deliveries", Delivery)),
            report_events={e.week: e for e in rows("report_events", ReportEvent)},
            attempts={a.key: a for a in rows("attempts", Attempt)},
            intents={row["person"]: codec.convert(row["at"], datetime) for row in intents},
        )
    except codec.CodecError as error:
        raise _unreadable(error) from error


def _unreadable(error: codec.CodecError) -> StateError:
    return StateError(
        f"The state file holds something that this version can't read ({error}). Nothing was changed. "
        f"Restore it from a copy, or move it away to begin anew."
    )
