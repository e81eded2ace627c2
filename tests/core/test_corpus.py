"""Answers that real providers gave, through parsing and detection, held to their labels.

They are not part of the project: PREPD_CORPUS names the folder that holds them. The labels say whether an event is
a live meeting of the calendar's owner and one other; whether the time is shown as free is a rule of ours, tested
elsewhere, so that every event is judged as if it were not.
"""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.google.parse import parse_event
from connectors.values import Event, Status
from daemon.core.detect import OneOff, Rules, Verdict, label

CORPUS = os.environ.get("PREPD_CORPUS", "")
LABELS = json.loads((Path(CORPUS) / "labels.json").read_text()) if CORPUS else []
GOOGLE = [row for row in LABELS if row["file"].startswith("google/")]
MARKED = re.compile(r"^(?P<id>\S+) \((?P<title>.+)\)$")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")

pytestmark = pytest.mark.skipif(not CORPUS, reason="PREPD_CORPUS is not set: no real payloads to judge")


def entries(file):
    """A file is one event, a page of them, or a bare array."""
    content = json.loads((Path(CORPUS) / file).read_text())
    if isinstance(content, list):
        return content
    return content.get("items", [content])


def raw_event(row):
    """The event that a row speaks of; None where it speaks of a page without any."""
    found = entries(row["file"])
    named = MARKED.match(row["event"])
    if row["event"] == "-":
        assert found == []
        return None
    if row["event"].startswith("(no id"):
        return found[0]
    wanted, title = (named["id"], named["title"]) if named else (row["event"], None)
    same = [e for e in found if e.get("id") == wanted]
    if len(same) > 1:
        same = [e for e in same if e.get("summary") == title]
    assert len(same) == 1, row
    return same[0]


def judged(row):
    """Yes or no, why, and with whom."""
    raw = raw_event(row)
    if raw is None:
        return "no", "there is nothing on this page", ""
    seen = parse_event(raw, "UTC", listed=False)
    if not isinstance(seen, Event):
        return "no", getattr(seen, "reason", "it is gone"), ""
    owner = frozenset(ADDRESS.findall((row["self"] or "").lower()))
    found = label(replace(seen, busy=True), Rules(me=owner, one_off=OneOff.ALL))
    live = seen.status is not Status.CANCELLED
    return "yes" if live and found.verdict is Verdict.ONE_ON_ONE else "no", found.reason, found.person


@pytest.mark.parametrize("row", GOOGLE, ids=lambda r: f"{Path(r['file']).stem}-{r['event'][-16:]}")
def test_real_events_are_what_their_labels_say(row):
    answer, reason, person = judged(row)
    assert reason
    if row["one_on_one"] != "undecidable":
        assert (answer, reason) == (row["one_on_one"], reason), row["why"]
    if row["one_on_one"] == "yes":
        assert person == row["counterpart"]
    if "must not be" in row["why"] and "list is known" not in row["why"] and "once known" not in row["why"]:
        assert answer == "no", row["why"]


def test_a_mailing_list_that_the_user_ignores_leaves_nobody_to_meet():
    rows = [r for r in GOOGLE if (r["counterpart"] or "").endswith("(a list)")]
    assert rows
    for row in rows:
        address = row["counterpart"].split()[0]
        owner = frozenset(ADDRESS.findall(row["self"]))
        seen = replace(parse_event(raw_event(row), "UTC", listed=False), busy=True)
        assert label(seen, Rules(me=owner, one_off=OneOff.ALL, ignore=(address,))).verdict is Verdict.NOT


def test_the_corpus_holds_what_it_should():
    assert sum(r["one_on_one"] == "yes" for r in GOOGLE) >= 7
    assert len(GOOGLE) >= 100
