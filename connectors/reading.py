"""One read of a calendar, from any provider: pages in, a delta out.

Decides between a full and an incremental read, starts over when a token expired, and asks by id for what is known
and gone, so that absence is never mistaken for a cancellation. Knows no provider and no 1:1s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from connectors.errors import BadAnswer, NotFound, Refused, TokenExpired, Unavailable
from connectors.frozen import dataclass
from connectors.kept import Busy
from connectors.protocols import Calendar
from connectors.values import (
    Delta,
    Event,
    Item,
    Known,
    Page,
    Response,
    Series,
    Skipped,
    Status,
    Tombstone,
    Window,
)

MOST_ASKED = 100
"""How many ids are asked for in one read; the rest stay unresolved, and are asked for in the next."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to read. Known events are missed when they are gone; `ask` are ids left unresolved by earlier reads.

    `keep` says which other events are worth having. Taken times are wanted within `busy` only, or all of them.
    """

    window: Window
    token: str | None
    known: Mapping[str, Known] = field(default_factory=dict)
    ask: frozenset[str] = frozenset()
    busy: Window | None = None


def read(
    calendar: Calendar,
    request: Request,
    keep: Callable[[Event], bool],
    progress: Callable[[int], None] = lambda count: None,
) -> Delta:
    """Reads what changed since the token, or the whole window where there is none or it is no longer good.

    :param progress: called with the number of events read so far, after each page and at each question by id.
    :raises ConnectorError: as `Calendar.pages` does; what fails while asking for single ids is only unresolved.
    """
    if request.token is not None:
        try:
            return _Reader(calendar, request, keep, progress).run(request.token)
        except TokenExpired:
            pass
    try:
        return _Reader(calendar, request, keep, progress).run(None)
    except TokenExpired as error:
        raise BadAnswer("the provider calls a sync token expired in a read that had none") from error


class _Reader:
    """The state of one pass over the pages."""

    def __init__(
        self,
        calendar: Calendar,
        request: Request,
        keep: Callable[[Event], bool],
        progress: Callable[[int], None],
    ) -> None:
        self._calendar = calendar
        self._request = request
        self._keep = keep
        self._progress = progress
        self._items: dict[str, Item] = {}
        self._seen: set[str] = set()
        self._busy: dict[str, Busy] = {}
        self._freed: set[str] = set()
        self._skipped: list[Skipped] = []
        self._unresolved: set[str] = set()
        self._replaced: set[str] = set()
        self._asked = 0
        self._count = 0
        self._complete = False

    def run(self, token: str | None) -> Delta:
        self._complete = complete = token is None
        next_token = None
        for page in self._calendar.pages(self._request.window, token):
            self._take_all(page)
            next_token = page.token or next_token
            del page  # nobody needs it while the next one is on its way
            self._progress(self._count)
        self._ask_for_gone(complete)
        return Delta(
            window=self._request.window,
            complete=complete,
            items=tuple(self._items.values()),
            busy=tuple(self._busy.values()),
            freed=tuple(self._freed),
            series=tuple(self._ask_for_series()),
            unresolved=frozenset(self._unresolved),
            skipped=tuple(self._skipped),
            token=next_token,
            events_read=self._count,
        )

    def _take_all(self, page: Page) -> None:
        for item in page.items:
            self._take(item)
        for skipped in page.skipped:
            self._skip(skipped)
        self._count += len(page.items) + len(page.skipped)
        self._replaced |= page.replaced

    def _take(self, item: Item) -> None:
        """Notes one item. A provider may send the same event twice in one read: the last word counts."""
        known = item.id in self._request.known
        if known:
            self._seen.add(item.id)
            self._unresolved.discard(item.id)
        if isinstance(item, Tombstone):
            self._busy.pop(item.id, None)
            self._freed.add(item.id)
            self._items[item.id] = item
            return
        self._note_time(item)
        # Deltas are not bounded: one touched series brings its occurrences up to years ahead.
        near = self._request.window.touches(item.start, item.end)
        if known or (near and self._keep(item)):
            self._items[item.id] = item
        else:
            self._items.pop(item.id, None)

    def _skip(self, skipped: Skipped) -> None:
        """An entry that can't be read: if it is known, it is neither there nor gone."""
        self._skipped.append(skipped)
        if skipped.id in self._request.known:
            self._seen.add(skipped.id)
            self._leave_open(skipped.id)

    def _note_time(self, event: Event) -> None:
        wanted = self._request.busy
        near = wanted is None or wanted.touches(event.start, event.end)
        if near and takes_time(event):
            self._busy[event.id] = Busy(event.start, event.end, event.id)
            self._freed.discard(event.id)
        else:
            self._busy.pop(event.id, None)
            if not self._complete:  # else all that is taken is told, and the rest is thousands of ids
                self._freed.add(event.id)

    def _ask_for_gone(self, complete: bool) -> None:
        series_gone = {i for i, item in self._items.items() if isinstance(item, Tombstone)}
        for known in self._request.known.values():
            item = self._items.get(known.id)
            bare = isinstance(item, Tombstone)
            with_series = item is None and known.series_id in series_gone
            listed = complete or known.series_id in self._replaced
            missing = listed and known.id not in self._seen and self._expected(known)
            if bare or with_series or missing or (known.id in self._request.ask and item is None):
                self._ask(known)

    def _expected(self, known: Known) -> bool:
        return self._request.window.touches(known.start, known.end)

    def _ask(self, known: Known) -> None:
        if self._asked >= MOST_ASKED:
            self._leave_open(known.id)
            return
        self._asked += 1
        self._progress(self._count)  # a hundred slow answers are no standstill
        try:
            answer = self._calendar.get(known.id)
        except NotFound:
            # A tombstone that the provider did send says more than that it can't be found by id.
            self._items.setdefault(known.id, Tombstone(known.id, known.series_id, absent=True))
            self._busy.pop(known.id, None)
            self._freed.add(known.id)
        except (Unavailable, BadAnswer, Refused):
            self._leave_open(known.id)
        else:
            self._take(answer)

    def _leave_open(self, event_id: str) -> None:
        self._items.pop(event_id, None)
        self._unresolved.add(event_id)

    def _ask_for_series(self) -> Iterable[Series]:
        """Asks for a series' own entry: all that is known of it from some date on is gone, or several dates are."""
        for series_id, dates in self._by_series().items():
            first_gone = next((k for k in dates if self._is_gone(k)), None)
            if first_gone is None or self._unresolved & {k.id for k in dates}:
                continue
            gone = [self._is_gone(k) for k in dates if k.start >= first_gone.start]
            if all(gone) or sum(gone) > 1:
                try:
                    yield self._calendar.series(series_id)
                except (Unavailable, BadAnswer, Refused, NotFound):
                    continue

    def _by_series(self) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        for known in sorted(self._request.known.values(), key=lambda k: k.start):
            if known.series_id is not None:
                found.setdefault(known.series_id, []).append(known)
        return {i: d for i, d in found.items() if any(k.id in self._items for k in d)}

    def _is_gone(self, known: Known) -> bool:
        item = self._items.get(known.id)
        return isinstance(item, Tombstone) or (item is not None and item.status is Status.CANCELLED)


def takes_time(event: Event) -> bool:
    """Whether an event makes its time taken: timed, not free, not cancelled, not declined by the user."""
    return (
        event.busy
        and not event.all_day
        and event.status is not Status.CANCELLED
        and event.my_response is not Response.DECLINED
    )
