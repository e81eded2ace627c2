"""What a request asks for by its headers: `Prefer` (RFC 7240), as Outlook understands it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sandbox.exchange import Request
from sandbox.microsoft import times


@dataclass(frozen=True, slots=True)
class Prefer:
    """Holds for one request."""

    zone: str = "UTC"
    immutable: bool = False
    page_size: int | None = None
    body: Literal["html", "text"] = "html"
    applied: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Preference-Applied": self.applied} if self.applied else {}


def read(request: Request) -> Prefer:
    """The preferences of a request. Raises GraphError (400) for a zone that is none."""
    text = request.headers.get("prefer", "")
    given = {
        name.lower(): (quoted or bare)
        for name, quoted, bare in re.findall(r'([\w.-]+)\s*=\s*(?:"([^"]*)"|([^,;\s]*))', text)
    }
    zone = given.get("outlook.timezone", "UTC")
    times.zone(zone)
    size = given.get("odata.maxpagesize", "")
    applied = [part.strip() for part in text.split(",") if part.strip()]
    return Prefer(
        zone,
        given.get("idtype", "").lower() == "immutableid",
        int(size) if size.isdigit() and int(size) > 0 else None,
        "text" if given.get("outlook.body-content-type") == "text" else "html",
        ", ".join(applied),
    )
