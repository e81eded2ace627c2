"""What `prepd clean` tells, to people and as JSON: what it took back, what could not be, and what stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from daemon.apply.actions import Result
from daemon.commands import outcomes
from daemon.commands.context import Context
from daemon.commands.outcomes import Told
from daemon.commands.stored import stored
from daemon.commands.sync_document import account
from daemon.removal.cleaning import Cleaned, Taken
from daemon.render import words
from daemon.render.documents import VERSION, stamp
from daemon.render.people import People

_WHAT = {
    "delete_slot": "reflection slot",
    "remove_link": "link on the invite",
    "delete_report": "weekly report",
}


def show(context: Context, cleaned: Cleaned) -> None:
    terminal, dry_run = context.terminal, context.args.dry_run
    for failed in (a for a in cleaned.accounts if a.error is not None):
        terminal.paragraph(*words.failed(failed.name, str(failed.error)))
    headings = ("To be taken back" if dry_run else "Taken back", "Not taken back")
    outcomes.show(terminal, _became(context, cleaned), headings, below=False)
    for said in _stays(cleaned):
        terminal.paragraph(f"Stays: {said}")
    well = all(a.ok for a in cleaned.accounts)
    if not cleaned.taken and well:
        terminal.paragraph("Nothing of prepd's is left on the calendars from now on.")
    if dry_run:
        terminal.paragraph("A dry run: nothing was changed. Without --dry-run it will be, and prepd pauses.")
        return
    if cleaned.left or not well:
        left = f"{words.count(cleaned.left, 'thing')} could not be taken back yet."
        remains = left if cleaned.left else "Not all could be read."
        terminal.paragraph(f"{remains} `prepd clean` once more takes it up where it stopped.")
    terminal.paragraph("Paused: nothing is read or done until `prepd resume`. Documents and ledger stay.")


def _became(context: Context, cleaned: Cleaned) -> Iterator[tuple[Told, Result]]:
    people = People.of(context.config, stored(context).records.values())
    for taken in cleaned.taken:
        whom = _whom(taken, people, context.config.timezone)
        yield Told(_WHAT[taken.kind], whom, taken.reason), taken.result


def _whom(taken: Taken, people: People, zone: tzinfo) -> str:
    if taken.record is not None:
        return f"{people.name(taken.record.person)}, {words.moment(taken.record.start, zone)}"
    return words.moment(taken.times.start, zone) if taken.times else ""


def _stays(cleaned: Cleaned) -> list[str]:
    """What stays on the calendars, and why."""
    found, said = cleaned.clearing, []
    if found.edited:
        said.append(f"{words.count(found.edited, 'reflection slot')} that you wrote in: yours from now on.")
    if found.changed:
        said.append(
            f"{words.count(found.changed, 'event')} of prepd's that somebody changed since, "
            "and that nothing is known of."
        )
    if found.mailing:
        said.append(
            f"{words.count(found.mailing, 'link')} on invites of your own in Outlook: to take them off would mail the "
            "guests (prep_doc.outlook_update_own_invites)."
        )
    said += [
        f"What is on the account {name}, which the config no longer names: name it again to take that back."
        for name in sorted(found.unnamed)
    ]
    return said


def document(cleaned: Cleaned) -> dict[str, Any]:
    return {
        "version": VERSION,
        "accounts": [account(a) for a in cleaned.accounts],
        "actions": [_action(t) for t in cleaned.taken],
        "stays": _stays(cleaned),
        "paused": cleaned.paused,
    }


def _action(taken: Taken) -> dict[str, Any]:
    record, times = taken.record, taken.times
    return {
        "kind": taken.kind,
        "account": taken.account,
        "one_on_one": taken.one_on_one,
        "person": record.person if record else None,
        "meeting_start": stamp(record.start) if record else None,
        "start": stamp(times.start) if times else None,
        "end": stamp(times.end) if times else None,
        "outcome": taken.result.value,
        "reason": taken.reason or None,
    }
