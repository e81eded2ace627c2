"""One calendar at Google: what it holds, and the few things that prepd does to it.

What the answers mean, and what follows from them; how Google is asked is said in `entries`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from connectors.errors import AlreadyDeleted, BadAnswer, Conflict, NotFound, Refused
from connectors.google import attachments, bodies
from connectors.google.entries import Entries
from connectors.google.parse import mark_of, parse_event
from connectors.google.series import series_of
from connectors.google.transport import Services
from connectors.values import Draft, Edit, Event, Item, Link, Page, Series, Skipped, Tombstone, Window

_TRIES = 3


class GoogleCalendar:
    """`name` is the calendar as the config names it, `calendar_id` as Google does."""

    def __init__(self, services: Services, name: str, calendar_id: str) -> None:
        self._name = name
        self._entries = Entries(services, name, calendar_id)

    @property
    def id(self) -> str:
        return self._name

    # --- reading ----------------------------------------------------------------------------------------

    def pages(self, window: Window, token: str | None) -> Iterator[Page]:
        return map(_page, self._entries.pages(window, token))

    def get(self, event_id: str) -> Item:
        return self._item(self._entries.read(event_id))

    def series(self, series_id: str) -> Series:
        try:
            return series_of(series_id, self._entries.read(series_id))
        except NotFound:
            return Series(series_id, live=False)

    # --- what prepd made --------------------------------------------------------------------------------

    def insert(self, draft: Draft, key: str) -> Event:
        event_id = event_id_for(key)
        try:
            return self._event(self._entries.insert(bodies.new_event(event_id, draft)))
        except Conflict:
            return self._made_before(event_id)

    def edit(self, event_id: str, edit: Edit, etag: str | None) -> Event:
        known = etag or self._etag_of_ours(event_id)
        try:
            raw = self._entries.patch(event_id, bodies.changes(edit), known)
        except Conflict:
            # The first answer may have been lost, and the repeat met our own change.
            raw = self._entries.read(event_id)
            if not bodies.holds(raw, edit):
                raise
        return self._live(raw)

    def delete(self, event_id: str, etag: str | None) -> None:
        try:
            self._entries.delete(event_id, etag or self._etag_of_ours(event_id))
        except NotFound:
            return
        except Conflict:
            if not self._is_gone(event_id):
                raise

    # --- what others made: only links are added and taken off -------------------------------------------

    def attach(self, event_id: str, link: Link) -> Event:
        for _ in range(_TRIES):
            raw = self._entries.read(event_id)
            event = self._live(raw)
            if attachments.present(raw, link.url):
                return event
            wanted = attachments.with_link(raw, link)
            if wanted is None:
                raise Refused(f"{self._where}: the event has as many attachments as Google allows (25)")
            changed = self._with_attachments(event, wanted)
            if changed is not None:
                if not attachments.present(changed, link.url):
                    raise Refused(f"{self._where}: Google took the link and did not keep it")
                return self._live(changed)
        raise self._kept_changing()

    def detach(self, event_id: str, url: str) -> Event:
        for _ in range(_TRIES):
            raw = self._entries.read(event_id)
            event = self._live(raw)
            wanted = attachments.without_link(raw, url)
            if wanted is None:
                return event
            changed = self._with_attachments(event, wanted)
            if changed is not None:
                if url in self._live(changed).links:
                    raise Refused(f"{self._where}: Google did not take the link off")
                return self._live(changed)
        raise self._kept_changing()

    def _with_attachments(self, event: Event, wanted: attachments.Attachments) -> dict[str, Any] | None:
        """The event with these attachments; None where it changed meanwhile."""
        try:
            return self._entries.patch(event.id, {"attachments": wanted}, event.etag)
        except Conflict:
            return None

    # --- what an answer means ---------------------------------------------------------------------------

    @property
    def _where(self) -> str:
        return self._entries.where

    def _item(self, raw: dict[str, Any]) -> Item:
        parsed = parse_event(raw, listed=False)
        if parsed is None or isinstance(parsed, Skipped):
            reason = parsed.reason if parsed else "it is no event"
            raise BadAnswer(f"{self._where}: an event can't be read: {reason}")
        return parsed

    def _event(self, raw: dict[str, Any]) -> Event:
        item = self._item(raw)
        if isinstance(item, Tombstone):
            raise NotFound(f"{self._where}: the event is gone")
        return item

    def _live(self, raw: dict[str, Any]) -> Event:
        if raw.get("status") == "cancelled":
            raise NotFound(f"{self._where}: the event is cancelled")
        return self._event(raw)

    def _is_gone(self, event_id: str) -> bool:
        try:
            return self._entries.read(event_id).get("status") == "cancelled"
        except NotFound:
            return True

    def _made_before(self, event_id: str) -> Event:
        """The event that has our id already."""
        try:
            raw = self._entries.read(event_id)
        except NotFound:
            raw = {"status": "cancelled"}
        if raw.get("status") == "cancelled":
            raise AlreadyDeleted(f"{self._where}: the event was made once, and deleted since")
        if mark_of(raw) is None:
            raise Refused(f"{self._where}: the event that was made once no longer bears prepd's mark")
        return self._event(raw)

    def _etag_of_ours(self, event_id: str) -> str:
        """For a caller without an etag: looked up, and not without a look at whose event it is."""
        raw = self._entries.read(event_id)
        event = self._live(raw)
        if event.mark is None:
            raise Refused(f"{self._where}: the event was not made by prepd")
        return event.etag or "*"

    def _kept_changing(self) -> Conflict:
        return Conflict(f"{self._where}: the event kept changing while its links were")


def event_id_for(key: str) -> str:
    """Google's ids are 5 to 1024 of a-v and 0-9; a deleted one stays taken, so the key counts generations.

    https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
    """
    digest = hashlib.sha256(key.encode("utf-8")).digest()
    return base64.b32hexencode(digest).decode("ascii").rstrip("=").lower()


def _page(answer: dict[str, Any]) -> Page:
    entries = answer.get("items")
    if entries is not None and not isinstance(entries, list):
        raise BadAnswer("Google's list of events is no list")
    zone = answer.get("timeZone")
    zone = zone if isinstance(zone, str) else ""
    items: list[Item] = []
    skipped: list[Skipped] = []
    for entry in entries or ():
        parsed = parse_event(entry, zone)
        if isinstance(parsed, Skipped):
            skipped.append(parsed)
        elif parsed is not None:
            items.append(parsed)
    token = None if answer.get("nextPageToken") else answer.get("nextSyncToken")
    return Page(tuple(items), tuple(skipped), token if isinstance(token, str) and token else None)
