"""What the config asks to be prepared, as `plan` and `apply` need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta, tzinfo

from connectors.frozen import dataclass
from daemon.core.model import Owner
from daemon.core.texts import SlotWords


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is made for 1:1s that start within `horizon`, and where links go.

    `invite_links` says, for each account, on whose events a link may be put, or taken off. `length` is a slot's;
    it starts at most `look_back` before its 1:1, unless nothing is free.
    """

    zone: tzinfo
    horizon: timedelta
    pages: bool = True
    link_invites: bool = True
    link_slots: bool = True
    slots: bool = True
    length: timedelta = timedelta(minutes=10)
    look_back: timedelta = timedelta(hours=2)
    words: SlotWords = field(default_factory=SlotWords)
    invite_links: Mapping[str, frozenset[Owner]] = field(default_factory=dict)
