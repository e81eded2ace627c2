"""What the commands that only look are shown: the last commit, without a lock and without the network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.configured import changes_under_one_address, still_read, under_one_address
from daemon.store.store import Store

if TYPE_CHECKING:
    from daemon.core.model import Change
    from daemon.store.state import State


def stored(context: Context) -> State:
    """:raises StateError: the state can't be read."""
    state = Store(context.paths.state).state()
    return still_read(under_one_address(state, context.config), context.config)


def changes_of(context: Context) -> list[Change]:
    """The ledger, oldest first, each person under the address that the config shows them by.

    :raises StateError: it can't be read.
    """
    return stored_with_ledger(context)[1]


def stored_with_ledger(context: Context) -> tuple[State, list[Change]]:
    """State and ledger of one commit, as above. The file, which grows with the years, is read once.

    :raises StateError: it can't be read.
    """
    state, changes = Store(context.paths.state).all()
    config = context.config
    seen = still_read(under_one_address(state, config), config)
    return seen, changes_under_one_address(changes, config)


def matches(context: Context, address: str, state: State) -> bool:
    """Whether PERSON means this one: their address, an alias, or part of their name or address."""
    wanted = (context.args.person or "").casefold()
    if not wanted:
        return True
    configured = context.config.person_of(address)
    if "@" in wanted:
        return wanted in (address, *(configured.aliases if configured else ()))
    names = {r.name.casefold() for r in state.records.values() if r.person == address}
    names |= {configured.name.casefold()} if configured else set()
    return wanted in address or any(wanted in name for name in names)


def nobody_is_meant(context: Context, names: Iterable[str]) -> str:
    """That PERSON means nobody on record, and who is there."""
    known = sorted(set(names))
    some = ", ".join(known[:5]) + (" …" if len(known) > 5 else "")
    return f"Nothing is known of “{context.args.person}”. There is: {some}."
