"""What stands on Alex's two calendars, in one form, read as Google and Outlook would show it to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.frozen import dataclass
from connectors.outlook import body
from daemon.commands.demo.serve.cast import CLIENT, WORK, Cast
from daemon.commands.demo.stage import Stage
from sandbox.google.errors import ApiError
from sandbox.microsoft.errors import GraphError

_ANSWERS = {
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "maybe",
    "tentativelyAccepted": "maybe",
    "organizer": "organizer",
}


@dataclass(frozen=True, slots=True)
class Guest:
    address: str
    answer: str
    organizer: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Invite:
    """One event of a calendar. `text` is plain where `is_html` is not set; `slot` is one that prepd made."""

    account: str
    id: str
    title: str
    start: datetime
    end: datetime
    organizer: str
    guests: tuple[Guest, ...]
    place: str
    text: str
    is_html: bool
    attached: tuple[Attached, ...]
    series: bool
    private: bool
    slot: bool
    gone: bool
    declined: bool

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses that it leads to, attachments first."""
        return (
            *(each.url for each in self.attached),
            *body.links(self.text, "html" if self.is_html else "text"),
        )


class Diary:
    def __init__(self, stage: Stage, cast: Cast) -> None:
        self._world, self._cast = stage.world, cast

    def between(self, start: datetime, end: datetime) -> list[Invite]:
        """By start. Whole days, which nobody in the story has, are left out."""
        found = [*self._work(start, end), *self._client(start, end)]
        return sorted(found, key=lambda invite: (invite.start, invite.end, invite.account))

    def one(self, account: str, event_id: str) -> Invite | None:
        """Also one that was cancelled, as far as the calendar still knows it."""
        world = self._world
        try:
            if account == WORK:
                shown = world.alex.event(event_id)
                return self._google(shown) if "dateTime" in shown.get("start", {}) else None
            if account == CLIENT:
                gone = world.client_alex.deleted(event_id)
                return self._outlook(world.client_alex.event(event_id), gone=gone)
        except (ApiError, GraphError):
            return None
        return None

    def _work(self, start: datetime, end: datetime) -> Iterator[Invite]:
        events = self._world.alex.events(start, end)
        return (self._google(event) for event in events if "dateTime" in event["start"])

    def _client(self, start: datetime, end: datetime) -> Iterator[Invite]:
        events = self._world.client_alex.events(start, end)
        return (self._outlook(event) for event in events if not event["isAllDay"])

    def _google(self, event: dict[str, Any]) -> Invite:
        organizer = event.get("organizer", {}).get("email", "")
        guests = tuple(
            Guest(each["email"], _ANSWERS.get(each.get("responseStatus", ""), ""), each["email"] == organizer)
            for each in event.get("attendees", [])
        )
        return Invite(
            WORK,
            event["id"],
            event.get("summary", ""),
            datetime.fromisoformat(event["start"]["dateTime"]).astimezone(UTC),
            datetime.fromisoformat(event["end"]["dateTime"]).astimezone(UTC),
            organizer,
            guests,
            event.get("location", ""),
            event.get("description", ""),
            is_html=False,
            attached=tuple(
                Attached(a.get("title", ""), a.get("fileUrl", "")) for a in event.get("attachments", [])
            ),
            series="recurringEventId" in event,
            private=event.get("visibility") == "private",
            slot="prepd" in event.get("extendedProperties", {}).get("private", {}),
            gone=event.get("status") == "cancelled",
            declined=self._is_declined(guests),
        )

    def _outlook(self, event: dict[str, Any], *, gone: bool = False) -> Invite:
        organizer = event["organizer"]["emailAddress"].get("address", "")
        guests = tuple(
            Guest(address, _ANSWERS.get(each["status"]["response"], ""), address == organizer)
            for each in event["attendees"]
            if (address := each["emailAddress"].get("address", ""))
        )
        return Invite(
            CLIENT,
            event["id"],
            event["subject"] or "",
            _utc(event["start"]),
            _utc(event["end"]),
            organizer,
            guests,
            event["location"]["displayName"],
            event["body"]["content"],
            is_html=True,
            attached=(),
            series=event["seriesMasterId"] is not None,
            private=event["sensitivity"] == "private",
            slot=(event["transactionId"] or "").startswith("prepd-"),
            gone=gone or event["isCancelled"],
            declined=self._is_declined(guests),
        )

    def _is_declined(self, guests: tuple[Guest, ...]) -> bool:
        return any(guest.answer == "declined" and self._cast.is_alex(guest.address) for guest in guests)


def _utc(time: dict[str, str]) -> datetime:
    return datetime.fromisoformat(time["dateTime"][:19]).replace(tzinfo=UTC)
