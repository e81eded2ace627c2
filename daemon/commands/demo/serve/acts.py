"""What comes of a form: somebody does something by hand, time goes by, or prepd looks. Nothing else here changes
anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from connectors.frozen import dataclass
from connectors.outlook.body import without_link
from daemon.commands.demo.serve import dates, papers
from daemon.commands.demo.serve.cast import Cast, Player, first_name
from daemon.commands.demo.serve.diary import Diary, Invite
from daemon.commands.demo.serve.told import Told, of_cycles
from daemon.commands.demo.stage import Stage
from daemon.commands.demo.world import ZONE
from daemon.render.lines import clean, harmless
from sandbox.google.account import Account as GoogleAccount

Form = dict[str, str]


class Wrong(Exception):
    """A form that can't be carried out: the message says to people why."""


@dataclass(frozen=True, slots=True)
class Acts:
    stage: Stage
    cast: Cast
    diary: Diary
    shelf: papers.Shelf

    def do(self, name: str, form: Form) -> Told:
        """:raises Wrong: it can't be carried out. :raises KeyError: there is no such act."""
        acts: dict[str, Callable[[Form], Told]] = {
            "time": self._time,
            "move": self._move,
            "cancel": self._cancel,
            "rebook": self._rebook,
            "answer": self._answer,
            "write": self._write,
            "unlink": self._unlink,
            "book": self._book,
            "type": self._type,
            "tick": self._tick,
        }
        return acts[name](form)

    # --- time ----------------------------------------------------------------------------------------------------

    def _time(self, form: Form) -> Told:
        match form.get("how"):
            case "sync":
                return of_cycles("prepd looked at the calendars", [self.stage.cycle()])
            case "day" | "week" as how:
                there = self.stage.now.astimezone(ZONE) + timedelta(days=1 if how == "day" else 7)
                results = [*self.stage.live_until(there), self.stage.cycle()]
                return of_cycles(f"A {how} went by; prepd looked {len(results)} times", results)
        raise Wrong("Time can go by for a day or a week.")

    # --- calendars -----------------------------------------------------------------------------------------------

    def _move(self, form: Form) -> Told:
        invite, player = self._meant(form)
        start = _moment(form)
        player.move(invite.id, start)
        return _did(player, f"moved {_named(invite)} to {dates.moment(start)}")

    def _cancel(self, form: Form) -> Told:
        invite, player = self._meant(form)
        player.cancel(invite.id)
        return _did(player, f"{'deleted' if invite.slot else 'cancelled'} {_named(invite)}")

    def _rebook(self, form: Form) -> Told:
        invite, player = self._meant(form)
        start, minutes = _moment(form), (invite.end - invite.start) // timedelta(minutes=1)
        guests = [
            self.cast.player(invite.account, guest.address) or guest.address
            for guest in invite.guests
            if guest.address != player.email
        ]
        player.cancel(invite.id)
        player.schedule(invite.title, start, minutes=minutes, guests=guests)  # type: ignore[arg-type]
        return _did(
            player, f"cancelled {_named(invite)}, and sent a new invitation for {dates.moment(start)}"
        )

    def _answer(self, form: Form) -> Told:
        invite, player = self._meant(form)
        match form.get("answer"):
            case "accepted" | "declined" as answer:
                player.respond(invite.id, answer)
                return _did(player, f"{answer} {_named(invite)}")
        raise Wrong("An invitation is accepted or declined.")

    def _write(self, form: Form) -> Told:
        invite, player = self._meant(form)
        text = "\n".join(harmless(line) for line in form.get("text", "")[:2000].splitlines()).strip()
        if not text:
            raise Wrong("There is no text to write.")
        if isinstance(player, GoogleAccount):
            player.change(invite.id, description=text)
        else:
            player.change(invite.id, body={"contentType": "text", "content": text})
        return _did(player, f"wrote into {_named(invite)}")

    def _unlink(self, form: Form) -> Told:
        invite, player = self._meant(form)
        url = next((url for url in invite.links if self.shelf.page(url)), None)
        if url is None:
            raise Wrong("No prep doc is linked there.")
        if isinstance(player, GoogleAccount):
            player.detach(invite.id, url)
        else:
            player.write_body(invite.id, without_link(invite.text, "html", url))
        return _did(player, f"took the prep doc off {_named(invite)}")

    def _book(self, form: Form) -> Told:
        account, _, address = form.get("who", "").partition(" ")
        player = self.cast.player(account, address)
        title = clean(form.get("title", ""), 120)
        if player is None or not title:
            raise Wrong("An invitation needs somebody who sends it, and a title.")
        start = _moment(form)
        player.schedule(title, start, guests=[self.cast.alex(account)])  # type: ignore[list-item]
        return _did(player, f"invited Alex to “{title}” on {dates.moment(start)}")

    # --- docs ----------------------------------------------------------------------------------------------------

    def _type(self, form: Form) -> Told:
        paper, text = self._paper(form), clean(form.get("text", ""), 300)
        if not text:
            raise Wrong("There is no text to type.")
        heading = form.get("heading", "")
        try:
            papers.type_in(paper, text, heading)
        except (KeyError, StopIteration):
            raise Wrong("The page has changed since: that heading is not there any more.") from None
        return Told(f"Alex typed under “{clean(heading)}”: {text}")

    def _tick(self, form: Form) -> Told:
        paper, item = self._paper(form), form.get("item", "")
        open_page = papers.sheets(paper)[:1]
        lines = [line for sheet in open_page for section in sheet.sections for line in section.lines]
        if not item or papers.Line("check", item) not in lines:
            raise Wrong("The page has changed since: that item is not there any more.")
        paper.tick(item)
        return Told(f"Alex ticked “{clean(item)}”")

    # --- what a form is about ------------------------------------------------------------------------------------

    def _meant(self, form: Form) -> tuple[Invite, Player]:
        account = form.get("account", "")
        invite = self.diary.one(account, form.get("event", ""))
        if invite is None or invite.gone:
            raise Wrong("That event is not on the calendar any more.")
        player = self.cast.player(account, form.get("as", ""))
        people = {invite.organizer, *(guest.address for guest in invite.guests)}
        if player is None or player.email not in people:
            raise Wrong("Only somebody who has the event can do that.")
        return invite, player

    def _paper(self, form: Form) -> papers.Paper:
        paper = self.shelf.paper(form.get("account", ""), form.get("doc", ""))
        if paper is None:
            raise Wrong("That doc is not there any more.")
        return paper


def _moment(form: Form) -> datetime:
    """The day and time of a form, in Alex's time."""
    try:
        moment = datetime.fromisoformat(f"{form.get('day', '')}T{form.get('time', '')}").replace(tzinfo=ZONE)
    except ValueError:
        raise Wrong("A day like 2026-11-24 and a time like 10:00 are needed.") from None
    if not 2025 <= moment.year <= 2028:
        raise Wrong("That is too far from the demo’s autumn of 2026.")
    return moment


def _did(player: Player, what: str) -> Told:
    return Told(f"{first_name(player.name)} {what}", unseen=True)


def _named(invite: Invite) -> str:
    return f"“{clean(invite.title)}” of {dates.moment(invite.start)}"
