"""States and changes with one of everything in them."""

from __future__ import annotations

from dataclasses import replace

from connectors.kept import Busy, Notebook, PageRef
from daemon.core.artefacts import Artefacts, InviteLink, LinkState, OpenPage, PrepDoc, Slot
from daemon.core.model import By, Change, Gap, How, Kind
from daemon.core.remembered import Candidate
from daemon.store.state import Attempt, CalendarState, Delivery, Meta, ReportEvent, State
from tests.build import DANA, DAY, HOUR, NOW, at, event, occurrence, on_record, record, times

ONE = record(occurrence("11-24 10:00"))


def state(token="t1", **more):
    """A small state; its token tells which writing of it this is."""
    calendars = {"work/primary": CalendarState("work", "primary", token, NOW, NOW - HOUR)}
    return replace(State(calendars=calendars), **more)


def token(found):
    """Which one it is; None where nothing was stored."""
    return found.calendars["work/primary"].token if found.calendars else None


def full_state():
    notebook = Notebook("n", "https://docs.example/n")
    slot = Slot(
        ONE.id,
        "work",
        "primary",
        "s",
        1,
        NOW,
        NOW + HOUR,
        NOW,
        ONE.start,
        "h",
        "d",
        "Reflect",
        "why",
        etag="1",
    )
    page = OpenPage(DANA, "work", notebook, PageRef("k", "p", "https://docs.example/p"), ONE.id, "Tue", NOW)
    link = InviteLink(ONE.id, "work", "primary", "e1", "https://docs.example/p", LinkState.ON, "s1", "f", NOW)
    return state(
        meta=Meta(generation=0),
        calendars={
            "work/primary": CalendarState(
                "work",
                "primary",
                "t1",
                NOW,
                NOW - HOUR,
                {"bad": "it has no start"},
                (Busy(NOW, NOW + HOUR, "e1"),),
            )
        },
        records=on_record(ONE, record(event("11-25 10:00", title="ünï\n\u202e 🙂"), replaces="x")),
        artefacts=Artefacts(
            {ONE.id: slot}, {ONE.id: link}, {DANA: PrepDoc(DANA, "work", notebook)}, {DANA: page}
        ),
        candidates=(Candidate(record(event(id="c"))),),
        gaps=(Gap(None, NOW - DAY, NOW, "not running"),),
        intents={DANA: NOW},
        deliveries=(Delivery("file", "2026-W46", NOW),),
        report_events={
            "2026-W46": ReportEvent("2026-W46", "work", "primary", "r", NOW, NOW + HOUR, "1"),
        },
        attempts={"deliver notify 2026-W46": Attempt("deliver notify 2026-W46", 1, NOW, NOW, "why", ("k",))},
    )


def change(number=1, person=DANA, **more):
    made = Change(
        f"{ONE.id}.{number}",
        ONE.id,
        "work",
        person,
        "Dana Reyes",
        Kind.RESCHEDULED,
        at("11-23 08:00"),
        "they organize it",
        How.MOVED,
        by=By.THEM,
        was=times("11-24 10:00"),
        now_at=times("11-25 10:00"),
        notice_minutes=60,
    )
    return replace(made, **more)
