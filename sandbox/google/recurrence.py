"""When the instances of a series are: RRULE, RDATE and EXDATE, counted in the series' own time zone.

A weekly meeting at nine stays at nine when the clocks change, so its rule runs over local times, and only the
result becomes UTC. Source: RFC 5545, and the Calendar guide "Recurring events".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

from sandbox.google import times
from sandbox.google.errors import bad_request
from sandbox.google.times import Time

MOST_INSTANCES = 730
"""A series without an end is cut here: real ones gave about 700 instances for a weekly one, years ahead."""


def validate(lines: list[str], start: Time) -> None:
    """Raises ApiError (400) on rules that can't be read."""
    if not lines:
        raise bad_request("Invalid recurrence rule.", "invalid")
    for line in lines:
        if not re.match(r"(RRULE|EXRULE|RDATE|EXDATE)[:;]", line):
            raise bad_request("Invalid recurrence rule.", "invalid")
    try:
        next(iter(_rules(lines, start)), None)
    except (ValueError, TypeError, KeyError):
        raise bad_request("Invalid recurrence rule.", "invalid") from None


def starts(master: dict[str, Any], until: datetime | None = None) -> Iterator[Time]:
    """The kept start times of a series, in order, up to an instant (exclusive) or MOST_INSTANCES."""
    start: Time = master["start"]
    for moment in islice(iter(_rules(master["recurrence"], start)), MOST_INSTANCES):
        if "date" in start:
            yield {"date": moment.date().isoformat()}
            continue
        in_utc = moment.replace(tzinfo=ZoneInfo(start["timeZone"])).astimezone(UTC)
        if until and in_utc >= until:
            return
        yield {"dateTime": in_utc.isoformat(), "timeZone": start["timeZone"]}


def cut(lines: list[str], before: Time) -> list[str]:
    """The rules of a series that ends before a start: what "this and following" leaves of the old one."""
    if "date" in before:
        last = date.fromisoformat(before["date"]).toordinal() - 1
        until = date.fromordinal(last).strftime("%Y%m%d")
    else:
        midnight = datetime.fromisoformat(before["dateTime"]).astimezone(ZoneInfo(before["timeZone"])).date()
        local = datetime.combine(midnight, time(), ZoneInfo(before["timeZone"])).astimezone(UTC)
        # Clients write the last second of the day before, in UTC.
        until = datetime.fromtimestamp(local.timestamp() - 1, UTC).strftime("%Y%m%dT%H%M%SZ")
    ended = []
    for line in lines:
        unended = re.sub(r";?(UNTIL|COUNT)=[^;]*", "", line)
        ended.append(f"{unended};UNTIL={until}" if line.startswith("RRULE") else line)
    return ended


def _rules(lines: list[str], start: Time) -> rruleset:
    if "date" in start:
        first, zone = datetime.fromisoformat(start["date"]), None
    else:
        zone = ZoneInfo(start["timeZone"])
        first = datetime.fromisoformat(start["dateTime"]).astimezone(zone).replace(tzinfo=None)
    rules = rruleset()
    for line in lines:
        head, _, value = line.partition(":")
        match head.partition(";")[0]:
            case "RRULE":
                rules.rrule(rrulestr(_local_until(value, zone), dtstart=first))  # type: ignore[arg-type]
            case "EXRULE":
                rules.exrule(rrulestr(_local_until(value, zone), dtstart=first))  # type: ignore[arg-type]
            case "EXDATE":
                for each in value.split(","):
                    rules.exdate(_local(each, zone, head, first))
            case "RDATE":
                for each in value.split(","):
                    rules.rdate(_local(each, zone, head, first))
    if not any(line.startswith("RRULE") for line in lines):
        rules.rdate(first)
    return rules


def _local_until(rule: str, zone: ZoneInfo | None) -> str:
    """The rule with its UNTIL in local time, for one that counts local times."""
    match = re.search(r"UNTIL=(\w+)", rule)
    if not match:
        return rule
    text = match[1]
    day = len(text) == 8
    local = _parsed(text + "T235959", "%Y%m%dT%H%M%S") if day else _stamped(text, zone)
    return rule.replace(match[0], f"UNTIL={local:%Y%m%dT%H%M%S}")


def _local(text: str, zone: ZoneInfo | None, head: str, first: datetime) -> datetime:
    if len(text) == 8:
        return datetime.combine(_parsed(text, "%Y%m%d").date(), first.time())
    own = re.search(r"TZID=([^;:]+)", head)
    if own and zone and not text.endswith("Z"):
        moment = _parsed(text, "%Y%m%dT%H%M%S").replace(tzinfo=times.zone(own[1]))
        return moment.astimezone(zone).replace(tzinfo=None)
    return _stamped(text, zone)


def _stamped(text: str, zone: ZoneInfo | None) -> datetime:
    moment = _parsed(text.removesuffix("Z"), "%Y%m%dT%H%M%S")
    if text.endswith("Z") and zone:
        return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return moment


def _parsed(text: str, form: str) -> datetime:
    """A local time: rules count without a zone."""
    return datetime.strptime(text, form)  # noqa: DTZ007 - on purpose, see above
