"""A week of both calendars, as they lie over each other in a calendar's week view; on a phone, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from connectors.frozen import dataclass
from daemon.commands.demo.serve import dates
from daemon.commands.demo.serve.cast import CLIENT, PROVIDER, SHOWN, WORK, Cast
from daemon.commands.demo.serve.diary import Invite
from daemon.commands.demo.serve.foreign import Follow
from daemon.commands.demo.serve.forms import button, choice, field, form, when
from daemon.commands.demo.serve.frame import Page, page_of
from daemon.commands.demo.serve.lanes import lanes
from daemon.commands.demo.world import ZONE
from daemon.core.weeks import Week, week_after, week_of
from daemon.render.lines import clean
from daemon.render.markup import Element, Node, element

STEP = 5
"""Minutes of a row."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a week's page shows. `only` is an account, or '' for both; `one_on_ones` are (account, event id)."""

    week: Week
    now: datetime
    invites: Sequence[Invite]
    only: str
    one_on_ones: frozenset[tuple[str, str]]
    follow: Follow


def address(invite: Invite) -> str:
    return f"/invite/{invite.account}/{quote(invite.id, safe='')}"


def week_page(shown: Shown, cast: Cast, here: str) -> Page:
    title = dates.of_week(shown.week)
    content: list[Node] = [
        element("p", f"Alex’s calendars · week {int(shown.week.name[-2:])}", class_="from"),
        element("h1", title),
        element("div", _ways(shown), _accounts(shown), class_="bar"),
        _grid(shown),
        _booking(shown, cast, here),
    ]
    return page_of(title, *content, place="/", wide=True)


def _ways(shown: Shown) -> Element:
    before = week_of(dates.day(shown.week.start - timedelta(days=3)), ZONE)
    others = (
        (before, "← Earlier"),
        (week_of(dates.day(shown.now), ZONE), "This week"),
        (week_after(shown.week, ZONE), "Later →"),
    )
    links = (element("li", element("a", text, href=_address(week.name, shown.only))) for week, text in others)
    return element("nav", element("ul", *links, class_="ways"), aria_label="Weeks")


def _accounts(shown: Shown) -> Element:
    """Which calendars are shown: the legend of their colours too."""
    choices = (
        ("", "Both"),
        (WORK, f"{SHOWN[WORK]} · {PROVIDER[WORK]}"),
        (CLIENT, f"{SHOWN[CLIENT]} · {PROVIDER[CLIENT]}"),
    )
    links = (
        element(
            "li",
            element(
                "a",
                *([element("span", class_=f"swatch {name}", aria_hidden="true")] if name else []),
                text,
                href=_address(shown.week.name, name),
                aria_current="true" if name == shown.only else "",
            ),
        )
        for name, text in choices
    )
    return element("nav", element("ul", *links, class_="ways"), aria_label="Calendars")


def _address(week: str, only: str) -> str:
    return f"/?week={week}" + (f"&calendar={only}" if only else "")


def _grid(shown: Shown) -> Element:
    days = [shown.week.start + timedelta(days=number) for number in range(7)]
    by_day = [[i for i in shown.invites if dates.day(i.start) == dates.day(day)] for day in days]
    while len(by_day) > 5 and not by_day[-1]:
        by_day.pop()
    first, last = _hours(shown.invites)
    hours = (
        element("span", f"{hour:02}:00", class_=f"s{(hour - first) * 60 // STEP + 1}")
        for hour in range(first, last)
    )
    gutter = element("div", *hours, class_=f"hours h{last - first}", aria_hidden="true")
    columns = (_day(shown, day, invites, first, last) for day, invites in zip(days, by_day, strict=False))
    return element("div", gutter, *columns, class_=f"week d{len(by_day)}")


def _hours(invites: Sequence[Invite]) -> tuple[int, int]:
    """From when to when the days are shown."""
    local = [(i.start.astimezone(ZONE), i.end.astimezone(ZONE)) for i in invites]
    first = min([8, *(start.hour for start, _ in local)])
    last = max(
        [17, *(24 if end.date() > start.date() else end.hour + (end.minute > 0) for start, end in local)]
    )
    return first, last


def _day(shown: Shown, day: datetime, invites: list[Invite], first: int, last: int) -> Element:
    name = f"{dates.long_day(day)[:3]} {dates.day(day).day}"
    today = dates.day(day) == dates.day(shown.now)
    marks = (element("span", "today", class_="today-mark"),) if today else ()
    placed = lanes([(invite.start, invite.end) for invite in invites])
    entries: list[Element] = [
        _entry(shown, invite, _row(invite.start, first), place)
        for invite, place in zip(invites, placed, strict=True)
    ]
    local = shown.now.astimezone(ZONE)
    if today and first <= local.hour < last:
        entries.append(element("li", class_=f"now s{_row(shown.now, first)}", aria_hidden="true"))
    nothing = () if invites else (element("p", "Nothing", class_="nothing quiet"),)
    return element(
        "section",
        element("h2", name, *marks),
        element("ol", *entries, class_=f"entries h{last - first}"),
        *nothing,
        class_="day today" if today else "day",
    )


def _row(moment: datetime, first: int) -> int:
    local = moment.astimezone(ZONE)
    return ((local.hour - first) * 60 + local.minute) // STEP + 1


def _entry(shown: Shown, invite: Invite, row: int, place: tuple[int, int]) -> Element:
    rows = max(round((invite.end - invite.start) / timedelta(minutes=STEP)), 2)
    with_doc = any(shown.follow(url) for url in invite.links)
    kind = "slot" if invite.slot else "one" if _is_one_on_one(shown, invite) else "other"
    if invite.declined or invite.gone:
        kind += " off"
    inside = (
        element("span", dates.span(invite.start, invite.end), class_="clock"),
        " ",
        element("strong", clean(invite.title) or "(no title)"),
        *_notes(invite, with_doc=with_doc),
    )
    lane, of = place
    name = f"entry {invite.account} {kind} s{row} n{rows} l{lane}of{of}"
    return element("li", element("a", *inside, href=address(invite)), class_=name)


def _is_one_on_one(shown: Shown, invite: Invite) -> bool:
    """Also where the one on record is the same meeting on the other calendar."""
    return any(
        (each.account, each.id) in shown.one_on_ones
        for each in shown.invites
        if (each.title, each.start, each.end) == (invite.title, invite.start, invite.end)
    )


def _notes(invite: Invite, *, with_doc: bool) -> Iterator[Node]:
    notes = [
        *(["declined"] if invite.declined else []),
        *(["cancelled"] if invite.gone else []),
        *(["prep doc"] if with_doc and not (invite.slot or invite.declined or invite.gone) else []),
    ]
    yield element("span", f", {SHOWN[invite.account].lower()}", class_="unseen")
    for note in notes:
        yield " "
        yield element("span", note, class_="note")


def _booking(shown: Shown, cast: Cast, here: str) -> Element:
    """Somebody invites Alex."""
    people = {
        f"{account} {player.email}": f"{player.name} ({SHOWN[account].lower()})"
        for account in (WORK, CLIENT)
        for player in cast.others(account)
    }
    soon = (shown.now + timedelta(days=1)).replace(hour=15, minute=0)
    inside = (
        choice("Who", "who", people),
        field("Title", "title", "1:1 with Alex", longest=120),
        *when(soon),
        button("Send the invitation"),
    )
    return element(
        "details",
        element("summary", "Somebody invites Alex …"),
        form("book", {"back": here}, *inside, class_="fields"),
        class_="play",
    )
