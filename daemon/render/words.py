"""How times, changes and actions are said to people, in the same words by every command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from daemon.core.model import By, Change, Gap, How, Kind, Scope
from daemon.core.weeks import DAYS, MONTHS
from daemon.render.lines import Style, Styled, clean

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


def day(when: datetime, zone: tzinfo) -> str:
    """The same without the time, for running text: "Tue 3 Nov"."""
    return in_text(when, zone).rpartition(" ")[0]


def in_text(when: datetime, zone: tzinfo) -> str:
    """The same for running text, where nothing is aligned: "Tue 3 Nov 10:00"."""
    return one_space(moment(when, zone))


def one_space(text: str) -> str:
    """Without the blanks of a table's columns."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """Ends as one."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def clock(when: datetime, zone: tzinfo) -> str:
    return f"{when.astimezone(zone):%H:%M}"


def kind_of(change: Change) -> Styled:
    """ "cancelled", "moved", "series ended", in the colour of what it means."""
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


def not_read(late: Mapping[str, datetime], zone: tzinfo, *, nothing: bool) -> str:
    """ "no calendar was read since Sun 1 Nov 20:00", "account client was not read since …"; empty where none is late.

    :param late: when each account was read last; `nothing`: those are all there are.
    """
    if not late:
        return ""
    if nothing:
        return f"no calendar was read since {in_text(max(late.values()), zone)}"
    names, since = " and ".join(map(clean, sorted(late))), in_text(min(late.values()), zone)
    whose = f"account {names} was" if len(late) == 1 else f"accounts {names} were"
    return f"{whose} not read since {since}"


def gap(entry: Gap, zone: tzinfo) -> str:
    """ "client could not be read from Tue 20 Oct 09:00 to Tue 20 Oct 14:00: the sign-in expired." """
    since = in_text(entry.start, zone)
    until = f"from {since} to {in_text(entry.end, zone)}" if entry.end else f"since {since}, and still"
    if entry.account is None:
        return f"prepd was not running {until}."
    # What was to be done about it is of no use once it is over.
    whose, reason = f"Account {clean(entry.account)}", clean(entry.reason, 500)
    reason = reason.removeprefix(f"{whose}: ").removeprefix(f"{whose}, ")
    reason = reason.partition(". ")[0] if entry.end else reason
    return sentence(f"{clean(entry.account)} could not be read {until}{f': {reason}' if reason else ''}")


def count(number: int, what: str, many: str = "") -> str:
    """ "1 event", "2 events"; `many` where the plural is not one with an s."""
    return f"{number:,} {what if number == 1 else many or f'{what}s'}"


def failed(account: str, error: str) -> tuple[Styled, ...]:
    """What keeps an account from being served: a sentence that names it once."""
    said = Styled(sentence(error), Style.BAD)
    return (said,) if error.startswith(f"Account {account}") else (Styled(f"{account}: ", Style.STRONG), said)


def notice(change: Change) -> str:
    """ "17 h"; "after it began"; empty where none is known."""
    return "" if change.notice_minutes is None else ahead(change.notice_minutes)


def notice_given(change: Change) -> str:
    """ "17 h notice"; "after it began"; empty where none is known."""
    told = notice(change)
    return f"{told} notice" if told[:1].isdigit() else told


def ahead(minutes: int) -> str:
    """ "45 min", "17 h", "3 days" """
    if minutes < 0:
        return "after it began"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
