"""One round: a cycle, and then what people are to be told. What `prepd sync` and the service both do.

The order is that of need: calendars and ledger first, then the notices that topics are due, the weekly report, alerts,
and at last the ping that says that all went well.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from connectors.protocols import Account
from daemon.config import AccountOptions, Config
from daemon.cycle import CycleResult, Request, run_cycle
from daemon.store.store import Store
from daemon.vitals import tell_vitals


def run_round(
    config: Config, store: Store, open_account: Callable[[AccountOptions], Account], request: Request
) -> CycleResult:
    """The caller holds the store's lock, but for a dry run.

    :raises StateError: the state can't be read or written. Providers' failures are part of the result.
    """
    began = time.monotonic()
    result = run_cycle(config, store, open_account, request)
    tell_vitals(config, store, request, result, time.monotonic() - began)
    return result
