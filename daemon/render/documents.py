"""The JSON documents that commands print: the shapes of docs/design.md, "JSON". Nothing else writes them.

Times are RFC 3339 in UTC, to the second. More fields may be added, none removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from daemon.config import Config
from daemon.core.artefacts import LinkState, OpenPage, Slot, SlotState
from daemon.core.model import Change, Gap, OneOnOne, Person, Times
from daemon.core.names import plain
from daemon.core.upcoming import upcoming as to_come
from daemon.store.state import State as Stored

if TYPE_CHECKING:
    from daemon.core.report.model import AlmostFlag, Counts, PersonReport, RedFlag, Report, Upcoming

VERSION = 1


def stamp(moment: datetime | None) -> str | None:
    """ "2026-11-24T10:00:00Z" """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def times(value: Times | None) -> dict[str, Any] | None:
    return {"start": stamp(value.start), "end": stamp(value.end)} if value else None


def person_of(config: Config, address: str, name: str) -> Person:
    known = config.person_of(address)
    name = plain(name, address)
    if known is None:
        return Person(address, name or address)
    return Person(known.email, known.name or name or known.email, known.role)


def upcoming(stored: Stored, now: datetime, until: datetime) -> list[OneOnOne]:
    """The 1:1s to come, by start: those that stand, and those that somebody declined."""
    return to_come(stored.records.values(), now, until)


def agenda_entry(record: OneOnOne, stored: Stored, config: Config) -> dict[str, Any]:
    person = person_of(config, record.person, record.name)
    return {
        "id": record.id,
        "account": record.account,
        "calendar": record.calendar,
        "event_id": record.event_id,
        "series_id": record.series_id,
        "title": record.title,
        "person": {"email": person.email, "name": person.name, "role": person.role.value},
        "start": stamp(record.start),
        "end": stamp(record.end),
        "response": record.attendance.value,
        "state": record.state.value,
        "url": record.url,
        "prep_doc": _prep_doc(record, stored, config),
        "slot": _slot(record, stored),
    }


def page_of(record: OneOnOne, stored: Stored) -> OpenPage | None:
    """The open page, if it is this 1:1's."""
    page = stored.artefacts.pages.get(record.person)
    return page if page is not None and page.one_on_one == record.id else None


def _prep_doc(record: OneOnOne, stored: Stored, config: Config) -> dict[str, Any] | None:
    page = page_of(record, stored)
    if page is None:
        return None
    link = stored.artefacts.links.get(record.id)
    slot = slot_of(record, stored)
    places = ["invite"] if link is not None and link.state is LinkState.ON else []
    if slot is not None and slot.state is SlotState.LIVE and config.prep_doc.attach_to != "none":
        places.append("slot")
    return {
        "url": page.ref.url,
        "attached_to": places,
        "untouched": page.untouched,
        "topics_due": stamp(record.start - config.prep_doc.topics_due),
    }


def slot_of(record: OneOnOne, stored: Stored) -> Slot | None:
    """The slot that stands on the calendar before this 1:1, also one that is the user's by now."""
    slot = stored.artefacts.slots.get(record.id)
    return slot if slot is not None and slot.state in (SlotState.LIVE, SlotState.RELEASED) else None


def _slot(record: OneOnOne, stored: Stored) -> dict[str, Any] | None:
    slot = slot_of(record, stored)
    if slot is None:
        return None
    return {
        "event_id": slot.event_id,
        "start": stamp(slot.start),
        "end": stamp(slot.end),
        "overlaps": slot.overlaps,
    }


def change(entry: Change, config: Config) -> dict[str, Any]:
    person = person_of(config, entry.person, entry.name)
    return {
        "id": entry.id,
        "one_on_one": entry.one_on_one,
        "account": entry.account,
        "person": {"email": person.email, "name": person.name},
        "kind": entry.kind.value,
        "how": entry.how.value if entry.how else None,
        "scope": entry.scope.value,
        "by": entry.by.value if entry.by else None,
        "noticed_at": stamp(entry.noticed_at),
        "from": times(entry.was),
        "to": times(entry.now_at),
        "notice_minutes": entry.notice_minutes,
        "corrects": entry.corrects,
        "backfilled": entry.backfilled,
        "evidence": entry.evidence,
    }


def gap(entry: Gap) -> dict[str, Any]:
    return {
        "account": entry.account,
        "from": stamp(entry.start),
        "to": stamp(entry.end),
        "reason": entry.reason,
    }


def report(made: Report, stored: Stored, config: Config) -> dict[str, Any]:
    def changes(entries: Iterable[Change]) -> list[dict[str, Any]]:
        return [change(c, config) for c in entries]

    return {
        "version": VERSION,
        "week": made.week.name,
        "from": stamp(made.week.start),
        "to": stamp(made.week.end),
        "made_at": stamp(made.made_at),
        "read_until": stamp(min(made.reads.values(), default=None)),
        "people": [_person_report(p, changes) for p in made.people],
        "red_flags": [_red_flag(f, changes) for f in made.red_flags],
        "almost": [_almost(f, changes) for f in made.almost],
        "trend": [{"week": t.week.name, "seen": t.seen.value, **_counts(t.counts)} for t in made.trend],
        "since_last": changes(made.since_last),
        "gaps": [gap(g) for g in made.gaps],
        "troubles": list(made.troubles),
        "upcoming": [_to_come(u, stored, config) for u in made.upcoming],
    }


_Changes: TypeAlias = "Callable[[Iterable[Change]], list[dict[str, Any]]]"


def _person(person: Person) -> dict[str, str]:
    """Names as people have them: here the address tells two of them apart."""
    return {"email": person.email, "name": plain(person.name, person.email), "role": person.role.value}


def _to_come(entry: Upcoming, stored: Stored, config: Config) -> dict[str, Any]:
    return {
        **agenda_entry(entry.one_on_one, stored, config),
        "open_items": list(entry.open_items),
        "career_check": entry.career_check,
    }


def _red_flag(flag: RedFlag, changes: _Changes) -> dict[str, Any]:
    return {
        "person": _person(flag.person),
        "cancellations": changes(flag.cancellations),
        "acts": flag.acts,
        "rule": flag.rule,
        "words": flag.words,
        "free_times": [times(t) for t in flag.free_times],
    }


def _almost(flag: AlmostFlag, changes: _Changes) -> dict[str, Any]:
    return {
        "person": _person(flag.person),
        "unknown": changes(flag.unknown),
        "mark": [f"prepd mark {c.one_on_one} cancelled --by them" for c in flag.unknown],
        "rule": flag.rule,
    }


def _person_report(entry: PersonReport, changes: _Changes) -> dict[str, Any]:
    return {
        "person": _person(entry.person),
        **_counts(entry.week),
        "window": _counts(entry.window),
        "last_held": stamp(entry.last_held),
        "days_since": entry.days_since,
        "streak": entry.streak,
        "strip": [{"week": s.week.name, "outcomes": [k.value for k in s.outcomes]} for s in entry.strip],
        "notice_minutes": entry.notice_minutes,
        "own": changes(entry.own),
        "open_to_rebooking": changes(entry.open_to_rebooking),
        "advice": entry.advice or None,
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "held": counts.held,
        "moved": counts.moved,
        "rebooked": counts.rebooked,
        "cancelled": dict(counts.cancelled),
        "declined": dict(counts.declined),
        "no_show": counts.no_show,
        "excused": counts.excused,
        "expected": counts.expected,
    }
