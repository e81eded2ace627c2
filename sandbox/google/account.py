"""A person with a Google account, acting by hand in the web app, and mailing whom Google mails.

Every event id may be that of a single event, of a series, or of one instance. Times are aware datetimes, or
dates for all-day events. Nothing here goes through HTTP or needs a token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.google import events, series, times, view
from sandbox.google.bodies import Write
from sandbox.google.listing import Lists
from sandbox.google.times import Time
from sandbox.google.world import CalendarBook, Entry, World

Answer = Literal["accepted", "declined", "tentative", "needsAction"]


class Account:
    """Made by `GoogleSandbox.account`. `email` is also the id of the primary calendar."""

    def __init__(self, world: World, lists: Lists, email: str) -> None:
        self._world = world
        self._lists = lists
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
        attends: bool = True,
        calendar: str = "primary",
        **more: Any,
    ) -> str:
        """Make an event and invite the guests, who accept unless told otherwise; answers its id.

        `weekly`, or a `rule` like `FREQ=WEEKLY;COUNT=5`, makes it a series. `attends=False` leaves the
        organizer off the list of attendees, as events made through the API do. `more` are fields as the API
        has them.
        """
        body: dict[str, Any] = {"summary": title, **self._span(start, minutes), **more}
        if guests:
            me = [{"email": self.email, "responseStatus": "accepted"}] if attends else []
            body["attendees"] = me + [{"email": _address(guest)} for guest in guests]
        if weekly or rule:
            body["recurrence"] = [f"RRULE:{rule or 'FREQ=WEEKLY'}"]
        with self._world.lock:
            event_id = events.insert(self._world, self._book(calendar, write=True), body, self._write).id
            for guest in guests if accepted else ():
                if isinstance(guest, Account):
                    guest.respond(event_id, "accepted")
        return event_id

    def move(
        self, event_id: str, start: datetime | date | None = None, *, minutes: int | None = None
    ) -> None:
        """Give a single event or one instance another start or length."""
        with self._world.lock:
            entry = self._find(event_id)
            first = entry.fields["start"]
            span = self._span(
                start or times.python(first), minutes or series.minutes(entry), first.get("timeZone")
            )
            self._change(event_id, {name: times.whole(part) for name, part in span.items()})

    def move_series(self, event_id: str, start: datetime, *, minutes: int | None = None) -> None:
        """Move a whole series so that its first instance starts then; all its instances get new ids."""
        self.move(series.of(event_id), start, minutes=minutes)

    def move_following(
        self, instance_id: str, start: datetime | None = None, *, minutes: int | None = None, **changes: Any
    ) -> str:
        """Change an instance and those that follow: the old series ends before it, a new one goes on.

        Answers the new series' id.
        """
        with self._world.lock:
            entry = self._find(instance_id)
            book = self._home(series.of(instance_id))
            original: Time = entry.fields["originalStartTime"]
            length = minutes or series.minutes(entry)
            span = self._span(start or times.python(original), length, original.get("timeZone"))
            return series.go_on(self._world, book, entry, changes | span, self._write)

    def end_series(self, instance_id: str) -> None:
        """Delete this instance and all that follow."""
        with self._world.lock:
            book = self._home(series.of(instance_id))
            series.end(self._world, book, self._find(instance_id), self._write)

    def cancel(self, event_id: str) -> None:
        """Delete an event, an instance or a series: for all as its organizer, else from the own calendar."""
        with self._world.lock:
            events.remove(self._world, self._home(event_id), event_id, self._write)

    def cancel_series(self, event_id: str) -> None:
        """The same for the series that an id belongs to."""
        self.cancel(series.of(event_id))

    delete = cancel

    def rename(self, event_id: str, title: str) -> None:
        self._change(event_id, {"summary": title})

    def change(self, event_id: str, **fields: Any) -> None:
        """Change fields as the API has them."""
        self._change(event_id, fields)

    def invite(self, event_id: str, *guests: Account | str) -> None:
        """Add guests to an event, a series, or one instance."""
        with self._world.lock:
            now = self._find(event_id).fields.get("attendees", [])
            self._change(event_id, {"attendees": now + [{"email": _address(guest)} for guest in guests]})

    def uninvite(self, event_id: str, *guests: Account | str) -> None:
        """Take guests off."""
        gone = {_address(guest) for guest in guests}
        with self._world.lock:
            now = self._find(event_id).fields.get("attendees", [])
            self._change(event_id, {"attendees": [each for each in now if each["email"] not in gone] or None})

    def respond(self, event_id: str, answer: Answer, comment: str | None = None) -> None:
        """Answer an invitation; the organizer is mailed."""
        with self._world.lock:
            given = {"responseStatus": answer, **({"comment": comment} if comment else {})}
            events.respond(self._world, self._home(event_id), event_id, given, self._write)

    def attach(self, event_id: str, url: str, title: str = "Notes") -> None:
        """Add an attachment."""
        with self._world.lock:
            now = self._find(event_id).fields.get("attachments", [])
            self._change(event_id, {"attachments": [*now, {"fileUrl": url, "title": title}]})

    def detach(self, event_id: str, url: str | None = None) -> None:
        """Remove one attachment, or all."""
        with self._world.lock:
            now = self._find(event_id).fields.get("attachments", [])
            left = [each for each in now if url is not None and each["fileUrl"] != url]
            self._change(event_id, {"attachments": left or None})

    def event(self, event_id: str, calendar: str = "primary") -> dict[str, Any]:
        """One event as the API would show it, also when cancelled. Raises ApiError (404)."""
        with self._world.lock:
            book = self._book(calendar)
            return view.resource(self._world, book, self._world.get(book, event_id))

    def events(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        calendar: str = "primary",
        cancelled: bool = False,
    ) -> list[dict[str, Any]]:
        """What is on the calendar between two times, by start, series expanded, as plain resources."""
        query: dict[str, Any] = {"singleEvents": True, "orderBy": "startTime", "showDeleted": cancelled}
        query |= {name: value for name, value in (("timeMin", start), ("timeMax", end)) if value}
        with self._world.lock:
            book = self._book(calendar)
            return self._lists.everything(book, query)

    def instances(
        self, series_id: str, start: datetime | None = None, end: datetime | None = None
    ) -> list[str]:
        """The ids of a series' live instances, by start; unless told otherwise, for a year from now."""
        end = end or self._world.clock.now() + timedelta(days=366)
        return [e["id"] for e in self.events(start, end) if e.get("recurringEventId") == series_id]

    def receive(
        self, title: str, start: datetime | date, organizer: str, *, minutes: int = 30, **more: Any
    ) -> str:
        """An invitation from somebody without a Google account lands on the calendar; answers its id.

        `weekly=True`, `rule` and fields as the API has them, as for `schedule`; `attendees` by default the two.
        """
        rule = more.pop("rule", "FREQ=WEEKLY" if more.pop("weekly", False) else None)
        people = [{"email": organizer, "responseStatus": "accepted"}, {"email": self.email}]
        body = {"summary": title, "attendees": people, **self._span(start, minutes), **more}
        if rule:
            body["recurrence"] = [f"RRULE:{rule}"]
        outside = Write(organizer.lower(), "person", "none", frozenset({"attachments", "conferenceData"}))
        with self._world.lock:
            return events.receive(self._world, self._book("primary"), self._world.new_id(), body, outside).id

    def update_received(self, event_id: str, **fields: Any) -> None:
        """The organizer without a Google account changes their event; `status="cancelled"` calls it off."""
        with self._world.lock:
            events.update_received(self._world, self._book("primary"), event_id, fields)

    def add_calendar(self, title: str, *, share_with: Iterable[Account] = (), role: str = "reader") -> str:
        """Make a secondary calendar, shared or not; answers its id."""
        with self._world.lock:
            calendar_id = f"c_{self._world.new_id(32)}@group.calendar.google.com"
            roles = {self.email: "owner"} | {other.email: role for other in share_with}
            self._world.calendars[calendar_id] = CalendarBook(
                calendar_id, title, self._person.time_zone, False, roles
            )
            return calendar_id

    def share_calendar(self, other: Account, role: str = "reader", calendar: str = "primary") -> None:
        """Let somebody else read or write a calendar; role "none" takes it back."""
        roles = self._book(calendar).roles
        if role == "none":
            roles.pop(other.email, None)
        else:
            roles[other.email] = role

    @property
    def _write(self) -> Write:
        return Write(self.email, "person", "all", frozenset({"attachments", "conferenceData"}))

    def _book(self, calendar: str, *, write: bool = False) -> CalendarBook:
        return self._world.calendar(self.email, calendar, write=write)

    def _home(self, event_id: str) -> CalendarBook:
        """The calendar of this person's that has the event: the primary one, or one that they own."""
        own = [
            book
            for book in self._world.calendars.values()
            if book.roles.get(self.email) in ("owner", "writer")
        ]
        own.sort(key=lambda book: book.id != self.email)
        for book in own:
            if self._world.find(book, event_id):
                return book
        return own[0]

    def _find(self, event_id: str) -> Entry:
        return self._world.get(self._home(event_id), event_id)

    def _change(self, event_id: str, body: dict[str, Any]) -> None:
        with self._world.lock:
            events.change(self._world, self._home(event_id), event_id, body, self._write)

    def _span(self, start: datetime | date, minutes: float, zone: str | None = None) -> dict[str, Time]:
        return times.span(start, minutes, zone, self._person.time_zone)


def _address(guest: Account | str) -> str:
    return guest.email if isinstance(guest, Account) else guest.lower()
