"""Reads prep pages when it counts what is on them: when topics fall due, and before the weekly report.

Never in every cycle: a page costs a request. Reading one leaves it as it is. That topics are due is told once for each
1:1 and time, and only where the page is still as it was made. The notice goes out before it is noted, so that a process
that ends in between sends it again rather than never.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.errors import ConnectorError, NotFound, unnamed
from connectors.protocols import Account
from daemon.bugs import where
from daemon.config import AccountOptions, Config
from daemon.core.artefacts import OpenPage
from daemon.core.due import topics_fallen_due, topics_key
from daemon.core.model import OneOnOne
from daemon.core.model import State as Standing
from daemon.core.weeks import Week, week_after
from daemon.delivery import attempts
from daemon.notify import Message, NotSent, send
from daemon.paths import Paths
from daemon.render import words
from daemon.render.lines import clean
from daemon.store.state import State
from daemon.store.store import Store

log = logging.getLogger(__name__)

_READ, _TELL = "topics read", "topics told"


@dataclass(slots=True)
class Reader:
    """Reads open pages, and keeps away from an account for the rest of a round once it failed."""

    config: Config
    open_account: Callable[[AccountOptions], Account]
    _failing: set[str] = field(default_factory=set)

    def read(self, page: OpenPage) -> OpenPage | None:
        """The page with what stands on it now; None where it can't be told. Of one that is gone nothing is known."""
        options = self.config.account_named(page.account)
        if options is None or page.account in self._failing:
            return None
        try:
            found = self.open_account(options).documents().read_page(page.notebook, page.ref)
        except NotFound:
            return replace(page, untouched=None)
        except ConnectorError as error:
            log.info("a page of account %s could not be read: %s", page.account, unnamed(str(error)))
            self._failing.add(page.account)
            return None
        except Exception as error:  # noqa: BLE001  # a bug of ours must not end the round
            log.error("a bug in prepd, in reading a page: %s", where(error))  # noqa: TRY400  # see where
            return None
        untouched = found.digest == page.digest if page.digest else None
        return replace(page, untouched=untouched, open_items=found.open_items)


def topics_due(
    config: Config,
    store: Store,
    reader: Reader,
    reached: Container[str],
    now: datetime,
    stopping: Callable[[], bool],
) -> None:
    """Reads the pages whose topics fell due, and tells of those on which nothing was noted.

    :param reached: the accounts that this cycle could read. :raises StateError: the state can't be written.
    """
    if not config.prep_doc.enabled or stopping():
        return
    state = _forgotten(store.state(), now)
    for page, record in _fallen_due(state, config, now):
        if page.topics != topics_key(record) and page.account in reached:
            state = _read(state, page, record, reader, now)
    if state != store.state():
        store.commit(state)
    if not config.notify.urls:
        return
    for page, record in _fallen_due(store.state(), config, now):
        key = topics_key(record)
        if page.untouched and page.topics == key != page.told and not stopping():
            _tell(config, store, page, record, now)


def before_report(config: Config, store: Store, reader: Reader, week: Week, now: datetime) -> None:
    """Reads the pages of the 1:1s up to the end of the week after `week`, so that a report knows their open items.

    What can't be read stays as it was known. :raises StateError: as above.
    """
    state, until = store.state(), week_after(week, config.timezone).end
    pages = dict(state.artefacts.pages)
    for person, page in state.artefacts.pages.items():
        record = state.records.get(page.one_on_one)
        if (
            record is not None
            and record.state is Standing.STANDING
            and now < record.end
            and record.start < until
        ):
            pages[person] = reader.read(page) or page
    if pages != state.artefacts.pages:
        store.commit(replace(state, artefacts=replace(state.artefacts.copy(), pages=pages)))


def _fallen_due(state: State, config: Config, now: datetime) -> list[tuple[OpenPage, OneOnOne]]:
    pages: Iterable[OpenPage] = state.artefacts.pages.values()
    return list(topics_fallen_due(pages, state.records, config.prep_doc.topics_due, now))


def _read(state: State, page: OpenPage, record: OneOnOne, reader: Reader, now: datetime) -> State:
    attempt = f"{_READ} {topics_key(record)}"
    if attempts.waits(state, attempt, now):
        return state
    found = reader.read(page)
    if found is None:
        return attempts.failed(state, attempt, "the page could not be read", now)
    pages = {**state.artefacts.pages, page.person: replace(found, topics=topics_key(record))}
    state = replace(state, artefacts=replace(state.artefacts.copy(), pages=pages))
    return attempts.settled(state, attempt)


def _tell(config: Config, store: Store, page: OpenPage, record: OneOnOne, now: datetime) -> None:
    state, attempt = store.state(), f"{_TELL} {topics_key(record)}"
    if attempts.waits(state, attempt, now):
        return
    got = attempts.taken(state, attempt)
    store.commit(attempts.begun(state, attempt, now))
    try:
        send(config.notify.urls, notice(config, record), config.network, Paths(store.folder).cache, got)
    except NotSent as error:
        log.warning("that topics are due could not be told: %s", unnamed(str(error)))
        store.commit(attempts.failed(state, attempt, str(error), now, error.taken))
        return
    told = {**state.artefacts.pages, page.person: replace(page, told=topics_key(record))}
    made = replace(state.artefacts.copy(), pages=told)
    store.commit(attempts.settled(replace(state, artefacts=made), attempt))
    log.info("told that topics are due for 1:1 %s", record.id)


def notice(config: Config, record: OneOnOne) -> Message:
    """A name and a time, and nothing of what is on the page: it leaves the machine."""
    known = config.person_of(record.person)
    name = clean((known.name if known else "") or record.name or record.person)
    when = words.in_text(record.start, config.timezone)
    return Message(
        f"Topics for your 1:1 with {name} are due",
        f"It is on {when}, and its prep page is still as it was made.",
    )


def _forgotten(state: State, now: datetime) -> State:
    """The state without attempts for 1:1s that have begun, or are another's by now."""
    tried = [key for key in state.attempts if key.startswith((_READ, _TELL))]
    if not tried:
        return state
    coming = {topics_key(r) for r in state.records.values() if r.start > now}
    return attempts.settled(state, *(key for key in tried if key.rpartition(" ")[2] not in coming))
