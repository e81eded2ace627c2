"""The acts of a story, played by hand in the emulated providers, and prepd looking at them over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox
from tests.build import KIM
from tests.outlook_world import OutlookWorld
from tests.properties.acts import Verb
from tests.properties.meetings import LENGTH, Deed, Meeting
from tests.world import World

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


_CARRIED_OUT: dict[Verb, Callable[[Any, str, Deed], object]] = {
    Verb.MOVE: lambda me, event_id, deed: me.move(event_id, deed.to),
    Verb.MOVE_SERIES: lambda me, event_id, deed: me.move_series(event_id, deed.to),
    Verb.CANCEL: lambda me, event_id, _: me.cancel(event_id),
    Verb.BURY: lambda me, event_id, _: me.cancel(event_id),
    Verb.DELETE: lambda me, event_id, _: me.delete(event_id),
    Verb.CANCEL_SERIES: lambda me, event_id, _: me.cancel_series(event_id),
    Verb.RESTORE: lambda me, event_id, _: me.change(event_id, status="confirmed"),
    Verb.RENAME: lambda me, event_id, deed: me.rename(event_id, deed.title),
    Verb.INVITE: lambda me, event_id, _: me.invite(event_id, KIM),
    Verb.UNINVITE: lambda me, event_id, _: me.uninvite(event_id, KIM),
    Verb.DECLINE: lambda me, event_id, _: me.respond(event_id, "declined"),
    Verb.ACCEPT: lambda me, event_id, _: me.respond(event_id, "accepted"),
}


class Stage:
    """A world in which deeds are carried out by their people."""

    def __init__(self, world: World | OutlookWorld) -> None:
        self.world = world
        self._ids: dict[int, str] = {}

    def play(self, deed: Deed) -> None:
        """Carries out one deed."""
        me, other = (self._who(deed.alex), self._who(not deed.alex))
        if deed.verb is Verb.SCHEDULE:
            self._schedule(deed, me, other)
            return
        event_id = self._find(deed)
        if deed.verb is Verb.FOLLOWING:
            me.move_following(event_id, deed.to, **self._rest(len(deed.which)))
        else:
            _CARRIED_OUT[deed.verb](me, event_id, deed)

    def _rest(self, count: int) -> dict[str, list[str]]:
        """What the new half of a series that counts its dates is given: at Google by who splits it."""
        return {"recurrence": [_rule(count)]} if isinstance(self.world, World) else {}

    def forget_token(self) -> None:
        """The next read is a full one."""
        provider = self.world.google if isinstance(self.world, World) else self.world.microsoft
        provider.expire_sync_tokens()

    def _schedule(self, deed: Deed, me: Any, other: Any) -> None:
        count = len(deed.which)
        rule = _rule(count).removeprefix("RRULE:") if count > 1 else None
        minutes = LENGTH.total_seconds() / 60
        made = me.schedule(deed.title, deed.to, guests=[other], rule=rule, minutes=int(minutes))
        if count == 1:
            self._ids[deed.which[0].number] = made

    def _find(self, deed: Deed) -> str:
        meeting = next((m for m in deed.which if deed.start in m.starts), deed.which[0])
        if deed.verb is Verb.RESTORE or meeting.series is None:
            return self._ids[meeting.number]
        self._ids[meeting.number] = found = self._date(meeting, deed.start)
        return found

    def _date(self, meeting: Meeting, start: datetime | None) -> str:
        """The id of what the organizer has at that time."""
        assert start is not None
        here = self._who(meeting.alex_organizes).events(start, start + LENGTH)
        return next(e["id"] for e in here if _start(e) == start)

    def _who(self, alex: bool) -> Any:
        return self.world.alex if alex else self.world.dana


def _rule(count: int) -> str:
    return f"RRULE:FREQ=WEEKLY;COUNT={count}"


def _start(event: dict) -> datetime:
    text = event["start"]["dateTime"]
    return datetime.fromisoformat(f"{text[:19]}+00:00" if event["start"]["timeZone"] == "UTC" else text)


@contextmanager
def google_stage() -> Iterator[Stage]:
    """Google, from where prepd has looked once. Whoever mails a guest fails."""
    with GoogleSandbox(Clock(START)) as google, TemporaryDirectory() as folder:
        google.settings.deleted_can_be_revived = True
        yield Stage(World(google, Path(folder)))
        assert google.bugs == []
        assert google.mailbox.sent_by_clients() == []


@contextmanager
def outlook_stage() -> Iterator[Stage]:
    """Outlook, the same."""
    with MicrosoftSandbox(Clock(START)) as microsoft, TemporaryDirectory() as folder:
        microsoft.settings.declined_stays = True
        microsoft.settings.deleted_occurrence = "series_resent"
        yield Stage(OutlookWorld(microsoft, Path(folder)))
        assert microsoft.bugs == []
        assert microsoft.mailbox.sent_by_clients() == []
