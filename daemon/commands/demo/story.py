"""What happens in the three weeks, and what prepd must make of it.

Each scene says who does what, and then which changes and actions must come of it, and what else must be true. The
clocks go back in London on 25 October, in New York a week later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from connectors.frozen import dataclass
from connectors.outlook.body import LABEL
from daemon.commands.demo.stage import START, ZONE, Stage, World, at

END = at("01 Nov 20:00")
AFTER = at("02 Nov 08:00")
"""The Monday after, where one can look around: its week has a 1:1 with each of them."""

_ONLINE = "Join the meeting now"

Facts = Iterator[str | tuple[str, bool]]
"""What a scene shows beside changes and actions: a text, or one that must be true."""


def _nothing(_world: World) -> None:
    """Nobody does anything."""


def _no_facts(_stage: Stage) -> Facts:
    yield from ()


@dataclass(frozen=True, slots=True)
class Scene:
    """`noticed` are kinds of changes, by whom, and whose 1:1; `did` are kinds of actions, in their order.

    Alex then signs in to the account `signs_in`; `failing` are those that can't be read.
    """

    at: datetime
    title: str
    act: Callable[[World], None] = _nothing
    noticed: tuple[str, ...] = ()
    did: tuple[str, ...] = ()
    facts: Callable[[Stage], Facts] = _no_facts
    first_read: bool = False
    signs_in: str = ""
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    title: str
    scenes: tuple[Scene, ...]


def _four_people(stage: Stage) -> Facts:
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


def _rollout_review(world: World) -> None:
    world.noor.schedule("Rollout review", at("13 Oct 09:30"), guests=[world.client_alex, world.pat])


def _room(world: World) -> None:
    world.noor.change(world.there("16 Oct 11:00")["id"], location={"displayName": "Room 4"})


def _put_back(stage: Stage) -> Facts:
    body = stage.world.there("16 Oct 11:00")["body"]["content"]
    whole = _page_of("Noor", stage) in body and body.index(_ONLINE) < body.index(LABEL)
    yield "It is back at the end of Alex's own copy; the Teams block above it is untouched.", whole


def _expired(world: World) -> None:
    world.microsoft.revoke(world.client_alex)
    _dana_moves(world)


def _says_so(stage: Stage) -> Facts:
    shown = {a["name"]: a["ok"] for a in stage.ask("status")["accounts"]}
    yield "", shown == {"work": True, "client": False}


def _noor_cancels(world: World) -> None:
    world.noor.cancel(world.there("23 Oct 11:00")["id"])


def _healed(stage: Stage) -> Facts:
    gaps = [gap["account"] for gap in stage.ask("status")["gaps"]]
    yield "The gap is on record, and so is what happened in it.", gaps == ["client"]
    name = stage.microsoft.documents("Noor")[-1].title
    yield f"The file is called {name} now.", name.startswith("Fri 30 Oct 2026")


def _both_addresses(world: World) -> None:
    title, start = "1:1 Alex / Dana: the year", at("05 Nov 16:00")
    world.dana.schedule(title, start, guests=[world.alex, world.client_alex.email])
    world.client_dana.schedule(title, start, guests=[world.client_alex, world.alex.email])


def _one_meeting(stage: Stage) -> Facts:
    wanted = at("05 Nov 16:00")
    found = [e for e in stage.ask("agenda")["one_on_ones"] if datetime.fromisoformat(e["start"]) == wanted]
    yield "Both calendars show it. It is one 1:1, with one slot.", [e["account"] for e in found] == ["work"]


def _after_dana(world: World) -> None:
    page = world.doc("Dana")
    page.append("Send Dana the hiring plan", under="Action items")
    page.append("Ask Finance about a second hire", under="Action items")
    page.tick("Send Dana the hiring plan")


def _carried_over(stage: Stage) -> Facts:
    items = stage.world.doc("Dana").section("Action items")
    carried = items == ["Ask Finance about a second hire"]
    yield "Carried over to the next page: “Ask Finance about a second hire”. The ticked one is not.", carried


def _drag(world: World) -> None:
    world.alex.move(world.meeting(world.alex, "15 Oct 13:50", "Reflect"), at("15 Oct 13:15"))


def _dragged(stage: Stage) -> Facts:
    (event,) = stage.ask("explain", "Sam <> Alex")["events"]
    yield f"prepd explain sam: {event['slot_reason']}.", "you moved it there" in event["slot_reason"]


def _dana_moves(world: World) -> None:
    world.dana.move(world.meeting(world.dana, "20 Oct 10:00"), at("22 Oct 11:00"))


def _priya_cancels(world: World) -> None:
    world.priya.cancel(world.meeting(world.priya, "21 Oct 15:00"))


def _open_to_rebooking(_stage: Stage) -> Facts:
    yield "It stays open to rebooking for a week."


def _priya_books(world: World) -> None:
    world.priya.schedule("Catching up", at("23 Oct 15:00"), guests=[world.alex])


def _corrected(stage: Stage) -> Facts:
    last = [c for c in stage.ask("history", "priya")["changes"] if c["how"] == "rebooked"]
    yield (
        "A new entry corrects the cancellation: nothing is rewritten.",
        bool(last[0]["corrects"]),
    )


def _lee_joins(world: World) -> None:
    world.alex.invite(world.meeting(world.alex, "22 Oct 14:00", "Sam"), world.lee)


def _coffee(world: World) -> None:
    world.lee.schedule("Coffee?", at("30 Oct 16:00"), guests=[world.alex])


def _why_not(stage: Stage) -> Facts:
    (event,) = stage.ask("explain", "coffee")["events"]
    yield f"prepd explain coffee: not a 1:1: {event['reason']}.", not event["one_on_one"]


def _clocks(stage: Stage) -> Facts:
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


def _dana_cancels(world: World) -> None:
    world.doc("Dana").append("Ask about the Berlin role", under="Progress")
    world.dana.cancel(world.meeting(world.dana, "27 Oct 10:00"))


def _page_lives_on(stage: Stage) -> Facts:
    kept = "Ask about the Berlin role" in stage.world.doc("Dana").section("Tue 3 Nov 2026")
    yield "The page is that of 3 November now, with Alex's topic on it.", kept


def _note_and_move(world: World) -> None:
    slot = world.meeting(world.alex, "28 Oct 13:50", "Reflect")
    world.alex.change(slot, description="Say thanks for the incident review!")
    world.priya.move(world.meeting(world.priya, "28 Oct 14:00"), at("28 Oct 15:00"))


def _note_kept(stage: Stage) -> Facts:
    slot = stage.world.alex.event(stage.world.meeting(stage.world.alex, "28 Oct 14:50", "Reflect"))
    yield "Alex's own words in it went along.", slot["description"] == "Say thanks for the incident review!"


def _delete_slot(world: World) -> None:
    world.alex.delete(world.meeting(world.alex, "29 Oct 13:50", "Reflect"))


def _stays_away(stage: Stage) -> Facts:
    (event,) = stage.ask("explain", "Sam <> Alex")["events"]
    yield f"prepd explain sam: {event['slot_reason']}.", "stays away" in event["slot_reason"]


WEEKS = (
    Week(
        "Week 42, 12 to 18 October",
        (
            Scene(
                START, "prepd reads both calendars for the first time", facts=_four_people, first_read=True
            ),
            Scene(
                at("12 Oct 11:00"),
                "The client puts a review right before Tuesday's 1:1 with Dana, in Outlook",
                _rollout_review,
                did=("move_slot",),
            ),
            Scene(
                at("13 Oct 10:40"),
                "The 1:1 with Dana is over. Alex notes two action items, and ticks one",
                _after_dana,
                noticed=("held Dana",),
                did=("create_page", "attach_link", "update_slot"),
                facts=_carried_over,
            ),
            Scene(
                at("14 Oct 09:00"),
                "Alex drags the slot before Thursday's 1:1 to 13:15",
                _drag,
                facts=_dragged,
            ),
            Scene(
                at("15 Oct 10:00"),
                "Noor gives Friday's 1:1 a room: Outlook's update takes the link off the invite",
                _room,
                did=("attach_link",),
                facts=_put_back,
            ),
        ),
    ),
    Week(
        "Week 43, 19 to 25 October",
        (
            Scene(
                at("20 Oct 09:00"),
                "Microsoft ends Alex's sign-in. Dana moves today's 1:1 to Thursday at 11:00",
                _expired,
                noticed=("rescheduled moved them Dana",),
                did=("update_page", "attach_link", "move_slot"),
                facts=_says_so,
                failing=("client",),
            ),
            Scene(
                at("20 Oct 14:00"),
                "Noor cancels Friday's 1:1. Then Alex signs in again",
                _noor_cancels,
                noticed=("cancelled them Noor",),
                did=("update_page", "attach_link", "delete_slot", "update_slot"),
                facts=_healed,
                signs_in="client",
            ),
            Scene(
                at("20 Oct 16:30"),
                "Priya cancels tomorrow's 1:1",
                _priya_cancels,
                noticed=("cancelled them Priya",),
                did=("update_page", "attach_link", "delete_slot", "update_slot"),
                facts=_open_to_rebooking,
            ),
            Scene(
                at("21 Oct 09:00"),
                "Priya invites Alex to “Catching up” on Friday at 15:00",
                _priya_books,
                noticed=("scheduled Priya", "rescheduled rebooked them Priya"),
                did=("update_page", "remove_link", "attach_link", "create_slot", "update_slot"),
                facts=_corrected,
            ),
            Scene(
                at("21 Oct 14:00"),
                "Alex invites Lee to tomorrow's 1:1 with Sam",
                _lee_joins,
                noticed=("no_longer_one_on_one me Sam",),
                did=("update_page", "remove_link", "attach_link", "delete_slot", "update_slot"),
            ),
            Scene(at("22 Oct 20:00"), "Lee asks Alex to a coffee next Friday", _coffee, facts=_why_not),
            Scene(
                at("23 Oct 10:00"),
                "Dana invites Alex to a talk in two weeks, at both addresses",
                _both_addresses,
                noticed=("scheduled Dana",),
                did=("create_slot",),
                facts=_one_meeting,
            ),
        ),
    ),
    Week(
        "Week 44, 26 October to 1 November",
        (
            Scene(
                at("26 Oct 07:30"),
                "London's clocks went back on Sunday; New York's will in a week",
                facts=_clocks,
            ),
            Scene(
                at("26 Oct 17:00"),
                "Alex has a topic for tomorrow. Then Dana cancels",
                _dana_cancels,
                noticed=("cancelled them Dana",),
                did=("update_page", "attach_link", "delete_slot", "update_slot"),
                facts=_page_lives_on,
            ),
            Scene(
                at("27 Oct 14:00"),
                "Alex writes into tomorrow's slot. Priya moves the 1:1 by an hour",
                _note_and_move,
                noticed=("rescheduled moved them Priya",),
                did=("update_page", "attach_link", "move_slot"),
                facts=_note_kept,
            ),
            Scene(
                at("28 Oct 09:00"),
                "Alex deletes the slot before tomorrow's 1:1 with Sam",
                _delete_slot,
                facts=_stays_away,
            ),
        ),
    ),
)
