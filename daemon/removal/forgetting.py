"""Erases a person: from the ledger, from what is on record, from the files beside the state.

Decides what tells of somebody. What stands on calendars and in documents is not touched: it is found again by its mark
or key, should the person still have 1:1s, so that nothing is made twice.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connectors.frozen import dataclass
from daemon.core.artefacts import SlotState
from daemon.core.model import Change
from daemon.store.files import StateError, delete
from daemon.store.heartbeat import read_heartbeat, write_heartbeat
from daemon.store.state import State
from daemon.store.store import Store

_MOST_COMPARED = 60
"""Characters of a name that are looked for in a report, which may have cut it."""
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on record: under `address`, and in older entries under others; by all `names` that they had."""

    address: str
    addresses: frozenset[str]
    names: frozenset[str]

    @property
    def name(self) -> str:
        return min(self.names, key=lambda name: (len(name), name), default=self.address)


@dataclass(frozen=True, slots=True)
class Traces:
    """How much there is of a person. Documents and slots stay where they are, and so does each report that went to the
    calendar or was sent to services (`on_calendar`, `sent`): nothing on record says whom those tell of.
    """

    entries: int
    one_on_ones: int
    reports: int
    documents: int
    slots: int
    on_calendar: int = 0
    sent: int = 0


def known_people(state: State, ledger: Iterable[Change], canonical: Callable[[str], str]) -> list[Known]:
    """Everybody on record, by address. `canonical` gives the address that somebody is shown by."""
    named: dict[str, set[str]] = {}
    for address, name in _mentions(state, ledger):
        named.setdefault(address, set()).update({name} - {"", address})
    people: dict[str, Known] = {}
    for address, names in named.items():
        shown = canonical(address)
        before = people.get(shown, Known(shown, frozenset({shown}), frozenset()))
        people[shown] = Known(shown, before.addresses | {address}, before.names | names)
    return sorted(people.values(), key=lambda p: p.address)


def _mentions(state: State, ledger: Iterable[Change]) -> Iterable[tuple[str, str]]:
    yield from ((c.person, c.name) for c in ledger)
    yield from ((r.person, r.name) for r in state.records.values())
    yield from ((c.would_be.person, c.would_be.name) for c in state.candidates)
    yield from ((s.copy.person, s.copy.name) for s in state.shadows)
    made = state.artefacts
    yield from ((address, "") for address in (*made.docs, *made.pages, *state.intents))


def matching(given: str, people: Iterable[Known], aliases: Mapping[str, frozenset[str]]) -> list[Known]:
    """Who is meant by an address, an alias, or a name or part of one; by more than a part, if anybody is.

    :param aliases: for the address of a person, all that the config knows them by, names too.
    """
    wanted = " ".join(given.casefold().split())
    if not wanted:
        return []
    people = list(people)
    called = {p.address: {" ".join(n.casefold().split()) for n in _all_names(p, aliases)} for p in people}
    exact = [p for p in people if wanted in called[p.address]]
    return exact or [p for p in people if any(wanted in name for name in called[p.address])]


def _all_names(person: Known, aliases: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return person.addresses | person.names | aliases.get(person.address, frozenset())


def traces(person: Known, state: State, ledger: Iterable[Change], reports: Path, now: datetime) -> Traces:
    ids = _their_one_on_ones(person, state, ())
    made = state.artefacts
    standing = [
        s
        for i, s in made.slots.items()
        if i in ids and s.end > now and s.state in (SlotState.LIVE, SlotState.RELEASED)
    ]
    return Traces(
        entries=sum(c.person in person.addresses for c in ledger),
        one_on_ones=len(ids & state.records.keys()),
        reports=len({file.stem for file in reports_about(person, reports)}),
        documents=len(person.addresses & made.docs.keys()),
        slots=len(standing),
        on_calendar=sum(d.to == "calendar" for d in state.deliveries),
        sent=sum(d.to == "notify" for d in state.deliveries),
    )


def forget(person: Known, store: Store, reports: Path) -> None:
    """Erases what is on record of a person. The caller holds the store's lock.

    The state goes last: whoever is interrupted finds the person still known, and can begin again.

    :raises StateError: a file can't be written or deleted.
    """
    state, ledger = store.state(), store.changes()
    ids = _their_one_on_ones(person, state, ledger)
    for report in reports_about(person, reports):
        delete(report)
    _forget_heartbeat(ids, store.folder)
    store.rewrite(without(person, state, ids), [c for c in ledger if c.person not in person.addresses])


def _their_one_on_ones(person: Known, state: State, ledger: Iterable[Change]) -> set[str]:
    ids = {r.id for r in state.records.values() if r.person in person.addresses}
    return ids | {c.one_on_one for c in ledger if c.person in person.addresses}


def without(person: Known, state: State, ids: set[str]) -> State:
    """The state without a person. Without tokens: the next cycle reads in full, and finds coming 1:1s as new ones."""
    gone, made = person.addresses, state.artefacts
    return replace(
        state,
        calendars={key: replace(c, token=None) for key, c in state.calendars.items()},
        records={i: r for i, r in state.records.items() if r.person not in gone},
        artefacts=replace(
            made.copy(),
            slots={i: s for i, s in made.slots.items() if i not in ids},
            links={i: link for i, link in made.links.items() if i not in ids},
            docs={p: d for p, d in made.docs.items() if p not in gone},
            pages={p: page for p, page in made.pages.items() if p not in gone},
        ),
        candidates=tuple(c for c in state.candidates if c.would_be.person not in gone),
        shadows=tuple(s for s in state.shadows if s.copy.person not in gone and s.of not in ids),
        intents={p: at for p, at in state.intents.items() if p not in gone},
    )


def _forget_heartbeat(ids: set[str], folder: Path) -> None:
    beat = read_heartbeat(folder)
    left = tuple(work for work in beat.pending if work.one_on_one not in ids)
    if left != beat.pending:
        write_heartbeat(folder, replace(beat, pending=left))
    (folder / "heartbeat.json.new").unlink(missing_ok=True)


# --- reports --------------------------------------------------------------------------------------------------------


def reports_about(person: Known, folder: Path) -> list[Path]:
    """The delivered reports that mention somebody, by name or address, in whatever way they spell it."""
    if not folder.is_dir():
        return []
    spoken = {_words(word[:_MOST_COMPARED]).strip() for word in person.addresses | person.names} - {""}
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and _mentions_any(file, spoken)]


def _mentions_any(file: Path, spoken: set[str]) -> bool:
    try:
        text = file.read_text("utf-8", errors="replace")
    except OSError as error:
        raise StateError(f"{file} can't be read ({error.strerror}). Check who owns it.") from error
    text = text.replace("\\", "") if not _is_json(text) else json.dumps(json.loads(text), ensure_ascii=False)
    readings = {_words(text), _words(_TAGS.sub("", text)), _words(_TAGS.sub(" ", text))}
    return any(f" {said} " in reading for said in spoken for reading in readings)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _words(text: str) -> str:
    """Its words with a blank around each: no escape of HTML, Markdown or JSON, and no line break, hides a name."""
    bare = "".join(c if c.isalnum() else " " for c in html.unescape(text).casefold())
    return f" {' '.join(bare.split())} "
