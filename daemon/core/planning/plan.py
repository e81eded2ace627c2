"""What should be done: compares what should be (pages, links, slots) with what is.

The order of actions is that in which they are carried out: a page before the links to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from connectors.frozen import dataclass
from daemon.core.artefacts import Artefacts, LinkState, OpenPage
from daemon.core.model import ON_THE_CALENDAR, OneOnOne, State, Times
from daemon.core.names import ambiguous, in_full
from daemon.core.planning.actions import Action, AttachLink, CreatePage, RemoveLink, UpdatePage
from daemon.core.planning.slots import plan_slots
from daemon.core.planning.wishes import Wishes
from daemon.core.texts import page_heading


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions, and the artefacts as they are by mere decision: what was released or taken up again."""

    actions: tuple[Action, ...]
    artefacts: Artefacts


def plan(
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    taken: Iterable[Times],
    wishes: Wishes,
    now: datetime,
) -> Plan:
    """:param taken: the user's taken times in all calendars, without prepd's own slots."""
    pages, page_of = _plan_pages(records, artefacts, wishes, now)
    links = _plan_links(records, artefacts, page_of, wishes, now)
    slots, decided = plan_slots(_told_apart(records), artefacts, page_of, taken, wishes, now)
    return Plan((*pages, *links, *slots), replace(artefacts.copy(), slots=decided))


def _told_apart(records: Mapping[str, OneOnOne]) -> Mapping[str, OneOnOne]:
    """The same under the names that slots show: of two people with the same one, each with the address."""
    shared = ambiguous({r.person: r.name for r in records.values()})
    return {
        i: replace(r, name=in_full(r.name, r.person)) if r.person in shared else r for i, r in records.items()
    }


def next_one_on_ones(
    records: Mapping[str, OneOnOne], now: datetime, horizon: timedelta
) -> dict[str, OneOnOne]:
    """Each person's next 1:1: the earliest that is neither over, cancelled nor declined."""
    coming = (
        r for r in records.values() if r.state is State.STANDING and r.end > now and r.start <= now + horizon
    )
    first: dict[str, OneOnOne] = {}
    for record in sorted(coming, key=lambda r: (r.start, r.id)):
        first.setdefault(record.person, record)
    return first


def is_closed(page: OpenPage, records: Mapping[str, OneOnOne], now: datetime) -> bool:
    """Whether a page's 1:1 took place, so that the next one gets a page of its own.

    One that went past while its calendar can't be read counts too: what is on its page was most likely used.
    """
    record = records.get(page.one_on_one)
    return (
        record is None or record.state is State.OVER or (record.state is State.STANDING and record.end <= now)
    )


def _plan_pages(
    records: Mapping[str, OneOnOne], artefacts: Artefacts, wishes: Wishes, now: datetime
) -> tuple[list[Action], dict[str, OpenPage | None]]:
    """Actions on pages, and the page of each 1:1 that has or gets one; None where it is yet to be made."""
    actions: list[Action] = []
    page_of: dict[str, OpenPage | None] = {}
    if not wishes.pages:
        return actions, page_of
    for person, record in next_one_on_ones(records, now, wishes.horizon).items():
        page = artefacts.pages.get(person)
        heading = page_heading(record.start, wishes.zone)
        if page is None or is_closed(page, records, now):
            actions.append(CreatePage(record.id, person, heading, _career_check(artefacts, record, wishes)))
            page_of[record.id] = None
            continue
        if page.one_on_one != record.id or page.heading != heading:
            actions.append(UpdatePage(record.id, person, heading))
        page_of[record.id] = page
    return actions, page_of


def _career_check(artefacts: Artefacts, record: OneOnOne, wishes: Wishes) -> bool:
    """Once a month a page asks where the career stands."""
    doc = artefacts.docs.get(record.person)
    return doc is None or doc.career_month != career_month(record.start, wishes.zone)


def career_month(start: datetime, zone: tzinfo) -> str:
    """The month that a 1:1 is in by the user's clock, like 2026-11: what a career check is asked once in."""
    return start.astimezone(zone).strftime("%Y-%m")


def _plan_links(
    records: Mapping[str, OneOnOne],
    artefacts: Artefacts,
    page_of: Mapping[str, OpenPage | None],
    wishes: Wishes,
    now: datetime,
) -> list[Action]:
    actions: list[Action] = []
    for link in artefacts.links.values():
        record = records.get(link.one_on_one)
        if link.state is not LinkState.ON or record is None or record.id in page_of:
            continue
        if record.owner not in wishes.invite_links.get(record.account, frozenset()):
            continue  # taking it off would mail somebody, and that is not wished for (any more)
        if record.state in ON_THE_CALENDAR and record.end > now:
            actions.append(RemoveLink(record.id, link.url))
    if not wishes.link_invites:
        return actions
    for record_id, page in page_of.items():
        record = records[record_id]
        if _may_link(record, artefacts, wishes) and not _linked(record, page, artefacts):
            actions.append(AttachLink(record_id, record.person))
    return actions


def _linked(record: OneOnOne, page: OpenPage | None, artefacts: Artefacts) -> bool:
    link = artefacts.links.get(record.id)
    if link is None:
        return False
    return link.state is LinkState.REMOVED or (
        link.state is LinkState.ON and page is not None and link.page == page.ref.key
    )


def _may_link(record: OneOnOne, artefacts: Artefacts, wishes: Wishes) -> bool:
    if record.owner not in wishes.invite_links.get(record.account, frozenset()):
        return False
    return not any(
        link.state is LinkState.REFUSED
        and (
            link.event_id == record.event_id
            or (link.series_id is not None and link.series_id == record.series_id)
        )
        for link in artefacts.links.values()
    )
