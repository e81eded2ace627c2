"""`prepd forget`: erases a person from all that is kept on this machine."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from daemon.commands.context import Context
from daemon.configured import canonical
from daemon.exits import Exit, Stopped
from daemon.render import words
from daemon.render.lines import clean
from daemon.store.store import Store

if TYPE_CHECKING:
    from daemon.removal.forgetting import Known, Traces

_MOST_NAMED = 12


def configure(parser: argparse.ArgumentParser, _verb: str, _common: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "person", metavar="PERSON", help="an address or a name, or an unambiguous part of one"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=_forget)


def _forget(context: Context) -> Exit:
    from daemon.removal.forgetting import forget, traces

    store, reports = Store(context.paths.state), context.paths.reports
    person = _meant(context, store)
    found = traces(person, store.state(), store.changes(), reports, context.now)
    if not _confirmed(context, person, found):
        context.terminal.paragraph("Nothing was erased.")
        return Exit.ERROR
    with store.lock("prepd forget"):
        # Once more: a cycle may have found more of them while the question stood.
        person = _meant(context, store)
        found = traces(person, store.state(), store.changes(), reports, context.now)
        forget(person, store, reports)
    _tell(context, person, found)
    return Exit.OK


def _meant(context: Context, store: Store) -> Known:
    """:raises Stopped: nobody is meant, or more than one."""
    from daemon.removal.forgetting import known_people, matching

    given = clean(context.args.person)
    people = known_people(store.state(), store.changes(), canonical(context.config))
    aliases = {p.email: frozenset({p.email, p.name, *p.aliases}) for p in context.config.person}
    found = matching(context.args.person, people, aliases)
    if len(found) == 1:
        (who,) = found
        configured = context.config.person_of(who.address)
        called = {configured.name} - {""} if configured else set()
        return replace(who, names=who.names | called)
    if found:
        raise Stopped(f"“{given}” may be {_named(found)}. Name one by address.", Exit.USAGE)
    if not people:
        raise Stopped("Nobody is on record, so there is nothing to forget.")
    raise Stopped(f"Nothing is known of “{given}”. On record: {_named(people)}.")


def _named(people: list[Known]) -> str:
    shown = [_shown(p) for p in people[:_MOST_NAMED]]
    return ", ".join(shown) + (f" and {len(people) - _MOST_NAMED} more" if len(people) > _MOST_NAMED else "")


def _shown(person: Known) -> str:
    return clean(f"{clean(person.name, 60)} ({person.address})" if person.names else person.address)


def _confirmed(context: Context, person: Known, found: Traces) -> bool:
    if context.args.yes:
        return True
    if not sys.stdin.isatty():
        raise Stopped("There is no terminal to ask at. `--yes` forgets without asking.", Exit.USAGE)
    context.terminal.paragraph(f"{_shown(person)}: {_counted(found)}.")
    print("Erase all of it for good? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _counted(found: Traces) -> str:
    entries = f"{words.count(found.entries, 'entry', 'entries')} of the ledger"
    parts = [words.count(found.one_on_ones, "1:1"), entries]
    if found.reports:
        parts.append(words.count(found.reports, "delivered report"))
    return " and ".join([", ".join(parts[:-1]), parts[-1]])


def _tell(context: Context, person: Known, found: Traces) -> None:
    line = context.terminal.paragraph
    line(f"Forgotten: {_shown(person)}: {_counted(found)}. Backups went too.")
    stays = [
        words.count(number, what)
        for number, what in ((found.documents, "prep document"), (found.slots, "reflection slot"))
        if number
    ]
    if stays:
        line(
            f"What is outside this machine stays: {' and '.join(stays)} on your calendar and drive, links on invites."
        )
    if found.on_calendar:
        reports = words.count(found.on_calendar, "weekly report")
        line(f"{reports} on your calendar may tell of them: delete what does, it is called “1:1 report”.")
    if found.sent:
        reports = words.count(found.sent, "weekly report")
        line(f"{reports} went to notification services, which keep them as they please.")
    if _kept_away(context, person):
        line("The config keeps them away: none of their meetings will be recorded.")
    else:
        line("1:1s with them that are still to come are recorded again, as new ones. To keep them away:")
        line(f'  [[person]]  email = "{person.address}"  one_on_one = false')


def _kept_away(context: Context, person: Known) -> bool:
    configured = context.config.person_of(person.address)
    return configured is not None and configured.one_on_one is False
