"""Real payloads, kept outside the repository: PREPD_CORPUS names the folder of graph/*.json and labels.json."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from connectors.outlook.parse import parse_event
from connectors.outlook.people import viewer_of
from connectors.values import Event, Skipped, Tombstone
from daemon.core.detect import OneOff, Rules, Verdict, label

CORPUS = os.environ.get("PREPD_CORPUS", "")
FILES = sorted(Path(CORPUS, "graph").glob("*.json")) if CORPUS else []

_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")


def entries(payload):
    if isinstance(payload, list):
        return payload, ""
    context = payload.get("@odata.context", "")
    return payload.get("value", [payload]), context


def parsed(path, addresses=frozenset()):
    rows, context = entries(json.loads(path.read_text("utf-8")))
    viewer = viewer_of(addresses, context)
    return [(row, parse_event(row, viewer, listed=False)) for row in rows]


@pytest.mark.skipif(not FILES, reason="PREPD_CORPUS is not set, or holds no graph/*.json")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_payload_is_read(path):
    for _, item in parsed(path):
        assert isinstance(item, (Event, Tombstone, Skipped))
        assert not (isinstance(item, Skipped) and "Error" in item.reason)


def _labelled():
    if not FILES:
        return []
    labels = json.loads(Path(CORPUS, "labels.json").read_text("utf-8"))
    return [
        each for each in labels if each["file"].startswith("graph/") and each["one_on_one"] in ("yes", "no")
    ]


def _whose(case):
    """The user's addresses: nobody's where the calendar is a group's, else those of the label or of the payload."""
    if "(a group)" in case["self"]:
        return frozenset()
    text = case["self"] if "@" in case["self"] else Path(CORPUS, case["file"]).read_text("utf-8")
    return frozenset(each.lower() for each in _ADDRESS.findall(text)) - {(case["counterpart"] or "").lower()}


@pytest.mark.skipif(not FILES, reason="PREPD_CORPUS is not set, or holds no graph/*.json")
@pytest.mark.parametrize("case", _labelled(), ids=lambda case: f"{case['file'][6:-5]}-{case['event'][-12:]}")
def test_a_real_payload_is_what_its_label_says(case):
    me = _whose(case)
    rules = Rules(me=me, one_off=OneOff.ALL)
    for row, item in parsed(Path(CORPUS, case["file"]), me):
        if not isinstance(item, Event) or item.id != case["event"]:
            continue
        found = label(item, rules)
        is_one = found.verdict is Verdict.ONE_ON_ONE
        assert is_one == (case["one_on_one"] == "yes"), (
            found.reason,
            row.get("attendees"),
            row.get("organizer"),
        )
        if is_one and case["counterpart"]:
            assert found.person in case["counterpart"].lower()
