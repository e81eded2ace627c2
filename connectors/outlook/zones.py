"""Time zones as Microsoft writes them: Windows names, IANA names, and `tzone://` addresses.

Everything is asked for in UTC; servers and old events answer in their own zones all the same.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

_UTC = {"", "utc", "gmt", "etc/utc", "etc/gmt", "tzone://microsoft/utc", "coordinated universal time"}
_WINDOWS = {name.casefold(): iana for name, iana in win_tz.items()}


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo | None:
    """The zone of that name; UTC for no name, since that is what was asked for. None where nobody can tell.

    `tzone://Microsoft/Custom` is a zone whose rules Graph keeps to itself.
    """
    folded = name.strip().casefold()
    if folded in _UTC:
        return UTC
    try:
        return ZoneInfo(_WINDOWS.get(folded, name.strip()))
    except (ValueError, OSError, LookupError):
        return None
