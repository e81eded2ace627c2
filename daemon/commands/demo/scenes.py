"""What people do in the scenes of the demo's story, and what must be true after each.

What somebody does takes the world, and goes behind prepd's back. What must be true takes the stage, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from connectors.outlook.body import LABEL
from daemon.commands.demo.stage import Stage
from daemon.commands.demo.world import ZONE, World, at

Facts: TypeAlias = Iterator[str | tuple[str, bool]]
"""What a scene shows beside changes and actions: a text, or one that must be true."""

_ONLINE = "Join the meeting now"


def nothing(_world: World) -> None:
    """Nobody does anything."""


def no_facts(_stage: Stage) -> Facts:
    yield from ()


def four_people(stage: Stage) -> Facts:
    entries = stage.ask("agenda")["one_on_ones"]
    ready = [e["person"]["name"] for e in entries if e["prep_doc"] and e["slot"]]
    yield "", sorted(ready) == ["Dana", "Noor", "Priya", "Sam"]
    yield "", len([e for e in entries if e["slot"]]) == 8
    past = [c["kind"] for c in stage.ask("history")["changes"] if c["backfilled"]]
    yield "", past.count("held") == 21 and past.count("cancelled") == 3
    yield "", len(past) == 24
    body = stage.world.there("16 Oct 11:00")["body"]["content"]
    yield "", _page_of("Noor", stage) in body and _ONLINE in body


def _page_of(name: str, stage: Stage) -> str:
    """The address of the open page with somebody."""
    entries = stage.ask("agenda")["one_on_ones"]
    return str(next(e["prep_doc"]["url"] for e in entries if e["person"]["name"] == name and e["prep_doc"]))


def rollout_review(world: World) -> None:
    world.noor.schedule("Rollout review", at("13 Oct 09:30"), guests=[world.client_alex, world.pat])


def room(world: World) -> None:
    world.noor.change(world.there("16 Oct 11:00")["id"], location={"displayName": "Room 4"})


def put_back(stage: Stage) -> Facts:
    body = stage.world.there("16 Oct 11:00")["body"]["content"]
    whole = _page_of("Noor", stage) in body and body.index(_ONLINE) < body.index(LABEL)
    yield "It is back at the end of Alex's own copy; the Teams block above it is untouched.", whole


def expired(world: World) -> None:
    world.microsoft.revoke(world.client_alex)
    dana_moves(world)


def says_so(stage: Stage) -> Facts:
    shown = {a["name"]: a["ok"] for a in stage.ask("status")["accounts"]}
    yield "", shown == {"work": True, "client": False}


def noor_cancels(world: World) -> None:
    world.noor.cancel(world.there("23 Oct 11:00")["id"])


def healed(stage: Stage) -> Facts:
    gaps = [gap["account"] for gap in stage.ask("status")["gaps"]]
    yield "The gap is on record, and so is what happened in it.", gaps == ["client"]
    name = stage.microsoft.documents("Noor")[-1].title
    yield f"The file is called {name} now.", name.startswith("Fri 30 Oct 2026")


def both_addresses(world: World) -> None:
    title, start = "1:1 Alex / Dana: the year", at("05 Nov 16:00")
    world.dana.schedule(title, start, guests=[world.alex, world.client_alex.email])
    world.client_dana.schedule(title, start, guests=[world.client_alex, world.alex.email])


def one_meeting(stage: Stage) -> Facts:
    wanted = at("05 Nov 16:00")
    found = [e for e in stage.ask("agenda")["one_on_ones"] if datetime.fromisoformat(e["start"]) == wanted]
    yield "Both calendars show it. It is one 1:1, with one slot.", [e["account"] for e in found] == ["work"]


def after_dana(world: World) -> None:
    page = world.doc("Dana")
    page.append("Send Dana the hiring plan", under="Action items")
    page.append("Ask Finance about a second hire", under="Action items")
    page.tick("Send Dana the hiring plan")


def carried_over(stage: Stage) -> Facts:
    items = stage.world.doc("Dana").section("Action items")
    carried = items == ["Ask Finance about a second hire"]
    yield "Carried over to the next page: “Ask Finance about a second hire”. The ticked one is not.", carried


def drag(world: World) -> None:
    world.alex.move(world.meeting(world.alex, "15 Oct 13:50", "Reflect"), at("15 Oct 13:15"))


def dragged(stage: Stage) -> Facts:
    (event,) = stage.ask("explain", "Sam <> Alex")["events"]
    yield f"prepd explain sam: {event['slot_reason']}.", "you moved it there" in event["slot_reason"]


def dana_moves(world: World) -> None:
    world.dana.move(world.meeting(world.dana, "20 Oct 10:00"), at("22 Oct 11:00"))


def priya_cancels(world: World) -> None:
    world.priya.cancel(world.meeting(world.priya, "21 Oct 15:00"))


def open_to_rebooking(_stage: Stage) -> Facts:
    yield "It stays open to rebooking for a week."


def priya_books(world: World) -> None:
    world.priya.schedule("Catching up", at("23 Oct 15:00"), guests=[world.alex])


def corrected(stage: Stage) -> Facts:
    last = [c for c in stage.ask("history", "priya")["changes"] if c["how"] == "rebooked"]
    yield (
        "A new entry corrects the cancellation: nothing is rewritten.",
        bool(last[0]["corrects"]),
    )


def lee_joins(world: World) -> None:
    world.alex.invite(world.meeting(world.alex, "22 Oct 14:00", "Sam"), world.lee)


def coffee(world: World) -> None:
    world.lee.schedule("Coffee?", at("30 Oct 16:00"), guests=[world.alex])


def why_not(stage: Stage) -> Facts:
    (event,) = stage.ask("explain", "coffee")["events"]
    yield f"prepd explain coffee: not a 1:1: {event['reason']}.", not event["one_on_one"]


def clocks(stage: Stage) -> Facts:
    for name, meeting, slot, why in (
        ("Dana", "27 Oct 10:00", "27 Oct 09:50", "London time; 09:00 UTC before, 10:00 now"),
        ("Priya", "28 Oct 14:00", "28 Oct 13:50", "10:00 in New York, an hour earlier for Alex"),
    ):
        entries = [e for e in stage.ask("agenda")["one_on_ones"] if e["person"]["name"] == name]
        start, placed = (datetime.fromisoformat(t["start"]) for t in (entries[0], entries[0]["slot"]))
        shown = f"{start.astimezone(ZONE):%a} {start.astimezone(ZONE):%H:%M}"
        right = start == at(meeting) and placed == at(slot)
        yield f"{name}: {shown} ({why}); slot at {placed.astimezone(ZONE):%H:%M}.", right
    moved = [
        c for c in stage.ask("history")["changes"] if c["kind"] == "rescheduled" and c["scope"] == "series"
    ]
    yield "Nothing of that is a reschedule.", not moved


def dana_cancels(world: World) -> None:
    world.doc("Dana").append("Ask about the Berlin role", under="Progress")
    world.dana.cancel(world.meeting(world.dana, "27 Oct 10:00"))


def page_lives_on(stage: Stage) -> Facts:
    kept = "Ask about the Berlin role" in stage.world.doc("Dana").section("Tue 3 Nov 2026")
    yield "The page is that of 3 November now, with Alex's topic on it.", kept


def note_and_move(world: World) -> None:
    slot = world.meeting(world.alex, "28 Oct 13:50", "Reflect")
    world.alex.change(slot, description="Say thanks for the incident review!")
    world.priya.move(world.meeting(world.priya, "28 Oct 14:00"), at("28 Oct 15:00"))


def note_kept(stage: Stage) -> Facts:
    slot = stage.world.alex.event(stage.world.meeting(stage.world.alex, "28 Oct 14:50", "Reflect"))
    yield "Alex's own words in it went along.", slot["description"] == "Say thanks for the incident review!"


def delete_slot(world: World) -> None:
    world.alex.delete(world.meeting(world.alex, "29 Oct 13:50", "Reflect"))


def stays_away(stage: Stage) -> Facts:
    (event,) = stage.ask("explain", "Sam <> Alex")["events"]
    yield f"prepd explain sam: {event['slot_reason']}.", "stays away" in event["slot_reason"]
