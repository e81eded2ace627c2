"""Events, looks and records for tests, with as little said as the test is about.

It is Monday 23 November 2026, 08:00 UTC. Alex is the user, Dana the counterpart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.values import Attendee, Event, Organizer, Response, Series, Status, Tombstone
from daemon.core.detect import OneOff, Rules, by_known_titles, label
from daemon.core.ledger.first_sight import new_record
from daemon.core.ledger.observe import Look, Sight
from daemon.core.mark import Mark
from daemon.core.model import State, Times

ME = "alex@example.com"
DANA = "dana@example.com"
KIM = "kim@example.com"
NAMES = {ME: "Alex Moss", DANA: "Dana Reyes", KIM: "Kim Oh"}

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
RULES = Rules(me=frozenset({ME}))


def at(text: str) -> datetime:
    """A moment in UTC: "11-24 10:00" in 2026, or "2027-01-04 10:00"."""
    return datetime.fromisoformat(text if text[4:5] == "-" else f"2026-{text}").replace(tzinfo=UTC)


def times(start: str, minutes: int = 30) -> Times:
    return Times(at(start), at(start) + minutes * MINUTE)


def guest(address: str, response: Response = Response.ACCEPTED, **more) -> Attendee:
    return Attendee(address, NAMES.get(address, ""), response, is_self=address == ME, **more)


def organizer(address: str) -> Organizer:
    return Organizer(address, NAMES.get(address, ""), address == ME)


def event(
    start: str | datetime = "11-24 10:00",
    *,
    id: str = "e1",  # noqa: A002 - the field is called so
    title: str = "1:1",
    by: str = DANA,
    guests: tuple[str, ...] = (ME, DANA),
    me: Response = Response.ACCEPTED,
    them: Response = Response.ACCEPTED,
    minutes: int = 30,
    **more,
) -> Event:
    """A meeting of Alex and Dana that Dana organizes, 1:1 by its title."""
    begin = at(start) if isinstance(start, str) else start
    answers = {ME: me}
    return Event(
        id=id,
        title=title,
        start=begin,
        end=begin + minutes * MINUTE,
        organizer=organizer(by),
        attendees=tuple(guest(a, answers.get(a, them)) for a in guests),
        **more,
    )


def occurrence(
    start: str | datetime, *, series: str = "s1", original: str | datetime | None = None, **more
) -> Event:
    """One date of a series; its id is made of the time at which the series has it."""
    begin = at(start) if isinstance(start, str) else start
    first = begin if original is None else at(original) if isinstance(original, str) else original
    more = {"title": "Catch-up", "id": f"{series}_{first:%Y%m%dT%H%M}"} | more
    return event(begin, series_id=series, original_start=first, **more)


def weekly(first: str, count: int, **more) -> list[Event]:
    return [occurrence(at(first) + n * WEEK, **more) for n in range(count)]


def moved(seen: Event, start: str, **more) -> Event:
    return replace(seen, start=at(start), end=at(start) + (seen.end - seen.start), **more)


def cancelled(seen: Event, **more) -> Event:
    return replace(seen, status=Status.CANCELLED, **more)


def answered(seen: Event, *, me: Response | None = None, them: Response | None = None, **more) -> Event:
    """The same event with other answers on its guest list."""
    guests = (replace(a, response=(me if a.is_self else them) or a.response) for a in seen.attendees)
    return replace(seen, attendees=tuple(guests), **more)


def with_guest(seen: Event, address: str, **more) -> Event:
    return replace(seen, attendees=(*seen.attendees, guest(address)), **more)


def slot_event(
    record, start: datetime, *, event_id: str = "slot", text_hash: str = "h", digest: str = "d", **more
) -> Event:
    mark = Mark(record.id, more.pop("generation", 0), more.pop("placed", start), text_hash)
    more = {"title": "Reflect", "etag": "1"} | more
    return Event(
        id=event_id, start=start, end=start + 10 * MINUTE, mark=str(mark), body_digest=digest, **more
    )


def look(
    *items: Event | Tombstone,
    now: datetime = NOW,
    since: datetime | None = NOW - DAY,
    account: str = "work",
    calendar: str = "primary",
    rules: Rules = RULES,
    series: tuple[Series, ...] = (),
    unresolved: tuple[str, ...] = (),
    known: tuple[tuple[str, str], ...] = (),
) -> Look:
    """One read of one calendar, labelled by the rules."""
    events = {i.id: (i, label(i, rules)) for i in items if isinstance(i, Event)}
    labelled = by_known_titles(events, known, rules)
    return Look(
        account,
        calendar,
        now,
        since,
        {i: Sight(seen, found) for i, (seen, found) in labelled.items()},
        {i.id: i for i in items if isinstance(i, Tombstone)},
        {s.id: s for s in series},
        frozenset(unresolved),
    )


def record(seen: Event | None = None, *, seen_at: datetime = NOW - WEEK, **more):
    """A 1:1 on record as this event showed it. Fields of the record can be given by name."""
    one_off = replace(RULES, one_off=OneOff.ALL)
    seen = seen if seen is not None else event()
    made = new_record(look(seen, now=seen_at, rules=one_off), Sight(seen, label(seen, one_off)))
    return replace(made, **({"state": State.STANDING, "changes": 1} | more))


def on_record(*records):
    return {r.id: r for r in records}
