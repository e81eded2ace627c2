"""Carries actions out, one after the other, and says what became of each.

Everything here may be repeated: events and pages have keys, links are looked for before they are added. What fails
for now stays wanted, and is planned again in the next cycle.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import assert_never

from connectors.errors import (
    AlreadyDeleted,
    BadAnswer,
    Conflict,
    ConnectorError,
    Misconfigured,
    NotFound,
    Refused,
    SignInNeeded,
    Throttled,
)
from connectors.frozen import dataclass
from daemon.apply import links, slots
from daemon.apply.desk import Desk, Waiting
from daemon.apply.pages import PageMaker
from daemon.bugs import REPORT_IT, where
from daemon.core.model import OneOnOne
from daemon.core.planning.actions import (
    Action,
    AttachLink,
    CreatePage,
    CreateSlot,
    DeleteSlot,
    Deliver,
    MoveSlot,
    RemoveLink,
    UpdatePage,
    UpdateSlot,
)
from daemon.store.files import StateError

log = logging.getLogger(__name__)

_MOST_FAILURES = 2
"""Failures of an account after which the rest of its actions wait for the next cycle."""


class Result(StrEnum):
    """What became of an action. SKIPPED: there is nothing (left) to do it to."""

    PLANNED = "planned"
    DONE = "done"
    PENDING = "pending"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    action: Action
    result: Result
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeliverOutcome:
    """`trouble` is what a provider said, where one is to blame. `already`: it was delivered before."""

    action: Deliver
    result: Result
    reason: str = ""
    trouble: ConnectorError | None = None
    already: bool = False


def apply(actions: Iterable[Action], desk: Desk) -> list[ActionOutcome]:
    """Gives an outcome for each action, in order. Raises nothing that a provider can cause."""
    return [_outcome(action, desk) for action in actions]


def _outcome(action: Action, desk: Desk) -> ActionOutcome:
    record = desk.records[action.one_on_one]
    account = _account_of(action, record, desk)
    result, reason = attempt(action.kind, account, lambda: _carry_out(action, record, desk), desk)
    if result is Result.DONE:
        log.info("%s done for 1:1 %s", action.kind, action.one_on_one)
    return ActionOutcome(action, result, reason)


def attempt(kind: str, account: str, act: Callable[[], None], desk: Desk) -> tuple[Result, str]:
    """What becomes of one act on an account, and why. Raises nothing that a provider can cause."""
    if desk.stopping():
        return Result.PENDING, "prepd was stopped before it got to this"
    if account not in desk.accounts:
        return Result.PENDING, f"the account {account} can't be reached now"
    if desk.failures.get(account, 0) >= _MOST_FAILURES:
        return Result.PENDING, f"the account {account} failed on other work just now"
    try:
        act()
    except (Refused, AlreadyDeleted) as error:
        return Result.REFUSED, str(error)
    except NotFound as error:
        return Result.SKIPPED, str(error)
    except (Conflict, Waiting, StateError) as error:
        return Result.PENDING, str(error)
    except (SignInNeeded, Throttled, Misconfigured) as error:
        _count(desk, account, error, _MOST_FAILURES)
        return Result.PENDING, str(error)
    except ConnectorError as error:
        _count(desk, account, error, 1)
        return Result.PENDING, str(error)
    except Exception as error:  # noqa: BLE001  # a bug of ours: what was read goes into the ledger all the same
        log.error("a bug in prepd, in %s: %s", kind, where(error))  # noqa: TRY400  # see where
        _count(desk, account, BadAnswer(REPORT_IT), 1)
        return Result.PENDING, REPORT_IT
    return Result.DONE, ""


def _count(desk: Desk, account: str, error: ConnectorError, weight: int) -> None:
    desk.failures[account] = desk.failures.get(account, 0) + weight
    desk.errors.setdefault(account, error)


def _account_of(action: Action, record: OneOnOne, desk: Desk) -> str:
    if isinstance(action, CreatePage | UpdatePage):
        doc = desk.artefacts.docs.get(record.person)
        return doc.account if doc else record.account
    slot = desk.artefacts.slots.get(record.id)
    if isinstance(action, MoveSlot | UpdateSlot | DeleteSlot) and slot is not None:
        return slot.account
    return record.account


def _carry_out(action: Action, record: OneOnOne, desk: Desk) -> None:
    match action:
        case CreatePage():
            _pages(desk, record).create(action, record)
        case UpdatePage():
            _pages(desk, record).update(action, record)
        case AttachLink():
            links.attach(record, desk)
        case RemoveLink():
            links.detach(action, desk)
        case CreateSlot():
            slots.create(action, record, desk)
        case MoveSlot():
            slots.move(action, record, desk)
        case UpdateSlot():
            slots.update(action, record, desk)
        case DeleteSlot():
            slots.delete(action, desk)
        case _:
            assert_never(action)


def _pages(desk: Desk, record: OneOnOne) -> PageMaker:
    doc = desk.artefacts.docs.get(record.person)
    account = desk.accounts[doc.account if doc else record.account]
    return PageMaker(account, desk, desk.called(record))
