"""The requests about one calendar, as JSON: what is asked of Graph, and nothing of what the answers mean.

Every one asks for immutable ids (an event keeps its id when it is moved to another folder), for UTC and for HTML: the
header holds for one request only (https://learn.microsoft.com/graph/outlook-immutable-id). Marks are extended
properties, shown only where they are asked for: https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get.
"""

from __future__ import annotations

from connectors.errors import Misconfigured, NotFound, TokenExpired, named
from connectors.fields import Json, identifier, rfc3339
from connectors.outlook.failures import BadRequest
from connectors.outlook.listing import Listing
from connectors.outlook.pages import rows
from connectors.outlook.parse import MARK
from connectors.outlook.payloads import KEY, transaction
from connectors.outlook.transport import Call, Graph, segment
from connectors.values import Window

_PAGE = 200
_PREFER = ('outlook.timezone="UTC"', 'IdType="ImmutableId"', 'outlook.body-content-type="html"')
_WITH_MARK = f"singleValueExtendedProperties($filter=id eq '{MARK}')"


class Mailbox:
    """`name` is the calendar as the config names it, `calendar_id` as Graph does; None is the default one."""

    def __init__(self, graph: Graph, name: str, calendar_id: str | None) -> None:
        self._graph = graph
        self._name = name
        self._path = f"/me/calendars/{segment(calendar_id)}" if calendar_id else "/me/calendar"
        self._view = f"{self._path if calendar_id else '/me'}/calendarView"

    @property
    def where(self) -> str:
        """The calendar, for messages."""
        return f"Account {self._graph.settings.name}, calendar {named(self._name)}"

    # --- lists ------------------------------------------------------------------------------------------

    def page(self, link: str | None, window: Window) -> Listing:
        """One page of a round: the first one where there is no link to go on from.

        :raises TokenExpired: the link is no longer good.
        """
        prefer = (*_PREFER, f"odata.maxpagesize={_PAGE}")
        what = "reading the calendar"
        try:
            if link is not None:
                return self._graph.listing(link, what, prefer=prefer)
            query = {"startDateTime": rfc3339(window.start), "endDateTime": rfc3339(window.end)}
            return self._graph.listing(f"{self._view}/delta", what, query, prefer)
        except NotFound:
            raise self._no_such_calendar() from None
        except BadRequest:
            # Graph says 410 to a token that aged, and 400 to one that it does not know.
            if link is not None:
                raise TokenExpired(f"{self.where}: it has to be read in full") from None
            raise

    def instances(self, series_id: str, window: Window) -> list[Json]:
        """All occurrences of a series that touch a window, in full; none where it is gone, or no series any more."""
        query = {"startDateTime": rfc3339(window.start), "endDateTime": rfc3339(window.end)}
        try:
            found = self._all(f"/me/events/{segment(series_id)}/instances", "reading a series", query)
        except (NotFound, BadRequest):
            return []
        return [{"seriesMasterId": series_id, **row} for row in found]

    def in_view(self, window: Window) -> list[Json]:
        """What the calendar shows within a window: ids only."""
        query = {
            "startDateTime": rfc3339(window.start),
            "endDateTime": rfc3339(window.end),
            "$select": "id,iCalUId,changeKey",
        }
        return self._all(self._view, "looking an event up", query)

    def with_ical_uid(self, ical_uid: str) -> list[Json]:
        """The events and series of this calendar with an iCal UID: ids only.

        :raises BadRequest: it can't be asked for.
        """
        quoted = ical_uid.replace("'", "''")
        query = {"$filter": f"iCalUId eq '{quoted}'", "$select": "id"}
        return self._all(f"{self._path}/events", "looking a series up", query)

    def made_with(self, key: str) -> list[Json]:
        """The events of this calendar that were made with a key."""
        wanted = f"ep/id eq '{KEY}' and ep/value eq '{transaction(key)}'"
        query = {"$filter": f"singleValueExtendedProperties/any(ep: {wanted})", "$expand": _WITH_MARK}
        try:
            return self._all(f"{self._path}/events", "looking for an event of prepd's", query)
        except NotFound:
            raise self._no_such_calendar() from None

    # --- single events ----------------------------------------------------------------------------------

    def event(self, event_id: str) -> Json:
        """:raises NotFound: there is none."""
        path = f"/me/events/{segment(event_id)}"
        return self._graph.get(path, "reading an event", {"$expand": _WITH_MARK}, _PREFER)

    master = event
    """A series' own entry is asked for as any event is."""

    def marked(self, raw: Json) -> Json:
        """A listed event with its mark."""
        event_id = identifier(raw.get("id"))
        if event_id is None:
            return raw
        try:
            return self.event(event_id)
        except NotFound:
            return raw

    def create(self, body: Json) -> Json:
        """The transactionId in it makes it safe to be sent again."""
        call = Call("POST", f"{self._path}/events", "making an event", body=body, prefer=_PREFER, safe=True)
        try:
            return self._graph.send(call)
        except NotFound:
            raise self._no_such_calendar() from None

    def change(self, event_id: str, body: Json, etag: str | None) -> Json:
        path = f"/me/events/{segment(event_id)}"
        call = Call("PATCH", path, "changing an event", body=body, prefer=_PREFER, etag=etag, safe=True)
        return self._graph.send(call)

    def delete(self, event_id: str, etag: str | None) -> None:
        path = f"/me/events/{segment(event_id)}"
        self._graph.send(Call("DELETE", path, "deleting an event", prefer=_PREFER, etag=etag, safe=True))

    def _no_such_calendar(self) -> Misconfigured:
        return Misconfigured(
            f"{self.where}: there is no such calendar, or it is not shared with this account. "
            "Check the account's calendars in the config"
        )

    def _all(self, path: str, what: str, query: Json) -> list[Json]:
        """All pages of a list."""
        return [*rows(self._graph, path, what, query, (*_PREFER, f"odata.maxpagesize={_PAGE}"))]
