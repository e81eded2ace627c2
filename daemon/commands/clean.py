"""`prepd clean` takes back what stands on the calendars and pauses; `prepd resume` goes on."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from typing import TYPE_CHECKING, Any

from daemon.commands.context import Context
from daemon.commands.sync import Progress, stoppable
from daemon.exits import Exit, Stopped
from daemon.store.files import StateError
from daemon.store.lock import Locked
from daemon.store.store import Store

if TYPE_CHECKING:
    from connectors.protocols import Account
    from daemon.commands.terminal import Cell
    from daemon.config import AccountOptions
    from daemon.removal.cleaning import Cleaned, Taken


def configure(parser: argparse.ArgumentParser, verb: str, _common: argparse.ArgumentParser) -> None:
    if verb == "resume":
        parser.set_defaults(run=_resume)
        return
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be taken back, and change nothing"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_clean)


def _resume(context: Context) -> Exit:
    from daemon.removal.cleaning import pause

    store = Store(context.paths.state)
    try:
        with store.lock("prepd resume"):
            changed = pause(store, paused=False)
    except StateError as error:
        raise Stopped(str(error)) from error
    except Locked as error:
        raise Stopped(f"{error}. Try again when it is done.", Exit.LATER) from error
    if changed:
        context.terminal.line(
            "prepd goes on: the next cycle puts slots and links back, but for what you took away."
        )
        context.terminal.line("`prepd sync` runs it now; `prepd run` does within the minute.")
    else:
        context.terminal.line("prepd was not paused.")
    return Exit.OK


def _clean(context: Context) -> Exit:
    from daemon.troubles import exit_code, trouble_of

    cleaned = _cleaned(context)
    if context.json:
        context.terminal.json(_document(cleaned))
    else:
        _show(context, cleaned)
    code = exit_code(trouble_of(a.error) for a in cleaned.accounts)
    return Exit.LATER if code is Exit.OK and cleaned.left else code


def _cleaned(context: Context) -> Cleaned:
    from daemon import accounts
    from daemon.cycle import Request
    from daemon.removal.cleaning import clean

    config, paths, dry_run = context.config, context.paths, context.args.dry_run
    store, stop = Store(paths.state), threading.Event()
    opened: list[Account] = []

    def open_account(options: AccountOptions) -> Account:
        opened.append(accounts.open_account(config, options, paths, stop))
        return opened[-1]

    progress = Progress(enabled=sys.stderr.isatty() and not context.json)
    request = Request(now=context.now, dry_run=dry_run, progress=progress.show, stopping=stop.is_set)
    try:
        with stoppable(stop), contextlib.nullcontext() if dry_run else store.lock("prepd clean"):
            return clean(config, store, open_account, request)
    except StateError as error:
        raise Stopped(str(error)) from error
    except Locked as error:
        raise Stopped(f"{error}. Try again when it is done.", Exit.LATER) from error
    finally:
        progress.clear()
        for account in opened:
            account.close()


def _stays(cleaned: Cleaned) -> list[str]:
    """What stays on the calendars, and why."""
    from daemon.render.words import count

    found, said = cleaned.clearing, []
    if found.edited:
        said.append(f"{count(found.edited, 'reflection slot')} that you wrote in: yours from now on.")
    if found.changed:
        said.append(
            f"{count(found.changed, 'event')} of prepd's that somebody changed since, and that nothing is known of."
        )
    if found.mailing:
        said.append(
            f"{count(found.mailing, 'link')} on invites of your own in Outlook: to take them off would mail the guests "
            "(prep_doc.outlook_update_own_invites)."
        )
    said += [
        f"What is on the account {name}, which the config no longer names: name it again to take that back."
        for name in sorted(found.unnamed)
    ]
    return said


def _show(context: Context, cleaned: Cleaned) -> None:
    from daemon.apply.actions import Result
    from daemon.commands.terminal import Column
    from daemon.render import words
    from daemon.render.lines import Style, Styled

    terminal, dry_run = context.terminal, context.args.dry_run
    for account in cleaned.accounts:
        if account.error is not None:
            terminal.line(*words.failed(account.name, str(account.error)))
    if cleaned.taken:
        terminal.line(Styled("To be taken back" if dry_run else "Taken back", Style.STRONG))
        rows: list[list[Cell]] = []
        for taken in cleaned.taken:
            left = "" if taken.result in (Result.DONE, Result.PLANNED) else taken.result.value
            rows.append(
                [
                    _WHAT[taken.kind],
                    _for(context, taken),
                    Styled(left, Style.NOTICE),
                    Styled(taken.reason, Style.QUIET),
                ]
            )
        terminal.table((Column(""), Column("for"), Column(""), Column("", flexible=True)), rows)
    for said in _stays(cleaned):
        terminal.line(f"Stays: {said}")
    if not cleaned.taken and all(a.ok for a in cleaned.accounts):
        terminal.line("Nothing of prepd's is left on the calendars from now on.")
    if dry_run:
        terminal.line("A dry run: nothing was changed. Without --dry-run it will be, and prepd pauses.")
        return
    if cleaned.left or not all(a.ok for a in cleaned.accounts):
        terminal.line(f"{_remains(cleaned)} `prepd clean` once more takes it up where it stopped.")
    terminal.line("Paused: nothing is read or done until `prepd resume`. Documents and ledger stay.")


_WHAT = {
    "delete_slot": "reflection slot",
    "remove_link": "link on the invite",
    "delete_report": "weekly report",
}


def _remains(cleaned: Cleaned) -> str:
    from daemon.render.words import count

    return (
        f"{count(cleaned.left, 'thing')} could not be taken back yet."
        if cleaned.left
        else "Not all could be read."
    )


def _for(context: Context, taken: Taken) -> str:
    from daemon.render.words import moment

    zone = context.config.timezone
    if taken.record is not None:
        return f"{taken.record.name}, {moment(taken.record.start, zone)}"
    return moment(taken.times.start, zone) if taken.times else ""


def _document(cleaned: Cleaned) -> dict[str, Any]:
    from daemon.render.documents import VERSION, stamp

    return {
        "version": VERSION,
        "accounts": [
            {
                "name": a.name,
                "ok": a.ok,
                "error": str(a.error) if a.error else None,
                "requests": a.requests,
                "events_read": a.events_read,
                "full": a.full,
            }
            for a in cleaned.accounts
        ],
        "actions": [
            {
                "kind": t.kind,
                "account": t.account,
                "one_on_one": t.one_on_one,
                "person": t.record.person if t.record else None,
                "meeting_start": stamp(t.record.start) if t.record else None,
                "start": stamp(t.times.start) if t.times else None,
                "end": stamp(t.times.end) if t.times else None,
                "outcome": t.result.value,
                "reason": t.reason or None,
            }
            for t in cleaned.taken
        ],
        "stays": _stays(cleaned),
        "paused": cleaned.paused,
    }
