"""Alerts: who is told that something is in trouble, when it begins and when it is over, and each only once.

What helps only the user (sign-in, a setting, a brake) is told at once. What time may heal is told after an hour of it,
so that a laptop without a network, or one that slept, says nothing. What comes back within an hour after its end was
told has to last an hour too. An alert that can't be sent is tried again, ever more seldom; nothing waits for it.

What was told stands in the heartbeat, written before and after each message: a process that ends in between sends it
again after a minute, and one that can't write it down sends none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from connectors.errors import unnamed
from connectors.frozen import dataclass
from daemon.config import Config
from daemon.health.alert_texts import Condition, begins, ends
from daemon.notify import NotSent, send
from daemon.paths import Paths
from daemon.store.heartbeat import Alert, Heartbeat, Trouble, account_key, read_heartbeat, write_heartbeat

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=1)
"""How long trouble that time may heal lasts before it is told."""
_LONGEST_STEP = timedelta(minutes=30)
"""A longer time between two looks counts as this: the machine slept, and nobody knows how the account was."""
_BETWEEN = timedelta(minutes=5)
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)
_URGENT = (Trouble.SIGN_IN, Trouble.SET_UP, Trouble.BRAKE)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message that is due: the beginning of a trouble, or (without a condition) its end.

    `key` is what is in trouble, as people call it.
    """

    key: str
    condition: Condition | None


def conditions(beat: Heartbeat, config: Config) -> list[Condition]:
    """What is in trouble, by the last heartbeat."""
    found = []
    for options in config.account:
        pulse = beat.accounts.get(options.name)
        if pulse is not None and pulse.trouble is not None and pulse.failing_since is not None:
            reason = pulse.error or "It failed."
            key = account_key(options.name)
            found.append(Condition(key, pulse.trouble, pulse.failing_since, reason, options.name))
    for place, failing in beat.undelivered.items():
        found.append(Condition(_delivery_key(place), Trouble.BROKEN, failing.since, failing.error))
    return found


def still_wanted(alerts: Mapping[str, Alert], config: Config) -> dict[str, Alert]:
    """Without those of what the config no longer has: nobody knows whether it is well again."""
    keys = {account_key(options.name) for options in config.account}
    keys |= {_delivery_key(to.value) for to in config.report.deliver}
    return {key: alert for key, alert in alerts.items() if key in keys}


def _delivery_key(place: str) -> str:
    return f"the report's delivery ({place})"


def followed(
    alerts: Mapping[str, Alert], found: Iterable[Condition], now: datetime, before: datetime | None
) -> dict[str, Alert]:
    """The alerts after another look; `before` is when the last one was."""
    step = min(max(now - before, timedelta(0)), _LONGEST_STEP) if before else timedelta(0)
    lasting = {c.key: c for c in found}
    after = {key: _lasts(alerts.get(key), c, step) for key, c in lasting.items()}
    for key, alert in alerts.items():
        if key not in lasting and (kept := _over(alert, now)) is not None:
            after[key] = kept
    return after


def _lasts(alert: Alert | None, found: Condition, step: timedelta) -> Alert:
    urgent = found.trouble in _URGENT
    if alert is None or alert.ended_at is not None:
        return Alert(found.since, urgent, calm_since=alert.ended_at if alert else None)
    if alert.over_at is not None:
        # It came back before its end was told: to the user it never was over.
        return replace(_anew(alert), urgent=urgent, lasted=0.0, over_at=None)
    lasted = alert.lasted + step.total_seconds() if urgent is alert.urgent else 0.0
    return replace(alert, urgent=urgent, lasted=lasted)


def _over(alert: Alert, now: datetime) -> Alert | None:
    if alert.ended_at is not None:
        return alert if timedelta(0) <= now - alert.ended_at < PATIENCE else None
    if alert.told_at is None:
        return _over(replace(alert, ended_at=alert.calm_since), now) if alert.calm_since else None
    if alert.over_at is None:
        return replace(_anew(alert), over_at=now)
    return alert


def due(alerts: Mapping[str, Alert], found: Iterable[Condition], now: datetime) -> list[Notice]:
    """What is to be told now."""
    lasting = {c.key: c for c in found}
    notices = []
    for key, alert in alerts.items():
        waits = alert.retry_at is not None and timedelta(0) < alert.retry_at - now <= _LAST_RETRY
        condition = lasting.get(key)
        news = _is_news(alert, condition.trouble) if condition else alert.over_at and not alert.ended_at
        if news and not waits:
            notices.append(Notice(key, condition))
    return notices


def _is_news(alert: Alert, trouble: Trouble) -> bool:
    lasts = alert.lasted >= PATIENCE.total_seconds()
    if alert.urgent:
        return trouble not in alert.told and (lasts or alert.calm_since is None)
    # Out of reach or failing: to the user that is one.
    return lasts and not any(told not in _URGENT for told in alert.told)


def tried(alert: Alert, notice: Notice, now: datetime) -> Alert:
    """Before a message is sent: the next try, should this one not succeed."""
    wait = min(_FIRST_RETRY * 2 ** min(alert.tries, 10), _LAST_RETRY)
    about = notice.condition.trouble if notice.condition else None
    taken = alert.taken if alert.telling is about else ()
    return replace(alert, telling=about, taken=taken, tries=alert.tries + 1, retry_at=now + wait)


def sent(alert: Alert, notice: Notice, now: datetime) -> Alert:
    """After everybody took it."""
    calm = _anew(alert)
    if notice.condition is None:
        return replace(calm, ended_at=now)
    return replace(calm, told=(*alert.told, notice.condition.trouble), told_at=alert.told_at or now)


def not_sent(alert: Alert, error: NotSent, now: datetime) -> Alert:
    """After somebody did not."""
    taken = (*alert.taken, *sorted(error.taken))
    return replace(alert, taken=taken, told_at=alert.told_at or (now if taken else None), error=str(error))


def _anew(alert: Alert) -> Alert:
    """For another message."""
    return replace(alert, telling=None, taken=(), tries=0, retry_at=None, error=None)


# --- at the edge ----------------------------------------------------------------------------------------


def alert(config: Config, folder: Path, now: datetime, stopping: Callable[[], bool]) -> None:
    """Looks into the heartbeat, and tells what is to be told. What can't be sent is for another time.

    The caller holds the store's lock. `stopping` is asked before each message.
    """
    beat = read_heartbeat(folder)
    found = conditions(beat, config)
    alerts = followed(still_wanted(beat.alerts, config), found, now, beat.alerts_at)
    beat = replace(beat, alerts=alerts, alerts_at=now)
    for notice in due(alerts, found, now) if config.notify.urls else ():
        if stopping():
            break
        beat = _with(beat, notice, tried(alerts[notice.key], notice, now))
        if not write_heartbeat(folder, beat):
            log.warning("an alert is not sent: that it was could not be written down")
            return
        beat = _with(beat, notice, _tell(config, folder, notice, beat.alerts[notice.key], now))
    write_heartbeat(folder, beat)


def is_time(config: Config, beat: Heartbeat, now: datetime) -> bool:
    """Whether it is time for another look between two cycles: accounts in trouble may wait long for theirs."""
    if beat.alerts_at is None or not (beat.alerts or conditions(beat, config)):
        return False
    return abs(now - beat.alerts_at) >= _BETWEEN


def _with(beat: Heartbeat, notice: Notice, alert: Alert) -> Heartbeat:
    return replace(beat, alerts={**beat.alerts, notice.key: alert})


def _tell(config: Config, folder: Path, notice: Notice, alert: Alert, now: datetime) -> Alert:
    message = (
        begins(notice.condition, config.timezone)
        if notice.condition
        else ends(notice.key, alert, config.timezone)
    )
    try:
        send(config.notify.urls, message, config.network, Paths(folder).cache, alert.taken)
    except NotSent as error:
        if alert.tries == 1:
            log.warning("an alert could not be sent, and is tried again: %s", unnamed(str(error)))
        return not_sent(alert, error, now)
    log.info("alert sent: %s %s", notice.key, "is in trouble" if notice.condition else "is well again")
    return sent(alert, notice, now)
