"""The emulated world of the demo: whose calendars there are, and what people do in them by hand.

None of it goes through prepd.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox import GoogleSandbox
from sandbox.google.account import Account
from sandbox.google.paper import Paper
from sandbox.microsoft import MicrosoftSandbox

ZONE = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    """ "12 Oct 08:00", in Alex's time."""
    return datetime.strptime(f"2026 {text}", "%Y %d %b %H:%M").replace(tzinfo=ZONE)


class World:
    """Alex, whose calendars they are, and the others. All of it is done by hand, at work in Google's web app and at the
    client's in Outlook.
    """

    def __init__(self, google: GoogleSandbox, microsoft: MicrosoftSandbox) -> None:
        self.google, self.microsoft = google, microsoft
        self.alex = google.account("alex@example.com", name="Alex Kim", time_zone="Europe/London")
        self.dana = google.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        self.sam = google.account("sam@example.com", name="Sam Ortiz", time_zone="Europe/London")
        self.priya = google.account("priya@example.com", name="Priya Nair", time_zone="America/New_York")
        self.lee = google.account("lee@example.com", name="Lee Wong", time_zone="Europe/London")
        self.client_alex = microsoft.account(
            "alex@client.example", name="Alex Kim", time_zone="Europe/London"
        )
        self.client_dana = microsoft.account("dana@example.com", name="Dana Reyes", time_zone="Europe/London")
        self.noor = microsoft.account("noor@client.example", name="Noor Haddad", time_zone="Europe/London")
        self.pat = microsoft.account("pat@client.example", name="Pat Brown", time_zone="Europe/London")
        self._live_before()

    def _live_before(self) -> None:
        """The six weeks that prepd finds in the calendars' history."""
        self.dana.schedule("1:1 Alex / Dana", at("01 Sep 10:00"), guests=[self.alex], weekly=True)
        self.alex.schedule("Sam <> Alex", at("03 Sep 14:00"), guests=[self.sam], weekly=True)
        wednesday = datetime(2026, 9, 2, 10, tzinfo=NEW_YORK)
        self.priya.schedule("Priya / Alex", wednesday, guests=[self.alex], weekly=True)
        team = [self.alex, self.sam, self.lee]
        weekdays = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        self.dana.schedule("Stand-up", at("01 Sep 09:30"), minutes=15, guests=team, rule=weekdays)
        friday, guests = at("04 Sep 11:00"), [self.client_alex]
        self.noor.schedule("1:1 Noor / Alex", friday, guests=guests, weekly=True, isOnlineMeeting=True)
        self.google.clock.set(at("21 Sep 12:00"))
        self.dana.cancel(self.meeting(self.dana, "22 Sep 10:00"))
        self.google.clock.set(at("05 Oct 16:00"))
        self.dana.cancel(self.meeting(self.dana, "06 Oct 10:00"))
        self.google.clock.set(at("07 Oct 18:00"))
        self.alex.cancel(self.meeting(self.alex, "08 Oct 14:00"))

    def meeting(self, who: Account, when: str, title: str = "") -> str:
        """The id, on somebody's calendar, of the event that starts then (and has this in its title)."""
        start = at(when)
        for event in who.events(start - timedelta(minutes=1), start + timedelta(minutes=1)):
            begins = event["start"].get("dateTime")
            if begins and datetime.fromisoformat(begins) == start and title in event.get("summary", ""):
                return str(event["id"])
        raise LookupError(f"nothing begins at {when}")

    def there(self, when: str) -> dict[str, Any]:
        """The event that starts then on Alex's calendar at the client's, as Outlook has it."""
        start = at(when)
        found = self.client_alex.events(start - timedelta(minutes=1), start + timedelta(minutes=1))
        begins = start.astimezone(UTC).isoformat()[:19]
        return next(event for event in found if event["start"]["dateTime"].startswith(begins))

    def doc(self, name: str) -> Paper:
        """The prep doc with somebody."""
        return self.google.documents(name)[-1]
