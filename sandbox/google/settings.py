"""The switches: where the real Google's behaviour is not known, or differs, each answer can be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Settings:
    """Set at any time; the next request goes by it."""

    guest_edits: Literal["own_copy", "forbidden"] = "own_copy"
    """A guest patches shared properties: kept on their copy alone, or 403 forbiddenForNonOrganizer (guides
    disagree).
    """

    guest_attachments: Literal["own_copy", "forbidden"] = "own_copy"
    """The same for attachments."""

    organizer_update_resets_guest_copy: bool = True
    """Whether an update by the organizer resets what a guest changed on their copy, or only what was updated.
    """

    cancelled_details: Literal["kept", "bare"] = "kept"
    """Whether a cancelled event is still shown with its details, or with nothing but id and status."""

    incremental_cancelled: Literal["bare", "full"] = "bare"
    """Tombstones of an incremental list: ids alone, or as `cancelled_details` says."""

    token_window: Literal["persists", "ignored"] = "persists"
    """Whether the timeMin and timeMax of the first list bound the incremental ones."""

    moved_out_of_window: Literal["shown", "tombstone", "silent"] = "shown"
    """With `token_window = "persists"`: what an incremental list says of an event that left the window."""

    deleted_can_be_revived: bool = False
    """Whether patching a deleted event with status=confirmed brings it back, or is 403."""

    page_size: int | None = None
    """No page of events is longer than this, whatever maxResults asks for."""

    empty_pages: int = 0
    """So many empty pages, each with a nextPageToken, come before the first one of events."""

    search_lag: int = 0
    """For so many calls of files.list a new file isn't found."""

    tokens_expire: bool = False
    """Whether access tokens expire by the sandbox's clock. Off, because tests jump by days."""
