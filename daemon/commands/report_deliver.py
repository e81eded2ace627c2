"""`prepd report --deliver`: takes a week's report to where the config wants it, now."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from connectors.errors import unnamed
from daemon.commands.context import Context
from daemon.exits import Exit, Stopped
from daemon.render.lines import Style, Styled

if TYPE_CHECKING:
    from daemon.apply.actions import DeliverOutcome
    from daemon.core.weeks import Week
    from daemon.store.store import Store

_DONE = {
    "file": "put into a file: {path}",
    "calendar": "put on your calendar",
    "notify": "sent to your notification services",
}
_ALREADY = {
    "file": "put into a file before, and now written anew: {path}",
    "calendar": "on your calendar already",
    "notify": "sent to your notification services already",
}
_NOT = {
    "file": "not put into a file",
    "calendar": "not put on your calendar",
    "notify": "not sent to all of your notification services",
}


def deliver(context: Context, week: Week) -> list[DeliverOutcome]:
    """Delivers under the state's lock. Nothing while prepd is paused.

    :raises Stopped: there is nowhere to deliver to.
    """
    from daemon.store.store import Store

    store = Store(context.paths.state)
    with store.lock("prepd report --deliver"):
        return _delivered(context, store, week)


def _delivered(context: Context, store: Store, week: Week) -> list[DeliverOutcome]:
    from daemon.commands.providers import opening
    from daemon.delivery.report import deliver_now, places

    if store.state().meta.paused:
        if not context.json:
            context.terminal.line("Paused since `prepd clean`: nothing is delivered. `prepd resume` goes on.")
        return []
    if not places(context.config):
        raise Stopped(
            "There is nowhere to deliver to: set report.deliver in the config (and notify.urls, for “notify”).",
            Exit.CONFIG,
        )
    with opening(context) as open_account:
        return deliver_now(context.config, store, open_account, week, context.now)


def show(context: Context, outcomes: list[DeliverOutcome]) -> None:
    """A line for each place, with what kept it from getting the report."""
    for outcome in outcomes:
        line = _line(outcome, context)
        reason = f": {outcome.reason}" if outcome.reason and _failed(outcome) else ""
        context.terminal.line(
            Styled(f"Week {outcome.action.week} ", Style.STRONG),
            Styled(line + reason, Style.BAD if _failed(outcome) else Style.PLAIN),
        )


def tell_failures(outcomes: list[DeliverOutcome]) -> None:
    """Where stdout holds the report itself, what failed goes to stderr."""
    for outcome in outcomes:
        if _failed(outcome):
            logging.getLogger(__name__).warning(
                "report %s: %s", _NOT[outcome.action.to], unnamed(outcome.reason)
            )


def documents(outcomes: list[DeliverOutcome]) -> list[dict[str, Any]]:
    return [
        {
            "to": outcome.action.to,
            "week": outcome.action.week,
            "outcome": outcome.result.value,
            "already": outcome.already,
            "reason": outcome.reason or None,
        }
        for outcome in outcomes
    ]


def exit_of(outcomes: list[DeliverOutcome]) -> Exit:
    """77 or 78 where the user must act, 75 where a place failed for now."""
    from daemon.store.heartbeat import Trouble
    from daemon.troubles import exit_code, trouble_of

    return exit_code(trouble_of(o.trouble) or Trouble.LATER for o in outcomes if _failed(o))


def _failed(outcome: DeliverOutcome) -> bool:
    from daemon.apply.actions import Result

    return outcome.result in (Result.PENDING, Result.REFUSED)


def _line(outcome: DeliverOutcome, context: Context) -> str:
    if _failed(outcome):
        return _NOT[outcome.action.to]
    said = (_ALREADY if outcome.already else _DONE)[outcome.action.to]
    return said.format(path=context.paths.reports / f"{outcome.action.week}.html")
