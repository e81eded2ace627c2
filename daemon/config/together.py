"""What must hold between several options of a config, each of which is right by itself.

What was wrong by itself comes here as "", and is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.config.kinds import spelled
from daemon.config.options import Config, addresses_of

Disagreement = tuple[str, str]
"""A key path, and what is wrong there."""


def disagreements(config: Config) -> Iterator[Disagreement]:
    yield from _accounts(config)
    yield from _people(config)
    if config.sync.watch < config.sync.horizon:
        yield "sync.watch", f"must be at least as long as sync.horizon ({spelled(config.sync.horizon)})"
    retention, flag = config.ledger.retention, config.report.red_flag
    if retention is not None and retention < flag.within:
        yield (
            "ledger.retention",
            f"must be at least as long as report.red_flag.within ({spelled(flag.within)})",
        )


def _accounts(config: Config) -> Iterator[Disagreement]:
    """Names are also the names of token files, on disks that may not tell cases apart."""
    first: dict[str, int] = {}
    for index, account in enumerate(config.account):
        earlier = first.setdefault(account.name.lower(), index)
        if account.name and earlier != index:
            yield f"account[{index}].name", f'"{account.name}" is the name of account[{earlier}] too'
        for at, calendar in enumerate(account.calendars):
            if calendar and calendar in account.calendars[:at]:
                yield f"account[{index}].calendars[{at}]", "stands there twice"


def _people(config: Config) -> Iterator[Disagreement]:
    first: dict[str, int] = {}
    for index, person in enumerate(config.person):
        for at, address in enumerate(addresses_of(person)):
            if not address:
                continue
            path = f"person[{index}]." + ("email" if at == 0 else f"aliases[{at - 1}]")
            earlier = first.setdefault(address, index)
            if earlier != index:
                yield path, f"{address} is an address of person[{earlier}] too"
            elif address in list(addresses_of(person))[:at]:
                yield path, f"{address} stands there twice"
            if address in config.detect.me:
                yield path, f"{address} is one of your own addresses too, in detect.me"
