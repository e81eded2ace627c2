"""An invite as its guest sees it: when, who, the text, the attachments. Beside it what prepd makes of it, and the parts
that can be played.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from daemon.commands.demo.serve import dates, foreign
from daemon.commands.demo.serve.cast import PROVIDER, Cast, first_name
from daemon.commands.demo.serve.diary import Invite
from daemon.commands.demo.serve.doc_page import preview
from daemon.commands.demo.serve.foreign import Follow
from daemon.commands.demo.serve.forms import Fields, button, form, when
from daemon.commands.demo.serve.frame import Page, page_of
from daemon.commands.demo.serve.papers import Shelf
from daemon.commands.demo.world import ZONE
from daemon.core.weeks import week_of
from daemon.render.lines import clean
from daemon.render.markup import Element, Node, element

_ADDRESS = re.compile(r": https://\S+$")
LONGEST = 2000
"""Characters of a slot's text that can be sent."""


def invite_page(invite: Invite, cast: Cast, shelf: Shelf, told: Any, here: str) -> Page:
    """:param told: what `prepd explain` says of it, or None."""
    title = clean(invite.title) or "(no title)"
    week = week_of(dates.day(invite.start), ZONE)
    kind = "Reflection slot" if invite.slot else "Invite" if invite.guests else "Event"
    content: list[Node] = [
        element(
            "p", element("a", f"Week of {dates.of_week(week)}", href=f"/?week={week.name}"), class_="crumbs"
        ),
        element(
            "p", f"{kind} · {PROVIDER[invite.account]} · {cast.alex(invite.account).email}", class_="from"
        ),
        element("h1", title, *_off(invite)),
        element(
            "p",
            element("strong", dates.long_day(invite.start)),
            f", {dates.span(invite.start, invite.end)}",
            class_="lead",
        ),
    ]
    shown = [_card(invite, cast, shelf.page), *_doc(invite, shelf)]
    if told is not None:
        shown.append(_explained(told))
    columns = [element("div", *shown)]
    if not invite.gone:
        about = {"account": invite.account, "event": invite.id, "back": here}
        columns.append(element("div", _parts(invite, cast, about)))
    content.append(element("div", *columns, class_="columns"))
    return page_of(title, *content, place="/", wide=True)


def _doc(invite: Invite, shelf: Shelf) -> Iterator[Element]:
    """The doc that an invite leads to. A slot only links it."""
    found = [] if invite.slot else [each for url in invite.links if (each := shelf.at(url))]
    return (preview(account, paper) for account, paper in found[:1])


def _off(invite: Invite) -> Iterator[Node]:
    if invite.gone or invite.declined:
        yield " "
        yield element("span", "cancelled" if invite.gone else "declined", class_="badge fell")


def _card(invite: Invite, cast: Cast, follow: Follow) -> Element:
    facts: list[tuple[str, Node]] = []
    if invite.guests:
        facts.append(("Guests", element("ul", *_guests(invite, cast))))
    if invite.place:
        facts.append(("Where", clean(invite.place)))
    if invite.series:
        facts.append(("Repeats", "one date of a series; what you do here is done to it alone"))
    if invite.private:
        facts.append(("Shown to others as", "busy, without title or text"))
    if invite.attached:
        facts.append(("Attached", element("ul", *_attached(invite, follow), class_="attached")))
    rows = (element("div", element("dt", name), element("dd", value)) for name, value in facts)
    inside: list[Node] = [element("h2", "Details", class_="unseen"), element("dl", *rows)] if facts else []
    if invite.text.strip():
        read = foreign.rich if invite.is_html else foreign.plain
        inside += [element("h2", "Text", class_="unseen"), read(invite.text, follow)]
    return element("section", *inside, class_="card")


def _guests(invite: Invite, cast: Cast) -> Iterator[Element]:
    for guest in invite.guests:
        name = clean(cast.name(guest.address))
        organizes = guest.organizer or (guest.address == invite.organizer)
        answer = "organizer" if organizes else guest.answer or "not answered yet"
        yield element("li", name, " ", element("span", answer, class_=f"answer {guest.answer}".strip()))


def _attached(invite: Invite, follow: Follow) -> Iterator[Element]:
    for each in invite.attached:
        page = follow(each.url)
        icon = element("span", "▤ ", class_="paper", aria_hidden="true")
        title = clean(each.title) or "Attachment"
        yield element(
            "li", icon, element("a", title, href=page) if page else foreign.link(each.url, title, follow)
        )


def _explained(told: Any) -> Element:
    """What `prepd explain` says, fact by fact."""
    is_one = "A 1:1" if told["one_on_one"] else "Not a 1:1"
    facts = [(is_one, told["reason"]), ("Prep doc", told["doc_reason"]), ("Slot", told["slot_reason"])]
    facts += [(_capital(change["kind"].replace("_", " ")), change["evidence"]) for change in told["history"]]
    rows = (element("div", element("dt", name), element("dd", _said(why))) for name, why in facts if why)
    heading = element("h2", "What prepd makes of it ", element("code", "prepd explain"))
    return element("section", heading, element("dl", *rows, class_="facts"), class_="explained")


def _said(why: str) -> str:
    """Without the address of the page at its end, which stands on the invite."""
    return clean(_ADDRESS.sub("", why), 400)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _parts(invite: Invite, cast: Cast, about: Fields) -> Element:
    """Who can do what to it, by hand."""
    parts = [part for part in (_organizer(invite, cast, about), _guest(invite, cast, about)) if part]
    heading = element("h2", "Play a part")
    lead = element(
        "p", "What you do here is done by hand, in the calendar, behind prepd’s back.", class_="quiet"
    )
    return element("section", heading, lead, *parts, class_="parts")


def _organizer(invite: Invite, cast: Cast, about: Fields) -> Element | None:
    player = cast.player(invite.account, invite.organizer) or (
        None if invite.guests else cast.alex(invite.account)
    )
    if player is None:
        return None
    what = "Alex" if cast.is_alex(player.email) else f"{first_name(player.name)}, who organizes it"
    inside = _to_organize(invite, {**about, "as": player.email})
    return element("section", element("h3", what), *inside, class_="part")


def _to_organize(invite: Invite, about: Fields) -> Iterator[Element]:
    """Move it, write into it or book it anew, cancel it."""
    later = dates.next_workday(invite.start)
    move = button("Drag it there" if invite.slot else "Move it")
    yield form("move", about, *when(later), move, class_="fields", label="Another time")
    if invite.slot:
        yield _writing(about)
    elif invite.guests:
        anew = button("Cancel, and book anew")
        yield form("rebook", about, *when(dates.next_workday(later)), anew, class_="fields")
    yield form("cancel", about, button("Delete the slot" if invite.slot else "Cancel it", class_="bad"))


def _writing(about: Fields) -> Element:
    entry = element("textarea", name="text", rows="2", maxlength=str(LONGEST), required="required")
    label = element("label", element("span", "Own words, in place of the text"), entry, class_="field long")
    return form("write", about, label, button("Write"), class_="fields")


def _guest(invite: Invite, cast: Cast, about: Fields) -> Element | None:
    """Alex, where somebody else organizes; else the other one of two."""
    alex = cast.alex(invite.account).email
    guests = [guest for guest in invite.guests if guest.address != invite.organizer]
    chosen = next((g for g in guests if g.address == alex), guests[0] if len(guests) == 1 else None)
    player = cast.player(invite.account, chosen.address) if chosen else None
    if chosen is None or player is None:
        return None
    about = {**about, "as": player.email}
    answers = [("declined", "Decline", "bad"), ("accepted", "Accept", "")]
    buttons = (
        button(text, name="answer", value=value, class_=look)
        for value, text, look in answers
        if chosen.answer != value
    )
    inside = [form("answer", about, *buttons, class_="fields")]
    if chosen.address == alex:
        inside.append(form("unlink", about, button("Take prepd’s link off")))
    name = f"{first_name(player.name)}, who is invited"
    return element("section", element("h3", name), *inside, class_="part")
