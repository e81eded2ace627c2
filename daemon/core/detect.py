"""Which events are 1:1s, and why or why not.

Decides from one event alone, and labels: nothing is filtered here, so that a 1:1 that stopped being one still
gets through to `classify`. Knows no provider; what a provider leaves out is undecidable, hence not a 1:1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase, translate
from functools import lru_cache

from connectors.frozen import dataclass
from connectors.values import Attendee, Event, EventKind, Response, Status
from daemon.core.mark import is_report
from daemon.core.model import Acquaintance, Attendance, OneOff, Owner
from daemon.core.names import legible
from daemon.core.titles import is_two_names, normalized, says_one_on_one


@dataclass(frozen=True, slots=True)
class Rules:
    """What `detect` goes by. `people` is keyed by each address and alias; `ignore` holds addresses and globs."""

    me: frozenset[str] = frozenset()
    one_off: OneOff = OneOff.TITLED
    max_duration: timedelta = timedelta(hours=3)
    patterns: tuple[re.Pattern[str], ...] = ()
    ignore: tuple[str, ...] = ()
    people: Mapping[str, Acquaintance] = field(default_factory=dict)

    def canonical(self, address: str) -> str:
        """The address that a person is shown by."""
        known = self.people.get(address)
        return known.email if known else address


class Verdict(StrEnum):
    """ONE_ON_ONE; TWO_PEOPLE: a one-off that could yet count; OURS: made by prepd; NOT: anything else."""

    ONE_ON_ONE = "one_on_one"
    TWO_PEOPLE = "two_people"
    OURS = "ours"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Label:
    """What an event is. `person` and what follows are set where there is exactly one counterpart.

    `by_config`: only the user's config keeps it from being a 1:1. `people` are those on its guest list (the first ten).
    """

    verdict: Verdict
    reason: str
    person: str = ""
    name: str = ""
    owner: Owner = Owner.OTHER
    attendance: Attendance = Attendance.NEEDS_ACTION
    their_response: Response = Response.NEEDS_ACTION
    titled: bool = False
    by_config: bool = False
    people: tuple[str, ...] = ()


# Addresses that stand on guest lists and are no people. Notetakers join by the address of their service.
_NO_PEOPLE = (
    "*@resource.calendar.google.com",
    "*@group.calendar.google.com",
    "*@import.calendar.google.com",
    "*@group.v.calendar.google.com",
    "unknownorganizer@calendar.google.com",
    "fred@fireflies.ai",
    "*@bot.fireflies.ai",
    "notetaker@*",
    "meeting-notes@*",
    "notes@otter.ai",
    "pilot@otter.ai",
    "notetaker*@fathom.video",
    "*@meet.read.ai",
    "bot@tldv.io",
    "assistant@sembly.ai",
    "no-reply@zoom.us",
)
_LISTS = ("*@googlegroups.com",)

_KINDS = {
    EventKind.FOCUS: "it is focus time, not a meeting",
    EventKind.OUT_OF_OFFICE: "it is an out-of-office entry, not a meeting",
    EventKind.WORKING_LOCATION: "it is a working location, not a meeting",
    EventKind.BIRTHDAY: "it is a birthday, not a meeting",
    EventKind.FROM_MAIL: "it was made from a mail, and is no meeting",
    EventKind.TASK: "it is a task, not a meeting",
    EventKind.OTHER: "it is of a kind that is no ordinary meeting",
}


def label(event: Event, rules: Rules) -> Label:
    """Says what one event is. A cancelled event is judged as if it were live."""
    if event.mark is not None:
        what = "it holds a weekly report" if is_report(event.mark) else "it is a reflection slot"
        return Label(Verdict.OURS, f"prepd made it: {what}")
    if reason := _no_meeting(event, rules):
        return Label(Verdict.NOT, reason)
    cast = _cast(event, rules)
    if isinstance(cast, str):
        return Label(Verdict.NOT, cast, people=_addresses(event, rules))
    return _judge(event, cast, rules)


def _no_meeting(event: Event, rules: Rules) -> str | None:
    if event.kind is not EventKind.MEETING:
        return _KINDS[event.kind]
    if event.all_day:
        return "it lasts all day"
    if not event.busy and event.status is not Status.CANCELLED and not _i_declined(event, rules):
        return "it is shown as free"
    if event.end <= event.start:
        return "it has no length"
    if event.end - event.start > rules.max_duration:
        return f"it is longer than detect.max_duration ({_hours(rules.max_duration)})"
    if event.guests_hidden:
        return "its guest list is hidden or cut short, so that nobody can tell who takes part"
    return None


def _i_declined(event: Event, rules: Rules) -> bool:
    return any(a.response is Response.DECLINED for a in event.attendees if _is_me(a, rules))


@dataclass(frozen=True, slots=True)
class _Cast:
    me: Attendee | None
    them: Attendee
    person: str
    owner: Owner


def _cast(event: Event, rules: Rules) -> _Cast | str:
    """The two people of an event, or why there are not exactly two."""
    mine: list[Attendee] = []
    others: dict[str, Attendee] = {}
    brings_more = False
    for guest in event.attendees:
        if _is_no_person(guest, rules):
            continue
        brings_more = brings_more or guest.additional_guests > 0
        if _is_me(guest, rules):
            mine.append(guest)
        else:
            others.setdefault(rules.canonical(guest.address) or f"?{guest.name}", guest)
    organizer = event.organizer
    i_organize = organizer is not None and (organizer.is_self or organizer.address in rules.me)
    if organizer is not None and not i_organize and mine and not others:
        host = Attendee(organizer.address, organizer.name, Response.ACCEPTED, is_organizer=True)
        listed = any(a.address == organizer.address for a in event.attendees)
        if not listed and not _is_no_person(host, rules):
            others[rules.canonical(organizer.address) or f"?{organizer.name}"] = host
    if not mine and not i_organize:
        return "you are not among its guests"
    if not others:
        return "nobody else takes part"
    if len(others) > 1:
        return f"{len(others) + 1} people take part"
    if brings_more:
        return "a guest brings others along"
    person, them = next(iter(others.items()))
    if person.startswith("?"):
        return "the other guest has no address"
    if any(fnmatchcase(person, glob) for glob in _LISTS):
        return "the other guest is a mailing list"
    me = next((a for a in mine if a.is_self), mine[0] if mine else None)
    return _Cast(me, them, person, _owner(event, i_organize, person, rules))


def _owner(event: Event, i_organize: bool, person: str, rules: Rules) -> Owner:
    if i_organize:
        return Owner.ME
    if event.organizer is not None and rules.canonical(event.organizer.address) == person:
        return Owner.THEM
    return Owner.OTHER


def _judge(event: Event, cast: _Cast, rules: Rules) -> Label:
    known = rules.people.get(cast.person)
    name = (known.name if known else "") or legible(cast.them.name) or cast.person
    titled = says_one_on_one(event.title, rules.patterns) or is_two_names(
        event.title, _names(cast.me, event, rules), (name, cast.them.name, cast.person)
    )
    found = Label(
        Verdict.ONE_ON_ONE,
        "",
        person=cast.person,
        name=name,
        owner=cast.owner,
        attendance=_attendance(cast),
        their_response=cast.them.response,
        titled=titled,
        people=(cast.person,),
    )
    if known is not None and known.one_on_one is False:
        reason = "the config says that nothing with this person is a 1:1"
        return replace(found, verdict=Verdict.NOT, reason=reason, by_config=True)
    if event.series_id is not None:
        return replace(found, reason="two people, and part of a series")
    if known is not None and known.one_on_one:
        return replace(found, reason="two people, and the config counts every meeting with this person")
    if rules.one_off is OneOff.ALL:
        return replace(found, reason="two people, and detect.one_off counts every such meeting")
    if rules.one_off is OneOff.NEVER:
        return replace(
            found, verdict=Verdict.TWO_PEOPLE, reason="it is not part of a series (detect.one_off = never)"
        )
    if titled:
        return replace(found, reason="two people, and its title says so")
    return replace(
        found,
        verdict=Verdict.TWO_PEOPLE,
        reason="two people, but outside any series, and its title does not say 1:1 (detect.one_off = titled)",
    )


def by_known_titles(
    labels: Mapping[str, tuple[Event, Label]], known: Iterable[tuple[str, str]], rules: Rules
) -> dict[str, tuple[Event, Label]]:
    """Lets one-offs count that are titled like a known series with the same person.

    `known` are (person, title) of the series on record; those among `labels` count too.
    """
    if rules.one_off is not OneOff.TITLED:
        return dict(labels)
    titles = {(person, normalized(title)) for person, title in known}
    titles |= {
        (found.person, normalized(event.title))
        for event, found in labels.values()
        if found.verdict is Verdict.ONE_ON_ONE and event.series_id is not None
    }
    result = dict(labels)
    for event_id, (event, found) in labels.items():
        title = normalized(event.title)
        if found.verdict is Verdict.TWO_PEOPLE and title and (found.person, title) in titles:
            reason = "two people, and titled like a series with this person"
            result[event_id] = (event, replace(found, verdict=Verdict.ONE_ON_ONE, reason=reason, titled=True))
    return result


def _attendance(cast: _Cast) -> Attendance:
    answer = cast.me.response if cast.me else None
    if answer is Response.DECLINED:
        return Attendance.DECLINED
    if cast.owner is Owner.ME:
        return Attendance.ORGANIZER
    return Attendance(answer.value) if answer else Attendance.NEEDS_ACTION


def _names(me: Attendee | None, event: Event, rules: Rules) -> tuple[str, ...]:
    names = [me.name, me.address] if me else []
    if event.organizer is not None and event.organizer.is_self:
        names += [event.organizer.name, event.organizer.address]
    return tuple(n for n in (*names, *rules.me) if n)


def _is_me(guest: Attendee, rules: Rules) -> bool:
    return guest.is_self or guest.address in rules.me


def _is_no_person(guest: Attendee, rules: Rules) -> bool:
    if guest.is_self:
        return False
    return guest.is_resource or _is_nobodys(guest.address, rules.ignore)


@lru_cache(maxsize=4096)
def _is_nobodys(address: str, ignore: tuple[str, ...]) -> bool:
    """The same few hundred addresses stand on the guest lists of thousands of events."""
    return _one_of(ignore).match(address) is not None


@lru_cache(maxsize=8)
def _one_of(ignore: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, (*_NO_PEOPLE, *ignore))))


def _addresses(event: Event, rules: Rules) -> tuple[str, ...]:
    return tuple(
        rules.canonical(a.address) for a in event.attendees[:10] if a.address and not _is_me(a, rules)
    )


def _hours(duration: timedelta) -> str:
    minutes = int(duration.total_seconds() // 60)
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
