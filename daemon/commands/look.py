"""The commands that only look: `agenda`, `open`, `history`, `status`, `report`.

They read the last commit, and never the network.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from daemon.commands import documents, words
from daemon.commands.context import Context
from daemon.commands.terminal import Cell, Column, Style, Styled
from daemon.configured import changes_under_one_address, still_read, under_one_address
from daemon.exits import Exit, Stopped
from daemon.store.files import StateError
from daemon.store.heartbeat import Heartbeat, Trouble, read_heartbeat
from daemon.store.store import Store

if TYPE_CHECKING:
    from daemon.core.model import OneOnOne
    from daemon.core.report import Counts, Report, Week
    from daemon.store.state import State


def configure(parser: argparse.ArgumentParser, verb: str, _common: argparse.ArgumentParser) -> None:
    run = {"agenda": _agenda, "open": _open, "history": _history, "status": _status, "report": _report}[verb]
    parser.set_defaults(run=run)
    if verb == "agenda":
        parser.add_argument("--days", type=_days, default=14, metavar="N", help="how far ahead (14)")
    if verb in ("open", "history"):
        parser.add_argument(
            "person", nargs="?", metavar="PERSON", help="an address or a name, or part of one"
        )
    if verb == "open":
        parser.add_argument("--print", action="store_true", help="print the page's address instead")
    if verb == "report":
        parser.add_argument("--week", metavar="2026-W47", help="an ISO week (this one)")
        parser.add_argument(
            "--format", choices=("text", "json"), default="text", help="how to print it (text)"
        )
    if verb not in ("open", "report"):
        parser.add_argument("--json", action="store_true", help="print JSON")


def _days(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 366:
        raise ValueError(text)
    return number


def stored(context: Context) -> State:
    """:raises Stopped: the state can't be read."""
    try:
        state = Store(context.paths.state).state()
        return still_read(under_one_address(state, context.config), context.config)
    except StateError as error:
        raise Stopped(str(error)) from error


def _agenda(context: Context) -> Exit:
    state, now = stored(context), context.now
    found = documents.upcoming(state, now, now + timedelta(days=context.args.days))
    if context.json:
        entries = [documents.agenda_entry(r, state, context.config) for r in found]
        context.terminal.json({"version": documents.VERSION, "one_on_ones": entries})
        return Exit.OK
    if not found:
        context.terminal.line(_nothing_ahead(state, context.args.days))
        return Exit.OK
    context.terminal.table(
        (
            Column("when"),
            Column("with"),
            Column("title", flexible=True),
            Column("you"),
            Column("slot"),
            Column("prep"),
        ),
        [_agenda_row(r, state, context) for r in found],
    )
    return Exit.OK


def _nothing_ahead(state: State, days: int) -> str:
    if not state.calendars:
        return "Nothing is known yet: `prepd sync` reads your calendars."
    return f"No 1:1 in the next {days} days."


def _agenda_row(record: OneOnOne, state: State, context: Context) -> list[Cell]:
    zone = context.config.timezone
    entry = documents.agenda_entry(record, state, context.config)
    slot = state.artefacts.slots.get(record.id) if entry["slot"] else None
    declined = record.state.value == "declined"
    when = f"{words.moment(record.start, zone)}–{words.clock(record.end, zone)}"
    placed = f"{words.clock(slot.start, zone)}{' (overlaps)' if slot.overlaps else ''}" if slot else None
    page = documents.page_of(record, state)
    return [
        Styled(when, Style.QUIET if declined else Style.STRONG),
        entry["person"]["name"],
        record.title,
        Styled(_answer(record), Style.NOTICE if declined else Style.QUIET),
        placed,
        page.ref.url if page and not context.terminal.interactive else ("ready" if page else None),
    ]


def _answer(record: OneOnOne) -> str:
    if record.state.value == "declined" and record.attendance.value != "declined":
        return "they declined"
    return {"needs_action": "no answer yet", "organizer": "organizing"}.get(
        record.attendance.value, record.attendance.value
    )


def _open(context: Context) -> Exit:
    state, now = stored(context), context.now
    pages = [page for page in state.artefacts.pages.values() if _matches(context, page.person, state)]
    if not pages:
        raise Stopped(_no_page(context, state))
    records = state.records

    def soonest(page_one_on_one: str) -> datetime:
        record = records.get(page_one_on_one)
        return record.start if record and record.end > now else datetime.max.replace(tzinfo=UTC)

    url = min(pages, key=lambda p: (soonest(p.one_on_one), p.person)).ref.url
    if context.args.print or not _opened(url):
        context.terminal.line(url)
    return Exit.OK


def _opened(url: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


def _no_page(context: Context, state: State) -> str:
    who = f" for “{context.args.person}”" if context.args.person else ""
    if not state.calendars:
        return f"There is no prep page{who} yet: `prepd sync` reads your calendars and opens them."
    days = context.config.sync.horizon.days
    return f"There is no prep page{who}. One is opened when a 1:1 is within {days} days (sync.horizon)."


def _matches(context: Context, address: str, state: State) -> bool:
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


def _history(context: Context) -> Exit:
    state, store = stored(context), Store(context.paths.state)
    try:
        entries = changes_under_one_address(store.changes(), context.config)
    except StateError as error:
        raise Stopped(str(error)) from error
    wanted = (context.args.person or "").casefold()
    people = {e.person for e in entries if _matches(context, e.person, state) or wanted in e.name.casefold()}
    entries = [e for e in entries if e.person in people]
    if context.json:
        changes = [documents.change(e, context.config) for e in entries]
        context.terminal.json({"version": documents.VERSION, "changes": changes})
        return Exit.OK
    if not entries:
        context.terminal.line(
            "The ledger is empty." if not wanted else f"Nothing is known of “{context.args.person}”."
        )
        return Exit.OK
    zone = context.config.timezone
    context.terminal.table(
        (
            Column("noticed"),
            Column("1:1"),
            Column("with"),
            Column(""),
            Column("when"),
            Column("by"),
            Column("notice", right=True),
            Column("why", flexible=True),
        ),
        [
            [
                Styled(words.moment(e.noticed_at, zone), Style.QUIET),
                Styled(e.one_on_one, Style.QUIET),
                documents.person_of(context.config, e.person, e.name).name,
                words.kind_of(e),
                words.when(e, zone),
                words.by_whom(e),
                words.notice(e),
                Styled(e.evidence, Style.QUIET),
            ]
            for e in entries
        ],
    )
    return Exit.OK


def _status(context: Context) -> Exit:
    from daemon.troubles import exit_code

    state, now = stored(context), context.now
    beat = read_heartbeat(context.paths.state)
    entries: list[dict[str, Any]] = []
    troubles = []
    for options in context.config.account:
        pulse = beat.accounts.get(options.name)
        signed_in, error, trouble = _signed_in(context, options.name)
        error = error or (pulse.error if pulse else None)
        trouble = trouble or (pulse.trouble if pulse else None)
        troubles.append(trouble)
        last = pulse.last_success if pulse else None
        entries.append(
            {
                "name": options.name,
                "provider": options.provider.value,
                "ok": error is None,
                "last_success": documents.stamp(last),
                "signed_in": signed_in,
                "error": error,
                "skipped": _skipped(state, options.name),
            }
        )
    gaps = documents.gaps(state, beat, now)
    if context.json:
        _status_json(context, entries, gaps, beat, state)
    else:
        _status_text(context, entries, gaps, beat, state, now)
    return exit_code(troubles)


def _signed_in(context: Context, name: str) -> tuple[bool, str | None, Trouble | None]:
    from connectors.errors import ConnectorError
    from daemon import accounts
    from daemon.troubles import trouble_of

    try:
        found = accounts.sign_in_state(context.config, context.account(name), context.paths)
    except ConnectorError as error:
        return False, str(error), trouble_of(error)
    trouble = Trouble.SET_UP if found.misconfigured else Trouble.SIGN_IN if found.error else None
    return found.signed_in, found.error, trouble


def _skipped(state: State, account: str) -> list[dict[str, str]]:
    return [
        {"event_id": event_id, "reason": reason}
        for calendar in state.calendars.values()
        if calendar.account == account
        for event_id, reason in calendar.skipped.items()
    ]


def _status_json(
    context: Context,
    accounts: list[dict[str, Any]],
    gaps: list[dict[str, Any]],
    beat: Heartbeat,
    state: State,
) -> None:
    context.terminal.json(
        {
            "version": documents.VERSION,
            "accounts": accounts,
            "pending": [
                {"kind": p.kind, "one_on_one": p.one_on_one, "reason": p.reason} for p in beat.pending
            ],
            "gaps": gaps,
            "next_cycle": documents.stamp(beat.next_cycle),
            "paused": state.meta.paused,
        }
    )


def _status_text(
    context: Context,
    accounts: list[dict[str, Any]],
    gaps: list[dict[str, Any]],
    beat: Heartbeat,
    state: State,
    now: datetime,
) -> None:
    terminal, zone = context.terminal, context.config.timezone
    rows: list[list[Cell]] = []
    for entry in accounts:
        pulse = beat.accounts.get(str(entry["name"]))
        last = words.moment(pulse.last_success, zone) if pulse and pulse.last_success else "never"
        good = entry["ok"] and entry["signed_in"]
        said = "ok" if good else "sign-in needed" if not entry["signed_in"] else "trouble"
        rows.append(
            [Styled(str(entry["name"]), Style.STRONG), str(entry["provider"]), _good(said, bool(good)), last]
        )
    terminal.table((Column("account"), Column("provider"), Column("state"), Column("last success")), rows)
    for entry in accounts:
        if entry["error"]:
            terminal.line()
            terminal.line(Styled(f"{entry['name']}: ", Style.STRONG), str(entry["error"]))
    terminal.line()
    if state.meta.paused:
        terminal.line(Styled("Paused since `prepd clean`; `prepd resume` goes on.", Style.NOTICE))
    if coming := documents.upcoming(state, now, now + timedelta(days=60)):
        first = coming[0]
        terminal.line(f"Next 1:1: {words.moment(first.start, zone)} with {first.name}")
    if beat.next_cycle and beat.next_cycle > now:
        terminal.line(f"Next cycle: {words.moment(beat.next_cycle, zone)}")
    for work in beat.pending:
        terminal.line(Styled("Waiting: ", Style.NOTICE), f"{work.kind} ({work.reason})")
    for gap in gaps:
        terminal.line(
            Styled("Gap: ", Style.NOTICE), f"{gap['account'] or 'prepd'} from {gap['from']} ({gap['reason']})"
        )
    skipped = [s for entry in accounts for s in _skipped(state, str(entry["name"]))]
    for event in skipped[:5]:
        terminal.line(Styled("Skipped: ", Style.NOTICE), f"event {event['event_id']}: {event['reason']}")
    if len(skipped) > 5:
        terminal.line(f"… and {len(skipped) - 5} more events that can't be read (--json lists them)")


def _good(text: str, good: bool) -> Styled:
    return Styled(text, Style.GOOD if good else Style.BAD)


def _report(context: Context) -> Exit:
    from daemon.core.report import make_report

    state, now = stored(context), context.now
    zone = context.config.timezone
    try:
        changes = changes_under_one_address(Store(context.paths.state).changes(), context.config)
    except StateError as error:
        raise Stopped(str(error)) from error
    week = _week(context, now)
    people = documents.acquaintances(context.config)
    made = make_report(changes, state.records.values(), people, week, zone, now)
    beat = read_heartbeat(context.paths.state)
    document = documents.report(made, state, beat, context.config, now)
    if context.args.format == "json":
        context.terminal.json(document)
    else:
        show_report(context, made, state, now)
    return Exit.OK


def _week(context: Context, now: datetime) -> Week:
    from daemon.core.report import week_named, week_of

    zone = context.config.timezone
    if context.args.week is None:
        return week_of(now.astimezone(zone).date(), zone)
    try:
        return week_named(context.args.week, zone)
    except ValueError:
        raise Stopped(
            f"--week: “{context.args.week}” is not an ISO week like 2026-W47.", Exit.USAGE
        ) from None


def show_report(context: Context, made: Report, state: State, now: datetime) -> None:
    """The counts for each person, and what comes next."""
    terminal, zone = context.terminal, context.config.timezone
    last = made.week.end - timedelta(days=1)
    first_day = f"{made.week.start.astimezone(zone):%-d %b}"
    terminal.line(
        Styled(f"Week {made.week.name}", Style.STRONG),
        Styled(f"  {first_day} to {last.astimezone(zone):%-d %b %Y}", Style.QUIET),
    )
    terminal.line()
    if not made.people:
        terminal.line(
            "No 1:1s yet. `prepd sync` reads your calendars; `prepd explain TITLE` says why one is missing."
        )
        return
    rows: list[list[Cell]] = []
    for entry in made.people:
        person, streak = entry.person, str(entry.streak)
        rows.append([Styled(person.name, Style.STRONG), *_counts_row("this week", entry.week), streak])
        rows.append([Styled(person.role.value, Style.QUIET), *_counts_row("12 weeks", entry.window), ""])
    numbers = [Column(title, right=True) for title in ("held", "moved", "rebooked")]
    terminal.table(
        (
            Column("with"),
            Column(""),
            *numbers,
            Column("cancelled by"),
            Column("declined by"),
            Column("in a row", right=True),
        ),
        rows,
    )
    coming = documents.upcoming(state, now, made.week.end + timedelta(days=7))
    if coming:
        terminal.line()
        terminal.line(Styled("Coming up", Style.STRONG))
        terminal.table(
            (Column("when"), Column("with"), Column("title", flexible=True)),
            [[words.moment(r.start, zone), r.name, r.title] for r in coming],
        )


def _counts_row(span: str, counts: Counts) -> list[Cell]:
    bad = counts.cancelled["them"] > 0
    return [
        Styled(span, Style.QUIET),
        f"{counts.held} of {counts.expected}",
        _count(counts.moved),
        _count(counts.rebooked),
        Styled(_by_whom(counts.cancelled), Style.BAD if bad else Style.PLAIN),
        _by_whom(counts.declined),
    ]


def _count(number: int) -> str:
    return str(number or "")


def _by_whom(counts: Mapping[str, int]) -> str:
    """ "2 them, 1 you"; nothing where there is nothing to count."""
    names = {"me": "you"}
    return ", ".join(f"{number} {names.get(by, by)}" for by, number in counts.items() if number)
