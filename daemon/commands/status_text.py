"""What `prepd status` shows to people: a table of the accounts, then what there is to say, a line for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from daemon.commands.context import Context
from daemon.commands.status import AccountStatus, Status
from daemon.commands.terminal import Cell, Column
from daemon.render import documents, words
from daemon.render.lines import Style, Styled
from daemon.render.people import People
from daemon.store.heartbeat import Trouble

_MOST_SKIPPED = 5


def show(context: Context, found: Status) -> None:
    terminal, zone = context.terminal, context.config.timezone
    rows: list[list[Cell]] = [
        [
            Styled(account.name, Style.STRONG),
            account.provider,
            _how(account),
            words.moment(account.last_success, zone) if account.last_success else "never",
        ]
        for account in found.accounts
    ]
    terminal.table((Column("account"), Column("provider"), Column("state"), Column("last success")), rows)
    for account in found.accounts:
        if account.error:
            terminal.line()
            (*name, said) = words.failed(account.name, account.error)
            terminal.paragraph(*name, said, rest="  ")
            if told := _told(context, account):
                terminal.paragraph(Styled(told, Style.QUIET))
    notes = [*_wrong(context, found), *_notes(context, found)]
    if notes:
        terminal.line()
    for note in notes:
        terminal.paragraph(*note, rest="  ")


def _how(account: AccountStatus) -> Styled:
    """The same words as those of `prepd auth status`, where the sign-in is what is wrong."""
    if account.trouble is Trouble.SET_UP:
        return Styled("set-up needed", Style.BAD)
    if account.trouble is Trouble.SIGN_IN or not account.signed_in:
        return Styled("sign-in needed", Style.BAD)
    if account.trouble is Trouble.BRAKE:
        return Styled("stopped to ask", Style.BAD)
    if account.error is not None:
        return Styled("trouble", Style.BAD)
    return Styled("ok" if account.last_success else "signed in", Style.GOOD)


def _told(context: Context, account: AccountStatus) -> str:
    """Since when it lasts, and whether an alert went out."""
    zone, alert = context.config.timezone, account.alert
    said = f"Since {words.in_text(account.failing_since, zone)}." if account.failing_since else ""
    if not context.config.notify.urls or alert is None:
        return said
    if alert.error:
        again = f" It is tried again at {words.clock(alert.retry_at, zone)}." if alert.retry_at else ""
        return f"{said} The alert could not be sent. {words.sentence(alert.error)}{again}".strip()
    if alert.told_at:
        return f"{said} An alert was sent {words.in_text(alert.told_at, zone)}.".strip()
    return f"{said} An alert is sent if it lasts an hour.".strip()


def _wrong(context: Context, found: Status) -> Iterator[tuple[str | Styled, ...]]:
    """What is wrong beside the accounts."""
    zone, beat = context.config.timezone, found.beat
    if found.overdue and found.next_cycle:
        since = words.in_text(found.next_cycle, zone)
        yield (
            Styled("Overdue: ", Style.BAD),
            f"a cycle since {since}, though the service runs. Its log tells more.",
        )
    for to, failing in beat.undelivered.items():
        since = words.in_text(failing.since, zone)
        yield (
            Styled("Undelivered: ", Style.BAD),
            f"the report ({to}) since {since}. {words.sentence(failing.error)}",
        )
    for name, alert in beat.alerts.items():
        if alert.error and all(alert is not account.alert for account in found.accounts if account.error):
            yield (
                Styled("Not sent: ", Style.NOTICE),
                f"the alert that tells of {name}. {words.sentence(alert.error)}",
            )
    if context.config.notify.ping and beat.ping.failing:
        since = words.in_text(beat.ping.failing.since, zone)
        yield Styled("Ping: ", Style.BAD), f"fails since {since}. {words.sentence(beat.ping.failing.error)}"


def _notes(context: Context, found: Status) -> Iterator[tuple[str | Styled, ...]]:
    """What else there is to say."""
    zone, now, state = context.config.timezone, context.now, found.state
    people = People.of(context.config, state.records.values())
    if state.meta.paused:
        yield (Styled("Paused since `prepd clean`; `prepd resume` goes on.", Style.NOTICE),)
    if not state.calendars and all(account.error is None for account in found.accounts):
        yield ("Nothing is read yet: `prepd sync` reads your calendars.",)
    if coming := documents.upcoming(state, now, now + timedelta(days=60)):
        first = coming[0]
        yield (f"Next 1:1: {words.in_text(first.start, zone)} with {people.name(first.person)}",)
    yield from _cycles(context, found)
    for what, reason in _waiting(context, found, people):
        yield Styled("Waiting: ", Style.NOTICE), f"{what.removesuffix(' wait')}: {words.sentence(reason)}"
    for gap in found.gaps:
        yield Styled("Gap: ", Style.NOTICE), words.gap(gap, zone)
    skipped = [each for account in found.accounts for each in account.skipped]
    for event_id, reason in skipped[:_MOST_SKIPPED]:
        yield Styled("Skipped: ", Style.NOTICE), f"event {event_id}: {reason}"
    if len(skipped) > _MOST_SKIPPED:
        more = words.count(len(skipped) - _MOST_SKIPPED, "more event")
        yield (f"… and {more} that can't be read (--json lists them)",)


def _waiting(context: Context, found: Status, people: People) -> list[tuple[str, str]]:
    """What the last cycle could not do, but for reports: those are told of as undelivered."""
    from daemon.commands.outcomes import DONE, Told, waiting

    zone, told = context.config.timezone, []
    for work in found.beat.pending:
        record = found.state.records.get(work.one_on_one or "")
        whom = f"{people.name(record.person)}, {words.in_text(record.start, zone)}" if record else ""
        if work.kind != "deliver":
            told.append(Told(DONE.get(work.kind, work.kind), whom, work.reason))
    return waiting(told)


def _cycles(context: Context, found: Status) -> Iterator[tuple[str | Styled, ...]]:
    zone = context.config.timezone
    if found.service is None:
        last = f"Last cycle: {words.in_text(found.beat.at, zone)}. " if found.beat.at else ""
        yield (f"{last}`prepd run` is not running.",)
        return
    after = ""
    if found.next_cycle and not found.overdue:
        after = f"; next cycle {words.in_text(found.next_cycle, zone)}"
    yield (f"Running: {found.service}{after}",)
