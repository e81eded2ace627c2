"""Puts links on invites and takes them off: the part of `apply` that works on other people's events."""

from __future__ import annotations

from dataclasses import replace

from connectors.errors import NotFound, Refused
from connectors.values import Link
from daemon.apply.desk import Desk, Waiting
from daemon.core.artefacts import InviteLink, LinkState
from daemon.core.model import OneOnOne
from daemon.core.planning.actions import RemoveLink
from daemon.core.planning.hands import fingerprint
from daemon.core.texts import neutral_title


def attach(record: OneOnOne, desk: Desk) -> None:
    """Links a 1:1's page on its invite. A refusal is remembered, for the whole series.

    :raises Waiting: the page could not be made.
    """
    page = desk.artefacts.pages.get(record.person)
    if page is None or page.one_on_one != record.id:
        raise Waiting("The page that the link leads to is not there yet")
    calendar = desk.calendar(record.account, record.calendar)
    link = InviteLink(
        record.id,
        record.account,
        record.calendar,
        record.event_id,
        page.ref.url,
        LinkState.ON,
        record.series_id,
        page=page.ref.key,
    )
    old = desk.artefacts.links.get(record.id)
    # Guests see the title where the user organizes, so that it says nothing but who meets.
    title = neutral_title(desk.accounts[record.account].address, record.name)
    try:
        if old is not None and old.url != page.ref.url:
            calendar.detach(record.event_id, old.url)
        event = calendar.attach(record.event_id, Link(page.ref.url, title))
    except Refused:
        desk.artefacts.links[record.id] = replace(link, state=LinkState.REFUSED)
        raise
    # A provider may spell the link in its own way: that is how it is known again.
    url = page.ref.url if page.ref.url in event.links or not event.links else event.links[-1]
    desk.artefacts.links[record.id] = replace(
        link, url=url, fingerprint=fingerprint(event), left_at=event.updated
    )


def detach(action: RemoveLink, desk: Desk) -> None:
    """Takes prepd's own link off an invite. Where that can't be done for good, it is not tried again."""
    link = desk.artefacts.links[action.one_on_one]
    off = replace(link, state=LinkState.OFF)
    try:
        desk.calendar(link.account, link.calendar).detach(link.event_id, action.url)
    except (NotFound, Refused):
        desk.artefacts.links[action.one_on_one] = off
        raise
    desk.artefacts.links[action.one_on_one] = off
