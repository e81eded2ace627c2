"""Plays a history on an emulated calendar, with prepd looking on, and tells what the ledger says."""

from __future__ import annotations

from datetime import datetime, timedelta

from daemon.core.model import Change, Kind
from tests.histories.sentences import carry_out
from tests.histories.story import Line, Story, moment, shown
from tests.world import Prepd

UNPREPARED = "[prep_doc]\nenabled = false\n[reflection]\nenabled = false\n"
"""These stories are about what becomes of 1:1s; what is made for them, other tests tell."""


class Player:
    """One play of a story: `provider` is "google" or "outlook"."""

    def __init__(self, story: Story, world: Prepd, provider: str) -> None:
        self.story, self.world, self.provider = story, world, provider
        self.server = world.google if provider == "google" else world.microsoft
        self.people = {"Alex": world.alex, "Dana": world.dana}
        self.ids: dict[datetime, str] = {}
        self.on = True
        self.last_look: datetime | None = None
        self.absences: list[tuple[datetime, datetime]] = []
        for line in self._mine(story.settings):
            name, value = line.split(" = ")
            assert hasattr(self.server.settings, name), name
            setattr(self.server.settings, name, {"True": True, "False": False}.get(value, value))
        world.configure(UNPREPARED + story.config)
        world.keeps_open = True

    def play(self, *, watched: bool = True) -> None:
        """With a look after each moment, or, where nobody watches, after the first and at the very end."""
        try:
            self._play(watched)
        finally:
            self.world.close()

    def _play(self, watched: bool) -> None:
        for number, (when, lines) in enumerate(self.story.moments):
            self.world.clock.set(when)
            for line in self._mine(lines):
                carry_out(self, line)
            last = number == len(self.story.moments) - 1
            if last and not watched:
                self.server.expire_sync_tokens()
            if self.on and (watched or number == 0 or last):
                self._look()

    def _mine(self, lines: list[Line]) -> list[str]:
        return [line.text for line in lines if line.only in ("", self.provider)]

    def _look(self) -> None:
        now = self.world.now
        if self.last_look is not None and now - self.last_look > timedelta(days=1):
            self.absences.append((self.last_look, now))
        result = self.world.cycle()
        assert [a.error for a in result.accounts if a.error and not a.read] == []
        self.last_look = now

    # --- what the ledger says --------------------------------------------------------------------------------

    def entries(self) -> list[Change]:
        return self.world.ledger

    def told(self) -> list[Change]:
        """By when it was noticed, and then by date."""
        told = [c for c in self.entries() if self.story.shows_scheduled or c.kind is not Kind.SCHEDULED]
        return sorted(told, key=lambda c: (c.noticed_at, (c.was or c.now_at).start))

    def expected(self) -> list[str]:
        return self._mine(self.story.ledger)

    def gaps(self) -> list[str]:
        """Of the gaps, those that the story tells of: while prepd was switched off, or could not read."""
        return [f"{g.reason}: {shown(g.start)} -> {shown(g.end)}" for g in self.world.state.gaps]

    # --- people and events -----------------------------------------------------------------------------------

    def person(self, name: str):
        if name not in self.people:
            self.people[name] = self.server.account(f"{name.lower()}@example.com", name=name)
        return self.people[name]

    def event(self, who: str, when: str) -> str:
        """The id of the meeting that stands on somebody's calendar at a time, or that stood there last."""
        start = moment(when)
        found = [
            e["id"]
            for e in self.person(who).events(start - timedelta(hours=3), start + timedelta(hours=3))
            if _start(e) == start and not (e.get("summary") or e.get("subject") or "").startswith("Reflect")
        ]
        if found:
            self.ids[start] = found[0]
        return self.ids[start]

    def series(self, who: str, when: str) -> str:
        event = self.person(who).event(self.event(who, when))
        return event.get("recurringEventId") or event.get("seriesMasterId") or event["id"]


def _start(event: dict) -> datetime | None:
    value = event["start"].get("dateTime")
    if value is None:
        return None
    found = datetime.fromisoformat(value[:19] + "+00:00" if "T" in value and len(value) > 25 else value)
    return found if found.tzinfo else datetime.fromisoformat(value[:19] + "+00:00")
