"""Years of 1:1s, made up: a ledger, what is at hand, and the same meetings as a folder of iCalendar files.

    python benchmarks/histories.py FOLDER YEARS [ICALENDAR_FOLDER]

writes a config and a state that prepd can be pointed at. Twenty 1:1s a week with twenty people.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from connectors.kept import Busy
from daemon.core.model import Attendance, By, Change, How, Kind, OneOnOne, Owner, Times
from daemon.core.model import State as Standing
from daemon.store.state import CalendarState, State
from daemon.store.store import Store

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
A_WEEK = 20
CONFIG = """\
timezone = "Europe/London"

[[account]]
name = "work"
provider = "google"
client_secrets = "client.json"

[[person]]
email = "p0@example.com"
name = "Dana"
role = "manager"
"""


def ledger(years: float, people: int = 20) -> list[Change]:
    """Every fourth 1:1 was moved, every fifth cancelled, by turns by them, by me and by nobody knows whom."""
    changes = []
    number = 0
    for week in range(round(years * 52), 0, -1):
        for nth in range(A_WEEK):
            start = NOW - timedelta(weeks=week, hours=-nth * 3)
            changes += one(
                number, f"p{number % people}@example.com", Times(start, start + timedelta(hours=0.5))
            )
            number += 1
    return sorted(changes, key=lambda c: c.noticed_at)


def one(number: int, person: str, at: Times) -> list[Change]:
    name, made = f"r{number:011}", []

    def tell(kind: Kind, ahead: timedelta, **more: object) -> None:
        made.append(
            Change(
                f"{name}.{len(made) + 1}", name, "work", person, f"Person {person}", kind, at.start - ahead,
                "the same event has a new time, and they organize it", **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip

    tell(Kind.SCHEDULED, timedelta(days=60), now_at=at)
    by = list(By)[number % 3]
    if number % 4 == 0:
        earlier = Times(at.start - timedelta(days=1), at.end - timedelta(days=1))
        tell(
            Kind.RESCHEDULED,
            timedelta(days=2),
            how=How.MOVED,
            by=by,
            was=earlier,
            now_at=at,
            notice_minutes=1440,
        )
    if number % 5 == 0:
        tell(Kind.CANCELLED, timedelta(hours=5), by=by, was=at, notice_minutes=300)
    else:
        tell(Kind.HELD, timedelta(hours=-1), now_at=at)
    return made


def records(people: int = 20) -> dict[str, OneOnOne]:
    """What is at hand: three months past, two months to come."""
    found = {}
    for number in range(-12 * A_WEEK, 8 * A_WEEK):
        start = NOW + timedelta(hours=number * 7 * 24 / A_WEEK + 1)
        person = f"p{number % people}@example.com"
        state = Standing.STANDING if number >= 0 else Standing.OVER
        found[f"x{number}"] = OneOnOne(
            f"x{number}", "work", "primary", f"e{number}", person, f"Person {person}", "1:1", start,
            start + timedelta(hours=0.5), state, Owner.THEM, Attendance.ACCEPTED, NOW,
        )  # fmt: skip
    return found


def state(people: int = 20) -> State:
    """What stands beside the ledger: a calendar that was read, with its taken times."""
    busy = tuple(
        Busy(NOW + timedelta(hours=h), NOW + timedelta(hours=h + 1), f"b{h}") for h in range(0, 384, 3)
    )
    calendar = CalendarState("work", "primary", "t", NOW, NOW, busy=busy)
    return State(calendars={"work/primary": calendar}, records=records(people))


def write(folder: Path, years: float, people: int = 20) -> list[Change]:
    """Config and state, as a cycle would have left them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(CONFIG)
    changes = ledger(years, people)
    Store(folder).commit(state(people), changes)
    return changes


def write_icalendar(folder: Path, changes: list[Change]) -> None:
    """One file for each 1:1, past or to come, as vdirsyncer would have left them."""
    folder.mkdir(parents=True)
    times = {c.one_on_one: (c.now_at, c.name) for c in changes if c.now_at is not None}
    times |= {r.id: (Times(r.start, r.end), r.name) for r in records().values() if r.start > NOW}
    for uid, (at, name) in times.items():
        lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VEVENT",
            f"UID:{uid}", f"SUMMARY:1:1 {name}",
            f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}", f"DTSTART:{at.start:%Y%m%dT%H%M%SZ}", f"DTEND:{at.end:%Y%m%dT%H%M%SZ}",
            "END:VEVENT", "END:VCALENDAR", "",
        ]  # fmt: skip
        (folder / f"{uid}.ics").write_text("\r\n".join(lines))


if __name__ == "__main__":
    import signed_in

    from daemon.config import load
    from daemon.paths import ready

    made = write(Path(sys.argv[1]), float(sys.argv[2]))
    config = load(Path(sys.argv[1]) / "config.toml")
    signed_in.sign_in(config, config.account[0], ready(Path(sys.argv[1])))
    if sys.argv[3:]:
        write_icalendar(Path(sys.argv[3]), made)
