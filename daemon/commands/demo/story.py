"""The story of the three weeks, scene by scene, and which changes and actions must come of each.

The clocks go back in London on 25 October, in New York a week later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from connectors.frozen import dataclass
from daemon.commands.demo import scenes
from daemon.commands.demo.scenes import Facts
from daemon.commands.demo.stage import START, Stage
from daemon.commands.demo.world import World, at
from daemon.cycle import CycleResult

END = at("01 Nov 20:00")
AFTER = at("02 Nov 08:00")
"""The Monday after, where one can look around: its week has a 1:1 with each of them."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`noticed` are kinds of changes, by whom, and whose 1:1; `did` are kinds of actions, in their order.

    Alex then signs in to the account `signs_in`; `failing` are those that can't be read.
    """

    at: datetime
    title: str
    act: Callable[[World], None] = scenes.nothing
    noticed: tuple[str, ...] = ()
    did: tuple[str, ...] = ()
    facts: Callable[[Stage], Facts] = scenes.no_facts
    first_read: bool = False
    signs_in: str = ""
    failing: tuple[str, ...] = ()


def play(scene: Scene, stage: Stage) -> CycleResult:
    """Time goes by until the scene, people act, and prepd looks."""
    stage.live_until(scene.at)
    scene.act(stage.world)
    if scene.signs_in:
        stage.sign_in(scene.signs_in)
    return stage.cycle()


@dataclass(frozen=True, slots=True)
class Week:
    title: str
    scenes: tuple[Scene, ...]


WEEKS = (
    Week(
        "Week 42, 12 to 18 October",
        (
            Scene(
                START,
                "prepd reads both calendars for the first time",
                facts=scenes.four_people,
                first_read=True,
            ),
            Scene(
                at("12 Oct 11:00"),
                "The client puts a review right before Tuesday's 1:1 with Dana, in Outlook",
                scenes.rollout_review,
                did=("move_slot",),
            ),
            Scene(
                at("13 Oct 10:40"),
                "The 1:1 with Dana is over. Alex notes two action items, and ticks one",
                scenes.after_dana,
                noticed=("held Dana",),
                did=("create_page", "attach_link", "update_slot"),
                facts=scenes.carried_over,
            ),
            Scene(
                at("14 Oct 09:00"),
                "Alex drags the slot before Thursday's 1:1 to 13:15",
                scenes.drag,
                facts=scenes.dragged,
            ),
            Scene(
                at("15 Oct 10:00"),
                "Noor gives Friday's 1:1 a room: Outlook's update takes the link off the invite",
                scenes.room,
                did=("attach_link",),
                facts=scenes.put_back,
            ),
        ),
    ),
    Week(
        "Week 43, 19 to 25 October",
        (
            Scene(
                at("20 Oct 09:00"),
                "Microsoft ends Alex's sign-in. Dana moves today's 1:1 to Thursday at 11:00",
                scenes.expired,
                noticed=("rescheduled moved them Dana",),
                did=("update_page", "attach_link", "move_slot"),
                facts=scenes.says_so,
                failing=("client",),
            ),
            Scene(
                at("20 Oct 14:00"),
                "Noor cancels Friday's 1:1. Then Alex signs in again",
                scenes.noor_cancels,
                noticed=("cancelled them Noor",),
                did=("update_page", "attach_link", "delete_slot", "update_slot"),
                facts=scenes.healed,
                signs_in="client",
            ),
            Scene(
                at("20 Oct 16:30"),
                "Priya cancels tomorrow's 1:1",
                scenes.priya_cancels,
                noticed=("cancelled them Priya",),
                did=("update_page", "attach_link", "delete_slot", "update_slot"),
                facts=scenes.open_to_rebooking,
            ),
            Scene(
                at("21 Oct 09:00"),
                "Priya invites Alex to “Catching up” on Friday at 15:00",
                scenes.priya_books,
                noticed=("scheduled Priya", "rescheduled rebooked them Priya"),
                did=("update_page", "remove_link", "attach_link", "create_slot", "update_slot"),
                facts=scenes.corrected,
            ),
            Scene(
                at("21 Oct 14:00"),
                "Alex invites Lee to tomorrow's 1:1 with Sam",
                scenes.lee_joins,
                noticed=("no_longer_one_on_one me Sam",),
                did=("update_page", "remove_link", "attach_link", "delete_slot", "update_slot"),
            ),
            Scene(
                at("22 Oct 20:00"),
                "Lee asks Alex to a coffee next Friday",
                scenes.coffee,
                facts=scenes.why_not,
            ),
            Scene(
                at("23 Oct 10:00"),
                "Dana invites Alex to a talk in two weeks, at both addresses",
                scenes.both_addresses,
                noticed=("scheduled Dana",),
                did=("create_slot",),
                facts=scenes.one_meeting,
            ),
        ),
    ),
    Week(
        "Week 44, 26 October to 1 November",
        (
            Scene(
                at("26 Oct 07:30"),
                "London's clocks went back on Sunday; New York's will in a week",
                facts=scenes.clocks,
            ),
            Scene(
                at("26 Oct 17:00"),
                "Alex has a topic for tomorrow. Then Dana cancels",
                scenes.dana_cancels,
                noticed=("cancelled them Dana",),
                did=("update_page", "attach_link", "delete_slot", "update_slot"),
                facts=scenes.page_lives_on,
            ),
            Scene(
                at("27 Oct 14:00"),
                "Alex writes into tomorrow's slot. Priya moves the 1:1 by an hour",
                scenes.note_and_move,
                noticed=("rescheduled moved them Priya",),
                did=("update_page", "attach_link", "move_slot"),
                facts=scenes.note_kept,
            ),
            Scene(
                at("28 Oct 09:00"),
                "Alex deletes the slot before tomorrow's 1:1 with Sam",
                scenes.delete_slot,
                facts=scenes.stays_away,
            ),
        ),
    ),
)
