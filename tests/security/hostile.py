"""Payloads as a hostile or broken server would send them: real ones, with something in them changed."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "data"


def deep(levels, value=None):
    for n in range(levels):
        value = [value] if n % 2 else {"a": value}
    return value


TIMES = [
    "0001-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59.9999999",
    "2026-11-03T10:00:00", "2026-11-03T10:00:00Z", "2026-02-30", "2026-11-03", "2026-W45-2", "20261103T100000",
    "2026-11-03T10:00:00+99:99", "-1", "now", "inf", "NaN", "2026-11-03T24:00:00", "２０２６-11-03T10:00:00",
]  # fmt: skip
ZONES = [
    "Europe/London", "Mars/Olympus", "../../../etc/passwd", "/etc/localtime", "\x00", "UTC\x00", "a" * 5_000, "GMT+99",
    "W. Europe Standard Time", "tzone://Microsoft/Custom", "..", ".", "posixrules", "Europe", "\ud800",
]  # fmt: skip
TEXTS = [
    "", " ", "\x00", "\ud800", "\udfff\ud800", "a" * 70_000, "1:1", "1:1 Alex / Dana", "<script>alert(1)</script>",
    "\x1b[31m\x1b]0;x\x07", "\u202e\u2066x", "a\nb\r\nc\u2028d", "{person}{0}{", "%s%n", "$(id)`id`", "@", "a@b",
    "alex@example.com", "ALEX@EXAMPLE.COM ", "mailto:alex@example.com", "a" * 2_000 + "@b", "javascript:alert(1)",
    "cancelled", "declined", "seriesMaster", "accepted", "true", "1:" * 3_000, "((((" * 500, "<" * 20_000, "&#x0;",
]  # fmt: skip
ODD = [
    None, True, False, 0, -1, 2**70, float("inf"), float("-inf"), float("nan"), 1e308, [], {}, [None], [[]], {"": None},
    deep(60), deep(300), {"dateTime": None}, {"date": 7}, {"email": None}, {"emailAddress": []},
]  # fmt: skip

values = st.one_of(
    *(st.sampled_from(kind) for kind in (TIMES, ZONES, TEXTS, ODD)),
    st.text(max_size=40),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    ),
)


def payloads(folder):
    return [json.loads(path.read_text("utf-8")) for path in sorted((DATA / folder).glob("*.json"))]


def places(value, path=()):
    """Every place in a payload."""
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


def changed(value, path, put):
    """A payload with what stands at a place put through `put`."""
    if not path:
        return put(value)
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], put)
    return copy


@st.composite
def mutated(draw, originals, *, most=4):
    """One of the payloads with up to `most` changes: other values, missing keys, things in the wrong place, twice."""
    payload = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, most))):
        spots = [path for path in places(payload) if path]
        if not spots:
            break
        path = draw(st.sampled_from(spots))
        match draw(st.sampled_from(("value", "value", "value", "gone", "swap", "twice", "wrapped"))):
            case "value":
                new = draw(values)
                payload = changed(payload, path, lambda _, new=new: new)
            case "gone":
                parent, key = path[:-1], path[-1]
                payload = changed(
                    payload,
                    parent,
                    lambda at, key=key: (
                        {k: v for k, v in at.items() if k != key} if isinstance(at, dict) else []
                    ),
                )
            case "swap":
                other = payload
                for key in draw(st.sampled_from(spots)):
                    other = other[key]
                payload = changed(payload, path, lambda _, other=other: other)
            case "twice":
                payload = changed(
                    payload, path, lambda at: at * 2 if isinstance(at, (list, str)) else [at, at]
                )
            case "wrapped":
                payload = changed(payload, path, lambda at: {"value": at})
    return payload
