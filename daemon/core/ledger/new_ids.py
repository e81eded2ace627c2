"""1:1s whose event has another id since it was changed: each stays the same 1:1.

Some calendars give a changed occurrence an id of its own; series and original start say which one it is, and that
start never changes. Google gives its occurrences ids when a single event becomes a series, and takes them away when a
series becomes a single event. A single event may also come back as another item with the same iCal UID.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from daemon.core.ledger.draft import Ledger
from daemon.core.ledger.observe import Look, Sight
from daemon.core.model import OPEN, OneOnOne


def follow_new_ids(ledger: Ledger, look: Look) -> None:
    """Puts 1:1s under the ids that this look shows their events with."""
    _into_series(ledger, look)
    _out_of_series(ledger, look)
    _revived(ledger, look)
    _exceptions(ledger, look)


def _into_series(ledger: Ledger, look: Look) -> None:
    """A single event that repeats from now on goes on as the first date of its series."""
    dates: dict[str, list[Sight]] = {}
    for seen in look.sights.values():
        if seen.event.series_id is not None and seen.live:
            dates.setdefault(seen.event.series_id, []).append(seen)
    for record in ledger.of_calendar(look.account, look.calendar):
        same = [s for s in dates.get(record.event_id, ()) if s.label.person == record.person]
        if record.series_id is not None or not same:
            continue
        first = min(same, key=lambda s: (s.times.start != record.start, s.times.start))
        stays = first.times.start == record.start or record.state in OPEN
        if stays and not ledger.follows(look, first):
            ledger.put(_under(record, first))


def _out_of_series(ledger: Ledger, look: Look) -> None:
    """A series that no longer repeats goes on as the single event that is left of it."""
    records = list(ledger.of_calendar(look.account, look.calendar))
    for seen in look.sights.values():
        if seen.event.series_id is not None or not seen.live or ledger.follows(look, seen):
            continue
        dates = [r for r in records if r.series_id == seen.event.id and r.person == seen.label.person]
        dates = [r for r in dates if r.start == seen.times.start] or [r for r in dates if _is_lost(look, r)]
        if dates:
            ledger.put(_under(dates[0], seen))


def _revived(ledger: Ledger, look: Look) -> None:
    """A single event that comes back as another item goes on as itself: its iCal UID says so.

    The item that was deleted may still be answered by its id; the one made later is what the calendar shows.
    """
    before = {
        (record.ical_uid, record.person): record
        for record in ledger.of_calendar(look.account, look.calendar)
        if record.series_id is None and record.ical_uid
    }
    for seen in look.sights.values():
        record = before.get((seen.event.ical_uid or "", seen.label.person))
        if record is None or seen.event.series_id is not None or not seen.live or ledger.follows(look, seen):
            continue
        if not _stands(look, record) or _is_newer(seen, record):
            ledger.put(_under(record, seen))


def _exceptions(ledger: Ledger, look: Look) -> None:
    """An occurrence that was changed goes on under an id of its own."""
    first: dict[tuple[str, datetime], OneOnOne] = {}
    for record in ledger.of_calendar(look.account, look.calendar):
        if record.series_id and record.event_id not in look.sights:
            key = (record.series_id, record.planned)
            if key not in first or record.state in OPEN:
                first[key] = record
    for event_id, seen in look.sights.items():
        event = seen.event
        if event.series_id is None or event.original_start is None or ledger.knows(look, seen):
            continue
        same = first.get((event.series_id, event.original_start))
        if same is not None:
            ledger.put(replace(same, event_id=event_id, original_start=event.original_start))


def _stands(look: Look, record: OneOnOne) -> bool:
    if record.state in OPEN:
        return not look.says_gone(record)
    seen = look.seen(record)
    return isinstance(seen, Sight) and seen.live


def _is_newer(seen: Sight, record: OneOnOne) -> bool:
    made = seen.event.created
    return made is not None and record.created is not None and made > record.created


def _is_lost(look: Look, record: OneOnOne) -> bool:
    return record.state in OPEN and look.says_gone(record)


def _under(record: OneOnOne, seen: Sight) -> OneOnOne:
    event = seen.event
    return replace(
        record,
        event_id=event.id,
        series_id=event.series_id,
        original_start=event.original_start,
        created=event.created if event.series_id is None else record.created,
    )
