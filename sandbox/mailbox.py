"""Every mail that the real provider would have sent, and whose doing it was.

A person who reschedules in the web app mails the guests, and rightly so (`cause="person"`); a program that
does it on the user's behalf must not (`cause="client"`), which is what `sent_by_clients` is there to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["invite", "update", "cancellation", "response", "share"]
Cause = Literal["client", "person"]


@dataclass(frozen=True, slots=True)
class Notification:
    """One mail to one person. `about` is the id of the event or file; `sender` the address on whose behalf it
    went.
    """

    to: str
    kind: Kind
    about: str
    cause: Cause
    sender: str
    at: datetime


class Mailbox:
    """All mails in the order in which they were sent."""

    def __init__(self) -> None:
        self._sent: list[Notification] = []

    def send(self, notification: Notification) -> None:
        self._sent.append(notification)

    def __iter__(self) -> Iterator[Notification]:
        return iter(list(self._sent))

    def __len__(self) -> int:
        return len(self._sent)

    def sent_by_clients(self) -> list[Notification]:
        """What programs caused. Empty, if nobody was mailed on anyone's behalf."""
        return [mail for mail in self._sent if mail.cause == "client"]

    def to(self, address: str) -> list[Notification]:
        """What one address got."""
        return [mail for mail in self._sent if mail.to == address.lower()]

    def clear(self) -> None:
        self._sent.clear()
