"""A person with a Microsoft account, acting as they would in Outlook: by hand, and mailing whom Outlook mails.

Every event id may be that of a single event, of a series, or of one occurrence, of either kind, and of anybody's copy:
it is this person's own copy of the same event that is meant. Ids answered are immutable ones. Times are aware
datetimes, or dates for all-day events. Nothing here goes through HTTP or needs a token.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.microsoft import copies, events, recurrence, schema, series, times, view
from sandbox.microsoft.bodies import Write
from sandbox.microsoft.errors import not_found
from sandbox.microsoft.items import Entry
from sandbox.microsoft.prefer import Prefer
from sandbox.microsoft.view import Shape
from sandbox.microsoft.world import World

Answer = Literal["accepted", "declined", "tentative", "tentativelyAccepted"]
_SEEN = Prefer(immutable=True)


class Account:
    """Made by `MicrosoftSandbox.account`."""

    def __init__(self, world: World, email: str) -> None:
        self._world = world
        self._person = world.people[email.lower()]
        self.email = self._person.email
        self.name = self._person.name

    def __repr__(self) -> str:
        return f"Account({self.email!r})"

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self._person.time_zone)

    def schedule(
        self,
        title: str,
        start: datetime | date,
        *,
        minutes: int = 30,
        guests: Sequence[Account | str] = (),
        weekly: bool = False,
        rule: str | None = None,
        accepted: bool = True,
        calendar: str | None = None,
        **more: Any,
    ) -> str:
        """Make an event and invite the guests, who accept unless told otherwise; answers its id.

        `weekly`, or a `rule` like `FREQ=WEEKLY;COUNT=5`, makes it a series. `more` are properties as Graph has them.
        """
        body: dict[str, Any] = {"subject": title, **self._span(start, minutes), **more}
        if guests:
            body["attendees"] = [_attendee(guest) for guest in guests]
        if weekly or rule:
            first, zone = times.accept(body["start"])
            body["recurrence"] = recurrence.from_rule(rule or "FREQ=WEEKLY", first, zone)
        with self._world.lock:
            book = self._world.calendar(self.email, calendar)
            entry = events.insert(self._world, book, schema.check("event", body), self._write)
            for guest in guests if accepted else ():
                if isinstance(guest, Account):
                    guest.respond(entry.id, "accepted")
        return entry.id

    def move(
        self, event_id: str, start: datetime | date | None = None, *, minutes: int | None = None
    ) -> None:
        """Give a single event, a series or one occurrence another start or length."""
        with self._world.lock:
            entry = self._find(event_id)
            zone = times.zone(entry.fields["startZone"])
            length = minutes or series.minutes(entry)
            span = self._span(start or entry.start.astimezone(zone), length, entry.fields["startZone"])
            self._change(event_id, span)

    def move_series(self, event_id: str, start: datetime, *, minutes: int | None = None) -> None:
        """Move a whole series so that its first occurrence starts then; its exceptions are forgotten."""
        self.move(self._series(event_id), start, minutes=minutes)

    def move_following(
        self, instance_id: str, start: datetime | None = None, *, minutes: int | None = None, **changes: Any
    ) -> str:
        """Split a series ("this and following"): it ends before this one, and a new one goes on. Its id."""
        with self._world.lock:
            entry = self._find(instance_id)
            if entry.original is None:
                raise not_found()
            zone = entry.fields["startZone"]
            when = start or entry.original.astimezone(times.zone(zone))
            span = self._span(when, minutes or series.minutes(entry), zone)
            turned = start is not None
            return series.go_on(self._world, entry, changes | span, self._write, turned=turned).id

    def end_series(self, instance_id: str) -> None:
        """Take away this occurrence and all that follow."""
        with self._world.lock:
            series.end(self._world, self._find(instance_id), self._write)

    def cancel(self, event_id: str) -> None:
        """Delete an event, an occurrence or a series: for all as its organizer, else from the own calendar."""
        with self._world.lock:
            events.remove(self._world, self._find(event_id), self._write)

    def cancel_series(self, event_id: str) -> None:
        """The same for the series that an id belongs to."""
        self.cancel(self._series(event_id))

    delete = cancel

    def rename(self, event_id: str, title: str) -> None:
        self._change(event_id, {"subject": title})

    def change(self, event_id: str, **properties: Any) -> None:
        """Change properties as Graph has them; an attendee changes their own copy."""
        self._change(event_id, properties)

    def write_body(self, event_id: str, html: str) -> None:
        """Replace the body, as HTML."""
        self._change(event_id, {"body": {"contentType": "html", "content": html}})

    def invite(self, event_id: str, *guests: Account | str) -> None:
        """Add guests to an event, a series, or one occurrence."""
        with self._world.lock:
            now = view.resource(self._world, self._find(event_id), _SEEN)["attendees"]
            self._change(event_id, {"attendees": now + [_attendee(guest) for guest in guests]})

    def uninvite(self, event_id: str, *guests: Account | str) -> None:
        """Take guests off."""
        gone = {_address(guest) for guest in guests}
        with self._world.lock:
            now = view.resource(self._world, self._find(event_id), _SEEN)["attendees"]
            left = [each for each in now if each["emailAddress"].get("address") not in gone]
            self._change(event_id, {"attendees": left})

    def respond(
        self, event_id: str, answer: Answer, *, sends: bool = True, proposed: datetime | None = None
    ) -> None:
        """Answer an invitation; the organizer is mailed unless `sends` says otherwise."""
        given: events.Answer = "tentativelyAccepted" if answer == "tentative" else answer
        with self._world.lock:
            entry = self._find(event_id)
            slot = None
            if proposed:
                end = proposed + (entry.end - entry.start)
                slot = {"start": times.shown(proposed, "UTC"), "end": times.shown(end, "UTC")}
            events.respond(self._world, entry, given, self._write, sends=sends, proposed=slot)

    def touch(self, event_id: str) -> None:
        """Change something that nobody sees (a flag of Outlook's own): a new changeKey, and a delta."""
        with self._world.lock:
            self._world.touch(self._find(event_id).record)

    def event(self, event_id: str) -> dict[str, Any]:
        """Their copy as Graph would show it, in UTC, also from Deleted Items. Raises GraphError (404)."""
        with self._world.lock:
            entry = self._find(event_id, deleted=True)
            names = tuple(entry.fields["extensions"])
            return view.resource(
                self._world, entry, _SEEN, Shape((), names, tuple(entry.fields["properties"]))
            )

    def deleted(self, event_id: str) -> bool:
        """Whether this person's copy is gone, or in Deleted Items."""
        with self._world.lock:
            own = self._own(event_id)
            return own is None or own.item.deleted

    def events(
        self, start: datetime | None = None, end: datetime | None = None, *, calendar: str | None = None
    ) -> list[dict[str, Any]]:
        """What is on the calendar between two times (default: a year around now), by start, series expanded."""
        now = self._world.clock.now()
        with self._world.lock:
            book = self._world.calendar(self.email, calendar)
            found = self._world.view(
                book, start or now - timedelta(days=366), end or now + timedelta(days=366)
            )
            return [view.resource(self._world, entry, _SEEN) for entry in found]

    def instances(
        self, series_id: str, start: datetime | None = None, end: datetime | None = None
    ) -> list[str]:
        """The ids of a series' occurrences, by start (with no end, up to a year from now)."""
        now = self._world.clock.now()
        with self._world.lock:
            series = self._find(series_id)
            if not series.item.is_series:
                return []
            window = (start or now - timedelta(days=366), end or now + timedelta(days=366))
            found = self._world.occurrences(series.book, series.item, *window)
            return [each.id for each in sorted(found, key=lambda each: each.start)]

    def add_calendar(self, name: str) -> str:
        """Make another calendar; answers its id."""
        with self._world.lock:
            return self._world.add_calendar(self.email, name).id

    @property
    def default_calendar(self) -> str:
        """The id of the calendar that invitations come to."""
        return self._world.calendar(self.email).id

    @property
    def _write(self) -> Write:
        return Write(self.email, "person")

    def _own(self, event_id: str) -> Entry | None:
        """Their copy of whatever event has this id."""
        own = self._world.find(self.email, event_id)
        if own is not None:
            return own
        for email in self._world.people:
            theirs = self._world.find(email, event_id)
            if theirs is not None:
                return copies.same_event(self._world, self.email, theirs) or self._world.copy(
                    self.email, theirs.uid, deleted=True
                )
        return None

    def _find(self, event_id: str, *, deleted: bool = False) -> Entry:
        entry = self._own(event_id)
        if entry is None or (entry.item.deleted and not deleted):
            raise not_found()
        return entry

    def _series(self, event_id: str) -> str:
        return self._find(event_id).item.id

    def _change(self, event_id: str, body: dict[str, Any]) -> None:
        with self._world.lock:
            events.change(self._world, self._find(event_id), schema.check("event", body), self._write)

    def _span(self, start: datetime | date, minutes: float, zone: str | None = None) -> dict[str, Any]:
        return times.span(start, minutes, zone, self._person.time_zone)


def _address(guest: Account | str) -> str:
    return guest.email if isinstance(guest, Account) else guest.lower()


def _attendee(guest: Account | str) -> dict[str, Any]:
    return {"type": "required", "emailAddress": {"address": _address(guest)}}
