"""The one line that `systemctl status` shows: what people must do first, then how things are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from daemon.config import Config
from daemon.core.model import State
from daemon.render import documents, words
from daemon.render.lines import clean
from daemon.store.heartbeat import AccountPulse, Heartbeat, Trouble
from daemon.store.state import State as Stored

_DO = {
    Trouble.SIGN_IN: "sign in again",
    Trouble.SET_UP: "a setting is wrong, see prepd check",
    Trouble.BRAKE: "stopped to ask, see prepd status",
}
_AHEAD = timedelta(days=60)


def status_line(
    config: Config, state: Stored, beat: Heartbeat, now: datetime, *, wrong: str = "", names: bool = True
) -> str:
    """ "work: sign in again · last sync 12:03 · next 1:1 Dana Tue 10:00", in the config's time zone.

    :param wrong: what is wrong with prepd itself. :param names: whether people's names may be shown.
    """
    parts = [wrong] if wrong else []
    parts += _troubles(config, beat, now)
    if state.meta.paused:
        parts.append("paused, prepd resume goes on")
    else:
        parts.append(_last(config, beat, now))
    parts += _next(config, state, now, names=names)
    return " · ".join(parts)


def _troubles(config: Config, beat: Heartbeat, now: datetime) -> Iterator[str]:
    order = list(Trouble)
    pulses = [(a.name, beat.accounts[a.name]) for a in config.account if a.name in beat.accounts]
    ill = [(name, pulse.trouble, pulse) for name, pulse in pulses if pulse.trouble is not None]
    for name, trouble, pulse in sorted(ill, key=lambda entry: order.index(entry[1])):
        yield f"{name}: {_DO.get(trouble) or _since(config, pulse, now)}"


def _since(config: Config, pulse: AccountPulse, now: datetime) -> str:
    said = "can't be served" if pulse.trouble is Trouble.BROKEN else "can't be reached"
    return f"{said} since {_short(pulse.failing_since or now, now, config)}"


def _last(config: Config, beat: Heartbeat, now: datetime) -> str:
    served = [beat.accounts[a.name].last_success for a in config.account if a.name in beat.accounts]
    last = max((at for at in served if at is not None), default=None)
    return f"last sync {_short(last, now, config)}" if last else "no sync yet"


def _next(config: Config, state: Stored, now: datetime, *, names: bool) -> Iterator[str]:
    coming = [
        r for r in documents.upcoming(state, now, now + _AHEAD) if r.start > now and r.state is State.STANDING
    ]
    if coming:
        first = coming[0]
        whose = clean(documents.person_of(config, first.person, first.name).name, 40) + " " if names else ""
        yield f"next 1:1 {whose}{_short(first.start, now, config)}"


def _short(when: datetime, now: datetime, config: Config) -> str:
    """As little as tells it: "12:03" today, "Tue 10:00" within a week, else with its date."""
    zone = config.timezone
    days = (when.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days == 0:
        return words.clock(when, zone)
    full = words.moment(when, zone)
    return f"{full[:3]} {words.clock(when, zone)}" if 0 < days < 7 else full
