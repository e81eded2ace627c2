"""What is on record, as the config sees it now: people under one address, and only calendars that are still read.

Somebody who gets an alias in the config, or another address as their main one, stays the same person: otherwise their
1:1s would look as if they had become somebody else's. What belongs to a calendar that was taken out of the config is
kept, in case it comes back, but neither shown nor prepared for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from daemon.config import Config
from daemon.core.artefacts import Artefacts
from daemon.core.model import Change
from daemon.core.remembered import Candidate
from daemon.store.state import State


def canonical(config: Config) -> Callable[[str], str]:
    """The address that a person is shown by."""
    known = {address: p.email for p in config.person for address in (p.email, *p.aliases)}
    return lambda address: known.get(address, address)


def under_one_address(state: State, config: Config) -> State:
    """The state with each person under one address; of two docs the one under that address stays the person's."""
    shown = canonical(config)
    people = {r.person for r in state.records.values()} | state.artefacts.docs.keys()
    if all(shown(p) == p for p in people):
        return state
    made = state.artefacts
    docs = {shown(d.person): replace(d, person=shown(d.person)) for d in made.docs.values()}
    pages = {shown(p.person): replace(p, person=shown(p.person)) for p in made.pages.values()}
    docs |= {p: d for p, d in made.docs.items() if shown(p) == p}
    pages |= {p: page for p, page in made.pages.items() if shown(p) == p}
    return replace(
        state,
        records={i: replace(r, person=shown(r.person)) for i, r in state.records.items()},
        artefacts=replace(made.copy(), docs=docs, pages=pages),
        candidates=tuple(
            Candidate(replace(c.would_be, person=shown(c.would_be.person))) for c in state.candidates
        ),
    )


def still_read(state: State, config: Config) -> State:
    """The state without 1:1s, docs and pages of accounts and calendars that the config no longer names."""
    calendars = {(a.name, calendar) for a in config.account for calendar in a.calendars}
    accounts = {a.name for a in config.account}
    made = state.artefacts
    return replace(
        state,
        records={i: r for i, r in state.records.items() if (r.account, r.calendar) in calendars},
        artefacts=replace(
            made.copy(),
            docs={p: d for p, d in made.docs.items() if d.account in accounts},
            pages={p: page for p, page in made.pages.items() if page.account in accounts},
        ),
    )


def with_set_aside(made: Artefacts, before: Artefacts, seen: Artefacts) -> Artefacts:
    """What a cycle made, with the docs and pages that `still_read` had kept from its sight."""
    docs = {p: d for p, d in before.docs.items() if p not in seen.docs}
    pages = {p: page for p, page in before.pages.items() if p not in seen.pages}
    return replace(made.copy(), docs=docs | made.docs, pages=pages | made.pages)


def changes_under_one_address(changes: Iterable[Change], config: Config) -> list[Change]:
    """Ledger entries as they are shown; what was written stays as it was."""
    shown = canonical(config)
    entries = list(changes)
    if all(shown(p) == p for p in {c.person for c in entries}):
        return entries
    return [c if shown(c.person) == c.person else replace(c, person=shown(c.person)) for c in entries]
