"""The sentences of the weekly report, the same in all its renderings.

Counts never stand without what they are counted of, and a share of fewer than five is not told in percent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta, tzinfo

from daemon.core.model import By, Change, Kind, Person
from daemon.core.report.counting import is_late, seen
from daemon.core.report.model import Counts, PersonReport, RedFlag, Report, Seen, Upcoming
from daemon.core.weeks import MONTHS
from daemon.render import words
from daemon.render.lines import clean

_ELSE = (
    *("moved", "rebooked"),
    *("cancelled by them", "cancelled by you", "cancelled (unknown by whom)"),
    *("declined by them", "declined by you"),
    *("no-show", "excused"),
)
_NONE = {Seen.READ: "none due", Seen.UNREAD: "not read", Seen.TO_COME: "to come"}
_AHEAD = {Kind.SCHEDULED, Kind.REINSTATED}
_ENOUGH = 5
"""From how many on a share is told in percent too."""


def title(report: Report) -> str:
    return f"Your 1:1s in week {int(report.week.name[-2:])}"


def dates(report: Report) -> str:
    """ "26 October to 1 November 2026" """
    first = report.week.start.astimezone(report.zone).date()
    last = report.week.end.astimezone(report.zone).date() - timedelta(days=1)
    year = f" {first.year}" if first.year != last.year else ""
    month = f" {MONTHS[first.month - 1]}" if year or first.month != last.month else ""
    return f"{first.day}{month}{year} to {last.day} {MONTHS[last.month - 1]} {last.year}"


def summary(report: Report) -> str:
    """What the week was like, in a sentence or two."""
    if report.begins is not None and report.week.end <= report.begins:
        day = words.day(report.begins, report.zone)
        year = report.begins.astimezone(report.zone).year
        return f"Nothing is on record of this week: the record begins on {day} {year}."
    week, late = total(p.week for p in report.people), _not_read(report)
    after = f" {late[0].upper()}{late[1:]}: what came later is not known." if late else ""
    if (report.people or report.upcoming) and report.week.start > report.made_at:
        so_far = what_else(week)
        return f"This week is still to come{f'; so far {so_far}' if so_far else ''}."
    if week.expected:
        rest = what_else(week)
        return (
            f"{_of(week)} {'1:1' if week.expected == 1 else '1:1s'} took place{'; ' + rest if rest else ''}."
            + after
        )
    if not report.people and not report.upcoming:
        return (
            "No 1:1s yet. `prepd sync` reads your calendars; `prepd explain TITLE` says why one is missing."
        )
    if late and any(seen(report.week, at, report.made_at) is Seen.UNREAD for at in report.reads.values()):
        return f"Not known: {late}."
    if not any(p.window.expected or p.window.excused for p in report.people):
        return "Nothing to count yet: none of your 1:1s has been due so far."
    if any(u.one_on_one.start < report.week.end for u in report.upcoming):
        return f"None of this week's 1:1s has been due so far.{after}"
    moved = what_else(week)
    none = "No 1:1s were due as far as is known" if late else "A quiet week: no 1:1s were due"
    return f"{none}{f' ({moved})' if moved else ''}.{after}"


def _not_read(report: Report) -> str:
    """ "no calendar was read since Sun 1 Nov 20:00"; empty where the week is known as far as it went."""
    late = {a: at for a, at in report.reads.items() if is_late(report.week, at, report.made_at)}
    return words.not_read(late, report.zone, nothing=len(late) == len(report.reads))


def total(counts: Iterable[Counts]) -> Counts:
    sums: Counter[str] = Counter()
    cancelled: Counter[str] = Counter()
    declined: Counter[str] = Counter()
    for one in counts:
        cancelled.update(one.cancelled)
        declined.update(one.declined)
        for name in ("held", "moved", "rebooked", "no_show", "excused"):
            sums[name] += getattr(one, name)
    return Counts(**sums, cancelled=cancelled, declined=declined)


def held(counts: Counts, seen: Seen = Seen.READ) -> str:
    """ "7 of 9 held (78%)", "none due" """
    if not counts.expected:
        return _NONE[seen]
    return f"{_of(counts)} held{_percent(counts)}"


def share(counts: Counts, seen: Seen = Seen.READ) -> str:
    """ "7 of 9 (78%)": for where it says "held" beside it."""
    return f"{_of(counts)}{_percent(counts)}" if counts.expected else _NONE[seen]


def _percent(counts: Counts) -> str:
    """To the nearest; all and none are never said of what is but near them."""
    if counts.expected < _ENOUGH:
        return ""
    nearest = (counts.held * 200 + counts.expected) // (2 * counts.expected)
    if 0 < counts.held < counts.expected:
        nearest = min(max(nearest, 1), 99)
    return f" ({nearest}%)"


def _of(counts: Counts) -> str:
    return f"{counts.held:,} of {counts.expected:,}"


def fell_and_moved(counts: Counts) -> tuple[tuple[str, int], ...]:
    """What else became of them, where there is anything to count: ("cancelled by you", 1) and so on."""
    cancelled, declined = counts.cancelled, counts.declined
    numbers = (
        counts.moved,
        counts.rebooked,
        *(cancelled.get(by, 0) for by in ("them", "me", "unknown")),
        *(declined.get(by, 0) for by in ("them", "me")),
        counts.no_show,
        counts.excused,
    )
    return tuple((what, number) for what, number in zip(_ELSE, numbers, strict=True) if number)


def what_else(counts: Counts) -> str:
    """ "1 moved, 2 cancelled by them"; empty where there is nothing."""
    return ", ".join(f"{number:,} {what}" for what, number in fell_and_moved(counts))


def in_order(whats: Collection[str]) -> tuple[str, ...]:
    """These names of `fell_and_moved`, in its order."""
    return tuple(what for what in _ELSE if what in whats)


def counted(counts: Counts, seen: Seen = Seen.READ) -> str:
    """ "7 of 9 held (78%), 1 moved, 2 cancelled by them"; "1 moved, nothing else due" """
    rest = what_else(counts)
    if rest and not counts.expected:
        return f"{rest}, {'nothing else due' if seen is Seen.READ else _NONE[seen]}"
    return ", ".join(filter(None, (held(counts, seen), rest)))


def regularity(entry: PersonReport, zone: tzinfo) -> str:
    """Streak, the last one held, and the notice they give."""
    said = [f"{entry.streak:,} in a row"] if entry.streak else []
    if entry.last_held is None:
        said.append("none held on record")
    else:
        day = words.day(entry.last_held, zone)
        ago = "" if entry.days_since is None else f", {_ago(entry.days_since)}"
        said.append(f"last held {day}{ago}")
    if entry.notice_minutes is not None:
        minutes = words.ahead(entry.notice_minutes)
        said.append(f"median notice {minutes}" if entry.notice_minutes >= 0 else f"notice {minutes}")
    return "; ".join(said)


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{words.count(days, 'day')} ago"


def what(change: Change) -> str:
    """ "cancelled by them, 17 h notice" """
    kind, by = words.kind_of(change).text, words.by_whom(change)
    whose = " (unknown by whom)" if change.by is By.UNKNOWN else f" by {by}" if by else ""
    notice = words.notice_given(change) if change.kind is not Kind.HELD else ""
    return f"{kind}{whose}{f', {notice}' if notice else ''}"


def closing(report: Report) -> tuple[str, ...]:
    """The fine print. Commands stand between backticks."""
    made = words.in_text(report.made_at, report.zone)
    return (
        f"Made {made}; times are {zone_name(report.zone)}'s.",
        "`prepd history` says how each of these is known, `prepd mark` corrects what is wrong.",
    )


def preparation(coming: Upcoming, zone: tzinfo) -> str:
    """How the page of a 1:1 to come stands; empty where it has none yet."""
    if coming.page_url is None:
        return ""
    due = f"topics are due {words.in_text(coming.topics_due, zone)}" if coming.topics_due else ""
    if coming.untouched:
        said = f"Nothing on it yet{f'; {due}' if due else ''}."
    elif coming.untouched is None:
        said = f"The page is ready{f'; {due}' if due else ''}."
    else:
        said = "Topics are on the page."
    return f"{said} Its page asks for the monthly career check." if coming.career_check else said


def offered(flag: RedFlag) -> str:
    """What is known of the times that the words offer; empty where they offer none."""
    if not flag.free_times:
        return ""
    first = flag.free_times[0]
    minutes = int((first.end - first.start).total_seconds()) // 60
    if len(flag.free_times) == 1:
        return f"The time is free for you, for {minutes} minutes, in your working hours."
    return f"The times are free for you, for {minutes} minutes each, in your working hours."


def seen_of(entry: PersonReport) -> Seen:
    """Whether the report's week was read, where this person's 1:1s are; to come, where one still stands in it."""
    if not entry.strip:
        return Seen.READ
    week = entry.strip[-1]
    ahead = any(k in _AHEAD for n, k in enumerate(week.outcomes) if n not in week.unread)
    return Seen.TO_COME if ahead and week.seen is Seen.READ else week.seen


def names(report: Report) -> Mapping[str, str]:
    """How each person is called, by address. The model tells people of the same name apart."""
    people = {c.person: Person(c.person, c.name) for c in report.since_last}
    for told in (report.red_flags, report.almost, report.upcoming, report.people):
        people |= {one.person.email: one.person for one in told}
    return {email: clean(p.name, 120) or clean(email, 120) for email, p in people.items()}


def zone_name(zone: tzinfo) -> str:
    return str(getattr(zone, "key", zone))
