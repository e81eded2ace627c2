"""One round: a cycle, and then what people are to be told. What `prepd sync` and the service both do.

The order is that of need: calendars and ledger first, then the notices that topics are due, the weekly report, alerts,
and at last the ping that says that all went well.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from connectors.protocols import Account
from daemon.config import AccountOptions, Config
from daemon.cycle import CycleResult, Request, run_cycle
from daemon.delivery.report import deliver_due, note_undelivered
from daemon.delivery.topics import Reader, topics_due
from daemon.health.vitals import tell_failure, tell_vitals
from daemon.removal.housekeeping import keep_house
from daemon.store.files import StateError
from daemon.store.store import Store

log = logging.getLogger(__name__)


def run_round(
    config: Config, store: Store, open_account: Callable[[AccountOptions], Account], request: Request
) -> CycleResult:
    """The caller holds the store's lock, but for a dry run.

    :raises StateError: the state can't be read or written. Providers' failures are part of the result; whatever else
        is raised is told like one of them, too: it must not be that a bug keeps prepd quiet.
    """
    began = time.monotonic()
    opened: dict[str, Account] = {}

    def open_once(options: AccountOptions) -> Account:
        if options.name not in opened:
            opened[options.name] = open_account(options)
        return opened[options.name]

    try:
        result = run_cycle(config, store, open_once, request)
        if not result.paused:
            result = _tell(config, store, open_once, request, result)
        if not request.dry_run:
            keep_house(config, store, request.now)
    except Exception as error:
        tell_failure(config, store, request, error)
        raise
    tell_vitals(config, store, request, result, time.monotonic() - began)
    return result


def _tell(
    config: Config,
    store: Store,
    open_account: Callable[[AccountOptions], Account],
    request: Request,
    result: CycleResult,
) -> CycleResult:
    """Topics due and the weekly report. Reports are about all accounts: not where only some are to be
    served by the user's wish.
    """
    if not request.dry_run:
        reached = {account.name for account in result.accounts if account.read}
        reader = Reader(config, open_account)
        try:
            topics_due(config, store, reader, reached, request.now, request.stopping)
        except StateError as error:
            log.error("%s", error)  # noqa: TRY400  # a sentence for people; alerts must not wait for it
    if (request.only and not request.others_wait) or request.stopping():
        return result
    deliveries = deliver_due(config, store, open_account, request, result)
    if not request.dry_run:
        note_undelivered(config, store)
    return replace(result, deliveries=deliveries)
