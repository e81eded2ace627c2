"""Real payloads, kept outside the repository: PREPD_CORPUS names the folder, with google/*.json in it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from connectors.google.parse import parse_event
from connectors.values import Event, Skipped, Tombstone

CORPUS = os.environ.get("PREPD_CORPUS", "")
FILES = sorted(Path(CORPUS, "google").glob("*.json")) if CORPUS else []

# What no reading can make sense of, by file.
UNREADABLE = {
    "google_task_shown_as_focus_time",
    "malformed_date_holds_a_datetime",
    "malformed_start_without_date_and_datetime",
    "two_guests_organizer_not_listed_and_misspelt_cancel",
    "year_zero_dates_minimal_event",
}


def entries(payload):
    if isinstance(payload, list):
        return payload
    return payload.get("items", [] if payload.get("kind") == "calendar#events" else [payload])


@pytest.mark.skipif(not FILES, reason="PREPD_CORPUS is not set, or holds no google/*.json")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_payload_is_read(path):
    for listed in (True, False):
        for entry in entries(json.loads(path.read_text("utf-8"))):
            item = parse_event(entry, listed=listed)
            if isinstance(item, Skipped):
                assert path.stem in UNREADABLE
            else:
                assert isinstance(item, (Event, Tombstone)) or (listed and item is None)
