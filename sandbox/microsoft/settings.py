"""The switches: where the real Microsoft's behaviour is not known, or differs, each answer can be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Settings:
    """Set at any time; the next request goes by it."""

    # --- what a delta tells ---
    masters_in_delta: bool = True
    """Whether a round has rows for series masters, or only for their occurrences (both are seen)."""

    false_removed: bool = True
    """Whether an event outside the window that was merely made or changed is reported as @removed (documented, and
    issues 4659 and 6599 of microsoft-graph-docs).
    """

    deleted_occurrence: Literal["silent", "series_resent", "removed"] = "silent"
    """What a round says of a deleted occurrence: nothing (pull request 4501 of microsoft-graph-docs), the series again
    without it, or @removed.
    """

    deleted_series: Literal["all", "master", "occurrences"] = "all"
    """Which ids are @removed when a series goes."""

    exception_resends_series: bool = True
    """Whether a changed occurrence brings the whole series again, or only itself (the former: issue 6353 of
    microsoft-graph-docs).
    """

    delta_lag: int = 0
    """So many delta rounds after a change don't see it yet."""

    delta_repeats: bool = False
    """Whether every page opens with the last row of the page before, and a round ends with its first row again."""

    empty_pages: int = 0
    """So many empty pages, each with a nextLink, come before the first rows of a round."""

    page_size: int | None = None
    """No page is longer than this, whatever is asked for."""

    # --- ids ---
    exception_id: Literal["kept", "new"] = "kept"
    """Whether an occurrence that is moved or changed for the first time keeps its id."""

    occurrence_ical_uid: Literal["differs", "same"] = "differs"
    """Whether each occurrence has an iCalUId of its own, or all have that of their series."""

    ids_of_either_kind: bool = True
    """Whether an id of the kind that the request did not ask for is understood, or 404."""

    # --- writing ---
    repeated_transaction: Literal["first_event", "conflict"] = "first_event"
    """A POST with a transactionId that was used before: answered with the first event, or 409."""

    transaction_after_delete: Literal["new", "conflict"] = "new"
    """The same when that first event was deleted since: another event, or 409."""

    if_match: Literal["holds", "ignored"] = "holds"
    """Whether If-Match on an event is respected."""

    html: Literal["stripped", "renamed", "kept"] = "stripped"
    """Comments, ids and unknown attributes of a body on the way in: taken out, ids renamed to x_…, or left alone."""

    own_fields_mail: bool = False
    """Whether an organizer's change of nothing but categories, reminder, showAs or extended data mails too."""

    # --- between organizer and attendees ---
    update_replaces_body: bool = True
    """Whether any update by the organizer replaces an attendee's body, or only one that changed the body."""

    responses_reset: bool = True
    """Whether a new time takes back the attendees' responses."""

    update_revives_deleted: bool = True
    """Whether an update brings back a copy that its owner had deleted (as another item)."""

    declined_stays: bool = False
    """Whether a meeting that was declined stays on the calendar, or goes to Deleted Items."""

    attendee_delete: Literal["silent", "declines"] = "silent"
    """An attendee's DELETE of their copy: the organizer learns nothing, or gets a response."""

    cancelled_subject_prefix: str = "Canceled: "
    """What an attendee's copy is called once it was cancelled; depends on the mailbox's language."""

    deleted_items_readable: bool = True
    """Whether an event in Deleted Items still answers a GET by its immutable id."""

    # --- load ---
    most_at_once: int = 4
    """More requests than this at the same time for one mailbox are 429."""

    latency: float = 0.0
    """Real seconds that every Outlook request takes."""

    # --- sign-in ---
    tokens_expire: bool = False
    """Whether access tokens expire by the sandbox's clock. Off, because tests jump by days."""

    refresh_tokens_rotate: bool = True
    """Whether a refresh gives a new refresh token; the one before stays good, as at Entra."""

    admin_consent_error: Literal["AADSTS90094", "AADSTS65001"] = "AADSTS90094"
    """What a tenant that wants an administrator's consent answers at the sign-in page."""

    mfa_error: Literal["interaction_required", "invalid_grant"] = "invalid_grant"
    """The `error` beside AADSTS50076 when a refresh needs a second factor."""

    device_code_blocked: bool = False
    """Whether conditional access refuses the device code flow (AADSTS53003)."""

    device_interval: int = 1
    """Seconds between two polls of the device code flow."""

    device_slow_down: int = 0
    """So many polls are answered slow_down first."""

    # --- OneDrive ---
    locked_error: Literal["resourceLocked", "notAllowed"] = "resourceLocked"
    """The code of a 423 while a file is open in Word."""

    locked_rename: bool = True
    """Whether the lock also refuses renaming and deleting."""

    missing_folders: Literal["made", "not_found"] = "made"
    """An upload to a path whose folders don't exist: they are made, or 404."""
