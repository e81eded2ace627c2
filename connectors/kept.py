"""The few of these values that prepd keeps on record, apart from the rest: local commands load no others."""

# No `from __future__ import annotations`: msgspec would compile every annotation anew in each process.

from datetime import datetime

from connectors.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of the user's time that is taken, without saying by what."""

    start: datetime
    end: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Notebook:
    """One person's prep doc: a document, or a folder of files. `url` opens it in a browser."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page that exists. `url` opens it in a browser, at its heading where the provider can."""

    key: str
    id: str
    url: str
