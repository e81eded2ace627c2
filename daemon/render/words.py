"""How times, changes and actions are said to people, in the same words by every command."""

from __future__ import annotations

from datetime import datetime, tzinfo

from daemon.core.model import By, Change, How, Kind, Scope
from daemon.core.weeks import DAYS, MONTHS
from daemon.render.lines import Style, Styled

_LOOKS = {
    Kind.HELD: Style.GOOD,
    Kind.REINSTATED: Style.GOOD,
    Kind.RESCHEDULED: Style.NOTICE,
    Kind.CANCELLED: Style.BAD,
    Kind.DECLINED: Style.BAD,
    Kind.NO_SHOW: Style.BAD,
    Kind.SERIES_ENDED: Style.NOTICE,
    Kind.NO_LONGER: Style.NOTICE,
}


def moment(when: datetime, zone: tzinfo) -> str:
    """ "Tue 24 Nov 10:00" """
    local = when.astimezone(zone)
    return f"{DAYS[local.weekday()][:3]} {local.day:>2} {MONTHS[local.month - 1][:3]} {local:%H:%M}"


def clock(when: datetime, zone: tzinfo) -> str:
    return f"{when.astimezone(zone):%H:%M}"


def kind_of(change: Change) -> Styled:
    """ "cancelled by them", "moved by you", in the colour of what it means."""
    text = {
        Kind.NO_SHOW: "no-show",
        Kind.NO_LONGER: "no longer 1:1",
        Kind.SERIES_ENDED: "series ended",
    }.get(change.kind, change.kind.value)
    if change.kind is Kind.RESCHEDULED:
        text = "series moved" if change.scope is Scope.SERIES else (change.how or How.MOVED).value
    return Styled(text, _LOOKS.get(change.kind, Style.PLAIN))


def by_whom(change: Change) -> str:
    return {By.ME: "you", By.THEM: "them", By.UNKNOWN: "unknown", None: ""}[change.by]


def when(change: Change, zone: tzinfo) -> str:
    """The time that counts; for what was rescheduled, both."""
    if change.was and change.now_at:
        return f"{moment(change.was.start, zone)} → {moment(change.now_at.start, zone)}"
    times = change.was or change.now_at
    return moment(times.start, zone) if times else ""


def count(number: int, what: str) -> str:
    """ "1 event", "2 events" """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def failed(account: str, error: str) -> tuple[Styled, ...]:
    """What keeps an account from being served: a sentence that names it once."""
    said = Styled(error if error.endswith((".", "?")) else f"{error}.", Style.BAD)
    return (said,) if error.startswith(f"Account {account}") else (Styled(f"{account}: ", Style.STRONG), said)


def notice(change: Change) -> str:
    return "" if change.notice_minutes is None else ahead(change.notice_minutes)


def ahead(minutes: int) -> str:
    """ "45 min", "17 h", "3 days" """
    if minutes < 0:
        return "after it began"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
