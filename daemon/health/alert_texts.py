"""What an alert says: what is in trouble, since when, and what to do. No titles, and nobody's address."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import assert_never

from connectors.frozen import dataclass
from daemon.notify import Message
from daemon.render import words
from daemon.store.heartbeat import Alert, Trouble

_ADDRESS = re.compile(r"[^\s\"'<>(),:;]+@[^\s\"'<>(),:;]+")


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is in trouble now. `key` says what, also to people; `reason` is a sentence.

    `account` is empty where it is none: the delivery of the report.
    """

    key: str
    trouble: Trouble
    since: datetime
    reason: str
    account: str = ""


def begins(condition: Condition, zone: tzinfo) -> Message:
    """That it is in trouble."""
    title = f"prepd: {condition.key} {_what(condition)}"
    reason = _ADDRESS.sub("…", condition.reason.strip())
    lines = [
        reason if reason.endswith((".", "!", "…")) else f"{reason}.",
        f"Since {_when(condition.since, zone)}.",
        _remedy(condition),
    ]
    return Message(title, "\n".join(lines))


def ends(key: str, alert: Alert, zone: tzinfo) -> Message:
    """That it is over."""
    since, over = _when(alert.since, zone), _when(alert.over_at or alert.since, zone)
    return Message(f"prepd: {key} is well again", f"In trouble from {since} to {over}. Nothing to do.")


def _when(moment: datetime, zone: tzinfo) -> str:
    return words.moment(moment, zone).replace("  ", " ")


def _what(condition: Condition) -> str:
    if not condition.account:
        return "fails"
    match condition.trouble:
        case Trouble.SIGN_IN:
            return "needs you to sign in"
        case Trouble.SET_UP:
            return "needs its set-up mended"
        case Trouble.BRAKE:
            return "has stopped to ask"
        case Trouble.LATER:
            return "can't be reached"
        case Trouble.BROKEN:
            return "fails"
        case other:
            assert_never(other)


def _remedy(condition: Condition) -> str:
    if not condition.account:
        return "prepd tries again by itself. `prepd report` shows the report at any time."
    match condition.trouble:
        case Trouble.SIGN_IN:
            return f"What to do: `prepd auth login {condition.account}` on the machine where prepd runs."
        case Trouble.SET_UP:
            return "Until it is mended this account is not read; the others are. `prepd check` tells more."
        case Trouble.BRAKE:
            return "Until then this account waits; the others go on."
        case Trouble.LATER:
            return "Nothing to do yet: prepd tries again by itself. `prepd status` tells how it is."
        case Trouble.BROKEN:
            return "prepd tries again by itself. If it stays so, `prepd status` and the log tell more."
        case other:
            assert_never(other)
