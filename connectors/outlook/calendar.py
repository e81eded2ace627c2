"""One calendar at Outlook: what it holds, and the few things that prepd does to it.

Nobody is mailed: what prepd makes has no guests, and of what others made only the user's own copy is changed. A change
to an event that the user organizes does mail its guests (Graph has no way round that): whoever calls `attach` on one
has decided that it may.

Graph's If-Match may fail without reason (412 "at times") and may be ignored, so an event is read before it is
changed, and whether it is as it was is decided here. An event in Deleted Items may still be answered by its immutable
id, so one counts as there only if its calendar shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from connectors.errors import AlreadyDeleted, BadAnswer, Conflict, NotFound, Refused
from connectors.fields import Json, identifier
from connectors.outlook import body, payloads
from connectors.outlook.failures import BadRequest
from connectors.outlook.mailbox import Mailbox
from connectors.outlook.parse import etag_of, is_cancelled, mark_of, parse_event
from connectors.outlook.people import viewer_of
from connectors.outlook.rounds import Round, bookmark
from connectors.outlook.series import series_of
from connectors.values import (
    Draft,
    Edit,
    Event,
    Item,
    Link,
    Page,
    Response,
    Series,
    Skipped,
    Tombstone,
    Window,
)

_TRIES = 3
_MOMENT = timedelta(minutes=1)  # a view without length shows nothing, and some events have none


class OutlookCalendar:
    """`addresses` are the user's, lower-case; `own` says that the calendar is theirs and not somebody else's."""

    def __init__(self, mailbox: Mailbox, name: str, addresses: frozenset[str], *, own: bool = True) -> None:
        self._mailbox = mailbox
        self._name = name
        self._addresses = addresses
        self._own = own

    @property
    def id(self) -> str:
        return self._name

    # --- reading ----------------------------------------------------------------------------------------

    def pages(self, window: Window, token: str | None) -> Iterator[Page]:
        mark = bookmark(token, window) if token is not None else None
        within, link = (mark.window, mark.link) if mark else (window, None)
        return Round(self._mailbox, self._addresses, self._own, within, link).pages()

    def get(self, event_id: str) -> Item:
        raw = self._mailbox.event(event_id)
        item = self._item(raw)
        # What the user declined is in Deleted Items as a rule: there it still tells whose doing that was.
        declined = isinstance(item, Event) and item.my_response is Response.DECLINED
        if not declined and not is_cancelled(raw) and not self._is_there(raw):
            raise self._gone()
        return item

    def series(self, series_id: str) -> Series:
        try:
            raw = self._mailbox.master(series_id)
        except NotFound:
            return Series(series_id, live=False)
        found = series_of(series_id, raw)
        return found if found.live and self._is_listed(raw) else Series(series_id, live=False)

    # --- what prepd made --------------------------------------------------------------------------------

    def insert(self, draft: Draft, key: str) -> Event:
        # How long Outlook remembers a transactionId is not known: the event itself is looked for first.
        found = self._made_before(key)
        if found is not None:
            return found
        try:
            raw = self._mailbox.create(payloads.new_event(draft, key))
        except Conflict:
            found = self._made_before(key)
            if found is None:
                raise AlreadyDeleted(
                    f"{self._mailbox.where}: the event was made once, and deleted since"
                ) from None
            return found
        return replace(self._event(raw), mark=draft.mark)

    def edit(self, event_id: str, edit: Edit, etag: str | None) -> Event:
        for _ in range(_TRIES):
            raw = self._live(event_id)
            if payloads.holds(raw, edit):
                # The answer to an earlier try was lost.
                return self._event(raw)
            self._check_ours(raw, etag)
            try:
                changed = self._mailbox.change(event_id, payloads.changes(edit), etag_of(raw))
            except Conflict:
                continue
            return replace(self._event(changed), mark=edit.mark)
        raise self._changed()

    def delete(self, event_id: str, etag: str | None) -> None:
        for _ in range(_TRIES):
            try:
                raw = self._live(event_id)
            except NotFound:
                return
            self._check_ours(raw, etag)
            try:
                self._mailbox.delete(event_id, etag_of(raw))
            except (Conflict, NotFound):
                # It changed this very moment, or an answer was lost: looked at again.
                continue
            return
        raise self._changed()

    # --- what others made: only our link is added and taken off -----------------------------------------

    def attach(self, event_id: str, link: Link) -> Event:
        self._check_own()
        for _ in range(_TRIES):
            raw = self._live(event_id)
            content, form = payloads.body_of(raw)
            if link.url in body.links(content, form):
                return self._event(raw)
            changed = self._with_body(raw, body.with_block(content, form, link), form)
            if changed is not None:
                event = self._event(changed)
                if link.url not in event.links and not body.has_block(*payloads.body_of(changed)):
                    raise Refused(f"{self._mailbox.where}: Outlook took the link and did not keep it")
                return event
        raise self._kept_changing()

    def detach(self, event_id: str, url: str) -> Event:
        self._check_own()
        for _ in range(_TRIES):
            raw = self._live(event_id)
            content, form = payloads.body_of(raw)
            if url not in body.links(content, form):
                return self._event(raw)
            changed = self._with_body(raw, body.without_link(content, form, url), form)
            if changed is not None:
                event = self._event(changed)
                if url in event.links:
                    raise Refused(f"{self._mailbox.where}: Outlook did not take the link off")
                return event
        raise self._kept_changing()

    def _check_own(self) -> None:
        """:raises Refused: what stands there is somebody else's copy, and may be the organizer's: that one mails."""
        if not self._own:
            raise Refused(
                f"{self._mailbox.where}: the calendar is somebody else's, and so are its invitations"
            )

    def _with_body(self, raw: Json, content: str, form: str) -> Json | None:
        """The event with another body; None where it changed meanwhile."""
        try:
            return self._mailbox.change(
                raw["id"], {"body": {"contentType": form, "content": content}}, etag_of(raw)
            )
        except Conflict:
            return None

    # --- what an answer means ---------------------------------------------------------------------------

    def _item(self, raw: Json) -> Item:
        viewer = viewer_of(self._addresses, raw.get("@odata.context"), own=self._own)
        parsed = parse_event(raw, viewer, listed=False)
        if parsed is None or isinstance(parsed, Skipped):
            reason = parsed.reason if parsed else "it is no event"
            raise BadAnswer(f"{self._mailbox.where}: an event can't be read: {reason}")
        return parsed

    def _event(self, raw: Json) -> Event:
        item = self._item(raw)
        if isinstance(item, Tombstone):
            raise self._gone()
        return item

    def _live(self, event_id: str) -> Json:
        """An event that is on the calendar and not cancelled, as it is now."""
        raw = self._mailbox.event(event_id)
        if is_cancelled(raw) or not self._is_there(raw):
            raise self._gone()
        return raw

    def _is_there(self, raw: Json) -> bool:
        """Whether the calendar shows an event that Graph knows. By any of its names: to err would cancel it."""
        item = self._item(raw)
        if isinstance(item, Tombstone):
            return False
        names = _names(raw)
        shown = self._mailbox.in_view(Window(item.start, max(item.end, item.start + _MOMENT)))
        return any(names & _names(row) for row in shown)

    def _is_listed(self, raw: Json) -> bool:
        """The same for a series, which no view shows."""
        ical_uid = identifier(raw.get("iCalUId"))
        if ical_uid is None:
            return True
        try:
            return bool(self._mailbox.with_ical_uid(ical_uid))
        except BadRequest:
            return True

    def _check_ours(self, raw: Json, etag: str | None) -> None:
        """:raises Refused: prepd did not make it. :raises Conflict: it is no longer as it was at `etag`."""
        if mark_of(raw) is None:
            raise Refused(f"{self._mailbox.where}: the event was not made by prepd")
        if not payloads.is_at(raw, etag):
            raise self._changed()

    def _made_before(self, key: str) -> Event | None:
        """The event that was made with this key, if the calendar has it."""
        try:
            found = self._mailbox.made_with(key)
        except BadRequest:
            return None
        events = [self._event(raw) for raw in found if not is_cancelled(raw)]
        return events[0] if events else None

    def _gone(self) -> NotFound:
        return NotFound(f"{self._mailbox.where}: the event is gone")

    def _changed(self) -> Conflict:
        return Conflict(f"{self._mailbox.where}: the event is not as it was when it was read")

    def _kept_changing(self) -> Conflict:
        return Conflict(f"{self._mailbox.where}: the event kept changing while its link was")


def _names(raw: Json) -> set[str]:
    names = {identifier(raw.get(key)) for key in ("id", "iCalUId", "changeKey")}
    return {name for name in names if name is not None}
