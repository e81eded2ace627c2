"""The requests about one calendar, as JSON: what is asked of Google, and nothing of what the answers mean.

Two rules hold for every write: `sendUpdates=none`, so that nobody is mailed, and PATCH, never PUT: a PUT sets what it
leaves out to defaults (https://developers.google.com/workspace/calendar/api/guides/errors). Every write may be
repeated: an insert brings its own id, the others say at which etag they hold
(https://developers.google.com/workspace/calendar/api/guides/version-resources).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.errors import Misconfigured, NotFound, TokenExpired, named
from connectors.fields import rfc3339
from connectors.google.failures import BadRequest
from connectors.google.pages import pages
from connectors.google.transport import Services
from connectors.values import Window

Json = dict[str, Any]

_PAGE = 500


class Entries:
    """`name` is the calendar as the config names it, `calendar_id` as Google does."""

    def __init__(self, services: Services, name: str, calendar_id: str) -> None:
        self._services = services
        self._name = name
        self._calendar_id = calendar_id

    @property
    def where(self) -> str:
        """The calendar, for messages."""
        return f"Account {self._services.settings.name}, calendar {named(self._name)}"

    def pages(self, window: Window, token: str | None) -> Iterator[Json]:
        """The list of events: what changed since `token`, or the whole window.

        :raises TokenExpired: the token is no longer good.
        """
        asked = {
            "calendarId": self._calendar_id,
            "singleEvents": True,
            "showDeleted": True,
            "maxResults": _PAGE,
        }
        # A token goes with no window, and with all else as it was at first:
        # https://developers.google.com/workspace/calendar/api/guides/sync
        if token is not None:
            asked |= {"syncToken": token}
        else:
            asked |= {"timeMin": rfc3339(window.start), "timeMax": rfc3339(window.end)}
        try:
            yield from pages(self._services, self._events.list, **asked)
        except BadRequest:
            # Google says 410 to a token that aged, and 400 to one that it does not know.
            if token is not None:
                raise TokenExpired(f"{self.where}: it has to be read in full") from None
            raise
        except NotFound:
            raise self._no_such_calendar() from None

    def read(self, event_id: str) -> Json:
        """:raises NotFound: there is none."""
        request = self._events.get(calendarId=self._calendar_id, eventId=event_id)
        return self._services.execute(request, safe=True)

    def insert(self, body: Json) -> Json:
        """:raises Conflict: the id in it is taken."""
        request = self._events.insert(calendarId=self._calendar_id, body=body, sendUpdates="none")
        try:
            return self._services.execute(request, safe=True)
        except NotFound:
            raise self._no_such_calendar() from None

    def patch(self, event_id: str, body: Json, etag: str | None) -> Json:
        """:raises Conflict: it is no longer as it was at `etag`. :raises NotFound: there is none."""
        request = self._events.patch(
            calendarId=self._calendar_id,
            eventId=event_id,
            body=body,
            sendUpdates="none",
            supportsAttachments=True,
        )
        if etag is not None:
            request.headers["If-Match"] = etag
        return self._services.execute(request, safe=True)

    def delete(self, event_id: str, etag: str) -> None:
        """:raises Conflict: it is no longer as it was at `etag`. :raises NotFound: there is none."""
        request = self._events.delete(calendarId=self._calendar_id, eventId=event_id, sendUpdates="none")
        request.headers["If-Match"] = etag
        self._services.execute(request, safe=True)

    @property
    def _events(self) -> Any:
        return self._services.calendar.events()

    def _no_such_calendar(self) -> Misconfigured:
        return Misconfigured(
            f"{self.where}: there is no such calendar, or it is not shared with this account. "
            "Check the account's calendars in the config"
        )
