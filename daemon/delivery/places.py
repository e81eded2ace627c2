"""Where a report goes: into files, on the user's calendar, to their notification services.

Each may be repeated: files are replaced, the event has a key, and which services have the message is remembered.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from connectors.errors import AlreadyDeleted, Conflict, NotFound, Refused
from connectors.protocols import Account, Calendar
from connectors.values import Draft, Edit, Event, Status
from daemon.config import AccountOptions, Config
from daemon.core.due import moment_of
from daemon.core.mark import report_mark
from daemon.core.model import short_hash
from daemon.core.report.model import Report
from daemon.notify import Message, send
from daemon.paths import PRIVATE_FOLDER, Paths
from daemon.store.files import StateError, write_durably
from daemon.store.state import ReportEvent

LENGTH = timedelta(minutes=30)
"""How long the event with the report is. It takes no time: the user is shown as free."""
_EVENT_HOLDS = 8_000
"""Google keeps 8,192 characters of a description. Bytes, as it is sent, to be safe; Outlook takes more."""
_MESSAGE_HOLDS = 3_500
"""Most services take 4,096 bytes or more; of the others Apprise knows how much they take."""


def put_in_files(paths: Paths, report: Report) -> tuple[Path, ...]:
    """The report as a page to look at and as Markdown. :raises StateError: they can't be written."""
    from daemon.render import html as page
    from daemon.render import markdown

    folder = paths.reports
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise StateError(f"{folder} can't be used ({error.strerror}). Make it yours to write.") from error
    texts = {
        f"{report.week.name}.md": markdown.render(report),
        f"{report.week.name}.html": page.render(report),
    }
    for name, text in texts.items():
        write_durably(folder / name, text.encode())
    return tuple(folder / name for name in reversed(texts))


def put_on_calendar(
    config: Config,
    open_account: Callable[[AccountOptions], Account],
    report: Report,
    before: ReportEvent | None,
) -> ReportEvent | None:
    """The event that holds the report, on the first calendar that takes it; None where the user took it away.

    :param before: the week's event as it was delivered before its time, to be brought up to date; or made anew where
        prepd took it away.
    :raises ConnectorError: it could not be made for now; Refused: no calendar takes it.
    """
    if before is not None and (options := config.account_named(before.account)) is not None:
        calendar = open_account(options).calendar(before.calendar)
        if not before.gone or _stands(calendar, before.event_id):
            return _renewed(calendar, report, before)
    generation = before.generation + 1 if before is not None and before.gone else 0
    refusal = None
    for options in config.account:
        for name in options.calendars:
            try:
                return _made(open_account(options).calendar(name), options.name, config, report, generation)
            except AlreadyDeleted:
                return None
            except Refused as error:
                refusal = refusal or error
    raise refusal or Refused("there is no calendar to put it on")


def _made(calendar: Calendar, account: str, config: Config, report: Report, generation: int) -> ReportEvent:
    on = config.report.on
    start = moment_of(report.week, on.weekday, on.time, config.timezone)
    title, text = _event_words(report)
    draft = Draft(title, start, start + LENGTH, text, report_mark(report.week.name), busy=False)
    week = report.week.name
    event = calendar.insert(draft, short_hash("report", week, *([str(generation)] if generation else [])))
    return ReportEvent(week, account, calendar.id, event.id, event.start, event.end, event.etag, generation)


def _stands(calendar: Calendar, event_id: str) -> bool:
    """Whether an event that prepd set out to take away is there after all."""
    try:
        found = calendar.get(event_id)
    except NotFound:
        return False
    return isinstance(found, Event) and found.status is not Status.CANCELLED


def _renewed(calendar: Calendar, report: Report, before: ReportEvent) -> ReportEvent | None:
    title, text = _event_words(report)
    edit = Edit(report_mark(report.week.name), title=title, text=text)
    try:
        event = calendar.edit(before.event_id, edit, before.etag)
    except NotFound:
        return None
    except Conflict:
        return before  # the user changed it since: it is theirs to keep as it is
    return replace(before, start=event.start, end=event.end, etag=event.etag, gone=False)


def _event_words(report: Report) -> tuple[str, str]:
    from daemon.render.text import plain

    week = report.week.name
    return f"1:1 report, week {int(week[-2:])}", cut(plain(report), _EVENT_HOLDS, _rest(week))


def send_to_services(config: Config, cache_dir: Path, report: Report, got: frozenset[str]) -> None:
    """:param got: the services that have it already. :raises NotSent: not all took it."""
    from daemon.render import sentences
    from daemon.render.text import plain

    text = cut(plain(report), _MESSAGE_HOLDS, _rest(report.week.name))
    send(config.notify.urls, Message(sentences.title(report), text), config.network, cache_dir, got)


def cut(text: str, most: int, note: str) -> str:
    """At most `most` bytes of a text, as HTML too; where lines had to be left out, `note` says so at the end."""
    if _size(text) <= most:
        return text
    room = most - _size(note) - 2
    kept: list[str] = []
    for line in text.splitlines(keepends=True):
        room -= _size(line)
        if room < 0:
            break
        kept.append(line)
    return f"{''.join(kept).rstrip()}\n\n{note}"


def _size(text: str) -> int:
    return len(html.escape(text, quote=False).encode())


def _rest(week: str) -> str:
    return f"This is not all of it: `prepd report --week {week}` shows the rest."
