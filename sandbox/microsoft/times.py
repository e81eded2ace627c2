"""Times as Outlook has them: local, without an offset, beside the name of a zone (Windows' or IANA's).

Kept in UTC inside the sandbox. The table names the zones that real payloads use most; source: the Unicode CLDR's
`windowsZones`, territory 001.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.microsoft.errors import GraphError, bad_body

NEVER = "0001-01-01T00:00:00Z"

WINDOWS = {
    "Hawaiian Standard Time": "Pacific/Honolulu",
    "Pacific Standard Time": "America/Los_Angeles",
    "US Mountain Standard Time": "America/Phoenix",
    "Mountain Standard Time": "America/Denver",
    "Central Standard Time": "America/Chicago",
    "Eastern Standard Time": "America/New_York",
    "Atlantic Standard Time": "America/Halifax",
    "E. South America Standard Time": "America/Sao_Paulo",
    "GMT Standard Time": "Europe/London",
    "Greenwich Standard Time": "Atlantic/Reykjavik",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "Central Europe Standard Time": "Europe/Budapest",
    "Central European Standard Time": "Europe/Warsaw",
    "GTB Standard Time": "Europe/Bucharest",
    "FLE Standard Time": "Europe/Kiev",
    "Israel Standard Time": "Asia/Jerusalem",
    "South Africa Standard Time": "Africa/Johannesburg",
    "Turkey Standard Time": "Europe/Istanbul",
    "Arabian Standard Time": "Asia/Dubai",
    "India Standard Time": "Asia/Calcutta",
    "SE Asia Standard Time": "Asia/Bangkok",
    "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "New Zealand Standard Time": "Pacific/Auckland",
    "UTC": "UTC",
}
_CUSTOM = "tzone://Microsoft/"


def zone(name: str) -> ZoneInfo:
    """The zone of a Windows or IANA name. Raises GraphError (400)."""
    if name.startswith(_CUSTOM):
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(WINDOWS.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
        raise GraphError(400, "TimeZoneNotSupportedException", message) from None


def accept(value: dict[str, Any]) -> tuple[datetime, str]:
    """A dateTimeTimeZone as sent: the instant in UTC, and the zone's name. Raises GraphError (400)."""
    name = value.get("timeZone") or "UTC"
    where = zone(name)
    moment = parse(value.get("dateTime") or "")
    local = moment.replace(tzinfo=where) if moment.tzinfo is None else moment
    return local.astimezone(UTC), name


def parse(text: str) -> datetime:
    """An ISO time with up to seven digits of a second, with or without offset. Raises GraphError (400)."""
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        raise bad_body(
            f"Cannot convert the literal '{text}' to the expected type 'Edm.DateTimeOffset'."
        ) from None


def shown(moment: datetime, name: str) -> dict[str, str]:
    """A dateTimeTimeZone in a zone."""
    local = moment.astimezone(zone(name)).replace(tzinfo=None)
    return {"dateTime": local.isoformat(timespec="microseconds") + "0", "timeZone": name}


def span(start: date | datetime, minutes: float, name: str | None, own_zone: str) -> dict[str, Any]:
    """Start and end as sent, from Python's start: whole days for a date. Without any zone it is the own one."""
    if not isinstance(start, datetime):
        zone_name = name or own_zone
        ends = start + timedelta(days=max(round(minutes / 1440), 1))
        return {
            "start": {"dateTime": f"{start}T00:00:00", "timeZone": zone_name},
            "end": {"dateTime": f"{ends}T00:00:00", "timeZone": zone_name},
            "isAllDay": True,
        }
    if start.tzinfo is None:
        start = start.replace(tzinfo=ZoneInfo(own_zone))
    zone_name = name or getattr(start.tzinfo, "key", None) or own_zone
    end = start.astimezone(UTC) + timedelta(minutes=minutes)
    return {"start": shown(start, zone_name), "end": shown(end, zone_name)}


def stamp(moment: datetime) -> str:
    """A DateTimeOffset in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "0Z"


def seconds(moment: datetime) -> str:
    """The same in whole seconds, as OneDrive and `originalStart` have it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def query(text: str, name: str) -> datetime:
    """A time of a query parameter; without an offset it is UTC. Raises GraphError (400)."""
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.replace(" ", "+")))
    except ValueError:
        raise GraphError(
            400, "ErrorInvalidParameter", f"The value '{text}' of parameter '{name}' is invalid."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day(moment: datetime, name: str) -> date:
    """The date of an instant in a zone."""
    return moment.astimezone(zone(name)).date()
